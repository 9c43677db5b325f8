"""Payoffs taken apart by term, and which terms make the difference between scenarios.

The payoff of an actor is a sum: flows of what it cares about, costs of releases, costs paid at once, and the worth of
how the run ended. The paired difference of a payoff is then the sum of the paired differences of its terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.engine.batch import Batch
from sim.engine.threads import Progress
from sim.experiments.comparison.tables import NUMERIC, numeric_difference, table_of
from sim.model.world import FAILED

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


def payoff_term_table(
    names: Sequence[str], batches: Sequence[Batch], *, progress: Progress | None = None
) -> pd.DataFrame:
    """Mean of each term of each actor's payoff (util), and its difference from the first scenario.

    The worlds of each batch are run again with their ledgers kept. A term that an actor has in one scenario only is
    0 in the others, which is what it adds to the payoff there; an actor that a scenario does not have is NaN, and
    so are runs that failed.

    Parameters
    ----------
    names : sequence of str
        Of the scenarios.
    batches : sequence of Batch
        In the same order.
    progress : callable, optional
        Called as ``progress(done, total)`` with runs, after each batch.

    Returns
    -------
    pandas.DataFrame
        Indexed by scenario, actor and term; columns mean, mean_error, difference, standard_error, low, high, pairs,
        differing and independent_runs; the first scenario has no differences.

    Examples
    --------
    >>> import sim
    >>> batch = sim.replicate(sim.load("toys/two_actors"), runs=20, seed=1)
    >>> table = payoff_term_table(["toy"], [batch])
    >>> bool(abs(table["mean"]["toy", "state"].sum() - batch.outcomes.payoff_state.mean()) < 1e-9)
    True
    """
    terms_by_scenario: list[dict[str, pd.DataFrame]] = []
    total = sum(len(batch) for batch in batches)
    for batch in batches:
        terms_by_scenario.append({actor: _known(batch, frame) for actor, frame in batch.payoff_terms.items()})
        if progress is not None:
            progress(len(batch) * len(terms_by_scenario), total)
    terms: dict[str, list[str]] = {}
    for table in terms_by_scenario:
        for actor, frame in table.items():
            known = terms.setdefault(actor, [])
            known += [str(term) for term in frame.columns if term not in known]
    rows = []
    for i, (name, table) in enumerate(zip(names, terms_by_scenario, strict=True)):
        for actor, listed in terms.items():
            for term in listed:
                before, after = (_term(t, actor, term, len(batches[0])) for t in (terms_by_scenario[0], table))
                rows.append((name, actor, term, *numeric_difference(before if i else None, after)[1:]))
    columns = ("scenario", "actor", "term", "mean", "mean_error", *NUMERIC)
    return table_of(rows, columns, 3)


def _known(batch: Batch, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the terms of the runs that did not fail, NaN for the others."""
    kept = frame.copy()
    kept.loc[batch.rows["status"] == FAILED] = np.nan
    return kept


def _term(table: dict[str, pd.DataFrame], actor: str, term: str, runs: int) -> Floats:
    if actor not in table:
        return np.full(runs, np.nan)
    frame = table[actor]
    if term in frame:
        return frame[term].to_numpy(dtype=np.float64)
    return np.where(frame.isna().any(axis=1).to_numpy(), np.nan, 0.0)
