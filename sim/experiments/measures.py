"""Measures: whatever can be said of a run by one number, by the name under which every table and figure knows it.

A scenario has these, in this order:

- each of its *outcomes*, and ``talks_began`` (talks at some time) if it has talks: whether a run had it;
- each of its *milestones*: whether a run reached it;
- each of its *promises*: whether it was kept in time;
- the *measures* that it declares, and the columns of numbers of its outcome table.

Outcomes, talks and milestones are *events*: each has a day in a run that has it. ``EVENT by 2020-12-31`` and
``EVENT by day 300`` are whether it came by then, and ``days_until_EVENT`` is its day, or the horizon in a run in which
it did not come. The mean of that is the restricted mean time to the event (Royston and Parmar 2013); it is known in
every run, so that scenarios are compared over all of them, which the days of those that had the event would not allow.

Means of what a run has or has not are shares of runs. A run that failed has nothing, and its numbers are unknown.

References
----------
Royston, P. and Parmar, M. K. B. (2013). Restricted mean survival time: an alternative to the hazard ratio for the
design and analysis of randomized trials with a time-to-event outcome. BMC Medical Research Methodology 13, 152.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.engine.outcome_frame import outcome_columns
from sim.errors import UsageError
from sim.kernel.bound import bound
from sim.kernel.outcome_row import OUTCOME_ROW
from sim.scenario.catalogue import TALKS_BEGAN
from sim.scenario.feature_reference import nearest
from sim.scenario.words import spaced, words_of

if TYPE_CHECKING:
    from sim.scenario.condition import Sum
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.measure import Measure as Declared

TALKS: Final = TALKS_BEGAN
"""Talks at some time, whatever came of them."""
DAYS_UNTIL: Final = "days_until_"
"""Before the name of an event: its day, at most the horizon."""
UNITS: Final[tuple[tuple[str, str], ...]] = (
    ("*_day", "days"),
    ("released", "persons"),
    ("freed_*", "persons"),
    ("counted_*", "persons"),
    ("returned_*", "persons"),
    ("*deaths", "persons"),
    ("attacks", "attacks"),
    ("troops_*", "persons"),
    ("payoff_*", "util"),
)
"""Pattern and unit of columns; the first that fits decides, and what fits none is a pure number."""
PROMISED: Final = {
    "kept": "{} kept in time",
    "share": "share done of {}",
    "done_day": "date of {}",
    "broken_day": "date of the first breach of {}",
    "due_day": "due date of {}",
}
"""What the columns of a promise are called, by their ends."""
PARTS: Final = {
    "freed": "freed",
    "counted": "counted as freed",
    "returned": "back to fighting",
    "handed_over": "handed over",
    "accepted": "handed over and counted",
}
"""What became of a group or a stock, by the beginnings of columns."""
LISTED: Final = 40
"""Names that an error lists."""

Kind: TypeAlias = Literal["outcome", "talks", "milestone", "promise", "declared", "number", "date", "by", "days_until"]
Values: TypeAlias = NDArray[Any]
Table: TypeAlias = Mapping[str, Values]
EVENTS: Final = frozenset({"outcome", "talks", "milestone"})


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of every run, or whether it had something.

    Attributes
    ----------
    name : str
        As files and commands write it.
    label : str
        As tables and sentences say it.
    kind : str
        ``outcome``, ``talks``, ``milestone`` and ``promise`` are had or not; so is ``by``, an event by a day.
        ``declared`` and ``number`` are numbers, ``date`` is one that only some runs have, ``days_until`` the restricted
        day of an event.
    unit : str
        Of a number; empty for a pure number and for a share of runs.
    columns : tuple of str
        Of the outcome table, that it is read off.
    event : str
        Of ``by`` and ``days_until``, whose day it is about.
    day : float
        Of ``by`` the last day, of ``days_until`` the horizon.
    """

    name: str
    label: str
    kind: Kind
    unit: str
    columns: tuple[str, ...]
    event: str = ""
    day: float = np.inf

    @property
    def is_share(self) -> bool:
        """Whether a run has it or not, so that its mean is a share of runs."""
        return self.kind in EVENTS or self.kind in ("promise", "by")

    @property
    def is_event(self) -> bool:
        """Whether it has a day in the runs that have it."""
        return self.kind in EVENTS

    def values(self, table: Table) -> Values:
        """Read it off an outcome table.

        Parameters
        ----------
        table : mapping of str to ndarray, shape (runs,)
            With its `columns`, as `sim.Batch.outcome_table` has them.

        Returns
        -------
        ndarray of bool or float64, shape (runs,)
            Bool for what a run has or has not; a number is NaN where it is unknown.
        """
        if self.kind == "outcome":
            return np.asarray(table["outcome"] == self.name, dtype=bool)
        if self.kind == "promise":
            return np.asarray(table[self.columns[0]] == 1.0, dtype=bool)
        if self.kind in ("declared", "number", "date"):
            return np.asarray(table[self.name], dtype=np.float64)
        days = self.days(table)
        if self.kind == "days_until":
            until = np.where(np.isnan(days), self.day, np.minimum(days, self.day))
            return np.where(ended(table), until, np.nan) if "outcome" in table else until
        return days <= self.day

    def days(self, table: Table) -> NDArray[np.float64]:
        """Return the day on which each run had an event, NaN where it never came."""
        if self.columns[0] != "outcome":
            return np.asarray(table[self.columns[0]], dtype=np.float64)
        days = np.where(table["outcome"] == (self.event or self.name), table["outcome_day"], np.nan)
        return np.asarray(days, dtype=np.float64)


