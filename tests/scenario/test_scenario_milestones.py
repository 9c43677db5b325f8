"""Milestones: a condition with a label, or a condition alone, and where what is wrong with one stands."""

import pytest

import sim
from sim.errors import ScenarioError

TOY = sim.load("toys/two_actors")
CONDITION = "persons_freed(prisoners) >= 500"


def test_a_condition_alone_is_a_milestone_without_a_label():
    """The short form means the long one: the scenarios are equal, and so is what they write out."""
    short = TOY.replace({"milestones": {"most_home": CONDITION}})
    long = TOY.replace({"milestones": {"most_home": {"when": CONDITION}}})
    assert short.sha256 == long.sha256
    assert short.to_dict()["milestones"] == {"most_home": {"when": CONDITION}}
    assert sim.Scenario.from_dict(short.to_dict()).milestones["most_home"].label is None


def test_a_label_is_kept_and_tells_scenarios_apart():
    """What a milestone is called is part of the scenario."""
    labelled = TOY.replace({"milestones": {"most_home": {"when": CONDITION, "label": "most are home"}}})
    assert labelled.milestones["most_home"].label == "most are home"
    assert str(labelled.milestones["most_home"].when) == CONDITION
    assert labelled.sha256 != TOY.replace({"milestones": {"most_home": CONDITION}}).sha256


def test_stories_call_a_milestone_by_its_label():
    """What a run tells of a milestone is its label, and its name where it has none."""
    milestones = {"first_out": {"when": "persons_freed >= 1", "label": "the first is home"}, "second_day": "day >= 2"}
    story = [text for _, text in sim.run(TOY.replace({"milestones": milestones}), seed=1).story()]
    assert "milestone reached: the first is home" in story
    assert "milestone reached: second day" in story


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("  home: freed(prisners) >= 1", "4:9: milestones.home: found 'prisners' in freed(prisners)"),
        ("  home: {when: freed(prisners) >= 1}", "4:16: milestones.home.when: found 'prisners' in freed(prisners)"),
        ("  home: freed >> 1", "4:16: milestones.home: found '>', expected a number or a feature"),
        ("  home: {label: all home}", "4:3: milestones.home.when: found no key 'when'"),
        ("  home: {when: day > 1, labl: x}", "milestones.home.labl: found the unknown key 'labl'"),
    ],
)
def test_what_is_wrong_is_shown_where_it_stands(tmp_path, entry, problem):
    """A problem has the line and column of the character, in the short form and in the long one."""
    path = tmp_path / "deal.yaml"
    path.write_text(f"# a deal\nextends: toys/two_actors\nmilestones:\n{entry}\n")
    with pytest.raises(ScenarioError) as caught:
        sim.load(path)
    assert problem in str(caught.value)
