r"""Cumulative incidence of an event among competing ones: the share of runs that have had it by each day.

A run ends in one of several ways, and a run that the government has collapsed in will never settle: the ends compete.
The cumulative incidence of event j is

.. math:: F_j(t) = P(T \le t, J = j),

and its Aalen-Johansen estimate is :math:`\sum_{t_i \le t} S(t_i-)\, d_{ij}/n_i`. Here no run is lost before the
horizon, so the number at risk is :math:`n_i = n\,S(t_i-)` and the estimate is a plain share of all n runs,

.. math:: \hat F_j(t) = \frac1n \#\{k : J_k = j,\ T_k \le t\}.

A run that ended otherwise stays in the denominator; taking it out, as one minus Kaplan-Meier would, overstates every
event. Bands are pointwise 95 % Wilson intervals (`sim.engine.wilson_interval`). The incidences of events of which a run
has at most one sum to at most 1. Talks are an event too: for their opening, every end of the run before it competes.

A run that failed has no event and stays in the denominator: it is said beside the curve, which is a lower bound then.

References
----------
Aalen, O. O. and Johansen, S. (1978). An empirical transition matrix for non-homogeneous Markov chains based on censored
observations. Scandinavian Journal of Statistics 5, 141-150.
Putter, H., Fiocco, M. and Geskus, R. B. (2007). Tutorial in biostatistics: competing risks and multi-state models.
Statistics in Medicine 26, 2389-2430.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.engine.batch import Batch
from sim.engine.wilson_interval import share_error, wilson_interval
from sim.errors import UsageError
from sim.experiments.measures import measures_of
from sim.scenario.feature_reference import nearest

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CumulativeIncidence:
    """Share of runs that have had an event by the end of each day.

    Attributes
    ----------
    event : str
        An outcome, `TALKS` or a milestone.
    days : ndarray of int64, shape (horizon + 1,)
        0 to the horizon of the scenario.
    share, standard_error, low, high : ndarray of float64, shape (horizon + 1,)
        With the ends of the pointwise 95 % interval.
    runs, failed : int
        All runs, and those among them that stopped themselves.
    """

    event: str
    days: NDArray[np.int64]
    share: Floats
    standard_error: Floats
    low: Floats
    high: Floats
    runs: int
    failed: int


def incidence_events(batch: Batch) -> tuple[str, ...]:
    """List the events whose incidence a batch can tell: outcomes, talks, milestones."""
    return tuple(event.name for event in measures_of(batch.scenario).events)


def event_days(batch: Batch, event: str) -> Floats:
    """Return the day on which each run had an event.

    Parameters
    ----------
    batch : Batch
        Of one scenario.
    event : str
        One of `incidence_events`.

    Returns
    -------
    ndarray of float64, shape (runs,)
        Infinite for runs that never had it.

    Raises
    ------
    UsageError
        If the scenario knows no such event.
    """
    known = incidence_events(batch)
    if event not in known:
        raise UsageError(
            f"event: found {event!r}, expected one of {', '.join(known)}. {nearest(str(event), known)}".rstrip()
        )
    days = measures_of(batch.scenario)[event].days(batch.outcome_table)
    return np.where(np.isnan(days), np.inf, days)


def cumulative_incidence(batch: Batch, event: str) -> CumulativeIncidence:
    """Estimate the cumulative incidence of an event.

    Parameters
    ----------
    batch : Batch
        Runs of one scenario.
    event : str
        One of `incidence_events`.

    Returns
    -------
    CumulativeIncidence

    Raises
    ------
    UsageError
        If the scenario knows no such event.

    Examples
    --------
    >>> import sim
    >>> batch = sim.replicate(sim.load("toys/two_actors"), runs=50, seed=1)
    >>> settled = cumulative_incidence(batch, "settlement")
    >>> bool(settled.share[-1] == batch.shares.share["settlement"])
    True
    """
    when = np.sort(event_days(batch, event))
    days = np.arange(batch.scenario.horizon_days + 1)
    count = np.searchsorted(when, days, side="right").astype(np.float64)
    n = len(batch)
    share = count / n
    low, high = wilson_interval(count, n)
    failed = int(sum(outcome is None for outcome in batch.outcome_table["outcome"]))
    return CumulativeIncidence(event, days, share, share_error(share, n), low, high, n, failed)
