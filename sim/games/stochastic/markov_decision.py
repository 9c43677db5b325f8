r"""Markov decision processes: the stochastic game of one player (Howard 1960).

The optimal values per period solve

.. math:: V(x) = \max_a \Big[(1-\delta)\, u(x,a) + \delta \sum_{x'} P(x' \mid x, a)\, V(x')\Big].

Policy iteration solves the linear equations of a policy exactly and improves it; it ends after finitely many steps at
an optimum. A finite horizon is one `solve_backward` with ``lam=float("inf")``.

References
----------
Howard, R. A. (1960). Dynamic Programming and Markov Processes. MIT Press.
Puterman, M. L. (1994). Markov Decision Processes, section 6.4. Wiley.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import ConvergenceWarning, GameError
from sim.games.numerics.arguments import Floats, Integers, discounts
from sim.games.stochastic.stationary_play import StationaryPlay
from sim.games.stochastic.stochastic_game import StochasticGame
from sim.notebook_table import NotebookTable

_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class DecisionSolution(NotebookTable):
    """An optimal policy of a Markov decision process.

    Attributes
    ----------
    values : ndarray, shape (states,)
        Optimal payoff per period from each state.
    policy : ndarray of int, shape (states,)
        An optimal move in each state, the lowest index of those that tie.
    move_values : tuple of ndarray
        For each state the value of each move.
    iterations : int
        Policies tried.
    converged : bool
        Whether the last policy was its own improvement.
    residual : float
        Largest gap in the optimality equation.
    regret : float
        The same gap, as what one deviation gains per period.
    proved : str
        What is proved.
    """

    values: Floats
    policy: Integers
    move_values: tuple[Floats, ...]
    iterations: int
    converged: bool
    residual: float
    regret: float
    proved: str


def solve_decision(game: StochasticGame, discount: npt.ArrayLike, max_iterations: int = 1000) -> DecisionSolution:
    """Return an optimal policy of a one-player stochastic game with an infinite horizon.

    Parameters
    ----------
    game : StochasticGame
        Of one player.
    discount : float
        Discount factor per period, in [0, 1).
    max_iterations : int
        Policies to try at most.

    Returns
    -------
    DecisionSolution

    Warns
    -----
    ConvergenceWarning
        If `max_iterations` were not enough.

    Raises
    ------
    GameError
        If the game has several players or the discount is outside its interval.

    Examples
    --------
    >>> game = StochasticGame.from_arrays([[[1.0, 0.0]], [[3.0]]], [[[1, 0], [0, 1]], [[0, 1]]])
    >>> solution = solve_decision(game, 0.9)
    >>> solution.policy.tolist(), solution.values.round(10).tolist()
    ([1, 0], [2.7, 3.0])

    References
    ----------
    Howard (1960).
    """
    if len(game.players) != 1:
        raise GameError(f"game: found {len(game.players)} players, expected one; see stationary_logit for several")
    play = StationaryPlay(game, discounts(discount, 1))
    starts = play.first_move
    policy = np.zeros(len(game.states), dtype=np.int64)
    scale = _ROUNDING * max(1.0, float(np.abs(game.payoffs).max()))
    converged = False
    iterations = 0
    while True:
        sigma = np.zeros(int(starts[-1]))
        sigma[starts[:-1] + policy] = 1.0
        values, moves = play.evaluate(sigma)
        iterations += 1
        best = np.maximum.reduceat(moves, starts[:-1])
        worse = best - moves[starts[:-1] + policy] > scale
        if not worse.any():
            converged = True
            break
        if iterations >= max_iterations:
            break
        for state in np.flatnonzero(worse):
            policy[state] = int(moves[starts[state] : starts[state + 1]].argmax())
    gap = float(np.abs(best - values[:, 0]).max())
    if converged:
        for x in range(policy.size):
            options = moves[starts[x] : starts[x + 1]]
            policy[x] = int(np.flatnonzero(options >= options.max() - scale)[0])
    else:
        warnings.warn(
            f"solve_decision: {iterations} policies were not enough (gap {gap:.3g}); raise max_iterations",
            ConvergenceWarning,
            stacklevel=2,
        )
    proof = "optimal: the policy is its own improvement" if converged else "nothing but the value of the policy"
    split = tuple(np.split(moves, starts[1:-1]))
    return DecisionSolution(values[:, 0].copy(), policy, split, iterations, converged, gap, gap, proof)
