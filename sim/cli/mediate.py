"""``sim mediate``: what a mediator asks of deals, of solved deals, and of the play that keeps one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.arguments import Json, Seed, check_memory, complete_scenario, load_with
from sim.cli.compare import names_of
from sim.cli.streams import answer, answer_json, answer_wrapped, progress_bar
from sim.errors import UsageError
from sim.store.solution_file import SOLUTION

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

NAME = "mediate"
EXAMPLE = "sim mediate toys/two_actors quick.yaml --over no_deal.yaml --runs 300"
HELP = (
    "Say who blocks which deal over a status quo, what it would have to be paid, and which deal bargaining picks.\n\n"
    "All run on the same luck. An actor blocks a deal if it gets less than under the status quo; what it lacks is in "
    "its own util. Shares of resampled worlds say how sure each bargain is. Actors decide by the rules of the files."
    "\n\nWhere folders of `sim solve --out` are named, deals are compared at every pair of their listed equilibria: "
    "what has one sign at all of them survives, and a device is worth what the deal with it pays more than the one "
    "without.\n\nWith --on, worlds of the status quo go over to each deal on each date: a deal lies in the zone of "
    "agreement on a date if everybody gains by it then.\n\nWith --rows and --columns, one scenario is searched for "
    "whoever gains by leaving the play that keeps the deal, in each cell of a grid of two numbers."
)


def mediate_command(
    deals: Annotated[
        list[str],
        typer.Argument(
            metavar="DEAL...",
            help="Scenarios that could be agreed, or folders of solutions.",
            autocompletion=complete_scenario,
        ),
    ],
    over: Annotated[
        str | None,
        typer.Option(
            "--over", metavar="SCENARIO", help="What comes without agreement.", autocompletion=complete_scenario
        ),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE,DATE", help="When the deals would begin: the zone of agreement by date."),
    ] = None,
    rows: Annotated[
        str | None,
        typer.Option("--rows", metavar="NAME=X,Y", help="Values of a slider, or of paths: the rows of the map."),
    ] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", metavar="NAME=X,Y", help="The same for the columns.")
    ] = None,
    effort: Annotated[
        str, typer.Option("--effort", metavar="quick|standard|thorough", help="How long learners look in each cell.")
    ] = "quick",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say how many worlds the map takes.")] = False,
    runs: Annotated[int, typer.Option("--runs", metavar="N", min=2, max=1_000_000, help="Runs of each.")] = 500,
    seed: Seed = 0,
    json: Json = False,
) -> None:
    """Compare deals with a status quo, solved or as declared, or draw the map, and report."""
    if rows is not None or columns is not None:
        if rows is None or columns is None or over is not None or on is not None or len(deals) != 1:
            raise UsageError("found a map, expected one scenario with --rows and --columns, and no --over or --on")
        _map(load_with(deals[0], None), rows, columns, effort, seed, dry_run, json)
        return
    if dry_run:
        raise UsageError("--dry-run: found it without a map, expected --rows and --columns")
    if over is None:
        raise UsageError("found neither --over nor --rows and --columns, expected what the deals are compared with")
    sources = [over, *(deal for deal in deals if deal != over)]
    solved = [(Path(source) / SOLUTION).is_file() for source in sources]
    if on is not None:
        if any(solved):
            raise UsageError(f"--on: found the solution {sources[solved.index(True)]}, expected scenarios")
        _by_date(sources, on.split(","), runs, seed, json)
        return
    if any(solved):
        if not all(solved):
            raise UsageError(f"found {sources[solved.index(False)]} beside folders of solutions, expected all solved")
        _solved(sources, json)
        return
    _declared(sources, runs, seed, json)


def _solved(sources: list[str], json: bool) -> None:
    """Report what survives at every pair of equilibria."""
    from sim.solving.across import across_equilibria, across_table, across_words
    from sim.solving.folder import load_solution

    found = across_equilibria({source: load_solution(source) for source in sources}, sources[0])
    if json:
        answer_json({"base": sources[0], "quantities": across_table(found).reset_index().to_dict(orient="records")})
        return
    for line in across_words(found, sources[0]):
        answer_wrapped(line, "", "  ")
    answer()
    answer("least to most difference [95 % at all pairs]; payoffs in util, outcomes as shares of runs")


def _map(scenario: Scenario, rows: str, columns: str, effort: str, seed: int, dry_run: bool, json: bool) -> None:
    """Report who is known to gain by leaving, cell by cell."""
    from sim.solving.enforcement import axis, enforcement_map, enforcement_worlds

    down, across = axis(scenario, rows), axis(scenario, columns)
    worlds = enforcement_worlds(scenario, len(down.values) * len(across.values), effort)
    if dry_run:
        answer_json({"worlds": worlds}) if json else answer(f"some {worlds:,} worlds")
        return
    from sim.cli.compile_notice import announce_compilation

    announce_compilation()
    with progress_bar("cells") as progress:
        found = enforcement_map(scenario, down, across, seed, effort=effort, progress=progress)
    if json:
        answer_json(
            {
                "rows": down.label,
                "columns": across.label,
                "worlds": found.worlds,
                "gains": found.table.reset_index().to_dict(orient="records"),
            }
        )
        return
    for line in found.words().splitlines():
        answer_wrapped(line, "", "  ")


def _by_date(sources: list[str], dates: list[str], runs: int, seed: int, json: bool) -> None:
    """Report which deals everybody would rather begin, date by date."""
    contents = [load_with(source, None) for source in sources]
    from sim.cli.compile_notice import announce_compilation

    announce_compilation()
    from sim.experiments.comparison.export import rows_of
    from sim.solving.zone import zone_by_date

    names = names_of(sources)
    with progress_bar("worlds") as progress:
        found = zone_by_date(dict(zip(names, contents, strict=True)), names[0], dates, runs, seed, progress=progress)
    if json:
        zone = rows_of(found.table.reset_index())
        answer_json({"status_quo": found.status_quo, "runs": runs, "seed": seed, "zone": zone, "notes": found.notes})
        return
    for line in found.words().splitlines():
        answer_wrapped(line, "", "  ")
    answer()
    answer(f"gain over {found.status_quo} from the date on, util of day 0 ± one standard error")
    for row in found.table.reset_index().to_dict(orient="records"):
        gains = ", ".join(f"{actor} {row[actor]:+.3f} ± {row[f'{actor}_error']:.3f}" for actor in found.actors)
        answer_wrapped(f"{row['date']}, {row['deal']}: {row['zone']}; {gains}", "  ", "    ")


def _declared(sources: list[str], runs: int, seed: int, json: bool) -> None:
    """Report who blocks what where actors decide by the rules of the files."""
    contents = [load_with(source, None) for source in sources]
    check_memory(runs, len(contents))
    from sim.cli.compile_notice import announce_compilation

    announce_compilation()
    from sim.solving.mediation import mediate

    names = names_of(sources)
    with progress_bar("runs") as progress:
        found = mediate(dict(zip(names, contents, strict=True)), names[0], runs, seed, progress=progress)
    if json:
        gains_table = found.table.reset_index().to_dict(orient="records")
        bargains = found.bargains().reset_index().to_dict(orient="records")
        answer_json(
            {"status_quo": found.status_quo, "runs": runs, "seed": seed, "gains": gains_table, "bargains": bargains}
        )
        return
    for line in found.words().splitlines():
        answer_wrapped(line, "", "  ")
    answer()
    answer(f"gain over {found.status_quo}, util ± one standard error, {runs} worlds")
    for d, deal in enumerate(found.deals):
        gains = []
        for i, actor in enumerate(found.actors):
            mean, error = found.estimate(d, i)
            gains.append(f"{actor} {mean:+.3f} ± {error:.3f}")
        answer_wrapped(f"{deal}: {', '.join(gains)}", "  ", "    ")
