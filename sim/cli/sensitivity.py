"""``sim sensitivity``: which factors the outputs of a finished sweep hang on, and how much of them is luck."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.arguments import Json
from sim.cli.streams import answer, answer_json

NAME = "sensitivity"
EXAMPLE = "sim sensitivity results/sweeps/all_priors --output settlement"
HELP = (
    "Say which factors of a finished sweep decide its outputs: Sobol' indices or Morris's effects, with intervals.\n\n"
    "The sweep must have the design saltelli or morris. Luck is told from effect by the replications of each row; "
    "shares of hazards, payoffs and rules are added up. Without --output every outcome that varies is looked at."
)


def sensitivity_command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a sweep.", show_default=False)],
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output",
            metavar="NAME",
            help="An outcome, talks_began, or a column of numbers such as released; may be repeated.",
        ),
    ] = None,
    widest: Annotated[
        float | None,
        typer.Option("--widest", metavar="W", help="Width of intervals above which advice is given; 0.1 if left out."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write figures there, as PNG and SVG.")
    ] = None,
    json: Json = False,
) -> None:
    """Analyse outputs of a sweep and report."""
    from sim.cli.sensitivity_report import analysed, report_sensitivity, write_figures
    from sim.experiments.sweep.sweep import open_sweep

    results = analysed(open_sweep(directory), output or [], widest)
    files = write_figures(results, out) if out is not None else []
    if json:
        named = {result.output: result.to_dict() for result in results}
        answer_json({"directory": str(directory), "outputs": named, "figures": [str(file) for file in files]})
        return
    for place, result in enumerate(results):
        if place:
            answer()
        report_sensitivity(result, whole=bool(output))
    if files:
        answer()
        answer(f"Figures: {out}")
        answer(f"  {', '.join(file.name for file in files)}")
