"""Encode what every run keeps account of: measures, and promises with the pledges that others watch."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sim.encode.names import Names
from sim.encode.tables import TableBuilder
from sim.encode.ticks import to_ticks
from sim.model.layout import Params
from sim.model.measures import (
    MEASURE_FIRST_DAY,
    MEASURE_HIGHEST,
    MEASURE_LEVEL,
    MEASURE_LOWEST,
    MEASURE_MEAN,
    MEASURE_SHARE_OF_TIME,
    MEASURE_TOTAL,
)
from sim.model.promises import AFTER_START, AFTER_TALKS
from sim.model.world import NEVER
from sim.scenario.catalogue import TALKS_BEGAN
from sim.scenario.condition import Compare, Condition, Or, Sum, Term, features_of
from sim.scenario.feature_reference import FeatureRef

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.promise import Promise

MEASURE_KINDS = {
    "first_day": MEASURE_FIRST_DAY,
    "share_of_time": MEASURE_SHARE_OF_TIME,
    "total": MEASURE_TOTAL,
    "mean": MEASURE_MEAN,
    "highest": MEASURE_HIGHEST,
    "lowest": MEASURE_LOWEST,
    "level": MEASURE_LEVEL,
}


def encode_deeds(scenario: Scenario, names: Names, tables: TableBuilder, p: Params) -> None:
    """Fill the fields of `p` that ``measures:`` and ``deal.promises`` set."""
    _encode_measures(scenario, tables, p)
    _encode_promises(scenario, names, tables, p)
    watched = [(name, promise) for name, promise in scenario.deal.promises.items() if promise.watched]
    p.pledges = len(watched)
    for row, (name, promise) in enumerate(watched):
        p.pledge_by[row] = names.actors.index(promise.by)
        p.pledge_while[row] = tables.condition(kept_while(name, promise))
        aims = named_targets(fulfilled(promise))
        for stream, (force, target) in enumerate(names.streams):
            of_giver = scenario.world.armed_forces[force].actor == promise.by
            p.pledge_names[row, stream] = int(of_giver and ((force, target) in aims or (promise.by, target) in aims))


def _encode_measures(scenario: Scenario, tables: TableBuilder, p: Params) -> None:
    p.measures = len(scenario.measures)
    for row, measure in enumerate(scenario.measures.values()):
        p.measure_kind[row] = MEASURE_KINDS[measure.kind]
        p.measure_until[row] = NEVER
        condition = measure.first_day or measure.share_of_time
        if condition is not None:
            p.measure_of[row] = tables.condition(condition)
        elif measure.level is not None:
            p.measure_of[row] = tables.sum(measure.level.of)
            if isinstance(measure.level.on, dt.date):
                p.measure_until[row] = to_ticks(scenario, (measure.level.on - scenario.start).days)
        else:
            p.measure_of[row] = tables.sum(getattr(measure, measure.kind))


def _encode_promises(scenario: Scenario, names: Names, tables: TableBuilder, p: Params) -> None:
    p.promises = len(names.promises)
    for row, (name, promise) in enumerate(scenario.deal.promises.items()):
        p.promise_when[row] = tables.condition(fulfilled(promise))
        p.promise_of[row] = -1
        if promise.reach is not None:
            p.promise_of[row] = tables.sum(promise.reach.of)
            p.promise_target[row] = promise.reach.target
            p.promise_falls[row] = promise.reach.at_least is None
        since = (promise.since - scenario.start).days if promise.since is not None else 0
        p.promise_since[row] = to_ticks(scenario, since)
        after, days = due_date(scenario, name)
        p.promise_days[row] = to_ticks(scenario, days)
        p.promise_after[row] = AFTER_START
        if after == TALKS_BEGAN:
            p.promise_after[row] = AFTER_TALKS
        elif after:
            p.promise_after[row] = names.milestones.index(after)


def named_targets(condition: Condition) -> set[tuple[str, str]]:
    """Return the targets that features of a condition name, each with the force or the actor that the feature is of."""
    features = (reference for reference in features_of(condition) if reference.feature.by_target)
    return {(reference.args[0], reference.args[1]) for reference in features if len(reference.args) > 1}


def due_date(scenario: Scenario, promise: str) -> tuple[str, float]:
    """Return what a promise falls due after, and how many days.

    Parameters
    ----------
    scenario : Scenario
        Checked: no promise falls due after itself.
    promise : str
        Its name.

    Returns
    -------
    after : str
        A milestone, `TALKS_BEGAN`, or empty for the start of the scenario.
    days : float
        After that.
    """
    days = 0.0
    while True:
        due = scenario.deal.promises[promise].due
        if due is None:
            return "", days + scenario.horizon_days
        if isinstance(due, dt.date):
            return "", days + (due - scenario.start).days
        days += due.days
        if due.after is None:
            return "", days
        if due.after not in scenario.deal.promises:
            return due.after, days
        promise = due.after


def fulfilled(promise: Promise) -> Condition:
    """Return the condition that holds once a promise is reached, or while it is kept."""
    if promise.reach is None:
        assert promise.keep is not None
        return promise.keep
    op = ">=" if promise.reach.at_least is not None else "<="
    return Compare(promise.reach.of, op, Sum((Term(promise.reach.target),)))


def kept_while(name: str, promise: Promise) -> Condition:
    """Return what must hold for nobody to see a promise broken: it is not due yet or reached, or kept or past.

    A condition that is kept without a due date stands alone.
    """
    condition = fulfilled(promise)
    days = Sum((Term(1.0, FeatureRef("days_past_due", (name,))),))
    zero = Sum((Term(0.0),))
    if promise.reach is not None:
        return Or((condition, Compare(days, "<=", zero)))
    return condition if promise.due is None else Or((condition, Compare(days, ">", zero)))
