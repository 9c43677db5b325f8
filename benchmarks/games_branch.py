"""Time a 4 x 4 x 4 logit branch from uniform play to lam 100; the figure to reach is 0.2 s after compilation.

Run by hand: ``python benchmarks/games_branch.py``. Prints one JSON object: seconds of one branch for random games with
payoffs uniform on [0, 1), how many points and folds they had, and whether every branch arrived.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import time

import numpy as np

from sim.games import NormalForm

GAMES = 200
LAM = 100.0


def main() -> None:
    """Measure and print."""
    games = [NormalForm(list(np.random.default_rng(seed).random((3, 4, 4, 4)))) for seed in range(GAMES)]
    begun = time.perf_counter()
    games[0].logit_branch(1.0)
    first_call = time.perf_counter() - begun
    seconds, points, folds, converged = [], [], [], []
    for game in games:
        begun = time.perf_counter()
        branch = game.logit_branch(LAM)
        seconds.append(time.perf_counter() - begun)
        points.append(len(branch))
        folds.append(len(branch.folds))
        converged.append(branch.converged)
    print(
        json.dumps(
            {
                "figure": "4 x 4 x 4 logit branch to lam 100",
                "target_seconds": 0.2,
                "games": GAMES,
                "first_call_seconds": round(first_call, 4),
                "median_seconds": round(statistics.median(seconds), 5),
                "largest_seconds": round(max(seconds), 5),
                "median_points": statistics.median(points),
                "games_with_folds": sum(f > 0 for f in folds),
                "all_converged": all(converged),
                "cpus": os.cpu_count(),
                "machine": platform.machine(),
                "python": platform.python_version(),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
