"""Feature references: names of the catalogue, with as many arguments as they take."""

import pytest

from sim.scenario.catalogue import FEATURES
from sim.scenario.feature_reference import FeatureRef, GrammarError, nearest, parse_feature


@pytest.mark.parametrize("feature", FEATURES, ids=lambda f: f.name)
def test_every_feature_of_the_catalogue(feature):
    """Each feature reads with its arguments, prints as it was read, and without arguments exactly if they may go."""
    full = FeatureRef(feature.name, tuple(f"e{i}" for i, _ in enumerate(feature.entities)))
    assert parse_feature(str(full)) == full
    assert full.feature is feature
    if feature.optional or not feature.entities:
        assert parse_feature(feature.name) == FeatureRef(feature.name)
    else:
        with pytest.raises(GrammarError, match="0 arguments"):
            parse_feature(feature.name)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("atacks", "Did you mean 'attacks'?"),
        ("counted(a, b)", "2 arguments"),
        ("counted(a", "a feature"),
        ("counted(1a)", "names separated by commas"),
        ("counted(a,)", "names separated by commas"),
        ("talks(x)", "talks without arguments"),
        ("x" * 1000, "at most 200"),
        ("", "a feature"),
    ],
)
def test_refusals(text, words):
    """What is no reference is refused in words that say what was expected."""
    with pytest.raises(GrammarError) as caught:
        parse_feature(text)
    assert words in str(caught.value)


def test_a_reference_passes_through():
    """A reference that was read already is returned as it is."""
    reference = FeatureRef("talks")
    assert parse_feature(reference) is reference


def test_nearest_takes_long_words():
    """A word of a million letters gets no suggestion, and gets it at once."""
    assert nearest("x" * 1_000_000, ["attacks"]) == ""
