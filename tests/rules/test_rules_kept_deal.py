"""A deal kept in steps: several moves that keep it in turn, each until what it waits for holds."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError

ENDLESS = {"deal.outcomes": {}, "actors.state.payoff.at_outcome": {}, "actors.rebels.payoff.at_outcome": {}}
"""No outcome ends a run before its horizon."""

TOY = sim.load("toys/two_actors")
STEPS = [{"move": "free", "until": "persons_freed(prisoners) >= 200"}, {"move": "wait", "until": "day >= 90"},
         {"move": "free"}]  # fmt: skip
RULE = {"response": "schedule_as_written", "valuation": "none"}


def test_the_schedule_is_kept_step_by_step() -> None:
    """Two hundred are freed, then nobody until day 90, then the rest: the releases of the run stand on such days."""
    deal = TOY.replace({"actors.state.keeps_deal": STEPS, "actors.state.rule": RULE, **ENDLESS})
    run = sim.run(deal, seed=1)
    freed = run.series_table["persons_freed(prisoners)"]
    stood = (np.diff(freed[:120]) == 0).nonzero()[0]
    held = [day for day in stood if freed[day] >= 200 and day < 90]
    assert freed[80] == freed[90] >= 200
    assert freed[-1] == 600
    assert len(held) > 40


def test_one_move_is_one_step() -> None:
    """The name of a move alone means that move for good."""
    one = TOY.replace({"actors.state.keeps_deal": "free"})
    same = TOY.replace({"actors.state.keeps_deal": [{"move": "free"}]})
    assert one.sha256 == same.sha256
    assert [step.move for step in one.actors["state"].keeps_deal] == ["free"]


def test_both_engines_keep_it_alike() -> None:
    """Event engine and batch play the steps to the bit, also under tit for tat."""
    steps = {"actors.state.keeps_deal": STEPS, "actors.state.answers_breach": "wait"}
    for rule in (RULE, {"response": "reciprocal", "valuation": "none"}):
        deal = TOY.replace({**steps, "actors.state.rule": rule})
        batch = sim.replicate(deal, runs=8, seed=4).outcomes
        for k in (0, 7):
            outcome = sim.run(deal, seed=4, replication=k).outcome
            assert outcome["payoff_state"] == batch.payoff_state[k]
            assert outcome["freed_prisoners"] == batch.freed_prisoners[k]


def test_an_explanation_says_that_it_is_the_move_of_now() -> None:
    """Of several moves that keep the deal the explanation names the one to make now."""
    deal = TOY.replace({"actors.state.keeps_deal": STEPS, "actors.state.rule": RULE})
    run = sim.run(deal, seed=1)
    decision = next(d for d in run.decisions if d.actor == "state" and d.chosen == "free")
    said = str(run.explain(decision.date))
    assert "Free is the move that keeps the deal now (keeps_deal)." in said


@pytest.mark.parametrize(
    ("steps", "problem"),
    [
        ("fre", "keeps_deal: found 'fre', expected a move of this actor: wait, free. Did you mean 'free'?"),
        ([{"move": "free"}, {"move": "wait"}], "keeps_deal.0: found a move without until before another"),
        ([{"move": "free", "until": "freed(x) > 1"}, {"move": "wait"}], "keeps_deal.0.until: found 'x' in freed(x)"),
        ([{"move": "free", "until": "day > 1"}] * 9, "found 9 moves that keep the deal, expected at most 8"),
    ],
)
def test_steps_that_are_none_are_refused(steps: object, problem: str) -> None:
    """Moves exist, each but the last says until when, and there are not too many."""
    with pytest.raises(ScenarioError, match="keeps_deal") as caught:
        TOY.replace({"actors.state.keeps_deal": steps})
    assert problem in str(caught.value)
