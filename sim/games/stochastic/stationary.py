r"""Stationary logit equilibrium of a stochastic game in which all players move at once.

A profile :math:`\sigma` is a stationary logit (Markov quantal response) equilibrium at precision :math:`\lambda` iff in
each state each player's move probabilities are the logit response to the values :math:`W` of its moves,

.. math:: \sigma_i(a \mid x) \propto e^{\lambda_i W_i(x, a; \sigma)},

with :math:`W` as in `sim.games.stochastic.stationary_play`: payoffs per period, :math:`(1-\delta)`-normalised, so that
:math:`\delta = 0` is the logit equilibrium of each state's one-shot game. An equilibrium exists; at high
:math:`\lambda` there can be several. The *principal branch* starts at uniform play at :math:`\lambda = 0` and is
followed here by continuation: at each step move values are extrapolated along the branch (predictor) and the fixed
point is solved by Anderson (1965) mixing or damped iteration (corrector); a step is taken only if the corrector ends
close to the predictor, and cut otherwise. Where that fails, or the branch folds, it is followed from its start with
exact derivatives (`sim.games.stochastic.logit_path`), and :math:`\lambda` may turn back; the turns are reported. If
that fails too, the solver tries the target from where it stands and says ``branch = "unknown"``, or reports that it
did not converge.

References
----------
McKelvey, R. D. and Palfrey, T. R. (1998). Quantal response equilibria for extensive form games. Exp. Economics 1, 9-41.
Eibelshäuser, S. and Poensgen, D. (2019). Markov quantal response equilibrium and a homotopy method for computing and
selecting Markov perfect equilibria of dynamic stochastic games. SSRN 3314404.
Anderson, D. G. (1965). Iterative procedures for nonlinear integral equations. Journal of the ACM 12, 547-560.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from sim.errors import ConvergenceWarning, GameError
from sim.games.numerics.anderson import fixed_point
from sim.games.numerics.arguments import Floats, Integers, count, discounts, number, payoff_array, precisions
from sim.games.stochastic.logit_path import MOST_VALUES, LogitPath
from sim.games.stochastic.play_derivatives import PlayDerivatives
from sim.games.stochastic.stationary_play import StationaryPlay
from sim.games.stochastic.stochastic_game import StochasticGame
from sim.notebook_table import NotebookTable

Method = Literal["anderson", "damped"]

_JUMP = 0.05
_ROUGH = 1e-5
_CUTS = 3
_CRAWL = 1e-3
"""Shorter steps, as a share of where the branch stands, get nowhere: exact derivatives take long ones."""
_LAST_RESORT = 400
_ROUNDING = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class StationaryEquilibrium(NotebookTable):
    """A stationary profile and how far it is from a logit equilibrium.

    Attributes
    ----------
    strategies : tuple
        ``strategies[state][player]`` is the array of move probabilities.
    values : ndarray, shape (states, players)
        Payoff per period of each player from each state under the profile.
    lam : ndarray, shape (players,)
        Precisions asked for, per unit of payoff per period.
    discount : ndarray, shape (players,)
        Discount factors.
    converged : bool
        Whether `residual` is at most the tolerance, or at most 1e-13 of lam times payoff range, which is what rounding
        leaves at high precision.
    residual : float
        Largest difference between a move's probability and its logit response.
    regret : float
        The most that one deviation in one state and period gains, per period. The gain of any other strategy is at
        most this divided by 1 - discount.
    branch : str
        ``"principal"`` (followed from uniform play at lam 0 without a jump), ``"start"`` (from the caller's start) or
        ``"unknown"``.
    lam_reached : float
        Share of the way from lam 0 to the target that was followed along the branch.
    folds : tuple of float
        Where the branch turned (the nearest point computed), as shares of the target lam, in the order met.
    evaluations : int
        Evaluations of the profile's values, and linear systems solved along the branch.
    proved : str
        What is proved.
    """

    strategies: tuple[tuple[Floats, ...], ...]
    values: Floats
    lam: Floats
    discount: Floats
    converged: bool
    residual: float
    regret: float
    branch: str
    lam_reached: float
    folds: tuple[float, ...]
    evaluations: int
    proved: str


class _LogitMap:
    """The map from centred move values to the centred values of moves under their logit response."""

    def __init__(self, play: StationaryPlay, lam: Floats) -> None:
        self.play = play
        starts = play.first_move
        sizes = play.game.sizes
        self.starts: Integers = starts[:-1]
        self.sizes: Integers = sizes.ravel()
        self.by_player = lam
        self.lam = np.repeat(np.tile(lam, sizes.shape[0]), self.sizes)
        self.evaluations = 0

    def centred(self, moves: Floats) -> Floats:
        mean = np.add.reduceat(moves, self.starts) / self.sizes
        return np.asarray(moves - np.repeat(mean, self.sizes))

    def logit(self, moves: Floats, share: float) -> Floats:
        scores = share * self.lam * moves
        scores -= np.repeat(np.maximum.reduceat(scores, self.starts), self.sizes)
        odds = np.exp(scores)
        return np.asarray(odds / np.repeat(np.add.reduceat(odds, self.starts), self.sizes))

    def evaluate(self, sigma: Floats) -> Floats:
        self.evaluations += 1
        return self.centred(self.play.evaluate(sigma)[1])


def stationary_logit(
    game: StochasticGame,
    lam: npt.ArrayLike,
    discount: npt.ArrayLike,
    *,
    method: Method = "anderson",
    start: npt.ArrayLike | None = None,
    tolerance: float = 1e-10,
    max_evaluations: int = 20_000,
) -> StationaryEquilibrium:
    """Return a stationary logit equilibrium, by default on the principal branch.

    Parameters
    ----------
    game : StochasticGame
        Its payoffs are used as given; values are averages per period.
    lam : array_like, shape (players,) or a number
        Precision per unit of payoff per period, finite and at least 0.
    discount : array_like, shape (players,) or a number
        Discount factors in [0, 1); 0 makes each state a one-shot game.
    method : {"anderson", "damped"}
        The corrector.
    start : array_like, shape (all moves,), optional
        Flat strategies to start from at the target precision, without continuation.
    tolerance : float
        Residual in probability at which the profile counts as an equilibrium.
    max_evaluations : int
        Evaluations to spend at most.

    Returns
    -------
    StationaryEquilibrium

    Warns
    -----
    ConvergenceWarning
        If the residual stayed above the tolerance, or the branch could not be followed to the target.

    Raises
    ------
    GameError
        If an argument is outside its interval.

    Examples
    --------
    >>> pennies = StochasticGame.from_arrays([[[[4, 0], [0, 1]], [[0, 1], [1, 0]]]], [[[[1], [1]], [[1], [1]]]])
    >>> [p.round(8).tolist()[0] for p in stationary_logit(pennies, 1.0, 0.0).strategies[0]]
    [0.72193715, 0.39081819]

    References
    ----------
    McKelvey and Palfrey (1998); Eibelshäuser and Poensgen (2019).
    """
    players = len(game.players)
    precision = precisions(lam, players, infinite=False)
    beta = discounts(discount, players)
    limit = number("tolerance", tolerance, 0.0, open_low=True)
    budget = count("max_evaluations", max_evaluations)
    if method not in ("anderson", "damped"):
        raise GameError(f"method: found {method!r}, expected 'anderson' or 'damped'")
    play = StationaryPlay(game, beta)
    mapping = _LogitMap(play, precision)
    folds: tuple[float, ...] = ()
    if start is None:
        sigma, branch, reached, folds = _follow(mapping, method, limit, budget)
    else:
        sigma = _started(play, start)
        sigma, _ = _correct(mapping, mapping.evaluate(sigma), 1.0, method, limit, budget)
        branch, reached = "start", 0.0
    values, moves = play.evaluate(sigma)
    residual = float(np.abs(sigma - mapping.logit(moves, 1.0)).max())
    span = game.payoffs.max(axis=0) - game.payoffs.min(axis=0)
    converged = residual <= max(limit, _ROUNDING * float((precision * span).max()))
    if not converged or branch == "unknown":
        warnings.warn(
            f"stationary_logit: residual {residual:.3g} (tolerance {limit:.3g}) after {mapping.evaluations} "
            f"evaluations; the branch was followed to {reached:.3g} of lam. Lower lam, give a start, or raise "
            "max_evaluations",
            ConvergenceWarning,
            stacklevel=2,
        )
    pieces = np.split(sigma, play.first_move[1:-1])
    strategies = tuple(tuple(pieces[x * players : (x + 1) * players]) for x in range(len(game.states)))
    return StationaryEquilibrium(
        strategies,
        values,
        precision,
        beta,
        converged,
        residual,
        play.one_shot_regret(sigma, moves),
        branch,
        reached,
        folds,
        mapping.evaluations,
        _proof(converged, branch),
    )


def _proof(converged: bool, branch: str) -> str:
    if not converged:
        return "nothing: the profile is no equilibrium to the tolerance"
    if branch == "principal":
        return "a fixed point to the residual, followed numerically from uniform play; uniqueness is not proved"
    return "a fixed point to the residual; neither its branch nor uniqueness is proved"


def _started(play: StationaryPlay, start: npt.ArrayLike) -> Floats:
    sigma = payoff_array("start", start, 1)
    starts = play.first_move
    if sigma.shape != (int(starts[-1]),):
        raise GameError(f"start: found shape {sigma.shape}, expected ({int(starts[-1])},): all move probabilities")
    if (sigma < 0).any() or (np.abs(np.add.reduceat(sigma, starts[:-1]) - 1.0) > 1e-9).any():
        raise GameError("start: found a strategy that is negative or does not sum to 1, expected distributions")
    return sigma


def _correct(
    mapping: _LogitMap, guess: Floats, share: float, method: Method, tolerance: float, budget: int
) -> tuple[Floats, Floats | None]:
    """Solve the fixed point at a share of lam from guessed move values; None for the values if it failed."""

    def improved(moves: Floats) -> tuple[Floats, float]:
        sigma = mapping.logit(moves, share)
        after = mapping.evaluate(sigma)
        return after, float(np.abs(mapping.logit(after, share) - sigma).max())

    left = max(1, budget - mapping.evaluations)
    solution = fixed_point(improved, guess, tolerance, left, memory=8 if method == "anderson" else 0)
    return mapping.logit(solution.point, share), solution.point if solution.converged else None


def _follow(
    mapping: _LogitMap, method: Method, tolerance: float, budget: int
) -> tuple[Floats, str, float, tuple[float, ...]]:
    """Follow the principal branch from lam 0 to the target; return strategies, branch, share of lam reached, folds."""
    sigma = mapping.play.uniform()
    moves = mapping.evaluate(sigma)
    share, step = 0.0, _first_step(mapping, moves)
    slope = np.zeros_like(moves)
    cuts = 0
    while share < 1.0:
        trial = min(1.0, share + step)
        predicted = moves + (trial - share) * slope
        before = mapping.evaluations
        wanted = tolerance * 0.1 if trial == 1.0 else _ROUGH
        limit = before + (400 if trial == 1.0 else 80)
        corrected, solved = _correct(mapping, predicted, trial, method, wanted, min(limit, budget))
        jump = float(np.abs(corrected - mapping.logit(predicted, trial)).max())
        if solved is not None and jump <= _JUMP:
            slope = (solved - moves) / (trial - share)
            moves, sigma, share, cuts = solved, corrected, trial, 0
            if mapping.evaluations - before <= 20 and jump <= 0.5 * _JUMP:
                step *= 2.0
            continue
        step *= 0.25
        cuts += 1
        if cuts >= _CUTS or step < _CRAWL * share or mapping.evaluations >= budget:
            return _follow_by_arc(mapping, moves, share, method, tolerance, budget)
    return sigma, "principal", share, ()


def _follow_by_arc(
    mapping: _LogitMap, moves: Floats, share: float, method: Method, tolerance: float, budget: int
) -> tuple[Floats, str, float, tuple[float, ...]]:
    """Follow the branch from its start with exact derivatives; `moves` and `share` are where the corrector failed."""
    play = mapping.play
    last = min(_LAST_RESORT, budget // 2)
    folds: tuple[float, ...] = ()
    if play.game.sizes.size <= MOST_VALUES:
        equations = PlayDerivatives(play.game, play.discount, mapping.by_player)
        uniform = play.uniform()
        values, worth = play.evaluate(uniform)
        path = LogitPath(equations, play.first_move, values.T.ravel(), _first_step(mapping, mapping.centred(worth)))
        end = path.follow(1.0, budget - last - mapping.evaluations, lambda _: False, 1.0)
        mapping.evaluations += end.solves
        folds = end.folds
        if end.reached:
            return end.sigma, "principal", 1.0, folds
        share = end.lam
        moves = mapping.evaluate(end.sigma)
    sigma, _ = _correct(mapping, moves, 1.0, method, tolerance * 0.1, min(budget, mapping.evaluations + last))
    return sigma, "unknown", share, folds


def _first_step(mapping: _LogitMap, moves: Floats) -> float:
    """Return the share of lam at which log-odds first differ by about one."""
    widest = float((mapping.lam * np.abs(moves)).max())
    return 1.0 if widest <= 1.0 else 1.0 / widest
