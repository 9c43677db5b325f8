"""A scenario ready to run in this process: encoded, bound to compiled code, with its arrays writable and private."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.encode.encoded import Encoded, encode
from sim.encode.names import Names
from sim.encode.policies import encode_policies
from sim.kernel.rollout import bind_rollouts
from sim.kernel.solution_play import Mixture, mixture_of
from sim.rules.registry import bind, interpreted_rules
from sim.shared_numbers import SharedNumbers

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Bound:
    """What an engine reads.

    Attributes
    ----------
    scenario : Scenario
        As given.
    names : Names
        Entities in order.
    series : tuple of str
        The daily series.
    params : ndarray of PARAMS, shape (1,) or (profiles,)
        With addresses of this process's functions; a row for each profile of policies if a solution is played.
    tables : ndarray of float64
        Dated lists and conditions.
    interpreted : tuple of str
        Rules and payoff models that only the interpreter can run.
    policies : tuple of (str, SharedNumbers)
        Actors whose valuation reads a policy, and its numbers; they lie beside the tables, once in a process.
    mixture : Mixture or None
        What actors draw from on day 0, if a solution is played.
    """

    scenario: Scenario
    names: Names
    series: tuple[str, ...]
    params: NDArray[np.record]
    tables: NDArray[np.float64] = field(repr=False)
    interpreted: tuple[str, ...] = ()
    policies: tuple[tuple[str, SharedNumbers], ...] = ()
    mixture: Mixture | None = None

    def which(self, seed: int, replications: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the row of `params` that each world is played with.

        Parameters
        ----------
        seed : int
            As int64.
        replications : ndarray of int64, shape (n,)
        """
        if self.mixture is None:
            return np.zeros(len(replications), np.int64)
        return self.mixture.which(seed, replications)

    def of_run(self, seed: int, replication: int) -> Bound:
        """Return what one world is played with: its pure scenario if a solution is played, else this."""
        if self.mixture is None:
            return self
        (number,) = self.mixture.which(seed, np.array([replication]))
        return bound(self.mixture.pure[int(number)])

    @property
    def days(self) -> int:
        """Length of a run."""
        return int(self.scenario.horizon_days)

    @cached_property
    def tables_digest(self) -> str:
        """SHA-256 over the tables, 64 hex digits: scenarios of equal tables can share a batch."""
        return hashlib.sha256(self.tables.tobytes()).hexdigest()


@lru_cache(maxsize=32)
def bound(scenario: Scenario, policies: tuple[tuple[str, SharedNumbers], ...] = ()) -> Bound:
    """Encode and bind a scenario; equal scenarios share one result.

    Engines only read it: compiled code takes writable arrays so that one machine code serves all callers.
    """
    mixture = mixture_of(scenario)
    if mixture is not None:
        return _mixed(scenario, mixture)
    encoded: Encoded = encode(scenario)
    params = bind_rollouts(bind(encoded.params))
    policies = tuple((dict(encode_policies(scenario, encoded.names)) | dict(policies)).items())
    for actor, policy in policies:
        row = encoded.names.actors.index(actor)
        params["policy_address"][0, row] = policy.address
        params["policy_count"][0, row] = len(policy.numbers)
    tables = encoded.tables.copy()
    interpreted = interpreted_rules(params)
    return Bound(scenario, encoded.names, encoded.series, params, tables, interpreted, policies)


def _mixed(scenario: Scenario, mixture: Mixture) -> Bound:
    """Bind every profile of a solution; they share names, series and tables."""
    parts = [bound(pure) for pure in mixture.pure]
    params = np.concatenate([part.params for part in parts])
    interpreted = tuple(dict.fromkeys(name for part in parts for name in part.interpreted))
    first = parts[0]
    kept = tuple(policy for part in parts for policy in part.policies)
    return Bound(scenario, first.names, first.series, params, first.tables, interpreted, kept, mixture)
