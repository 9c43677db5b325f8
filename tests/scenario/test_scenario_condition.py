"""The grammar of conditions: what it means, that its text is canonical, and what it refuses."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.scenario.catalogue import FEATURES
from sim.scenario.condition import And, Compare, CompareDate, Not, Or, Sum, Term
from sim.scenario.condition_grammar import MAX_FEATURES, dates_in, features_in, parse_condition
from sim.scenario.feature_reference import FeatureRef, GrammarError

DAY, TALKS = FeatureRef("day"), FeatureRef("talks")
FREED_A, FREED_B = FeatureRef("persons_freed", ("a",)), FeatureRef("persons_freed", ("b",))
OPERATORS = ["<", "<=", ">", ">=", "==", "!="]


def against(feature, op, number):
    """Return the comparison of a feature with a number."""
    return Compare(Sum((Term(1.0, feature),)), op, Sum((Term(number),)))


@st.composite
def references(draw):
    """Any feature of the catalogue, with arguments where it needs or allows them."""
    feature = draw(st.sampled_from(FEATURES))
    if feature.optional and draw(st.booleans()):
        return FeatureRef(feature.name)
    words = st.sampled_from(["a", "_b", "C3", "north_group", "talks", "order", "nothing"])
    return FeatureRef(feature.name, tuple(draw(words) for _ in feature.entities))


def sums():
    """Any sum of up to three features and numbers."""
    numbers = st.one_of(
        st.sampled_from([1.0, -1.0, 0.0, 2.0]), st.floats(allow_nan=False, allow_infinity=False, width=32)
    )
    terms = st.builds(Term, numbers, st.one_of(st.none(), references()))
    return st.lists(terms, min_size=1, max_size=3).map(lambda some: Sum(tuple(some)))


def comparisons():
    """Any comparison of features with finite numbers, with one another, and of dates."""
    numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)
    operators = st.sampled_from(OPERATORS)
    linear = st.builds(Compare, sums(), operators, sums()).filter(lambda c: c.left.features or c.right.features)
    return st.one_of(
        st.builds(against, references(), operators, numbers),
        linear,
        st.builds(CompareDate, operators, st.dates(dt.date(1000, 1, 1))),
    )


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
        assert str(parse_condition(text)) == text


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("day > 135", against(DAY, ">", 135.0)),
        ("talks", against(TALKS, ">=", 1.0)),
        ("not talks", Not(against(TALKS, ">=", 1.0))),
        (
            "day>1 and talks or day<-.5",
            Or((And((against(DAY, ">", 1.0), against(TALKS, ">=", 1.0))), against(DAY, "<", -0.5))),
        ),
        (
            "day>1 and (talks or day != 2e1)",
            And((against(DAY, ">", 1.0), Or((against(TALKS, ">=", 1.0), against(DAY, "!=", 20.0))))),
        ),
        (
            "reputation_index( us , taliban ) < -0.5",
            against(FeatureRef("reputation_index", ("us", "taliban")), "<", -0.5),
        ),
        (
            "persons_freed(a)>=2*persons_freed(b)+10",
            Compare(Sum((Term(1.0, FREED_A),)), ">=", Sum((Term(2.0, FREED_B), Term(10.0)))),
        ),
        (
            "-persons_freed(a)*2 - -3 < 2 * day * -.5",
            Compare(Sum((Term(-2.0, FREED_A), Term(3.0))), "<", Sum((Term(-1.0, DAY),))),
        ),
        ("day-100 < 2*3", Compare(Sum((Term(1.0, DAY), Term(-100.0))), "<", Sum((Term(6.0),)))),
        ("3 < day", Compare(Sum((Term(3.0),)), "<", Sum((Term(1.0, DAY),)))),
        ("date>=2017-03-01", CompareDate(">=", dt.date(2017, 3, 1))),
        ("not date != 2020-02-29", Not(CompareDate("!=", dt.date(2020, 2, 29)))),
    ],
)
def test_meaning(text, tree):
    """And binds tighter than or, not tighter than both, products tighter than sums; an indicator alone means >= 1."""
    assert parse_condition(text) == tree


@pytest.mark.parametrize(
    ("text", "offset", "words"),
    [
        ("", 0, "the end of the condition"),
        ("day >", 5, "a number"),
        ("day = 3", 4, "write =="),
        ("dya > 3", 0, "Did you mean 'day'?"),
        ("day > 3 nad talks", 8, "and, or or the end"),
        ("day => 95", 4, "found '=>', "),
        ("day => 95", 4, "Did you mean '>='?"),
        ("day =< 95", 4, "Did you mean '<='?"),
        ("day <> 95", 4, "Did you mean '!='?"),
        ("talks && day > 3", 6, "Write and."),
        ("day / 2 > 3", 4, "multiply by a number"),
        ("date", 4, "a comparison of date, such as >= 2020-02-29"),
        ("date >= 95", 8, "a date, such as 2020-02-29. day counts days since the start."),
        ("date >= 2017-3-1", 8, "a date, such as 2020-02-29"),
        ("date >= 01.03.2017", 8, "a date, such as 2020-02-29"),
        ("date >= 2017-02-29", 8, "a date of the calendar"),
        ("date + 30 >= 2017-03-01", 5, "A date is compared with date alone"),
        ("day >= 2017-03-01", 7, "date >= 2020-02-29"),
        ("day >= date", 7, "date >= 2020-02-29"),
        ("2017-03-01 <= date", 0, "date >= 2020-02-29"),
        ("dates >= 2017-03-01", 0, "Did you mean 'date'?"),
        ("day > dya", 6, "Did you mean 'day'?"),
        ("day * talks > 3", 6, "never by another feature"),
        ("2 * 3 > 4 + 1", 0, "a feature on one side"),
        ("(day + 3) > 2", 8, "multiply out"),
        ("2 * (day + 3) > 2", 4, "multiply out"),
        ("1 < day < 3", 8, "one sign"),
        ("day + > 3", 6, "a number or a feature"),
        ("day --- 3 > 3", 6, "a number or a feature"),
        ("1e200 * 1e200 * day > 3", 8, "a finite number"),
        ("2 * 3 day > 3", 6, "a comparison of 6"),
        ("day > 3 and", 11, "the end of the condition"),
        ("(day > 3", 8, "')'"),
        ("day > 3)", 7, "')'"),
        ("day(us) > 3", 0, "day without arguments"),
        ("counted(a, b) > 3", 0, "counted(group)"),
        ("strength > 3", 0, "strength(force)"),
        ("reputation_index(us) > 3", 0, "reputation_index(actor, actor)"),
        ("counted() > 3", 8, "a name"),
        ("day", 3, "a comparison"),
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
        "day > " + "day + " * MAX_FEATURES + "1",
        " and ".join(["date > 2020-02-29"] * (MAX_FEATURES + 1)),
    ],
)
def test_bounds(text):
    """Depth, number of features and length are bounded."""
    with pytest.raises(GrammarError, match="at most"):
        parse_condition(text)


def test_places_of_features():
    """Each feature of a condition is found where it is written."""
    text = "day > 3 and not counted(a) >= 1"
    assert [(at, str(ref)) for at, ref in features_in(text)] == [(0, "day"), (16, "counted(a)")]


def test_places_of_features_in_sums_and_of_dates():
    """Features on both sides and dates are found where they are written."""
    text = "2 * day > 3 - counted(a) or date == 2020-02-29"
    assert [(at, str(ref)) for at, ref in features_in(text)] == [(4, "day"), (14, "counted(a)")]
    assert dates_in(text) == [(36, dt.date(2020, 2, 29))]
