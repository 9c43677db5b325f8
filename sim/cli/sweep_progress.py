"""How far a sweep is, on stderr: a bar with rate and time left where a person watches, a line at times elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sim.cli.streams import note

LINE_SECONDS = 10.0


@contextmanager
def sweep_progress(wanted: bool = True) -> Iterator[Callable[[int, int], None] | None]:
    """Give a callback ``(done, runs)`` that shows progress.

    Parameters
    ----------
    wanted : bool
        None is given if not.
    """
    if not wanted:
        yield None
    elif sys.stderr.isatty():
        with _bar() as draw:
            yield draw
    else:
        yield _Lines()


class _Lines:
    """Plain lines, at most one in ten seconds."""

    def __init__(self) -> None:
        self._began = self._said = time.monotonic()
        self._before: int | None = None

    def __call__(self, done: int, runs: int) -> None:
        now = time.monotonic()
        if self._before is None:
            self._before = done
            if done:
                note(f"{done:,} of {runs:,} runs were done before")
        if now - self._said >= LINE_SECONDS:
            self._said = now
            note(progress_line(done, runs, done - self._before, now - self._began))


def progress_line(done: int, runs: int, new: int, seconds: float) -> str:
    """Say how far it is, how fast, and how long it will take.

    Parameters
    ----------
    done, runs : int
        Of all.
    new : int
        Done in this session.
    seconds : float
        It has taken.

    Examples
    --------
    >>> progress_line(3_000, 9_000, new=2_000, seconds=10.0)
    '3,000 of 9,000 runs, 200 a second, 30 s left'
    """
    rate = new / seconds if seconds > 0 else 0.0
    left = duration((runs - done) / rate) if rate > 0 else "unknown time"
    return f"{done:,} of {runs:,} runs, {rate_text(rate)} a second, {left} left"


def rate_text(rate: float) -> str:
    """Write a number of runs a second.

    Examples
    --------
    >>> rate_text(0.123), rate_text(2612.7)
    ('0.12', '2,613')
    """
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.2g}"


def duration(seconds: float) -> str:
    """Write a length of time in the unit that fits.

    Examples
    --------
    >>> duration(0.2), duration(75), duration(4000), duration(200_000)
    ('0.2 s', '75 s', '67 min', '55.6 h')
    """
    if seconds < 120:
        return f"{seconds:.0f} s" if seconds >= 10 else f"{seconds:.2g} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("runs"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("runs", total=None, rate="")
        began = time.monotonic()
        before: int | None = None

        def draw(done: int, runs: int) -> None:
            nonlocal before
            before = done if before is None else before
            seconds = time.monotonic() - began
            rate = f"{rate_text((done - before) / seconds)}/s" if seconds > 0 else ""
            bar.update(task, completed=done, total=runs, rate=rate)

        yield draw
