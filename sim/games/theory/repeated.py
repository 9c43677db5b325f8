r"""The repeated prisoner's dilemma with perfect monitoring: how much patience a promise of punishment needs.

Stage payoffs temptation :math:`T` > reward :math:`R` > punishment :math:`P` > sucker :math:`S`, discount
:math:`\delta` per period.

* Grim trigger is subgame perfect iff :math:`\delta \ge (T-R)/(T-P)` (Friedman 1971).
* Punishment for :math:`n` periods, then cooperation again, is subgame perfect iff
  :math:`\sum_{k=1}^{n} \delta^k \ge (T-R)/(R-P)`.
* Tit-for-tat is collectively stable (a best reply to itself from the start of the game) iff
  :math:`\delta \ge \max\{(T-R)/(T-P),\, (T-R)/(R-S)\}` (Axelrod 1981): no gain from defecting for ever, nor from
  alternating.

All payoffs are averages per period: :math:`(1-\delta)\sum_t \delta^t u_t`.

References
----------
Friedman, J. W. (1971). A non-cooperative equilibrium for supergames. Review of Economic Studies 38, 1-12.
Axelrod, R. (1981). The emergence of cooperation among egoists. American Political Science Review 75, 306-318.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from sim.errors import GameError
from sim.games.numerics.arguments import count, discount, number
from sim.games.numerics.bracketed_root import bracketed_root
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True)
class PrisonersDilemma(NotebookTable):
    """The stage game of a repeated prisoner's dilemma.

    Attributes
    ----------
    temptation, reward, punishment, sucker : float
        Payoffs for defecting on a cooperator, both cooperating, both defecting, cooperating with a defector.

    Raises
    ------
    GameError
        If they are not finite and strictly falling in this order.

    Examples
    --------
    >>> stage = PrisonersDilemma(5, 3, 1, 0)
    >>> stage.grim_patience(), round(stage.tit_for_tat_patience(), 10)
    (0.5, 0.6666666667)
    """

    temptation: float
    reward: float
    punishment: float
    sucker: float

    def __post_init__(self) -> None:
        """Check the order of the payoffs."""
        names = ("temptation", "reward", "punishment", "sucker")
        values = [number(name, getattr(self, name)) for name in names]
        if not all(a > b for a, b in pairwise(values)):
            raise GameError(
                f"prisoner's dilemma: found temptation, reward, punishment, sucker = {values}, "
                "expected strictly falling numbers"
            )
        for name, value in zip(names, values, strict=True):
            object.__setattr__(self, name, value)

    def grim_patience(self) -> float:
        """Return the smallest discount at which grim trigger is subgame perfect (Friedman 1971).

        Examples
        --------
        >>> PrisonersDilemma(5, 3, 1, 0).grim_patience()
        0.5
        """
        return (self.temptation - self.reward) / (self.temptation - self.punishment)

    def tit_for_tat_patience(self) -> float:
        """Return the smallest discount at which tit-for-tat is collectively stable (Axelrod 1981).

        It can exceed 1 (no patience suffices) when alternating pays better than cooperating, 2R < T + S.

        Examples
        --------
        >>> round(PrisonersDilemma(5, 3, 1, 0).tit_for_tat_patience(), 10)
        0.6666666667
        """
        gain = self.temptation - self.reward
        return max(self.grim_patience(), gain / (self.reward - self.sucker))

    def trigger_patience(self, periods: int) -> float:
        """Return the smallest discount at which punishing for some periods is subgame perfect.

        Parameters
        ----------
        periods : int
            Periods of mutual defection after any defection.

        Returns
        -------
        float
            In (0, 1); infinite if no patience below 1 makes so short a punishment enough.

        Raises
        ------
        GameError
            If `periods` is not a whole number of at least 1.

        Examples
        --------
        >>> PrisonersDilemma(4, 3, 1, 0).trigger_patience(1)
        0.5
        """
        return smallest_patience(self._needed(), count("periods", periods))

    def shortest_punishment(self, delta: float) -> float:
        """Return the fewest periods of punishment that keep the peace.

        Parameters
        ----------
        delta : float
            Discount factor per period, in [0, 1).

        Returns
        -------
        float
            A whole number; infinite if only punishment for ever does it; NaN if nothing does.

        Raises
        ------
        GameError
            If the discount is outside its interval.

        Examples
        --------
        >>> PrisonersDilemma(5, 3, 1, 0).shortest_punishment(0.7)
        2.0
        """
        return shortest_punishment(self._needed(), discount(delta, name="delta"))

    def _needed(self) -> float:
        return (self.temptation - self.reward) / (self.reward - self.punishment)


def shortest_punishment(needed: float, delta: float) -> float:
    """Return the smallest n with delta + ... + delta^n >= `needed`, in closed form.

    Parameters
    ----------
    needed : float
        Above 0: the gain from one defection over the loss per period of punishment.
    delta : float
        Discount factor per period, in [0, 1).

    Returns
    -------
    float
        A whole number; infinite if only the infinite sum reaches it; NaN if not even that.

    Examples
    --------
    >>> shortest_punishment(1.0, 0.5), shortest_punishment(1.0, 0.6), shortest_punishment(1.0, 0.4)
    (inf, 3.0, nan)
    """
    if delta == 0.0 or math.isinf(needed):
        return math.nan
    for_ever = delta / (1.0 - delta)
    slack = 1e-12 * max(1.0, needed)
    if for_ever < needed - slack:
        return math.nan
    rest = 1.0 - needed / for_ever
    if rest <= slack:
        return math.inf
    guess = max(1.0, math.floor(math.log(rest) / math.log(delta)) - 1.0)
    while for_ever * (1.0 - delta**guess) < needed - slack:
        guess += 1.0
    return guess


def smallest_patience(needed: float, periods: int) -> float:
    """Return the smallest delta with delta + ... + delta^periods >= `needed`.

    Parameters
    ----------
    needed : float
        Above 0: the gain from one defection over the loss per period of punishment.
    periods : int
        Length of the punishment.

    Returns
    -------
    float
        In (0, 1); infinite if no discount below 1 reaches it.

    Examples
    --------
    >>> smallest_patience(0.5, 1), smallest_patience(2.0, 2)
    (0.5, inf)
    """
    if needed >= periods:
        return math.inf

    def excess(delta: float) -> float:
        return delta * (1.0 - delta**periods) / (1.0 - delta) - needed if delta < 1.0 else periods - needed

    return bracketed_root(excess, 0.0, 1.0)
