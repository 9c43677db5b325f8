"""Import of quantecon, which takes seconds, by one process at a time.

quantecon keeps machine code of its own beside its files. Two processes that import it for the first time at once can
leave code there that no process can load any more: Python aborts (seen with quantecon 0.11 under two test workers). A
lock in the package's cache folder lets the second wait until the first has written all of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np

from sim.compiled import cache_root


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the lock where the system has one and the cache folder can be written to."""
    try:
        import fcntl

        cache_root().mkdir(parents=True, exist_ok=True)
        lock = (cache_root() / "quantecon.lock").open("w")
    except (ImportError, OSError):
        yield
        return
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def quantecon_games() -> Any:
    """Return quantecon's module of games.

    Returns
    -------
    module
        ``quantecon.game_theory``.

    Examples
    --------
    >>> quantecon_games().__name__
    'quantecon.game_theory'
    """
    if "quantecon" in sys.modules:
        from quantecon import game_theory
    else:
        with _alone():
            from quantecon import game_theory
    return game_theory


@cache
def minmax_solver() -> Any:
    """Return quantecon's solver of zero-sum matrix games, compiled.

    Returns
    -------
    callable
        ``quantecon.optimize.minmax``: from a matrix to its value and the strategies of row and column.

    Examples
    --------
    >>> round(minmax_solver()(np.array([[4.0, 0.0], [0.0, 1.0]]))[0], 10)
    0.8
    """
    with _alone():
        from quantecon.optimize import minmax

        minmax(np.eye(2))
    return minmax
