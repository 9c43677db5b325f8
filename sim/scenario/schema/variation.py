"""Variations: named sets of changes to the scenario that declares them, each an overlay written as dotted paths.

Two sections hold them. ``devices:`` are commitment devices (a guarantee, a verified list, money in escrow, a fixed
schedule), whose worth to each actor a comparison works out. ``payoff_sets:`` are views of what the actors want, over
which it works out regret; there an entry may also be the name of an overlay file, see
`sim.scenario.payoff_set_files`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.schema.fields import Section, Text, misfit

MAX_PATH_LENGTH: Final = 400
FIXED: Final = ("schema_version", "start", "horizon_days", "steps_per_day", "devices", "payoff_sets")
"""What no variation changes, so that it can be compared with the scenario day by day."""


def _frozen(value: Any) -> Any:
    """Make mappings and lists inside a value unchangeable."""
    if isinstance(value, Mapping):
        return FrozenDict({key: _frozen(inner) for key, inner in value.items()})
    return tuple(_frozen(inner) for inner in value) if isinstance(value, list | tuple) else value


def _unchangeable(changes: Mapping[str, Any]) -> FrozenDict[str, Any]:
    return FrozenDict({key: _frozen(value) for key, value in changes.items()})


def _path(text: str) -> str:
    first = text.replace("[", ".").partition(".")[0]
    if first in FIXED:
        raise misfit(f"{text[:60]!r}", "a path outside " + ", ".join(FIXED))
    return text


def _no_file(value: Any) -> Any:
    if isinstance(value, str):
        raise misfit(
            f"{value[:60]!r}", "label and changes", "The names of files are read where the scenario is one itself."
        )
    return value


ChangePath: TypeAlias = Annotated[
    str, StringConstraints(min_length=1, max_length=MAX_PATH_LENGTH), AfterValidator(_path)
]
Changes: TypeAlias = Annotated[Mapping[ChangePath, Any], AfterValidator(_unchangeable)]


class Variation(Section):
    """Changes to the scenario under one name.

    Attributes
    ----------
    label : str or None
        Name in tables and figures; without it, the key.
    changes : mapping of str to value
        New values by dotted path; None removes a key.
    """

    label: Text | None = Field(default=None, description="name in tables and figures; without it, the key")
    changes: Changes = Field(
        default_factory=FrozenDict, description="new values by dotted path, such as a.b.c: 1; null removes a key"
    )


PayoffSet: TypeAlias = Annotated[Variation, BeforeValidator(_no_file, json_schema_input_type=Variation | Text)]
