"""``sim report``: one HTML file of a run record, a comparison or a sweep, to be sent and read without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.arguments import Json
from sim.cli.streams import answer, answer_json

NAME = "report"
EXAMPLE = "sim report results/comparison --out report.html"
HELP = (
    "Write one HTML file of the folder of a run record, a comparison or a sweep.\n\n"
    "It has the finding, the deal, worlds to open, figures, tables, every assumption with its source, what it cannot "
    "tell and how to run it again. It is under 5 MB, asks nothing of any network and can be sent."
)


def report_command(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of a record, a comparison or a sweep.", show_default=False)
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write.")] = Path("report.html"),
    json: Json = False,
) -> None:
    """Write the report of a folder."""
    from sim.cli.compile_notice import announce_compilation
    from sim.store.atomic import write_atomically

    announce_compilation()
    from sim.report.results import report_of_folder

    data = report_of_folder(folder).encode()
    write_atomically(out, data)
    if json:
        answer_json({"file": str(out), "bytes": len(data)})
    else:
        answer(str(out))
