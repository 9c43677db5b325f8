"""What of a record can be held against runs: dates of milestones, talks and outcome, the outcome, checked numbers.

One `Quantity` is one row of `record_scores`. Which ones there are follows from two files alone: every milestone of
the scenario and of the record, the opening of talks if it has a date, the outcome with its date, and every number of
the record that has a name in its column `check`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from sim.engine.batch import Batch
from sim.experiments.comparison.window_value import TALKS_OPEN, date_column, why_not, window_values
from sim.experiments.measures import TALKS
from sim.record.observation import Observation
from sim.record.record import Record
from sim.scenario.words import words_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Kind = Literal["date", "number", "class"]


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """One thing that happened, or may happen in a run.

    Attributes
    ----------
    name : str
        Of the milestone or the check; of the class row, the outcome as the record writes it.
    kind : str
        ``date``, ``number`` or ``class`` (whether a run ends in the outcome of the record).
    unit : str
        ``days`` for dates since the start, ``yes or no`` for the class, else that of the record.
    observation : Observation or None
        The row of the record; None if it has none.
    """

    name: str
    kind: Kind
    unit: str
    observation: Observation | None

    def observed(self, start: dt.date) -> float:
        """Return what was observed, of a date the days since `start`; NaN if the record has it not."""
        if self.observation is None:
            return float("nan")
        return float((self.observation.date - start).days) if self.kind == "date" else self.observation.value


def quantity_words(name: str, scenario: Scenario) -> str:
    """Say a quantity of a record in the words of a scenario.

    Examples
    --------
    >>> import sim
    >>> doha = sim.load("doha_2020/baseline")
    >>> quantity_words("outcome(government_collapse)", doha), quantity_words("talks_open", doha)
    ('outcome: government collapse', 'talks began')
    """
    words = words_of(scenario)
    if name.startswith("outcome(") and name.endswith(")"):
        return f"outcome: {words.of('outcome', name[8:-1])}"
    if name == TALKS_OPEN:
        return "talks began"
    for kind, known in (
        ("milestone", scenario.milestones),
        ("outcome", scenario.outcomes),
        ("measure", scenario.measures),
    ):
        if name in known:
            return words.of(kind, name)
    if name.endswith("_date") and name.removesuffix("_date") in scenario.outcomes:
        return f"date of {words.of('outcome', name.removesuffix('_date'))}"
    return words.feature(name)


def milestone_of(record: Record, event: str) -> Observation | None:
    """Return the row of a record that dates a milestone or, as records call it ``talks_open``, the begin of talks.

    Examples
    --------
    >>> from sim.record import load_record
    >>> milestone_of(load_record("doha_2020"), TALKS).date.isoformat()
    '2020-09-12'
    """
    return record.milestones.get(TALKS_OPEN if event == TALKS else event)


def quantity_label(quantity: Quantity, scenario: Scenario) -> str:
    """Say a quantity of a record as a title does: the end that it dates, the series and window that a number is of.

    Parameters
    ----------
    quantity : Quantity
        As `quantities` lists it.
    scenario : Scenario
        Whose words are used.
    """
    o, name = quantity.observation, quantity.name
    said = quantity_words(name, scenario)
    if o is None or quantity.kind == "class" or name in scenario.milestones or name == TALKS_OPEN:
        return said
    if quantity.kind == "date":
        if o.series == "outcome" or o.series.startswith("outcome("):
            return f"date of {words_of(scenario).of('outcome', o.arguments[0])}"
        return o.note.partition(";")[0].strip() or said
    series = f"{o.series}({', '.join(o.arguments)})" if o.arguments and "(" not in o.series else o.series
    window = f"{o.end_date:%-d %b %Y}"
    if o.end_date > o.date:
        first = f"{o.date:%-d %b}" if o.date.year == o.end_date.year else f"{o.date:%-d %b %Y}"
        window = f"{first} to {window}"
    said = words_of(scenario).feature(series)
    return f"{said.removesuffix(' in a day') if 'over the window' in o.unit else said}, {window}"


def quantities(batch: Batch, record: Record) -> tuple[Quantity, ...]:
    """List what a record and a scenario have to say to each other.

    Parameters
    ----------
    batch : Batch
        Its scenario declares milestones and talks.
    record : Record
        What happened.

    Returns
    -------
    tuple of Quantity
        Milestones of the scenario, those that only the record has, talks, the outcome's date, its class, checks.
    """
    scenario, outcome = batch.scenario, record.outcome
    ending = (outcome.check or f"{outcome.arguments[0]}_date") if outcome is not None else ""
    names = [*scenario.milestones, *(name for name in record.milestones if name not in scenario.milestones)]
    names = [name for name in names if name not in (ending, TALKS_OPEN)]
    if scenario.deal.talks is not None or TALKS_OPEN in record.milestones:
        names.append(TALKS_OPEN)
    rows = [Quantity(name, "date", "days", record.milestones.get(name)) for name in names]
    if outcome is not None:
        if outcome.arguments[0] not in scenario.outcomes_at_horizon:
            rows.append(Quantity(ending, "date", "days", outcome))
        rows.append(Quantity(outcome.series, "class", "yes or no", outcome))
    return (*rows, *(Quantity(o.check, "number", o.unit, o) for o in record.checks))


def values_by_run(batch: Batch, record: Record, wanted: tuple[Quantity, ...]) -> list[tuple[NDArray[np.float64], str]]:
    """Return what every run says about each quantity.

    Parameters
    ----------
    batch : Batch
        Runs; those that failed are left out.
    record : Record
        What happened.
    wanted : tuple of Quantity
        As `quantities` lists them, for this batch or for the one that it is a yardstick of.

    Returns
    -------
    list of (ndarray, str)
        One a quantity: the values of the runs that did not fail, infinity for a date that does not come, NaN for a
        number that a run does not have; and a note, with all NaN where the batch cannot say anything.
    """
    ended = np.array([outcome is not None for outcome in batch.outcome_table["outcome"]], dtype=bool)
    nothing = np.full(int(ended.sum()), np.nan)
    if record.start is not None and record.start != batch.scenario.start:
        note = f"the record begins on {record.start}, the scenario on {batch.scenario.start}"
        return [(nothing, note)] * len(wanted)
    numbers = [q.observation for q in wanted if q.kind == "number" and q.observation is not None]
    barred = {o.line: why_not(batch, o) for o in numbers}
    possible = [o for o in numbers if not barred[o.line]]
    taken = dict(zip((o.line for o in possible), window_values(batch, record, possible), strict=True))
    by_run: list[tuple[NDArray[np.float64], str]] = []
    for q in wanted:
        if q.kind == "number" and q.observation is not None:
            line = q.observation.line
            by_run.append((nothing, barred[line]) if barred[line] else (taken[line][ended], ""))
        elif q.kind == "class":
            by_run.append(_ends_in(batch, q, ended))
        else:
            by_run.append(_dates(batch, record, q, ended))
    return by_run


def _dates(batch: Batch, record: Record, q: Quantity, ended: NDArray[np.bool_]) -> tuple[NDArray[np.float64], str]:
    table = batch.outcome_table
    if record.outcome is not None and q.observation is record.outcome:
        days = np.where(table["outcome"] == record.outcome.arguments[0], table["outcome_day"], np.nan)
    elif date_column(q.name) in table:
        days = table[date_column(q.name)]
    else:
        return np.full(int(ended.sum()), np.nan), f"the scenario declares no milestone {q.name}"
    days = days[ended].astype(np.float64)
    return np.where(np.isnan(days), np.inf, days), ""


def _ends_in(batch: Batch, q: Quantity, ended: NDArray[np.bool_]) -> tuple[NDArray[np.float64], str]:
    """Return 1 for runs that end in the recorded outcome, if the record knows by the horizon."""
    assert q.observation is not None
    outcome = q.observation.arguments[0]
    after = (q.observation.date - batch.scenario.start).days - batch.scenario.horizon_days
    if after > 0 and outcome not in batch.scenario.outcomes_at_horizon:
        return np.full(int(ended.sum()), np.nan), f"the outcome came {after} days after the horizon"
    return (batch.outcome_table["outcome"][ended] == outcome).astype(np.float64), ""
