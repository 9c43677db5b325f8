"""``sim plot``: any figure of a scenario, a run record, a comparison or a sweep, as PNG and SVG."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.arguments import Json, Seed, check_memory, complete_scenario, load_with
from sim.cli.streams import answer, answer_json, answer_wrapped, note, progress_bar
from sim.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.plots.catalogue import Result

NAME = "plot"
EXAMPLE = "sim plot results/comparison shares"
HELP = (
    "Draw a figure of a scenario, or of the folder of a run record, a comparison or a sweep.\n\n"
    "--list says which figures a source has; without a name the usual one is drawn. What a folder does not hold is "
    "simulated again from what it says; if today's code gives other runs, a warning says so."
)
MOST_RUNS = 1_000_000
OUT = Path("results/figures")


@dataclass(frozen=True, slots=True)
class _Source:
    """What figures are of: results by their kind."""

    results: dict[Result, Any]
    warning: str = ""


def plot_command(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE",
            help="A scenario, or the folder of a record, a comparison or a sweep.",
            show_default=False,
            autocompletion=complete_scenario,
        ),
    ],
    figure: Annotated[
        str | None, typer.Argument(metavar="FIGURE", help="Name of a figure; see --list.", show_default=False)
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(
            "--output", metavar="NAME", help="Of a sweep, which measure; the one that varies most if left out."
        ),
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="DATE", help="Of the figure terms, the date of the decisions.")
    ] = None,
    seed: Seed = 0,
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=1, max=MOST_RUNS, help="Runs of a scenario.")] = 200,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for the PNG and the SVG.")] = OUT,
    list_figures: Annotated[bool, typer.Option("--list", help="List the figures of the source and draw none.")] = False,
    json: Json = False,
) -> None:
    """Draw one figure."""
    kinds = _kinds(source)
    from sim.plots.catalogue import figures_of

    entries = {name: entry for kind in kinds for name, entry in figures_of(kind).items()}
    kind_of = {name: kind for kind in kinds for name in figures_of(kind)}
    if list_figures:
        if json:
            answer_json({"figures": {name: entry.shows for name, entry in entries.items()}})
            return
        width = max(map(len, entries))
        for name, entry in entries.items():
            answer_wrapped(entry.shows, f"{name:<{width}}  ", " " * (width + 2))
        return
    name = figure or next(iter(entries))
    if name not in entries:
        from sim.scenario.feature_reference import nearest

        expected = f"expected one of {', '.join(entries)}"
        raise UsageError(f"figure: found {name!r}, {expected}. {nearest(name, tuple(entries))}".rstrip())
    if measure is not None and kinds != ("sweep",):
        raise UsageError(f"--output: found {measure!r} of what is no sweep, expected none")
    if at is not None and name != "terms":
        raise UsageError(f"--at: found {at!r} for the figure {name}, expected it for terms alone")
    from sim.cli.output_folder import writable
    from sim.plots.saving import save_figure

    with writable(out) as folder:
        from sim.cli.compile_notice import announce_compilation

        announce_compilation()
        opened = _opened(source, kinds, seed, runs)
        more = ({} if measure is None else {"output": measure}) | ({} if at is None else {"at": at})
        drawn: Figure = entries[name].draw(opened.results[kind_of[name]], **more)
        files = save_figure(drawn, folder, _file_name(source, name, measure or at))
    if opened.warning:
        note(f"warning: {opened.warning}")
    if json:
        answer_json({"figure": name, "warning": opened.warning or None, "files": [str(file) for file in files]})
        return
    for file in files:
        answer(str(file))


def _kinds(source: str) -> tuple[Result, ...]:
    """Say which results a source has figures of."""
    path = Path(source)
    if path.is_dir():
        if (path / "sweep.json").exists():
            return ("sweep",)
        if (path / "scenarios.json").exists():
            return ("comparison",)
        return ("batch", "run")
    return ("batch", "run")


def _opened(source: str, kinds: tuple[Result, ...], seed: int, runs: int) -> _Source:
    """Open a folder, or run a scenario."""
    path = Path(source)
    if kinds == ("sweep",):
        from sim.experiments.sweep.sweep import open_sweep

        return _Source({"sweep": open_sweep(path)})
    if kinds == ("comparison",):
        from sim.experiments.comparison.recorded_comparison import recorded_comparison

        with progress_bar("runs") as progress:
            compared = recorded_comparison(path, progress=progress)
        return _Source({"comparison": compared.comparison}, compared.warning)
    from sim.engine.batch import replicate

    warning = ""
    if path.is_dir():
        from sim.experiments.recorded_run import recorded_run

        recorded = recorded_run(path)
        world, warning = recorded.run, recorded.warning
        kept = recorded.record.replications
        runs = runs if kept is None else kept.num_rows
    else:
        from sim.engine.run import run
        from sim.random.seed import check_seed

        content = load_with(source, None)
        check_seed(seed)
        check_memory(runs, 1)
        world = run(content, seed)
    with progress_bar("replications") as progress:
        batch = replicate(world.scenario, runs, world.seed, progress=progress)
    return _Source({"batch": batch, "run": world}, warning)


def _file_name(source: str, figure: str, measure: str | None) -> str:
    """Name the files of a figure after what it is of.

    Examples
    --------
    >>> _file_name("doha_2020/baseline", "ribbon", None), _file_name("results/patience/", "heat_map", "settlement")
    ('doha_2020_baseline_ribbon', 'patience_heat_map_settlement')
    """
    from sim.cli.arguments import record_name

    of = Path(source).resolve().name if Path(source).is_dir() or source.endswith("/") else record_name(source)
    parts = [of, figure, *([measure] if measure is not None else [])]
    return re.sub(r"[^A-Za-z0-9.-]+", "_", "_".join(parts)).strip("_.")[:120]
