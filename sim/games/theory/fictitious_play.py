r"""Fictitious play: each side best-responds to how often the other has played each move (Brown 1951).

After :math:`t` plays player 1 chooses :math:`\arg\max_a \sum_{s\le t} A[a, b_s]`, player 2
:math:`\arg\max_b \sum_{s \le t} B[a_s, b]`, ties to the lowest index. Frequencies converge to equilibrium in zero-sum
and in 2 x 2 games (Robinson 1951; Miyasawa 1961) but not always: in Shapley's (1964) game play cycles for ever in runs
whose lengths grow by the root of :math:`x^3 = x^2 + 1`, about 1.46557.

Learning is a path, not a solution: the result says how far its frequencies are from equilibrium (`regret`).

References
----------
Brown, G. W. (1951). Iterative solution of games by fictitious play. In Activity Analysis of Production, 374-376.
Shapley, L. S. (1964). Some topics in two-person games. In Advances in Game Theory, 1-28. Princeton University Press.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled
from sim.errors import GameError
from sim.games.numerics.arguments import Floats, Integers, count, number, payoff_array
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True)
class FictitiousPlay(NotebookTable):
    """The path of fictitious play of a two-player game.

    Attributes
    ----------
    plays : int
        Number of plays, the first included.
    counts : tuple of ndarray of int
        How often each player chose each move.
    frequencies : tuple of ndarray of float
        The same as shares.
    runs : ndarray of int, shape (runs, 3)
        Each run of equal joint play: its length and the moves of players 1 and 2; the last one may be unfinished.
    run_ratio : float
        Length of the last finished run over the one before; NaN with fewer than three runs.
    regret : float
        The most that one player could gain against the other's frequencies over its own frequencies.
    converged : bool
        Whether that regret is at most the tolerance asked for.
    proved : str
        What is proved.
    """

    plays: int
    counts: tuple[Integers, Integers]
    frequencies: tuple[Floats, Floats]
    runs: Integers
    run_ratio: float
    regret: float
    converged: bool
    proved: str


@compiled
def best_index(values: Floats) -> int:  # pragma: no cover
    """Return the index of the largest value, the lowest of those that tie."""
    best = 0
    for k in range(1, values.size):
        if values[k] > values[best]:
            best = k
    return best


@compiled
def _play(  # pragma: no cover
    first_payoffs: Floats, second_payoffs: Floats, row: int, column: int, plays: int
) -> tuple[Integers, Integers, Integers]:
    rows, columns = first_payoffs.shape
    totals_1, totals_2 = np.zeros(rows), np.zeros(columns)
    counts_1, counts_2 = np.zeros(rows, np.int64), np.zeros(columns, np.int64)
    runs = np.zeros((64, 3), np.int64)
    used = 0
    for play in range(plays):
        if play > 0:
            row, column = best_index(totals_1), best_index(totals_2)
        if used == 0 or runs[used - 1, 1] != row or runs[used - 1, 2] != column:
            if used == runs.shape[0]:
                longer = np.zeros((2 * used, 3), np.int64)
                longer[:used] = runs
                runs = longer
            runs[used, 1], runs[used, 2] = row, column
            used += 1
        runs[used - 1, 0] += 1
        counts_1[row] += 1
        counts_2[column] += 1
        for a in range(rows):
            totals_1[a] += first_payoffs[a, column]
        for b in range(columns):
            totals_2[b] += second_payoffs[row, b]
    return counts_1, counts_2, runs[:used].copy()


def play_fictitiously(
    payoffs_1: npt.ArrayLike,
    payoffs_2: npt.ArrayLike,
    first: tuple[int, int] = (0, 0),
    plays: int = 1000,
    tolerance: float = 1e-3,
) -> FictitiousPlay:
    """Play a two-player game by fictitious play.

    Parameters
    ----------
    payoffs_1, payoffs_2 : array_like, shape (moves of 1, moves of 2)
        Payoff of each player.
    first : pair of int
        Moves of the first play, which has no history to respond to.
    plays : int
        Number of plays, the first included.
    tolerance : float
        `converged` says whether the frequencies' regret is at most this.

    Returns
    -------
    FictitiousPlay

    Raises
    ------
    GameError
        If the payoffs do not match, or `first` names no move.

    Examples
    --------
    >>> one, two = [[0, 1, 0], [0, 0, 1], [1, 0, 0]], [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    >>> cycle = play_fictitiously(one, two, (0, 1), 1_000_000)
    >>> round(cycle.run_ratio, 4), cycle.converged
    (1.4656, False)

    References
    ----------
    Brown (1951); Shapley (1964).
    """
    one = payoff_array("payoffs_1", payoffs_1, 2)
    two = payoff_array("payoffs_2", payoffs_2, 2)
    if one.shape != two.shape:
        raise GameError(f"payoffs_2: found shape {two.shape}, expected {one.shape} as in payoffs_1")
    if len(first) != 2:
        raise GameError(f"first: found {first!r}, expected one move for each of two players")
    row, column = count("first[0]", first[0], 0), count("first[1]", first[1], 0)
    if row >= one.shape[0] or column >= one.shape[1]:
        raise GameError(f"first: found {(row, column)}, expected moves below {one.shape}")
    limit = number("tolerance", tolerance, 0.0)
    counts_1, counts_2, runs = _play(one, two, row, column, count("plays", plays))
    share_1, share_2 = counts_1 / counts_1.sum(), counts_2 / counts_2.sum()
    against_1, against_2 = one @ share_2, share_1 @ two
    regret = max(0.0, float(against_1.max() - share_1 @ against_1), float(against_2.max() - against_2 @ share_2))
    ratio = float(runs[-2, 0] / runs[-3, 0]) if len(runs) > 2 else math.nan
    proof = "the path is exact; its frequencies are an equilibrium only as far as the regret says"
    total = int(counts_1.sum())
    return FictitiousPlay(total, (counts_1, counts_2), (share_1, share_2), runs, ratio, regret, regret <= limit, proof)
