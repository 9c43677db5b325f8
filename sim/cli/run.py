"""``sim run``: one world of a scenario, told by date, beside replications that say how much of it was luck."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.arguments import Json, Overrides, ScenarioName, Seed, check_memory, load_with, record_name
from sim.cli.streams import answer_json, progress_bar

if TYPE_CHECKING:
    from sim.engine.batch import Batch
    from sim.engine.run import Run

NAME = "run"
EXAMPLE = "sim run toys/two_actors --seed 7 --set actors.state.discount_per_year=0.1"
HELP = (
    "Run one world of a scenario, tell what turned it by date, and keep a record of it.\n\n"
    "Turning points are what came for the first time, what decided the talks and the end, and the outcome; --brief "
    "tells every event but turns between moves of equal value, --full all. Beside it, companion replications with "
    "other luck give the share of each outcome with its Monte Carlo standard error, and the bands of the figure. The "
    "record goes to OUT/<scenario name>/<run id>/."
)
MOST_RUNS = 1_000_000


def run_command(
    scenario: ScenarioName,
    seed: Seed = 0,
    replication: Annotated[
        int, typer.Option("--replication", metavar="N", min=0, help="Which run under this seed, as a sweep names it.")
    ] = 0,
    overrides: Overrides = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder for records.")] = Path("results"),
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", min=0, max=MOST_RUNS, help="Companion replications; 0 for none.")
    ] = 200,
    brief: Annotated[
        bool, typer.Option("--brief", help="Tell every event but the turns of actors that decided nothing.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Tell every event, not only the turning points.")] = False,
    no_figure: Annotated[bool, typer.Option("--no-figure", help="Draw no figure.")] = False,
    json: Json = False,
) -> None:
    """Run a scenario and write its record."""
    content = load_with(scenario, overrides)
    from sim.cli.compile_notice import announce_compilation
    from sim.cli.output_folder import writable
    from sim.random.seed import check_replication, check_seed

    check_seed(seed)
    check_memory(runs, 1)
    check_replication(replication)
    with writable(out):
        announce_compilation()
        from sim.engine.batch import replicate
        from sim.engine.run import run
        from sim.experiments.run_record_of import run_record_of
        from sim.store.run_folder import record_folder
        from sim.store.run_record import write_run_record

        world = run(content, seed, replication=replication)
        companions: Batch | None = None
        if runs:
            with progress_bar("replications") as progress:
                companions = replicate(content, runs, seed, progress=progress)
        figures: dict[str, bytes] = {}
        if companions is not None and not no_figure:
            from sim.plots import figure_bytes, trajectories_figure

            drawn = figure_bytes(trajectories_figure(companions, run=world))
            figures = {f"trajectories.{ending}": data for ending, data in drawn.items()}
        record = run_record_of(world, companions, command=("sim", *sys.argv[1:]))
        folder = record_folder(out, record_name(scenario), record.manifest["run_id"])
        write_run_record(folder, record, figures=figures)
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    if json:
        answer_json(_as_object(world, companions, record.manifest, folder, files))
    else:
        from sim.cli.run_report import report_run

        report_run(world, companions, folder, files, told="full" if full else "brief" if brief else "turning points")


def _as_object(
    world: Run, companions: Batch | None, manifest: dict[str, Any], folder: Path, files: list[str]
) -> dict[str, Any]:
    from sim.experiments.outcome_share import outcome_shares

    shares = (
        ()
        if companions is None
        else outcome_shares(companions.outcome_table["outcome"], companions.scenario.outcome_names)
    )
    return {
        "scenario": {"title": world.scenario.title, "sha256": world.scenario.sha256},
        "seed": world.seed,
        "replication": world.replication,
        "run_id": manifest["run_id"],
        "digest": world.digest,
        "outcome": dict(world.outcome),
        "story": [{"date": date.isoformat(), "text": text} for date, text in world.story()],
        "replications": 0 if companions is None else len(companions),
        "shares": [share.to_dict() for share in shares],
        "folder": str(folder),
        "files": files,
    }
