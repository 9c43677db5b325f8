"""A session: its answers are those of ``sim.compare``, and nothing but numbers is taken."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

import sim
from sim.explorer.session import NewestWins, Session, SupersededError
from sim.page.finding import finding
from sim.page.outcome_bars import bars_of

TOY = sim.load("toys/two_actors")
CASES = ["doha_2020/baseline", "northern_ireland_1998/baseline", "colombia_2016/baseline", "toys/captive_exchange"]
NAMES = ["the deal as written", "your deal"]


@pytest.fixture(scope="module")
def session() -> Session:
    """Explore the toy."""
    return Session(TOY, "toys/two_actors", seed=7, full_runs=120)


def values_of(session: Session, **moved: float) -> list[float]:
    """Return where the sliders stand, some moved."""
    return [moved.get(slider.name, float(slider.value)) for slider in session.sliders]


def test_sentence_and_bars_are_what_compare_says(session: Session) -> None:
    """For the same numbers, runs and seed: every share, interval and difference, and the sentences in full."""
    values = values_of(session, pace=40, recognised=0.5)
    answer = session.ask("answer", {"values": values, "runs": 60, "panel": 0})
    changed = TOY.replace(
        {"actors.state.moves.free.release.per_day": 40, "deal.captives.prisoners.counted_at_once.own": 0.5}
    )
    compared = sim.compare([TOY, changed], runs=60, seed=7, names=NAMES, baselines=False)
    shares, differences = compared.shares, compared.differences
    assert {bar["name"] for bar in answer["bars"]} == set(shares.loc["your deal"].index)
    for bar in answer["bars"]:
        for key, name in (("yours", "your deal"), ("written", "the deal as written")):
            row = shares.loc[(name, bar["name"])]
            assert (bar[key]["share"], bar[key]["low"], bar[key]["high"]) == (row.share, row.low, row.high)
        row = differences.loc[("your deal", bar["name"])]
        assert (bar["difference"], bar["low"], bar["high"]) == (row.difference, row.low, row.high)
    assert answer["finding"] == finding(bars_of(compared), (), 60, changed=True)
    assert session.ask("full", {"values": values, "runs": 60})["sentences"][:2] == list(compared.summary[:2])


def test_an_answer_that_grew_is_the_answer_of_that_many_runs(session: Session) -> None:
    """A hundred worlds first and more later are the same worlds as all at once."""
    values = values_of(session, pace=55)
    session.ask("answer", {"values": values, "runs": 20, "panel": 0})
    grown = session.ask("answer", {"values": values, "runs": 120, "panel": 0})
    at_once = Session(TOY, "toys/two_actors", seed=7).ask("answer", {"values": values, "runs": 120, "panel": 0})
    assert grown == at_once


def test_the_fan_is_that_of_the_batch(session: Session) -> None:
    """Quantiles of the days shown are those of `Batch.bands`."""
    answer = session.ask("answer", {"values": values_of(session), "runs": 50, "panel": 0})
    series = session.ask("opening", {})["panels"][0]["series"]
    bands = sim.replicate(TOY, 50, seed=7).bands(series).loc[series].set_index("day")
    for place, probability in enumerate(answer["fan"]["probabilities"]):
        shown = answer["fan"]["yours"][place]
        assert shown == pytest.approx(bands.loc[answer["fan"]["days"], f"q{probability:g}"].tolist(), abs=1e-6)


@pytest.mark.parametrize("name", CASES)
def test_every_case_can_be_explored(name: str) -> None:
    """Each slider at an end makes a scenario, and every question has an answer that JSON can hold."""
    session = Session(sim.load(name), name, seed=3, full_runs=8)
    opening = session.ask("opening", {})
    assert opening["card"]["rows"]
    assert opening["panels"]
    for ends in ([s.low for s in session.sliders], [s.high for s in session.sliders]):
        for panel in range(len(opening["panels"])):
            answer = session.ask("answer", {"values": ends, "runs": 4, "panel": panel})
            json.dumps(answer, allow_nan=False)
        world = session.ask("world", {"values": ends, "world": 2})
        assert world["actors"]
        assert world["turning_points"][-1]["day"] <= opening["horizon"]
        json.dumps(world, allow_nan=False)


def test_a_world_is_the_run_of_that_number_and_its_reasons_are_those_of_explain(session: Session) -> None:
    """Turning points and reasons are the run's own words."""
    values = values_of(session, pace=40)
    run = sim.run(TOY.replace({"actors.state.moves.free.release.per_day": 40}), seed=7, replication=5)
    world = session.ask("world", {"values": values, "world": 5})
    assert [(p["date"], p["text"]) for p in world["turning_points"]] == [(str(d), t) for d, t in run.turning_points()]
    day = int(run.decisions[3].day)
    why = session.ask("why", {"values": values, "world": 5, "day": day})
    told = run.explain(day)
    assert [d["why"] for d in why["decisions"]] == [d.why for d in told.decisions]
    shown = why["decisions"][0]["tipped_by"]
    assert sum(t["difference"] for t in shown) == pytest.approx(sum(t.difference for t in told.decisions[0].tipped_by))


