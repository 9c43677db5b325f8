r"""Logit quantal response equilibrium of a game in normal form.

Every player plays each strategy with a probability that grows with what it is worth against the others,

.. math:: p_{ij} = \frac{\exp(\lambda_i u_{ij}(p))}{\sum_k \exp(\lambda_i u_{ik}(p))},

where :math:`\lambda` (1 / payoff unit) is the precision: 0 gives uniform play, and limits as it grows are Nash
equilibria. The **principal branch** is the curve of solutions that starts at uniform play.

It is followed in the log-odds :math:`z_{ij} = \log p_{ij} - \log p_{i1}`, which keep their precision when
probabilities vanish, with

.. math:: F_{ij}(z, \mu) = z_{ij} - \mu w_i \frac{u_{ij}(p(z)) - u_{i1}(p(z))}{c} = 0,

where :math:`c` is the payoff range, :math:`\mu = c \lambda`, and :math:`w_i` the weight of player i's precision; so
the steps taken do not depend on the units of payoff.

Sources: McKelvey, R. and Palfrey, T. (1995), Quantal response equilibria for normal form games, Games and Economic
Behavior 10, 6-38; Turocy, T. (2005), Games and Economic Behavior 51, 243-263.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.errors import GameError, UsageError
from sim.games.finite.branch import LogitBranch, followed_branch
from sim.games.finite.certificate import certified_profile
from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.profile import MixedProfile
from sim.games.numerics.continuation import System

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

METHOD = "principal branch of the logit correspondence"
PROVED = "the residual is evaluated on the payoff arrays; the branch was followed from uniform play"
MAX_UNKNOWNS = 2_000
NOT_PROVED = "whether other logit equilibria exist at this precision"


@compiled
def _probabilities(z: Array, offsets: Indices) -> Array:
    """Return the probabilities of log-odds against each player's first strategy."""
    players = len(offsets) - 1
    p = np.empty(offsets[players])
    for i in range(players):
        first = offsets[i]
        top = 0.0
        for j in range(first + 1, offsets[i + 1]):
            top = max(top, z[j - i - 1])
        p[first] = math.exp(-top)
        total = p[first]
        for j in range(first + 1, offsets[i + 1]):
            p[j] = math.exp(z[j - i - 1] - top)
            total += p[j]
        for j in range(first, offsets[i + 1]):
            p[j] /= total
    return p


@compiled
def _strategy_payoffs(cells: Array, offsets: Indices, p: Array) -> tuple[Array, Array]:
    """Return the worth of every strategy and its derivatives by every other player's probabilities."""
    players = len(offsets) - 1
    total = offsets[players]
    worth = np.zeros(total)
    slope = np.zeros((total, total))
    at = np.zeros(players, dtype=np.int64)
    for cell in range(cells.shape[1]):
        for i in range(players):
            row = offsets[i] + at[i]
            for k in range(players):
                if k == i and players > 1:
                    continue
                weight = cells[i, cell]
                for m in range(players):
                    if m != i and m != k:
                        weight *= p[offsets[m] + at[m]]
                if players == 1:
                    worth[row] += weight
                    continue
                column = offsets[k] + at[k]
                slope[row, column] += weight
        position = players - 1
        while position >= 0:
            at[position] += 1
            if at[position] < offsets[position + 1] - offsets[position]:
                break
            at[position] = 0
            position -= 1
    if players > 1:
        for i in range(players):
            k = 1 if i == 0 else 0
            for row in range(offsets[i], offsets[i + 1]):
                for column in range(offsets[k], offsets[k + 1]):
                    worth[row] += slope[row, column] * p[column]
    return worth, slope


@compiled
def _logit_system(z: Array, mu: float, cells: Array, offsets: Indices, weights: Array) -> tuple[Array, Array]:
    """Return F and its derivatives by (z, mu) as in the module docstring."""
    players = len(offsets) - 1
    n = len(z)
    p = _probabilities(z, offsets)
    worth, slope = _strategy_payoffs(cells, offsets, p)
    values = np.empty(n)
    derivatives = np.zeros((n, n + 1))
    for i in range(players):
        first = offsets[i]
        rate = mu * weights[i]
        for j in range(first + 1, offsets[i + 1]):
            row = j - i - 1
            gain = worth[j] - worth[first]
            values[row] = z[row] - rate * gain
            derivatives[row, n] = -weights[i] * gain
            for k in range(players):
                if k == i:
                    continue
                mean = 0.0
                for b in range(offsets[k], offsets[k + 1]):
                    mean += (slope[j, b] - slope[first, b]) * p[b]
                for c in range(offsets[k] + 1, offsets[k + 1]):
                    derivatives[row, c - k - 1] = -rate * p[c] * (slope[j, c] - slope[first, c] - mean)
            derivatives[row, row] = 1.0
    return values, derivatives


