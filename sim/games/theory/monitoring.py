r"""Cooperation under imperfect public monitoring, held up by a trigger (the logic of Green and Porter 1984).

Each period both get the reward :math:`r` if all keep the deal. A public signal is bad with probability :math:`p` if all
keep it and :math:`q > p` if one cheats, which gains :math:`g` at once. After a bad signal both get the punishment
payoff :math:`\pi` for :math:`T` periods, then start again. With :math:`S_T = 1 + \delta + \dots + \delta^{T-1}` the
average payoff per period is

.. math:: v = \pi + \frac{r - \pi}{1 + \delta p S_T},

and no one-shot deviation pays iff

.. math:: \sum_{k=1}^{T}\delta^k \;\ge\; K = \frac{g}{(q-p)(r-\pi) - g p},

so a schedule can hold itself up at some patience iff :math:`(q-p)(r-\pi) > g p`; grim (:math:`T=\infty`) needs
:math:`\delta \ge K/(1+K)`. As the punishment burns value on false alarms, the shortest one that works is the best
of its kind. By the one-shot-deviation principle the condition is exact for this strategy; other strategies could do
better (Abreu, Pearce and Stacchetti 1990).

References
----------
Green, E. J. and Porter, R. H. (1984). Noncooperative collusion under imperfect price information. Econometrica 52,
87-100.
Abreu, D., Pearce, D. and Stacchetti, E. (1990). Toward a theory of discounted repeated games with imperfect
monitoring. Econometrica 58, 1041-1063.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import GameError
from sim.games.numerics.arguments import Floats, discount, number, payoff_array
from sim.games.theory.repeated import shortest_punishment, smallest_patience
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True)
class TriggerPayoff(NotebookTable):
    """What a trigger strategy pays, and whether it holds.

    Attributes
    ----------
    periods : float
        Periods of punishment; infinite for grim.
    payoff : float
        Average payoff per period of each player.
    margin : float
        What one deviation loses, in average payoff per period; negative if it gains.
    regret : float
        What the best deviation gains: the negative part of `margin`.
    sustainable : bool
        Whether no one-shot deviation gains (to 1e-12 of the payoffs' scale).
    proved : str
        What is proved.
    """

    periods: float
    payoff: float
    margin: float
    regret: float
    sustainable: bool
    proved: str


@dataclass(frozen=True, slots=True)
class MonitoringRegion(NotebookTable):
    """Where patience and monitoring let a schedule enforce itself.

    Attributes
    ----------
    discounts : ndarray, shape (patience,)
        Discount factors of the rows.
    detections : ndarray, shape (monitoring,)
        Probabilities of a bad signal after cheating, of the columns.
    shortest : ndarray, shape (patience, monitoring)
        Fewest periods of punishment; infinite where only grim works, NaN where nothing does.
    payoff : ndarray, shape (patience, monitoring)
        Average payoff per period with the shortest punishment; the punishment payoff where nothing works.
    """

    discounts: Floats
    detections: Floats
    shortest: Floats
    payoff: Floats

    @property
    def sustainable(self) -> npt.NDArray[np.bool_]:
        """Return where some punishment works, shape (patience, monitoring)."""
        return ~np.isnan(self.shortest)


@dataclass(frozen=True, slots=True)
class PublicMonitoring(NotebookTable):
    """A symmetric repeated game in which cheating is seen only through a noisy public signal.

    Attributes
    ----------
    reward : float
        Payoff per period while all keep the deal.
    gain : float
        What cheating adds in the period of cheating, above 0.
    punishment : float
        Payoff per period of punishment, below `reward`.
    false_alarm : float
        Probability of a bad signal although all keep the deal.
    detection : float
        Probability of a bad signal after cheating by one, above `false_alarm`.

    Raises
    ------
    GameError
        If an argument lies outside its interval.

    Examples
    --------
    >>> talks = PublicMonitoring(reward=2, gain=1, punishment=0, false_alarm=0.1, detection=0.5)
    >>> round(talks.grim_patience(), 10)
    0.5882352941
    >>> [talks.shortest_punishment(d) for d in (0.65, 0.8, 0.9)]
    [4.0, 2.0, 2.0]
    """

    reward: float
    gain: float
    punishment: float
    false_alarm: float
    detection: float

    def __post_init__(self) -> None:
        """Check the numbers."""
        checked = {
            "reward": number("reward", self.reward),
            "gain": number("gain", self.gain, 0.0, open_low=True),
            "punishment": number("punishment", self.punishment),
            "false_alarm": number("false_alarm", self.false_alarm, 0.0, 1.0),
            "detection": number("detection", self.detection, 0.0, 1.0),
        }
        if checked["punishment"] >= checked["reward"]:
            raise GameError(
                f"punishment: found {self.punishment:g}, expected below the reward {self.reward:g}, "
                "or no one would fear it"
            )
        if checked["detection"] <= checked["false_alarm"]:
            raise GameError(
                f"detection: found {self.detection:g}, expected above the false alarm rate {self.false_alarm:g}, "
                "or the signal says nothing about cheating"
            )
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def needed(self) -> float:
        """Return K, the sum of discounts that the punishment must reach; infinite if none suffices."""
        loss = (self.detection - self.false_alarm) * (self.reward - self.punishment) - self.gain * self.false_alarm
        return self.gain / loss if loss > 0 else math.inf

    def grim_patience(self) -> float:
        """Return the smallest discount at which punishment for ever works; infinite if none below 1.

        Examples
        --------
        >>> PublicMonitoring(2, 1, 0, 0.0, 1.0).grim_patience()
        0.3333333333333333
        """
        needed = self.needed()
        return needed / (1.0 + needed) if math.isfinite(needed) else math.inf

    def trigger_patience(self, periods: float) -> float:
        """Return the smallest discount at which `periods` of punishment work; infinite if none below 1.

        Parameters
        ----------
        periods : float
            A whole number of at least 1, or infinity for grim.

        Raises
        ------
        GameError
            If it is neither.
        """
        length = _periods(periods)
        return self.grim_patience() if math.isinf(length) else smallest_patience(self.needed(), int(length))

    def shortest_punishment(self, delta: float) -> float:
        """Return the fewest periods of punishment that work at a discount.

        Parameters
        ----------
        delta : float
            Discount factor per period, in [0, 1).

        Returns
        -------
        float
            A whole number; infinite if only grim works; NaN if nothing does.

        Raises
        ------
        GameError
            If the discount is outside its interval.
        """
        return shortest_punishment(self.needed(), discount(delta, name="delta"))

    def trigger(self, delta: float, periods: float) -> TriggerPayoff:
        """Return what a trigger of some length pays and whether it holds at a discount.

        Parameters
        ----------
        delta : float
            Discount factor per period, in [0, 1).
        periods : float
            A whole number of at least 1, or infinity for grim.

        Returns
        -------
        TriggerPayoff

        Raises
        ------
        GameError
            If an argument is outside its interval.

        Examples
        --------
        >>> PublicMonitoring(2, 1, 0, 0.1, 0.5).trigger(0.8, 2).sustainable
        True
        """
        patience = discount(delta, name="delta")
        length = _periods(periods)
        discounted = (1.0 - patience**length) / (1.0 - patience) if math.isfinite(length) else 1.0 / (1.0 - patience)
        spread = (self.reward - self.punishment) / (1.0 + patience * self.false_alarm * discounted)
        payoff = self.punishment + spread
        loss = patience * discounted * (self.detection - self.false_alarm) * spread
        margin = (1.0 - patience) * (loss - self.gain)
        scale = 1e-12 * max(1.0, abs(self.reward), abs(self.punishment), self.gain)
        proof = "exact for this strategy by the one-shot-deviation principle; other strategies may pay more"
        return TriggerPayoff(length, payoff, margin, max(0.0, -margin), margin >= -scale, proof)


def monitoring_region(game: PublicMonitoring, discounts: npt.ArrayLike, detections: npt.ArrayLike) -> MonitoringRegion:
    """Return where a schedule enforces itself, over patience and quality of monitoring.

    Parameters
    ----------
    game : PublicMonitoring
        Payoffs and the false alarm rate; its own `detection` is replaced.
    discounts : array_like, shape (patience,)
        Discount factors in [0, 1).
    detections : array_like, shape (monitoring,)
        Probabilities of a bad signal after cheating, in [0, 1]; at or below the false alarm rate nothing works.

    Returns
    -------
    MonitoringRegion

    Raises
    ------
    GameError
        If an argument is outside its interval.

    Examples
    --------
    >>> game = PublicMonitoring(2, 1, 0, 0.1, 0.5)
    >>> monitoring_region(game, [0.5, 0.8], [0.1, 0.5, 0.9]).shortest.tolist()
    [[nan, nan, 2.0], [nan, 2.0, 1.0]]
    """
    patience = payoff_array("discounts", discounts, 1)
    quality = payoff_array("detections", detections, 1)
    shortest = np.full((patience.size, quality.size), np.nan)
    payoff = np.full(shortest.shape, game.punishment)
    for column, q in enumerate(quality):
        number("detections", q, 0.0, 1.0)
        if q <= game.false_alarm:
            continue
        seen = PublicMonitoring(game.reward, game.gain, game.punishment, game.false_alarm, float(q))
        for row, delta in enumerate(patience):
            shortest[row, column] = seen.shortest_punishment(float(delta))
            if not math.isnan(shortest[row, column]):
                payoff[row, column] = seen.trigger(float(delta), shortest[row, column]).payoff
    for delta in patience:
        discount(float(delta), name="discounts")
    return MonitoringRegion(patience, quality, shortest, payoff)


def _periods(periods: float) -> float:
    length = float(periods)
    if math.isnan(length) or length < 1 or (math.isfinite(length) and length != int(length)):
        raise GameError(f"periods: found {periods!r}, expected a whole number of at least 1, or infinity for grim")
    return length
