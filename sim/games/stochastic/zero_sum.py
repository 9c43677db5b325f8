r"""Zero-sum stochastic games: Shapley's (1953) value.

The discounted value per period is the only solution of

.. math:: v(x) = \operatorname{val}_{a,b}\Big[(1-\delta)\,u(x,a,b) + \delta \sum_{x'} P(x' \mid x,a,b)\, v(x')\Big],

and optimal strategies of these matrix games are optimal and stationary. The right-hand side is a contraction with
factor :math:`\delta`, so :math:`\|v - v^*\| \le \|Tv - v\|/(1-\delta)` is a proved error bound. Value iteration is sped
up by jumping to the value of the current pair of strategies (Pollatschek and Avi-Itzhak 1969) whenever that lowers the
residual; otherwise the plain step, which always does, is taken.

In the Big Match (Blackwell and Ferguson 1968) with weight :math:`l = 1-\delta` on the present the value is 1/2 and the
absorbing row is played with probability :math:`l/(1+l)`.

References
----------
Shapley, L. S. (1953). Stochastic games. PNAS 39, 1095-1100.
Blackwell, D. and Ferguson, T. S. (1968). The Big Match. Annals of Mathematical Statistics 39, 159-163.
Pollatschek, M. and Avi-Itzhak, B. (1969). Algorithms for stochastic games. Management Science 15, 399-415.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from sim.errors import ConvergenceWarning, GameError
from sim.games.finite.matrix_game import solve_matrix_game
from sim.games.numerics.arguments import Floats, discount, number
from sim.games.stochastic.stationary_play import StationaryPlay
from sim.games.stochastic.stochastic_game import StochasticGame
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True, eq=False)
class ZeroSumSolution(NotebookTable):
    """The value of a zero-sum stochastic game.

    Attributes
    ----------
    values : ndarray, shape (states,)
        Value per period to player 0 from each state.
    row, column : tuple of ndarray
        For each state optimal move probabilities of player 0 and player 1.
    iterations : int
        Steps taken.
    converged : bool
        Whether the proved error bound is at most the tolerance asked for.
    residual : float
        Largest gap in Shapley's equation.
    error_bound : float
        Proved bound on the error of every value: residual / (1 - discount).
    regret : float
        What one side could gain at most by one deviation, per period: the largest duality gap of a state's game.
    proved : str
        What is proved.
    """

    values: Floats
    row: tuple[Floats, ...]
    column: tuple[Floats, ...]
    iterations: int
    converged: bool
    residual: float
    error_bound: float
    regret: float
    proved: str


def zero_sum_value(
    game: StochasticGame, delta: float, tolerance: float = 1e-11, max_iterations: int = 100_000
) -> ZeroSumSolution:
    """Return the discounted value of a zero-sum stochastic game with optimal stationary strategies.

    Parameters
    ----------
    game : StochasticGame
        Of two players whose payoffs add to zero.
    delta : float
        Discount factor per period, in [0, 1).
    tolerance : float
        Proved error asked for, times the largest payoff.
    max_iterations : int
        Steps to take at most.

    Returns
    -------
    ZeroSumSolution

    Warns
    -----
    ConvergenceWarning
        If the tolerance was not reached.

    Raises
    ------
    GameError
        If the game has not two players or its payoffs do not add to zero.

    Examples
    --------
    >>> payoffs = [[[[1, 0], [0, 1]], [[-1, 0], [0, -1]]], [[[1]], [[-1]]], [[[0]], [[0]]]]
    >>> after = [[[[0, 1, 0], [0, 0, 1]], [[1, 0, 0], [1, 0, 0]]], [[[0, 1, 0]]], [[[0, 0, 1]]]]
    >>> match = zero_sum_value(StochasticGame.from_arrays(payoffs, after), 0.9)
    >>> round(float(match.values[0]), 10), round(float(match.row[0][0]), 10)
    (0.5, 0.0909090909)

    References
    ----------
    Shapley (1953), PNAS 39.
    """
    if len(game.players) != 2:
        raise GameError(f"game: found {len(game.players)} players, expected 2")
    size = max(1.0, float(np.abs(game.payoffs).max()))
    if np.abs(game.payoffs.sum(axis=1)).max() > 1e-12 * size:
        raise GameError("game: found payoffs that do not add to zero, expected player 1 to get minus player 0's")
    beta = discount(delta, name="delta")
    limit = number("tolerance", tolerance, 0.0, open_low=True) * size
    play = StationaryPlay(game, np.array([beta, beta]))
    chain = game.transitions
    rows = np.repeat(np.arange(chain.rows), np.diff(chain.first_entry))
    now = (1.0 - beta) * game.payoffs[:, 0]

    def step(at: Floats) -> tuple[Floats, Floats, float, float]:
        """Return the values of all states' matrix games, optimal strategies, and the largest gap and change."""
        later = np.bincount(rows, chain.chances * at[chain.targets], minlength=chain.rows)
        stages = now + beta * later
        after, sigma, gap = np.empty_like(at), [], 0.0
        for x, (first, shape) in enumerate(zip(game.first_profile, game.sizes, strict=False)):
            matrix = stages[first : first + shape.prod()].reshape(shape)
            after[x], row, column = solve_matrix_game(matrix)
            sigma += [row, column]
            gap = max(gap, float((matrix @ column).max() - (row @ matrix).min()))
        return after, np.concatenate(sigma), gap, float(np.abs(after - at).max())

    values = np.zeros(len(game.states))
    after, sigma, gap, residual = step(values)
    iterations = 1
    while residual > limit * (1.0 - beta) and iterations < max_iterations:
        jumped = np.ascontiguousarray(play.values(sigma)[:, 0])
        trial = step(jumped)
        iterations += 1
        if trial[3] < 0.5 * residual:
            values, (after, sigma, gap, residual) = jumped, trial
            continue
        values = after
        previous = residual
        after, sigma, gap, residual = step(values)
        iterations += 1
        if residual >= previous and residual < 1e-14 * size:
            break
    bound = residual / (1.0 - beta)
    converged = bound <= limit
    if not converged:
        warnings.warn(
            f"zero_sum_value: proved error {bound:.3g} after {iterations} steps, above the {limit:.3g} asked for; "
            "raise tolerance or max_iterations",
            ConvergenceWarning,
            stacklevel=2,
        )
    pieces = np.split(sigma, play.first_move[1:-1])
    proof = "the only value to within error_bound; the strategies are optimal to within the regret, others can exist"
    return ZeroSumSolution(
        values, tuple(pieces[0::2]), tuple(pieces[1::2]), iterations, converged, residual, bound, gap, proof
    )
