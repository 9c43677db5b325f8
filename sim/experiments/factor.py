r"""A factor of an experiment: one quantity that is varied, its distribution, and the paths of the scenario it drives.

Every design draws points in the unit interval; a factor maps u in [0, 1] to a value by the inverse F^{-1}(u) of its
distribution function, which rises with u:

=================  ====================================================  ===================================
kind               parameters                                            value at u
=================  ====================================================  ===================================
``uniform``        lowest a, highest b                                   a + u (b - a)
``log_uniform``    lowest a, highest b, both positive                    a (b / a)^u
``triangular``     lowest, likeliest, highest                            inverse of its distribution
``normal``         mean m, standard deviation s                          m + s z(u')
``lognormal``      median m, standard deviation s of the logarithm       m exp(s z(u'))
``beta``           a, b                                                  inverse incomplete beta function
``choice``         the choices c_0 ... c_{n-1}                           c at min(floor(n u), n - 1)
=================  ====================================================  ===================================

z is the standard normal quantile. Distributions without bounds are cut to their central 99.8 %, u' = 0.001 + 0.998 u,
so that a design with points at 0 and 1 (grid, Morris) stays finite.

Values decide what is run, so they must not depend on the computer. NumPy has other code for ``exp`` and ``log`` where a
processor has AVX-512, with other last bits, and so have C libraries; here these are taken number by number from
`sim.elementary`, and quantiles from the samplers of `sim.random`. Of NumPy only what IEEE 754 rounds exactly is
used: arithmetic and square roots.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.elementary import exp, log
from sim.errors import UsageError

TAIL: Final = 0.001
"""Probability cut off at each end of a distribution without bounds."""

LARGEST_EXPONENT: Final = 709.0
"""Beyond it ``exp`` is too large for a float."""

ROUNDING: Final = 1e-9
"""How far outside the unit interval a value may fall by rounding."""

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Factor:
    """One varied quantity.

    Attributes
    ----------
    name : str
        As the experiment calls it.
    paths : tuple of str
        Dotted paths of the scenario that it sets, all to the same value (or multiplies, see `base`).
    kind : str
        See the module.
    parameters : tuple of float
        Of the distribution; empty for choices.
    choices : tuple of str, int, float or bool
        What is chosen from; empty for the other kinds.
    labels : tuple of str
        A name for each choice, for figures.
    whole : bool
        Whether values are whole numbers.
    base : tuple of float
        If not empty, the scenario's own numbers at `paths`, which the value multiplies.

    Examples
    --------
    >>> patience = Factor("patience", ("actors.us.discount_per_year",), "log_uniform", (0.05, 0.8))
    >>> patience.values(np.array([0.0, 0.5, 1.0])).round(3).tolist()
    [0.05, 0.2, 0.8]
    """

    name: str
    paths: tuple[str, ...]
    kind: str
    parameters: tuple[float, ...] = ()
    choices: tuple[Value, ...] = ()
    labels: tuple[str, ...] = ()
    whole: bool = False
    base: tuple[float, ...] = ()

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers, which have an order and a scale."""
        return all(isinstance(choice, int | float) and not isinstance(choice, bool) for choice in self.choices)

    @property
    def low(self) -> float:
        """Value at u = 0; NaN for choices that are no numbers."""
        return float(self.value_at(0.0)) if self.is_number else float("nan")

    @property
    def high(self) -> float:
        """Value at u = 1; NaN for choices that are no numbers."""
        return float(self.value_at(1.0)) if self.is_number else float("nan")

    @property
    def log(self) -> bool:
        """Whether its natural axis is logarithmic."""
        return self.kind in ("log_uniform", "lognormal")

    def values(self, unit: NDArray[np.float64]) -> NDArray[Any]:
        """Map points of the unit interval to values.

        Parameters
        ----------
        unit : ndarray of float64, shape (n,)
            Each in [0, 1].

        Returns
        -------
        ndarray, shape (n,)
            float64, or object for choices that are no numbers.
        """
        u = np.asarray(unit, dtype=np.float64)
        if self.kind == "choice":
            table = np.array(self.choices, dtype=np.float64 if self.is_number else object)
            chosen: NDArray[Any] = table[np.minimum((u * len(table)).astype(np.int64), len(table) - 1)]
            return chosen
        if self.whole and self.kind == "uniform":
            low, high = np.ceil(self.parameters[0]), np.floor(self.parameters[1])
            return np.asarray(np.minimum(np.floor(low + u * (high - low + 1.0)), high))
        quantiles = _quantile(self.kind, self.parameters, u)
        return np.asarray(np.rint(quantiles), dtype=np.float64) if self.whole else quantiles

    def value_at(self, unit: float) -> Any:
        """Return the value at one point of the unit interval, as plain Python."""
        return self.values(np.array([unit], dtype=np.float64))[:1].tolist()[0]

    def unit(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Map values back to the unit interval; the inverse of `values`, to rounding.

        Parameters
        ----------
        values : ndarray, shape (n,)
            Of the factor.

        Returns
        -------
        ndarray of float64, shape (n,)
            The middle of its cell for a choice; NaN for a value outside the distribution.
        """
        if self.kind == "choice":
            middles = {choice: (i + 0.5) / len(self.choices) for i, choice in enumerate(self.choices)}
            return np.array([middles.get(value, np.nan) for value in np.asarray(values).tolist()], dtype=np.float64)
        x = np.asarray(values, dtype=np.float64)
        if self.whole and self.kind == "uniform":
            low, high = np.ceil(self.parameters[0]), np.floor(self.parameters[1])
            u = (x - low + 0.5) / (high - low + 1.0)
        else:
            u = _distribution(self.kind, self.parameters, x)
        inside = (u >= -ROUNDING) & (u <= 1.0 + ROUNDING)
        return np.where(inside, np.clip(u, 0.0, 1.0), np.nan)

    def cells(self, levels: int) -> NDArray[np.float64]:
        """Return the points of a grid: all choices, or `levels` points from 0 to 1 in equal steps."""
        if self.kind == "choice":
            return (np.arange(len(self.choices)) + 0.5) / len(self.choices)
        return np.linspace(0.0, 1.0, levels)

    def overrides(self, value: Any) -> dict[str, Value]:
        """Say which values the scenario gets where the factor has this one.

        Parameters
        ----------
        value : float, str or bool
            As `values` returns them.

        Returns
        -------
        dict of str to value
            By dotted path.

        Raises
        ------
        UsageError
            If a text is to multiply.
        """
        if self.kind == "choice":  # the choice as written: 3 rather than 3.0
            alike = (c for c in self.choices if c == value and isinstance(c, bool) == isinstance(value, bool))
            value = next(alike, value)
        elif self.whole and float(value).is_integer():
            value = int(value)
        if not self.base:
            return dict.fromkeys(self.paths, value)
        if isinstance(value, str | bool):
            raise UsageError(f"factor {self.name!r}: found {value!r}, expected a number to multiply by")
        return {path: base * value for path, base in zip(self.paths, self.base, strict=True)}

    def to_dict(self) -> dict[str, Any]:
        """Return the factor as an experiment file says it, resolved."""
        data: dict[str, Any] = {"multiplies" if self.base else "path": list(self.paths)}
        if self.kind == "choice":
            named = self.labels and self.labels != tuple(str(c) for c in self.choices)
            data["choices"] = dict(zip(self.labels, self.choices, strict=True)) if named else list(self.choices)
        else:
            data["prior"] = {self.kind: list(self.parameters)}
        if self.whole:
            data["whole"] = True
        return data

    def describe(self) -> Mapping[str, Any]:
        """Return name, kind and ends as plain data for tables: what a manifest or a figure says about a factor."""
        ends = {"low": self.low, "high": self.high} if self.is_number else {}
        return {"name": self.name, "kind": self.kind, **self.to_dict(), **ends}


def _quantile(kind: str, p: tuple[float, ...], u: NDArray[np.float64]) -> NDArray[np.float64]:
    """Inverse distribution function."""
    if kind == "uniform":
        return np.where(u == 1.0, p[1], p[0] + u * (p[1] - p[0]))
    if kind == "log_uniform":
        growth = log(p[1] / p[0])
        return np.where(u == 1.0, p[1], np.where(u == 0.0, p[0], p[0] * _each(_exp, u * growth)))
    if kind == "triangular":
        low, mode, high = p
        rising = low + np.sqrt(u * (high - low) * (mode - low))
        falling = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
        return np.where(u * (high - low) < mode - low, rising, falling)
    if kind == "beta":
        from sim.random.beta import beta

        return _each(lambda luck: beta(luck, p[0], p[1]) if 0.0 < luck < 1.0 else luck, u)
    from sim.random.normal import normal

    z = _each(normal, TAIL + (1.0 - 2.0 * TAIL) * u)
    return p[0] + p[1] * z if kind == "normal" else p[0] * _each(_exp, p[1] * z)


def _each(function: Callable[[float], float], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Apply a function of one number to each of some."""
    return np.array([function(number) for number in x.ravel().tolist()], dtype=np.float64).reshape(x.shape)


def _exp(x: float) -> float:
    return exp(x) if x < LARGEST_EXPONENT else math.inf


def _log(x: float) -> float:
    return log(x) if 0.0 < x < math.inf else math.nan


def _distribution(kind: str, p: tuple[float, ...], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Distribution function, the inverse of `_quantile`; outside [0, 1] or NaN for what it does not reach."""
    if kind == "uniform":
        return (x - p[0]) / (p[1] - p[0])
    if kind == "log_uniform":
        return _each(_log, x / p[0]) / log(p[1] / p[0])
    if kind == "triangular":
        low, mode, high = p
        rising = (x - low) ** 2 / ((high - low) * max(mode - low, np.finfo(float).tiny))
        falling = 1.0 - (high - x) ** 2 / ((high - low) * max(high - mode, np.finfo(float).tiny))
        u = np.where(x < mode, rising, falling) if mode > low else falling
        return np.where((x < low) | (x > high), np.nan, np.where(x == high, 1.0, u))
    from scipy import special

    if kind == "beta":
        return np.asarray(special.betainc(p[0], p[1], np.where((x < 0.0) | (x > 1.0), np.nan, x)), dtype=np.float64)
    z = (x - p[0]) / p[1] if kind == "normal" else _each(_log, x / p[0]) / p[1]
    return np.asarray((special.ndtr(z) - TAIL) / (1.0 - 2.0 * TAIL), dtype=np.float64)
