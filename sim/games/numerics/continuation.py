r"""Following a curve of solutions by arc length (predictor and corrector).

The curve solves :math:`F(z, \mu) = 0`, n equations in n + 1 unknowns, and starts at a known solution with
:math:`\mu = 0`. From a point with unit tangent t the predictor goes a step h along t; the corrector is Newton's method
on F together with :math:`t \cdot (x - x_{pred}) = 0`. Because :math:`\mu` is an unknown like the others, the curve is
followed through **folds**, where it turns back in :math:`\mu`. At a **bifurcation** the determinant of the bordered
matrix :math:`(DF; t)` changes sign while t does not turn; the curve straight ahead is kept, and the point is reported.

A step is halved when the corrector moves too far, contracts too slowly or the tangent turns too much, and also when
the determinant changes sign on a long step, which happens when a step has jumped to another curve.

Source: Allgower, E. and Georg, K. (1990), Numerical Continuation Methods, Springer, chapters 6 and 8; for logit
equilibria Turocy, T. (2005), A dynamic homotopy interpretation of the logistic quantal response equilibrium
correspondence, Games and Economic Behavior 51, 243-263.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
System = Callable[[Array, float], tuple[Array, Array]]
"""``system(z, mu)`` returns F, shape (n,), and its derivatives by (z, mu), shape (n, n + 1)."""

FIRST_STEP = 0.05
GROWTH = 1.6
LARGEST_CORRECTION = 0.1
SMALLEST_COSINE = 0.98
SMALLEST_STEP = 1e-8
BIFURCATION_STEP = 1e-3
NEWTON_STEPS = 7


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A followed curve.

    Attributes
    ----------
    points : ndarray, shape (K, n + 1)
        Solutions (z, mu) in the order in which they were met; the first has mu = 0.
    tangents : ndarray, shape (K, n + 1)
        Unit tangents in the direction of travel.
    folds : ndarray, shape (F, n + 1)
        Points where the curve turns in mu.
    bifurcations : ndarray, shape (B, n + 1)
        Points near which other curves cross this one.
    reached : bool
        Whether the last point has the mu asked for.
    steps : int
        Corrector runs, accepted or not.
    reason : str
        Why the curve ended.
    """

    points: Array
    tangents: Array
    folds: Array
    bifurcations: Array
    reached: bool
    steps: int
    reason: str


def follow(system: System, start: Array, mu_max: float, max_steps: int = 20_000) -> Curve:
    """Follow the curve from ``(start, 0)`` until mu first reaches `mu_max`.

    Parameters
    ----------
    system : callable
        See `System`.
    start : ndarray, shape (n,)
        A solution at mu = 0.
    mu_max : float
        At least 0.
    max_steps : int
        Corrector runs after which to give up.

    Returns
    -------
    Curve
        ``reached`` is False if the curve could not be followed to `mu_max`.

    Examples
    --------
    >>> def parabola(z, mu):
    ...     return np.array([z[0] - mu**2]), np.array([[1.0, -2.0 * mu]])
    >>> curve = follow(parabola, np.zeros(1), 3.0)
    >>> curve.reached, curve.points[-1].round(9).tolist()
    (True, [9.0, 3.0])
    """
    n = len(start)
    here = np.append(np.asarray(start, dtype=np.float64), 0.0)
    forward = np.zeros(n + 1)
    forward[n] = 1.0
    tangent, sign = unit_tangent(system(here[:n], 0.0)[1], forward)
    points, tangents = [here], [tangent]
    folds: list[Array] = []
    bifurcations: list[Array] = []
    step, steps, reached, reason = FIRST_STEP, 0, mu_max <= 0.0, f"mu reached {mu_max:g}"
    while not reached:
        if steps >= max_steps:
            reason = f"{max_steps} steps were used up at mu = {here[n]:g}"
            break
        if step < SMALLEST_STEP:
            reason = f"the steps became smaller than {SMALLEST_STEP:g} at mu = {here[n]:g}"
            break
        if tangent[n] > 0.0:
            step = min(step, 1.5 * (mu_max - here[n]) / tangent[n] + 1e-6)
        steps += 1
        new = correct(system, here + step * tangent, tangent, LARGEST_CORRECTION)
        if new is None:
            step *= 0.5
            continue
        new_tangent, new_sign = unit_tangent(system(new[:n], float(new[n]))[1], tangent)
        turned = float(new_tangent @ tangent) < SMALLEST_COSINE
        crossed = new_sign != sign
        if turned or not np.all(np.isfinite(new_tangent)) or (crossed and step > BIFURCATION_STEP):
            step *= 0.5
            continue
        if new[n] < 0.0:
            reason = "the curve came back to mu = 0"
            break
        if crossed:
            bifurcations.append(0.5 * (here + new))
        if tangent[n] * new_tangent[n] < 0.0:
            folds.append(_fold(system, here, tangent, step))
        if new[n] >= mu_max:
            last = _land(system, here, tangent, new, mu_max)
            if last is None:
                step *= 0.5
                continue
            new, reached = last, True
            new_tangent, new_sign = unit_tangent(system(new[:n], mu_max)[1], tangent)
        here, tangent, sign = new, new_tangent, new_sign
        points.append(here)
        tangents.append(tangent)
        step *= GROWTH
    return Curve(
        np.array(points),
        np.array(tangents),
        np.array(folds).reshape(-1, n + 1),
        np.array(bifurcations).reshape(-1, n + 1),
        reached,
        steps,
        reason,
    )