def logit_system(game: PayoffTable, weights: Sequence[float] | None = None) -> tuple[System, float]:
    """Return the equations of the logit correspondence, and the payoff range by which mu = range * lam.

    Parameters
    ----------
    game : PayoffTable
    weights : sequence of float, optional
        Weight of each player's precision.

    Returns
    -------
    system : callable
        See `sim.games.numerics.continuation.System`; z holds the log-odds of all but each player's first strategy.
    scale : float
        In payoff units.

    Examples
    --------
    >>> system, scale = logit_system(PayoffTable([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]))
    >>> system(np.zeros(2), 0.0)[0].tolist(), scale
    ([0.0, 0.0], 4.0)
    """
    scale = game.payoff_range or 1.0
    cells = np.ascontiguousarray([(u.ravel() - u.min()) / scale for u in game.payoffs])
    offsets = np.concatenate([[0], np.cumsum(game.shape)]).astype(np.int64)
    rates = np.ones(game.n_players) if weights is None else np.array(weights, dtype=np.float64)

    def system(z: Array, mu: float) -> tuple[Array, Array]:
        values, derivatives = _logit_system(np.ascontiguousarray(z), mu, cells, offsets, rates)
        return values, derivatives

    return system, scale


def strategy_slopes(game: PayoffTable) -> Callable[[Array], tuple[Array, Array]]:
    """Return a function that evaluates the worth of all strategies and its derivatives.

    Parameters
    ----------
    game : PayoffTable

    Returns
    -------
    callable
        From all players' probabilities in one row to the worth of every strategy in payoff units, and to its
        derivatives by every probability; those by the player's own are 0.

    Examples
    --------
    >>> strategy_slopes(PayoffTable([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]))(np.full(4, 0.5))[0].tolist()
    [2.0, 0.5, 0.5, 0.5]
    """
    cells = np.ascontiguousarray([u.ravel() for u in game.payoffs])
    offsets = np.concatenate([[0], np.cumsum(game.shape)]).astype(np.int64)

    def worth_and_slopes(p: Array) -> tuple[Array, Array]:
        worth, slopes = _strategy_payoffs(cells, offsets, p)
        return worth, slopes

    return worth_and_slopes


def logit_response(game: PayoffTable, profile: Sequence[Array], lam: float | Sequence[float]) -> tuple[Array, ...]:
    """Return each player's logit response to the others' strategies.

    Parameters
    ----------
    game : PayoffTable
    profile : sequence of ndarray
        One probability vector per player.
    lam : float or sequence of float
        Precision, in 1 / payoff unit.

    Returns
    -------
    tuple of ndarray

    Examples
    --------
    >>> game = PayoffTable([[[1, 0], [0, 1]], [[1, 0], [0, 1]]])
    >>> logit_response(game, [np.array([0.5, 0.5])] * 2, 3.0)[0].tolist()
    [0.5, 0.5]
    """
    rates = checked_precisions(lam, game.n_players)
    responses = []
    for i in range(game.n_players):
        worth = game.strategy_payoffs(i, profile)
        odds = np.exp(rates[i] * (worth - worth.max()))
        responses.append(odds / odds.sum())
    return tuple(responses)


