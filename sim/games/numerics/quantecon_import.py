"""Import of quantecon, which takes seconds, by one process at a time.

quantecon keeps machine code of its own beside its files. Two processes that import it for the first time at once can
leave code there that no process can load any more: Python aborts (seen with quantecon 0.11 under two test workers). A
lock in the package's cache folder lets the second wait until the first has written all of it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
