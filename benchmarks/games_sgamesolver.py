"""Solve random stochastic games with sgamesolver, in a Python that has it; `games_stationary.py` runs this.

``python benchmarks/games_sgamesolver.py FILE`` reads payoffs (states, players, moves, ...), transitions (states, moves,
..., states), a discount and a precision per period from FILE (.npz), follows the logit branch to that precision, and
from the start again to sgamesolver's own end, and prints one JSON object: seconds of one thread's processor time,
strategies and whether it converged, for each. sgamesolver adds payoffs up where this package averages them, so its
precision is that times 1 - discount.
"""

import json
import sys
import time

import numpy as np
import sgamesolver


def solve(game: "sgamesolver.SGame", target: float) -> dict:
    """Follow the branch to a precision and return what came out."""
    homotopy = sgamesolver.homotopy.QRE(game)
    homotopy.solver_setup(target_lambda=target)
    homotopy.solver.verbose = 0
    begin = time.process_time()
    homotopy.solve()
    seconds = time.process_time() - begin
    found = homotopy.equilibrium
    if found is None:
        return {"seconds": seconds, "converged": False}
    lam = float(homotopy.solver.y[-1])
    return {"seconds": seconds, "converged": True, "lam": lam, "sigma": np.nan_to_num(found.strategies).tolist()}


def main() -> None:
    """Read, solve and print."""
    data = np.load(sys.argv[1])
    discount, lam = float(data["discount"]), float(data["lam"])
    game = sgamesolver.SGame(list(data["payoffs"]), list(data["transitions"]), discount)
    answer = {"same": solve(game, lam * (1.0 - discount)), "end": solve(game, np.inf)}
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
