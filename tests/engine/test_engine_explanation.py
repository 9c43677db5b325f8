"""Explanations: every number of a decision is there, adds up, and is said in words."""

from __future__ import annotations

import functools
import json
import math
from html import escape
from typing import Any

import pytest
from toy_deals import actor, deal, prisoners, rebels_who_attack

import sim
from sim.engine.epochs import epochs_until
from sim.engine.explained_decision import DecisionExplained
from sim.engine.explanation_brief import term_bars
from sim.engine.legality import why_not
from sim.engine.wrapped_text import WIDTH
from sim.errors import UsageError
from sim.scenario.extends import builtin_names
from sim.store.json_text import json_text

WEEKLY = {"every_days": 7, "offset_days": 7}
FAIR = {"response": "uniform"}
FREE: dict[str, Any] = {"release": {"per_day": 1, "list": "own"}}


@functools.cache
def baseline() -> sim.Run:
    """Return the first 110 days of the Doha baseline on seed 7."""
    return sim.run(sim.load("doha_2020/baseline").replace({"horizon_days": 110}), seed=7)


def every_decision(run: sim.Run) -> list[DecisionExplained]:
    """Explain all dates on which somebody decided."""
    days = sorted({int(d.day) for d in run.decisions})
    return [decision for day in days for decision in run.explain(day).decisions if decision.moves]


@functools.cache
def explained() -> list[DecisionExplained]:
    """Explain every decision of the baseline."""
    return every_decision(baseline())


def test_every_decision_of_the_log_is_explained_once_in_its_order() -> None:
    """Actor, caller, choice, values and luck are those that the run logged."""
    logged = baseline().decisions
    assert len(logged) > 15
    for one, two in zip(explained(), logged, strict=True):
        assert (one.date, one.day, one.actor, one.called_by) == (two.date, two.day, two.actor, two.called_by)
        assert (one.before, one.chosen, one.cost) == (two.before, two.chosen, two.cost)
        assert [str(m.luck) for m in one.moves] == [str(m.luck) for m in two.moves]
        assert [m.move for m in one.moves] == [m.move for m in two.moves]
        assert [m.probability for m in one.moves] == [m.probability for m in two.moves]


def test_terms_add_up_to_values_and_come_in_the_order_of_their_spread() -> None:
    """A move's value is the sum of its terms; the term that tells moves apart most stands first."""
    for decision in explained():
        legal = [move for move in decision.moves if move.legal]
        spreads = [max(m.terms[t] for m in legal) - min(m.terms[t] for m in legal) for t in legal[0].terms]
        assert spreads == sorted(spreads, reverse=True)
        for move in legal:
            assert sum(move.terms.values()) == pytest.approx(move.value, abs=1e-9)


def test_sums_are_taken_apart_by_the_weights_of_the_scenario() -> None:
    """Twice the weight of one part doubles this part of every move and leaves all other terms as they were."""
    held = sim.load("doha_2020/baseline").replace({"actors.government.rule.holds_days": None})
    run = sim.run(held, seed=7)
    first = next(d for d in run.decisions if d.actor == "government" and d.day >= 10 and d.before == "stall")
    decision = next(d for d in run.explain(first.date).decisions if d.actor == "government")
    for path, part in (
        ("beyond_window.talks", "beyond_window.talks"),
        ("at_outcome.civil_war", "at_outcome.civil_war"),
        ("once.reverses_refusal", "once.reverses_refusal"),
    ):
        place = held.to_dict()["actors"]["government"]["payoff"]
        section, key = path.split(".")
        fork = run.fork(first.date, {f"actors.government.payoff.{path}": 2.0 * place[section][key]})
        again = next(d for d in fork.explain(first.date).decisions if d.actor == "government")
        assert any(move.terms.get(part, 0.0) for move in decision.moves)
        for one, two in zip(decision.moves, again.moves, strict=True):
            assert two.terms.keys() == one.terms.keys()
            for term, value in one.terms.items():
                assert two.terms[term] == pytest.approx(2.0 * value if term == part else value, abs=1e-12)


def test_the_chosen_move_is_the_highest_with_luck() -> None:
    """Of a logit response value plus luck over precision, of any the logarithm of the probability plus luck."""
    for decision in explained():
        open_moves = [move for move in decision.moves if move.probability > 0.0]
        chosen = next(move for move in decision.moves if move.move == decision.chosen)
        assert chosen.with_luck == max(move.with_luck for move in open_moves)
        scores = {move.move: math.log(move.probability) + move.luck for move in open_moves}
        assert max(scores, key=lambda move: scores[move]) == decision.chosen
        for move in open_moves:
            assert move.with_luck == pytest.approx(move.value + move.luck / decision.precision, abs=1e-12)
        assert all(math.isnan(move.luck) and math.isnan(move.with_luck) for move in decision.moves if not move.legal)


