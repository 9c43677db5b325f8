"""The columns of a sweep: address, factors, outcomes, failure; one kind each, known before the first run.

=================  =======  ==================================================================
column             kind     what
=================  =======  ==================================================================
``run``            int64    number of the run, ascending
``row``            int64    row of the design
``replication``    int64    number of the run under its seed
``seed``           uint64   seed of the run
one a factor       by it    its value in this row
one an output      by it    as in `sim.engine.outcome_frame`; unknown is null or NaN
``failure``        string   why the run failed; null for a run that did not
=================  =======  ==================================================================
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.engine.outcome_frame import outcome_columns
from sim.errors import UsageError
from sim.experiments.measures import DAYS_UNTIL, Measure, Measures, measures_of
from sim.experiments.sweep.protocol import SweptExperiment
from sim.kernel.bound import bound
from sim.kernel.outcome_row import OUTCOME_ROW
from sim.store.canonical import as_table

ADDRESS = ("run", "row", "replication", "seed")
FAILURE = "failure"
TEXTS = frozenset({"outcome", FAILURE})


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns of one sweep.

    Attributes
    ----------
    factors : tuple of str
        In order of the experiment.
    available : tuple of str
        Every outcome column that the scenario has.
    outputs : tuple of str
        What is kept: some of these, and measures (`sim.experiments.measures`); what a run had or had not is 1.0 or 0.0.
    shares : tuple of str
        What runs have or have not, as far as the outputs say it.
    """

    factors: tuple[str, ...]
    available: tuple[str, ...]
    outputs: tuple[str, ...]
    shares: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All columns in order."""
        return (*ADDRESS, *self.factors, *self.outputs, FAILURE)

    def unknown(self, name: str, runs: int) -> NDArray[Any]:
        """Return an outcome column of runs that have no outcome."""
        return np.full(runs, None, dtype=object) if name in TEXTS else np.full(runs, np.nan)

    def table(self, values: Mapping[str, NDArray[Any]], seeds: NDArray[np.uint64]) -> pa.Table:
        """Return rows as an Arrow table, columns in order and of the kinds of the module docstring."""
        plain = as_table({name: _plain(values[name]) for name in self.names if name != "seed"}, "shard")
        seed = pa.Array.from_buffers(pa.uint64(), len(seeds), [None, pa.py_buffer(np.ascontiguousarray(seeds))])
        return plain.add_column(ADDRESS.index("seed"), "seed", seed)


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    """Return fixed-width text as objects, which is what a table of results holds."""
    return values.astype(object) if values.dtype.kind == "U" else values


def columns_of(experiment: SweptExperiment) -> Columns:
    """Find the columns of an experiment's sweep.

    Raises
    ------
    UsageError
        If an output does not exist, or a factor has the name of another column.
    """
    empty: NDArray[np.record] = np.zeros(0, OUTCOME_ROW)
    table = outcome_columns(empty, bound(experiment.scenario))
    available = tuple(name for name in table if name not in ("replication", FAILURE))
    known = measures_of(experiment.scenario)
    outputs = _outputs(experiment.outputs, available, known)
    if experiment.keep == "summary" and not experiment.outputs:  # which could not be worked out afterwards
        outputs += tuple(f"{DAYS_UNTIL}{event.name}" for event in known.events)
    factors = tuple(experiment.points)
    clashes = sorted(set(factors) & {*ADDRESS, *available, *outputs, FAILURE})
    if clashes:
        raise UsageError(
            f"factor {clashes[0]!r}: a column of the results has this name, expected another; rename the factor"
        )
    return Columns(factors, available, outputs, tuple(measure.name for measure in kept_shares(known, outputs)))


def kept_shares(known: Measures, outputs: Sequence[str]) -> list[Measure]:
    """Return what runs have or have not, as far as the columns of a sweep say it: by its own or by all it follows from.

    Examples
    --------
    >>> import sim
    >>> known = measures_of(sim.load("toys/two_actors"))
    >>> [measure.name for measure in kept_shares(known, ["settlement", "talks_day", "all_counted by day 90"])]
    ['settlement', 'talks_began', 'all_counted by day 90']
    """
    listed = {measure.name: measure for measure in known.shares}
    named = {name: known[name] for name in outputs if name in known and known[name].is_share}
    return [
        measure
        for measure in (listed | named).values()
        if measure.name in outputs or all(column in outputs for column in measure.columns)
    ]


def _outputs(wanted: Sequence[str], available: tuple[str, ...], measures: Measures) -> tuple[str, ...]:
    unknown = [name for name in wanted if name not in available and name not in measures]
    if unknown:
        from difflib import get_close_matches

        legal = list(dict.fromkeys((*available, *measures)))
        near = get_close_matches(unknown[0], legal, n=1)
        hint = f"Did you mean {near[0]!r}? " if near else ""
        raise UsageError(f"outputs: found {unknown[0]!r}. {hint}There are: {', '.join(legal)}")
    return tuple(wanted) or available
