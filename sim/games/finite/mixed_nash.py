r"""Nash equilibria in mixed strategies, and whether the list is proved to be complete.

* **One player**: the best strategies.
* **Two players**: the completely labelled pairs of vertices of the best-response polytopes. Complete if the game is
  nondegenerate, the vertex lists are closed under edges and the indices of the equilibria add up to 1, as those of all
  equilibria do (Shapley 1974). In a degenerate game the extreme equilibria are listed; complete only if they are
  isolated.
* **Three or more players**: Gambit's solution of the polynomial equations of every support, sharpened by Newton. Gambit
  misses equilibria without saying so (pygambit 17.0.0b2: in 15 of 300 games of 2 x 2 x 2 with random whole payoffs), so
  its list is complete only if interval bounds prove that no support holds another root; what they find is added.
  Where they do not, what Newton's method finds from fixed starts on every support is added too. Without Gambit that
  method stands alone: what was found, never complete.

Every profile carries its regret, evaluated on the payoffs, so each is certified whatever the method.

Sources: Nash, J. (1951); Avis, D. et al. (2010), Enumeration of Nash equilibria for two-player games, Economic Theory
42, 9-37; McKelvey, R. and McLennan, A. (1996), Computation of equilibria in finite games, Handbook of Computational
Economics 1, chapter 2; Shapley, L. (1974), A note on the Lemke-Howson algorithm, Mathematical Programming Study 1.
"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.errors import ConvergenceWarning, UsageError
from sim.games.finite.best_response_polytopes import MOST_VERTICES, extreme_equilibria, vertex_bound
from sim.games.finite.certificate import certified_profile
from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.profile import MixedProfile, ProfileSet, ordered
from sim.games.finite.pure_nash import pure_nash
from sim.games.finite.root_isolation import isolate_equilibria
from sim.games.finite.support_search import sharpened, solve_support, starts, supports_by_size
from sim.games.formats import gambit
from sim.games.numerics.pivoting import lemke_howson

Array = NDArray[np.float64]
Method = Literal["auto", "vertices", "gambit", "isolate", "search"]
METHODS = ("auto", "vertices", "gambit", "isolate", "search")

TOLERANCE = 1e-9
"""Regret, as a share of the payoff range, up to which a profile is an equilibrium."""
SAME = 1e-7
MOST_SEARCHED = 20_000
MOST_PIVOTS = 100_000
PROVED = "each profile has the regret it carries, evaluated on the payoff arrays"


def mixed_nash(game: PayoffTable, method: Method = "auto", time_limit_s: float = 60.0) -> ProfileSet:
    """Return Nash equilibria in mixed (and pure) strategies, saying whether they are proved to be all.

    Parameters
    ----------
    game : PayoffTable
    method : {"auto", "vertices", "gambit", "isolate", "search"}
        ``"vertices"`` enumerates the vertices of the best-response polytopes (two players). ``"gambit"`` solves the
        polynomial equations of every support (needs the extra ``gambit``) and proves the list complete by interval
        bounds; ``"isolate"`` does so without Gambit. ``"search"`` runs Newton's method on every support and proves
        nothing about completeness. ``"auto"`` is ``"vertices"`` for two players, and for more ``"gambit"`` if it is
        installed, else ``"search"``.
    time_limit_s : float
        Seconds after which Gambit (checked between supports) and the proof (between boxes) are stopped, and again the
        search for what they left out (between supports); what they have until then is returned as incomplete.

    Returns
    -------
    ProfileSet

    Raises
    ------
    UsageError
        If the method is unknown or does not fit the number of players.
    MissingExtraError
        If Gambit is asked for and not installed.

    Examples
    --------
    >>> equilibria = mixed_nash(PayoffTable([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]))
    >>> [v.round(3).tolist() for v in equilibria[0]], equilibria.complete
    ([[0.5, 0.5], [0.2, 0.8]], True)
    >>> mixed_nash(PayoffTable([[1.0, 3.0, 2.0]]))[0].pure
    (1,)
    """
    if method not in METHODS:
        raise UsageError(f"method: found {method!r}, expected one of {', '.join(METHODS)}")
    if method == "vertices" and game.n_players != 2:
        raise UsageError(f"method: 'vertices' needs two players, found {game.n_players}; use 'gambit' or 'search'")
    if not time_limit_s > 0.0:
        raise UsageError(f"time_limit_s: found {time_limit_s!r}, expected a positive number of seconds")
    if game.n_players == 1 and method == "auto":
        return _one_player(game)
    if game.n_players == 2 and method in ("auto", "vertices"):
        return _two_players(game)
    if method == "gambit" or (method == "auto" and gambit.is_installed()):
        return _by_gambit(game, time_limit_s)
    if method == "isolate":
        return _by_isolation(game, time_limit_s)
    return _by_search(game, time.monotonic() + time_limit_s)


def _one_player(game: PayoffTable) -> ProfileSet:
    best = pure_nash(game)
    unique = len(best) == 1
    return ProfileSet(
        best.profiles,
        unique,
        "largest payoff",
        "no other strategy is as good" if unique else "every best strategy is listed",
        "" if unique else "every mixture of the listed strategies is an equilibrium too",
    )


def _two_players(game: PayoffTable) -> ProfileSet:
    shape = (game.shape[0], game.shape[1])
    if vertex_bound(shape) > MOST_VERTICES:
        return _by_pivoting(game)
    row, column = game.payoffs
    extreme = extreme_equilibria(row, column)
    method = "vertex enumeration"
    profiles = _certified(game, extreme.pairs, method)
    if extreme.nondegenerate:
        complete = extreme.all_vertices and all(p.converged for p in profiles) and _index_sum(game, profiles) == 1
        note = (
            "the game is nondegenerate, the vertex lists of both polytopes are closed under edges, and the indices of "
            "the equilibria add up to 1"
        )
    else:
        complete = extreme.all_vertices and extreme.isolated and all(p.converged for p in profiles)
        note = "the game is degenerate, but no two extreme equilibria share a strategy, so there is no continuum"
    if complete:
        return ProfileSet(profiles, True, method, note + f"; {PROVED}", "")
    reason = (
        "the vertex lists could not be proved complete"
        if extreme.nondegenerate or extreme.isolated
        else "the game is degenerate: mixtures of listed (extreme) equilibria that share a strategy are equilibria too"
    )
    return ProfileSet(profiles, False, method, PROVED, reason)


def _index_sum(game: PayoffTable, profiles: Sequence[MixedProfile]) -> int:
    """Return the sum of the indices of equilibria of a nondegenerate two-player game, 1 if none is missing."""
    row, column = (u - u.min() + max(game.payoff_range, 1.0) for u in game.payoffs)
    total = 0
    for profile in profiles:
        support = np.ix_(*profile.support)
        if len(profile.support[0]) != len(profile.support[1]):
            return 0
        signs = np.linalg.slogdet(row[support])[0] * np.linalg.slogdet(column[support])[0]
        total += int(signs) * (1 if len(profile.support[0]) % 2 else -1)
    return total


def _by_pivoting(game: PayoffTable) -> ProfileSet:
    """Run Lemke-Howson from every strategy of a two-player game too large to enumerate."""
    method = "Lemke-Howson from every strategy"
    row, column = (1.0 + (u - u.min()) / (float(u.max() - u.min()) or 1.0) for u in game.payoffs)
    candidates: list[tuple[Array, ...]] = [p.vectors for p in pure_nash(game)]
    for label in range(sum(game.shape)):
        x, y = (np.zeros(n) for n in game.shape)
        if lemke_howson(row, column, label, x, y, MOST_PIVOTS) > 0:
            candidates.append((x / x.sum(), y / y.sum()))
    profiles = [p for p in _certified(game, candidates, method) if p.converged]
    return ProfileSet(
        tuple(profiles),
        False,
        method,
        PROVED + "; all pure equilibria are listed",
        f"the game has too many vertices to enumerate (over {MOST_VERTICES}); others may exist",
    )


def _by_gambit(game: PayoffTable, time_limit_s: float) -> ProfileSet:
    """Take Gambit's list, and prove that nothing is missing from it, or find what is."""
    stop_at = time.monotonic() + time_limit_s
    result = gambit.enumpoly(game, time_limit_s)
    reasons = [] if result.in_time else [f"the time limit of {time_limit_s:g} s ended Gambit"]
    if result.singular:
        reasons.append(f"{result.singular} supports have singular equations and may hold a continuum of equilibria")
    if result.exhausted:
        reasons.append(f"{result.exhausted} supports exhausted Gambit's budget")
    method = "polynomial equations of every support (Gambit enumpoly), checked by interval bounds"
    return _proved(game, list(result.profiles), method, reasons, stop_at, time_limit_s)


