"""Differences of runs: nothing of nothing, the first of what is not the same, and sums that add up."""

from __future__ import annotations

import functools
import json
import math

import pytest
from toy_deals import actor, deal, prisoners

import sim
from sim.engine.run_difference import COMPARED
from sim.engine.wrapped_text import WIDTH
from sim.errors import UsageError
from sim.scenario.extends import builtin_names
from sim.store.json_text import json_text

SHORT = {"horizon_days": 150}
LATER = {"actors.government.payoff.beyond_window.talks": 0.0}


@functools.cache
def pair() -> tuple[sim.Run, sim.Run]:
    """Return two runs on one seed, in the second of which talks are worth nothing to the government later on."""
    scenario = sim.load("doha_2020/baseline").replace(SHORT)
    return sim.run(scenario, seed=7), sim.run(scenario.replace(LATER), seed=7)


@pytest.mark.parametrize("name", builtin_names())
def test_a_run_does_not_differ_from_itself(name: str) -> None:
    """Of any built-in scenario, simulated twice."""
    scenario = sim.load(name)
    scenario = scenario.replace({"horizon_days": min(120, scenario.horizon_days)})
    difference = sim.run(scenario, seed=2).diff(sim.run(scenario, seed=2))
    assert not difference
    assert str(difference) == "no difference"
    assert "no difference" in difference._repr_html_()
    assert (difference.first_event, difference.first_decision, difference.measures) == (None, None, ())


def test_the_first_event_is_the_first_that_is_not_the_same() -> None:
    """Up to its place all columns but the account of decisions agree, and there they do not."""
    a, b = pair()
    event = a.diff(b).first_event
    assert event is not None
    left, right = (run.events[list(COMPARED)].head(event.sequence) for run in (a, b))
    assert left.equals(right)
    assert event.a is not None
    assert event.b is not None
    assert {k: event.a[k] for k in COMPARED} != {k: event.b[k] for k in COMPARED}


def test_the_first_decision_is_the_first_that_is_not_the_same() -> None:
    """All earlier decisions chose the same; this one, on the same luck, did not."""
    a, b = pair()
    decision = a.diff(b).first_decision
    assert decision is not None
    assert decision.a is not None
    assert decision.b is not None
    luck = [{m.move: m.luck for m in side.moves if m.luck == m.luck} for side in (decision.a, decision.b)]
    assert all(luck[0][move] == luck[1][move] for move in luck[0].keys() & luck[1].keys())
    assert decision.a.chosen != decision.b.chosen
    for one, two in zip(a.decisions, b.decisions, strict=False):
        if one.day >= decision.a.day:
            break
        assert (one.day, one.actor, one.chosen) == (two.day, two.actor, two.chosen)
    assert f"{decision.a.chosen_label} in A and {decision.b.chosen_label} in B" in decision.why


def test_what_tipped_it_adds_up() -> None:
    """Shifts of terms sum to the change in what B's choice is worth more than A's choice, largest first."""
    decision = pair()[0].diff(pair()[1]).first_decision
    assert decision is not None
    assert decision.a is not None
    assert decision.b is not None
    values = {move.move: move for move in decision.moves}
    a_move, b_move = values[decision.a.chosen], values[decision.b.chosen]
    change = (b_move.b_value - a_move.b_value) - (b_move.a_value - a_move.a_value)
    assert sum(shift.shift for shift in decision.tipped_by) == pytest.approx(change, abs=1e-9)
    sizes = [abs(shift.shift) for shift in decision.tipped_by]
    assert sizes == sorted(sizes, reverse=True)


def test_sides_can_be_changed() -> None:
    """B against A says the same with signs and sides changed."""
    a, b = pair()
    one, two = a.diff(b), b.diff(a)
    assert one.first_event is not None
    assert two.first_event is not None
    assert (one.first_event.a, one.first_event.b) == (two.first_event.b, two.first_event.a)
    assert (one.a_headlines, one.b_headlines) == (two.b_headlines, two.a_headlines)
    for left, right in zip(one.measures, two.measures, strict=True):
        assert (left.name, left.a, left.b) == (right.name, right.b, right.a)
        assert left.difference == -right.difference or left.difference != left.difference


def test_measures_are_the_differences_of_the_outcomes() -> None:
    """Each number is B's less A's; what is the same is left out."""
    a, b = pair()
    measures = {m.name: m for m in a.diff(b).measures}
    for name, value in a.outcome.items():
        if name.startswith("payoff_"):
            assert (name in measures) == (value != b.outcome[name])
            if name in measures:
                assert measures[name].difference == b.outcome[name] - value


def test_other_luck_is_named_as_the_reason() -> None:
    """Runs of one scenario on two seeds differ in their seed only; a draw that alone would have parted them is said."""
    scenario = sim.load("doha_2020/baseline").replace(SHORT)
    said = []
    for seed in range(5):
        difference = sim.run(scenario, seed=seed).diff(sim.run(scenario, seed=seed + 100))
        assert difference.inputs == (f"~ seed: {seed} -> {seed + 100}",)
        decision = difference.first_decision
        assert decision is not None
        if decision.a and decision.b:
            luck = {m.move: m.luck for m in decision.b.moves}
            scores = {
                m.move: math.log(m.probability) + luck[m.move]
                for m in decision.a.moves
                if m.probability > 0.0 and luck[m.move] == luck[m.move]
            }
            alike = max(scores, key=lambda move: scores[move]) == decision.b.chosen
            assert ("Luck parted them" in decision.why) == alike
            said.append("Luck parted them" in decision.why)
    assert any(said)


