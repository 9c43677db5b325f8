"""Play against a mixed profile: in each world every player draws a policy on day 0, but for one that deviates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel.solution_play import drawn_policies
from sim.random.seed import signed_seed
from sim.shared_numbers import SharedNumbers
from sim.solving.policy import ActorPolicy
from sim.solving.worlds import SLAB, Worlds

Floats = NDArray[np.float64]
ROWS: Final = 64
"""Rows of parameters that a learner has in memory at a time."""


class Against:
    """A mixed profile of policies, to play and to deviate from.

    Parameters
    ----------
    worlds : Worlds
        Plays them.
    policies : sequence of sequence of ActorPolicy
        For each player.
    vectors : sequence of ndarray
        For each player the probabilities of its policies.
    """

    def __init__(self, worlds: Worlds, policies: Sequence[Sequence[ActorPolicy]], vectors: Sequence[Floats]) -> None:
        self.worlds = worlds
        self.policies = tuple(tuple(some) for some in policies)
        self.vectors = tuple(np.asarray(v, np.float64) for v in vectors)

    def describe(self) -> list[list[list[object]]]:
        """Return what decides its play, for the keys of what is kept."""
        return [
            [[policy.digest, float(p)] for policy, p in zip(some, vector, strict=True) if p > 0.0]
            for some, vector in zip(self.policies, self.vectors, strict=True)
        ]

    def drawn(self, runs: int, seed: int) -> NDArray[np.int64]:
        """Return which policy each player draws in each world, shape (runs, players)."""
        number = signed_seed(seed)
        return np.stack(
            [
                drawn_policies(vector, number, np.arange(runs), column)
                for vector, column in zip(self.vectors, self.worlds.columns, strict=True)
            ],
            axis=1,
        )

    def own(self, runs: int, seed: int) -> tuple[Floats, NDArray[np.int8]]:
        """Play the profile itself.

        Returns
        -------
        payoffs : ndarray, shape (runs, players)
        outcomes : ndarray of int8, shape (runs,)
        """
        pure, which = np.unique(self.drawn(runs, seed), axis=0, return_inverse=True)
        profiles = [tuple(some[k] for some, k in zip(self.policies, row, strict=True)) for row in pure]
        payoffs = np.empty((runs, len(self.policies)))
        outcomes = np.empty(runs, np.int8)
        which = which.reshape(-1)
        for first in range(0, len(profiles), SLAB):
            here = np.flatnonzero((which >= first) & (which < first + SLAB))
            params = self.worlds.params_of(profiles[first : first + SLAB])
            rows = self.worlds.rows(params, which[here] - first, here.astype(np.int64), seed)
            payoffs[here] = rows["payoff"][:, list(self.worlds.columns)]
            outcomes[here] = rows["outcome"]
        return payoffs, outcomes

    def deviations(self, player: int, candidates: Sequence[ActorPolicy], runs: int, seed: int) -> Floats:
        """Return what each of some policies brings a player, world by world; the others draw as in `own`.

        Returns
        -------
        ndarray, shape (candidates, runs)
        """
        others, which = self._others(player, runs, seed)
        payoffs = np.empty((len(candidates), runs))
        together = max(SLAB // len(others), 1)
        for first in range(0, len(candidates), together):
            some = candidates[first : first + together]
            profiles = [(*row[:player], policy, *row[player:]) for policy in some for row in others]
            rows = self.worlds.rows(
                self.worlds.params_of(profiles),
                (np.arange(len(some))[:, None] * len(others) + which).reshape(-1),
                np.tile(np.arange(runs), len(some)),
                seed,
            )
            payoffs[first : first + len(some)] = rows["payoff"][:, self.worlds.columns[player]].reshape(-1, runs)
        return payoffs

    def tables(self, player: int, template: ActorPolicy, numbers: Floats, runs: int, seed: int) -> Floats:
        """Return what policies of coefficients bring a player, as `deviations` would.

        Parameters
        ----------
        player : int
        template : ActorPolicy
            With coefficients of the same shape.
        numbers : ndarray, shape (candidates, length)
            Policies as compiled code reads them (`sim.rules.valuation.table`).
        runs, seed : int
            As in `deviations`.
        """
        others, which = self._others(player, runs, seed)
        base = self.worlds.params_of([(*row[:player], template, *row[player:]) for row in others])
        shared = [SharedNumbers.of(row) for row in numbers]
        column = self.worlds.columns[player]
        payoffs = np.empty((len(numbers), runs))
        together = max(ROWS // len(others), 1)
        for first in range(0, len(numbers), together):
            some = shared[first : first + together]
            params = np.tile(base, len(some))
            params["policy_address"][:, column] = np.repeat([one.address for one in some], len(others))
            rows = self.worlds.rows(
                params,
                (np.arange(len(some))[:, None] * len(others) + which).reshape(-1),
                np.tile(np.arange(runs), len(some)),
                seed,
            )
            payoffs[first : first + len(some)] = rows["payoff"][:, column].reshape(-1, runs)
        return payoffs

    def _others(self, player: int, runs: int, seed: int) -> tuple[list[tuple[ActorPolicy, ...]], NDArray[np.int64]]:
        """Return the pure profiles of the others, and which of them each world has."""
        drawn = np.delete(self.drawn(runs, seed), player, axis=1)
        pure, which = np.unique(drawn, axis=0, return_inverse=True)
        policies = [some for k, some in enumerate(self.policies) if k != player]
        return [tuple(some[k] for some, k in zip(policies, row, strict=True)) for row in pure], which.reshape(-1)
