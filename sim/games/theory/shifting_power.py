r"""War because of a commitment problem: power will shift, and the riser cannot promise its later restraint.

Two states share a flow of 1 per period for ever (worth :math:`S = 1/(1-\delta)`). War, now or later, gives all of it
for ever to the winner; each side pays its cost once. The declining state wins with probability :math:`p_1` if it
fights now and :math:`p_2 < p_1` from the next period on. Now it can get at most the whole pie of this period; later it
can get

* its war payoff :math:`\max(0, p_2 S - c_D)` if the riser makes the offers,
* what leaves the riser its own war payoff, :math:`\min(S, p_2 S + c_R)`, if the decliner makes them.

With :math:`C(p_2)` that continuation, it fights at once iff

.. math:: p_1 S - c_D > 1 + \delta\, C(p_2).

(If the inequality fails, some division of today's pie satisfies both: peace is worth :math:`S`, war
:math:`S - c_D - c_R`.) So war comes iff :math:`p_2` is below a threshold: the shift is larger than the pie of one
period and the surplus of peace can compensate.

References
----------
Fearon, J. D. (1995). Rationalist explanations for war. International Organization 49, 401-409.
Powell, R. (2006). War as a commitment problem. International Organization 60, 169-203.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.errors import GameError
from sim.games.numerics.arguments import discount, number
from sim.notebook_table import NotebookTable

Proposer = Literal["riser", "decliner"]


@dataclass(frozen=True, slots=True)
class PowerShift(NotebookTable):
    """When a declining state fights now.

    Attributes
    ----------
    threshold : float
        It fights iff its later winning probability is strictly below this; 0 means that it never does.
    war : bool or None
        Whether it fights at the later probability given; None if none was given.
    war_payoff : float
        What war now is worth to the declining state, in flows of one period.
    best_peace : float or None
        The most that peace can give it at the later probability given.
    largest_peaceful_shift : float
        `p_now - threshold`: the largest fall in winning probability that does not bring war.
    proved : str
        What is proved.
    """

    threshold: float
    war: bool | None
    war_payoff: float
    best_peace: float | None
    largest_peaceful_shift: float
    proved: str


def power_shift(
    delta: float,
    p_now: float,
    cost_decliner: float,
    cost_riser: float,
    proposer: Proposer = "riser",
    p_later: float | None = None,
) -> PowerShift:
    """Return the shift of power that makes a declining state fight.

    Parameters
    ----------
    delta : float
        Discount factor per period, in [0, 1).
    p_now : float
        Probability that the declining state wins a war now.
    cost_decliner, cost_riser : float
        What a war costs each, once, in flows of one period.
    proposer : {"riser", "decliner"}
        Who makes the offers after the shift.
    p_later : float, optional
        The declining state's winning probability from the next period on, at most `p_now`.

    Returns
    -------
    PowerShift

    Raises
    ------
    GameError
        If an argument lies outside its interval.

    Examples
    --------
    >>> round(power_shift(0.9, 0.8, 0.5, 0.5, "riser").threshold, 10)
    0.7722222222
    >>> round(power_shift(0.9, 0.8, 0.5, 0.5, "decliner").threshold, 10)
    0.6722222222

    References
    ----------
    Fearon (1995), International Organization 49; Powell (2006), International Organization 60.
    """
    patience = discount(delta, name="delta")
    p1 = number("p_now", p_now, 0.0, 1.0)
    own = number("cost_decliner", cost_decliner, 0.0)
    other = number("cost_riser", cost_riser, 0.0)
    if proposer not in ("riser", "decliner"):
        raise GameError(f"proposer: found {proposer!r}, expected 'riser' or 'decliner'")
    pie = 1.0 / (1.0 - patience)
    war_payoff = p1 * pie - own

    def continuation(p2: float) -> float:
        return max(0.0, p2 * pie - own) if proposer == "riser" else min(pie, p2 * pie + other)

    threshold = 0.0
    if war_payoff > 1.0 + patience * continuation(0.0):
        # Strict at p2 = 0 implies patience > 0: with delta = 0 war is worth at most p1 - c_D <= 1.
        needed = (war_payoff - 1.0) / patience
        threshold = (needed + own if proposer == "riser" else needed - other) / pie
    proof = "war is the only equilibrium outcome below the threshold; at or above it a peaceful equilibrium exists"
    if p_later is None:
        return PowerShift(threshold, None, war_payoff, None, p1 - threshold, proof)
    p2 = number("p_later", p_later, 0.0, p1)
    best_peace = 1.0 + patience * continuation(p2)
    return PowerShift(threshold, war_payoff > best_peace, war_payoff, best_peace, p1 - threshold, proof)
