"""Reciprocity and the deal as written: exact sequences of moves against scripted others."""

from __future__ import annotations

import numpy as np
import pytest
from rule_texts import moves_of, two_actors

import sim
from sim.errors import ScenarioError
from sim.kernel.bound import bound
from sim.model.columns import ILLEGAL
from sim.model.layout import STATE
from sim.rules.response.schedule_as_written import schedule_as_written
from sim.scenario.catalogue import MAX_MOVES

LAPSE = "[{day: 16, move: usual}, {day: 30, move: quiet}]"
LAPSE_FOR_GOOD = "[{day: 16, move: usual}]"


def north(strategy: str, script: str) -> list[str]:
    """Return the moves of the north (reviews on days 7, 14 ... 56) against a south that follows a script."""
    scenario = two_actors(
        first_rule=f"response: reciprocal, parameters: {{{strategy}}}",
        second_rule="response: scripted",
        second_opening="quiet",
        second_script=script,
        settlement=0.0,
    )
    return moves_of(sim.run(scenario, seed=1), "north")


@pytest.mark.parametrize(
    ("strategy", "script", "answers"),
    [
        ("strategy: tit_for_tat", LAPSE, (21, 28)),
        ("strategy: tit_for_tat", LAPSE_FOR_GOOD, (21, 28, 35, 42, 49, 56)),
        ("strategy: grim", LAPSE, (21, 28, 35, 42, 49, 56)),
        ("strategy: trigger, punishment_days: 21", LAPSE, (21, 28, 35)),
        ("strategy: trigger, punishment_days: 21", LAPSE_FOR_GOOD, (21, 28, 35, 49, 56)),
        ("strategy: generous, forgiveness: 0", LAPSE, (21, 28)),
        ("strategy: generous, forgiveness: 1", LAPSE, ()),
        ("strategy: grim", "[]", ()),
    ],
)
def test_what_each_strategy_answers(strategy, script, answers):
    """The north frees captives but on the days on which its strategy answers a south that is violent."""
    assert north(strategy, script) == ["hold" if day in answers else "free" for day in range(7, 60, 7)]


def test_generosity_is_a_probability():
    """Faced with a breach, a generous actor keeps the deal with the probability of its forgiveness."""
    scenario = two_actors(
        first_rule="response: reciprocal, parameters: {strategy: generous, forgiveness: 0.25}",
        second_rule="response: scripted",
    )
    first = next(d for d in sim.run(scenario, seed=1).decisions if d.actor == "north")
    assert {move.move: move.probability for move in first.moves} == {"hold": 0.75, "free": 0.25, "attack": 0.0}


@pytest.mark.parametrize(
    ("script", "answers"),
    [
        ("[{day: 3, move: free}, {day: 15, move: hold}]", (19,)),  # stops releasing: seen once
        ("[{day: 15, move: attack}, {day: 30, move: hold}]", (19, 26)),  # on offence: seen while it lasts
        ("[{day: 3, move: free}]", ()),
        ("[]", ()),  # never having released is no breach
    ],
)
def test_what_counts_as_a_breach_of_the_north(script, answers):
    """The south (reviews on days 5, 12 ...) answers releases that stop and attacks, and nothing else."""
    scenario = two_actors(
        first_rule="response: scripted", second_rule="response: reciprocal", first_script=script, settlement=0.0
    )
    expected = ["usual" if day in answers else "quiet" for day in range(5, 60, 7)]
    assert moves_of(sim.run(scenario, seed=1), "south") == expected


def test_the_deal_as_written():
    """Whatever the others do, the declared moves are made."""
    rule = "response: schedule_as_written"
    run = sim.run(two_actors(first_rule=rule, second_rule=rule, settlement=0.0), seed=2)
    assert set(moves_of(run, "north")) == {"free"}
    assert set(moves_of(run, "south")) == {"quiet"}


def test_what_stands_goes_on_where_the_deal_cannot_be_kept():
    """If the declared move is not legal, what stands goes on; if that is not legal either, the first legal move."""
    scenario = bound(two_actors(first_rule="response: schedule_as_written"))
    state = np.zeros(1, STATE)
    state[0].standing[0] = 2
    for illegal, chosen in (([], 1), ([1], 2), ([1, 2], 0)):
        values = np.zeros(MAX_MOVES)
        values[illegal] = ILLEGAL
        probabilities = np.full(MAX_MOVES, np.nan)
        schedule_as_written(values, state[0], scenario.params[0], scenario.tables, 0, probabilities)
        assert probabilities[:3].tolist() == [float(move == chosen) for move in range(3)]


@pytest.mark.parametrize(
    ("rule", "missing"),
    [("response: schedule_as_written", "keeps_deal"), ("response: reciprocal", "answers_breach")],
)
def test_the_moves_must_be_declared(rule, missing):
    """Without the declared move that the rule needs, loading says so with the line of the rule."""
    scenario = two_actors(first_rule=rule)
    with pytest.raises(ScenarioError, match=f"actors.north.rule: found response .* without {missing}"):
        scenario.replace({f"actors.north.{missing}": None})
    with pytest.raises(ScenarioError, match="Did you mean 'free'"):
        scenario.replace({f"actors.north.{missing}": "fre"})
