"""Whether a scenario makes sense: warnings about what is well-formed and can still hardly be meant.

The checks of `sim.scenario.checks` refuse what cannot be run. These warn of what can: a guard that never holds, a move
that changes nothing, seven million fighters. One file a check; each reads the validated scenario and compiles nothing.

Examples
--------
>>> from sim.scenario.load import load
>>> warnings_of(load("toys/two_actors"))
[]
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.lint.conditions import check_conditions
from sim.lint.magnitudes import check_magnitudes
from sim.lint.moves import check_moves
from sim.lint.record import check_record
from sim.lint.success import check_success
from sim.lint.untouched import check_untouched
from sim.lint.unused import check_unused
from sim.lint.warning import LintWarning

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

CHECKS = (check_conditions, check_moves, check_magnitudes, check_unused, check_untouched, check_success)

__all__ = ["CHECKS", "LintWarning", "warnings_of"]


def warnings_of(scenario: Scenario, record_folders: Sequence[Path] = ()) -> list[LintWarning]:
    """List what is suspicious in a scenario, in order of file and line.

    Parameters
    ----------
    scenario : Scenario
        Its devices and payoff sets are not looked into.
    record_folders : sequence of Path
        Where the record that it names may lie, besides the built-in ones.

    Returns
    -------
    list of LintWarning
        Each place and message once, however many files or anchors lead to it.
    """
    found = [warning for check in CHECKS for warning in check(scenario)]
    found += check_record(scenario, record_folders)
    once = {(w.file, w.line, w.column, w.message): w for w in reversed(found)}
    return sorted(once.values(), key=lambda w: (w.file, w.line, w.column, w.path, w.message))
