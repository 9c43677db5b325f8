"""The edge: every kind of error becomes words and an exit code; a fault of the package keeps its traceback."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
import warnings

import pytest

from sim.cli.edge import guarded
from sim.cli.streams import answer, answer_json, note
from sim.errors import CacheWarning, StoreError, UsageError


@pytest.fixture(autouse=True)
def heard():
    """Let Ctrl-C be heard, which a shell that runs the tests in the background has ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def failing(error):
    """Return a piece of work that fails."""

    def work():
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (UsageError("runs: found 0, expected at least 1"), 2, "runs: found 0, expected at least 1"),
        (StoreError("results: cannot be written"), 2, "results: cannot be written"),
        (OSError(errno.EIO, "Input/output error", "results/a"), 2, "results/a: Input/output error. Check the path"),
        (KeyboardInterrupt(), 130, "Interrupted"),
    ],
)
def test_errors_become_words(capsys, error, code, words):
    """The message goes to stderr, the code is returned, stdout stays empty."""
    assert guarded(failing(error), wants_json=False) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(words)


def test_a_fault_is_not_hidden():
    """What is neither an input error nor a refusal of the system is a fault and keeps its traceback."""
    with pytest.raises(ZeroDivisionError):
        guarded(failing(ZeroDivisionError("a fault")), wants_json=False)


def test_an_interrupt_under_another_name_is_one(capsys):
    """A compiled library that turns the exception of Ctrl-C into one of its own does not make a fault of it."""

    def work():
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ValueError("Invalid bounding box") from None

    before = signal.getsignal(signal.SIGINT)
    assert guarded(work, wants_json=False) == 130
    assert capsys.readouterr().err == "Interrupted; nothing half-written was left.\n"
    assert signal.getsignal(signal.SIGINT) is before


def test_warnings_are_lines(capsys):
    """A warning is one line on stderr, without the code that raised it, and the work goes on."""

    def work():
        warnings.simplefilter("always")
        warnings.warn("compiled code cannot be kept", CacheWarning, stacklevel=1)
        return 1

    assert guarded(work, wants_json=False) == 1
    assert capsys.readouterr().err == "warning: compiled code cannot be kept\n"


class Swallows:
    """Something whose end of life takes a Ctrl-C, whose exception Python can only ignore there."""

    def __del__(self):
        signal.raise_signal(signal.SIGINT)


def test_an_interrupt_that_python_ignored_is_heard(capsys):
    """A Ctrl-C that falls into a callback in which exceptions are lost ends the work all the same."""

    def work():
        thing = Swallows()
        del thing
        time.sleep(20.0)

    assert guarded(work, wants_json=False) == 130
    assert "Interrupted" in capsys.readouterr().err


ESCAPES = "a\x1b]0;mine\x07b\x9b2Jc\x7f\rd\te\n"


def test_a_terminal_is_told_nothing(capsys):
    """Characters that a terminal obeys, wherever a text of a stranger has them, are written as escapes."""
    answer(ESCAPES)
    note(ESCAPES)
    answer_json({"text": ESCAPES})
    said = capsys.readouterr()
    for text in (said.out, said.err):
        assert "\\u001b]0;mine\\u0007b\\u009b2Jc\\u007f" in text
        assert not set("\x1b\x07\x9b\x7f\r") & {*text}
    assert json.loads(said.out[said.out.index("{") :]) == {"text": ESCAPES}
    assert said.err.endswith("d\te\n\n")


@pytest.mark.skipif(os.name != "posix", reason="closes streams by the shell")
@pytest.mark.parametrize(
    ("closing", "code", "out", "err"),
    [
        (">&-", 0, False, False),
        ("2>&-", 2, False, False),
        ("2>&- >&- <&-", 2, False, False),
        ("<&-", 0, True, False),
    ],
)
def test_streams_that_are_closed(desk, closing, code, out, err):
    """A stream that was closed loses what is written to it; nothing of it goes elsewhere, and the code is as ever."""
    name = "small.yaml" if code == 0 else "nowhere.yaml"
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m sim validate {name} {closing}', sys.executable],
        capture_output=True,
        text=True,
        cwd=desk,
        check=False,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert (done.returncode, done.stdout != "", done.stderr != "") == (code, out, err)
