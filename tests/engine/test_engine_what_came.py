"""Explanations of what came on a date: hazards are the kernel's, sums are its sums, and each sentence is true."""

from __future__ import annotations

import functools
import json
import math
import re
from typing import Any

import pytest
from toy_deals import actor, deal, rebels_who_attack

import sim
from sim.engine.event import EventEngine
from sim.engine.what_came import CameExplained
from sim.engine.wrapped_text import WIDTH
from sim.kernel.bound import bound
from sim.model.clocks import DAY_CLOCK
from sim.model.hazards import BREAKDOWN_HAZARD, OUTCOME_HAZARD, TALKS_HAZARD
from sim.model.outcomes import outcome_rate
from sim.model.talks import breakdown_rate, talks_rate
from sim.scenario.extends import builtin_names
from sim.store.json_text import json_text

CASES = (
    ("toys/two_actors", 3),
    ("toys/two_actors", 4),
    ("toys/captive_exchange", 5),
    ("toys/five_actors", 1),
    ("doha_2020/baseline", 7),
    ("colombia_2016/baseline", 1),
    ("northern_ireland_1998/baseline", 2),
)
EXPLAINED = ("outcome", "talks_broke_down", "talks_opened")


@functools.cache
def run_of(name: str, seed: int) -> sim.Run:
    """Run a scenario once."""
    return sim.run(sim.load(name), seed=seed)


def came_on(run: sim.Run, kind: str) -> list[CameExplained]:
    """Explain the dates on which a kind of event came, at most three of them."""
    table = run.event_table
    dates = dict.fromkeys(d for d, k in zip(table["date"], table["kind"], strict=True) if k == kind)
    return [came for date in list(dates)[:3] for came in run.explain(date).came if came.kind == kind]


def kernel_numbers(run: sim.Run, day: float, name: str, kind: str) -> tuple[float, float, float]:
    """Return the hazard per day of the step that ends on a day, its sum, and its draw if known, by the model's code."""
    tick = round(day * run.scenario.steps_per_day)
    engine_bound = bound(run.scenario)
    number = engine_bound.names.outcomes.index(name) if kind == "outcome" else 0
    place = {"outcome": OUTCOME_HAZARD + number - 1, "talks_broke_down": BREAKDOWN_HAZARD}.get(kind, TALKS_HAZARD)
    seen: list[float] = []

    def before(engine: EventEngine, clock: int) -> None:
        if clock == DAY_CLOCK and int(engine.state[0].tick) == tick - 1:
            state, params, tables = engine.state[0], engine.bound.params[0], engine.bound.tables
            if kind == "outcome":
                seen.append(float(outcome_rate(state, params, tables, number)))
            elif kind == "talks_broke_down":
                seen.append(float(breakdown_rate(state, params, tables)))
            else:
                seen.append(float(talks_rate(state, params, tables)))
            seen.append(float(state.hazard_limit[place]))

    def after(engine: EventEngine, clock: int) -> None:
        if clock == DAY_CLOCK and int(engine.state[0].tick) == tick:
            seen.append(float(engine.state[0].hazard_used[place]))

    EventEngine(engine_bound, run.seed, run.replication, before=(before,), hooks=(after,)).run(until=tick)
    rate, limit, used = seen
    return rate, used, limit


def numbers_in(text: str) -> list[float]:
    """Read the numbers of a text, dates left out."""
    return [
        float(x) for x in re.findall(r"(?<![\w.-])\d+(?:\.\d+)?(?:e[+-]\d+)?", re.sub(r"\d{4}-\d\d-\d\d", "", text))
    ]


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_hazard_and_sum_are_those_of_the_kernel(name: str, seed: int) -> None:
    """Rate times factors is the number that the kernel integrates, and the sum is its sum, to the bit."""
    run = run_of(name, seed)
    for kind in EXPLAINED:
        for came in came_on(run, kind):
            if came.hazard is None:
                continue
            hazard = came.hazard
            rate, used, limit = kernel_numbers(run, (came.date - run.scenario.start).days, came.name, kind)
            product = hazard.base
            for factor in hazard.factors:
                product *= factor.value
            assert product == hazard.per_day == rate
            assert hazard.accumulated == used
            assert hazard.accumulated >= hazard.draw
            assert limit in (0.0, hazard.draw)
            assert hazard.accumulated - hazard.per_day / run.scenario.steps_per_day < hazard.draw
            assert hazard.probability == pytest.approx(1.0 - math.exp(-used))
            for factor in hazard.factors:
                assert factor.least <= factor.mean <= factor.most
                assert factor.least <= factor.value <= factor.most
                assert factor.sum_at_least <= hazard.accumulated * (1 + 1e-12)