def checked_precisions(lam: float | Sequence[float], players: int) -> Array:
    """Return one precision per player.

    Parameters
    ----------
    lam : float or sequence of float
        In 1 / payoff unit.
    players : int
        How many players there are.

    Returns
    -------
    ndarray, shape (players,)

    Raises
    ------
    UsageError
        If a precision is negative or not finite, or their number does not fit.

    Examples
    --------
    >>> checked_precisions(2.0, 2).tolist()
    [2.0, 2.0]
    """
    try:
        rates = np.array(lam, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise UsageError(f"lam: found {lam!r}, expected a number, or one number per player") from error
    if rates.ndim == 0:
        rates = np.full(players, float(rates))
    if rates.shape != (players,):
        raise UsageError(f"lam: found {rates.shape} numbers, expected one, or one per player ({players})")
    if not np.all(np.isfinite(rates)) or rates.min() < 0.0:
        raise UsageError(f"lam: found {lam!r}, expected finite numbers of at least 0")
    return rates


def residual_tolerance(mu: float) -> float:
    """Return the residual up to which a logit equilibrium counts as converged.

    Rounding of payoffs by a share of 1e-16 of their range moves the logit response by as much times mu, so the
    tolerance grows with mu: the profile then solves the game exactly for payoffs changed by 1e-11 of their range.

    Parameters
    ----------
    mu : float
        Precision times payoff range.

    Returns
    -------
    float

    Examples
    --------
    >>> residual_tolerance(1.0), residual_tolerance(1e12)
    (1e-09, 0.001)
    """
    return min(1e-3, max(1e-9, 1e-11 * mu))


def logit_branch(
    game: PayoffTable, lam_max: float, weights: Sequence[float] | None = None
) -> LogitBranch[MixedProfile]:
    """Return the principal branch of logit equilibria from uniform play up to a precision.

    Parameters
    ----------
    game : PayoffTable
    lam_max : float
        Precision at which to stop, in 1 / payoff unit.
    weights : sequence of float, optional
        Player i's precision is ``weights[i] * lam``; 1 for all by default.

    Returns
    -------
    LogitBranch

    Raises
    ------
    UsageError
        If ``lam_max`` or a weight is negative or not finite.
    GameError
        If the game has too many strategies to follow a branch.

    Warns
    -----
    ConvergenceWarning
        If the branch could not be followed to `lam_max`.

    Examples
    --------
    >>> branch = logit_branch(PayoffTable([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]), 50.0)
    >>> branch.converged, len(branch.folds), branch.lam_max
    (True, 0, 50.0)
    """
    rates = checked_precisions(1.0 if weights is None else weights, game.n_players)
    if np.ndim(lam_max) != 0:
        raise UsageError(f"lam_max: found {lam_max!r}, expected one number")
    last = float(checked_precisions(lam_max, 1)[0])
    system, scale = logit_system(game, rates.tolist())
    largest = float(rates.max())
    offsets = np.concatenate([[0], np.cumsum(game.shape)]).astype(np.int64)

    def probabilities(z: Array) -> Array:
        return np.asarray(_probabilities(np.ascontiguousarray(z), offsets))

    def profile(z: Array, lam: float, iterations: int) -> MixedProfile:
        vectors = np.split(probabilities(z), offsets[1:-1])
        responses = logit_response(game, vectors, (rates * lam).tolist())
        residual = max(float(np.abs(v - r).max()) for v, r in zip(vectors, responses, strict=True))
        return certified_profile(
            game,
            vectors,
            method=METHOD,
            proved=PROVED,
            not_proved=NOT_PROVED if lam else "",
            tolerance=residual_tolerance(lam * scale * largest),
            residual=residual,
            iterations=iterations,
            lam=lam * largest if weights is not None else lam,
        )

    n = int(offsets[-1]) - game.n_players
    if n > MAX_UNKNOWNS:
        raise GameError(f"found a game of {n} free probabilities, expected at most {MAX_UNKNOWNS} to follow a branch")
    return followed_branch(system, n, scale, last, probabilities, profile, tuple(int(k) for k in offsets))


def logit_qre(game: PayoffTable, lam: float | Sequence[float]) -> MixedProfile:
    """Return the logit quantal response equilibrium at a precision, on the principal branch.

    Parameters
    ----------
    game : PayoffTable
    lam : float or sequence of float
        Precision in 1 / payoff unit, at least 0: 0 is uniform play, large is near Nash. One number per player gives
        players different precisions.

    Returns
    -------
    MixedProfile
        The first point of the branch from uniform play at which the precision is reached; ``residual`` is the largest
        difference between a probability and its logit response.

    Raises
    ------
    UsageError
        If a precision is negative or not finite.

    Warns
    -----
    ConvergenceWarning
        If the branch could not be followed so far; the profile is the last one reached, ``converged`` False.

    Examples
    --------
    >>> game = PayoffTable([[[4, 0], [0, 1]], [[0, 1], [1, 0]]])
    >>> [round(float(v[0]), 9) for v in logit_qre(game, 1.0)]
    [0.721937154, 0.390818187]
    """
    rates = checked_precisions(lam, game.n_players)
    largest = float(rates.max())
    if np.ndim(lam) == 0 or largest == 0.0:
        return logit_branch(game, largest).end
    return logit_branch(game, largest, (rates / largest).tolist()).end
