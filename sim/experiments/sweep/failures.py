"""Failed runs: each is done once more, says why it failed, and has a command that repeats it.

A run can fail in three places. Its design row may be no legal scenario; the world may stop itself (a value that is not
finite, a user's rule that raises); the process that ran it may die. None of them ends a sweep: the run stays in the
results as a row without an outcome, with its seed and the reason in ``failure``.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.event import EventEngine
from sim.engine.outcome_frame import outcome_columns
from sim.engine.threads import run_batch
from sim.errors import RunError
from sim.kernel.bound import Bound
from sim.model.world import FAILED

LONGEST_REASON = 500


def one_line(error: BaseException | str) -> str:
    r"""Return why something failed as one line of at most 500 characters.

    Examples
    --------
    >>> one_line(ValueError("no\n  good"))
    'ValueError: no good'
    """
    text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
    return " ".join(text.split())[:LONGEST_REASON]


def tried_again(bound: Bound, seed: int, replications: NDArray[np.int64], rows: NDArray[np.record]) -> dict[int, str]:
    """Do failed runs once more and say why those failed that fail again.

    Parameters
    ----------
    bound : Bound
        Their scenario.
    seed : int
        As int64.
    replications : ndarray of int64, shape (n,)
        Numbers of the runs.
    rows : ndarray of OUTCOME_ROW, shape (n,)
        What came out; rows of failed runs are replaced by the second try.

    Returns
    -------
    dict of int to str
        For each row that failed twice, why.
    """
    reasons: dict[int, str] = {}
    failed = np.flatnonzero(rows["status"] == FAILED)
    if len(failed) == 0:
        return reasons
    if not bound.interpreted:
        rows[failed] = run_batch(bound, seed, replications[failed], threads=1)
        texts = outcome_columns(rows[failed], bound)["failure"]
        return {int(place): str(text) for place, text in zip(failed, texts, strict=True) if text is not None}
    for place in failed:
        engine = EventEngine(bound, seed, int(replications[place]), trace=False)
        try:
            engine.run()
        except RunError as error:
            if error.__cause__ is not None and not isinstance(error.__cause__, Exception):
                raise error.__cause__ from None  # Ctrl-C inside a rule
            reasons[int(place)] = one_line(str(error))
        rows[place] = engine.outcome_row()[0]
    return reasons


def repeating_command(scenario: str, overrides: Mapping[str, Any], seed: int, replication: int) -> str:
    """Return the command that repeats one run.

    Parameters
    ----------
    scenario : str
        Name or file of what is varied.
    overrides : mapping of str to value
        By dotted path.
    seed, replication : int
        Address of its luck.

    Examples
    --------
    >>> repeating_command("toys/two_actors", {"actors.state.discount_per_year": 0.1}, seed=7, replication=12)
    'sim run toys/two_actors --set actors.state.discount_per_year=0.1 --seed 7 --replication 12'
    """
    arguments = ["sim", "run", scenario]
    for path, value in overrides.items():
        arguments += ["--set", f"{path}={scalar_text(value)}"]
    return shlex.join([*arguments, "--seed", str(seed), "--replication", str(replication)])


def scalar_text(value: Any) -> str:
    """Write a value as a scenario file would, so that it reads back as the same value.

    Examples
    --------
    >>> scalar_text(True), scalar_text(np.float64(0.1)), scalar_text("logit"), scalar_text(None)
    ('true', '0.1', 'logit', 'null')
    """
    if isinstance(value, np.generic):
        value = value.item()
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
