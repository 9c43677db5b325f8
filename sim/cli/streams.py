"""Where text goes: answers to stdout, everything about the work to stderr.

With ``--json`` stdout gets exactly one JSON object. Progress bars are drawn only where stderr is a terminal.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def printable(text: str) -> str:
    r"""Return a text with escapes for characters that a terminal would obey; line breaks and tabs stay.

    Texts come from files of strangers: scenarios, records, names of folders.

    Examples
    --------
    >>> print(printable("numpy \x1b]0;mine\x07"))
    numpy \u001b]0;mine\u0007
    """
    return _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def open_streams() -> None:
    """Let a stream that was closed (``>&-``) take what is written and lose it, as ``/dev/null`` does.

    Python has None in its place, and the next file that is opened would get its number.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is not None:
            continue
        nowhere = os.open(os.devnull, os.O_RDWR)
        if nowhere != number:
            os.dup2(nowhere, number)
            os.close(nowhere)
        setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", errors="replace", closefd=False))


def note(text: str) -> None:
    """Tell the user something about the work, on stderr."""
    print(printable(text), file=sys.stderr, flush=True)


def answer(text: str = "") -> None:
    """Print a line of the answer, on stdout."""
    print(printable(text))


def answer_json(value: Mapping[str, Any]) -> None:
    """Print the whole answer as one JSON object; unknown numbers become null."""
    from sim.store.json_text import json_text

    print(printable(json_text(value, ordered=tuple(value))), end="")


@lru_cache(maxsize=1)
def console() -> Console:
    """Return the console of stdout, for tables on a terminal."""
    from rich.console import Console

    return Console(highlight=False)


def is_terminal() -> bool:
    """Whether a person reads stdout."""
    return sys.stdout.isatty()


def width() -> int:
    """Return how many characters a line of the answer may have: what the console has, and 80 where there is none."""
    return shutil.get_terminal_size((80, 24)).columns


def answer_wrapped(text: str, indent: str = "", hanging: str = "") -> None:
    """Print a text of the answer, wrapped to the console.

    Parameters
    ----------
    text : str
        One paragraph.
    indent, hanging : str
        What the first line and the others begin with.
    """
    answer(textwrap.fill(text, width(), initial_indent=indent, subsequent_indent=hanging, break_on_hyphens=False))


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Give a callback ``(done, total)`` that draws a bar on stderr, or None where nobody watches.

    Parameters
    ----------
    what : str
        What is being counted, such as ``replications``.
    """
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)

        def draw(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield draw
