r"""Following the principal branch of stationary logit equilibria, through its folds, to any precision and to its end.

The branch starts at uniform play at :math:`\lambda = 0` and is followed as a curve :math:`(z, V, \lambda)` with exact
derivatives (`sim.games.stochastic.play_derivatives`). Lengths along it are measured by what matters,

.. math:: \langle d, d' \rangle = \sum_{x,i,a} \sigma_i(a \mid x)\, dz\, dz'
          + \frac{d\lambda\, d\lambda'}{(\lambda + \lambda_0)^2},

so that moves which are hardly played any more cost no steps and :math:`\lambda` may grow by a factor a step. A step
goes along the tangent; Newton's method then solves the equations on the plane through the predicted point that is
normal, in this metric, to the tangent. :math:`\lambda` is an unknown like the others and may turn back (a **fold**).
Which way the curve goes on is told by the sign of the determinant of the equations: it changes where :math:`\lambda`
turns and nowhere else, except at a **bifurcation**, where branches cross and the one that goes straight on is taken. A
step is too long as long as determinant and tangent disagree, so no sharp turn is taken for the way back.

A branch ends at a Markov perfect equilibrium. Where the tangent tells which moves die out,
:math:`d z_a / d \log\lambda \to -\infty` off the support and :math:`\to 0` on it, Newton's method on the support
leads from a point of the branch to the equilibrium itself; it is taken when the point is near it.

Sources: Eibelshäuser, S. and Poensgen, D. (2019), SSRN 3314404 (branch and selection); Allgower, E. and Georg, K.
(1990), Numerical Continuation Methods, Springer (predictor and corrector); Turocy, T. (2005), Games and Economic
Behavior 51, 243-263.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.games.numerics.arguments import Floats, Integers
from sim.games.stochastic.play_derivatives import PlayDerivatives

MOST_VALUES = 3000
"""States times players up to which a dense system of values is solved."""

FIRST_STEP = 0.1
LONGEST_STEP = 1.5
LARGEST_CHANGE = 0.5
SHORTEST_STEP = 1e-7
SMALLEST_COSINE = 0.8
STRAY = 0.4
CROSSING = 1e-3
"""A step so short over which the determinant alone changes its sign crosses a bifurcation."""
NEWTON_STEPS = 6
ROUGH = 1e-3
"""How near to the branch a point must be after a step of length 1; after a shorter one as much nearer."""
FINE_STEPS = 15
DIES_OUT = -0.4
NEAR = 1e-2


@dataclass(frozen=True, slots=True, eq=False)
class PathEnd:
    """Where following the branch ended.

    Attributes
    ----------
    sigma : ndarray, shape (all moves,)
        Strategies: at the target, at the equilibrium at the end of the branch, or where it was lost.
    lam : float
        Precision of the last point of the branch.
    reached : bool
        Whether it is the target, or the equilibrium at the branch's end was found.
    folds : tuple of float
        Precisions at which the branch turned, in order.
    steps, solves : int
        Points accepted, and linear systems solved.
    distance : float
        Largest difference between a probability of the equilibrium and that of the last point of the branch; 0 if the
        end is a point of the branch.
    reason : str
        Why it ended.
    """

    sigma: Floats
    lam: float
    reached: bool
    folds: tuple[float, ...]
    steps: int
    solves: int
    distance: float
    reason: str


class _Point:
    """A point of the branch and the unit tangent there; `side` is the determinant's sign where lam grows."""

    def __init__(self, z: Floats, values: Floats, lam: float, side: float = 1.0) -> None:
        self.z, self.values, self.lam, self.side = z, values, lam, side
        self.dz, self.dv, self.dlam = np.zeros_like(z), np.zeros_like(values), 1.0


