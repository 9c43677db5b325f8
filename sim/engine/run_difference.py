r"""How two runs differ: what went in, the first event and the first decision at which they part, and what followed.

Two runs on one seed share their luck address by address, so up to the first event that a changed number reaches they
are the same, and the decision at which they part was taken on the same draw. What tipped it is then the change of one
difference: let :math:`a` be the move chosen in run A and :math:`b` the move chosen in run B, with terms :math:`t_f`;
from A to B the move :math:`b` gains on :math:`a`

.. math:: \sum_f \big[t^B_f(b) - t^B_f(a)\big] - \big[t^A_f(b) - t^A_f(a)\big],

term by term. Dates are compared as days since the start.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

from sim.engine.epochs import Epoch, EpochsUntil, epochs_until
from sim.engine.event_rows import date_of
from sim.engine.explained_decision import MoveExplained, plain
from sim.engine.explanation import explain_epoch
from sim.engine.run_date import last_day
from sim.engine.run_difference_text import html_of, text_of
from sim.engine.run_difference_words import event_words_of, parted_words
from sim.engine.run_parting import DecisionDivergence, EventDivergence, Measured, MoveCompared, RunParting, TermShift
from sim.errors import UsageError
from sim.model.clocks import DEADLINE_CLOCK, REVIEW_CLOCK, TRIGGER_CLOCK

COMPARED = ("day", "kind", "actor", "move", "entity", "value")
HEADLINES = 8
COUNTS = ("released", "deaths", "civilian_deaths", "attacks")


class RunDifference(RunParting):
    """How two runs differ; false, and printed as ``no difference``, if they do not.

    What it holds is said at `sim.engine.run_parting.RunParting`.
    """

    __slots__ = ()

    def __str__(self) -> str:
        return text_of(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_of(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain data that JSON can hold, unknown numbers as NaN."""
        return {"differs": bool(self), **plain(self)}


def difference_of(a: Any, b: Any) -> RunDifference:
    """Compare two runs; see `sim.engine.run.Run.diff`."""
    for run in (a, b):
        if not hasattr(run, "event_table"):
            raise UsageError(f"found {type(run).__name__}, expected a Run; sim.run(scenario, seed) makes one")
        if not run.traced:
            raise UsageError("found a run without its log, expected one that kept it; run it with trace=True")
    inputs = _inputs(a, b)
    if a.digest == b.digest:
        return RunDifference(_name(a), _name(b), inputs, True, None, None, "", (), (), ())
    event, decision = _first_event(a, b), _first_decision(a, b)
    days = [float(row["day"]) for row in (event.a, event.b) if row is not None] if event else []
    since = min(days, default=math.inf)
    a_lines, b_lines = _headlines(a, b, since)
    return RunDifference(
        a_name=_name(a),
        b_name=_name(b),
        inputs=inputs,
        same_runs=False,
        first_event=event,
        first_decision=decision,
        first_value="" if event else _first_value(a, b),
        a_headlines=a_lines,
        b_headlines=b_lines,
        measures=_measures(a, b),
    )


def _name(run: Any) -> str:
    replication = f", replication {run.replication}" if run.replication else ""
    forked = f", forked on {run.forked_on}" if run.forked_on else ""
    return f"{run.scenario.title}, seed {run.seed}{replication}{forked}"


def _inputs(a: Any, b: Any) -> tuple[str, ...]:
    lines = [str(change) for change in a.scenario.diff(b.scenario)]
    if not lines and a.scenario != b.scenario:
        lines.append("~ the order of names in the file, which decides the luck of each")
    for name in ("seed", "replication", "forked_on"):
        one, two = getattr(a, name), getattr(b, name)
        if one != two:
            lines.append(f"~ {name.replace('_', ' ')}: {one} -> {two}")
    return tuple(lines)


def _first_event(a: Any, b: Any) -> EventDivergence | None:
    for i in range(max(len(a.event_table["kind"]), len(b.event_table["kind"]))):
        one, two = _event(a, i), _event(b, i)
        if one is None or two is None or any(not _same(one[k], two[k]) for k in COMPARED):
            return EventDivergence(i, one, two, event_words_of(one, a), event_words_of(two, b))
    return None


def _event(run: Any, place: int) -> dict[str, Any] | None:
    """Return an event as plain values, without the account of a decision, which `DecisionDivergence` holds."""
    table = run.event_table
    if place >= len(table["kind"]):
        return None
    row = {name: column[place] for name, column in table.items() if name != "detail"}
    return {name: value.item() if hasattr(value, "item") else value for name, value in row.items()}


def _same(one: Any, two: Any) -> bool:
    return bool(one == two or (one != one and two != two))


def _first_decision(a: Any, b: Any) -> DecisionDivergence | None:
    """Return the first epoch whose choice is not the same, or that only one run holds and that changed a move."""
    sides = [epochs_until(run, int((last_day(run) + 1) * run.scenario.steps_per_day)) for run in (a, b)]
    left, right = (_by_address(side) for side in sides)
    rows = {name: row for side in reversed(sides) for row, name in enumerate(side.bound.names.actors)}
    for key in sorted({*left, *right}, key=lambda address: (*address[:2], rows[address[2]], address[3])):
        one, two = left.get(key), right.get(key)
        if one is not None and two is not None:
            if _move(one) != _move(two):
                return _divergence(one, two, sides)
        elif (only := one or two) is not None and only.move != only.state[0].standing[only.actor]:
            return _divergence(one, two, sides)
    return None


