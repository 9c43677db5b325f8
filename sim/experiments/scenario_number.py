"""Reading one number of a scenario by the dotted path under which `Scenario.replace` changes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.scenario.resolved_value import value_at

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def number_at(scenario: Scenario, path: str) -> float:
    """Return the number at a dotted path of a scenario, defaults filled in.

    Parameters
    ----------
    scenario : Scenario
        As `sim.load` returns it.
    path : str
        Such as ``actors.us.discount_per_year``; a list element by its number.

    Returns
    -------
    float

    Raises
    ------
    UsageError
        If no single number stands there.

    Examples
    --------
    >>> import sim
    >>> number_at(sim.load("doha_2020/baseline"), "deal.withdrawal.us_troops.steps.0.left")
    8600.0
    """
    node, nowhere = value_at(scenario.to_dict(), path)
    if nowhere:
        raise UsageError(f"path {path!r}: found nothing at {nowhere!r}, expected a number of the scenario")
    if isinstance(node, bool) or not isinstance(node, int | float):
        raise UsageError(f"path {path!r}: found {node!r}, expected one number")
    return float(node)
