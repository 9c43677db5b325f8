"""Functions whose Sobol' indices are published, Saltelli's design for them, and ways to add luck."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

Function = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Known:
    """A function on the unit cube with its indices."""

    function: Function
    first: NDArray[np.float64]
    total: NDArray[np.float64]
    variance: float


def ishigami(a: float = 7.0, b: float = 0.1) -> Known:
    """Return the function of Ishigami and Homma (1990); for a = 7, b = 0.1 S = (0.3139, 0.4424, 0), T_3 = 0.2437."""

    def function(u: NDArray[np.float64]) -> NDArray[np.float64]:
        x = math.pi * (2.0 * u - 1.0)
        return np.sin(x[..., 0]) * (1.0 + b * x[..., 2] ** 4) + a * np.sin(x[..., 1]) ** 2

    parts = 0.5 * (1.0 + b * math.pi**4 / 5.0) ** 2, a**2 / 8.0, 8.0 * b**2 * math.pi**8 / 225.0
    variance = sum(parts)
    first = np.array([parts[0], parts[1], 0.0]) / variance
    total = np.array([parts[0] + parts[2], parts[1], parts[2]]) / variance
    return Known(function, first, total, variance)


def g_function(a: Sequence[float]) -> Known:
    """Return the g-function of Sobol' (Saltelli and Sobol' 1995): V_i = 1 / (3 (1 + a_i)^2), V = prod(1 + V_i) - 1."""
    weights = np.asarray(a, dtype=np.float64)

    def function(u: NDArray[np.float64]) -> NDArray[np.float64]:
        return ((np.abs(4.0 * u - 2.0) + weights) / (1.0 + weights)).prod(axis=-1)

    parts = 1.0 / (3.0 * (1.0 + weights) ** 2)
    variance = float(np.prod(1.0 + parts) - 1.0)
    total = parts * (variance + 1.0) / (1.0 + parts) / variance
    return Known(function, parts / variance, total, variance)


def saltelli(blocks: int, groups: Sequence[Sequence[int]], seed: int) -> NDArray[np.float64]:
    """Return Saltelli's design from scrambled Sobol' points, shape (blocks, len(groups) + 2, factors)."""
    factors = sum(len(group) for group in groups)
    points = qmc.Sobol(2 * factors, rng=np.random.default_rng(seed)).random(blocks)
    a, b = points[:, :factors], points[:, factors:]
    rows = [a]
    for group in groups:
        row = a.copy()
        row[:, list(group)] = b[:, list(group)]
        rows.append(row)
    return np.stack([*rows, b], axis=1)


def one_by_one(factors: int) -> list[list[int]]:
    """Return the groups of a design that exchanges one factor at a time."""
    return [[i] for i in range(factors)]


def own_luck(exact: NDArray[np.float64], sd: float, replications: int, seed: int) -> NDArray[np.float64]:
    """Return runs of each row with independent normal luck."""
    rng = np.random.default_rng(seed)
    return exact[..., None] + rng.normal(0.0, sd, (*exact.shape, replications))


def shared_luck(
    exact: NDArray[np.float64], points: NDArray[np.float64], sd: float, replications: int, seed: int
) -> NDArray[np.float64]:
    """Return runs whose luck all rows share: a shift, and slopes in the factors, of each replication."""
    rng = np.random.default_rng(seed)
    shift, slopes = rng.normal(0.0, sd, replications), rng.normal(0.0, sd, (replications, points.shape[-1]))
    return exact[..., None] + shift + (2.0 * points - 1.0) @ slopes.T
