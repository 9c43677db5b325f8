"""Ways to call the command line from tests, and what every refusal has in common."""

import os
import subprocess
import sys

from sim.cli import main

SMALL = """\
schema_version: 1
title: Two who talk
start: 2020-02-29
horizon_days: 60
actors:
  north:
    review: {every_days: 7}
    opening_move: wait
    moves: {wait: {}, go: {when: day > 10, expects: {south: wait}}}
    rule: {response: uniform}
  south:
    review: {every_days: 7, offset_days: 3}
    opening_move: wait
    moves: {wait: {}}
    rule: {response: uniform}
"""


def sim_process(*arguments, cwd, timeout=120, **environment):
    """Run the command in a process of its own, as a user does."""
    return subprocess.run(
        [sys.executable, "-m", "sim", *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd,
        timeout=timeout,
        check=False,
        env=os.environ | {"COLUMNS": "120", "PYTHONDONTWRITEBYTECODE": "1"} | environment,
    )


def sim_here(capsys, *arguments):
    """Run the command in this process; return exit code, stdout and stderr."""
    capsys.readouterr()
    code = main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def everything_in(folder):
    """List what a folder holds, with the bytes of its files."""
    return {str(p.relative_to(folder)): p.read_bytes() if p.is_file() else None for p in sorted(folder.rglob("*"))}
