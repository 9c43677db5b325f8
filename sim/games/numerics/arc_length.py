r"""Following a branch of fixed points through its folds, by pseudo-arc-length continuation (Keller 1977).

The branch of :math:`w = G(w, t)` is followed as a curve :math:`z(s) = (w, t)`, on which :math:`t` may turn back. From a
point with unit tangent :math:`\tau` a step of length :math:`h` predicts :math:`z + h\tau` and corrects by Newton's
method on

.. math:: G(w, t) - w = 0, \qquad \tau \cdot (z' - z - h\tau) = 0,

which stays regular at a fold. Newton's linear systems are solved by GMRES with directional differences of :math:`G`, so
no Jacobian is stored. A fold is a change of sign of :math:`dt/ds`.

References
----------
Keller, H. B. (1977). Numerical solution of bifurcation and nonlinear eigenvalue problems. In Applications of
Bifurcation Theory, 359-384. Academic Press.
Saad, Y. and Schultz, M. H. (1986). GMRES. SIAM J. Scientific and Statistical Computing 7, 856-869.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse.linalg import LinearOperator, gmres

from sim.games.numerics.arguments import Floats

Residual = Callable[[Floats, float], Floats]

_DIFFERENCE = 1e-7
_NEWTON_STEPS = 6
_EASY_STEPS = 3
_BASIS = 120
_SHORTEST = 1e-5
_TURN = 0.95
_STRAY = 0.2


@dataclass(frozen=True, slots=True, eq=False)
class Followed:
    """Where following a branch ended.

    Attributes
    ----------
    point : ndarray
        The last point of the branch, at `share` or, if reached, at the target.
    share : float
        The parameter there.
    reached : bool
        Whether the target was reached.
    folds : tuple of float
        Parameters at which the branch turned, in order: of the first point computed after each turn.
    steps : int
        Points accepted.
    """

    point: Floats
    share: float
    reached: bool
    folds: tuple[float, ...]
    steps: int


def follow(
    residual: Residual,
    point: Floats,
    share: float,
    target: float,
    tolerance: float,
    spent: Callable[[], bool],
    first_step: float = 0.05,
    weight: float = 1.0,
    least: float = -np.inf,
    longest: float = np.inf,
) -> Followed:
    """Follow a branch from a point on it until the parameter first reaches a target.

    Parameters
    ----------
    residual : callable
        ``residual(w, t)`` is G(w, t) - w.
    point : ndarray, shape (n,)
        A point of the branch at `share`; it is not changed.
    share, target : float
        Parameter at the point and the one to reach, target above share. Turning back below `least` is a failure.
    tolerance : float
        Largest residual of a point of the branch.
    spent : callable
        Returns whether to give up.
    first_step : float
        Length of the first step.
    weight : float
        Scale of `w` against the parameter in the length of a step.
    least : float
        Smallest parameter of the branch.
    longest : float
        Longest step. Too long a one can cross a hairpin and follow the branch back to where it came from.

    Returns
    -------
    Followed

    Examples
    --------
    >>> def cubic(w, t):                              # t = w^3 - 0.3 w, folded between its two turns
    ...     return w**3 - 0.3 * w - t
    >>> end = follow(cubic, np.array([-0.9]), -0.459, 0.4, 1e-12, lambda: False)
    >>> end.reached, len(end.folds)
    (True, 2)
    """
    here = np.append(point * weight, share)
    size = here.size

    def system(z: Floats) -> Floats:
        return residual(z[:-1] / weight, float(z[-1]))

    def tangent(z: Floats, guide: Floats) -> Floats | None:
        direction = _solve(system, z, system(z), guide, np.append(np.zeros(size - 1), 1.0))
        return None if direction is None else np.asarray(direction / np.linalg.norm(direction))

    ahead = tangent(here, np.append(np.zeros(size - 1), 1.0))
    folds: list[float] = []
    length, steps = min(first_step, longest), 0
    while ahead is not None and not spent():
        predicted = here + length * ahead
        corrected, used = _newton(system, predicted, ahead, tolerance)
        if corrected is not None and np.linalg.norm(corrected - predicted) > _STRAY * length:
            # Newton may have landed on another leg of a hairpin, which would be followed backwards.
            corrected = None
        turned = None if corrected is None else tangent(corrected, ahead)
        if corrected is None or turned is None or turned @ ahead < _TURN:
            length *= 0.5
            if length < _SHORTEST:
                break
            continue
        if corrected[-1] < least:
            break
        if corrected[-1] >= target:
            part = (target - here[-1]) / (corrected[-1] - here[-1])
            guess = here + part * (corrected - here)
            guess[-1] = target
            last, _ = _newton(system, guess, np.append(np.zeros(size - 1), 1.0), tolerance)
            if last is None:
                length *= 0.5
                if length < _SHORTEST:
                    break
                continue
            return Followed(last[:-1] / weight, target, True, tuple(folds), steps + 1)
        if turned[-1] * ahead[-1] < 0:
            folds.append(float(corrected[-1]))
        here, ahead = corrected, turned
        steps += 1
        if used <= _EASY_STEPS:
            length = min(1.5 * length, longest)
    return Followed(here[:-1] / weight, float(here[-1]), False, tuple(folds), steps)


def _newton(
    system: Callable[[Floats], Floats], start: Floats, normal: Floats, tolerance: float
) -> tuple[Floats | None, int]:
    """Solve system(z) = 0 on the plane through `start` normal to `normal`; None if it does not converge."""
    z = start
    before = np.inf
    for step in range(_NEWTON_STEPS + 1):
        value = system(z)
        size = float(np.abs(value).max())
        if size <= tolerance:
            return z, step
        if not np.isfinite(size) or size > 2.0 * before:
            return None, step
        before = size
        change = _solve(system, z, value, normal, np.append(-value, 0.0))
        if change is None:
            return None, step
        z = z + change
    return None, _NEWTON_STEPS


def _solve(
    system: Callable[[Floats], Floats], z: Floats, value: Floats, normal: Floats, right: Floats
) -> Floats | None:
    """Solve [system'; normal] x = right by GMRES; None if it stagnates."""
    size = z.size

    def product(direction: Floats) -> Floats:
        flat = np.asarray(direction, dtype=np.float64).ravel()
        length = float(np.linalg.norm(flat))
        if length == 0.0:
            return np.zeros(size)
        step = _DIFFERENCE * max(1.0, float(np.abs(z).max())) / length
        return np.append((system(z + step * flat) - value) / step, normal @ flat)

    operator = LinearOperator((size, size), matvec=product, dtype=np.float64)
    solution, failed = gmres(operator, right, rtol=1e-5, restart=min(_BASIS, size), maxiter=2)
    return None if failed or not np.isfinite(solution).all() else np.asarray(solution)
