"""Playing a solution: each actor draws a policy on day 0, by its part of an equilibrium, and plays it all along.

The draw has an address of its own: the seed, the replication and the actor, and no tick. So two scenarios that play one
solution draw alike, and nothing else that is drawn moves. With the policies that were drawn in place of the rule
`equilibrium` a world is that of a scenario without a solution, the *pure* scenario of that world; engines run nothing
else.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.compiled import source_digest
from sim.errors import ScenarioError, StoreError
from sim.random.causes import POLICY
from sim.random.stream import uniform
from sim.scenario.game_digest import game_digest
from sim.store.solution_file import SOLUTION, read_solution

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

RULE: Final = "equilibrium"
MOST_PROFILES: Final = 256
"""Profiles of policies that an equilibrium may mix: each has parameters of its own in memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """What actors draw from.

    Attributes
    ----------
    actors : tuple of int
        Rows of those who draw.
    probabilities : tuple of ndarray
        For each the probabilities of its policies.
    pure : tuple of Scenario
        The scenarios of all profiles, the last actor's policy fastest.
    """

    actors: tuple[int, ...]
    probabilities: tuple[NDArray[np.float64], ...]
    pure: tuple[Scenario, ...]

    def which(self, seed: int, replications: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of the profile that is played in each world.

        Parameters
        ----------
        seed : int
            As int64.
        replications : ndarray of int64, shape (n,)
        """
        numbers = np.zeros(len(replications), np.int64)
        for actor, probabilities in zip(self.actors, self.probabilities, strict=True):
            numbers = numbers * len(probabilities) + drawn_policies(probabilities, seed, replications, actor)
        return numbers


def drawn_policies(
    probabilities: NDArray[np.float64], seed: int, replications: NDArray[np.int64], actor: int
) -> NDArray[np.int64]:
    """Return the policy that an actor plays in each world.

    Parameters
    ----------
    probabilities : ndarray, shape (policies,)
        Summing to 1.
    seed : int
        As int64.
    replications : ndarray of int64, shape (n,)
        Numbers of the worlds.
    actor : int
        Its row.

    Examples
    --------
    >>> drawn_policies(np.array([0.0, 1.0]), 7, np.arange(3), 0).tolist()
    [1, 1, 1]
    """
    support = np.flatnonzero(probabilities > 0.0)
    if len(support) == 1:
        return np.full(len(replications), support[0])
    ends = np.cumsum(probabilities[support])
    luck = np.array([uniform(seed, int(replication), POLICY, actor, 0, 0) for replication in replications])
    drawn: NDArray[np.int64] = support[np.minimum(np.searchsorted(ends, luck, side="right"), len(support) - 1)]
    return drawn


def mixture_of(scenario: Scenario) -> Mixture | None:
    """Return what the actors of a scenario draw from, or None if nobody plays a solution.

    Raises
    ------
    ScenarioError
        If there is no such solution, or it is another one, or of another game or model, with file, line and column.
    """
    players = [name for name, actor in scenario.actors.items() if actor.rule.response == RULE]
    if not players or scenario.solution is None:
        return None
    content = _read(scenario)
    chosen = _equilibrium(scenario, content)
    policies: list[list[dict[str, Any]]] = []
    probabilities = []
    for player in players:
        if player not in chosen["mixture"]:
            legal = ", ".join(chosen["mixture"])
            raise _refused(scenario, f"actors.{player}.rule.response", RULE, f"a player of the solution: {legal}")
        mix: Mapping[str, float] = chosen["mixture"][player]
        known = {policy["name"]: policy["rule"] for policy in content["policies"][player]}
        policies.append([known[name] for name in mix])
        weights = np.array([float(p) for p in mix.values()])
        probabilities.append(weights / weights.sum())
    if math.prod(map(len, policies)) > MOST_PROFILES:
        found = f"an equilibrium that mixes {math.prod(map(len, policies))} profiles"
        raise _refused(scenario, "solution.equilibrium", found, f"at most {MOST_PROFILES}")
    bare = scenario.replace({"solution": None, **{f"actors.{p}.rule": {"response": "uniform"} for p in players}})
    pure = tuple(
        bare.replace({f"actors.{player}.rule": rule for player, rule in zip(players, rules, strict=True)})
        for rules in itertools.product(*policies)
    )
    rows = tuple(list(scenario.actors).index(player) for player in players)
    return Mixture(rows, tuple(probabilities), pure)


def _read(scenario: Scenario) -> dict[str, Any]:
    """Read the solution and check that it is the one that is meant."""
    named = scenario.solution
    assert named is not None
    beside = Path(scenario.position("solution.folder").file).parent / named.folder
    folder = beside if (beside / SOLUTION).is_file() else Path(named.folder)
    try:
        content = read_solution(folder)
    except StoreError as error:
        expected = f"a solution: {error}"
        raise _refused(scenario, "solution.folder", repr(named.folder), expected) from None
    if content["digest"] != named.digest:
        found = f"{named.digest[:12]}..., though the solution there is {content['digest'][:12]}..."
        raise _refused(scenario, "solution.digest", found, "the digest of the solution in that folder")
    if content["game"] != game_digest(scenario):
        found = f"a solution of another game ({content['scenario'].get('title')})"
        raise _refused(scenario, "solution.folder", found, "one of this scenario: solve it as it is now")
    if content["model"] != source_digest("model"):
        found = "a solution by other sources of the model"
        raise _refused(scenario, "solution.folder", found, "one by this version: solve the scenario again")
    return content


def _equilibrium(scenario: Scenario, content: Mapping[str, Any]) -> Mapping[str, Any]:
    named = scenario.solution
    assert named is not None
    listed: list[Mapping[str, Any]] = content["equilibria"]
    if named.equilibrium > len(listed):
        raise _refused(scenario, "solution.equilibrium", str(named.equilibrium), f"one of the {len(listed)} listed")
    return listed[named.equilibrium - 1]


def _refused(scenario: Scenario, path: str, found: str, expected: str) -> ScenarioError:
    return ScenarioError([scenario.problem(path, found, expected)])