def correct(system: System, predicted: Array, normal: Array, largest: float) -> Array | None:
    """Return the solution in the plane through `predicted` with the given normal, None if Newton does not settle.

    Parameters
    ----------
    system : callable
        See `System`.
    predicted : ndarray, shape (n + 1,)
        Where to start.
    normal : ndarray, shape (n + 1,)
        Normal of the plane; the unit vector of mu solves at a fixed mu.
    largest : float
        Largest first correction that is accepted.

    Returns
    -------
    ndarray, shape (n + 1,), or None

    Examples
    --------
    >>> circle = lambda z, mu: (z**2 + mu**2 - 1, np.array([[2 * z[0], 2 * mu]]))
    >>> correct(circle, np.array([0.9, 0.6]), np.array([0.0, 1.0]), 0.5).round(9).tolist()
    [0.8, 0.6]
    """
    n = len(predicted) - 1
    x = predicted.copy()
    bordered = np.empty((n + 1, n + 1))
    bordered[n] = normal
    right = np.zeros(n + 1)
    before = np.inf
    for k in range(NEWTON_STEPS):
        values, derivatives = system(x[:n], float(x[n]))
        bordered[:n] = derivatives
        right[:n] = values
        try:
            change = np.linalg.solve(bordered, right)
        except np.linalg.LinAlgError:
            return None
        size = float(np.max(np.abs(change)))
        scale = 1.0 + float(np.max(np.abs(x)))
        noise = 1e-13 * scale
        if not np.isfinite(size) or (k == 0 and size > largest) or (size > 0.5 * before and size > 100.0 * noise):
            return None
        x -= change
        if size <= 1e-8 and (size <= noise or size > 0.5 * before or size * size <= noise):
            return x
        before = size
    return x if before <= 1e-10 * (1.0 + float(np.max(np.abs(x)))) else None


def between(system: System, curve: Curve, index: int, step: float) -> Array | None:
    """Return the solution a step ahead of a point of the curve, None if the corrector does not settle.

    Parameters
    ----------
    system : callable
        See `System`.
    curve : Curve
        As followed.
    index : int
        Which of its points.
    step : float
        Distance along the tangent, of either sign.

    Returns
    -------
    ndarray, shape (n + 1,), or None

    Examples
    --------
    >>> line = lambda z, mu: (z - mu, np.array([[1.0, -1.0]]))
    >>> between(line, follow(line, np.zeros(1), 1.0), 0, 2**0.5 / 4).round(9).tolist()
    [0.25, 0.25]
    """
    tangent = curve.tangents[index]
    return correct(system, curve.points[index] + step * tangent, tangent, 2.0 * LARGEST_CORRECTION)


