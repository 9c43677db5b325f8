"""``sim list``: the scenarios, experiments and records that ship with the package, by name and title."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.arguments import Json
from sim.cli.streams import answer, answer_json, width
from sim.errors import UsageError

NAME = "list"
EXAMPLE = "sim list scenarios"
HELP = (
    "List what ships with the package: scenarios, experiments, and records of what happened, by name and title.\n\n"
    "The names can be given to the other commands: scenarios to sim run and sim compare, experiments to sim sweep; "
    "a record is named by the key record of a scenario."
)


def list_command(
    kind: Annotated[
        str | None,
        typer.Argument(metavar="KIND", help="scenarios, experiments or records; all if left out.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """List names with titles."""
    import sim

    listed = {"scenarios": sim.list_scenarios, "experiments": sim.list_experiments, "records": sim.list_records}
    if kind is not None and kind not in listed:
        from sim.scenario.feature_reference import nearest

        kinds = "scenarios, experiments or records"
        raise UsageError(f"list: found {kind!r}, expected {kinds}. {nearest(kind, tuple(listed))}".rstrip())
    listings = {name: make() for name, make in listed.items() if kind in (None, name)}
    if json:
        answer_json({name: dict(listing) for name, listing in listings.items()})
        return
    for place, (name, listing) in enumerate(listings.items()):
        if kind is None:
            answer(("\n" if place else "") + name.capitalize())
        answer(listing.text(width()))
