r"""Equilibria of the empirical table, how sure they are, and the families they fall into.

The table is solved on its mean payoffs: strictly dominated policies go, all equilibria that the solver finds are
listed, and the principal branch of logit equilibria says which one play with ever higher precision leads to (a rule of
selection, not a proof that it is played). Payoffs are estimates, so each list is an estimate too. A *bootstrap* over
worlds (Efron 1979; replications are drawn with repetition, the same for all profiles, so that common luck stays common)
says in which share of resampled tables each listed equilibrium is one: of a pure one, that no policy gains; of a mixed
one, that its support carries one.

A *family* is a group of equilibria under which outcomes come with much the same probabilities: the largest difference
of an outcome's share between neighbours is at most `ALIKE`. Families, not single profiles, are what can be told apart
by the record.

References
----------
Efron, B. (1979). Bootstrap methods: another look at the jackknife. Annals of Statistics 7, 1-26.
McKelvey, R. and Palfrey, T. (1995). Quantal response equilibria for normal form games. Games and Economic Behavior 10.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.solving.table import EmpiricalTable, shares_of
from sim.solving.worlds import luck_of

if TYPE_CHECKING:
    from sim.games import NormalForm
    from sim.games.finite.payoff_table import PayoffTable

Floats = NDArray[np.float64]
ALIKE = 0.10
MOST_SUPPORTS = 1_500
"""Supports that are tried in games of three players and more, small ones first."""
MOST_LISTED = 40
LOGIT_RANGE = 300.0
"""The branch is followed to a precision of so many over the payoff range."""
TINY = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class TableEquilibrium:
    """An equilibrium of the mean payoffs.

    Attributes
    ----------
    vectors : tuple of ndarray
        For each player the probabilities of its policies.
    payoffs : tuple of float
        Expected payoffs (util).
    outcomes : dict of int to float
        Share of each outcome by its number.
    frequency : float
        Share of resampled tables in which it, or one on its support, is an equilibrium.
    family : int
        From 0, the families with the greatest frequency first.
    on_branch : bool
        Whether the principal branch of logit equilibria ends there.
    """

    vectors: tuple[Floats, ...]
    payoffs: tuple[float, ...]
    outcomes: dict[int, float]
    frequency: float
    family: int
    on_branch: bool

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """For each player the policies with positive probability."""
        return tuple(tuple(int(k) for k in np.flatnonzero(v > 0.0)) for v in self.vectors)


@dataclass(frozen=True, slots=True, eq=False)
class SolvedTable:
    """What the table says.

    Attributes
    ----------
    equilibria : tuple of TableEquilibrium
        Most frequent first.
    dominated : tuple of tuple of int
        For each player the policies that went by iterated strict dominance (in means).
    complete : bool
        Whether the solver proved that the means have no other equilibrium.
    proved, not_proved : str
        In the solver's words.
    resamples : int
        Tables of the bootstrap.
    branch_converged : bool
        Whether the logit branch reached its end.
    """

    equilibria: tuple[TableEquilibrium, ...]
    dominated: tuple[tuple[int, ...], ...]
    complete: bool
    proved: str
    not_proved: str
    resamples: int
    branch_converged: bool


def solve_table(table: EmpiricalTable, seed: int, resamples: int = 400) -> SolvedTable:
    """List the equilibria of a table with their bootstrap frequencies and families.

    Parameters
    ----------
    table : EmpiricalTable
        Filled.
    seed : int
        Of the call; the bootstrap has luck of its own.
    resamples : int
        Tables of the bootstrap.
    """
    game = table.game()
    reduced = game.iterated_dominance("strict")
    found = listed(reduced.game)
    vectors = [_widened(mix, reduced.survivors, game.shape) for mix in found.mixtures]
    branch = game.logit_branch(LOGIT_RANGE / (game.payoff_range or 1.0))
    end = tuple(np.asarray(v) for v in branch.end.vectors)
    limit = _nearest(vectors, end)
    if limit is None:  # the list missed it: sharpen the end of the branch into one
        sharp = tuple(np.where(v > 0.02, v, 0.0) / v[v > 0.02].sum() for v in end)
        solved = on_support(game, [np.flatnonzero(v) for v in sharp], sharp)
        if solved is not None:
            vectors.append(solved)
            limit = len(vectors) - 1
    frequencies = _frequencies(table, vectors, seed, resamples)
    outcomes = table.outcomes()
    numbers = [int(k) for k in np.unique(outcomes)]
    ranked = []
    for place, (mix, frequency) in enumerate(zip(vectors, frequencies, strict=True)):
        shares = shares_of(outcomes, joint(mix), numbers)
        payoffs = tuple(float((joint(mix) * u).sum()) for u in game.payoffs)
        ranked.append((frequency, place, mix, payoffs, shares))
    ranked.sort(key=lambda one: (-one[0], one[1]))
    count = len(ranked)
    if count > MOST_LISTED:  # what the branch selects stays
        kept = sorted(range(count), key=lambda k: (ranked[k][1] != limit, k))[:MOST_LISTED]
        ranked = [ranked[k] for k in sorted(kept)]
    families = _families([shares for *_, shares in ranked])
    equilibria = tuple(
        TableEquilibrium(mix, payoffs, shares, frequency, family, place == limit)
        for (frequency, place, mix, payoffs, shares), family in zip(ranked, families, strict=True)
    )
    gone = tuple(
        tuple(k for k in range(n) if k not in kept) for n, kept in zip(game.shape, reduced.survivors, strict=True)
    )
    missing = [found.not_proved] if found.not_proved else []
    if count > MOST_LISTED:
        missing.append(f"of {count} equilibria that were found {MOST_LISTED} are listed, the most frequent ones first")
    complete = found.complete and count <= MOST_LISTED
    return SolvedTable(equilibria, gone, complete, found.proved, "; ".join(missing), resamples, bool(branch.converged))


@dataclass(frozen=True, slots=True, eq=False)
class Listed:
    """Equilibria of a finite game, and whether they are all.

    Attributes
    ----------
    mixtures : list of tuple of ndarray
    complete : bool
        Whether it is proved that there are no others.
    proved, not_proved : str
        In words.
    """

    mixtures: list[tuple[Floats, ...]]
    complete: bool
    proved: str
    not_proved: str


def listed(game: PayoffTable) -> Listed:
    """List equilibria: all of a game of two players, else all pure ones and those on small supports.

    Parameters
    ----------
    game : PayoffTable
        After what is dominated is gone.
    """
    from sim.games import NormalForm
    from sim.games.finite.support_search import supports_by_size

    small = NormalForm(game.payoffs)
    if small.n_players <= 2:
        every = small.mixed_nash()
        mixtures = [tuple(np.asarray(v) for v in profile.vectors) for profile in every if profile.converged]
        return Listed(mixtures, every.complete, every.proved, every.not_proved)
    mixtures = [tuple(np.asarray(v) for v in profile.vectors) for profile in small.pure_nash()]
    tried, there = 0, math.prod(2**n - 1 for n in small.shape)
    for support in itertools.islice(supports_by_size(small.shape), MOST_SUPPORTS + math.prod(small.shape)):
        if all(len(s) == 1 for s in support):
            continue
        tried += 1
        centre = [
            np.where(np.isin(np.arange(n), s), 1.0 / len(s), 0.0) for n, s in zip(small.shape, support, strict=True)
        ]
        mix = on_support(small, [np.array(s) for s in support], centre)
        if mix is not None and not any(_close(mix, known) for known in mixtures):
            mixtures.append(mix)
    mixed = there - math.prod(small.shape)
    return Listed(
        mixtures,
        mixed == 0,
        "all pure equilibria are listed",
        f"of {mixed} supports of mixtures {min(tried, mixed)} were tried, small ones first, each from its centre",
    )


def _close(one: Sequence[Floats], other: Sequence[Floats]) -> bool:
    return all(float(np.abs(a - b).max()) < 1e-6 for a, b in zip(one, other, strict=True))


def joint(vectors: Sequence[Floats]) -> Floats:
    """Return the probabilities of profiles if players mix independently.

    Examples
    --------
    >>> joint([np.array([0.5, 0.5]), np.array([1.0, 0.0])]).tolist()
    [[0.5, 0.0], [0.5, 0.0]]
    """
    probabilities: Floats = np.ones(())
    for vector in vectors:
        probabilities = np.multiply.outer(probabilities, vector)
    return probabilities


def values_against(payoffs: Floats, vectors: Sequence[Floats], player: int) -> Floats:
    """Return what each policy of a player is worth against the others' mixtures."""
    values = np.moveaxis(payoffs, player, 0)
    for k in reversed([k for k in range(len(vectors)) if k != player]):
        values = values @ vectors[k]
    return values


