"""Worlds in which profiles of policies are played: as rows of one batch, on common luck, whoever plays what.

A policy is encoded once, as the scenario with it in place of one actor's rule. The parameters of a profile are those of
the scenario with the rows of each player's policy put in; what follows from them (discounting along paths) is derived
anew. That plays the worlds that encoding the whole scenario for each profile would (a test), many times faster.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, cast

import numpy as np
from numpy.typing import NDArray

from sim.encode.derived import derive
from sim.encode.encoded import Encoded, encode
from sim.encode.open_record import OpenRecord
from sim.encode.policies import encode_policies
from sim.engine.threads import run_batch
from sim.errors import RunError, UsageError
from sim.kernel.bound import Bound, bound
from sim.kernel.rollout import bind_rollouts
from sim.model.layout import Params
from sim.model.world import FAILED
from sim.random.seed import signed_seed
from sim.rules.registry import bind, interpreted_rules
from sim.scenario.catalogue import MAX_ACTORS
from sim.shared_numbers import SharedNumbers
from sim.solving.policy import ActorPolicy, Profile

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

RULE_FIELDS: Final = (
    "response",
    "valuation",
    "lam",
    "inertia",
    "path_steps",
    "path_dt",
    "response_parameters",
    "valuation_parameters",
)
"""Fields of Params, by profile, that hold a rule before anything is derived or bound."""
SLAB: Final = 48
"""Profiles whose parameters are in memory at a time: 6 MB."""

Done = Callable[[int], None]
Floats = NDArray[np.float64]


def luck_of(seed: int, *purpose: object) -> int:
    """Return the seed of one purpose of a solve: fresh luck that follows from the seed of the call.

    Examples
    --------
    >>> luck_of(7, "profiles") == luck_of(7, "profiles"), luck_of(7, "test") == luck_of(8, "test")
    (True, False)
    """
    text = ":".join(map(str, (seed, *purpose)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


class Worlds:
    """Plays profiles of policies of one scenario.

    Parameters
    ----------
    scenario : Scenario
        The game.
    players : tuple of str
        Actors whose policies vary; the others follow their own rules.
    threads : int, optional
        No result depends on it.
    """

    def __init__(self, scenario: Scenario, players: tuple[str, ...], threads: int | None = None) -> None:
        self.scenario = scenario.without_provenance()
        self.players = players
        self.threads = threads
        self.base: Bound = bound(self.scenario)
        self._encoded: Encoded = encode(self.scenario)
        self._policies: dict[tuple[str, str], tuple[NDArray[np.record], SharedNumbers | None]] = {}
        self.columns = tuple(self.base.names.actors.index(name) for name in players)

    def _of_policy(self, actor: str, policy: ActorPolicy) -> tuple[NDArray[np.record], SharedNumbers | None]:
        key = (actor, policy.digest)
        if key not in self._policies:
            changed = self.scenario.replace({f"actors.{actor}.rule": dict(policy.rule)})
            encoded = encode(changed)
            if not np.array_equal(encoded.tables, self._encoded.tables):
                raise UsageError(f"policy {policy.name}: found a script, expected a rule that has no dates of its own")
            numbers = dict(encode_policies(changed, encoded.names)).get(actor)
            self._policies[key] = (encoded.params, numbers)
        return self._policies[key]

    def rows_of(self, actor: str) -> list[int]:
        """Return the rows of Params that hold the rule of an actor: its own, and those of its profiles."""
        column = self.base.names.actors.index(actor)
        return [column] + [MAX_ACTORS + i for i, (owner, _) in enumerate(self.base.names.profiles) if owner == actor]

    def params_of(self, profiles: Sequence[Sequence[ActorPolicy]]) -> NDArray[np.record]:
        """Return bound parameters, a row a profile.

        Parameters
        ----------
        profiles : sequence of sequence of ActorPolicy
            For each profile the policy of each player.
        """
        params = np.repeat(self._encoded.params, len(profiles))
        for row, profile in enumerate(profiles):
            for actor, policy in zip(self.players, profile, strict=True):
                encoded, _ = self._of_policy(actor, policy)
                places = self.rows_of(actor)
                for field in RULE_FIELDS:
                    params[field][row, places] = encoded[field][0, places]
            derive(cast(Params, OpenRecord(params[row : row + 1])))
        ready = bind_rollouts(bind(params))
        for name in ("policy_address", "policy_count"):
            ready[name] = self.base.params[name]
        for row, profile in enumerate(profiles):
            for actor, column, policy in zip(self.players, self.columns, profile, strict=True):
                _, numbers = self._of_policy(actor, policy)
                ready["policy_address"][row, column] = numbers.address if numbers is not None else 0
                ready["policy_count"][row, column] = len(numbers.numbers) if numbers is not None else 0
        return ready

    def rows(
        self, params: NDArray[np.record], which: NDArray[np.int64], replications: NDArray[np.int64], seed: int
    ) -> NDArray[np.record]:
        """Play worlds and return their outcome rows.

        Parameters
        ----------
        params : ndarray of PARAMS, shape (p,)
            As `params_of` returns them.
        which, replications : ndarray of int64, shape (n,)
            For each world the row of `params` and the number of its luck.
        seed : int
            In [0, 2**64).

        Raises
        ------
        RunError
            If a run stopped itself.
        """
        self._know_interpreted(params)
        rows = run_batch(self.base, signed_seed(seed), replications, params=params, which=which, threads=self.threads)
        failed = np.flatnonzero(rows["status"] == FAILED)
        if len(failed):
            row = rows[failed[0]]
            who = self.base.names.actors[int(row["failed_actor"])] if row["failed_actor"] >= 0 else "nobody"
            day = float(row["end_tick"]) / self.scenario.steps_per_day
            raise RunError(
                day,
                f"values of actor {who}",
                f"{len(failed)} of {len(rows)} runs stopped themselves, the first at replication "
                f"{int(row['replication'])} of seed {seed}. A game is solved once every run of it ends",
            )
        return rows

    def _know_interpreted(self, params: NDArray[np.record]) -> None:
        """Let worlds whose rules only the interpreter can run be run there."""
        needed = interpreted_rules(params)
        if needed != self.base.interpreted:
            from dataclasses import replace

            self.base = replace(self.base, interpreted=needed)

    def play(
        self, profiles: Sequence[Sequence[ActorPolicy]], runs: int, seed: int, done: Done | None = None
    ) -> tuple[Floats, NDArray[np.int8]]:
        """Play each profile in worlds 0 to runs - 1 of a seed.

        Returns
        -------
        payoffs : ndarray, shape (profiles, runs, players)
            Booked payoffs (util).
        outcomes : ndarray of int8, shape (profiles, runs)
            Numbers of outcomes, as `sim.encode.names.Names.outcomes` has them.
        """
        payoffs = np.empty((len(profiles), runs, len(self.players)))
        outcomes = np.empty((len(profiles), runs), np.int8)
        for first in range(0, len(profiles), SLAB):
            some = profiles[first : first + SLAB]
            which = np.repeat(np.arange(len(some)), runs)
            rows = self.rows(self.params_of(some), which, np.tile(np.arange(runs), len(some)), seed)
            payoffs[first : first + len(some)] = rows["payoff"][:, list(self.columns)].reshape(len(some), runs, -1)
            outcomes[first : first + len(some)] = rows["outcome"].reshape(len(some), runs)
            if done is not None:
                done(len(rows))
        return payoffs, outcomes


def chosen_from(policies: Sequence[Sequence[ActorPolicy]], profile: Profile) -> tuple[ActorPolicy, ...]:
    """Return the policies of a profile."""
    return tuple(some[place] for some, place in zip(policies, profile, strict=True))
