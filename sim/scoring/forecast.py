"""Checked forecasts: arrays of probabilities with the class that came true, samples and observations."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.errors import UsageError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

_SUM_TOLERANCE = 1e-9


def finite_array(name: str, value: npt.ArrayLike) -> Floats:
    """Return a fresh float array with finite entries.

    Raises
    ------
    UsageError
        If it is ragged, empty, or has NaN or infinite entries.
    """
    try:
        found = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise UsageError(f"{name}: found ragged or non-numeric entries, expected an array of numbers") from None
    if found.size == 0 or not np.isfinite(found).all():
        raise UsageError(
            f"{name}: found {'no entries' if found.size == 0 else 'NaN or infinity'}, expected finite numbers"
        )
    return found


def probabilities_and_class(probabilities: npt.ArrayLike, observed: npt.ArrayLike) -> tuple[Floats, Integers]:
    """Return class probabilities (cases..., classes) and the class that came true, broadcast against each other.

    Raises
    ------
    UsageError
        If probabilities are negative or do not sum to one, or a class number is out of range.
    """
    chances = finite_array("probabilities", probabilities)
    if chances.ndim == 0 or (chances < 0).any() or (np.abs(chances.sum(axis=-1) - 1.0) > _SUM_TOLERANCE).any():
        raise UsageError(
            "probabilities: found a forecast that is negative or does not sum to 1, "
            "expected the last axis to hold the probabilities of all classes"
        )
    happened = finite_array("observed", observed)
    classes = happened.astype(np.int64)
    if (classes != happened).any() or (classes < 0).any() or (classes >= chances.shape[-1]).any():
        raise UsageError(
            f"observed: found {observed!r}, expected class numbers from 0 to {chances.shape[-1] - 1} (the first is 0)"
        )
    try:
        shape = np.broadcast_shapes(chances.shape[:-1], classes.shape)
    except ValueError:
        raise UsageError(
            f"observed: found shape {classes.shape}, expected one that fits the cases {chances.shape[:-1]}"
        ) from None
    return np.broadcast_to(chances, (*shape, chances.shape[-1])), np.broadcast_to(classes, shape)
