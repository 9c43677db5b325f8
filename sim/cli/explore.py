"""``sim explore``: a page on which the numbers of a deal can be moved, with what changes and why."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.arguments import Overrides, ScenarioName, Seed, load_with
from sim.cli.streams import answer, note

NAME = "explore"
EXAMPLE = "sim explore toys/two_actors --seed 7"
HELP = (
    "Open a page on which the numbers of a deal can be moved, to see what changes, how surely, and why.\n\n"
    "The sliders are those that the scenario names under explore:. Sentence and bars are what sim compare says for the "
    "same numbers. The page is served to this computer alone and asks nothing of any other; Ctrl-C ends it."
)


def explore_command(
    scenario: ScenarioName,
    seed: Seed = 0,
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", min=1, max=5_000, help="Worlds to which an answer is refined.")
    ] = 500,
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65_535, help="0 for any that is free.")] = 0,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, open nothing.")] = False,
    overrides: Overrides = None,
) -> None:
    """Serve the explorer of a scenario until Ctrl-C."""
    content = load_with(scenario, overrides)
    from sim.cli.compile_notice import announce_compilation

    announce_compilation()
    from sim.explorer.server import Explorer
    from sim.explorer.session import Session
    from sim.report.results import comparison_report

    folders = (Path(scenario).resolve().parent,) if Path(scenario).exists() else ()
    session = Session(content, scenario, seed, runs, folders, comparison_report)
    explorer = Explorer(session, port)
    session.warm_up()
    answer(explorer.url)
    note("Ctrl-C ends the explorer.")
    if not no_browser:
        import webbrowser

        webbrowser.open(explorer.url)
    explorer.run()
