"""Attack the package with what strangers may send, and count what comes of it.

    python benchmarks/attack.py --kind scenario --mutants 100000
    python benchmarks/attack.py --mutants 2000            # of every kind
    python benchmarks/attack.py --kind manifest --first 4711 --mutants 1

Mutant n of a kind is the same on every machine (`attack_kinds`). All are done in forked child processes with a bound on
memory: one that crashes the interpreter, does not end in time or takes too much memory is counted, and the next child
goes on behind it. What must not be is in the last columns; the exit code is 1 if any of them is above 0, and the
numbers of those mutants are printed.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

HARMLESS = ("refused", "accepted", "failed run")
FAULTS = ("traceback", "wrong", "hang", "crash", "memory")
SECONDS = 120.0
MEMORY = 6 << 30


@dataclass(slots=True)
class Attack:
    """What came of the mutants of a kind.

    Attributes
    ----------
    counts : Counter
        By word: `HARMLESS` and `FAULTS`.
    faults : list of (int, str, str)
        Number, word and what was seen of those that must not be.
    """

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[tuple[int, str, str]] = field(default_factory=list)

    def note(self, number: int, word: str, seen: str = "") -> None:
        """Count a mutant."""
        self.counts[word] += 1
        if word not in HARMLESS:
            self.faults.append((number, word, seen))


def attack(
    trial: Callable[[int], str], first: int, last: int, *, seconds: float = SECONDS, memory: int = MEMORY
) -> Attack:
    """Try the mutants ``first`` to ``last - 1``.

    Parameters
    ----------
    trial : callable
        Takes a number and returns a word of `HARMLESS`, or raises.
    first, last : int
        Half-open.
    seconds : float
        A mutant that takes longer has hung.
    memory : int
        Bytes of address space of a child.
    """
    result = Attack()
    while first < last:
        first = _child(trial, first, last, seconds, memory, result)
    return result


def _child(trial: Callable[[int], str], first: int, last: int, seconds: float, memory: int, result: Attack) -> int:
    """Let a child try mutants until it ends or has to be ended; return the first that is left."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _work(trial, first, last, memory, writer)
    os.close(writer)
    number, buffer, began = first, b"", time.monotonic()
    while True:
        ready, _, _ = select.select([reader], [], [], max(seconds - (time.monotonic() - began), 0.0))
        piece = os.read(reader, 1 << 16) if ready else b""
        if not piece:
            break
        *lines, buffer = (buffer + piece).split(b"\n")
        for line in lines:
            word, seen = json.loads(line)
            result.note(number, word, seen)
            number += 1
        began = time.monotonic()
    os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    os.close(reader)
    if number < last:
        ended = not ready and "hang"
        result.note(number, ended or "crash", "" if ended else f"status {status}")
        number += 1
    return number


def _work(trial: Callable[[int], str], first: int, last: int, memory: int, writer: int) -> None:
    """Try mutants in a child process and say what came of each."""
    faulthandler.disable()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    warnings.simplefilter("ignore")
    parent = os.getppid()
    for number in range(first, last):
        if os.getppid() != parent:  # nobody counts any more
            break
        word, seen = _tried(trial, number)
        os.write(writer, json.dumps([word, seen]).encode() + b"\n")
    os._exit(0)


def _tried(trial: Callable[[int], str], number: int) -> tuple[str, str]:
    try:
        return trial(number), ""
    except AssertionError as error:
        return "wrong", str(error)
    except MemoryError:
        return "memory", ""
    except BaseException as error:
        frames = traceback.extract_tb(error.__traceback__)
        place = next((f for f in reversed(frames) if "/sim/" in f.filename), frames[-1])
        return "traceback", f"{type(error).__name__}: {str(error)[:200]} ({place.filename}:{place.lineno})"


def main() -> int:
    """Attack and print a table; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kind", action="append", help="one of them, or several times; all by default")
    parser.add_argument("--mutants", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    from attack_kinds import KINDS, warm

    table: dict[str, Any] = {}
    bad = 0
    print(
        f"{'kind':12}" + "".join(f"{word:>12}" for word in (*HARMLESS, *FAULTS)) + f"{'seconds':>10}", file=sys.stderr
    )
    for kind in asked.kind or KINDS:
        warm(kind)
        began = time.monotonic()
        result = attack(KINDS[kind], asked.first, asked.first + asked.mutants)
        took = time.monotonic() - began
        table[kind] = {word: result.counts[word] for word in (*HARMLESS, *FAULTS)} | {"faults": result.faults}
        bad += len(result.faults)
        counts = "".join(f"{result.counts[word]:12,}" for word in (*HARMLESS, *FAULTS))
        print(f"{kind:12}{counts}{took:10.0f}", file=sys.stderr, flush=True)
        for number, word, seen in result.faults[:20]:
            print(f"  {kind} {number}: {word} {seen}", file=sys.stderr, flush=True)
    if asked.json:
        print(json.dumps(table, indent=1))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
