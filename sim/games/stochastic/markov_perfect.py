r"""Markov perfect equilibria of stochastic games: nobody gains by any deviation, in any state.

A stationary profile is **Markov perfect** if in every state every player's moves are best replies, given that all play
the profile from then on. By the one-shot deviation principle it is enough that no single move gains,

.. math:: \max_a W_i(x, a; \sigma) - \sum_a \sigma_i(a \mid x)\, W_i(x, a; \sigma) \le 0,

so the largest such gain is the certificate; any other strategy gains at most this divided by :math:`1 - \delta`. A
game can have many equilibria. The one returned is the end of the principal branch of logit equilibria, which starts at
uniform play (`sim.games.stochastic.logit_path`): a selection, not the only one.

Sources: Maskin, E. and Tirole, J. (2001), Markov perfect equilibrium, Journal of Economic Theory 100, 191-219;
Eibelshäuser, S. and Poensgen, D. (2019), Markov quantal response equilibrium and a homotopy method for computing and
selecting Markov perfect equilibria of dynamic stochastic games, SSRN 3314404.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import ConvergenceWarning, GameError
from sim.games.numerics.arguments import Floats, count, discounts, per_player
from sim.games.stochastic.logit_path import MOST_VALUES, LogitPath
from sim.games.stochastic.play_derivatives import PlayDerivatives
from sim.games.stochastic.stationary_play import StationaryPlay
from sim.games.stochastic.stochastic_game import StochasticGame
from sim.notebook_table import NotebookTable

TOLERANCE = 1e-8
"""Gain of one deviation, as a share of the payoff range, up to which a profile counts as an equilibrium."""
EXACT = 1e-10
LARGEST_LAM = 1e10


@dataclass(frozen=True, slots=True, eq=False)
class MarkovPerfectEquilibrium(NotebookTable):
    """A stationary profile and what the best deviation from it gains.

    Attributes
    ----------
    strategies : tuple
        ``strategies[state][player]`` is the array of move probabilities.
    values : ndarray, shape (states, players)
        Payoff per period of each player from each state.
    discount : ndarray, shape (players,)
        Discount factors.
    converged : bool
        Whether `residual` is at most 1e-8.
    residual : float
        `regret` as a share of the payoff range.
    regret : float
        The most that one deviation in one state and period gains, per period.
    lam : float
        Precision of the last point of the principal branch that was computed.
    distance : float
        Largest difference between a probability there and here.
    folds : tuple of float
        Precisions at which the branch turned, in the order met.
    steps, solves : int
        Points of the branch, and linear systems solved.
    method, proved, not_proved : str
        How it was found, what is certain, and what is not.
    """

    strategies: tuple[tuple[Floats, ...], ...]
    values: Floats
    discount: Floats
    converged: bool
    residual: float
    regret: float
    lam: float
    distance: float
    folds: tuple[float, ...]
    steps: int
    solves: int
    method: str
    proved: str
    not_proved: str


def markov_perfect(
    game: StochasticGame,
    discount: npt.ArrayLike,
    *,
    weights: npt.ArrayLike = 1.0,
    max_solves: int = 50_000,
) -> MarkovPerfectEquilibrium:
    """Return the Markov perfect equilibrium at the end of the principal branch of logit equilibria.

    Parameters
    ----------
    game : StochasticGame
        With at most 3,000 values (states times players).
    discount : array_like, shape (players,) or a number
        Discount factors in [0, 1).
    weights : array_like, shape (players,) or a number
        Precision of each player relative to the others' along the branch, per unit of payoff; which equilibrium the
        branch leads to can depend on it.
    max_solves : int
        Linear systems to solve at most.

    Returns
    -------
    MarkovPerfectEquilibrium

    Warns
    -----
    ConvergenceWarning
        If a deviation gains more than 1e-8 of the payoff range.

    Raises
    ------
    GameError
        If an argument is outside its interval, or the game is too large.

    Examples
    --------
    In each of two states both want to be where the other is not; whoever is alone in the second is paid more.

    >>> crowd = [[[0, 1], [3, 0]], [[0, 3], [1, 0]]]
    >>> game = StochasticGame.from_arrays([crowd, crowd], [[[[1, 0], [0, 1]], [[0, 1], [1, 0]]]] * 2)
    >>> found = markov_perfect(game, 0.9)
    >>> found.converged, [p.round(6).tolist() for p in found.strategies[0]]
    (True, [[0.25, 0.75], [0.25, 0.75]])
    """
    players = len(game.players)
    beta = discounts(discount, players)
    rates = per_player("weights", weights, players)
    if not (np.isfinite(rates).all() and (rates > 0.0).all()):
        raise GameError(f"weights: found {rates.tolist()}, expected positive numbers")
    budget = count("max_solves", max_solves)
    if game.sizes.size > MOST_VALUES:
        raise GameError(
            f"found {len(game.states)} states of {players} players, expected at most {MOST_VALUES} values; "
            "stationary_logit takes larger games"
        )
    play = StationaryPlay(game, beta)
    span = float((game.payoffs.max(axis=0) - game.payoffs.min(axis=0)).max()) or 1.0
    equations = PlayDerivatives(game, beta, rates)
    values, moves = play.evaluate(play.uniform())
    starts = play.first_move[:-1]
    widest = float((np.maximum.reduceat(moves, starts) - np.minimum.reduceat(moves, starts)).max())
    scale = 1.0 / max(widest, 1e-6 * span) / float(rates.max())
    path = LogitPath(equations, play.first_move, values.T.ravel(), scale)

    def is_equilibrium(sigma: Floats) -> bool:
        return play.one_shot_regret(sigma, play.evaluate(sigma)[1]) <= EXACT * span

    end = path.follow(None, budget, is_equilibrium, LARGEST_LAM * scale)
    values, moves = play.evaluate(end.sigma)
    regret = play.one_shot_regret(end.sigma, moves)
    converged = regret <= TOLERANCE * span
    if not converged:
        warnings.warn(
            f"markov_perfect: one deviation gains {regret:.3g} at lam {end.lam:.3g} ({end.reason}). Raise max_solves, "
            "or give other weights to take another branch",
            ConvergenceWarning,
            stacklevel=2,
        )
    pieces = np.split(end.sigma, play.first_move[1:-1])
    return MarkovPerfectEquilibrium(
        strategies=tuple(tuple(pieces[x * players : (x + 1) * players]) for x in range(len(game.states))),
        values=values,
        discount=beta,
        converged=converged,
        residual=regret / span,
        regret=regret,
        lam=end.lam,
        distance=end.distance,
        folds=end.folds,
        steps=end.steps,
        solves=end.solves,
        method=f"principal branch of logit equilibria; {end.reason}",
        proved="no deviation in one state and period gains more than the regret, so none gains more than the regret "
        "divided by 1 - discount",
        not_proved="whether other equilibria exist"
        + ("; that the branch ends here, to whose last point it is near" if end.distance > 0.0 else ""),
    )
