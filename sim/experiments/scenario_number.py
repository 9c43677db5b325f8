"""Reading one number of a scenario by the dotted path under which `Scenario.replace` changes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError

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
    node: Any = scenario.to_dict()
    parts = re.sub(r"\[(\d+)\]", r".\1", path).split(".")
    while parts:
        if isinstance(node, list) and parts[0].isdecimal() and int(parts[0]) < len(node):
            node = node[int(parts.pop(0))]
            continue
        # keys such as those of `scales` contain dots themselves: the longest key that fits
        ends = range(len(parts), 0, -1) if isinstance(node, dict) else ()
        length = next((end for end in ends if ".".join(parts[:end]) in node), 0)
        if not length:
            raise UsageError(f"path {path!r}: found nothing at {parts[0]!r}, expected a number of the scenario")
        node = node[".".join(parts[:length])]
        parts = parts[length:]
    if isinstance(node, bool) or not isinstance(node, int | float):
        raise UsageError(f"path {path!r}: found {node!r}, expected one number")
    return float(node)
