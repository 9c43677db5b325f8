"""The edge between the package and a person: every error becomes plain lines on stderr and an exit code.

====  =============================================================
code  meaning
====  =============================================================
0     done
1     the answer is no (a rerun differs, too many runs failed)
2     bad usage or input, or a result that cannot be written
130   interrupted
141   whoever read the output stopped reading (as in ``sim run | head``)
====  =============================================================

A mistake of the user never shows a traceback. An error that is none of `SimError` and no refusal of the system is a
fault of this package, and its traceback is wanted.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

from sim.cli.streams import answer_json, note
from sim.errors import ScenarioError, SimError, StoreError

INTERRUPTED = 130
NOBODY_READS = 141
_INTERRUPTED = "Interrupted; nothing half-written was left."


def guarded(work: Callable[[], int | None], wants_json: bool) -> int:
    """Do the work of a command; turn what goes wrong into words and an exit code.

    Parameters
    ----------
    work : callable
        Without arguments; the exit code, or None for 0.
    wants_json : bool
        Whether stdout must hold one JSON object even for an error.

    Returns
    -------
    int
        That of `work`, or of what went wrong.

    Examples
    --------
    >>> guarded(lambda: None, wants_json=False)
    0
    """
    with warnings.catch_warnings(), _interrupts() as interrupts:
        warnings.showwarning = _show_warning
        try:
            code = work()
            sys.stdout.flush()
        except SimError as error:
            return _told(error, wants_json)
        except KeyboardInterrupt as interrupt:
            interrupts.heard = True
            note(str(interrupt) or _INTERRUPTED)
            return INTERRUPTED
        except OSError as error:
            if error.errno == errno.EPIPE:
                _silence_stdout()
                return NOBODY_READS
            return _told(_refused(error), wants_json)
        except Exception:
            if not interrupts.seen:
                raise
            interrupts.heard = True
            note(_INTERRUPTED)
            return INTERRUPTED
    return code or 0


@dataclass(slots=True)
class _Interrupts:
    """Ctrl-C during a command: whether one came, and whether the command has ended by it."""

    seen: bool = False
    heard: bool = False


@contextlib.contextmanager
def _interrupts() -> Iterator[_Interrupts]:
    """Note every Ctrl-C: compiled libraries may turn its exception into one of their own.

    One whose exception is raised where Python can only ignore it (in a callback at the end of an object's life, say) is
    sent again.
    """
    interrupts = _Interrupts()
    before = signal.getsignal(signal.SIGINT)

    def noted(number: int, frame: FrameType | None) -> None:
        interrupts.seen = True
        signal.default_int_handler(number, frame)

    if before is not signal.default_int_handler or threading.current_thread() is not threading.main_thread():
        yield interrupts
        return

    def send_again() -> None:
        if not interrupts.heard:
            signal.raise_signal(signal.SIGINT)

    def unheard(ignored: sys.UnraisableHookArgs) -> None:
        if isinstance(ignored.exc_value, KeyboardInterrupt):
            again = threading.Timer(0.05, send_again)
            again.daemon = True
            again.start()
        else:
            before_hook(ignored)

    before_hook, sys.unraisablehook = sys.unraisablehook, unheard
    signal.signal(signal.SIGINT, noted)
    try:
        yield interrupts
    finally:
        interrupts.heard = True
        signal.signal(signal.SIGINT, before)
        sys.unraisablehook = before_hook


def _told(error: SimError, wants_json: bool) -> int:
    note(str(error))
    if wants_json:
        try:
            answer_json(error_object(error))
            sys.stdout.flush()
        except OSError:
            _silence_stdout()
    return error.exit_code


def error_object(error: SimError) -> dict[str, Any]:
    """Return an error as plain data for JSON.

    Examples
    --------
    >>> from sim.errors import UsageError
    >>> error_object(UsageError("runs: found 0, expected at least 1"))["error"]["kind"]
    'UsageError'
    """
    described: dict[str, Any] = {"kind": type(error).__name__, "message": str(error)}
    if isinstance(error, ScenarioError):
        described["problems"] = [{name: getattr(p, name) for name in p.__slots__} for p in error.problems]
    return {"error": described, "exit_code": error.exit_code}


def _refused(error: OSError) -> StoreError:
    """Return what the system refused as an error of this package."""
    where = f"{error.filename}: " if error.filename else ""
    return StoreError(f"{where}{error.strerror or error}. Check the path, the permissions and the free space there.")


def _silence_stdout() -> None:
    """Let nothing be written to a stdout that cannot take it, so that the interpreter does not complain at its end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _show_warning(message: Warning | str, *_where: Any, **_more: Any) -> None:
    """Print a warning without the line of code that raised it."""
    note(f"warning: {message}")
