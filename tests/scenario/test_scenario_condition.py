"""The grammar of conditions: what it means, that its text is canonical, and what it refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.catalogue import FEATURES
from sim.scenario.condition import And, Compare, Not, Or, features_in, parse_condition
from sim.scenario.feature_reference import FeatureRef, GrammarError

DAY, TALKS = FeatureRef("day"), FeatureRef("talks")


@st.composite
def references(draw):
    """Any feature of the catalogue, with arguments where it needs or allows them."""
    feature = draw(st.sampled_from(FEATURES))
    if feature.optional and draw(st.booleans()):
        return FeatureRef(feature.name)
    words = st.sampled_from(["a", "_b", "C3", "north_group", "talks", "order", "nothing"])
    return FeatureRef(feature.name, tuple(draw(words) for _ in feature.entities))


def comparisons():
    """Any comparison with a finite number."""
    numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
    return st.builds(Compare, references(), st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), numbers)


def conditions():
    """Any tree of moderate size."""
    joint = lambda inner: st.lists(inner, min_size=2, max_size=3).map(tuple)  # noqa: E731
    return st.recursive(
        comparisons(),
        lambda inner: st.one_of(inner.map(Not), joint(inner).map(And), joint(inner).map(Or)),
        max_leaves=6,
    )


@given(conditions())
def test_text_of_a_tree_reads_back(tree):
    """Reading the text of a tree gives the same tree, whatever the nesting."""
    text = str(tree)
    if len(text) <= 500:
        assert parse_condition(text) == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("day > 135", Compare(DAY, ">", 135.0)),
        ("talks", Compare(TALKS, ">=", 1.0)),
        ("not talks", Not(Compare(TALKS, ">=", 1.0))),
        (
            "day>1 and talks or day<-.5",
            Or((And((Compare(DAY, ">", 1.0), Compare(TALKS, ">=", 1.0))), Compare(DAY, "<", -0.5))),
        ),
        (
            "day>1 and (talks or day != 2e1)",
            And((Compare(DAY, ">", 1.0), Or((Compare(TALKS, ">=", 1.0), Compare(DAY, "!=", 20.0))))),
        ),
        (
            "reputation_index( us , taliban ) < -0.5",
            Compare(FeatureRef("reputation_index", ("us", "taliban")), "<", -0.5),
        ),
    ],
)
def test_meaning(text, tree):
    """And binds tighter than or, not tighter than both, and an indicator alone means at least 1."""
    assert parse_condition(text) == tree


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("", 0, "the end of the condition"),
        ("day >", 5, "a number"),
        ("day = 3", 4, "write =="),
        ("dya > 3", 0, "Did you mean 'day'?"),
        ("day > 3 nad talks", 8, "and, or or the end"),
        ("day > talks", 6, "a number"),
        ("day > 3 and", 11, "the end of the condition"),
        ("(day > 3", 8, "')'"),
        ("day > 3)", 7, "')'"),
        ("day(us) > 3", 0, "day without arguments"),
        ("counted(a, b) > 3", 0, "counted(group)"),
        ("strength > 3", 0, "strength(force)"),
        ("reputation_index(us) > 3", 0, "reputation_index(actor, actor)"),
        ("counted() > 3", 8, "a name"),
        ("day", 3, "a comparison"),
        ("3 < day", 0, "a feature"),
        ("day > 1e999", 6, "a finite number"),
        ("day > 3 and __import__('os')", 23, '"\'"'),
        ("day > 3; talks", 7, "';'"),
        ("and > 3", 0, "a feature"),
        ("day > ٣", 6, "'٣'"),
    ],
)
def test_refusals(text, offset, words):
    """What is no condition is refused at its first wrong character, in words that say what was expected."""
    with pytest.raises(GrammarError) as caught:
        parse_condition(text)
    assert caught.value.offset == offset
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + "talks" + ")" * 200,
        "not " * 100 + "talks",
        "talks and " * 40 + "talks",
        "talks or " * 5000 + "talks",
    ],
)
def test_bounds(text):
    """Depth, number of comparisons and length are bounded."""
    with pytest.raises(GrammarError, match="at most"):
        parse_condition(text)


def test_places_of_features():
    """Each feature of a condition is found where it is written."""
    text = "day > 3 and not counted(a) >= 1"
    assert [(at, str(ref)) for at, ref in features_in(text)] == [(0, "day"), (16, "counted(a)")]