def test_what_tipped_it_is_the_difference_to_the_best_other_move() -> None:
    """The differences add up to the distance of the values, largest first; no legal other move is worth more."""
    for decision in explained():
        values = {move.move: move.value for move in decision.moves if move.legal}
        if decision.other is None:
            assert len(values) == 1
            continue
        sizes = [abs(term.difference) for term in decision.tipped_by]
        assert sizes == sorted(sizes, reverse=True)
        gap = values[decision.chosen] - values[decision.other]
        assert sum(term.difference for term in decision.tipped_by) == pytest.approx(gap, abs=1e-9)
        assert values[decision.other] == max(v for move, v in values.items() if move != decision.chosen)


def test_precision_times_range_gives_the_odds_of_best_against_worst() -> None:
    """Under a logit response, exp(lam x range) is the ratio of the largest to the smallest probability."""
    for decision in explained():
        odds = [move.probability for move in decision.moves if move.legal]
        assert math.exp(decision.precision_range) == pytest.approx(max(odds) / min(odds), rel=1e-9)


def test_standing_moves_follow_the_log() -> None:
    """On every date, what stands is the last move of each actor, and since when it was made."""
    run = baseline()
    start = run.scenario.start
    standing = {name: (who.opening_move, start) for name, who in run.scenario.actors.items()}
    table = run.event_table
    for day in range(0, 100, 9):
        for i in range(len(table["kind"])):
            if table["kind"][i] == "move" and day - 9 < table["day"][i] <= day:
                standing[table["actor"][i]] = (table["move"][i], table["date"][i])
        told = {s.actor: (s.move, s.since) for s in run.explain(day).standing}
        assert {k: (m, str(d)) for k, (m, d) in told.items()} == {k: (m, str(d)) for k, (m, d) in standing.items()}


def test_a_date_without_decisions_tells_the_latest_before_it() -> None:
    """Each actor's latest decision is told, and that it is not of the date."""
    decided = {d.day for d in baseline().decisions}
    first = max(
        min(d.day for d in baseline().decisions if d.actor == actor) for actor in ("government", "taliban", "us")
    )
    quiet = next(day for day in range(int(first), int(max(decided))) if day not in decided)
    told = baseline().explain(quiet)
    assert told.note.startswith(f"Nobody decided on {told.date}. Next to decide, on 202")
    assert told.note.endswith(". The latest decision of each actor before it:")
    assert sorted(d.actor for d in told.decisions) == ["government", "taliban", "us"]
    for decision in told.decisions:
        later = [d.day for d in baseline().decisions if d.actor == decision.actor and decision.day < d.day <= told.day]
        assert not later


def test_before_anybody_decided_the_openings_stand() -> None:
    """On day 0 there is nothing to explain, and that is said."""
    told = baseline().explain(0)
    assert told.decisions == ()
    assert "openings stand" in told.note
    assert [s.move for s in told.standing] == [a.opening_move for a in baseline().scenario.actors.values()]


def test_a_move_of_the_calendar_explains_itself() -> None:
    """A scheduled move has no values; the reason is the list that holds it."""
    decision = next(d for d in baseline().explain("2020-03-02").decisions if d.actor == "taliban")
    assert (decision.called_by, decision.chosen, decision.moves) == ("schedule", "selective", ())
    assert "actors.taliban.scheduled_moves" in decision.why
    scripted = sim.run(sim.load("doha_2020/historical"), seed=1)
    dated = scripted.scenario.actors["government"].script[0]
    told = next(d for d in scripted.explain(dated.day).decisions if d.actor == "government")
    assert told.chosen == dated.move
    assert "actors.government.script" in told.why


# --- who called ----------------------------------------------------------------------------------------------------
def test_calls_are_named() -> None:
    """An opportunity and a review say their rhythm, a deadline what falls due."""
    told = baseline().explain("2020-03-10").decisions
    assert [d.called for d in told if d.called_by == "deadline"] == ["deadline: talks due", "deadline: talks due"]
    chances = {(d.actor, d.called) for d in explained() if d.called_by == "review"}
    assert ("taliban", "an opportunity to reconsider (every 30 days on average)") in chances
    weekly = actor({"wait": {}, "free": FREE}, "wait", review=WEEKLY, rule=FAIR)
    actors = {"state": weekly, "rebels": actor({"w": {}}, "w")}
    run = sim.run(deal(actors=actors, deal={"captives": prisoners()}), seed=1)
    assert every_decision(run)[0].called == "scheduled review (every 7 days)"


def test_triggers_name_what_set_them_off() -> None:
    """Each triggered decision names an event of the day before, as the story tells it."""
    run = baseline()
    story = {(date, text) for date, text in run.story()}
    triggered = [d for d in explained() if d.called_by == "trigger"]
    assert triggered
    for decision in triggered:
        cause = decision.called.removeprefix("trigger: ").split("; ")[0]
        text, _, date = cause.rstrip(")").rpartition(" (")
        assert any(said.startswith(text) and str(when) == date for when, said in story)


