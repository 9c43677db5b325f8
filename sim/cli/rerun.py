"""``sim rerun``: a recorded run done again with today's code, and how nearly it came out the same."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.arguments import Json
from sim.cli.streams import answer, answer_json, progress_bar

NAME = "rerun"
EXAMPLE = "sim rerun results/my_deal/c98a81ea54be9b39"
HELP = (
    "Run what a record says again and compare.\n\n"
    "Four levels: 1 identical; 2 the same events, floats within 1e-12; 3 statistically equivalent by the tests "
    "that are named; 4 different, with the first divergent event. Exit code 0 for levels 1 to 3, 1 for level 4."
)


def rerun_command(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run record.", show_default=False)],
    json: Json = False,
) -> int:
    """Rerun a record; exit with 1 if it differs."""
    from sim.cli.compile_notice import announce_compilation
    from sim.store.run_record import read_run_record

    recorded = read_run_record(directory)
    announce_compilation()
    from sim.experiments.rerun import rerun_record

    with progress_bar("replications") as progress:
        result = rerun_record(recorded, f"{directory / 'manifest.json'}, scenario", progress)
    if json:
        answer_json({"directory": str(directory), "changes": list(result.changes()), **result.comparison.to_dict()})
    else:
        for change in result.changes():
            answer(f"changed since the record: {change}")
        answer(result.comparison.summary())
    return 0 if result.agrees else 1
