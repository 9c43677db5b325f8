r"""What a stationary profile of a stochastic game is worth, and what each single deviation would give.

A stationary profile :math:`\sigma` makes the states a Markov chain :math:`P_\sigma` with expected payoffs
:math:`r_\sigma`. Values per period and the values of moves are

.. math::

    V_i = (1-\delta_i)\,(I - \delta_i P_\sigma)^{-1} r_{\sigma,i}, \qquad
    W_i(x, a_i) = \sum_{a_{-i}} \sigma_{-i}(a_{-i} \mid x)
        \Big[(1-\delta_i) u_i(x,a) + \delta_i \sum_{x'} P(x' \mid x,a) V_i(x')\Big].

Strategies are one flat vector: the moves of player 0 in state 0, of player 1 in state 0, and so on.

References
----------
Filar, J. and Vrieze, K. (1997). Competitive Markov Decision Processes, chapter 4. Springer.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_matrix, identity
from scipy.sparse.linalg import splu

from sim.compiled import compiled
from sim.games.numerics.arguments import Floats, Integers
from sim.games.numerics.small_systems import solve_in_place
from sim.games.stochastic.stochastic_game import StochasticGame

_SMALL_STATES = 300
"""Up to so many states one thread solves the linear equations."""

_DENSE_STATES = 1200
"""Up to so many states the chain is a dense matrix: faster than sparse factors unless it is very sparse."""


@compiled
def next_profile(sizes: Integers, state: int, digits: Integers) -> None:  # pragma: no cover
    """Go on to the next joint move of a state, the last player's moves first; from the last one to the first."""
    i = digits.size - 1
    while i >= 0:
        digits[i] += 1
        if digits[i] < sizes[state, i]:
            break
        digits[i] = 0
        i -= 1


@compiled
def _profile_weights(  # pragma: no cover
    sizes: Integers, first_profile: Integers, first_move: Integers, sigma: Floats, weights: Floats
) -> None:
    """Fill the probability of each joint move of each state."""
    states, players = sizes.shape
    digits = np.zeros(players, np.int64)
    for x in range(states):
        for k in range(first_profile[x], first_profile[x + 1]):
            weight = 1.0
            for i in range(players):
                weight *= sigma[first_move[x * players + i] + digits[i]]
            weights[k] = weight
            next_profile(sizes, x, digits)


@compiled
def _mix_dense(  # pragma: no cover
    first_profile: Integers,
    payoffs: Floats,
    first_entry: Integers,
    targets: Integers,
    chances: Floats,
    weights: Floats,
    chain: Floats,
    reward: Floats,
) -> None:
    """Fill the chain (states, states) and expected payoffs (states, players) of a profile."""
    chain[:] = 0.0
    reward[:] = 0.0
    for x in range(len(chain)):
        for k in range(first_profile[x], first_profile[x + 1]):
            if weights[k] > 0.0:
                for entry in range(first_entry[k], first_entry[k + 1]):
                    chain[x, targets[entry]] += weights[k] * chances[entry]
                for i in range(payoffs.shape[1]):
                    reward[x, i] += weights[k] * payoffs[k, i]


@compiled
def _move_values(  # pragma: no cover
    sizes: Integers,
    first_profile: Integers,
    first_move: Integers,
    payoffs: Floats,
    first_entry: Integers,
    targets: Integers,
    chances: Floats,
    discount: Floats,
    sigma: Floats,
    values: Floats,
    moves: Floats,
) -> None:
    """Fill the value of each move of each player in each state against the others' strategies."""
    states, players = sizes.shape
    digits = np.zeros(players, np.int64)
    later = np.zeros(players)
    for place in range(moves.size):
        moves[place] = 0.0
    for x in range(states):
        for k in range(first_profile[x], first_profile[x + 1]):
            for i in range(players):
                later[i] = 0.0
            for entry in range(first_entry[k], first_entry[k + 1]):
                goal, chance = targets[entry], chances[entry]
                for i in range(players):
                    later[i] += chance * values[goal, i]
            for i in range(players):
                others = 1.0
                for j in range(players):
                    if j != i:
                        others *= sigma[first_move[x * players + j] + digits[j]]
                worth = (1.0 - discount[i]) * payoffs[k, i] + discount[i] * later[i]
                moves[first_move[x * players + i] + digits[i]] += others * worth
            next_profile(sizes, x, digits)