def test_a_fork_is_the_fork_of_the_run(session: Session) -> None:
    """The same past, another move on the date, and the sentence says how both end."""
    values = values_of(session)
    run = sim.run(TOY, seed=7, replication=1)
    decision = next(d for d in run.decisions if d.actor == "state" and d.chosen == "wait")
    day = int(decision.day)
    two = session.ask("fork", {"values": values, "world": 1, "fork": [day, 0, 1]})
    fork = run.fork(day, moves={"state": "free"})
    assert [p["text"] for p in two["fork"]["turning_points"]] == [text for _, text in fork.turning_points()]
    assert two["day"] == day
    assert two["fork"]["ended"].startswith(TOY.outcome_labels[fork.outcome["outcome"]])
    assert two["fork"]["ended"] in two["sentence"]


@pytest.mark.parametrize(
    ("kind", "numbers", "message"),
    [
        ("answer", {"values": "1", "runs": 9, "panel": 0}, "values: expected a list of 4 numbers"),
        ("answer", {"values": [1, 2, 3, "4"], "runs": 9, "panel": 0}, "values: expected a list of 4 numbers"),
        ("answer", {"values": [10, 0.8, 0.2, True], "runs": 9, "panel": 0}, "values: expected a list of 4 numbers"),
        ("answer", {"values": [10, 0.8, 0.2, 10**400], "runs": 9, "panel": 0}, "values: expected a list of 4 numbers"),
        ("answer", {"values": [10, 0.8, 0.2, 1], "runs": 121, "panel": 0}, "runs: found 121, expected a whole number"),
        ("answer", {"values": [10, 0.8, 0.2, 1], "runs": 9, "panel": 99}, "panel: found 99, expected"),
        ("answer", {"values": [10, 0.8, 0.2, 1], "runs": "9", "panel": 0}, "runs: found str, expected"),
        ("answer", {}, "values: expected"),
        ("world", {"values": [10, 0.8, 0.2, 1], "world": 20}, "world: found 20, expected"),
        ("why", {"values": [10, 0.8, 0.2, 1], "world": 0, "day": 10**6}, "day: found 1000000, expected"),
        ("fork", {"values": [10, 0.8, 0.2, 1], "world": 0, "fork": [1, 9, 0]}, "fork: actor: found 9, expected"),
        ("fork", {"values": [10, 0.8, 0.2, 1], "world": 0, "fork": [1, 0, -1]}, "fork: move: found -1, expected"),
        ("fork", {"values": [10, 0.8, 0.2, 1], "world": 0, "fork": ["a", 0, 0]}, "fork: expected three numbers"),
        ("delete", {}, "question: found 'delete', expected one of opening, answer"),
    ],
)
def test_wrong_questions_are_refused(session: Session, kind: str, numbers: dict[str, Any], message: str) -> None:
    """Nothing but numbers within their bounds is taken."""
    with pytest.raises(sim.SimError, match=message.replace("[", r"\[")):
        session.ask(kind, numbers)


def test_numbers_that_make_no_scenario_are_told_and_the_session_goes_on() -> None:
    """Two sliders may be at odds with one another; the reader is told why, and moves on."""
    paths = {"held": "deal.captives.prisoners.held", "promised": "deal.captives.prisoners.promised"}
    block = {n: {"label": n, "path": p, "range": [600, 900] if n == "held" else [1, 600]} for n, p in paths.items()}
    block["promised"]["range"] = [1, 900]
    scenario = sim.Scenario.from_dict(TOY.to_dict() | {"explore": block})
    session = Session(scenario, "mine.yaml", full_runs=20)
    with pytest.raises(sim.SimError, match="at most the 600 held"):
        session.ask("answer", {"values": [600, 900], "runs": 10, "panel": 0})
    assert session.ask("answer", {"values": [900, 600], "runs": 10, "panel": 0})["runs"] == 10


def test_a_scenario_without_sliders_says_how_to_write_some() -> None:
    """With a line that can be copied."""
    with pytest.raises(sim.SimError, match="found no sliders, expected some in its file"):
        Session(TOY.replace({"explore": None}), "toys/two_actors")


def test_the_newest_question_wins() -> None:
    """Whoever waits when a newer question comes is turned away, and so is work that nobody waits for."""
    door = NewestWins()
    inside, newer = threading.Event(), threading.Event()
    ends: list[str] = []

    def first() -> None:
        with pytest.raises(SupersededError), door.turn() as still_wanted:  # noqa: PT012
            inside.set()
            newer.wait(10)
            still_wanted()
        ends.append("first given up")

    def second() -> None:
        with door.turn() as still_wanted:
            still_wanted()
            ends.append("second answered")

    one, two = threading.Thread(target=first), threading.Thread(target=second)
    one.start()
    assert inside.wait(10)
    two.start()
    while door._newest < 2:
        pass
    newer.set()
    one.join(10)
    two.join(10)
    assert ends == ["first given up", "second answered"]


def test_a_batch_that_is_given_up_leaves_no_trace() -> None:
    """Asked again, the deal is run from the beginning and answers as if nothing had been."""
    from sim.page.growing_batch import GrowingBatch

    grown = GrowingBatch(TOY, 7, ["talks"])

    def never() -> None:
        raise SupersededError

    with pytest.raises(SupersededError):
        grown.first(100, never)
    assert grown.first(40).digest == sim.replicate(TOY, 40, seed=7).digest
