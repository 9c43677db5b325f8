"""How fast a scenario is solved: known exploitability by seconds, and what a world costs under a table of coefficients.

``python benchmarks/solve.py [SCENARIO] [--effort standard] [--runs N] [--worlds]`` prints: microseconds of processor
time of one world as declared and under coefficient tables, the least of five measurements each; then seconds, also of
processor time, up to the end of each round with what is known against the selected equilibrium then, and what is known
against play as declared. With ``--worlds`` it ends after the first. On a machine with other work the seconds of
processor time, over the cores, are what counts. The games of `sim.games` have a benchmark of their own
(``benchmarks/games_stationary.py``).
"""

from __future__ import annotations

import argparse
import time

import sim
from sim.solving.candidates import first_policies, players_of
from sim.solving.policy import ActorPolicy, constant_rule
from sim.solving.worlds import Worlds


def microseconds(worlds: Worlds, profile: tuple[ActorPolicy, ...], runs: int) -> float:
    """Return the least processor time of one world in five measurements, compiled before the clock starts."""
    worlds.play([profile], 2, 1)
    spent = []
    for _ in range(5):
        before = time.process_time()
        worlds.play([profile], runs, 1)
        spent.append(time.process_time() - before)
    return 1e6 * min(spent) / runs


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", nargs="?", default="doha_2020/baseline")
    parser.add_argument("--effort", default="standard")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--worlds", action="store_true")
    given = parser.parse_args()
    scenario = sim.load(given.scenario)
    worlds = Worlds(scenario, players_of(scenario))
    declared = tuple(first_policies(scenario, actor)[0] for actor in worlds.players)
    moves = [tuple(scenario.actors[actor].moves) for actor in worlds.players]
    tables = tuple(ActorPolicy(some[0], "", constant_rule(some, some[0])) for some in moves)
    by_rule = microseconds(worlds, declared, 400)
    by_table = microseconds(worlds, tables, 400)
    print(f"one world: {by_rule:.0f} us as declared, {by_table:.0f} us under tables ({by_table / by_rule:.2f} of it)")
    if given.worlds:
        return
    began, before = time.perf_counter(), time.process_time()

    def told(what: str, done: int, total: int) -> None:
        if done == total == 1:
            spent = time.process_time() - before
            print(f"{time.perf_counter() - began:7.0f} s ({spent:.0f} s of processor time)  {what}", flush=True)

    solution = sim.solve(scenario, given.runs, 7, effort=given.effort, progress=told)
    print(f"{time.perf_counter() - began:7.0f} s  done, converged: {solution.converged}")
    print(f"known against play as declared: {solution.declared_exploitability:.3f} util")
    for r in solution.rounds:
        print(f"round {r.number}: {r.exploitability:.3f} util known, {r.worlds:,} worlds, policies {dict(r.policies)}")


if __name__ == "__main__":
    main()