def test_a_title_alone_leaves_the_runs_the_same() -> None:
    """Inputs that nobody reads are listed, and the runs are said to be the same to the bit."""
    a = pair()[0]
    difference = a.diff(sim.run(a.scenario.replace({"title": "another"}), seed=7))
    assert difference
    assert difference.same_runs
    assert "The runs are the same to the bit" in str(difference)


def test_values_can_differ_where_no_event_does() -> None:
    """A change too small to tip anything changes no event; the first daily value, or that there is none, is said."""
    a = pair()[0]
    payoff = a.diff(sim.run(a.scenario.replace({"actors.us.discount_per_year": 0.3000001}), seed=7))
    assert (payoff.first_event, payoff.first_decision, payoff.first_value) == (None, None, "")
    assert "only the values behind decisions differ" in str(payoff)
    force = "world.armed_forces.afghan_forces.decay_per_day.base"
    slow = a.diff(sim.run(a.scenario.replace({force: 0.0002000001}), seed=7))
    assert slow.first_event is None
    assert "balance_of_force" in slow.first_value


def test_a_forced_move_of_a_fork_is_where_it_parts_from_its_parent() -> None:
    """The calendar's move is the first choice that differs, and only the fork has it."""
    a = pair()[0]
    standing = next(s.move for s in a.explain(60).standing if s.actor == "government")
    fork = a.fork(61, moves={"government": "offensive" if standing != "offensive" else "stall"})
    difference = a.diff(fork)
    assert "~ forked on: None -> 2020-04-30" in difference.inputs
    decision = difference.first_decision
    assert decision is not None
    assert (decision.a, str(decision.date), decision.actor) == (None, "2020-04-30", "government")
    assert "Only in B" in decision.why


def test_a_move_that_one_side_could_not_choose_is_said() -> None:
    """If B's choice was not legal in A, that is the reason, and there are no terms to compare."""
    weekly = {"review": {"every_days": 7, "offset_days": 7}, "rule": {"response": "uniform"}}

    def world(guard: str) -> sim.Run:
        slow, fast = ({"release": {"per_day": pace, "list": "own"}} for pace in (1, 2))
        state = actor({"wait": {}, "slow": slow, "act": fast | {"when": guard}}, "wait", **weekly)
        actors = {"state": state, "rebels": actor({"w": {}}, "w")}
        return sim.run(deal(actors=actors, deal={"captives": prisoners()}), seed=1)

    decision = world("day > 500").diff(world("day > 0")).first_decision
    assert decision is not None
    assert decision.tipped_by == ()
    assert decision.b is not None
    assert decision.b.chosen == "act"
    assert f"In A, act was not legal (needs day > 500; day was {decision.b.day:g})." in decision.why


def test_scenarios_with_other_actors_can_be_compared() -> None:
    """Nothing is assumed to be in both."""
    a = pair()[0]
    b = sim.run(sim.load("toys/two_actors"), seed=7)
    difference = a.diff(b)
    assert difference.first_decision is not None
    assert str(difference)
    assert difference._repr_html_()


def test_the_order_of_actors_does_not_hide_a_decision() -> None:
    """Actors are found by name: in another order their decisions are still compared with one another."""
    content = sim.load("toys/two_actors").to_dict()
    turned = sim.Scenario.from_dict(content | {"actors": dict(reversed(content["actors"].items()))})
    a, b = sim.run(sim.load("toys/two_actors"), seed=3), sim.run(turned, seed=3)
    difference = a.diff(b)
    decision = difference.first_decision
    assert difference.inputs == ("~ the order of names in the file, which decides the luck of each",)
    assert decision is not None
    assert decision.a is not None
    assert decision.b is not None
    assert decision.a.actor == decision.b.actor == decision.actor


def test_text_page_and_json() -> None:
    """Text keeps to its width, markup is escaped, and JSON holds the facts."""
    a, b = pair()
    strange = sim.run(b.scenario.replace({"title": "<script>"}), seed=7)
    difference = a.diff(strange)
    assert all(len(line) <= WIDTH for line in str(difference).splitlines())
    assert "<script>" not in difference._repr_html_()
    again = json.loads(json_text(difference.to_dict()))
    assert again["differs"] is True
    assert again["first_decision"]["actor"] == "government"


def test_only_traced_runs_can_be_compared() -> None:
    """Without a log there are no events; anything but a run is refused too."""
    a = pair()[0]
    with pytest.raises(UsageError, match="without its log"):
        a.diff(sim.run(a.scenario, seed=7, trace=False))
    with pytest.raises(UsageError, match="found str, expected a Run"):
        a.diff("another")  # type: ignore[arg-type]