def ended(table: Table) -> NDArray[np.bool_]:
    """Return which runs of an outcome table did not fail."""
    return np.array([isinstance(outcome, str) for outcome in table["outcome"]], dtype=bool)


class Measures(Mapping[str, Measure]):
    """The measures of one scenario by name; events by a date are found though they are not listed.

    Parameters
    ----------
    scenario : Scenario
        Whose runs are measured.

    Examples
    --------
    >>> import sim
    >>> known = Measures(sim.load("toys/two_actors"))
    >>> known["first_release by day 30"].label, known["days_until_first_release"].unit
    ('first release by day 30', 'days')
    >>> [measure.name for measure in known.headline][-3:]
    ['talks_began', 'first_release', 'all_counted']
    """

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self._horizon = float(scenario.horizon_days)
        self._listed = {measure.name: measure for measure in self._all()}

    def __getitem__(self, name: str) -> Measure:
        found = self._listed.get(name) or self._by_a_day(name)
        if found is None:
            known = list(self)
            hint = nearest(str(name), known)
            more = f" ... ({len(known) - LISTED} more)" if len(known) > LISTED else ""
            listed = f"{', '.join(known[:LISTED])}{more}, or an event by a date ({self._example})"
            raise UsageError(f"measure: found {str(name)[:80]!r}, expected one of {listed}. {hint}".rstrip())
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """Return a measure, or something else if there is none of that name."""
        try:
            return self[name]
        except UsageError:
            return default

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (name in self._listed or self._by_a_day(name) is not None)

    def __iter__(self) -> Any:
        return iter(self._listed)

    def __len__(self) -> int:
        return len(self._listed)

    @property
    def shares(self) -> tuple[Measure, ...]:
        """What a run has or has not: outcomes, talks, milestones, promises."""
        return tuple(measure for measure in self._listed.values() if measure.is_share)

    @property
    def events(self) -> tuple[Measure, ...]:
        """What has a day: outcomes, talks, milestones."""
        return tuple(measure for measure in self._listed.values() if measure.is_event)

    @property
    def numbers(self) -> tuple[Measure, ...]:
        """Numbers that every run has, those of events and of the outcome table among them."""
        return tuple(measure for measure in self._listed.values() if not measure.is_share)

    @property
    def headline(self) -> tuple[Measure, ...]:
        """What is shown first: what the scenario says, or else outcomes, talks and milestones."""
        if self.scenario.headline:
            return tuple(self[name] for name in self.scenario.headline)
        return self.events

    @property
    def _example(self) -> str:
        event = self.events[-1].name
        return f"{event} by {self.scenario.start + dt.timedelta(days=self.scenario.horizon_days // 2)}"

    def _all(self) -> Iterable[Measure]:
        scenario = self.scenario
        labels = scenario.outcome_labels
        events = [Measure(n, labels[n], "outcome", "", ("outcome",)) for n in scenario.outcome_names]
        if scenario.deal.talks is not None:
            events.append(Measure(TALKS, "talks at some time", "talks", "", ("talks_day",)))
        for name, milestone in scenario.milestones.items():
            events.append(Measure(name, milestone.label or spaced(name), "milestone", "", (f"{name}_day",)))
        yield from events
        for name, promise in scenario.deal.promises.items():
            label = f"{promise.label or spaced(name)} {'in time' if promise.reach is not None else 'kept'}"
            yield Measure(name, label, "promise", "", (f"{name}_kept",))
        for name, declared in scenario.measures.items():
            yield Measure(name, declared.label or spaced(name), "declared", _unit(declared), (name,))
        for event in events:
            yield self._until(event)
        dates = {f"{name}_day" for name in scenario.milestones} | {"talks_day"}
        promised = {f"{name}_{word}" for name in scenario.deal.promises for word in PROMISED if word.endswith("_day")}
        for column in result_columns(scenario):
            if column not in scenario.measures:
                kind: Kind = "date" if column in dates | promised else "number"
                yield Measure(column, column_words(column, scenario), kind, unit_of(column, scenario), (column,))

    def _until(self, event: Measure) -> Measure:
        columns = ("outcome", "outcome_day") if event.kind == "outcome" else event.columns
        label = f"days until {_event_words(event)}"
        return Measure(f"{DAYS_UNTIL}{event.name}", label, "days_until", "days", columns, event.name, self._horizon)

    def _by_a_day(self, name: str) -> Measure | None:
        """Return an event by a day, if the name says that."""
        event, by, when = name.partition(" by ")
        found = self._listed.get(event)
        if not by or found is None or not found.is_event:
            return None
        counted = re.fullmatch(r"day (\d{1,6})", when)
        if counted:
            day = int(counted.group(1))
        else:
            try:
                day = (dt.date.fromisoformat(when) - self.scenario.start).days
            except ValueError:
                return None
        if day < 0:
            raise UsageError(
                f"measure {name!r}: found a date before the start on {self.scenario.start}, expected a later one"
            )
        columns = ("outcome", "outcome_day") if found.kind == "outcome" else found.columns
        # every step of a day is by the end of that day
        label = f"{_event_words(found)} by {when}"
        return replace(found, name=name, label=label, kind="by", columns=columns, event=event, day=day + 1.0 - 1e-9)


