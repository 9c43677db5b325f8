r"""The patient rule induction method on arrays: boxes of columns in which a share is high.

The search begins with all rows and peels off, again and again, a part of at most a share `peel` at the low or the high
end of one factor, or one of its choices: that which raises the density most for each row taken off, so that a choice,
which takes off many at once, is not preferred for that. At last it pastes such parts back onto the densest box while
its density rises. It leaves a trajectory of boxes from all rows towards high density.

References
----------
Friedman, J. H. and Fisher, N. I. (1999). Bump hunting in high-dimensional data. Statistics and Computing 9, 123-143.

Kwakkel, J. H. and Jaxa-Rozen, M. (2016). Improving scenario discovery for handling heterogeneous uncertainties and
multinomial classified outcomes. Environmental Modelling and Software 79, 311-321.

Lavrač, N., Flach, P. and Zupan, B. (1999). Rule evaluation measures: a unifying view. Inductive Logic Programming,
174-185.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

FEWEST_INSIDE: Final = 8
"""Rows that a box keeps at least."""
LEAST_WORTH: Final = 0.05
"""Share of what makes a box good that each limit of a simplified one brings at least."""

Rows: TypeAlias = NDArray[np.float64]
Inside: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cut:
    """What of one factor is inside a box: between two ends, or some of its choices.

    Attributes
    ----------
    low, high : float
        Infinite where it is not cut.
    choices : frozenset of float or None
        Places of the choices inside; None for a number.
    """

    low: float = -math.inf
    high: float = math.inf
    choices: frozenset[float] | None = None

    def holds(self, column: Rows) -> Inside:
        """Say which rows are inside."""
        if self.choices is not None:
            return np.isin(column, sorted(self.choices))
        return np.asarray((column >= self.low) & (column <= self.high))


Cuts: TypeAlias = Mapping[int, Cut]
"""A box: what is inside, by the column of each factor that is cut."""


def inside_of(points: Rows, cuts: Cuts) -> Inside:
    """Say which rows are inside a box."""
    inside = np.ones(len(points), dtype=np.bool_)
    for k, cut in cuts.items():
        inside &= cut.holds(points[:, k])
    return inside


def trajectory(points: Rows, share: Rows, numbers: tuple[bool, ...], peel: float, least_mass: float) -> list[Cuts]:
    """Peel and paste; return the boxes, from all rows on.

    Parameters
    ----------
    points : ndarray of float64, shape (rows, factors)
        Of a number, in order; of choices, their places.
    share : ndarray of float64, shape (rows,)
        What is to be high.
    numbers : tuple of bool
        Which factors are numbers.
    peel, least_mass : float
        As in `discover`.

    Examples
    --------
    >>> grid = np.linspace(0.0, 1.0, 41)[:, None]
    >>> boxes = trajectory(grid, (grid[:, 0] > 0.5).astype(float), (True,), 0.1, 0.3)
    >>> [int(inside_of(grid, cuts).sum()) for cuts in boxes][:3], boxes[-1][0].low >= 0.5
    ([41, 37, 34], True)
    """
    fewest = max(math.ceil(least_mass * len(points)), FEWEST_INSIDE)
    boxes: list[Cuts] = [{}]
    while True:
        inside = inside_of(points, boxes[-1])
        ways = [way for k in range(points.shape[1]) for way in _peeled(points, boxes[-1], k, numbers[k], peel)]
        scored = [(_gain(inside_of(points, way), inside, share), way) for way in ways]
        scored = [(gain, way) for gain, way in scored if inside_of(points, way).sum() >= fewest]
        if not scored:
            break
        boxes.append(max(scored, key=lambda item: item[0])[1])
    cuts = max(boxes, key=lambda box: (share[inside_of(points, box)].mean(), inside_of(points, box).sum()))
    while True:  # paste
        density = share[inside_of(points, cuts)].mean()
        ways = [way for k in cuts for way in _pasted(points, cuts, k, peel)]
        best = max(ways, key=lambda way: float(share[inside_of(points, way)].mean()), default=None)
        if best is None or share[inside_of(points, best)].mean() <= density:
            return boxes
        cuts = best
        boxes.append(cuts)


def _gain(left: Inside, inside: Inside, share: Rows) -> tuple[float, int]:
    """Return by how much the density rises for each row that is taken off; what lowers it is compared as it is."""
    if not left.any():
        return -math.inf, 0
    gain = float(share[left].mean() - share[inside].mean())
    return (gain / int(inside.sum() - left.sum()) if gain > 0.0 else gain), int(left.sum())


def worth_of(points: Rows, cuts: Cuts, share: Rows) -> float:
    """Return the mass of a box times its density less that of all rows."""
    inside = inside_of(points, cuts)
    return float(inside.mean() * (share[inside].mean() - share.mean())) if inside.any() else -math.inf


def simplified(points: Rows, cuts: Cuts, share: Rows) -> Cuts:
    """Lift one cut after the other, that which brings least first, while it brings less than `LEAST_WORTH`."""
    worth = worth_of(points, cuts, share)
    while len(cuts) > 1:
        without = [{k: cut for k, cut in cuts.items() if k != lifted} for lifted in cuts]
        best = max(without, key=lambda box: worth_of(points, box, share))
        if worth_of(points, best, share) < (1.0 - LEAST_WORTH) * worth:
            break
        cuts = best
    return cuts


def _peeled(points: Rows, cuts: Cuts, k: int, is_number: bool, peel: float) -> list[Cuts]:
    """Return the box without the low end, without the high end, or without each choice of a factor."""
    own = np.sort(points[inside_of(points, cuts), k])
    cut = cuts.get(k, Cut())
    if not is_number:
        kept = [frozenset(own.tolist()) - {choice} for choice in sorted(set(own.tolist()))]
        return [{**cuts, k: Cut(choices=choices)} for choices in kept if choices]
    count = max(int(peel * len(own)), 1)
    above, below = own[own > own[count - 1]], own[own < own[-count]]
    ways: list[Cuts] = []
    if len(above):
        ways.append({**cuts, k: Cut(float(own[count - 1] + above[0]) / 2.0, cut.high)})
    if len(below):
        ways.append({**cuts, k: Cut(cut.low, float(below[-1] + own[-count]) / 2.0)})
    return ways


def _pasted(points: Rows, cuts: Cuts, k: int, peel: float) -> list[Cuts]:
    """Return the box with a part put back at the low end, the high end, or with each choice that it lacks."""
    others = {j: cut for j, cut in cuts.items() if j != k}
    cut, column = cuts[k], points[:, k]
    outside = column[inside_of(points, others) & ~cut.holds(column)]
    if cut.choices is not None:
        whole = frozenset(column.tolist())
        wider = [cut.choices | {choice} for choice in sorted(set(outside.tolist()))]
        return [others if choices == whole else {**others, k: Cut(choices=choices)} for choices in wider]
    count = max(int(peel * inside_of(points, cuts).sum()), 1)
    ways = []
    below, above = np.sort(outside[outside < cut.low]), np.sort(outside[outside > cut.high])
    if len(below):
        last = below[-min(count, len(below))]
        further = column[column < last]
        ways.append(Cut(float(last + further.max()) / 2.0 if len(further) else -math.inf, cut.high))
    if len(above):
        last = above[min(count, len(above)) - 1]
        further = column[column > last]
        ways.append(Cut(cut.low, float(last + further.min()) / 2.0 if len(further) else math.inf))
    return [{**others, k: way} if way != Cut() else others for way in ways]
