"""Ctrl-C and SIGTERM while a sweep runs: the first asks it to stop at the next chunk, the second stops it at once."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@dataclass(slots=True)
class Interrupt:
    """Whether somebody asked the sweep to stop.

    Attributes
    ----------
    asked : bool
        True from the first signal on.
    """

    asked: bool = False


@contextlib.contextmanager
def interruptible() -> Iterator[Interrupt]:
    """Note signals instead of dying of them; in a thread other than the main one, signals are left alone.

    Yields
    ------
    Interrupt
        To be looked at between chunks.

    Raises
    ------
    KeyboardInterrupt
        At the second signal.
    """
    interrupt = Interrupt()
    if threading.current_thread() is not threading.main_thread():
        yield interrupt
        return

    def note(_number: int, _frame: FrameType | None) -> None:
        if interrupt.asked:
            raise KeyboardInterrupt
        interrupt.asked = True

    before = {}
    try:
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
                before[number] = signal.signal(number, note)
        yield interrupt
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
