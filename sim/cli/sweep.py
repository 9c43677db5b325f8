"""``sim sweep``: every run of an experiment, kept as it comes, resumed after anything."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.arguments import Json, complete_experiment
from sim.cli.streams import answer_json

if TYPE_CHECKING:
    from sim.experiments.sweep.plan import SweepPlan
    from sim.experiments.sweep.sweep import Sweep

NAME = "sweep"
EXAMPLE = "sim sweep aid_threat_x_patience --rows 12 --replications 50"
HELP = (
    "Do every run of an experiment and keep the outcomes as Parquet files.\n\n"
    "A sweep that was stopped, by Ctrl-C, a power cut or a full disk, goes on where it was with --resume, and ends "
    "with the same digest. A run that fails becomes a row that says why; the others go on. At the end it says where "
    "each measure is least and most; a grid of two factors is drawn as heat maps."
)
DEFAULT_OUT = Path("results/sweeps")


def sweep_command(
    experiment: Annotated[
        str,
        typer.Argument(
            metavar="EXPERIMENT",
            help="An experiment file, or the name of a built-in one.",
            show_default=False,
            autocompletion=complete_experiment,
        ),
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help="Folder of the sweep; results/sweeps/NAME if left out."),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the sweep that is there.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what it would take: runs, time, disk.")] = False,
    threads: Annotated[
        int | None, typer.Option("--threads", metavar="N", help="Chunks at the same time; one a processor if left out.")
    ] = None,
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", metavar="ADDRESS", help="Use the workers of this dask scheduler, tcp://HOST:PORT."),
    ] = None,
    max_failures: Annotated[
        int | None,
        typer.Option("--max-failures", metavar="N", help="Stop at so many failed runs; as the file says if left out."),
    ] = None,
    rows: Annotated[int | None, typer.Option("--rows", metavar="N", help="The design in at most so many rows.")] = None,
    replications: Annotated[
        int | None, typer.Option("--replications", metavar="N", help="Runs of each row; as the file says if left out.")
    ] = None,
    keep: Annotated[
        str | None,
        typer.Option(
            "--keep",
            metavar="WHAT",
            help="runs, or summary: of each row counts, means, histograms; else as the file says.",
        ),
    ] = None,
    no_figures: Annotated[bool, typer.Option("--no-figures", help="Draw no figures of a grid.")] = False,
    json: Json = False,
) -> None:
    """Sweep an experiment and report."""
    from sim.experiments.definition import load_experiment

    loaded = load_experiment(experiment)
    folder = DEFAULT_OUT / Path(experiment).stem if out is None else out
    from sim.cli.compile_notice import announce_compilation
    from sim.cli.sweep_progress import sweep_progress
    from sim.experiments.sweep.begin import sweep

    begin: Callable[..., Sweep | SweepPlan] = sweep
    announce_compilation()
    with sweep_progress(not dry_run) as progress:
        result = begin(
            loaded,
            folder,
            resume=resume,
            threads=threads,
            scheduler=scheduler,
            max_failures=max_failures,
            progress=progress,
            dry_run=dry_run,
            rows=rows,
            replications=replications,
            keep=keep,
            command=("sim", *sys.argv[1:]),
        )
    from sim.cli.sweep_report import plan_object, report_plan, report_sweep, sweep_object

    if dry_run:
        plan: Any = result
        answer_json(plan_object(plan)) if json else report_plan(plan)
        return
    done: Any = result
    figures: list[Path] = []
    if not no_figures:
        from sim.cli.sweep_figures import draw_grid

        figures = draw_grid(done)
    if json:
        answer_json(sweep_object(done) | {"figures": [str(file) for file in figures]})
    else:
        report_sweep(done, figures)
