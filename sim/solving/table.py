"""The table of the empirical game: what each profile of policies pays each player, run by run, on common luck."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.solving.kept import Arrays, Kept
from sim.solving.policy import ActorPolicy, Profile
from sim.solving.worlds import SLAB, Worlds, chosen_from, luck_of

if TYPE_CHECKING:
    from sim.games import NormalForm

Floats = NDArray[np.float64]
MOST_WORLDS = 2_000_000
"""Worlds that one table may take; more is refused, with what it would take."""
Told = Callable[[str, int, int], None]
"""Called as ``told(what, done, total)``."""


class EmpiricalTable:
    """Payoffs of all profiles of some policies.

    Parameters
    ----------
    worlds : Worlds
        Plays them.
    policies : sequence of sequence of ActorPolicy
        For each player, in order.
    runs : int
        Of each profile: replications 0 to runs - 1 of one seed.
    seed : int
        Of the call; the table has luck of its own.
    kept : Kept
        What was played already.

    Attributes
    ----------
    policies : list of list of ActorPolicy
        May grow (`add`).
    """

    def __init__(
        self, worlds: Worlds, policies: Sequence[Sequence[ActorPolicy]], runs: int, seed: int, kept: Kept
    ) -> None:
        self.worlds = worlds
        self.policies = [list(some) for some in policies]
        self.runs = runs
        self.seed = luck_of(seed, "table")
        self._kept = kept
        self._payoffs: dict[Profile, Floats] = {}
        self._outcomes: dict[Profile, NDArray[np.int8]] = {}

    @property
    def shape(self) -> tuple[int, ...]:
        """How many policies each player has."""
        return tuple(len(some) for some in self.policies)

    @property
    def profiles(self) -> list[Profile]:
        """All profiles, the last player's policy fastest."""
        return list(itertools.product(*(range(n) for n in self.shape)))

    def add(self, player: int, policy: ActorPolicy) -> bool:
        """Let a player have a further policy; return whether it is new."""
        if any(policy.digest == known.digest for known in self.policies[player]):
            return False
        self.policies[player].append(policy)
        return True

    def remove(self, survivors: Sequence[Sequence[int]]) -> None:
        """Keep only some policies of each player."""
        kept = [[some[k] for k in places] for some, places in zip(self.policies, survivors, strict=True)]
        places = [{old: new for new, old in enumerate(some)} for some in survivors]
        for store in (self._payoffs, self._outcomes):
            table: dict[Profile, Any] = {}
            for profile, values in store.items():
                if all(k in place for k, place in zip(profile, places, strict=True)):
                    table[tuple(place[k] for k, place in zip(profile, places, strict=True))] = values
            store.clear()
            store.update(table)
        self.policies = kept

    def fill(self, told: Told | None = None, what: str = "profiles") -> None:
        """Play every profile that was not played yet."""
        check_size(self.shape, self.runs)
        missing = [profile for profile in self.profiles if profile not in self._payoffs]
        total, done = len(missing) * self.runs, 0
        for first in range(0, len(missing), SLAB):
            some = missing[first : first + SLAB]
            chosen = [chosen_from(self.policies, profile) for profile in some]
            key = {
                "step": "table",
                "seed": self.seed,
                "runs": self.runs,
                "profiles": [[policy.digest for policy in profile] for profile in chosen],
            }

            def play(chosen: list[tuple[ActorPolicy, ...]] = chosen) -> Arrays:
                payoffs, outcomes = self.worlds.play(chosen, self.runs, self.seed)
                return {"payoffs": payoffs, "outcomes": outcomes}

            found = self._kept.arrays(key, play, len(some) * self.runs)
            for place, profile in enumerate(some):
                self._payoffs[profile] = found["payoffs"][place]
                self._outcomes[profile] = found["outcomes"][place]
            done += len(some) * self.runs
            if told is not None:
                told(what, done, total)

    def payoffs(self) -> Floats:
        """Return all payoffs, shape (policies of player 1, ..., runs, players)."""
        return self.played([list(range(n)) for n in self.shape])

    def played(self, policies: Sequence[Sequence[int]]) -> Floats:
        """Return the payoffs of the profiles of some policies, which must have been played."""
        stacked = np.stack([self._payoffs[profile] for profile in itertools.product(*policies)])
        return stacked.reshape(*(len(some) for some in policies), self.runs, len(policies))

    def outcomes(self) -> NDArray[np.int8]:
        """Return all outcomes, shape (policies of player 1, ..., runs)."""
        stacked = np.stack([self._outcomes[profile] for profile in self.profiles])
        return stacked.reshape(*self.shape, self.runs)

    def game(self, runs: NDArray[np.int64] | None = None) -> NormalForm:
        """Return the game of the mean payoffs, over all runs or some of them (with repetition)."""
        from sim.games import NormalForm

        payoffs = self.payoffs()
        mean = payoffs.mean(axis=-2) if runs is None else payoffs[..., runs, :].mean(axis=-2)
        names = [[policy.name for policy in some] for some in self.policies]
        return NormalForm(
            [mean[..., i] for i in range(len(self.shape))],
            players=list(self.worlds.players),
            strategies=names,
            title=f"empirical game of {self.worlds.scenario.title}",
        )


def check_size(shape: Sequence[int], runs: int) -> None:
    """Refuse a table that takes too many worlds.

    Parameters
    ----------
    shape : sequence of int
        Policies of each player.
    runs : int
        Worlds of each profile.

    Raises
    ------
    UsageError
        With how many it would take and what would make it smaller.

    Examples
    --------
    >>> check_size((5, 5), 200)
    """
    worlds = math.prod(shape) * runs
    if worlds > MOST_WORLDS:
        policies = " x ".join(map(str, shape))
        raise UsageError(
            f"library: found {policies} policies, whose profiles take {worlds:,} worlds at {runs} runs each, "
            f"expected at most {MOST_WORLDS:,}. Take fewer runs, or fewer policies"
        )


def mean_and_error(values: Floats) -> tuple[float, float]:
    """Return the mean and its standard error.

    Examples
    --------
    >>> mean, error = mean_and_error(np.array([1.0, 2.0, 3.0]))
    >>> mean, round(error, 3)
    (2.0, 0.577)
    """
    n = len(values)
    return float(values.mean()), float(values.std(ddof=1)) / math.sqrt(n) if n > 1 else math.nan


def shares_of(outcomes: NDArray[np.int8], weights: Floats, numbers: Iterable[int]) -> dict[int, float]:
    """Return the share of each outcome, profiles weighed.

    Parameters
    ----------
    outcomes : ndarray of int8, shape (policies of player 1, ..., runs)
    weights : ndarray, shape (policies of player 1, ...)
        Probabilities of profiles.
    numbers : iterable of int
        Outcomes to count.
    """
    return {k: float(((outcomes == k).mean(axis=-1) * weights).sum()) for k in numbers}