# --- why not -------------------------------------------------------------------------------------------------------
def test_guards_are_said_with_what_was_read() -> None:
    """An illegal move names its condition and the value of each feature in it."""
    first = next(d for d in explained() if d.actor == "us")
    pause = next(move for move in first.moves if move.move == "pause")
    assert not pause.legal
    guard = "day > 135 and holding_fire(taliban) < 1 and (surge(taliban) >= 1 or reputation_index(us, taliban) < -0.5)"
    assert pause.why_not.startswith(f"needs {guard}; day was {first.day:g}, ")
    assert math.isnan(pause.value)
    assert pause.probability == 0.0


def test_every_illegal_move_has_a_reason_and_no_legal_one_has() -> None:
    """Reasons stand exactly beside the moves that could not be chosen."""
    for decision in explained():
        assert all(bool(move.why_not) == (not move.legal) for move in decision.moves)


def test_cooldowns_are_said_in_days() -> None:
    """A move that was just left says how long ago, and when it opens again."""
    state = actor(
        {"wait": {"cooldown_days": 30}, "act": FREE},
        "wait",
        review={"every_days": 7, "offset_days": 14},
        rule=FAIR,
        scheduled_moves=[{"day": 10, "move": "act"}],
    )
    actors = {"state": state, "rebels": actor({"w": {}}, "w")}
    run = sim.run(deal(actors=actors, deal={"captives": prisoners()}), seed=1)
    after = every_decision(run)[0]  # the first that is held: with one move left there is nothing to decide
    assert after.day == 42.0
    bound = run._bound
    world = epochs_until(run, 14).state
    assert why_not(world, bound, 0, 0) == "cooldown of 30 days: left 4 days before, open again in 26"


def test_an_actor_without_a_legal_move_goes_on() -> None:
    """If no guard holds, what stands goes on, and that is not called legal."""
    state = actor({"wait": {"when": "day > 500"}, "act": {"when": "talks"}}, "wait", review=WEEKLY, rule=FAIR)
    run = sim.run(deal(actors={"state": state, "rebels": actor({"w": {}}, "w")}), seed=1)
    assert run.decisions == ()  # there is nothing to decide
    world = epochs_until(run, 7).state
    assert why_not(world, run._bound, 0, 0) == "needs day > 500; day was 7"
    assert why_not(world, run._bound, 0, 1) == "needs talks >= 1; talks was 0"


def test_disputes_are_said() -> None:
    """A move blocked by a dispute names the group of captives that is disputed."""
    quarrel = {
        "dispute": {"opens_per_day": 1000.0, "if_uncounted_over": 1, "mean_days": 1e6},
        "counted_at_once": {"own": 0},
    }
    free = actor({"free": {"release": {"per_day": 10, "list": "own"}}}, "free")
    rebels = actor(
        {"calm": {"violence": "low", "blocked_by_dispute": True}, "fight": {"violence": "high"}},
        "calm",
        review=WEEKLY,
        rule=FAIR,
    )
    run = sim.run(
        deal(
            actors={"state": free, "rebels": rebels},
            deal={"captives": prisoners(**quarrel)},
            world=rebels_who_attack(1.0, 0.0, posture={"low": 0.1, "high": 1.0}),
        ),
        seed=1,
    )
    told = every_decision(run)[0]
    assert told.moves[0].why_not == "blocked by the open dispute over prisoners"


# --- rules and engines ---------------------------------------------------------------------------------------------
RULES: dict[str, dict[str, Any]] = {
    "argmax": {"response": "argmax"},
    "uniform": {"response": "uniform", "valuation": "none"},
    "scripted": {"response": "scripted", "valuation": "none"},
    "schedule_as_written": {"response": "schedule_as_written", "valuation": "none"},
    "reciprocal": {"response": "reciprocal", "valuation": "none"},
    "ewa": {"valuation": "ewa"},
    "fictitious_play": {"valuation": "fictitious_play"},
    "lookahead": {"valuation": "lookahead"},
}


@pytest.mark.parametrize("rule", list(RULES))
def test_every_rule_is_explained(rule: str) -> None:
    """Whatever the rule, each decision has a sentence that names the chosen move, and only logit has a precision."""
    scenario = sim.load("doha_2020/baseline").replace({"horizon_days": 40})
    changes = {f"actors.{name}.rule.{key}": v for name in scenario.actors for key, v in RULES[rule].items()}
    for decision in every_decision(sim.run(scenario.replace(changes), seed=3)):
        assert decision.chosen_label.lower() in decision.why.lower()
        assert decision.rule
        assert math.isnan(decision.precision_range) == ("response" in RULES[rule])


