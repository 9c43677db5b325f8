"""Time the one-mover backward pass: about 9,000 states x 180 epochs x 3 movers in turn x 4 moves.

Run by hand: ``python benchmarks/games_backward_pass.py``. Prints one JSON object: seconds (the best of the repeats)
at full size and at a half and a quarter of the states, the ratio of seconds to states between them (1 is linear), and
the ratio to the figure to reach (1 second).
"""

from __future__ import annotations

import argparse
import json
import time

import numpy as np

from sim.games.stochastic.backward_pass import MoverStage, solve_backward
from sim.games.stochastic.transitions import Transitions

TARGET_SECONDS = 1.0


def random_stages(states: int, movers: int, moves: int, successors: int, seed: int) -> list[MoverStage]:
    """Return one stage per mover with random payoffs and sparse random transitions."""
    draws = np.random.default_rng(seed)
    stages = []
    for mover in range(movers):
        rows = states * moves
        targets = draws.integers(0, states, rows * successors)
        chances = draws.random((rows, successors))
        chances /= chances.sum(axis=1, keepdims=True)
        starts = np.arange(rows + 1) * successors
        chain = Transitions.from_entries(starts, targets, chances.ravel(), states)
        stages.append(MoverStage.build(mover, moves, draws.random((rows, movers)), chain))
    return stages


def best_seconds(stages: list[MoverStage], epochs: int, lam: float, repeats: int) -> float:
    """Return the best wall time of a pass."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        solve_backward(stages, epochs, 0.0, lam, 0.999)
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=int, default=9_219)
    parser.add_argument("--epochs", type=int, default=180)
    parser.add_argument("--movers", type=int, default=3)
    parser.add_argument("--moves", type=int, default=4)
    parser.add_argument("--successors", type=int, default=8)
    parser.add_argument("--lam", type=float, default=20.0)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    solve_backward(random_stages(10, given.movers, given.moves, 2, 0), 3, 0.0, given.lam, 0.999)
    measured = {}
    for states in (given.states // 4, given.states // 2, given.states):
        stages = random_stages(states, given.movers, given.moves, given.successors, 1)
        measured[states] = best_seconds(stages, given.epochs, given.lam, given.repeats)
    full, quarter = measured[given.states], measured[given.states // 4]
    print(
        json.dumps(
            {
                **vars(given),
                "seconds": {str(states): round(s, 4) for states, s in measured.items()},
                "growth_over_linear": round(full / quarter / (given.states / (given.states // 4)), 3),
                "ratio_to_target": round(full / TARGET_SECONDS, 3),
            }
        )
    )


if __name__ == "__main__":
    main()
