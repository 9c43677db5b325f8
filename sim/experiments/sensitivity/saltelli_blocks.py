r"""Saltelli's design, recognised in the points of a sweep: blocks of rows A, A with columns of B, B.

Of two independent samples A and B, block j holds the row :math:`A_j`, then for each factor i the row
:math:`A^{(i)}_j`, which is A_j with column i from B_j, and at last :math:`B_j`: D + 2 rows for D factors. If whole
groups of columns are exchanged together there are as many rows between as groups, and the indices belong to the
groups (Jacques, Lavergne and Devictor 2006).

References
----------
Saltelli, A. (2002). Making best use of model evaluations to compute sensitivity indices. Computer Physics
Communications 145, 280-297.
Jacques, J., Lavergne, C. and Devictor, N. (2006). Sensitivity analysis in presence of model uncertainty and correlated
inputs. Reliability Engineering and System Safety 91, 1126-1134.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class SaltelliBlocks:
    """How the rows of a design form blocks.

    Attributes
    ----------
    blocks : int
        How many.
    exchanged : tuple of tuple of int
        For each row between A and B of a block, in order, the factors that it has from B: a partition of all factors.
    mirrored : int
        Rows of a block that have columns of A in B instead (for interactions of pairs), before B; first-order and total
        indices do not use them.
    """

    blocks: int
    exchanged: tuple[tuple[int, ...], ...]
    mirrored: int = 0

    @property
    def grouped(self) -> bool:
        """Whether factors were exchanged in groups."""
        return any(len(columns) > 1 for columns in self.exchanged)

    def by_block(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return values by row as values by block and row: A, the exchanges, B.

        Parameters
        ----------
        values : ndarray, shape (rows, ...)
            In the order of the design.

        Returns
        -------
        ndarray, shape (blocks, len(exchanged) + 2, ...)
        """
        inner = len(self.exchanged) + 1
        whole = values.reshape(self.blocks, inner + self.mirrored + 1, *values.shape[1:])
        return whole[:, [*range(inner), -1]]


def saltelli_blocks(points: NDArray[Any]) -> SaltelliBlocks | None:
    """Recognise the blocks of Saltelli's design.

    Parameters
    ----------
    points : ndarray of float64, shape (rows, factors)
        In the unit cube, in the order in which the design has them.

    Returns
    -------
    SaltelliBlocks or None
        None if the points are no such design.

    Examples
    --------
    >>> import numpy as np
    >>> a, b = np.random.default_rng(1).random((2, 8, 3))
    >>> one = [a, np.c_[b[:, 0], a[:, 1:]], np.c_[a[:, 0], b[:, 1], a[:, 2]], np.c_[a[:, :2], b[:, 2]], b]
    >>> saltelli_blocks(np.stack(one, axis=1).reshape(-1, 3)).exchanged
    ((0,), (1,), (2,))
    >>> two = [a, np.c_[b[:, :2], a[:, 2]], np.c_[a[:, :2], b[:, 2]], b]
    >>> saltelli_blocks(np.stack(two, axis=1).reshape(-1, 3)).exchanged
    ((0, 1), (2,))
    >>> saltelli_blocks(a) is None
    True
    """
    rows, factors = points.shape
    shapes = [(steps, 0) for steps in range(factors, 0, -1)]
    for steps, mirrored in [shapes[0], (factors, factors), *shapes[1:]]:
        size = steps + mirrored + 2
        if rows % size or rows // size < 2:
            continue
        blocks = points.reshape(rows // size, size, factors)
        exchanged = _exchanged(blocks[:, 0], blocks[:, -1], blocks[:, 1 : steps + 1])
        if exchanged is not None:
            return SaltelliBlocks(rows // size, exchanged, mirrored)
    return None


def _exchanged(a: NDArray[Any], b: NDArray[Any], between: NDArray[Any]) -> tuple[tuple[int, ...], ...] | None:
    """Return which columns each row between A and B has from B; None if one of them is neither A's nor B's."""
    if (a == b).all(axis=0).any():
        return None
    exchanged = []
    for j in range(between.shape[1]):
        of_a = (between[:, j] == a).all(axis=0)
        of_b = (between[:, j] == b).all(axis=0)
        if not (of_a ^ of_b).all() or not of_b.any():
            return None
        exchanged.append(tuple(int(i) for i in np.flatnonzero(of_b)))
    every = sorted(i for columns in exchanged for i in columns)
    return tuple(exchanged) if every == list(range(a.shape[1])) else None