@lru_cache(maxsize=256)
def measures_of(scenario: Scenario) -> Measures:
    """Return the measures of a scenario, worked out once.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    Measures
    """
    return Measures(scenario)


@lru_cache(maxsize=256)
def result_columns(scenario: Scenario) -> tuple[str, ...]:
    """List the columns of numbers in the outcome table of a scenario.

    Examples
    --------
    >>> import sim
    >>> result_columns(sim.load("toys/two_actors"))[:3]
    ('outcome_day', 'talks_day', 'end_day')
    """
    table = outcome_columns(np.zeros(0, OUTCOME_ROW), bound(scenario))
    return tuple(name for name, values in table.items() if values.dtype == np.float64)


def over_common_horizon(measure: Measure, horizon: float) -> Measure:
    """Return a measure with days until an event counted up to a horizon that several scenarios share."""
    return replace(measure, day=min(measure.day, horizon)) if measure.kind == "days_until" else measure


def unit_of(column: str, scenario: Scenario) -> str:
    """Return the unit of a column of the outcome table, empty for a pure number.

    Examples
    --------
    >>> import sim
    >>> colombia = sim.load("colombia_2016/baseline")
    >>> [unit_of(name, colombia) for name in ("released", "payoff_farc", "cohesion", "handed_over_farc_arms")]
    ['persons', 'util', '', 'weapons']
    """
    part, stock = _of_stock(column, scenario)
    if part:
        return scenario.deal.stocks[stock].unit
    head, _, group = column.partition("_")
    if head in PARTS and group in scenario.deal.captives:
        return scenario.deal.captives[group].unit
    return next((unit for pattern, unit in UNITS if fnmatchcase(column, pattern)), "")


def column_words(column: str, scenario: Scenario) -> str:
    """Write a column of the outcome table as words: whose it is, then of what.

    Examples
    --------
    >>> import sim
    >>> doha = sim.load("doha_2020/baseline")
    >>> [column_words(name, doha) for name in ("freed_taliban_prisoners", "troops_us_troops", "payoff_us", "talks_day")]
    ['Taliban prisoners freed', 'US troops present', 'payoff of United States', 'date of talks']
    """
    fixed = {"talks_day": "date of talks", "outcome_day": "date of the outcome", "end_day": "end of the run"}
    if column in fixed:
        return fixed[column]
    words = words_of(scenario)
    head, _, whose = column.partition("_")
    if head == "payoff" and whose in scenario.actors:
        return f"payoff of {words.actor(whose)}"
    if column.endswith("_day") and column.removesuffix("_day") in scenario.milestones:
        name = column.removesuffix("_day")
        return f"date of {words.of('milestone', name)}"
    for name, promise in scenario.deal.promises.items():
        word = column.removeprefix(f"{name}_")
        if word in PROMISED and column.startswith(f"{name}_"):
            return PROMISED[word].format(promise.label or spaced(name))
    part, stock = _of_stock(column, scenario)
    if part:
        return f"{words.of('stock', stock)} {PARTS[part]}"
    if head in PARTS and whose in scenario.deal.captives:
        return f"{words.of('group', whose)} {PARTS[head]}"
    if head == "troops" and whose in scenario.deal.withdrawal:
        return f"{words.of('foreign', whose)} present"
    return spaced(column)


def _of_stock(column: str, scenario: Scenario) -> tuple[str, str]:
    """Return what became of which stock a column says; empty for other columns."""
    for stock in scenario.deal.stocks:
        for part in PARTS:
            if column == f"{part}_{stock}":
                return part, stock
    return "", ""


def _event_words(event: Measure) -> str:
    return "talks" if event.kind == "talks" else event.label


def _unit(declared: Declared) -> str:
    """Return the unit of a declared measure: its own, or what follows from the features of its quantity."""
    if declared.unit is not None:
        return declared.unit
    if declared.kind in ("first_day", "share_of_time"):
        return "days" if declared.kind == "first_day" else ""
    quantity: Sum = declared.level.of if declared.level is not None else getattr(declared, declared.kind)
    units = {reference.feature.unit for reference in quantity.features}
    unit = units.pop() if len(units) == 1 else ""
    if declared.kind != "total" or all(reference.name.startswith("daily_") for reference in quantity.features):
        return unit
    return "" if unit == "per day" else f"{unit} x days" if unit else "days"
