"""One thing has one name: labels of a file are what columns, terms, stories and figures call it."""

from __future__ import annotations

import pytest

import sim
from sim.engine.term_labels import term_words
from sim.experiments.measures import measures_of
from sim.plots.trajectory_panels import panels_of
from sim.scenario.catalogue import FEATURE_BY_NAME
from sim.scenario.feature_reference import FeatureRef
from sim.scenario.words import FEATURE_WORDS, Words, words_of

LABELS = {
    "deal.captives.prisoners.label": "men of the east",
    "deal.captives.prisoners.unit": "families",
    "world.armed_forces.fighters.label": "Eastern Guard",
    "actors.rebels.moves.hold_fire.label": "keep the truce",
    "deal.outcomes.settlement.label": "peace signed",
}


@pytest.fixture(scope="module")
def labelled() -> sim.Scenario:
    """Return a toy in which whatever can have a label has one."""
    return sim.load("toys/two_actors").replace(LABELS)


def test_every_feature_has_words() -> None:
    """Each feature of the catalogue is said with as many entities as it takes, and alone where it may be."""
    assert FEATURE_WORDS.keys() == FEATURE_BY_NAME.keys()
    for name, feature in FEATURE_BY_NAME.items():
        with_entities, alone = FEATURE_WORDS[name]
        assert with_entities.count("{}") == len(feature.entities)
        assert bool(alone) == (feature.optional or not feature.entities)


def test_what_has_no_label_is_called_by_its_name() -> None:
    """Underscores are spaces; a name that the scenario lacks is said too."""
    words = Words(sim.load("toys/five_actors"))
    assert words.move("north", "hold_fire_and_disarm") == "hold fire and disarm"
    assert words.of("force", "northern_fighters") == "northern fighters"
    assert words.of("office", "a_second_one") == "a second one"
    assert words.feature("no feature at all") == "no feature at all"


def test_labels_reach_features_terms_and_columns(labelled: sim.Scenario) -> None:
    """The words of an entity are those of every feature, term and column about it, the unit too."""
    words, measures = words_of(labelled), measures_of(labelled)
    assert words.feature(FeatureRef("attacks", ("fighters",))) == "attacks by Eastern Guard"
    assert term_words("beyond_window.counted(prisoners)", labelled) == "at the end: men of the east counted as freed"
    assert term_words("at_outcome.settlement", labelled) == "prospect of peace signed"
    assert (measures["freed_prisoners"].label, measures["freed_prisoners"].unit) == (
        "men of the east freed",
        "families",
    )
    assert measures["settlement"].label == "peace signed"


def test_labels_reach_stories_explanations_and_panels(labelled: sim.Scenario) -> None:
    """No line of a run has a key of what has a label, and its world is that without labels."""
    run = sim.run(labelled, seed=7)
    told = "\n".join(text for _, text in run.story())
    assert "families of the men of the east are freed" in told
    assert "keep the truce" in told
    assert "hold fire" not in told
    assert "hold fire" not in "\n".join(str(run.explain(d.date)) for d in run.decisions[:4])
    panels = panels_of(labelled, [f"persons_freed({name})" for name in labelled.deal.captives])
    assert [(panel.title, panel.unit) for panel in panels] == [("Men of the east freed by State", "families")]
    plain = sim.run(sim.load("toys/two_actors"), seed=7)
    assert str(run.outcome) == str(plain.outcome)
