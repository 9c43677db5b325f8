r"""What the record said until the date, and how well each world agrees with it: importance weights.

World k, drawn from the prior, weighs :math:`w_k \propto \prod_i f(y_i \mid x_{ik})`, the likelihood of what counters
had published by the date: :math:`\ln(1 + y_i) \sim N(\ln(1 + x_{ik}), s_i^2)` with the declared error :math:`s_i` of
the counter. Attacks as a counter reports them (``counted_attacks``) are held against the attacks that a world has: the
error that the world's own counter draws is the same error once more. Of a level, y is its last row by the date, since
rows of one count share their errors; of rates and counts over windows, every window that does not overlap one already
taken. A world in which something has happened by the date that by the record had not weighs nothing. The effective
number of worlds is Kish's :math:`(\sum w)^2 / \sum w^2`.

With few facts against many numbers plain importance weights do: history is imposed, so most worlds agree with most of
it, and the effective number says when they no longer do. Sequential methods (ABC-SMC) would pay where it fell under a
hundredth.

References
----------
Kish, L. (1965). Survey Sampling. Wiley.
Talts, S., Betancourt, M., Simpson, D., Vehtari, A. and Gelman, A. (2018). Validating Bayesian inference algorithms with
simulation-based calibration. arXiv 1804.06788.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.backtest.definition import Counter
from sim.record import Record
from sim.record.observation import Observation

Floats = NDArray[np.float64]
FEW: Final = 200
"""Effective worlds under which it is said."""
TOO_FEW: Final = 50
"""Effective worlds under which the weights are not used."""
WITHOUT_COUNTER: Final = {"counted_attacks": "daily_attacks"}
"""Features that a counter of the world reports with an error of its own, and what it counts."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One fact that is weighed.

    Attributes
    ----------
    observation : Observation
        Of the record.
    log_sd : float
        Declared error of its counter.
    """

    observation: Observation
    log_sd: float


def evidence_by(
    record: Record, counters: Mapping[str, Counter], start: dt.date, as_of: dt.date
) -> tuple[Evidence, ...]:
    """List what counters had published by a date of the time from the start to it.

    Parameters
    ----------
    record : Record
        What happened.
    counters : mapping of str to Counter
        By series.
    start, as_of : datetime.date
        Of the scenario, and of the freeze.

    Returns
    -------
    tuple of Evidence
        In order of the counters, then of dates.
    """
    found: list[Evidence] = []
    for series, counter in counters.items():
        rows = [
            o
            for o in record.series(series)
            if start <= o.date and o.end_date <= as_of and o.known_as_of <= as_of
            and (counter.counter is None or o.definition == counter.counter)
        ]  # fmt: skip
        windows: list[Observation] = []
        for o in (row for row in rows if row.end_date > row.date):
            if not windows or o.date > windows[-1].end_date:
                windows.append(o)
        levels = [row for row in rows if row.end_date == row.date]
        found += [Evidence(o, counter.log_sd) for o in [*windows, *levels[-1:]]]
    return tuple(found)


def weighed_series(observation: Observation) -> str:
    """Return the series of a world that a row is weighed against: what was counted, not what its own counter says.

    Examples
    --------
    >>> from sim.record import load_record
    >>> (row,) = [o for o in load_record("doha_2020").checks if o.check == "attacks_first_45_days"]
    >>> row.series, weighed_series(row)
    ('counted_attacks(taliban_fighters)', 'daily_attacks(taliban_fighters)')
    """
    kind = WITHOUT_COUNTER.get(observation.kind, observation.kind)
    return kind + observation.series.removeprefix(observation.kind)


def value_of(observation: Observation, daily: Floats, start: dt.date) -> Floats:
    """Return what each world says of a row: a level on its day, or the mean or the sum over its window.

    Parameters
    ----------
    observation : Observation
        With a numeric series.
    daily : ndarray, shape (worlds, days + 1)
        Its daily values.
    start : datetime.date
        Day 0.
    """
    first = (observation.date - start).days
    if observation.end_date == observation.date:
        return np.asarray(daily[:, first])
    window = daily[:, max(first, 1) : first + observation.days]
    summed = "over the window" in observation.unit
    return np.asarray(window.sum(axis=1) if summed else window.mean(axis=1))


def log_likelihood(evidence: Sequence[Evidence], values: Sequence[Floats]) -> Floats:
    """Return the logarithm of the likelihood of each world, up to a constant; minus infinity where it failed.

    Parameters
    ----------
    evidence : sequence of Evidence
        At least one.
    values : sequence of ndarray, shape (worlds,)
        What each world says of each.

    Examples
    --------
    >>> from sim.record import load_record
    >>> (row,) = [o for o in load_record("doha_2020").checks if o.check == "attacks_first_45_days"]
    >>> log_likelihood([Evidence(row, 0.25)], [np.array([97.83, 30.0])]).round(1).tolist()
    [0.0, -10.8]
    """
    total = np.zeros_like(values[0])
    for fact, value in zip(evidence, values, strict=True):
        distance = np.log1p(fact.observation.value) - np.log1p(np.maximum(value, 0.0))
        total -= 0.5 * (distance / fact.log_sd) ** 2
    return np.where(np.isnan(total), -np.inf, total)


def normalised(log_weights: Floats) -> Floats:
    """Return weights that sum to 1; all zero if no world is possible."""
    highest = log_weights.max(initial=-np.inf)
    if not np.isfinite(highest):
        return np.zeros_like(log_weights)
    weights = np.exp(log_weights - highest)
    return np.asarray(weights / weights.sum())


def effective_number(weights: Floats) -> float:
    """Return Kish's effective number of worlds.

    Examples
    --------
    >>> effective_number(np.array([0.5, 0.5, 0.0, 0.0]))
    2.0
    """
    square = float((weights**2).sum())
    return float(weights.sum()) ** 2 / square if square > 0.0 else 0.0
