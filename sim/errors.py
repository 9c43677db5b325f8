"""Every error and warning this package raises, in one tree.

::

    SimError
    ├── InputError (also ValueError)   something the caller gave is wrong; the command line exits with 2
    │   ├── ScenarioError              one or more problems in scenario or experiment files, with line and column
    │   ├── GameError                  payoffs, strategies, discounts or trees that are no game
    │   │   └── GameFileError          a malformed .nfg, .efg or table file, with line and column
    │   └── UsageError                 an argument out of range: a seed, a path, a count
    ├── RunError                       a run stopped itself; carries the day and the field
    ├── StoreError                     a record that cannot be written or read
    ├── SweepStoppedError              too many runs of a sweep failed; what was done is kept, the exit code is 1
    └── MissingExtraError (also ImportError)   an optional dependency that is not installed

    KeyboardInterrupt
    └── SweepInterrupted               a sweep was asked to stop (Ctrl-C, SIGTERM); what was done is kept

    SimWarning (UserWarning)
    ├── ConvergenceWarning             an iteration or an estimate has not converged; the result says so too
    └── CacheWarning                   compiled code could not be kept for the next start

Each error carries its facts as fields, and its message says what to do next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SimError(Exception):
    """Base of every error raised on purpose."""

    exit_code = 2


class InputError(SimError, ValueError):
    """Something the caller gave is wrong."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input file.

    Attributes
    ----------
    file : str
        The file as the user named it, or the name of the built-in scenario.
    line, column : int
        1-based position; 0 when the problem has none (a missing file, say).
    path : str
        Dotted path of the value, such as ``actors.us.discount_per_year``; empty for the whole file.
    found : str
        What stands there.
    expected : str
        What should stand there.
    hint : str
        What to do next, for example the nearest legal name.
    """

    file: str
    line: int = 0
    column: int = 0
    path: str = ""
    found: str = ""
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        text = f"{where}: "
        if self.path:
            text += f"{self.path}: "
        if self.found:
            text += f"found {self.found}"
        if self.expected:
            text += f"{', ' if self.found else ''}expected {self.expected}"
        if self.hint:
            text += f". {self.hint}" if self.found or self.expected else self.hint
        return text


class ScenarioError(InputError):
    """One or more problems in scenario or experiment files.

    Parameters
    ----------
    problems : sequence of Problem
        In order of file and line; at least one.

    Examples
    --------
    >>> print(ScenarioError([Problem("a.yaml", 3, 5, "horizon_days", "-1", "a positive number")]))
    a.yaml:3:5: horizon_days: found -1, expected a positive number
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(p) for p in self.problems))


class GameError(InputError):
    """Payoffs, strategies, discounts or trees that are no game."""


class GameFileError(GameError):
    """A malformed game file.

    Parameters
    ----------
    file : str
        The file as the user named it, or ``"<string>"``.
    line, column : int
        1-based position of the first character that does not fit.
    message : str
        What was found and what was expected.
    """

    def __init__(self, file: str, line: int, column: int, message: str) -> None:
        self.file, self.line, self.column, self.reason = file, line, column, message
        super().__init__(f"{file}:{line}:{column}: {message}")


class UsageError(InputError):
    """An argument out of range: a seed, a path, a count."""


class RunError(SimError):
    """A run stopped itself because a quantity became impossible.

    Parameters
    ----------
    day : float
        Days since the start date.
    field : str
        The quantity, such as ``values of actor taliban``.
    message : str
        What happened and what to do.
    """

    exit_code = 2

    def __init__(self, day: float, field: str, message: str) -> None:
        self.day, self.field = day, field
        super().__init__(f"day {day:g}: {field}: {message}")


class StoreError(SimError):
    """A record that cannot be written or read."""


class SweepStoppedError(SimError):
    """Too many runs of a sweep failed; what was done is kept.

    Parameters
    ----------
    failed, allowed : int
        How many runs failed, and how many may.
    message : str
        What happened and what to do.
    """

    exit_code = 1

    def __init__(self, failed: int, allowed: int, message: str) -> None:
        self.failed, self.allowed = failed, allowed
        super().__init__(message)


class SweepInterrupted(KeyboardInterrupt):
    """A sweep was asked to stop; what was done is kept, and the message says how to go on."""


class MissingExtraError(SimError, ImportError):
    """An optional dependency that is not installed.

    Parameters
    ----------
    package : str
        The distribution that is missing.
    extra : str
        The extra of this package that brings it.
    purpose : str
        What it was needed for.
    """

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        self.package, self.extra = package, extra
        super().__init__(
            f"{purpose} needs the package {package!r}: install it with  pip install 'negotiation-sim[{extra}]'"
        )


class SimWarning(UserWarning):
    """Base of every warning of this package."""


class ConvergenceWarning(SimWarning):
    """An iteration or an estimate has not converged; the result's ``converged`` is False too."""


class CacheWarning(SimWarning):
    """Compiled code could not be kept for the next start."""