def _by_isolation(game: PayoffTable, time_limit_s: float) -> ProfileSet:
    stop_at = time.monotonic() + time_limit_s
    return _proved(game, [], "interval bounds on every support", [], stop_at, time_limit_s)


def _proved(
    game: PayoffTable,
    candidates: list[Sequence[Array]],
    method: str,
    reasons: list[str],
    stop_at: float,
    time_limit_s: float,
) -> ProfileSet:
    """Certify candidates and prove the list complete, adding what the proof finds or, if it fails, a search."""
    candidates += [p.vectors for p in pure_nash(game)]
    known = [p.vectors for p in _certified(game, candidates, method) if p.converged]
    proof = isolate_equilibria(game, known, stop_at=stop_at)
    profiles = tuple(p for p in _certified(game, [*known, *proof.found], method) if p.converged)
    if proof.complete:
        note = f"interval bounds settled {proof.boxes} boxes of all {proof.supports} mixed supports"
        return ProfileSet(profiles, True, method, f"{note}: there is no other equilibrium; {PROVED}", "")
    out_of_time = time.monotonic() > stop_at
    searched, _ = _searched(game, time.monotonic() + time_limit_s)
    profiles = tuple(p for p in _certified(game, [*(p.vectors for p in profiles), *searched], method) if p.converged)
    if out_of_time:
        warnings.warn(
            "the time limit ended the search for equilibria: the list is not complete. Give a larger time_limit_s.",
            ConvergenceWarning,
            stacklevel=5,
        )
        reasons.append("the time limit ended the proof")
    reasons.append(
        f"interval bounds did not settle all supports ({proof.boxes} boxes): there may be singular equilibria, "
        "continua or equilibria that were not found"
    )
    return ProfileSet(profiles, False, method, PROVED + "; all pure equilibria are listed", "; ".join(reasons))