class StationaryPlay:
    """Evaluates stationary profiles of one game at one discount per player, reusing its buffers.

    Parameters
    ----------
    game : StochasticGame
        The game; it is only read.
    discount : ndarray, shape (players,)
        Checked discount factors below 1.

    Attributes
    ----------
    first_move : ndarray of int, shape (states * players + 1,)
        Where each (state, player) begins in the flat vector of strategies.

    Examples
    --------
    >>> game = StochasticGame.from_arrays([[[2.0, 0.0]]], [[[1.0], [1.0]]])
    >>> play = StationaryPlay(game, np.array([0.9]))
    >>> values, moves = play.evaluate(np.array([0.5, 0.5]))
    >>> values.round(10).tolist(), moves.round(10).tolist()
    ([[1.0]], [1.1, 0.9])
    """

    def __init__(self, game: StochasticGame, discount: Floats) -> None:
        self.game = game
        self.discount = discount
        self.first_move = game.first_moves()
        states, players = game.sizes.shape
        self._dense = states <= _DENSE_STATES
        self._chain = np.empty((states, states) if self._dense else (0, 0))
        self._reward = np.empty((states, players))
        self._weights = np.empty(len(game.payoffs))
        chain = game.transitions
        self._shape = (game.sizes, game.first_profile, self.first_move)
        self._links = (chain.first_entry, chain.targets, chain.chances)

    def uniform(self) -> Floats:
        """Return the strategies that play all moves alike."""
        sizes = self.game.sizes.ravel()
        return np.asarray(np.repeat(1.0 / sizes, sizes))

    def values(self, sigma: Floats) -> Floats:
        """Return the value of the profile to each player in each state, shape (states, players)."""
        _profile_weights(*self._shape, sigma, self._weights)
        if not self._dense:
            return self._solve_sparse(self._weights)
        _mix_dense(self.game.first_profile, self.game.payoffs, *self._links, self._weights, self._chain, self._reward)
        return self._solve(self._chain)

    def _solve(self, chain: Floats) -> Floats:
        solved = np.empty_like(self._reward)
        for delta in np.unique(self.discount):
            who = self.discount == delta
            system = -delta * chain
            system.flat[:: system.shape[0] + 1] += 1.0
            right = (1.0 - delta) * self._reward[:, who]
            if system.shape[0] <= _SMALL_STATES:
                solve_in_place(system, right)
            else:
                right = np.linalg.solve(system, right)
            solved[:, who] = right
        return solved

    def _solve_sparse(self, weights: Floats) -> Floats:
        game, chain = self.game, self.game.transitions
        states = len(game.states)
        source = np.repeat(np.arange(states), np.diff(game.first_profile))
        mixing = csc_matrix((weights, (source, np.arange(weights.size))), shape=(states, weights.size))
        lengths = np.diff(chain.first_entry)
        rows = np.repeat(source, lengths)
        mixed = csc_matrix((chain.chances * np.repeat(weights, lengths), (rows, chain.targets)), shape=(states, states))
        reward = np.asarray(mixing @ game.payoffs)
        solved = np.empty_like(self._reward)
        for delta in np.unique(self.discount):
            who = self.discount == delta
            factors = splu(csc_matrix(identity(states, format="csc") - delta * mixed))
            solved[:, who] = (1.0 - delta) * factors.solve(np.ascontiguousarray(reward[:, who]))
        return solved

    def move_values(self, sigma: Floats, values: Floats) -> Floats:
        """Return the value of each single deviation, shape (all moves,), given continuation values."""
        moves = np.empty(int(self.first_move[-1]))
        _move_values(*self._shape, self.game.payoffs, *self._links, self.discount, sigma, values, moves)
        return moves

    def evaluate(self, sigma: Floats) -> tuple[Floats, Floats]:
        """Return values (states, players) and the value of each move (all moves,)."""
        values = self.values(sigma)
        return values, self.move_values(sigma, values)

    def one_shot_regret(self, sigma: Floats, moves: Floats) -> float:
        """Return the most that one deviation in one state and period gains, per period."""
        starts = self.first_move[:-1]
        best = np.maximum.reduceat(moves, starts)
        mean = np.add.reduceat(sigma * moves, starts)
        return max(0.0, float((best - mean).max()))
