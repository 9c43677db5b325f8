r"""What came on a date besides decisions, and why: an outcome, talks that open or break down, a milestone, an event.

What comes by a hazard :math:`h_t` comes in the step in which its sum :math:`\sum_t h_t \Delta` since it could last
begin to come reaches an exponential draw of mean 1. Two questions have an answer in numbers: which factor raised the
hazard that day, against its mean over the run so far; and which factor, had it stood at its least all along, would have
kept the sum below this run's draw. What comes by a condition is told with what the condition read just before and then.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.condition_readings import condition_readings, said
from sim.engine.epochs import EpochsUntil, step_again
from sim.engine.event import EventEngine
from sim.engine.event_rows import date_of, event_words
from sim.engine.hazard_factors import (
    GATES,
    WHEN,
    HazardKind,
    HazardNow,
    breakdown_hazard,
    factor_readings,
    form_words,
    opening_hazard,
    outcome_hazard,
)
from sim.engine.story import sentence_of
from sim.kernel.bound import Bound
from sim.model.clocks import DAY_CLOCK
from sim.model.outcomes import AT_HORIZON, BY_HAZARD
from sim.model.talks import refuses_talks
from sim.random.causes import HAZARD
from sim.random.exponential import exponential
from sim.random.stream import uniform
from sim.scenario import events
from sim.scenario.condition import Condition
from sim.scenario.event_words import EVENT_WORDS
from sim.scenario.events import EVENTS
from sim.scenario.schema.outcomes import HazardFactor
from sim.scenario.words import spaced, words_of

CLEARLY = 1.05
"""A factor counts as above its mean from here on."""


@dataclass(frozen=True, slots=True)
class FactorExplained:
    """One factor of a hazard.

    Attributes
    ----------
    name : str
        As in the scenario, or of a gate (`sim.engine.hazard_factors.GATES`).
    form : str
        How it follows what it reads.
    reads : str
        What that was on the day; empty of a gate.
    value : float
        In the step in which it came.
    mean, least, most : float
        Over the steps of the run until then.
    times_mean : float
        `value` over `mean`.
    sum_at_least : float
        What the hazard would have added up to, with this factor at `least` in every step.
    """

    name: str
    form: str
    reads: str
    value: float
    mean: float
    least: float
    most: float
    times_mean: float
    sum_at_least: float


@dataclass(frozen=True, slots=True)
class HazardExplained:
    """What a hazard was made of on the day on which it brought something, and what it added up to.

    Attributes
    ----------
    per_day : float
        That day: `base` times the factors.
    base : float
        Per day, while every factor is 1.
    since : datetime.date
        From when it could come without a break.
    days : float
        Since then.
    mean_per_day : float
        Over those days.
    accumulated : float
        Its sum over those days.
    probability : float
        That it comes within those days, the hazard being what it was.
    draw : float
        The exponential number of this run that the sum had to reach.
    factors : tuple of FactorExplained
        In the order of multiplication.
    """

    per_day: float
    base: float
    since: dt.date
    days: float
    mean_per_day: float
    accumulated: float
    probability: float
    draw: float
    factors: tuple[FactorExplained, ...]


@dataclass(frozen=True, slots=True)
class CameExplained:
    """Something that came on a date.

    Attributes
    ----------
    date : datetime.date
        When.
    kind : str
        As in the column ``kind`` of ``Run.events``.
    name : str
        Of the outcome, milestone or event, or whom else it is about; empty if it has none.
    text : str
        As a story tells it.
    why : str
        What brought it, in a few sentences; empty where the model has no more to say than that it came.
    hazard : HazardExplained or None
        For what came by a hazard whose factors the scenario declares.
    """

    date: dt.date
    kind: str
    name: str
    text: str
    why: str
    hazard: HazardExplained | None


def what_came(run: Any, history: EpochsUntil, first: int) -> tuple[CameExplained, ...]:
    """Explain what came besides decisions from a tick on to the end of a history.

    Parameters
    ----------
    run : Run
        Traced or not.
    history : EpochsUntil
        Of the run until the end of the date.
    first : int
        First tick of the date.
    """
    rows = [row for row in history.log if row.tick >= first and _is_told(int(row.kind))]
    if not rows:
        return ()
    retold = _Retold(run, history.bound, int(history.log[-1].tick), first, [_hazard_of(row, history) for row in rows])
    return tuple(_explained(row, history, retold, rows) for row in rows)


def _is_told(kind: int) -> bool:
    return kind not in (events.MOVE, events.DECISION) and not EVENT_WORDS[kind].quiet


class _Retold:
    """A run stepped again: the worlds before and after each step of a date, and the hazards of all steps until then."""

    def __init__(self, run: Any, bound: Bound, last: int, first: int, kinds: list[HazardKind | None]) -> None:
        self.before: dict[int, NDArray[np.record]] = {}
        self.after: dict[int, NDArray[np.record]] = {}
        self.hazards: dict[int, list[HazardNow]] = {kind.place: [] for kind in kinds if kind is not None}
        self.bound = bound
        known = {kind.place: kind for kind in kinds if kind is not None}

        def note_hazards(engine: EventEngine, clock: int) -> None:
            if clock != DAY_CLOCK:
                return
            for place, kind in known.items():
                self.hazards[place].append(kind.read(engine.bound, engine.state))
            tick = int(engine.state[0].tick) + 1
            if tick >= first:
                self.before[tick] = engine.snapshot()

        def note_world(engine: EventEngine, clock: int) -> None:
            if clock == DAY_CLOCK and int(engine.state[0].tick) >= first:
                self.after[int(engine.state[0].tick)] = engine.snapshot()

        step_again(run, last, before=note_hazards, after=note_world)

    def readings(self, condition: Condition, tick: int) -> str:
        """Say what a condition read just before a step and after it."""
        then = condition_readings(condition, self.after[tick], self.bound)
        earlier = condition_readings(condition, self.before[tick], self.bound)
        return ", ".join(
            f"{name} was {value}{f' (just before {earlier[name]})' if earlier[name] != value else ''}"
            for name, value in then.items()
        )


def _hazard_of(row: Any, history: EpochsUntil) -> HazardKind | None:
    """Return the hazard that may have brought a logged event."""
    kind, bound = int(row.kind), history.bound
    if kind == events.TALKS_BROKE_DOWN:
        return breakdown_hazard()
    if kind == events.TALKS_OPENED:
        return opening_hazard()
    if kind == events.OUTCOME and bound.params[0].outcome_comes[row.entity] == BY_HAZARD:
        return outcome_hazard(bound, bound.names.outcomes[row.entity])
    return None


def _explained(row: Any, history: EpochsUntil, retold: _Retold, rows: list[Any]) -> CameExplained:
    bound, tick, kind = history.bound, int(row.tick), int(row.kind)
    actor, move, entity, value = event_words(row, bound.names)
    hazard_kind = _hazard_of(row, history)
    hazard = None if hazard_kind is None else _hazard(hazard_kind, retold, tick)
    if hazard is not None and kind == events.TALKS_BROKE_DOWN and hazard.accumulated < hazard.draw:
        shocks = [other for other in rows if other.tick == tick and other.kind == events.MASS_CASUALTY]
        why = _refusal_words(bound, retold.before[tick]) or _shock_words(bound, shocks)
        hazard = None
    elif hazard is not None:
        why = hazard_words(hazard)
    else:
        why = _WHY[kind](bound, retold, row) if kind in _WHY else ""
    return CameExplained(
        date=date_of(bound, tick * float(bound.params[0].dt)),
        kind=EVENTS[kind].name,
        name=entity or actor or "",
        text=sentence_of(bound.scenario, EVENTS[kind].name, actor, entity, move, value),
        why=why,
        hazard=hazard,
    )


def _hazard(kind: HazardKind, retold: _Retold, tick: int) -> HazardExplained:
    """Add a hazard up over the run until a step; the world before that step gives the readings."""
    bound, world = retold.bound, retold.before[tick]
    steps = retold.hazards[kind.place][:tick]
    step = float(bound.params[0].dt)
    entered = max((at + 1 for at, now in enumerate(steps) if not now.at_risk), default=0)
    accumulated = 0.0
    for now in steps[entered:]:
        accumulated += now.per_day * step
    draw = float(world[0].hazard_limit[kind.place])
    if draw == 0.0:  # the step in which it could begin to come draws it
        state = world[0]
        luck = uniform(int(state.seed), int(state.replication), HAZARD, kind.luck, int(state.tick), 0)
        draw = float(exponential(luck, 1.0))
    last, days = steps[-1], (len(steps) - entered) * step
    return HazardExplained(
        per_day=last.per_day,
        base=last.base,
        since=date_of(bound, entered * step),
        days=days,
        mean_per_day=accumulated / days,
        accumulated=accumulated,
        probability=-math.expm1(-accumulated),
        draw=draw,
        factors=tuple(_factor(name, kind, steps, entered, retold, tick) for name in last.factors),
    )


def _factor(
    name: str, kind: HazardKind, steps: list[HazardNow], entered: int, retold: _Retold, tick: int
) -> FactorExplained:
    bound, world = retold.bound, retold.before[tick]
    values = [now.factors[name] for now in steps if name in now.factors]
    value, mean, least = values[-1], math.fsum(values) / len(values), min(values)
    rest = math.fsum(now.with_factor(name, least) for now in steps[entered:])
    declared = _declared_factors(kind, bound).get(name)
    return FactorExplained(
        name=name,
        form=GATES[name] if declared is None else form_words(declared),
        reads=_gate_reads(name, kind, bound, world) if declared is None else factor_readings(declared, world, bound),
        value=value,
        mean=mean,
        least=least,
        most=max(values),
        times_mean=value / mean if mean != 0.0 else math.nan,
        sum_at_least=rest * float(bound.params[0].dt),
    )


def _declared_factors(kind: HazardKind, bound: Bound) -> dict[str, HazardFactor]:
    """Return the factors that the scenario declares for a hazard."""
    hazard = kind.declared(bound.scenario)
    return {} if hazard is None else dict(hazard.factors)


def _gate_reads(name: str, kind: HazardKind, bound: Bound, world: NDArray[np.record]) -> str:
    condition = kind.condition(bound.scenario) if name == WHEN else None
    return "" if condition is None else f"{condition}: {said(condition_readings(condition, world, bound))}"


def hazard_words(hazard: HazardExplained) -> str:
    """Say what a hazard added up to, which factor raised it, and which would have had to differ.

    Parameters
    ----------
    hazard : HazardExplained
        That brought something.
    """
    days = f"{hazard.days:g} day{'' if hazard.days == 1.0 else 's'}"
    sentences = [
        f"It came by a hazard of {hazard.per_day:.4g} per day ({hazard.mean_per_day:.4g} on average over the {days} "
        f"since {hazard.since}). These add up to {hazard.accumulated:.4g}, and this run's draw was {hazard.draw:.4g}: "
        f"with such a hazard {100.0 * hazard.probability:.3g} % of draws have it by then."
    ]
    moved = [f for f in hazard.factors if f.times_mean > CLEARLY]
    if moved:
        top = max(moved, key=lambda factor: factor.times_mean)
        usual = hazard.per_day / top.times_mean
        sentences.append(
            f"What raised it most over its mean was {spaced(top.name)}, {top.times_mean:.3g} times its mean of the run "
            f"so far: at that mean the hazard would have been {usual:.4g} per day, {hazard.per_day / usual:.3g} "
            "times smaller."
        )
    elif hazard.factors:
        sentences.append("No factor stood more than 5 % above its mean of the run so far.")
    needed = min(hazard.factors, key=lambda factor: (factor.sum_at_least, -factor.times_mean), default=None)
    if needed is not None and needed.sum_at_least < hazard.draw / CLEARLY:
        sentences.append(
            f"What would have had to differ is {spaced(needed.name)}: had it stood all along at {needed.least:.4g}, "
            f"its least so far, and all else been as it was, the sum would be {needed.sum_at_least:.4g}, and this run "
            "would not have it by then."
        )
    elif hazard.factors:
        sentences.append("No factor alone, had it stood at its least so far all along, would have kept it off.")
    return " ".join(sentences)


def _refusal_words(bound: Bound, world: NDArray[np.record]) -> str:
    """Say who refused to sit, empty if nobody did."""
    params, words = bound.params[0], words_of(bound.scenario)
    who = [
        words.actor(name)
        for actor, name in enumerate(bound.names.actors)
        if params.party[actor] != 0 and refuses_talks(world[0], params, actor)
    ]
    if not who:
        return ""
    told = " and ".join(who)
    return f"{told[0].upper()}{told[1:]} refused to sit, which closes open talks."


def _shock_words(bound: Bound, shocks: list[Any]) -> str:
    talks = bound.scenario.deal.talks
    assert talks is not None
    assert talks.breaks_down is not None
    chance = talks.breaks_down.after_mass_casualty
    words = words_of(bound.scenario)
    forces = " and ".join(words.of("force", bound.names.forces[row.entity]) for row in shocks)
    return f"A mass-casualty attack by {forces} broke them, as one does with probability {chance:g}."


def _outcome_words(bound: Bound, retold: _Retold, row: Any) -> str:
    outcome = list(bound.scenario.outcomes.values())[row.entity - 1]
    at_horizon = bound.params[0].outcome_comes[row.entity] == AT_HORIZON
    if at_horizon and outcome.when is None:
        return "The horizon was reached without another outcome."
    assert outcome.when is not None, "an outcome has a hazard, a condition, or stands at the horizon"
    readings = retold.readings(outcome.when, int(row.tick))
    if at_horizon:
        return f"The horizon was reached without another outcome, and {outcome.when} held: {readings}."
    open_talks = " while talks are open" if outcome.while_talks_open else ""
    return f"It comes as soon as {outcome.when}{open_talks}: {readings}."


def _milestone_words(bound: Bound, retold: _Retold, row: Any) -> str:
    condition = list(bound.scenario.milestones.values())[row.entity].when
    return f"For the first time {condition}: {retold.readings(condition, int(row.tick))}."


def _event_words(bound: Bound, retold: _Retold, row: Any) -> str:  # noqa: ARG001 - the signature is fixed
    name = bound.names.events[row.entity]
    event = bound.scenario.events.get(name)
    if event is None:
        chance = float(bound.params[0].event_probability[row.entity])
        parent = next(key for key, whole in bound.scenario.events.items() if name in whole.one_of)
        return (
            f"One of the alternatives of {words_of(bound.scenario).of('event', parent)}, with probability {chance:g}."
        )
    chances = f", with probability {event.probability:g}" if event.probability < 1.0 else ""
    if event.day is not None:
        return f"Due on this date{f', if {event.when}' if event.when is not None else ''}{chances}."
    if event.per_day is not None:
        return f"By a hazard of {event.per_day:g} per day{f' while {event.when}' if event.when is not None else ''}."
    return f"Due when first {event.when}{chances}."


_WHY: dict[int, Callable[[Bound, _Retold, Any], str]] = {
    events.OUTCOME: _outcome_words,
    events.MILESTONE: _milestone_words,
    events.EVENT: _event_words,
}
