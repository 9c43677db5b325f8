"""``sim explain``: why the decisions of a date of a recorded run were taken, and why what came on it came."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.arguments import Json
from sim.cli.streams import answer, answer_json, note, width

NAME = "explain"
EXAMPLE = "sim explain results/my_deal/c98a81ea54be9b39 --at 2020-04-07"
HELP = (
    "Say why each decision of a date in a run record was taken, and why what came on it came.\n\n"
    "A sentence, and the three terms that tipped the decision as bars; --terms prints for each legal move its value, "
    "its terms, its probability and luck, why other moves were not legal, and who called the decision; for an outcome, "
    "or talks that open or break down, by a hazard also its factors. The run is simulated again from its record; if "
    "today's code gives another run, a warning says so."
)


def explain_command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run record.", show_default=False)],
    at: Annotated[
        str, typer.Option("--at", metavar="DATE", help="A date of the run, or a day number.", show_default=False)
    ],
    terms: Annotated[
        bool, typer.Option("--terms", help="Print every move with its value and terms, and what stands.")
    ] = False,
    json: Json = False,
) -> None:
    """Explain the decisions of a date."""
    from sim.cli.compile_notice import announce_compilation

    announce_compilation()
    from sim.experiments.recorded_run import recorded_run

    recorded = recorded_run(directory)
    explanation = recorded.run.explain(at)
    if recorded.warning:
        note(f"warning: {recorded.warning}")
    if json:
        answer_json({"directory": str(directory), "warning": recorded.warning or None, **explanation.to_dict()})
    else:
        answer(explanation.text(width()) if terms else explanation.brief(width()))
        if not terms and any(decision.moves for decision in explanation.decisions):
            answer()
            answer("Every move and its terms: --terms")
