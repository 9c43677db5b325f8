r"""Fixed points by Anderson (1965) mixing, with damped iteration as the safeguard.

To solve :math:`x = G(x)` with residuals :math:`f_k = G(x_k) - x_k`, Anderson mixing combines the last few iterates so
that the linear model of the residual is smallest:

.. math:: x_{k+1} = x_k + \beta f_k - (\Delta X + \beta \Delta F)\,\gamma, \qquad
          \gamma = \arg\min \|f_k - \Delta F \gamma\|.

Plain damped iteration is the case without memory. When the error grows well above the best seen, memory is dropped,
the search returns to the best point and the damping is halved.

References
----------
Anderson, D. G. (1965). Iterative procedures for nonlinear integral equations. Journal of the ACM 12, 547-560.
Walker, H. F. and Ni, P. (2011). Anderson acceleration for fixed-point iterations. SIAM J. Numerical Analysis 49,
1715-1735.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.games.numerics.arguments import Floats
from sim.games.numerics.small_systems import fit_rows

_GROWTH = 20.0
_DEPENDENT = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class FixedPoint:
    """Where an iteration ended.

    Attributes
    ----------
    point : ndarray
        The best argument found; on convergence the image of the last one.
    error : float
        Its error, as the map reports it.
    evaluations : int
        Evaluations of the map.
    converged : bool
        Whether the error is at most the tolerance.
    """

    point: Floats
    error: float
    evaluations: int
    converged: bool


def fixed_point(
    improved: Callable[[Floats], tuple[Floats, float]],
    start: Floats,
    tolerance: float,
    max_evaluations: int,
    memory: int = 8,
    damping: float = 1.0,
) -> FixedPoint:
    """Return a fixed point of a map.

    Parameters
    ----------
    improved : callable
        Takes a point and returns its image and the error by which convergence is judged.
    start : ndarray, shape (n,)
        First point; it is not changed.
    tolerance : float
        Error at which to stop.
    max_evaluations : int
        Evaluations at most.
    memory : int
        Earlier iterates to combine; 0 is damped iteration.
    damping : float
        Share of the way to the image that a step takes, in (0, 1].

    Returns
    -------
    FixedPoint

    Examples
    --------
    >>> def cosine(x):
    ...     return np.cos(x), float(np.abs(np.cos(x) - x).max())
    >>> round(float(fixed_point(cosine, np.zeros(1), 1e-13, 100).point[0]), 10)
    0.7390851332
    """
    point = start.copy()
    best, best_error = point, math.inf
    steps: list[Floats] = []
    changes: list[Floats] = []
    previous: tuple[Floats, Floats] | None = None
    beta = damping
    for evaluation in range(1, max_evaluations + 1):
        image, error = improved(point)
        if error <= tolerance:
            return FixedPoint(image, error, evaluation, True)
        if not math.isfinite(error) or error > _GROWTH * best_error:
            point, beta, previous = best, max(0.5 * beta, 1e-3), None
            steps.clear()
            changes.clear()
            # The best point is evaluated again, so that its residual starts the new memory.
            best_error = math.inf if not math.isfinite(error) else best_error
            continue
        gap = image - point
        if error < best_error:
            best, best_error = point.copy(), error
        if previous is not None and memory > 0:
            steps.append(point - previous[0])
            changes.append(gap - previous[1])
            if len(steps) > memory:
                del steps[0], changes[0]
        previous = (point, gap)
        point = point + beta * gap
        if changes:
            gamma = fit_rows(np.array(changes), gap, _DEPENDENT)
            for weight, moved, turned in zip(gamma, steps, changes, strict=True):
                point = point - weight * (moved + beta * turned)
        elif memory == 0 and error > best_error:
            beta = max(0.7 * beta, 1e-3)
    return FixedPoint(best, best_error, max_evaluations, False)