def at_mu(system: System, curve: Curve, index: int, mu: float) -> Array | None:
    """Return the solution with a given mu between point `index` and the next one, None if it was not found.

    Parameters
    ----------
    system : callable
        See `System`.
    curve : Curve
        As followed.
    index : int
        A point such that `mu` lies between its own mu and that of the next point.
    mu : float

    Returns
    -------
    ndarray, shape (n + 1,), or None

    Examples
    --------
    >>> line = lambda z, mu: (z - mu, np.array([[1.0, -1.0]]))
    >>> curve = follow(line, np.zeros(1), 1.0)
    >>> at_mu(line, curve, len(curve.points) - 2, 0.95).round(9).tolist()
    [0.95, 0.95]
    """
    return _land(system, curve.points[index], curve.tangents[index], curve.points[index + 1], mu)


def unit_tangent(derivatives: Array, reference: Array) -> tuple[Array, float]:
    """Return the unit tangent on the side of `reference`, and the sign of the bordered determinant.

    Parameters
    ----------
    derivatives : ndarray, shape (n, n + 1)
        Of F by (z, mu).
    reference : ndarray, shape (n + 1,)
        A direction, such as the tangent of the point before.

    Returns
    -------
    tangent : ndarray, shape (n + 1,)
        NaN if the curve has no single tangent here.
    sign : float
        -1, 0 or 1.

    Examples
    --------
    >>> unit_tangent(np.array([[1.0, -0.75]]), np.array([0.0, 1.0]))[0].tolist()
    [0.6, 0.8]
    """
    n = len(reference) - 1
    bordered = np.vstack([derivatives, reference])
    right = np.zeros(n + 1)
    right[n] = 1.0
    try:
        tangent = np.linalg.solve(bordered, right)
    except np.linalg.LinAlgError:
        return np.full(n + 1, np.nan), 0.0
    # (DF; t) has the determinant of (DF; reference) times the positive factor t.t / t.reference.
    return tangent / np.sqrt(tangent @ tangent), float(np.linalg.slogdet(bordered)[0])


def _fold(system: System, here: Array, tangent: Array, step: float) -> Array:
    """Halve the step until the point where the tangent has no component along mu is pinned down."""
    n = len(here) - 1
    low, high, best = 0.0, step, here
    for _ in range(45):
        middle = 0.5 * (low + high)
        point = correct(system, here + middle * tangent, tangent, LARGEST_CORRECTION)
        if point is None:
            break
        best = point
        ahead = unit_tangent(system(point[:n], float(point[n]))[1], tangent)[0]
        if ahead[n] * tangent[n] > 0.0:
            low = middle
        else:
            high = middle
    return best


def _land(system: System, here: Array, tangent: Array, new: Array, mu: float) -> Array | None:
    """Return the solution at a fixed mu on the way from `here` to `new`."""
    n = len(here) - 1
    fixed = np.zeros(n + 1)
    fixed[n] = 1.0
    gap = new[n] - here[n]
    share = (mu - here[n]) / gap if gap else 1.0
    guess = here + share * (new - here)
    guess[n] = mu
    landed = correct(system, guess, fixed, LARGEST_CORRECTION)
    if landed is not None:
        return _polished(system, landed)
    low, high, point = 0.0, float(tangent @ (new - here)), here
    for _ in range(60):
        middle = 0.5 * (low + high)
        candidate = correct(system, here + middle * tangent, tangent, LARGEST_CORRECTION)
        if candidate is None:
            return None
        point = candidate
        if (point[n] < mu) == (gap > 0):
            low = middle
        else:
            high = middle
        guess = point.copy()
        guess[n] = mu
        landed = correct(system, guess, fixed, 0.1 * LARGEST_CORRECTION)
        if landed is not None:
            return _polished(system, landed)
    return None


def _polished(system: System, point: Array) -> Array:
    """Run Newton's method at a fixed mu for as long as its steps become smaller."""
    x, before = point, np.inf
    n = len(point) - 1
    for _ in range(NEWTON_STEPS):
        values, derivatives = system(x[:n], float(x[n]))
        try:
            change = np.linalg.solve(derivatives[:, :n], values)
        except np.linalg.LinAlgError:
            return x
        size = float(np.max(np.abs(change), initial=0.0))
        if not size < 0.5 * before or size > 1e-3:
            return x
        x, before = np.append(x[:n] - change, x[n]), size
        if size == 0.0:
            return x
    return x
