"""A scenario ready to run in this process: encoded, bound to compiled code, with its arrays writable and private."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.encode.encoded import Encoded, encode
from sim.encode.names import Names
from sim.kernel.rollout import bind_rollouts
from sim.rules.registry import bind, interpreted_rules

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True, eq=False)
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
    """

    scenario: Scenario
    names: Names
    series: tuple[str, ...]
    params: NDArray[np.record]
    tables: NDArray[np.float64]
    interpreted: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Length of a run."""
        return int(self.scenario.horizon_days)


@lru_cache(maxsize=32)
def bound(scenario: Scenario) -> Bound:
    """Encode and bind a scenario; equal scenarios share one result.

    Engines only read it: compiled code takes writable arrays so that one machine code serves all callers.
    """
    encoded: Encoded = encode(scenario)
    params = bind_rollouts(bind(encoded.params))
    return Bound(scenario, encoded.names, encoded.series, params, encoded.tables.copy(), interpreted_rules(params))
