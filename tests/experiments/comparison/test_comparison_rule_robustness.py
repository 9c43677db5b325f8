"""The same comparison under every rule."""

from __future__ import annotations

import pytest

import sim
from sim.errors import UsageError
from sim.experiments.comparison.actor_rules import ACTOR_RULES, same_world, under_rule
from sim.experiments.comparison.rule_robustness import RuleRobustness, rule_robustness, rules_asked, runs_under
from sim.scenario.named_functions import RESPONSES, VALUATIONS
from sim.scenario.scenario import Scenario


@pytest.fixture(scope="module")
def deals() -> dict[str, Scenario]:
    """Return two deals, and the first under another rule."""
    toy = sim.load("toys/two_actors").replace(
        {f"actors.{a}.{k}": v for a, k, v in (
            ("state", "keeps_deal", "free"), ("state", "answers_breach", "wait"),
            ("rebels", "keeps_deal", "hold_fire"), ("rebels", "answers_breach", "fight"),
        )}
    )  # fmt: skip
    never = toy.replace({"deal.talks.opens_when": "day < 0"})
    return {"toy": toy, "no_talks": never, "coin": under_rule(toy, "uniform")[0]}


@pytest.fixture(scope="module")
def found(deals: dict[str, Scenario]) -> RuleRobustness:
    """Return the comparison under four rules."""
    rules = ["logit", "uniform", "schedule_as_written", "reciprocal"]
    return rule_robustness(list(deals), list(deals.values()), 60, 1, rules=rules)


def test_every_built_in_rule_is_there() -> None:
    """Each is in some rule, but for scripts, which are part of a deal, and for what a solution or a policy brings."""
    responses = {response.name for response in RESPONSES} - {"scripted", "equilibrium"}
    assert {rule.response for rule in ACTOR_RULES.values()} == responses
    assert {rule.valuation for rule in ACTOR_RULES.values()} == {valuation.name for valuation in VALUATIONS} - {"table"}


def test_a_deal_without_talks_has_fewer_under_every_rule(found: RuleRobustness) -> None:
    """That talks never begin where nothing opens them survives whatever actors do."""
    row = found.conclusions.loc[("no_talks", "talks_began")]
    assert row[list(found.rules)].tolist() == ["-"] * 4
    assert row.survives
    assert not row.contradicted


def test_signs_are_those_of_the_intervals(found: RuleRobustness) -> None:
    """A sign is given only where the interval lies on one side of 0."""
    table = found.table
    assert ((table.sign == 1) == (table.low > 0)).all()
    assert ((table.sign == -1) == (table.high < 0)).all()
    survives = found.conclusions.survives
    assert (found.conclusions[survives][list(found.rules)].nunique(axis=1) == 1).all()


def test_a_scenario_that_differs_in_rules_only_is_left_out(found: RuleRobustness, deals: dict[str, Scenario]) -> None:
    """Under one rule for all it is the reference; a note says so."""
    assert "coin" not in found.conclusions.index.unique("scenario")
    assert any(note.startswith("coin differs from toy in its rules only") for note in found.notes)
    with pytest.raises(UsageError, match="differ in their rules only"):
        rule_robustness(["toy", "coin"], [deals["toy"], deals["coin"]], 5, 1, rules=["logit"])


def test_scripted_actors_keep_their_script() -> None:
    """A script is part of the deal: it stays whatever rule the others follow."""
    names = ["doha_2020/baseline", "doha_2020/taliban_terms"]
    found = rule_robustness(names, [sim.load(name) for name in names], 4, 1, rules=["uniform"])
    assert found.runs == {"uniform": 4}
    measures = found.table.index.unique("outcome")
    assert {"settlement", "talks_began", "all_counted", "annex"} <= set(measures)
    assert len(found.table) == len(measures)


def test_what_a_rule_lacks_is_filled_in_and_said() -> None:
    """Actors without a move to keep the deal by stand still; one without precision or horizon gets one."""
    toy = sim.load("toys/two_actors")
    still, notes = under_rule(toy, "reciprocal")
    assert {actor.rule.response for actor in still.actors.values()} == {"scripted"}
    assert len(notes) == 2
    bare = toy.replace({f"actors.{a}.rule": {"response": "uniform"} for a in toy.actors})
    logit, filled = under_rule(bare, "logit")
    assert logit.actors["state"].rule.lam_per_util > 0
    assert len(filled) == 4
    assert under_rule(toy, "logit")[0] is toy


def test_same_world_sees_what_matters() -> None:
    """Titles do not matter; one number, a name or the calendar does."""
    toy = sim.load("toys/two_actors")
    assert same_world(toy, toy.replace({"title": "another"}))
    assert not same_world(toy, toy.replace({"actors.state.discount_per_year": 0.21}))
    assert not same_world(toy, toy.replace({"start": "2030-01-02"}))
    assert not same_world(toy, sim.load("toys/five_actors"))


def test_costly_rules_get_fewer_runs() -> None:
    """Lookahead is run less often, never more than asked for."""
    assert runs_under("lookahead", 1000) == 50
    assert runs_under("lookahead", 3) == 3
    assert runs_under("logit", 1000) == 1000


def test_which_rules() -> None:
    """All, a list, or a text with commas; an unknown one is refused with the nearest."""
    assert rules_asked("all") == tuple(ACTOR_RULES)
    assert rules_asked("logit, ewa") == ("logit", "ewa")
    with pytest.raises(UsageError, match=r"Did you mean .*lookahead"):
        rules_asked(["look_ahead"])


@pytest.mark.slow
def test_every_rule_runs_and_the_words_say_what_survives(deals: dict[str, Scenario]) -> None:
    """The whole list of rules plays a toy; the summary names fewer runs for lookahead and what survives."""
    pair = {name: deals[name] for name in ("toy", "no_talks")}
    compared = sim.compare(list(pair.values()), 20, 1, names=list(pair), rules="all", baselines=False)
    assert compared.rules is not None
    assert compared.rules.conclusions.survives["no_talks", "talks_began"]
    said = " ".join(compared.summary)
    assert "talks began in no_talks -" in said
    assert "lookahead 10" in said
