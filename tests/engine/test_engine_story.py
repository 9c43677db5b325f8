"""Turning points of a run: what is told of it, and how it shows itself in a notebook."""

import pytest

import sim


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
    assert seen.count("<tr>") == len(world.turning_points())
    assert folded.count("<tr>") == len(world.story())
