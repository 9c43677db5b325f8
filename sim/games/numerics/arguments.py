"""Checked arguments of games: what a number or an array must be before an algorithm may trust it.

Every public function of this package accepts plain numbers and array-likes. The functions here turn them into floats
and fresh float arrays, so that an algorithm never sees NaN, an empty axis or a discount of 1.2, and never writes into
an array of the caller. Each failure is one `GameError` that names the argument, what was found and what was expected.
"""

from __future__ import annotations

import math
from typing import Any, SupportsFloat, SupportsIndex

import numpy as np
import numpy.typing as npt

from sim.errors import GameError

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


def number(
    name: str,
    value: SupportsFloat | SupportsIndex | str,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    open_low: bool = False,
    open_high: bool = False,
) -> float:
    """Return `value` as a finite float inside an interval.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : float
        What the caller gave.
    low, high : float
        Ends of the interval; closed unless `open_low` or `open_high`.

    Returns
    -------
    float

    Raises
    ------
    GameError
        If the value is no finite number or lies outside the interval.

    Examples
    --------
    >>> number("trust", 0.5, 0, 1)
    0.5
    """
    try:
        given = float(value)
    except (TypeError, ValueError):
        raise GameError(f"{name}: found {value!r}, expected a number") from None
    inside = low <= given <= high and not (open_low and given == low) and not (open_high and given == high)
    if not math.isfinite(given) or not inside:
        raise GameError(f"{name}: found {given:g}, expected {_interval(low, high, open_low, open_high)}")
    return given


def _interval(low: float, high: float, open_low: bool, open_high: bool) -> str:
    if math.isinf(low) and math.isinf(high):
        return "a finite number"
    if math.isinf(high):
        return f"a finite number {'above' if open_low else 'of at least'} {low:g}"
    if math.isinf(low):
        return f"a finite number {'below' if open_high else 'of at most'} {high:g}"
    return f"a number in {'(' if open_low else '['}{low:g}, {high:g}{')' if open_high else ']'}"


def count(name: str, value: Any, least: int = 1) -> int:
    """Return `value` as a whole number of at least `least`.

    Raises
    ------
    GameError
        If it is no whole number or too small.

    Examples
    --------
    >>> count("rounds", 3)
    3
    """
    try:
        whole = int(value)
        exact = whole == value and not isinstance(value, bool)
    except (TypeError, ValueError, OverflowError):
        whole, exact = 0, False
    if not exact or whole < least:
        raise GameError(f"{name}: found {value!r}, expected a whole number of at least {least}")
    return whole


def discount(
    value: SupportsFloat | SupportsIndex | str, *, finite_horizon: bool = False, name: str = "discount"
) -> float:
    """Return a discount factor per period: in [0, 1), or in [0, 1] when the horizon is finite.

    Raises
    ------
    GameError
        If it lies outside; the message says that 1 needs a finite horizon.

    Examples
    --------
    >>> discount(0.9)
    0.9
    """
    factor = number(name, value)
    if factor == 1.0 and not finite_horizon:
        raise GameError(
            f"{name}: found 1, expected a number in [0, 1): an infinite sum of undiscounted payoffs has no value; "
            "give a discount below 1 or a finite horizon"
        )
    return number(name, factor, 0.0, 1.0)


def discounts(value: npt.ArrayLike, players: int, *, finite_horizon: bool = False) -> Floats:
    """Return one discount factor per player from one number or one number each.

    Raises
    ------
    GameError
        If the count or a value is wrong.

    Examples
    --------
    >>> discounts(0.9, 2).tolist()
    [0.9, 0.9]
    """
    factors = per_player("discount", value, players)
    for entry in factors:
        discount(float(entry), finite_horizon=finite_horizon)
    return factors


def per_player(name: str, value: npt.ArrayLike, players: int) -> Floats:
    """Return one number per player, broadcasting a single one.

    Raises
    ------
    GameError
        If there is neither one number nor one for each player.
    """
    try:
        numbers = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise GameError(f"{name}: found {value!r}, expected one number or one for each of {players} players") from None
    if numbers.shape not in ((), (1,), (players,)):
        raise GameError(
            f"{name}: found shape {numbers.shape}, expected one number or one for each of {players} players"
        )
    return np.array(np.broadcast_to(numbers, (players,)))


def precisions(value: npt.ArrayLike, players: int, *, infinite: bool = True) -> Floats:
    """Return one logit precision `lam` per player (per unit of that player's payoff).

    Raises
    ------
    GameError
        If one is negative or NaN, or infinite where `infinite` is False.

    Examples
    --------
    >>> precisions([1, 2], 2).tolist()
    [1.0, 2.0]
    """
    rates = per_player("lam", value, players)
    for entry in rates:
        if math.isnan(entry) or entry < 0 or (math.isinf(entry) and not infinite):
            raise GameError(f"lam: found {entry:g}, expected a{'' if infinite else ' finite'} number of at least 0")
    return rates


def payoff_array(name: str, value: npt.ArrayLike, dimensions: int | None = None) -> Floats:
    """Return a fresh, finite float array.

    Parameters
    ----------
    name : str
        The argument's name, for the message.
    value : array_like
        What the caller gave; it is copied.
    dimensions : int, optional
        The number of axes it must have.

    Returns
    -------
    ndarray of float64

    Raises
    ------
    GameError
        If it is ragged, empty, has NaN or infinite entries or the wrong number of axes.

    Examples
    --------
    >>> payoff_array("A", [[1, 2]], 2).shape
    (1, 2)
    """
    try:
        array = np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise GameError(f"{name}: found ragged or non-numeric entries, expected an array of numbers") from None
    if dimensions is not None and array.ndim != dimensions:
        raise GameError(f"{name}: found {array.ndim} axes (shape {array.shape}), expected {dimensions}")
    if array.size == 0:
        raise GameError(
            f"{name}: found shape {array.shape}, expected at least one entry on every axis: no empty move set"
        )
    if not np.isfinite(array).all():
        where = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
        raise GameError(f"{name}: found {array[where]} at index {where}, expected finite numbers only")
    return array
