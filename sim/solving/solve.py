"""`sim.solve`: a scenario solved as a game, with certificates."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from sim.compiled import source_digest
from sim.engine.check_scenario import check_scenario
from sim.errors import UsageError
from sim.random.seed import check_seed
from sim.scenario.feature_reference import nearest
from sim.scenario.game_digest import game_digest
from sim.solving.against import Against
from sim.solving.candidates import first_policies, further_policies, left_out, players_of
from sim.solving.certificate import Gain, measured_gains, own_play
from sim.solving.equilibria import SolvedTable
from sim.solving.folder import digest_of, publish, work_folder
from sim.solving.kept import Kept
from sim.solving.oracle import EFFORTS, Effort, Oracle
from sim.solving.policy import ActorPolicy
from sim.solving.solution import Equilibrium, Solution, mixture_of
from sim.solving.table import EmpiricalTable, Told, mean_and_error
from sim.solving.worlds import Worlds, luck_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

RUNS: Final = 200
WITHIN: Final = 0.03
MOST_RUNS: Final = 100_000


@dataclass(frozen=True, slots=True)
class SolvePlan:
    """What a solve would take.

    Attributes
    ----------
    players : dict of str to int
        Policies that each player starts with.
    further : dict of str to int
        Policies tried as deviations.
    first_table : int
        Worlds of the first table.
    learning : int
        Worlds that replies to one equilibrium take, all players together.
    most : int
        Worlds of all rounds, if each has as many equilibria to answer as it may and the table stays as large as at
        first.
    left_out : tuple of str
        Valuations that are not tried because a run of them costs too much.
    """

    players: Mapping[str, int]
    further: Mapping[str, int]
    first_table: int
    learning: int
    most: int
    left_out: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "players": dict(self.players),
            "further": dict(self.further),
            "worlds_of_first_table": self.first_table,
            "worlds_of_learning": self.learning,
            "worlds_at_most": self.most,
            "left_out": list(self.left_out),
        }


def solve_plan(scenario: Scenario, runs: int = RUNS, effort: str = "standard") -> SolvePlan:
    """Say what solving a scenario would take, without playing a world.

    Parameters
    ----------
    scenario : Scenario
        The game.
    runs, effort
        As in `solve`.

    Raises
    ------
    UsageError
        If an argument is out of range, nobody has a choice, or the first table takes too many worlds.

    Examples
    --------
    >>> import sim
    >>> plan = solve_plan(sim.load("toys/two_actors"))
    >>> dict(plan.players), plan.first_table
    ({'state': 4, 'rebels': 4}, 3200)
    """
    check_scenario(scenario)
    spend = _effort(effort)
    _check_runs(runs)
    players = players_of(scenario)
    first = {actor: len(first_policies(scenario, actor)) for actor in players}
    further = {actor: len(further_policies(scenario, actor)) for actor in players}
    worlds = math.prod(first.values()) * runs
    _check_table(tuple(first.values()), runs)
    learning = 0
    for actor in players:
        moves = len(scenario.actors[actor].moves)
        learning += spend.searches * spend.search.worlds + 2 * spend.forked_worlds * (2 + moves)
        learning += (first[actor] + further[actor]) * spend.test_runs
    most = worlds + spend.rounds * spend.families * learning
    return SolvePlan(first, further, worlds, learning, most, left_out())


def solve(
    scenario: Scenario,
    runs: int = RUNS,
    seed: int = 0,
    *,
    effort: str = "standard",
    within: float = WITHIN,
    policies: Mapping[str, Sequence[ActorPolicy]] | None = None,
    library: bool = True,
    out: str | PathLike[str] | None = None,
    resume: bool = False,
    threads: int | None = None,
    progress: Told | None = None,
) -> Solution:
    """Solve a scenario as a game between its actors.

    Parameters
    ----------
    scenario : Scenario
        As `sim.load` returns it.
    runs : int
        Worlds of each profile of policies.
    seed : int
        In [0, 2**64); all luck follows from it.
    effort : {"quick", "standard", "thorough"}
        How many rounds, and how long the learners look.
    within : float
        What may remain known against the selected equilibrium, summed over actors, for the answer to count as
        converged (util).
    policies : mapping of str to sequence of ActorPolicy, optional
        For each player further policies of one's own, which are in the table from the start.
    library : bool
        Whether the policies of the library are in the table from the start too; if not, they are tried as deviations.
    out : path, optional
        Folder for the solution; what was computed is kept there as it comes.
    resume : bool
        Go on with what is there; without it a folder that is not empty is refused.
    threads : int, optional
        No result depends on it.
    progress : callable, optional
        Called as ``progress(what, done, total)``.

    Returns
    -------
    Solution
        With ``converged`` False if the rounds were used up; the equilibria found and what is known against them stand
        in it all the same.

    Raises
    ------
    UsageError
        If an argument is out of range, nobody has a choice, or the library takes too many worlds.
    RunError
        If runs of the scenario stop themselves.
    StoreError
        If the folder cannot be used.

    Examples
    --------
    >>> import sim
    >>> solution = solve(sim.load("toys/two_actors"), runs=40, seed=7, effort="quick")
    >>> solution.players, solution.exploitability >= 0.0
    (('state', 'rebels'), True)
    """
    check_scenario(scenario)
    number = check_seed(seed)
    spend = _effort(effort)
    _check_runs(runs)
    if not (isinstance(within, int | float) and math.isfinite(within) and within >= 0.0):
        raise UsageError(f"within: found {within!r}, expected a number of util of at least 0")
    players = players_of(scenario)
    own = dict(policies or {})
    for actor in own:
        if actor not in players:
            raise UsageError(f"policies: found {actor!r}, expected a player: {', '.join(players)}")
    usual = [first_policies(scenario, actor) if library else () for actor in players]
    first = [_distinct((*some, *own.get(actor, ()))) for actor, some in zip(players, usual, strict=True)]
    for actor, some in zip(players, first, strict=True):
        if not some:
            raise UsageError(f"policies: found none of {actor}, expected one at least where the library is left out")
    _check_table(tuple(len(some) for some in first), runs)
    about = {"game": game_digest(scenario), "rules": _rules_digest(scenario), "model": source_digest("model")}
    kept = Kept(None if out is None else work_folder(Path(out), resume), about)
    worlds = Worlds(scenario, players, threads)
    table = EmpiricalTable(worlds, first, int(runs), number, kept)
    further = [list(further_policies(scenario, actor)) for actor in players]
    if not library:
        further = [[*first_policies(scenario, actor), *some] for actor, some in zip(players, further, strict=True)]
    oracle = Oracle(worlds, table, further, spend, number, float(within), kept, progress)
    oracle.run()
    declared = _declared_gains(oracle, number)
    solution = _solution(scenario, number, oracle, declared, about, effort)
    if out is not None:
        publish(solution, Path(out))
    return solution


def _distinct(policies: Sequence[ActorPolicy]) -> tuple[ActorPolicy, ...]:
    return tuple({policy.digest: policy for policy in reversed(policies)}.values())[::-1]


def _declared_gains(oracle: Oracle, seed: int) -> tuple[Gain, ...]:
    """Measure deviations from play as the scenario declares it: all that was in the table, and all further ones."""
    worlds = oracle.worlds
    declared = [first_policies(worlds.scenario, actor)[0] for actor in worlds.players]
    against = Against(worlds, [[policy] for policy in declared], [np.ones(1)] * len(declared))
    gains: list[Gain] = []
    for player in range(len(worlds.players)):
        others = [p for p in (*oracle.known[player], *oracle.further[player]) if p.digest != declared[player].digest]
        distinct = list({policy.digest: policy for policy in others}.values())
        luck = luck_of(seed, "declared")
        gains += measured_gains(against, player, distinct, oracle.effort.test_runs // 2, luck, oracle.kept)
    return tuple(gains)


def _solution(
    scenario: Scenario,
    seed: int,
    oracle: Oracle,
    declared: tuple[Gain, ...],
    about: Mapping[str, Any],
    effort: str,
) -> Solution:
    worlds, table, solved = oracle.worlds, oracle.table, oracle.solved
    assert solved is not None
    names = [[policy.name for policy in some] for some in table.policies]
    equilibria = []
    for rank, place in enumerate(oracle.order(solved)):
        found = solved.equilibria[place]
        against = oracle.against(found)
        luck = luck_of(seed, "values", place)
        payoffs, outcomes = own_play(against, oracle.effort.test_runs, luck, oracle.kept)
        gains = oracle.gains.get(place)
        if gains is None:
            gains = []
            for player in range(len(worlds.players)):
                gains += measured_gains(
                    against, player, table.policies[player], oracle.effort.test_runs // 2, luck, oracle.kept
                )
        labels = worlds.base.names.outcomes
        shares = {}
        for k in range(1, len(labels)):
            share = float((outcomes == k).mean())
            shares[labels[k]] = (share, math.sqrt(share * (1.0 - share) / len(outcomes)))
        equilibria.append(
            Equilibrium(
                {
                    actor: mixture_of(some, v)
                    for actor, some, v in zip(worlds.players, names, found.vectors, strict=True)
                },
                {actor: mean_and_error(payoffs[:, i]) for i, actor in enumerate(worlds.players)},
                shares,
                found.frequency,
                found.family + 1,
                rank == 0,
                tuple(gains),
                tuple(oracle.forks.get(place, ())),
                len(outcomes),
                oracle.learned.get(place, False),
            )
        )
    tensor = table.payoffs()
    means = tensor.mean(axis=-2)
    errors = tensor.std(axis=-2, ddof=1) / math.sqrt(table.runs) if table.runs > 1 else np.full_like(means, np.nan)
    policies: dict[str, tuple[ActorPolicy, ...]] = {
        actor: tuple({policy.name: policy for policy in some}.values())
        for actor, some in zip(worlds.players, oracle.known, strict=True)
    }
    bare = Solution(
        scenario,
        seed,
        worlds.players,
        policies,
        declared,
        tuple(equilibria),
        {actor: tuple(some) for actor, some in zip(worlds.players, names, strict=True)},
        means,
        errors,
        tuple(oracle.rounds),
        oracle.converged,
        _diagnostics(oracle, solved, about, effort),
    )
    return _with_digest(bare)


def _with_digest(solution: Solution) -> Solution:
    from dataclasses import replace

    return replace(solution, digest=digest_of(solution))


def _diagnostics(oracle: Oracle, solved: SolvedTable, about: Mapping[str, Any], effort: str) -> dict[str, Any]:
    spend = oracle.effort
    return {
        **about,
        "effort": effort,
        "runs": oracle.table.runs,
        "within": oracle.within,
        "resamples": solved.resamples,
        "rounds": len(oracle.rounds),
        "searches": spend.searches,
        "worlds_a_search": spend.search.worlds,
        "forked_worlds": spend.forked_worlds,
        "test_runs": spend.test_runs,
        "explained_by_forks": {key: x if math.isfinite(x) else None for key, x in oracle.fits.items()},
        "all_equilibria_of_the_table_listed": solved.complete,
        "about_the_list": solved.proved if solved.complete else solved.not_proved,
        "branch_converged": solved.branch_converged,
        "left_out": list(left_out()),
    }


def _effort(effort: str) -> Effort:
    if effort not in EFFORTS:
        expected = f"one of {', '.join(EFFORTS)}. {nearest(str(effort), EFFORTS)}".rstrip()
        raise UsageError(f"effort: found {effort!r}, expected {expected}")
    return EFFORTS[effort]


def _check_runs(runs: int) -> None:
    if isinstance(runs, bool) or not isinstance(runs, int | np.integer) or not 2 <= runs <= MOST_RUNS:
        raise UsageError(f"runs: found {runs!r}, expected a whole number from 2 to {MOST_RUNS}")


def _check_table(shape: tuple[int, ...], runs: int) -> None:
    from sim.solving.table import check_size

    check_size(shape, runs)


def _rules_digest(scenario: Scenario) -> str:
    """Return a digest of the rules of all actors: play as declared is one of the policies."""
    rules = {name: actor.rule.model_dump(mode="json") for name, actor in scenario.actors.items()}
    return hashlib.sha256(repr(rules).encode()).hexdigest()