class LogitPath:
    """The branch of one game.

    Parameters
    ----------
    equations : PlayDerivatives
    first_move : ndarray of int
        Where each (state, player) begins among all moves, and their number last.
    uniform_values : ndarray, shape (players * states,)
        Values of uniform play, player by player.
    scale : float
        Precision at which log-odds are of the order of 1.
    """

    def __init__(self, equations: PlayDerivatives, first_move: Integers, uniform_values: Floats, scale: float) -> None:
        self.equations = equations
        self.starts = first_move[:-1]
        self.counts = np.diff(first_move)
        self.scale = scale
        self.uniform_values = uniform_values

    def follow(
        self,
        target: float | None,
        most_solves: int,
        is_equilibrium: Callable[[Floats], bool],
        largest_lam: float,
    ) -> PathEnd:
        """Follow the branch to a precision, or (None) to the equilibrium at its end.

        Parameters
        ----------
        target : float or None
        most_solves : int
            Linear systems after which to give up.
        is_equilibrium : callable
            Judges strategies found on a support; used only without a target.
        largest_lam : float
            Where to stop without a target, if no equilibrium was found until then.

        Returns
        -------
        PathEnd
        """
        here = _Point(np.repeat(-np.log(self.counts), self.counts), self.uniform_values.copy(), 0.0)
        if target == 0.0:
            return self._end(here, True, [], 0, 0.0, "uniform play")
        solved = self.equations.solve(here.z, here.values, 0.0)
        assert solved is not None  # at lam 0 the equations are regular
        self._turn(here, solved, here, FIRST_STEP)
        stop = largest_lam if target is None else target
        folds: list[float] = []
        length, steps, tried = FIRST_STEP, 0, 0.0
        while self.equations.solves < most_solves:
            if length < SHORTEST_STEP:
                return self._end(here, False, folds, steps, 0.0, "steps became too short")
            new = self._step(here, length, stop if target is not None else np.inf)
            if new is None:
                length *= 0.4
                continue
            point, easy = new
            if point.lam < 0.0:
                return self._end(here, False, folds, steps, 0.0, "the branch came back to lam 0")
            steps += 1
            if point.dlam * here.dlam < 0.0:
                folds.append(point.lam)
            here = point
            if target is not None and here.lam == target:
                return self._end(here, True, folds, steps, 0.0, "lam reached the target")
            if target is None and here.dlam > 0.0 and here.lam > max(2.0 * tried, 3.0 * self.scale):
                tried = here.lam
                found = self._at_the_end(here, is_equilibrium)
                if found is not None:
                    sigma, distance = found
                    reason = "Newton's method on the support of the branch's end"
                    solves = self.equations.solves
                    return PathEnd(sigma, here.lam, True, tuple(folds), steps, solves, distance, reason)
            if target is None and here.lam >= stop:
                return self._end(here, False, folds, steps, 0.0, "no support settled up to the largest lam")
            length = min(LONGEST_STEP, length * (2.0 if easy else 1.2))
        return self._end(here, False, folds, steps, 0.0, "the linear systems allowed were used up")

    def _end(self, here: _Point, reached: bool, folds: list[float], steps: int, far: float, reason: str) -> PathEnd:
        solves = self.equations.solves
        return PathEnd(self._sigma(here.z), here.lam, reached, tuple(folds), steps, solves, far, reason)

    def _normalised(self, z: Floats) -> Floats:
        top = np.maximum.reduceat(z, self.starts)
        rest = z - np.repeat(top, self.counts)
        total = np.log(np.add.reduceat(np.exp(rest), self.starts))
        return np.asarray(rest - np.repeat(total, self.counts))

    def _sigma(self, z: Floats) -> Floats:
        odds = np.exp(z - np.repeat(np.maximum.reduceat(z, self.starts), self.counts))
        return np.asarray(odds / np.repeat(np.add.reduceat(odds, self.starts), self.counts))

    def _turn(
        self, point: _Point, solved: tuple[Floats, Floats, Floats, Floats], before: _Point, length: float
    ) -> bool:
        """Set the unit tangent of a point from the derivatives by lam; tell whether it goes on from the one before."""
        by_z, by_values = solved[2], solved[3]
        weight = np.exp(point.z)
        unit = 1.0 / (point.lam + self.scale) ** 2
        size = float(np.sqrt((weight * by_z) @ by_z + unit)) * self.equations.orientation * before.side
        point.dz, point.dv, point.dlam, point.side = by_z / size, by_values / size, 1.0 / size, before.side
        # Both tangents are measured at the new point.
        product = float((weight * point.dz) @ before.dz + unit * point.dlam * before.dlam)
        cosine = product / float(np.sqrt((weight * before.dz) @ before.dz + unit * before.dlam**2))
        if cosine <= -SMALLEST_COSINE and length <= CROSSING:
            point.dz, point.dv, point.dlam, point.side = -point.dz, -point.dv, -point.dlam, -point.side
            return True
        return cosine >= SMALLEST_COSINE

    def _step(self, here: _Point, length: float, target: float) -> tuple[_Point, bool] | None:
        """Go a step along the tangent and correct; also tell whether that was easy. None if the step is too long."""
        lam = here.lam + length * here.dlam
        landing = lam >= target
        if landing:
            length *= (target - here.lam) / (lam - here.lam)
            lam = target
        if here.lam > 0.0 and lam <= 0.0:
            return None
        weight = np.exp(here.z)
        # No strategy may change by more than a bounded amount in one step, however many there are.
        local = float(np.sqrt(np.add.reduceat(weight * here.dz**2, self.starts).max()))
        if length * local > LARGEST_CHANGE:
            length = LARGEST_CHANGE / local
            lam, landing = here.lam + length * here.dlam, False
        z = self._normalised(here.z + length * here.dz)
        guess = _Point(z, here.values + length * here.dv, lam)
        along_z, along_lam = np.exp(z) * here.dz, here.dlam / (lam + self.scale) ** 2
        point = _Point(guess.z, guess.values, guess.lam)
        before = np.inf
        for count in range(NEWTON_STEPS):
            solved = self.equations.solve(point.z, point.values, point.lam)
            if solved is None:
                return None
            change_z, change_values, by_z, by_values = solved
            if landing:
                change = 0.0
            else:
                gone = float(along_z @ (point.z - guess.z) + along_lam * (point.lam - guess.lam))
                slope = float(along_z @ by_z) + along_lam
                if slope == 0.0:
                    return None
                change = -(float(along_z @ change_z) + gone) / slope
            moved = change_z + change * by_z
            z = self._normalised(point.z + moved)
            sigma = np.exp(np.maximum(point.z, z))  # a move that was as good as never played may come to be
            size = float(np.sqrt(np.add.reduceat(sigma * moved**2, self.starts).max()))
            size = max(size, abs(change) / (point.lam + self.scale))
            allowed = STRAY * min(1.0, max(length, 1e-3)) if count == 0 else 0.5 * before
            if not size <= allowed or point.lam + change <= 0.0:
                return None
            values = point.values + change_values + change * by_values
            point = _Point(z, values, point.lam + change)
            if size <= max(ROUGH * min(1.0, length), 1e-6):
                if not self._turn(point, solved, here, length):
                    return None
                if landing:
                    self._refine(point)
                return point, count <= 2
            before = size
        return None

    def _refine(self, point: _Point) -> None:
        """Solve the equations at fixed lam as well as they can be."""
        best = np.inf
        for _ in range(FINE_STEPS):
            solved = self.equations.solve(point.z, point.values, point.lam)
            if solved is None:
                return
            size = float((np.exp(point.z) * np.abs(solved[0])).max())
            if not size < best:
                return
            best = size
            point.z, point.values = self._normalised(point.z + solved[0]), point.values + solved[1]
            if size <= 1e-15:
                return

    def _at_the_end(self, here: _Point, is_equilibrium: Callable[[Floats], bool]) -> tuple[Floats, float] | None:
        """Go from a point of the branch to the equilibrium on the support that the tangent shows, if it is near."""
        sigma = self._sigma(here.z)
        growth = here.dz / here.dlam * here.lam
        alive = growth > DIES_OUT
        if not np.logical_or.reduceat(alive, self.starts).all() or sigma[~alive].max(initial=0.0) > NEAR:
            return None
        z = np.where(alive, sigma, 0.0)
        z = z / np.repeat(np.add.reduceat(z, self.starts), self.counts)
        values = here.values.copy()
        for _ in range(FINE_STEPS):
            solved = self.equations.solve(z, values, 0.0, alive)
            if solved is None:
                return None
            z, values = z + solved[0], values + solved[1]
            if not float(np.abs(z - sigma).max()) <= NEAR:
                return None
            if float(np.abs(solved[0]).max()) <= 1e-13:
                break
        if z.min() < -1e-12:
            return None
        z = np.maximum(np.where(alive, z, 0.0), 0.0)
        z = z / np.repeat(np.add.reduceat(z, self.starts), self.counts)
        return (z, float(np.abs(z - sigma).max())) if is_equilibrium(z) else None