def _by_address(side: EpochsUntil) -> dict[tuple[float, int, str, int], Epoch]:
    """Return epochs by day, kind of clock, actor and, should two share all that, their number."""
    counts: Counter[tuple[float, int, str]] = Counter()
    epochs: dict[tuple[float, int, str, int], Epoch] = {}
    for epoch in side.epochs:
        kind = sum(epoch.clock >= first for first in (DEADLINE_CLOCK, TRIGGER_CLOCK, REVIEW_CLOCK))
        address = (epoch.tick * float(epoch.bound.params[0].dt), kind, epoch.bound.names.actors[epoch.actor])
        epochs[*address, counts[address]] = epoch
        counts[address] += 1
    return epochs


def _move(epoch: Epoch) -> str:
    return epoch.bound.names.moves[epoch.actor][epoch.move]


def _divergence(one: Epoch | None, two: Epoch | None, sides: list[EpochsUntil]) -> DecisionDivergence:
    a, b = (None if e is None else explain_epoch(e, side) for e, side in zip((one, two), sides, strict=True))
    either = a or b
    assert either is not None
    left = {move.move: move for move in a.moves} if a else {}
    right = {move.move: move for move in b.moves} if b else {}
    moves = tuple(
        MoveCompared(
            name,
            (left.get(name) or right[name]).label,
            left[name].value if name in left else math.nan,
            right[name].value if name in right else math.nan,
            left[name].probability if name in left else math.nan,
            right[name].probability if name in right else math.nan,
        )
        for name in dict.fromkeys([*left, *right])
    )
    tipped: tuple[TermShift, ...] = ()
    if a is not None and b is not None:
        weighed = [side.get(move) for side in (left, right) for move in (a.chosen, b.chosen)]
        if all(move is not None and move.legal for move in weighed):
            tipped = _shifts(
                *(move for move in weighed if move is not None), labels=a.labels | b.labels, called=a.words | b.words
            )
    return DecisionDivergence(either.date, either.actor, either.label, a, b, moves, tipped, parted_words(a, b, tipped))


def _shifts(
    a_of_a: MoveExplained,
    b_of_a: MoveExplained,
    a_of_b: MoveExplained,
    b_of_b: MoveExplained,
    *,
    labels: dict[str, str],
    called: dict[str, str],
) -> tuple[TermShift, ...]:
    """List by how much each term speaks for B's choice against A's, in A and in B, by the size of the change."""
    shifts = []
    for name in dict.fromkeys([*a_of_a.terms, *a_of_b.terms]):
        before = b_of_a.terms.get(name, 0.0) - a_of_a.terms.get(name, 0.0)
        after = b_of_b.terms.get(name, 0.0) - a_of_b.terms.get(name, 0.0)
        if before != after:
            shifts.append(TermShift(name, called[name], labels[name], before, after, after - before))
    return tuple(sorted(shifts, key=lambda shift: -abs(shift.shift)))


def _first_value(a: Any, b: Any) -> str:
    """Say which daily value parts first."""
    left, right = a.series_table, b.series_table
    names = [name for name in left if name in right and name not in ("day", "date")]
    days = min(len(left["day"]), len(right["day"]))
    parted = []
    for name in names:
        one, two = left[name][:days], right[name][:days]
        unequal = np.flatnonzero((one != two) & ~(np.isnan(one) & np.isnan(two)))
        if len(unequal):
            parted.append((int(unequal[0]), name))
    if not parted:
        return ""
    day, name = min(parted, key=lambda item: item[0])
    return f"{date_of(a._bound, day)}, {name}: {left[name][day]:.10g} in A, {right[name][day]:.10g} in B"


def _headlines(a: Any, b: Any, since: float) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the first few lines of each story from a day on that the other story does not tell."""
    if not math.isfinite(since):
        return (), ()
    headlines = []
    for run in (a, b):
        start = run.scenario.start
        headlines.append([f"{date}  {text}" for date, text in run.story() if (date - start).days >= math.floor(since)])
    left, right = headlines
    common = Counter(left) & Counter(right)
    return _without(left, Counter(common)), _without(right, Counter(common))


def _without(lines: list[str], common: Counter[str]) -> tuple[str, ...]:
    others = []
    for line in lines:
        if common[line] > 0:
            common[line] -= 1
        else:
            others.append(line)
    return tuple(others[:HEADLINES])


def _measures(a: Any, b: Any) -> tuple[Measured, ...]:
    """List outcome, dates, counts and payoffs that are not the same."""
    one, two = dict(a.outcome), dict(b.outcome)
    rows = []
    if one["outcome"] != two["outcome"]:
        rows.append(Measured("outcome", one["outcome"], two["outcome"], math.nan))
    for name in one:
        if name not in two or _same(one[name], two[name]):
            continue
        if name.endswith("_day"):
            dates = [_date(run, side[name]) for run, side in ((a, one), (b, two))]
            label = "outcome_date" if name == "outcome_day" else name.removesuffix("_day")
            rows.append(Measured(label, dates[0], dates[1], two[name] - one[name]))
        elif name in COUNTS or name.startswith("payoff_"):
            rows.append(Measured(name, one[name], two[name], two[name] - one[name]))
    return tuple(rows)


def _date(run: Any, day: float) -> str:
    return "" if math.isnan(day) else date_of(run._bound, day).isoformat()