def on_support(
    game: NormalForm, support: Sequence[NDArray[np.intp]], start: Sequence[Floats]
) -> tuple[Floats, ...] | None:
    """Return the equilibrium on a support that Newton's method finds from a start, or None if there is none.

    Payoffs of the policies of each support must be equal, and no other policy may be worth more.
    """
    from sim.games.finite.support_search import solve_support

    tolerance = 1e-8 * (game.payoff_range or 1.0)
    if all(len(s) == 1 for s in support):
        vectors: tuple[Floats, ...] = tuple(np.eye(n)[s[0]] for n, s in zip(game.shape, support, strict=True))
    else:
        solved = solve_support(
            game, tuple(tuple(int(k) for k in s) for s in support), [v[s] for v, s in zip(start, support, strict=True)]
        )
        if solved is None or min(float(v.min()) for v in solved[0]) < -TINY:
            return None
        vectors = tuple(np.maximum(v, 0.0) / np.maximum(v, 0.0).sum() for v in solved[0])
    for player, u in enumerate(game.payoffs):
        values = values_against(u, vectors, player)
        if values.max() - values @ vectors[player] > tolerance:
            return None
    return vectors


def _widened(vectors: Sequence[Floats], survivors: Sequence[Sequence[int]], shape: Sequence[int]) -> tuple[Floats, ...]:
    """Put probability 0 on the policies that were removed."""
    wide = []
    for vector, kept, n in zip(vectors, survivors, shape, strict=True):
        full = np.zeros(n)
        full[list(kept)] = np.where(vector > TINY, vector, 0.0)
        wide.append(full / full.sum())
    return tuple(wide)


