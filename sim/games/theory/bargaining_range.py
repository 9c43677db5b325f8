r"""The bargaining range of war, and the offer that trades risk against return (Fearon 1995).

Two states divide an issue of size 1. War is a costly lottery: A wins all with probability :math:`p`, and the sides pay
:math:`c_A, c_B`. Both prefer any division :math:`x` (A's share) in

.. math:: [p - c_A,\; p + c_B]

to war. If A does not know :math:`c_B` but only its distribution :math:`F`, and makes one demand :math:`x` that B takes
iff :math:`1 - x \ge 1 - p - c_B`, war comes with probability :math:`F(x - p)` and A maximises

.. math:: (1 - F(x-p))\, x + F(x-p)\,(p - c_A).

For :math:`c_B` uniform on :math:`[l, h]` the best demand is :math:`x = p + \tfrac12 (h - c_A)`, cut to
:math:`[p + l, \min(p + h, 1)]`.

References
----------
Fearon, J. D. (1995). Rationalist explanations for war. International Organization 49, 379-414.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from sim.errors import GameError
from sim.games.numerics.arguments import Floats, number
from sim.notebook_table import NotebookTable

_GRID = 2001


@dataclass(frozen=True, slots=True)
class BargainingRange(NotebookTable):
    """The divisions that both sides prefer to war.

    Attributes
    ----------
    low, high : float
        Smallest and largest share of A that both prefer to war, within [0, 1].
    width : float
        `high - low`, the surplus that peace leaves to bargain over.
    """

    low: float
    high: float

    @property
    def width(self) -> float:
        """Return the surplus of peace over war inside the pie."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class RiskReturnOffer(NotebookTable):
    """The demand of a side that does not know the other's cost of war.

    Attributes
    ----------
    demand : float
        A's demanded share.
    war_probability : float
        Probability that B refuses and fights.
    value : float
        A's expected payoff.
    safe_value : float
        A's payoff from the largest demand that no type of B refuses.
    converged : bool
        Whether the maximum is located (always, for the closed form).
    regret : float
        The most A could gain by another demand, over a grid of demands.
    proved : str
        What is proved.
    """

    demand: float
    war_probability: float
    value: float
    safe_value: float
    converged: bool
    regret: float
    proved: str


def peace_range(win_probability: float, cost_a: float, cost_b: float) -> BargainingRange:
    """Return the divisions that both sides prefer to war.

    Parameters
    ----------
    win_probability : float
        Probability that A wins, in [0, 1].
    cost_a, cost_b : float
        Costs of war in units of the pie, at least 0.

    Returns
    -------
    BargainingRange

    Raises
    ------
    GameError
        If an argument lies outside its interval.

    Examples
    --------
    >>> zone = peace_range(0.6, 0.1, 0.2)
    >>> round(zone.low, 10), round(zone.high, 10)
    (0.5, 0.8)

    References
    ----------
    Fearon (1995), International Organization 49, p. 387.
    """
    p = number("win_probability", win_probability, 0.0, 1.0)
    low = p - number("cost_a", cost_a, 0.0)
    high = p + number("cost_b", cost_b, 0.0)
    return BargainingRange(max(low, 0.0), min(high, 1.0))


def risk_return_offer(
    win_probability: float,
    cost_a: float,
    cost_b_low: float,
    cost_b_high: float,
    cost_b_cdf: Callable[[float], float] | None = None,
) -> RiskReturnOffer:
    """Return A's best single demand when B's cost of war is private.

    Parameters
    ----------
    win_probability : float
        Probability that A wins, in [0, 1].
    cost_a : float
        A's cost of war, at least 0.
    cost_b_low, cost_b_high : float
        Support of B's cost.
    cost_b_cdf : callable, optional
        Distribution function of B's cost on its support, continuous; uniform (solved exactly) if omitted.

    Returns
    -------
    RiskReturnOffer

    Raises
    ------
    GameError
        If an argument lies outside its interval, or the distribution function decreases or leaves [0, 1].

    Examples
    --------
    >>> offer = risk_return_offer(0.6, 0.1, 0.0, 0.4)
    >>> round(offer.demand, 10), round(offer.war_probability, 10)
    (0.75, 0.375)

    References
    ----------
    Fearon (1995), International Organization 49, pp. 394-395 and 411.
    """
    p = number("win_probability", win_probability, 0.0, 1.0)
    own = number("cost_a", cost_a, 0.0)
    low = number("cost_b_low", cost_b_low, 0.0)
    high = number("cost_b_high", cost_b_high, low)
    uniform = cost_b_cdf is None
    distribution = _uniform(low, high) if cost_b_cdf is None else cost_b_cdf
    grid = np.linspace(low, high, _GRID)
    refusal = np.array([float(distribution(float(c))) for c in grid])
    if not np.isfinite(refusal).all() or (np.diff(refusal) < -1e-12).any() or refusal.min() < 0 or refusal.max() > 1:
        raise GameError("cost_b_cdf: found a value outside [0, 1] or a decrease, expected a distribution function")

    floor, ceiling = min(p + low, 1.0), min(p + high, 1.0)

    def war(demand: float) -> float:
        return float(distribution(min(max(demand - p, low), high))) if demand > floor else 0.0

    def payoff(demand: float) -> float:
        return (1.0 - war(demand)) * demand + war(demand) * (p - own)

    demands = np.linspace(floor, ceiling, _GRID)
    values = np.array([payoff(float(x)) for x in demands])
    if uniform:
        demand = min(max(p + 0.5 * (high - own), floor), ceiling)
        proof = "closed form; the objective is strictly concave"
    else:
        demand = _refine(payoff, demands, int(values.argmax()))
        proof = "best of a grid of demands, refined around it; a narrower peak elsewhere is not excluded"
    value = payoff(demand)
    regret = max(0.0, float(values.max()) - value)
    return RiskReturnOffer(demand, war(demand), value, floor, True, regret, proof)


def _uniform(low: float, high: float) -> Callable[[float], float]:
    def distribution(cost: float) -> float:
        if cost <= low:
            return 0.0
        return 1.0 if cost >= high else (cost - low) / (high - low)

    return distribution


def _refine(payoff: Callable[[float], float], demands: Floats, best: int) -> float:
    left, right = float(demands[max(best - 1, 0)]), float(demands[min(best + 1, len(demands) - 1)])
    if left == right:
        return left
    optimum = minimize_scalar(lambda x: -payoff(x), bounds=(left, right), method="bounded", options={"xatol": 1e-12})
    inside = float(optimum.x)
    return max((left, inside, right, float(demands[best])), key=payoff)