@pytest.mark.parametrize("name", builtin_names())
def test_text_and_pages_of_every_scenario(name: str) -> None:
    """Text keeps to its width and names each actor that decided; HTML and JSON hold the same facts."""
    scenario = sim.load(name)
    run = sim.run(scenario.replace({"horizon_days": min(60, scenario.horizon_days)}), seed=5)
    for day in {int(d.day) for d in run.decisions[:4]}:
        told = run.explain(day)
        text, page = str(told), told._repr_html_()
        assert repr(told) == told.brief()
        assert all(len(line) <= WIDTH for line in text.splitlines())
        assert all(len(line) <= 80 for line in told.brief().splitlines())
        for decision in told.decisions:
            assert decision.label in text
            assert escape(decision.chosen_label) in page
        again = json.loads(json_text(told.to_dict()))
        assert [d["chosen"] for d in again["decisions"]] == [d.chosen for d in told.decisions]


def test_bars_are_the_terms_that_tipped_a_decision() -> None:
    """A bar's number is its term's; those shown and those left out add up to the difference of the two values."""
    seen = 0
    for decision in explained():
        bars = term_bars(decision)
        values = {move.move: move.value for move in decision.moves}
        if not bars:
            continue
        seen += 1
        named = [bar for bar in bars if bar.share > 0.0]
        assert len(named) <= 3
        assert [bar.difference for bar in named] == [term.difference for term in decision.tipped_by[: len(named)]]
        assert max(bar.share for bar in bars) == 1.0
        gap = values[decision.chosen] - values[decision.other]
        assert sum(bar.difference for bar in bars) == pytest.approx(gap, abs=1e-3)
        assert all(
            bar.favours == (decision.chosen_label if bar.difference > 0 else decision.other_label) for bar in bars
        )
        told = baseline().explain(decision.date).brief()
        for bar in named:
            assert f"{bar.difference:+.4f}" in told
    assert seen > 3


def test_many_moves_are_shown_in_blocks() -> None:
    """A table that is too wide goes on below, with the rows named again."""
    moves = {f"a_rather_long_name_of_a_move_{i}": {"release": {"per_day": i + 1, "list": "own"}} for i in range(6)}
    state = actor(moves, next(iter(moves)), review=WEEKLY, rule=FAIR)
    actors = {"state": state, "rebels": actor({"w": {}}, "w")}
    run = sim.run(deal(actors=actors, deal={"captives": prisoners()}), seed=1)
    text = str(run.explain(7))
    assert text.count("probability   ") > 1
    assert all(move.replace("_", " ") in text for move in moves)
    assert all(len(line) <= WIDTH for line in text.splitlines())


def test_names_are_escaped_on_pages() -> None:
    """A label from a stranger's file cannot put markup on a page."""
    state = actor({"wait": {}, "act": FREE}, "wait", review=WEEKLY, rule=FAIR, label="<b>State</b>")
    actors = {"state": state, "rebels": actor({"w": {}}, "w")}
    run = sim.run(deal(actors=actors, deal={"captives": prisoners()}, title="<script>"), seed=1)
    page = run.explain(7)._repr_html_()
    assert "<script>" not in page
    assert "&lt;b&gt;State" in page


def test_untraced_runs_are_explained_alike() -> None:
    """The log need not have been kept."""
    scenario = baseline().scenario
    assert sim.run(scenario, seed=7, trace=False).explain("2020-03-10") == baseline().explain("2020-03-10")


def test_a_fork_explains_its_past_as_its_parent_does() -> None:
    """Before the date the explanation is the parent's, after it the fork's own."""
    fork = baseline().fork(60, {"actors.government.rule.lam_per_util": 1.0})
    assert fork.explain(40) == baseline().explain(40)
    after = fork.explain(next(d.day for d in fork.decisions if d.actor == "government" and d.day >= 60))
    assert {d.precision for d in after.decisions if d.actor == "government"} == {1.0}
    assert fork.fork(90).explain(75) == fork.explain(75)


def test_replications_are_explained_too() -> None:
    """The explanation is of that run's luck."""
    run = sim.run(baseline().scenario.replace({"horizon_days": 25}), seed=7, replication=3)
    luck = [[str(m.luck) for m in d.moves] for d in run.decisions]
    assert [[str(m.luck) for m in d.moves] for d in every_decision(run)] == luck


@pytest.mark.parametrize("date", ["2020-02-28", "2021-01-01", "soon", None])
def test_dates_outside_the_run_are_refused(date: Any) -> None:
    """The message says first and last date, and which decisions are near."""
    with pytest.raises(UsageError, match="expected a date") as error:
        baseline().explain(date)
    if date and date[0] == "2":
        assert "2020-02-29 (day 0)" in str(error.value)
        assert "nearest decisions were taken on 2020-" in str(error.value)
