"""One warning, with the place of the value that it is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class LintWarning:
    """Something in a scenario that can be run and is hardly meant.

    Attributes
    ----------
    file : str
        The file as the user named it, or the name of the built-in scenario.
    line, column : int
        1-based position; 0 when the value stands in no file.
    path : str
        Dotted path of the value.
    message : str
        What is suspicious.
    """

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return f"{place}: {self.path}: {self.message}"


def at(scenario: Scenario, path: str, message: str) -> LintWarning:
    """Return a warning about the value at a dotted path, or its nearest parent if the file does not state it."""
    place = scenario.position(path)
    return LintWarning(place.file, place.line, place.column, path, message)
