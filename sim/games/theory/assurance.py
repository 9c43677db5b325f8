r"""Assurance: how much trust it takes to cooperate (stag hunt under uncertainty; Kydd 2005).

Two sides choose to cooperate or defect with payoffs reward :math:`R` (both cooperate), temptation :math:`T` (defect
on a cooperator), punishment :math:`P` (both defect), sucker :math:`S`. A side that thinks the other cooperates with
probability :math:`t` cooperates iff :math:`tR + (1-t)S \ge tT + (1-t)P`, that is iff

.. math:: t \ge t^* = \frac{P-S}{(R-T)+(P-S)}.

In a prisoner's dilemma (:math:`T \ge R` and :math:`P > S`) no trust suffices.

References
----------
Kydd, A. H. (2005). Trust and Mistrust in International Relations. Princeton University Press.
Jervis, R. (1978). Cooperation under the security dilemma. World Politics 30, 167-214.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from sim.games.numerics.arguments import number
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True)
class Assurance(NotebookTable):
    """The trust that cooperation needs.

    Attributes
    ----------
    threshold : float
        Cooperation is a best reply iff the probability that the other cooperates is at least this; 0 if it always is,
        infinite if it never is. Where defection does better only against cooperators (a game of chicken) it is NaN,
        and `ceiling` holds instead.
    ceiling : float
        Cooperation is a best reply iff the probability is at most this; 1 unless the game is one of chicken.
    cooperates : bool or None
        Whether a side with the trust given cooperates; None if none was given.
    regret : float or None
        What the other choice would lose at that trust: the margin of the decision.
    proved : str
        What is proved.
    """

    threshold: float
    ceiling: float
    cooperates: bool | None
    regret: float | None
    proved: str


def trust_threshold(
    reward: float, temptation: float, punishment: float, sucker: float, trust: float | None = None
) -> Assurance:
    """Return the trust above which cooperation is a best reply.

    Parameters
    ----------
    reward, temptation, punishment, sucker : float
        Payoffs for both cooperating, defecting on a cooperator, both defecting, cooperating with a defector.
    trust : float, optional
        Probability that the other cooperates.

    Returns
    -------
    Assurance

    Raises
    ------
    GameError
        If a payoff is not finite or `trust` is no probability.

    Examples
    --------
    >>> round(trust_threshold(4, 3, 2, 0).threshold, 10)
    0.6666666667

    References
    ----------
    Kydd (2005), ch. 2; Jervis (1978), World Politics 30.
    """
    r, t, p, s = (
        number(name, value)
        for name, value in (
            ("reward", reward),
            ("temptation", temptation),
            ("punishment", punishment),
            ("sucker", sucker),
        )
    )
    peace, fear = r - t, p - s
    threshold, ceiling = 0.0, 1.0
    if fear > 0:
        threshold = fear / (peace + fear) if peace >= 0 else math.inf
    elif peace < 0:
        threshold, ceiling = math.nan, -fear / (-peace - fear)
    proof = "exact for a risk-neutral side that plays once"
    if trust is None:
        return Assurance(threshold, ceiling, None, None, proof)
    belief = number("trust", trust, 0.0, 1.0)
    advantage = belief * peace - (1.0 - belief) * fear
    return Assurance(threshold, ceiling, advantage >= 0.0, abs(advantage), proof)
