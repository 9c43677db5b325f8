"""``sim init``: a starter scenario, small and commented, that is sound and runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.arguments import Json
from sim.cli.streams import answer, answer_json
from sim.errors import StoreError

NAME = "init"
EXAMPLE = "sim init my_deal"
HELP = (
    "Write a starter scenario: two actors, one group of captives, every line explained.\n\n"
    "It is sound and runs as it is. An existing file is never overwritten."
)
FILE = "scenario.yaml"
STARTER = Path(__file__).with_name("starter.yaml")


def init_command(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder to write it to; made if missing.", show_default=False)
    ],
    json: Json = False,
) -> None:
    """Write the starter scenario."""
    from sim.cli.output_folder import writable
    from sim.store.atomic import write_atomically

    target = directory / FILE
    if target.exists() or target.is_symlink():
        raise StoreError(f"{target}: found a file already, expected none; choose another folder, or move it away.")
    try:
        with writable(directory):
            write_atomically(target, STARTER.read_bytes())
    except StoreError as error:  # the advice of other commands; this one has no such option
        raise StoreError(str(error).replace(", with --out", "").replace(" with --out", "")) from None
    if json:
        answer_json({"file": str(target)})
        return
    answer(f"Wrote {target}. Next:")
    answer(f"  sim validate {target}")
    answer(f"  sim run {target}")
