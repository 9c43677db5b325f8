r"""A spoiler's attack and the trust that it destroys (the logic of Kydd and Walter 2002).

A government holds probability :math:`t` that the moderates are trustworthy. A spoiler attacks. Trustworthy moderates
suppress an attack with probability :math:`s`; others with probability :math:`s_0` (0: they do not try). After an
attack that came through Bayes' rule gives

.. math:: t' = \frac{t(1-s)}{t(1-s) + (1-t)(1-s_0)}, \qquad s_0 = 0:\; t' = \frac{t(1-s)}{1-ts},

and the government goes on with the deal iff :math:`t' \ge c`. The attack works iff :math:`t' < c`, that is iff
:math:`s` exceeds :math:`1 - (1-s_0)\frac{c(1-t)}{t(1-c)}` (at :math:`s_0 = 0`:
:math:`\frac{t-c}{t(1-c)}`): violence sinks a deal *because* the moderates were thought able to prevent it. Seen the
other way, a suppressed attack raises trust.

References
----------
Kydd, A. and Walter, B. F. (2002). Sabotaging the peace: the politics of extremist violence.
International Organization 56, 263-296.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.games.numerics.arguments import number
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True)
class SpoilerAttack(NotebookTable):
    """What one attack does to trust, and whether it pays.

    Attributes
    ----------
    posterior : float
        Trust after an attack that came through; NaN if none can.
    posterior_suppressed : float
        Trust after an attack that was suppressed; NaN if none can be.
    attack_probability : float
        Probability that an attempt comes through.
    works : bool
        Whether an attack that came through puts trust below the threshold.
    deal_without_attack : bool
        Whether the government would go on with the deal at the prior.
    suppression_threshold : float
        The attack works iff suppression by the trustworthy is strictly above this (it can lie outside [0, 1]).
    spoiler_gain : float
        Expected gain of the attempt to the spoiler, its cost deducted.
    attempts : bool
        Whether the spoiler attempts it: the gain is positive.
    proved : str
        What is proved.
    """

    posterior: float
    posterior_suppressed: float
    attack_probability: float
    works: bool
    deal_without_attack: bool
    suppression_threshold: float
    spoiler_gain: float
    attempts: bool
    proved: str


def spoiler_attack(
    trust: float,
    threshold: float,
    suppression: float,
    suppression_untrustworthy: float = 0.0,
    value_of_breaking: float = 1.0,
    attack_cost: float = 0.0,
) -> SpoilerAttack:
    """Return what a spoiler's attack does to a deal that rests on trust.

    Parameters
    ----------
    trust : float
        Prior probability that the moderates are trustworthy.
    threshold : float
        The government goes on with the deal iff its trust is at least this.
    suppression, suppression_untrustworthy : float
        Probability that trustworthy and other moderates suppress an attack.
    value_of_breaking : float
        What the end of the deal is worth to the spoiler, at least 0.
    attack_cost : float
        What an attempt costs it, at least 0.

    Returns
    -------
    SpoilerAttack

    Raises
    ------
    GameError
        If an argument lies outside its interval.

    Examples
    --------
    >>> attack = spoiler_attack(0.7, 0.5, 0.4)
    >>> round(attack.posterior, 10), attack.works, round(attack.suppression_threshold, 10)
    (0.5833333333, False, 0.5714285714)

    References
    ----------
    Kydd and Walter (2002), International Organization 56.
    """
    t = number("trust", trust, 0.0, 1.0)
    c = number("threshold", threshold, 0.0, 1.0)
    s = number("suppression", suppression, 0.0, 1.0)
    s0 = number("suppression_untrustworthy", suppression_untrustworthy, 0.0, 1.0)
    prize = number("value_of_breaking", value_of_breaking, 0.0)
    cost = number("attack_cost", attack_cost, 0.0)
    through = t * (1.0 - s) + (1.0 - t) * (1.0 - s0)
    suppressed = t * s + (1.0 - t) * s0
    posterior = t * (1.0 - s) / through if through > 0 else math.nan
    works = posterior < c
    deal = t >= c
    kept_by_suppressed = suppressed > 0 and t * s / suppressed < c
    # The deal can also end although the attack failed, when suppression is no proof of good faith.
    broken = through * works + suppressed * kept_by_suppressed
    gain = prize * broken * deal - cost
    proof = "beliefs follow Bayes' rule on the path of play; the government's cut-off is optimal by assumption"
    return SpoilerAttack(
        posterior,
        t * s / suppressed if suppressed > 0 else math.nan,
        through,
        works,
        deal,
        _suppression_threshold(t, c, s0),
        gain,
        gain > 0,
        proof,
    )


def _suppression_threshold(t: float, c: float, s0: float) -> float:
    """Solve posterior = c for the suppression by the trustworthy; infinite where no level makes the attack work."""
    if t * (1.0 - c) > 0:
        return 1.0 - (1.0 - s0) * c * (1.0 - t) / (t * (1.0 - c))
    return -math.inf if t == 0 and c > 0 and s0 < 1 else math.inf