@pytest.mark.parametrize(("name", "seed"), CASES)
def test_sentences_say_the_numbers_of_the_table(name: str, seed: int) -> None:
    """The factor named as highest over its mean is that, and what the hazard would have been at its mean follows."""
    run = run_of(name, seed)
    for kind in EXPLAINED:
        for came in came_on(run, kind):
            hazard = came.hazard
            if hazard is None or not hazard.factors:
                continue
            top = max(hazard.factors, key=lambda factor: factor.times_mean)
            raised = re.search(
                r"What raised it most over its mean was (.+?), (.+?) times its mean .+? times smaller", came.why
            )
            assert (raised is not None) == (top.times_mean > 1.05)
            if raised is not None:
                assert raised[1] == top.name.replace("_", " ")
                at_mean = hazard.base * top.mean + 0.0
                for factor in hazard.factors:
                    at_mean *= factor.value if factor.name != top.name else 1.0
                _, usual, smaller = numbers_in(raised[0])
                assert usual == pytest.approx(at_mean, rel=1e-3)
                assert smaller == pytest.approx(hazard.per_day / at_mean, rel=1e-2)
            kept_off = "would not have it by then" in came.why
            assert kept_off == any(factor.sum_at_least < hazard.draw / 1.05 for factor in hazard.factors)


def hazardous(ahead: dict[str, Any]) -> sim.Scenario:
    """Return a deal in which nobody decides anything and one hazard grows by the day."""
    end = {"per_day": 0.01, "factors": {"age": ahead, "steady": {"form": "linear", "of": "talks", "at_zero": 2}}}
    return deal(deal={"outcomes": {"over": {"label": "all over"} | end}})


def test_without_the_factor_that_had_to_differ_the_run_does_not_have_the_outcome() -> None:
    """Where nobody decides, the world with that factor at its least is simulated: no such outcome by that day."""
    scenario = hazardous({"form": "linear", "of": "day", "at_zero": 1, "slope": 0.1})
    run = sim.run(scenario, seed=1)
    (came,) = run.explain(run.outcome["outcome_day"]).came
    assert came.text == "outcome: all over"
    age, steady = came.hazard.factors
    assert age.form == "1 + 0.1 x day, at least 0"
    assert age.reads == f"day was {run.outcome['outcome_day'] - 1:g}"
    assert (age.least, steady.value, steady.times_mean) == (1.0, 2.0, 1.0)
    assert "What would have had to differ is age: had it stood all along at 1, " in came.why
    calm = sim.run(hazardous({"form": "if", "when": "day < 0", "then": 1, "otherwise": age.least}), seed=1)
    assert not calm.outcome["outcome_day"] <= run.outcome["outcome_day"]
    days = run.outcome["outcome_day"]
    assert age.sum_at_least == pytest.approx(0.01 * 2.0 * days)


def test_where_no_factor_moved_that_is_said() -> None:
    """A hazard that never changed has no factor to blame."""
    scenario = hazardous({"form": "if", "when": "day < 0", "then": 1, "otherwise": 1})
    run = sim.run(scenario, seed=1)
    (came,) = run.explain(run.outcome["outcome_day"]).came
    assert "No factor stood more than 5 % above its mean of the run so far." in came.why
    assert "No factor alone, had it stood at its least so far all along, would have kept it off." in came.why


def test_conditions_are_told_with_what_they_read_before_and_then() -> None:
    """A milestone's note has its condition, the value that met it, and the one that had not yet."""
    run = run_of("toys/captive_exchange", 5)
    came = came_on(run, "milestone")[0]
    assert came.why.startswith("For the first time persons_freed >= 1: persons_freed was ")
    met, before = numbers_in(came.why)[1:]
    assert met >= 1.0 > before == 0.0
    assert (came.name, came.hazard) == ("first_home", None)


def test_the_horizon_is_said() -> None:
    """An outcome that stands at the horizon says so, and what it read."""
    run = sim.run(sim.load("toys/two_actors").replace({"horizon_days": 3}), seed=1)
    (came,) = run.explain(3).came
    assert came.why == "The horizon was reached without another outcome."


def shocked() -> sim.Scenario:
    """Return a deal whose talks open at once and break at the first attack."""
    world = rebels_who_attack(0.2, 0.0, mass_casualty_per_attack=1.0)
    talks = {
        "between": ["state", "rebels"],
        "opens": {"per_day": 1000.0},
        "breaks_down": {"per_day": 0.0, "after_mass_casualty": 1.0},
    }
    seats = {name: actor({"sit": {"talks": "sit"}}, "sit") for name in ("state", "rebels")}
    return deal(actors=seats, deal={"talks": talks}, world=world)