def _by_search(game: PayoffTable, stop_at: float) -> ProfileSet:
    method = "Newton's method on every support"
    candidates, tried = _searched(game, stop_at)
    total = math.prod(2**n - 1 for n in game.shape)
    skipped = f"; only {tried} of {total} supports were tried" if tried < total else ""
    hint = "" if gambit.is_installed() else "; pip install 'negotiation-sim[gambit]' to list them all"
    hint += "; method='isolate' tries to prove the list complete"
    return ProfileSet(
        _certified(game, candidates, method),
        False,
        method,
        PROVED + "; all pure equilibria are listed",
        f"other mixed equilibria may exist{skipped}{hint}",
    )


def _searched(game: PayoffTable, stop_at: float) -> tuple[list[Sequence[Array]], int]:
    """Return the equilibria that Newton's method finds, and how many supports were tried."""
    candidates: list[Sequence[Array]] = [p.vectors for p in pure_nash(game)]
    limit = TOLERANCE * (game.payoff_range or 1.0)
    tried = 0
    for support in supports_by_size(game.shape):
        if tried == MOST_SEARCHED or time.monotonic() > stop_at:
            break
        tried += 1
        if all(len(s) == 1 for s in support):
            continue
        for start in starts(support):
            solved = solve_support(game, support, start)
            if solved is None or min(float(v.min()) for v in solved[0]) < 0.0:
                continue
            profile = certified_profile(
                game, solved[0], method="", proved="", not_proved="", tolerance=limit, iterations=solved[1]
            )
            if profile.converged:
                candidates.append(solved[0])
    return candidates, tried


def _certified(game: PayoffTable, candidates: Sequence[Sequence[Array]], method: str) -> tuple[MixedProfile, ...]:
    """Sharpen, certify and order candidates, leaving out those that were found twice."""
    profiles: list[MixedProfile] = []
    rows = np.empty((len(candidates), sum(game.shape)))
    for candidate in candidates:
        vectors, steps = sharpened(game, candidate)
        row, listed = np.concatenate(vectors), len(profiles)
        if listed and float(np.abs(rows[:listed] - row).max(axis=1).min()) < SAME:
            continue
        rows[listed] = row
        profiles.append(
            certified_profile(
                game,
                vectors,
                method=method,
                proved="payoffs and regrets are evaluated on the payoff arrays",
                not_proved="",
                tolerance=TOLERANCE * game.payoff_range,
                iterations=steps,
            )
        )
    return ordered(profiles)
