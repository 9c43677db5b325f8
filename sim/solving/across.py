r"""What holds at every listed equilibrium: deals compared, and devices valued, where actors play as well as they can.

A comparison of two deals at fixed behaviour says what each does if nobody answers it by choosing otherwise. Here both
are solved (`sim.solve`), and with :math:`q_e` a share of an outcome or a payoff at equilibrium e of the one and
:math:`q_f` at equilibrium f of the other, all differences :math:`q_e - q_f` are looked at. A conclusion **survives** if
they all have one sign, each outside its 95 % interval. Without a theory of which equilibrium is played, nothing less
follows from the two games.

The same says what a device is worth at equilibrium: the one deal has it, the other does not.

Equilibria are those that were listed, so a conclusion that survives holds at them, not at all that there may be. The
errors of both sides are added as if independent: on common luck they are smaller.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.solving.certificate import PERCENT_95

if TYPE_CHECKING:
    import pandas as pd

    from sim.solving.solution import Equilibrium, Solution


@dataclass(frozen=True, slots=True)
class AcrossEquilibria:
    """How a quantity of one deal differs from that of another, over all pairs of their equilibria.

    Attributes
    ----------
    deal, quantity : str
        The quantity is ``payoff_ACTOR`` (util) or the name of an outcome (share of runs).
    least, most : float
        Smallest and largest difference.
    low, high : float
        Lower end of the lowest 95 % interval of a pair, and upper end of the highest.
    pairs : int
        Of equilibria.
    survives : bool
        Whether all intervals lie on one side of 0.
    """

    deal: str
    quantity: str
    least: float
    most: float
    low: float
    high: float
    pairs: int
    survives: bool


def across_equilibria(
    solutions: Mapping[str, Solution], base: str, least_frequency: float = 0.0
) -> tuple[AcrossEquilibria, ...]:
    """Compare solved deals with one of them, at every pair of listed equilibria.

    Parameters
    ----------
    solutions : mapping of str to Solution
        By name of the deal, the base among them; all with the same players and outcomes.
    base : str
        What the others are compared with, such as the deal without a device.
    least_frequency : float
        Equilibria found in a smaller share of resampled tables are left out, but for the selected one.

    Raises
    ------
    UsageError
        If the base is not among them, there is no other, or players or outcomes differ.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> quick = toy.replace({"actors.state.moves.free.release.per_day": 40})
    >>> solved = {name: sim.solve(s, 20, 7, effort="quick") for name, s in (("slow", toy), ("quick", quick))}
    >>> [found.quantity for found in across_equilibria(solved, "slow")][:2]
    ['payoff_state', 'payoff_rebels']
    """
    if base not in solutions:
        raise UsageError(f"base: found {base!r}, expected one of {', '.join(solutions)}")
    if len(solutions) < 2:
        raise UsageError("solutions: found the base alone, expected at least one other")
    if not 0.0 <= least_frequency <= 1.0:
        raise UsageError(f"least_frequency: found {least_frequency!r}, expected a share from 0 to 1")
    first = solutions[base]
    found: list[AcrossEquilibria] = []
    for deal, solution in solutions.items():
        if deal == base:
            continue
        for what, one, other in (
            ("players", solution.players, first.players),
            ("outcomes", solution.scenario.outcome_names, first.scenario.outcome_names),
        ):
            if tuple(one) != tuple(other):
                raise UsageError(f"{deal}: found the {what} {', '.join(one)}, expected those of {base}: "
                                 f"{', '.join(other)}")  # fmt: skip
        mine, theirs = _counted(solution, least_frequency), _counted(first, least_frequency)
        for quantity in (*(f"payoff_{player}" for player in solution.players), *solution.scenario.outcome_names):
            gaps = [
                (p - q, math.hypot(error, other))
                for p, error in _values(mine, quantity)
                for q, other in _values(theirs, quantity)
            ]
            lows = [gap - PERCENT_95 * error for gap, error in gaps]
            highs = [gap + PERCENT_95 * error for gap, error in gaps]
            survives = min(lows) > 0.0 or max(highs) < 0.0
            least, most = min(gap for gap, _ in gaps), max(gap for gap, _ in gaps)
            found.append(AcrossEquilibria(deal, quantity, least, most, min(lows), max(highs), len(gaps), survives))
    return tuple(found)


def across_table(found: tuple[AcrossEquilibria, ...]) -> pd.DataFrame:
    """Return what was found as a table, indexed by deal and quantity."""
    import pandas as pd

    columns = list(AcrossEquilibria.__dataclass_fields__)
    rows = [[getattr(one, name) for name in columns] for one in found]
    return pd.DataFrame(rows, columns=columns).set_index(["deal", "quantity"])


def across_words(found: tuple[AcrossEquilibria, ...], base: str) -> Iterator[str]:
    """Say, deal by deal, what survives and what does not; what never differs is left out."""
    for deal in dict.fromkeys(one.deal for one in found):
        own = [one for one in found if one.deal == deal and (one.least, one.most) != (0.0, 0.0)]
        pairs = next(one.pairs for one in found if one.deal == deal)
        holds = [_said(one) for one in own if one.survives]
        where = "at the one pair of equilibria" if pairs == 1 else f"at every one of {pairs} pairs of equilibria"
        yield f"{deal} less {base}, {where}: {', '.join(holds) if holds else 'nothing surely differs'}."
        open_ = [_said(one) for one in own if not one.survives]
        if open_:
            yield f"Not sure, or not at every pair: {', '.join(open_)}."


def _said(one: AcrossEquilibria) -> str:
    digits = 3 if one.quantity.startswith("payoff_") else 2
    range_ = f"{one.least:+.{digits}f}"
    if round(one.least, digits) != round(one.most, digits):
        range_ += f" to {one.most:+.{digits}f}"
    return f"{one.quantity} {range_} [{one.low:+.{digits}f}, {one.high:+.{digits}f}]"


def _counted(solution: Solution, least_frequency: float) -> list[Equilibrium]:
    return [e for e in solution.equilibria if e.selected or e.frequency >= least_frequency]


def _values(equilibria: list[Equilibrium], quantity: str) -> list[tuple[float, float]]:
    """Return a quantity and its standard error at each equilibrium."""
    if quantity.startswith("payoff_"):
        return [e.values[quantity.removeprefix("payoff_")] for e in equilibria]
    return [e.outcomes[quantity] for e in equilibria]