def _nearest(vectors: Sequence[Sequence[Floats]], end: Sequence[Floats]) -> int | None:
    """Return the equilibrium that the end of the branch is close to."""
    gaps = [max(float(np.abs(v - e).max()) for v, e in zip(mix, end, strict=True)) for mix in vectors]
    if not gaps or min(gaps) > 0.2:
        return None
    return int(np.argmin(gaps))


def _frequencies(
    table: EmpiricalTable, vectors: Sequence[tuple[Floats, ...]], seed: int, resamples: int
) -> list[float]:
    if not vectors:
        return []
    generator = np.random.default_rng(luck_of(seed, "bootstrap"))
    payoffs = table.payoffs()
    held = np.zeros(len(vectors))
    pure = [all(np.count_nonzero(v) == 1 for v in mix) for mix in vectors]
    drawn = [
        np.bincount(generator.integers(table.runs, size=table.runs), minlength=table.runs) for _ in range(resamples)
    ]
    distinct, times = np.unique(drawn, axis=0, return_counts=True)  # of few worlds the same are drawn again and again
    for counts, often in zip(distinct, times, strict=True):
        mean = np.moveaxis(payoffs, -2, -1) @ (counts / table.runs)
        game = None
        for place, mix in enumerate(vectors):
            if pure[place]:
                cell = tuple(int(np.argmax(v)) for v in mix)
                held[place] += often * _is_best(mean, cell)
                continue
            if game is None:
                from sim.games import NormalForm

                game = NormalForm([mean[..., i] for i in range(mean.shape[-1])])
            support = [np.flatnonzero(v) for v in mix]
            held[place] += often * (on_support(game, support, mix) is not None)
    return [float(h) / resamples for h in held]


def _is_best(mean: Floats, cell: tuple[int, ...]) -> bool:
    for player, own in enumerate(cell):
        line = np.moveaxis(mean[..., player], player, -1)[(*cell[:player], *cell[player + 1 :])]
        if line.max() > line[own]:
            return False
    return True


def _families(shares: Sequence[dict[int, float]]) -> list[int]:
    """Group equilibria by their outcomes, single linkage; numbered by the first of each in the list."""
    n = len(shares)
    group = list(range(n))
    for a, b in itertools.combinations(range(n), 2):
        numbers = shares[a].keys() | shares[b].keys()
        if max((abs(shares[a].get(k, 0.0) - shares[b].get(k, 0.0)) for k in numbers), default=0.0) <= ALIKE:
            old, new = max(group[a], group[b]), min(group[a], group[b])
            group = [new if g == old else g for g in group]
    order = list(dict.fromkeys(group))
    return [order.index(g) for g in group]
