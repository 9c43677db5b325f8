r"""Direct search for a best response: the cross-entropy method over coefficients of what the player sees.

In each generation policies are drawn from independent normal distributions, played in the same worlds (new ones each
generation), and the distributions move towards the best fifth (Rubinstein 1999; Szita and Lorincz 2006 for the noise
that keeps them from narrowing too early). The policy in the middle is validated on other luck against the best policy
of the last generation; what it gains is then measured on luck that nothing was chosen by (`sim.solving.certificate`).

A search finds no upper bound: it may miss a better policy, and it finds none outside its form.

References
----------
Rubinstein, R. (1999). The cross-entropy method for combinatorial and continuous optimization. Methodology and
Computing in Applied Probability 1, 127-190.
Szita, I. and Lorincz, A. (2006). Learning Tetris using the noisy cross-entropy method. Neural Computation 18.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.solving.against import Against
from sim.solving.frame import Frame
from sim.solving.kept import Arrays, Kept
from sim.solving.worlds import luck_of

Floats = NDArray[np.float64]
ELITE = 0.2
NOISE = 0.1
STEP = 0.7


@dataclass(frozen=True, slots=True)
class Search:
    """How much a search may spend.

    Attributes
    ----------
    generations, population, runs : int
        Policies of a generation, and worlds of each.
    """

    generations: int = 8
    population: int = 30
    runs: int = 200

    @property
    def worlds(self) -> int:
        """Worlds that one search plays."""
        return (self.generations * self.population + 2) * self.runs


def search(
    against: Against, player: int, frame: Frame, spend: Search, seed: int, kept: Kept, start: Floats | None = None
) -> Floats:
    """Return the coefficients of the best policy that was found.

    Parameters
    ----------
    against : Against
        What the others play.
    player : int
    frame : Frame
        The shape of its policies.
    spend : Search
    seed : int
        Of the search: its luck and its draws.
    kept : Kept
    start : ndarray, optional
        Coefficients to begin from; 0 if left out.
    """
    generator = np.random.default_rng(luck_of(seed, "draws"))
    middle = np.zeros(frame.size) if start is None else start / max(float(np.abs(start).max()), 1e-9)
    spread = np.full(frame.size, 1.0 if start is None else 0.3)
    template = frame.policy("candidate", "", middle, "cross-entropy")

    def scores(points: Floats, runs: int, luck: int) -> Floats:
        numbers = frame.numbers(points)
        key = {
            "step": "cross-entropy",
            "against": against.describe(),
            "player": player,
            "numbers": [row.tobytes().hex() for row in numbers],
            "runs": runs,
            "seed": luck,
        }

        def play() -> Arrays:
            return {"means": against.tables(player, template, numbers, runs, luck).mean(axis=1)}

        return kept.arrays(key, play, len(points) * runs)["means"]

    best = middle
    for generation in range(spend.generations):
        points = middle + spread * generator.normal(size=(spend.population, frame.size))
        points[0] = middle
        values = scores(points, spend.runs, luck_of(seed, "generation", generation))
        order = np.argsort(-values, kind="stable")
        elite = points[order[: max(int(ELITE * spend.population), 2)]]
        best = elite[0]
        middle = (1.0 - STEP) * middle + STEP * elite.mean(axis=0)
        fading = NOISE * (1.0 - generation / spend.generations)
        spread = (1.0 - STEP) * spread + STEP * elite.std(axis=0) + fading
    last = np.stack([middle, best])
    found: Floats = last[int(np.argmax(scores(last, spend.runs, luck_of(seed, "validation"))))]
    return found
