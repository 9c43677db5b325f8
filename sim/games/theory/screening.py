r"""Bargaining under private resolve: delay that screens, and delay that signals.

A side that does not know how strong the other is offers less than the strong would hold out for, again and again, and
concedes more each period; the weak accept early. That is **screening** by an offer each period, the private value of an
agreement to the receiver being high (weak: much to lose) or low:

.. math:: p_n = v_H - \delta^n (v_H - v_L),

is the demand n periods before the last one :math:`p_0 = v_L`; it leaves the high type indifferent between now and the
next, lower demand. With belief :math:`\mu` that the value is high the demand :math:`p_n` is made if
:math:`\mu_n \le \mu < \mu_{n+1}`, and accepted by so many high types that the belief falls to :math:`\mu_{n-1}`;
the thresholds leave the side that demands indifferent. As offers come faster all agree almost at once on
:math:`v_L` (Coase 1972), so screening alone makes no long delay.

Where the informed side can choose when to answer, delay is a **signal**: the low type waits as long as it takes for the
high type not to want to be taken for it,
:math:`v_H - p_H = \delta^T (v_H - p_L)`, and then gets its own terms :math:`p_L`. That delay stays however fast offers
come.

Sources: Fudenberg, D., Levine, D. and Tirole, J. (1985), Infinite-horizon models of bargaining with one-sided
incomplete information; Gul, F., Sonnenschein, H. and Wilson, R. (1986), Journal of Economic Theory 39, 155-190; Hart,
O. (1989), Bargaining and strikes, Quarterly Journal of Economics 104, 25-43; Fudenberg, D. and Tirole, J. (1991), Game
Theory, section 10.2; Admati, A. and Perry, M. (1987), Strategic delay in bargaining, Review of Economic Studies 54,
345-364.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim.errors import GameError
from sim.games.numerics.arguments import Floats, number
from sim.games.numerics.arguments import discount as checked_discount
from sim.notebook_table import NotebookTable

MOST_PERIODS = 100_000


@dataclass(frozen=True, slots=True, eq=False)
class ScreeningPath(NotebookTable):
    """Demands over time, who accepts them, and what the delay costs.

    Attributes
    ----------
    demands : ndarray, shape (periods,)
        What is demanded in each period until the last, which everybody accepts.
    accepted : ndarray, shape (periods,)
        Probability that agreement comes in that period.
    beliefs : ndarray, shape (periods,)
        Belief before each demand that the value is high.
    delay : float
        Expected number of periods without agreement.
    payoff : float
        Of the side that demands.
    high_payoff, low_payoff : float
        Of the two types.
    lost : float
        Share of the expected surplus that delay destroys.
    """

    demands: Floats
    accepted: Floats
    beliefs: Floats
    delay: float
    payoff: float
    high_payoff: float
    low_payoff: float
    lost: float


def screening_path(high: float, low: float, belief: float, discount: float) -> ScreeningPath:
    """Return the equilibrium path of demands by a side that does not know the other's value.

    Parameters
    ----------
    high, low : float
        Value of an agreement to each type of the receiver, ``high > low > 0``; the side that demands has cost 0.
    belief : float
        Its first belief that the value is high, in [0, 1).
    discount : float
        Of both sides per period, in [0, 1).

    Returns
    -------
    ScreeningPath

    Raises
    ------
    GameError
        If an argument is outside its interval, or the path would be longer than 100,000 periods.

    Examples
    --------
    >>> path = screening_path(high=3.0, low=1.0, belief=0.6, discount=0.5)
    >>> path.demands.tolist(), path.accepted.round(6).tolist()
    ([2.0, 1.0], [0.6, 0.4])
    """
    v_high = number("high", high, 0.0, open_low=True)
    v_low = number("low", low, 0.0, v_high, open_low=True, open_high=True)
    mu = number("belief", belief, 0.0, 1.0, open_high=True)
    delta = checked_discount(discount)
    # Thresholds of belief, and what the side that demands gets at each; below the first it demands the low value.
    thresholds, worth = [0.0, v_low / v_high], [v_low, v_low]
    while mu >= thresholds[-1]:
        n = len(thresholds)
        if n > MOST_PERIODS:
            raise GameError(f"the path is longer than {MOST_PERIODS} periods; choose a smaller belief or discount")
        older, newer = thresholds[-2], thresholds[-1]
        p_older, p_newer = (v_high - delta**k * (v_high - v_low) for k in (n - 1, n))
        # Both are linear in the belief: demand p_n and end at `newer`, or p_(n-1) and end at `older`.
        at_newer, at_older = worth[-1], worth[-2]
        slope_n = (p_newer - delta * at_newer) / (1.0 - newer)
        level_n = (-newer * p_newer + delta * at_newer) / (1.0 - newer)
        slope_o = (p_older - delta * at_older) / (1.0 - older)
        level_o = (-older * p_older + delta * at_older) / (1.0 - older)
        following = (level_o - level_n) / (slope_n - slope_o)
        if not following > newer:
            raise GameError("the beliefs at which demands change come too close; choose a smaller belief or discount")
        thresholds.append(following)
        worth.append(level_o + slope_o * following)
    steps = len(thresholds) - 2 if mu >= thresholds[1] else 0
    demands, accepted, beliefs = [], [], []
    left, now = 1.0, mu
    for n in range(steps, 0, -1):
        after = thresholds[n - 1]
        share = (now - after) / (1.0 - after)
        demands.append(v_high - delta**n * (v_high - v_low))
        beliefs.append(now)
        accepted.append(left * share)
        left *= 1.0 - share
        now = after
    demands.append(v_low)
    beliefs.append(now)
    accepted.append(left)
    periods = np.arange(len(demands))
    chances, asked = np.array(accepted), np.array(demands)
    factors = delta**periods
    # Low types agree in the last period; all others are high.
    low_last = (1.0 - mu) * factors[-1] * v_low
    high_all = v_high * float((chances * factors).sum() - (1.0 - mu) * factors[-1])
    surplus = mu * v_high + (1.0 - mu) * v_low
    return ScreeningPath(
        demands=asked,
        accepted=chances,
        beliefs=np.array(beliefs),
        delay=float(chances @ periods),
        payoff=float((chances * factors) @ asked),
        high_payoff=v_high - float(asked[0]),
        low_payoff=0.0,
        lost=1.0 - (high_all + low_last) / surplus,
    )


@dataclass(frozen=True, slots=True, eq=False)
class SignallingDelay(NotebookTable):
    """How long a side must hold out to be believed.

    Attributes
    ----------
    periods : float
        The least delay, in periods, at which the high type does not imitate the low one.
    high_terms, low_terms : float
        What each type pays once it is known: the alternating-offers division.
    high_payoff, low_payoff : float
        Of the two types, discounted to the start.
    high_if_imitating : float
        What the high type would get by holding out: as much as `high_payoff`.
    lost : float
        Share of the low type's surplus that waiting destroys.
    """

    periods: float
    high_terms: float
    low_terms: float
    high_payoff: float
    low_payoff: float
    high_if_imitating: float
    lost: float


def signalling_delay(high: float, low: float, discount: float) -> SignallingDelay:
    r"""Return the delay by which a low value of agreement is signalled.

    Parameters
    ----------
    high, low : float
        Value of an agreement to each type, ``high > low > 0``.
    discount : float
        Of both sides per period, in (0, 1).

    Returns
    -------
    SignallingDelay
        Of the separating equilibrium: the high type accepts at once the terms :math:`v_H / (1+\delta)` that it would
        get if it were known; the low one answers after the delay with its own, :math:`\delta v_L / (1+\delta)`.

    Raises
    ------
    GameError
        If an argument is outside its interval.

    Examples
    --------
    >>> found = signalling_delay(high=3.0, low=1.0, discount=0.9)
    >>> round(found.periods, 4), round(found.high_payoff - found.high_if_imitating, 12)
    (5.4609, 0.0)
    """
    v_high = number("high", high, 0.0, open_low=True)
    v_low = number("low", low, 0.0, v_high, open_low=True, open_high=True)
    delta = number("discount", discount, 0.0, 1.0, open_low=True, open_high=True)
    high_terms, low_terms = v_high / (1.0 + delta), delta * v_low / (1.0 + delta)
    periods = math.log((v_high - high_terms) / (v_high - low_terms)) / math.log(delta)
    factor = delta**periods
    return SignallingDelay(
        periods=periods,
        high_terms=high_terms,
        low_terms=low_terms,
        high_payoff=v_high - high_terms,
        low_payoff=factor * (v_low - low_terms),
        high_if_imitating=factor * (v_high - low_terms),
        lost=1.0 - factor,
    )
