r"""Cognitive hierarchy: players who think a bounded number of steps about others who think fewer.

A player of level 0 plays every strategy alike. One of level k believes that all others are of levels 0, ..., k-1, in
the proportions f of a Poisson distribution with mean :math:`\tau`, and answers best (alike among best strategies):

.. math::

    b_k = \frac{\sum_{h<k} f(h)\, \sigma_h}{\sum_{h<k} f(h)}, \qquad f(h) = \frac{e^{-\tau} \tau^h}{h!}.

Under **level-k** thinking it believes that all are of level k-1. Neither is an equilibrium: they say what inexperienced
players do first, and how far a conclusion rests on everybody foreseeing everybody.

Sources: Camerer, C., Ho, T.-H. and Chong, J.-K. (2004), A cognitive hierarchy model of games, Quarterly Journal of
Economics 119, 861-898; Nagel, R. (1995), Unraveling in guessing games, American Economic Review 85, 1313-1326.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.errors import UsageError
from sim.games.finite.certificate import certified_profile
from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.profile import MixedProfile
from sim.games.numerics.arguments import count, number
from sim.notebook_table import NotebookTable

TIE = 1e-12
METHOD = "steps of thinking from uniform play"


@dataclass(frozen=True, slots=True, eq=False)
class CognitiveHierarchy(NotebookTable):
    """What players of each level do, and all together.

    Attributes
    ----------
    levels : tuple of MixedProfile
        What all players of level 0, 1, ... do; the regrets are against that same level.
    shares : tuple of float
        Share of each level among players; what is above the last level is counted with it.
    mean : MixedProfile
        What a player drawn at random does; its regret says how far that is from an equilibrium.
    """

    levels: tuple[MixedProfile, ...]
    shares: tuple[float, ...]
    mean: MixedProfile


def cognitive_hierarchy(
    game: PayoffTable, tau: float = 1.5, levels: int = 8, belief: Literal["poisson", "below"] = "poisson"
) -> CognitiveHierarchy:
    """Return the play of a cognitive hierarchy.

    Parameters
    ----------
    game : PayoffTable
    tau : float
        Mean number of steps of thinking; 1.5 fits many first rounds (Camerer, Ho and Chong 2004).
    levels : int
        Highest level that is computed.
    belief : {"poisson", "below"}
        Whether a level expects all lower ones, or only the one below it (level-k).

    Returns
    -------
    CognitiveHierarchy

    Raises
    ------
    GameError
        If `tau` is negative or `levels` no whole number of at least 1.
    UsageError
        If `belief` is unknown.

    Examples
    --------
    >>> dilemma = PayoffTable([[[3, 0], [5, 1]], [[3, 5], [0, 1]]])
    >>> found = cognitive_hierarchy(dilemma, tau=1.0)
    >>> round(float(found.mean[0][0]), 6)                             # half of those who do not think: 1 / 2e
    0.18394
    """
    rate = number("tau", tau, 0.0)
    most = count("levels", levels)
    if belief not in ("poisson", "below"):
        raise UsageError(f"belief: found {belief!r}, expected 'poisson' or 'below'")
    logs = [
        h * math.log(rate) - rate - math.lgamma(h + 1) if rate > 0.0 else (0.0 if h == 0 else -math.inf)
        for h in range(most + 1)
    ]
    weights = np.exp(logs)
    played = [[np.full(n, 1.0 / n) for n in game.shape]]
    for k in range(1, most + 1):
        known = weights[:k] / weights[:k].sum() if belief == "poisson" and weights[:k].sum() > 0.0 else np.eye(k)[-1]
        # Levels are independent between players: each other player is drawn from the mixture on its own.
        expected = [sum(w * one[i] for w, one in zip(known, played, strict=True)) for i in range(game.n_players)]
        answer = []
        for i, n in enumerate(game.shape):
            worth = game.strategy_payoffs(i, expected)
            best = worth >= worth.max() - TIE * game.payoff_range
            answer.append(np.where(best, 1.0, 0.0) / np.count_nonzero(best) if n else worth)
        played.append(answer)
    shares = weights.copy()
    shares[-1] = max(0.0, 1.0 - float(weights[:-1].sum()))
    mean = [sum(w * one[i] for w, one in zip(shares, played, strict=True)) for i in range(game.n_players)]

    def profile(vectors: list[np.ndarray]) -> MixedProfile:
        return certified_profile(
            game,
            [v / v.sum() for v in vectors],
            method=METHOD,
            proved="payoffs and regrets are evaluated on the payoff arrays",
            not_proved="it is no equilibrium unless the regret is 0",
            tolerance=np.inf,
        )

    return CognitiveHierarchy(tuple(profile(one) for one in played), tuple(map(float, shares)), profile(mean))