def test_talks_broken_by_an_attack_name_it() -> None:
    """A breakdown that no hazard brought has none, and names the force."""
    came = came_on(sim.run(shocked(), seed=1), "talks_broke_down")[0]
    assert came.why == "A mass-casualty attack by fighters broke them, as one does with probability 1."
    assert came.hazard is None


def test_a_refusal_is_told_by_who_refused() -> None:
    """Talks that a party closes do not break down by their hazard."""
    talks = {
        "between": ["state", "rebels"],
        "opens": {"per_day": 1000.0},
        "breaks_down": {"per_day": 0.001},
    }
    rebels = actor(
        {"sit": {"talks": "sit"}, "leave": {"talks": "refuse"}}, "sit", scheduled_moves=[{"day": 50, "move": "leave"}]
    )
    seats = {"state": actor({"sit": {"talks": "sit"}}, "sit"), "rebels": rebels}
    run = sim.run(deal(actors=seats, deal={"talks": talks}), seed=1)
    came = came_on(run, "talks_broke_down")[0]
    assert came.hazard is None
    assert came.why == "Rebels refused to sit, which closes open talks."


def test_a_fork_adds_up_its_parents_hazard() -> None:
    """The sum of a fork begins in its parent, as the kernel's does; its rate is that of the scenario that ruled."""
    run = sim.run(hazardous({"form": "linear", "of": "day", "at_zero": 1, "slope": 0.001}), seed=2)
    fork = run.fork(10, {"deal.outcomes.over.per_day": 0.02})
    (came,) = fork.explain(fork.outcome["outcome_day"]).came
    assert came.hazard is not None
    days = fork.outcome["outcome_day"]
    assert (came.hazard.days, came.hazard.since, came.hazard.base) == (days, fork.scenario.start, 0.02)
    factors = [2.0 * (1 + 0.001 * day) for day in range(int(days))]
    rates = [0.01 if day < 9 else 0.02 for day in range(int(days))]
    assert came.hazard.accumulated == pytest.approx(sum(r * f for r, f in zip(rates, factors, strict=True)))


def test_events_say_how_they_came() -> None:
    """A vote is due on its date, and its alternative has a probability."""
    run = run_of("colombia_2016/baseline", 1)
    vote, alternative = run.explain("2016-10-02").came
    assert (vote.text, vote.why) == ("the plebiscite on the agreement", "Due on this date.")
    chance = {"yes": 0.85, "no": 0.15}[alternative.name]
    assert (
        alternative.why == f"One of the alternatives of the plebiscite on the agreement, with probability {chance:g}."
    )


def test_a_quiet_date_says_who_decides_next() -> None:
    """The note names the next decision of the run, traced or not."""
    run = run_of("toys/two_actors", 3)
    decided = [d.date for d in run.decisions]
    quiet = next(d for d in run.series.index if d.date() not in decided).date()
    later = min(date for date in decided if date > quiet)
    labels = [run.scenario.actors[d.actor].label or d.actor for d in run.decisions if d.date == later]
    told = run.explain(quiet)
    assert told.note.startswith(f"Nobody decided on {quiet}. Next to decide, on {later}: {', '.join(labels)}. ")
    assert sim.run(run.scenario, seed=3, trace=False).explain(quiet) == told
    assert "Nobody decided after it." in run.explain(run.outcome["end_day"]).note or max(decided) == quiet


@pytest.mark.parametrize("name", builtin_names())
def test_the_end_of_every_scenario_is_explained(name: str) -> None:
    """On the day of the outcome it is told and why, in text of bounded width, on a page, and as JSON."""
    scenario = sim.load(name)
    run = sim.run(scenario.replace({"horizon_days": min(90, scenario.horizon_days)}), seed=5)
    told = run.explain(run.outcome["outcome_day"])
    text, page = str(told), told._repr_html_()
    assert all(len(line) <= WIDTH for line in text.splitlines())
    outcome = next(came for came in told.came if came.kind == "outcome")
    assert outcome.name == run.outcome["outcome"]
    assert outcome.why
    assert f"{outcome.date}, {outcome.text}" in text
    assert outcome.text in page
    again = json.loads(json_text(told.to_dict()))
    assert [came["kind"] for came in again["came"]] == [came.kind for came in told.came]
    assert (again["came"][-1]["hazard"] is None) == (told.came[-1].hazard is None)
