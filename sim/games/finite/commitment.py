r"""Commitment (Stackelberg) equilibrium: one side fixes its strategy first, and all others see it.

The leader commits to a mixed strategy x; the follower answers with a best reply, and ties are broken in the leader's
favour (the strong equilibrium, which the leader can come as near as it likes by a small change of x). For each reply t
of the follower the best commitment that induces it is a linear program,

.. math:: \max_x \sum_s x_s u_L(s, t) \quad \text{subject to} \quad
          \sum_s x_s [u_F(s, t') - u_F(s, t)] \le 0 \text{ for all } t',

and the best of these is the answer. The leader never gets less than in any Nash equilibrium, so the difference to one
is what a commitment device is worth there. With several followers the leader is taken to advise them as well:
followers then play a correlated equilibrium of what is left, and the joint distribution solves one linear program.

Sources: von Stackelberg, H. (1934), Marktform und Gleichgewicht; Conitzer, V. and Sandholm, T. (2006), Computing the
optimal strategy to commit to, Proceedings of ACM EC, 82-90; von Stengel, B. and Zamir, S. (2010), Leadership games with
convex strategy sets, Games and Economic Behavior 69, 446-457; Conitzer, V. and Korzhyk, D. (2011), Commitment to
correlated strategies, Proceedings of AAAI, 632-637.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import GameError, UsageError
from sim.games.finite.correlated import deviations
from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.profile import Vector, frozen_vector
from sim.games.numerics.linear_program import maximise
from sim.notebook_table import NotebookTable

TOLERANCE = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Commitment(NotebookTable):
    """What a leader should commit to, and what follows.

    Attributes
    ----------
    leader : int
        Index of the player who commits.
    strategy : ndarray
        What it commits to; read-only.
    distribution : ndarray, shape (n_1, ..., n_N)
        Probability of each profile of leader and followers.
    payoffs : tuple of float
        Expected payoff of each player.
    value : float
        The leader's payoff.
    regrets : tuple of float
        What each follower gains by leaving its part; for the leader what it would gain by breaking its word, were the
        others still to play theirs: its temptation.
    converged : bool
        Whether no follower gains more than 1e-7 of its payoff range.
    proved, not_proved : str
        What is certain, and what is not.
    """

    leader: int
    strategy: Vector
    distribution: NDArray[np.float64]
    payoffs: tuple[float, ...]
    value: float
    regrets: tuple[float, ...]
    converged: bool
    proved: str
    not_proved: str

    @property
    def regret(self) -> float:
        """The largest regret of a follower, in payoff units."""
        return max((r for i, r in enumerate(self.regrets) if i != self.leader), default=0.0)

    @property
    def temptation(self) -> float:
        """What the leader gains by breaking its word; 0 if the commitment needs no device."""
        return self.regrets[self.leader]


def commitment(game: PayoffTable, leader: str | int) -> Commitment:
    """Return the strategy that is best to commit to, and the followers' play.

    Parameters
    ----------
    game : PayoffTable
        With at least two players.
    leader : str or int
        Who commits, by name or index.

    Returns
    -------
    Commitment
        With one follower the strong Stackelberg equilibrium in mixed strategies. With more, the leader's best
        distribution in which its own strategy is drawn first and each follower learns only what it should do.

    Raises
    ------
    UsageError
        If there is no such player or nobody to follow.
    GameError
        If the game is too large.

    Examples
    --------
    >>> game = PayoffTable([[[2, 4], [1, 3]], [[1, 0], [0, 1]]], players=["leader", "follower"])
    >>> found = commitment(game, "leader")
    >>> found.strategy.round(6).tolist(), round(found.value, 6)           # against 2 in the only Nash equilibrium
    ([0.5, 0.5], 3.5)
    """
    if isinstance(leader, str):
        if leader not in game.players:
            raise UsageError(f"leader: found {leader!r}, expected one of {', '.join(game.players)}")
        who = game.players.index(leader)
    else:
        who = leader
    if not 0 <= who < game.n_players or game.n_players < 2:
        raise UsageError(f"leader: found {leader!r}, expected a player's name or index and at least one follower")
    distribution = _against_one(game, who) if game.n_players == 2 else _against_many(game, who)
    distribution.setflags(write=False)
    others = tuple(k for k in range(game.n_players) if k != who)
    regrets = []
    for i, u in enumerate(game.payoffs):
        table = np.moveaxis(u, i, 0).reshape(game.shape[i], -1)
        chances = np.moveaxis(distribution, i, 0).reshape(game.shape[i], -1)
        answers = (chances.sum(axis=0) @ table.T).max() if i == who else (chances @ table.T).max(axis=1).sum()
        regrets.append(max(0.0, float(answers - (chances * table).sum())))
    spans = [float(u.max() - u.min()) or 1.0 for u in game.payoffs]
    return Commitment(
        leader=who,
        strategy=frozen_vector(distribution.sum(axis=others)),
        distribution=distribution,
        payoffs=tuple(float((u * distribution).sum()) for u in game.payoffs),
        value=float((game.payoffs[who] * distribution).sum()),
        regrets=tuple(regrets),
        converged=all(r <= TOLERANCE * s for i, (r, s) in enumerate(zip(regrets, spans, strict=True)) if i != who),
        proved="no follower gains more than its regret",
        not_proved="that followers break ties as the leader likes; that no other commitment is as good",
    )


def _against_one(game: PayoffTable, who: int) -> NDArray[np.float64]:
    """Solve one program for each reply of the only follower, and take the best."""
    mine, theirs = (np.moveaxis(game.payoffs[k], who, 0) for k in (who, 1 - who))
    scale = float(theirs.max() - theirs.min()) or 1.0
    n = mine.shape[0]
    best, chosen, reply = -np.inf, np.zeros(n), 0
    for t in range(mine.shape[1]):
        gains = np.delete(theirs - theirs[:, [t]], t, axis=1).T / scale
        # A follower without another reply has no constraint.
        limits = gains if len(gains) else np.zeros((1, n))
        found = maximise(mine[:, t], limits, np.zeros(len(limits)), np.ones((1, n)), np.ones(1))
        if found is not None and found.value > best:
            best, chosen, reply = found.value, np.maximum(found.point, 0.0), t
    distribution = np.zeros(mine.shape)
    distribution[:, reply] = chosen / chosen.sum()
    return np.array(np.moveaxis(distribution, 0, who))


def _against_many(game: PayoffTable, who: int) -> NDArray[np.float64]:
    """Solve the program of a leader who also advises its followers."""
    limits = deviations(game, [i for i in range(game.n_players) if i != who])
    worth = game.payoffs[who].ravel()
    found = maximise(worth, limits, np.zeros(limits.shape[0]), np.ones((1, worth.size)), np.ones(1))
    if found is None:
        raise GameError("no commitment was found: the linear program could not be solved")
    chances = np.maximum(found.point, 0.0)
    return np.asarray((chances / chances.sum()).reshape(game.shape))
