r"""Contests: rivals spend effort to win a prize (Tullock 1980).

Rival :math:`i` values the prize at :math:`V_i`, has effectiveness :math:`b_i` and wins with probability

.. math:: p_i = \frac{b_i e_i^r}{\sum_j b_j e_j^r}, \qquad u_i = p_i V_i - e_i,

where :math:`r` is how decisive effort is. Two rivals: :math:`p_i = b_i V_i^r / (b_1 V_1^r + b_2 V_2^r)` and
:math:`e_i = r V_i p_i (1 - p_i)`, a pure equilibrium iff :math:`r \max_i p_i \le 1` (Nti 1999). More rivals, for
:math:`r \le 1`: the aggregate :math:`Y = \sum_j b_j e_j^r` makes each one's share :math:`s_i(Y)` decreasing, and the
unique equilibrium solves :math:`\sum_i s_i(Y) = 1` (Szidarovszky and Okuguchi 1997); for :math:`r = 1` those with
:math:`b_i V_i \le Y` stay out.

References
----------
Tullock, G. (1980). Efficient rent seeking. In Toward a Theory of the Rent-Seeking Society, 97-112.
Nti, K. O. (1999). Rent-seeking with asymmetric valuations. Public Choice 98, 415-430.
Szidarovszky, F. and Okuguchi, K. (1997). On the existence and uniqueness of pure Nash equilibrium in rent-seeking
games. Games and Economic Behavior 18, 135-140.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import ConvergenceWarning, GameError
from sim.games.numerics.arguments import Floats, number, payoff_array, per_player
from sim.games.numerics.bracketed_root import bracketed_root
from sim.notebook_table import NotebookTable

_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Contest(NotebookTable):
    """The pure equilibrium of a contest.

    Attributes
    ----------
    efforts : tuple of float
        Effort of each rival.
    win_probabilities : tuple of float
        Probability that each wins.
    payoffs : tuple of float
        Expected payoff of each.
    converged : bool
        Whether these efforts are an equilibrium: the regret is below 1e-9 of the largest value.
    residual : float
        Largest difference between the win probabilities and those that the efforts give.
    regret : float
        The most that a rival could gain by another effort, over a grid of efforts and the answer's neighbourhood.
    proved : str
        What is proved.
    """

    efforts: tuple[float, ...]
    win_probabilities: tuple[float, ...]
    payoffs: tuple[float, ...]
    converged: bool
    residual: float
    regret: float
    proved: str


def tullock_contest(values: npt.ArrayLike, decisiveness: float = 1.0, effectiveness: npt.ArrayLike = 1.0) -> Contest:
    """Return the pure equilibrium of a Tullock contest.

    Parameters
    ----------
    values : array_like, shape (rivals,)
        Value of the prize to each, above 0; at least two.
    decisiveness : float
        The exponent r, above 0; at most 1 with more than two rivals.
    effectiveness : array_like, shape (rivals,) or a number
        Weights b, above 0.

    Returns
    -------
    Contest
        With two rivals and r too high for a pure equilibrium, the candidate with `converged = False`.

    Warns
    -----
    ConvergenceWarning
        If that happens.

    Raises
    ------
    GameError
        If an argument lies outside its interval.

    Examples
    --------
    >>> fight = tullock_contest([1, 0.5])
    >>> [round(e, 10) for e in fight.efforts], round(fight.win_probabilities[0], 10)
    ([0.2222222222, 0.1111111111], 0.6666666667)

    References
    ----------
    Tullock (1980); Nti (1999), Public Choice 98.
    """
    prizes = payoff_array("values", values, 1)
    rivals = prizes.size
    weights = per_player("effectiveness", effectiveness, rivals)
    r = number("decisiveness", decisiveness, 0.0, open_low=True)
    if rivals < 2:
        raise GameError(f"values: found {rivals} rival, expected at least 2")
    if not ((prizes > 0).all() and (weights > 0).all() and np.isfinite(weights).all()):
        raise GameError("values, effectiveness: found a number of at most 0, expected all finite and above 0")
    if rivals > 2 and r > 1:
        raise GameError(f"decisiveness: found {r:g} with {rivals} rivals, expected at most 1 (above it pure equilibria "
                        "need not exist)")  # fmt: skip
    if rivals == 2:
        # Relative to the larger, so that a high power of a large prize does not overflow.
        strength = np.log(weights) + r * np.log(prizes)
        odds = np.exp(strength - strength.max())
        shares = odds / odds.sum()
    else:
        shares = _shares(prizes, weights, r)
    losing = np.array([math.fsum(np.delete(shares, i)) for i in range(rivals)])
    efforts = r * prizes * shares * losing
    payoffs = prizes * shares - efforts
    residual = float(np.abs(_success(efforts, weights, r) - shares).max())
    regret = max(_regret(i, efforts, prizes, weights, r, float(payoffs[i])) for i in range(rivals))
    converged = regret <= _TOLERANCE * float(prizes.max()) and residual <= _TOLERANCE
    if not converged:
        warnings.warn(
            f"tullock_contest: no pure equilibrium was found (regret {regret:.3g}, residual {residual:.3g}); "
            f"with two rivals one exists iff decisiveness * max win probability = {r * shares.max():.3g} <= 1",
            ConvergenceWarning,
            stacklevel=2,
        )
    proof = "unique pure equilibrium" if converged else "no pure equilibrium at these numbers; only a candidate"
    return Contest(
        tuple(efforts.tolist()), tuple(shares.tolist()), tuple(payoffs.tolist()), converged, residual, regret, proof
    )


def _shares(prizes: Floats, weights: Floats, r: float) -> Floats:
    """Solve the sum of shares = 1 for the aggregate Y (r <= 1)."""

    def share(index: int, aggregate: float) -> float:
        prize, weight = float(prizes[index]), float(weights[index])
        if r == 1.0:
            return max(0.0, 1.0 - aggregate / (weight * prize))

        # r V s (1 - s) = (s Y / b)^(1/r), in logs and divided by s, so that the root at s = 0 is left out.
        def gap(s: float) -> float:
            left = math.log(r * prize) + math.log1p(-s)
            return left - (math.log(aggregate / weight) + (1.0 - r) * math.log(s)) / r

        # Close to r = 1 a rival that would stay out at r = 1 has a share below the smallest float.
        least, most = 1e-300, 1.0 - 1e-16
        if gap(least) <= 0.0:
            return 0.0
        return bracketed_root(gap, least, most, absolute=least) if gap(most) < 0.0 else most

    def excess(log_aggregate: float) -> float:
        return math.fsum(share(i, math.exp(log_aggregate)) for i in range(prizes.size)) - 1.0

    high = max(math.log(w) + r * math.log(v) for v, w in zip(prizes, weights, strict=True)) + math.log(prizes.size)
    low = high - 1.0
    while excess(low) < 0:
        low -= 1.0
    aggregate = math.exp(bracketed_root(excess, low, high))
    shares = np.array([share(i, aggregate) for i in range(prizes.size)])
    return np.asarray(shares / shares.sum())


def _success(efforts: Floats, weights: Floats, r: float) -> Floats:
    # Relative to the largest effort, so that no power over- or underflows them all.
    power = weights * (efforts / efforts.max()) ** r
    return np.asarray(power / power.sum())


def _regret(index: int, efforts: Floats, prizes: Floats, weights: Floats, r: float, payoff: float) -> float:
    """Return the best gain over a grid of efforts; spending more than the prize never pays."""
    rest = float(np.delete(weights * efforts**r, index).sum())
    own = float(efforts[index])
    grid = np.concatenate(([0.0], np.linspace(0.0, prizes[index], 2001)[1:], own * np.linspace(0.9, 1.1, 201)))
    power = weights[index] * grid**r
    return max(0.0, float((prizes[index] * power / (power + rest) - grid).max()) - payoff)
