"""Turning points of a run: what is told of it, and how it shows itself in a notebook."""

import datetime as dt
import re

import pytest

import sim
from sim.engine.run import MOST_SHOWN
from sim.engine.story import BATCH_DAYS, NOTHING_DECIDED
from sim.scenario.words import words_of


@pytest.fixture(scope="module", params=[3, 7])
def world(request):
    """Return a run of the Doha baseline."""
    return sim.run(sim.load("doha_2020/baseline"), seed=request.param)


def test_turning_points_are_some_of_the_story_in_its_order(world):
    """They are a small part of the story in the same order, and end with the outcome."""
    story, told = world.story(), world.turning_points()
    rest = iter(story)
    assert all(event in rest for event in told)
    assert told[-1] == story[-1]
    assert told[-1][1].startswith("outcome: ")
    assert len(told) < 30 < len(story)


def test_the_first_of_each_milestone_and_the_opening_of_talks_are_there(world):
    """Every milestone that the run reached is told, and so is the first opening of talks."""
    texts = [text for _, text in world.turning_points()]
    milestones = {text for _, text in world.story() if text.startswith("milestone reached")}
    assert milestones <= set(texts)
    openings = [event for event in world.story() if event[1] == "talks open"]
    assert openings[:1] == [event for event in world.turning_points() if event[1] == "talks open"][:1]


def test_the_moves_that_stood_at_the_end_are_there(world):
    """The last turn of every actor is told: its move stood when the run ended."""
    told = set(world.turning_points())
    for actor in world.scenario.actors.values():
        turns = [event for event in world.story() if event[1].startswith(f"{actor.label} turns from ")]
        assert not turns or turns[-1] in told


def test_a_notebook_folds_the_rest(world):
    """In a notebook turning points come first, and every event of the story is in a part that is folded."""
    seen, folded = world._repr_html_().split("<details>")
    assert seen.count("<tr>") == min(len(world.turning_points()), MOST_SHOWN)
    assert folded.count("<tr>") == len(world.story())


@pytest.fixture(scope="module", params=["doha_2020/baseline", "colombia_2016/baseline", "toys/captive_exchange"])
def any_world(request):
    """Return a run of a scenario with captives or stocks."""
    return sim.run(sim.load(request.param), seed=7)


def amounts(world, kind, entity):
    """Return what the log and the story say in all of a group or a stock."""
    table = world.event_table
    rows = zip(table["kind"], table["entity"], table["value"], strict=True)
    logged = sum(value for event, of, value in rows if (event, of) == (kind, entity))
    word = words_of(world.scenario).of("programme", entity)
    freed = rf"of the {re.escape(word)} (?:is|are) freed"
    pattern = rf"(?:{re.escape(word)}: )?(?:first )?([\d,.e-]+) .*(?:{freed}|handed over)"
    told = [re.match(pattern, text) for _, text in world.story() if word in text]
    return logged, sum(float(found[1].replace(",", "")) for found in told if found)


def test_batches_add_up_to_all_that_was_let_go(any_world):
    """What the batches of a group or a stock say is, in all, what the log holds."""
    deal = any_world.scenario.deal
    for kind, names in (("release", deal.captives), ("handed_over", deal.stocks)):
        for name in names:
            logged, told = amounts(any_world, kind, name)
            assert told == pytest.approx(logged, rel=1e-4, abs=0.5)


def test_batches_are_four_weeks_long_at_most_and_a_week_apart(any_world):
    """A batch begins on its line's date and ends on the date that the line says, before the next of its group."""
    for name in any_world.scenario.deal.captives:
        word = words_of(any_world.scenario).of("group", name)
        lines = [(d, t) for d, t in any_world.story() if f"of the {word} " in t and " freed" in t]
        for (begun, text), following in zip(lines, [*lines[1:], None], strict=True):
            until = re.search(r"until (\d{4}-\d\d-\d\d)", text)
            last = dt.date.fromisoformat(until[1]) if until else begun
            assert (last - begun).days < BATCH_DAYS
            assert following is None or following[0] > last


def test_an_actor_turns_once_a_day(any_world):
    """Two turns on one date are told as one, by way of the move between."""
    labels = [words_of(any_world.scenario).actor(name) for name in any_world.scenario.actors]
    story = any_world.story()
    turns = [(date, label) for date, text in story for label in labels if text.startswith(f"{label} turns ")]
    assert len(turns) == len(set(turns))


def test_events_of_the_scenario_are_told_in_its_words():
    """The text of the file stands in the story, of an alternative too."""
    world = sim.run(sim.load("colombia_2016/baseline"), seed=7)
    told = [text for _, text in world.story()]
    assert "the plebiscite on the agreement" in told
    assert any(text.startswith("the plebiscite says ") for text in told)


def test_mass_casualty_attacks_say_their_deaths():
    """Where the log has no deaths of the attack, those of the day in all attacks of its force stand for them."""
    world = sim.run(sim.load("doha_2020/baseline"), seed=7)
    series = world.series
    told = [(d, t) for d, t in world.story() if t.startswith("mass-casualty attack by Taliban fighters")]
    assert told
    for date, text in told:
        deaths = series["daily_deaths(taliban_fighters, cities)"][str(date)]
        assert f"({deaths:.0f} death{'' if deaths == 1 else 's'} in all its attacks of the day)" in text


def test_brief_leaves_out_turns_that_decided_nothing(world):
    """Turns between moves of equal value are gone, all else is there, and each turn goes on from the one before."""
    story, brief = world.story(), world.story(brief=True)
    others = [event for event in story if " turns " not in event[1]]
    assert [event for event in brief if " turns " not in event[1]] == others
    assert len(brief) <= len(story)  # moves that do the same are one choice, so there is seldom any such turn
    labels = {actor.label: key for key, actor in world.scenario.actors.items()}
    valued = {
        (d.date, d.actor): [
            abs(one.value - two.value - one.terms.get("inertia", 0.0) + two.terms.get("inertia", 0.0))
            for one in d.moves
            for two in d.moves
            if one.move == d.chosen and two.move == d.before and one.legal and two.legal
        ]
        for d in world.decisions
        if d.chosen != d.before
    }
    for date, text in brief:
        who = next((label for label in labels if text.startswith(f"{label} turns ")), None)
        if who and (date, labels[who]) in valued:
            differences = valued[date, labels[who]]
            assert not differences or differences[0] >= NOTHING_DECIDED or "by way of" in text


def test_brief_goes_on_from_the_move_told_last():
    """Whoever follows the turns of an actor meets no move that it was not told to have."""
    scenario = sim.load("doha_2020/baseline")
    words = words_of(scenario)
    world = sim.run(scenario, seed=7)
    for name, actor in scenario.actors.items():
        standing = words.move(name, actor.opening_move)
        for _, text in world.story(brief=True):
            if text.startswith(f"{words.actor(name)} turns from "):
                assert text.startswith(f"{words.actor(name)} turns from {standing} ")
            if text.startswith(f"{words.actor(name)} turns "):
                standing = text.rpartition(" to ")[2]
