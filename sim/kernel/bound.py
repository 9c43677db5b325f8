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
    params : ndarray of PARAMS, shape (1,)
        With addresses of this process's functions.
    tables : ndarray of float64
        Dated lists and conditions.
    interpreted : tuple of str
        Rules and payoff models that only the interpreter can run.
    policies : tuple of (str, SharedNumbers)
        Actors whose valuation reads a policy, and its numbers; they lie beside the tables, once in a process.
    """

    scenario: Scenario
    names: Names
    series: tuple[str, ...]
    params: NDArray[np.record]
    tables: NDArray[np.float64] = field(repr=False)
    interpreted: tuple[str, ...] = ()
    policies: tuple[tuple[str, SharedNumbers], ...] = ()

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
