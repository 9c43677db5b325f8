"""Time stationary logit equilibria of random games: 3 players, 4 moves, discount .95, lam 50.

Run by hand: ``python benchmarks/games_stationary.py``. Payoffs are uniform on [0, 1], every joint move leads to every
state with random probabilities (as in sgamesolver's published random games), and lam acts on payoffs per period. Prints
one JSON object: per number of states the slowest game's seconds, its largest residual, the share of games that
converged on the principal branch, the ratio to the figure to reach, and how often sgamesolver's published seconds (to
its own end point, on its authors' machine) are longer.
"""

from __future__ import annotations

import argparse
import json
import time
import warnings

import numpy as np

from sim.errors import ConvergenceWarning
from sim.games.stochastic.stationary import stationary_logit
from sim.games.stochastic.stochastic_game import StochasticGame
from sim.games.stochastic.transitions import Transitions

TARGET_SECONDS = {50: 0.5, 100: 2.0}
SGAMESOLVER_SECONDS = {20: 4.8, 50: 80.0, 100: 2567.0}


def random_game(states: int, players: int, moves: int, successors: int, seed: int) -> StochasticGame:
    """Return a random game; 0 successors for transitions to every state."""
    draws = np.random.default_rng(seed)
    rows = states * moves**players
    if successors == 0:
        chances = draws.random((rows, states))
        chain = Transitions.from_matrix(chances / chances.sum(axis=1, keepdims=True))
    else:
        chances = draws.random((rows, successors))
        chances /= chances.sum(axis=1, keepdims=True)
        targets = draws.integers(0, states, rows * successors)
        chain = Transitions.from_entries(np.arange(rows + 1) * successors, targets, chances.ravel(), states)
    names = [[str(a) for a in range(moves)]] * players
    everyone, everywhere = [f"p{i}" for i in range(players)], [f"s{x}" for x in range(states)]
    return StochasticGame.from_flat(everyone, everywhere, [names] * states, draws.random((rows, players)), chain)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--states", type=int, nargs="+", default=[20, 50, 100])
    parser.add_argument("--players", type=int, default=3)
    parser.add_argument("--moves", type=int, default=4)
    parser.add_argument("--successors", type=int, default=0)
    parser.add_argument("--discount", type=float, default=0.95)
    parser.add_argument("--lam", type=float, default=50.0)
    parser.add_argument("--games", type=int, default=5)
    given = parser.parse_args()
    stationary_logit(random_game(3, given.players, given.moves, 0, 0), 1.0, given.discount)
    report = {}
    for states in given.states:
        seconds, residuals, principal, evaluations = [], [], 0, 0
        for seed in range(given.games):
            game = random_game(states, given.players, given.moves, given.successors, seed)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", ConvergenceWarning)
                start = time.perf_counter()
                found = stationary_logit(game, given.lam, given.discount)
                seconds.append(time.perf_counter() - start)
            residuals.append(found.residual)
            principal += found.converged and found.branch == "principal"
            evaluations = max(evaluations, found.evaluations)
        slowest = max(seconds)
        report[str(states)] = {
            "seconds": round(slowest, 4),
            "residual": float(f"{max(residuals):.2g}"),
            "principal": principal / given.games,
            "evaluations": evaluations,
            "ratio_to_target": round(slowest / TARGET_SECONDS[states], 3) if states in TARGET_SECONDS else None,
            "sgamesolver_over_this": round(SGAMESOLVER_SECONDS[states] / slowest)
            if states in SGAMESOLVER_SECONDS
            else None,
        }
    print(json.dumps({**vars(given), "measured": report}))


if __name__ == "__main__":
    main()
