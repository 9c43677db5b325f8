"""Time stationary equilibria of random games: 3 players, 4 moves, discount .95; against sgamesolver at the same ends.

Run by hand: ``python benchmarks/games_stationary.py [--sgamesolver PYTHON]``. Payoffs are uniform on [0, 1], every
joint move leads to every state with random probabilities (as in the random games that sgamesolver published). Each game
is solved twice: for the logit equilibrium at a precision per period (`lam`), and for the Markov perfect one at the end
of its branch. With the path of a Python that has sgamesolver 1.0.2 (it needs numpy 1 and pandas 2.2), that follows the
same branch to the same precision, and to its own end; strategies are compared, and at its end also the gain of the best
single deviation, evaluated here. Times are processor seconds in one thread. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ConvergenceWarning
from sim.games.stochastic.markov_perfect import markov_perfect
from sim.games.stochastic.stationary import stationary_logit
from sim.games.stochastic.stationary_play import StationaryPlay
from sim.games.stochastic.stochastic_game import StochasticGame

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def random_arrays(states: int, players: int, moves: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return payoffs (states, players, moves, ...) and transitions (states, moves, ..., states) of a random game."""
    draws = np.random.default_rng(seed)
    chances = draws.random((states, *[moves] * players, states))
    payoffs = draws.random((states, players, *[moves] * players))
    return payoffs, chances / chances.sum(axis=-1, keepdims=True)


def timed(solve: Any) -> tuple[float, Any]:
    """Return processor seconds and the answer."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        begin = time.process_time()
        answer = solve()
    return time.process_time() - begin, answer


def flat(strategies: Any) -> np.ndarray:
    """Return all move probabilities in one row."""
    return np.concatenate([np.asarray(p) for state in strategies for p in state])


def theirs(python: str, payoffs: np.ndarray, chances: np.ndarray, discount: float, lam: float) -> dict[str, Any]:
    """Solve the same game with sgamesolver."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "game.npz"
        np.savez(file, payoffs=payoffs, transitions=chances, discount=discount, lam=lam)
        script = Path(__file__).with_name("games_sgamesolver.py")
        environment = {**os.environ, **ONE_THREAD}
        environment.pop("PYTHONPATH", None)
        done = subprocess.run(
            [python, str(script), str(file)], capture_output=True, text=True, check=True, env=environment
        )
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=int, nargs="+", default=[10, 50])
    parser.add_argument("--players", type=int, default=3)
    parser.add_argument("--moves", type=int, default=4)
    parser.add_argument("--discount", type=float, default=0.95)
    parser.add_argument("--lam", type=float, default=50.0)
    parser.add_argument("--games", type=int, default=5)
    parser.add_argument("--sgamesolver", metavar="PYTHON", help="a Python that has sgamesolver")
    given = parser.parse_args()
    warm = StochasticGame.from_arrays(*random_arrays(2, given.players, given.moves, 0))
    timed(lambda: (stationary_logit(warm, 1.0, given.discount), markov_perfect(warm, given.discount)))
    report: dict[str, Any] = {}
    for states in given.states:
        rows = []
        for seed in range(given.games):
            payoffs, chances = random_arrays(states, given.players, given.moves, seed)
            game = StochasticGame.from_arrays(payoffs, chances)
            at_lam, logit = timed(lambda game=game: stationary_logit(game, given.lam, given.discount))
            to_end, perfect = timed(lambda game=game: markov_perfect(game, given.discount))
            row = {
                "lam_seconds": at_lam,
                "lam_residual": logit.residual,
                "end_seconds": to_end,
                "end_residual": perfect.residual,
                "folds": len(perfect.folds),
                "converged": bool(logit.converged and logit.branch == "principal" and perfect.converged),
            }
            if given.sgamesolver:
                other = theirs(given.sgamesolver, payoffs, chances, given.discount, given.lam)
                play = StationaryPlay(game, np.full(given.players, given.discount))
                for name, mine in (("same", logit), ("end", perfect)):
                    row[f"sgamesolver_{name}_seconds"] = other[name]["seconds"]
                    row[f"sgamesolver_{name}_converged"] = other[name]["converged"]
                    if other[name]["converged"]:
                        sigma = np.array(other[name]["sigma"]).ravel()
                        row[f"sgamesolver_{name}_differs"] = float(np.abs(sigma - flat(mine.strategies)).max())
                        row[f"sgamesolver_{name}_regret"] = play.one_shot_regret(sigma, play.evaluate(sigma)[1])
            rows.append(
                {key: float(f"{value:.3g}") if isinstance(value, float) else value for key, value in row.items()}
            )
        report[str(states)] = rows
    print(json.dumps({**vars(given), "measured": report}, indent=1))


if __name__ == "__main__":
    main()
