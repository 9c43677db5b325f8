"""The command line: one command a file; `main` is the entry point of ``sim`` and of ``python -m sim``.

Nothing here computes: a command reads its arguments, calls the layer below, and prints.
"""

from __future__ import annotations

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str, optional
        Without the program's name; those of the process if left out.

    Returns
    -------
    int
        0 done, 1 the answer is no, 2 bad usage or input, 130 interrupted.

    Examples
    --------
    >>> main(["--version"])
    sim 0.1.0
    0
    """
    try:
        from sim.cli.application import run_application

        return run_application(arguments)
    except KeyboardInterrupt:
        return 130
