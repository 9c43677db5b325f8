"""Conditions: every comparison at its boundary, every connective by its table, programs as Python reads them."""

from __future__ import annotations

import datetime as dt
import operator
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import PRISONERS, SOLDIERS, World, content, given, toy

with interpreted():
    from sim.encode.names import Names
    from sim.encode.tables import TableBuilder
    from sim.model.conditions import COMPARE, COMPARISONS, END, WIDTH, compare, holds
    from sim.model.feature_call import feature
from sim.scenario.condition import And, Compare, CompareDate, Condition, Not, Or, Sum
from sim.scenario.condition_grammar import parse_condition

START = dt.date.fromisoformat(content()["start"])

OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def builder(world: World, steps_per_day: int = 1) -> Any:
    """Return an empty builder of tables for a toy world."""
    return TableBuilder(world.names, START, steps_per_day)


@pytest.mark.parametrize("sign", sorted(OPERATORS))
@given(st.integers(-2, 2), st.integers(-2, 2))
def test_a_comparison_is_pythons(sign: str, left: int, right: int) -> None:
    """At equality as on either side of it."""
    assert compare(float(left), COMPARISONS[sign], float(right)) == OPERATORS[sign](left, right)


def test_every_comparison_has_a_number_of_its_own() -> None:
    """Six signs, six numbers."""
    assert sorted(COMPARISONS.values()) == [0, 1, 2, 3, 4, 5]
    assert set(COMPARISONS) == set(OPERATORS)


comparisons = st.builds(
    lambda name, sign, value: f"{name} {sign} {value}",
    st.sampled_from(["day", "talks", "persons_freed(prisoners)"]),
    st.sampled_from(sorted(OPERATORS)),
    st.integers(0, 3),
)
programs = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.builds(lambda a: f"not ({a})", inner),
        st.builds(lambda a, word, b: f"({a}) {word} ({b})", inner, st.sampled_from(["and", "or"]), inner),
    ),
    max_leaves=8,
)


@given(programs, st.integers(0, 3), st.integers(0, 1), st.integers(0, 3))
def test_a_program_means_what_python_reads(text: str, day: int, talks: int, freed: int) -> None:
    """Any nesting of and, or, not over comparisons of features."""
    world = toy()
    world.state.tick, world.state.talks, world.state.freed[PRISONERS] = day, float(talks), float(freed)
    tables = builder(world)
    start = tables.condition(parse_condition(text))
    expected = eval(text.replace("persons_freed(prisoners)", "freed"), {"day": day, "talks": talks, "freed": freed})
    assert holds(world.state, world.params, tables.array(), start) == expected


@pytest.mark.parametrize("a", [False, True])
@pytest.mark.parametrize("b", [False, True])
@pytest.mark.parametrize("c", [False, True])
def test_connectives_have_their_tables(a: bool, b: bool, c: bool) -> None:
    """Two and three terms, nested either way: what lies below on the stack is neither read nor lost."""
    world = toy()
    tables = builder(world)
    words = {True: "day >= 0", False: "day < 0"}
    cases = {
        f"{words[a]} and {words[b]}": a and b,
        f"{words[a]} or {words[b]}": a or b,
        f"not ({words[a]} and {words[b]})": not (a and b),
        f"{words[a]} and {words[b]} and {words[c]}": a and b and c,
        f"{words[a]} or ({words[b]} and {words[c]})": a or (b and c),
        f"{words[a]} and ({words[b]} or {words[c]})": a and (b or c),
        f"({words[a]} or {words[b]}) and {words[c]}": (a or b) and c,
        f"({words[a]} and {words[b]}) or not ({words[c]})": (a and b) or not c,
    }
    starts = {text: tables.condition(parse_condition(text)) for text in cases}
    for text, truth in cases.items():
        assert holds(world.state, world.params, tables.array(), starts[text]) == truth, text


def test_no_condition_always_holds() -> None:
    """-1 is the empty program; programs may start anywhere in the tables."""
    world = toy()
    assert holds(*world, -1)
    tables = builder(world)
    assert isinstance(world.names, Names)
    first = tables.condition(parse_condition("day > 5"))
    second = tables.condition(parse_condition("day <= 5"))
    array = np.array(tables.array())
    assert [holds(world.state, world.params, array, program) for program in (first, second)] == [False, True]


def plainly(condition: Condition, world: World, date: dt.date) -> bool:
    """Evaluate a tree in plain Python."""
    if isinstance(condition, Compare):
        return bool(OPERATORS[condition.op](total(condition.left, world), total(condition.right, world)))
    if isinstance(condition, CompareDate):
        return bool(OPERATORS[condition.op](date, condition.date))
    if isinstance(condition, Not):
        return not plainly(condition.term, world, date)
    assert isinstance(condition, And | Or)
    return (all if isinstance(condition, And) else any)(plainly(term, world, date) for term in condition.terms)


def total(terms: Sum, world: World) -> float:
    """Add the terms of a sum from left to right."""
    value = 0.0
    for term in terms.terms:
        read = 1.0 if term.feature is None else feature(world.state, world.params, *world.names.feature(term.feature))
        value += term.factor * read
    return value


numbers = st.one_of(st.integers(0, 3).map(str), st.sampled_from(["0.1", "0.3", "1e-3"]))
features = st.sampled_from(["day", "talks", "persons_freed(prisoners)", "persons_freed(soldiers)"])
products = st.one_of(
    numbers,
    features,
    st.builds(lambda a, b: f"{a} * {b}", numbers, features),
    st.builds(lambda a, b: f"{b} * -{a}", numbers, features),
)
sums = st.builds(
    lambda first, more: first + "".join(f" {sign} {term}" for sign, term in more),
    products,
    st.lists(st.tuples(st.sampled_from("+-"), products), max_size=3),
)
of_two_sums = st.builds(lambda a, sign, b: f"{a} {sign} {b} + day", sums, st.sampled_from(sorted(OPERATORS)), sums)
of_dates = st.builds(
    lambda sign, day: f"date {sign} {START + dt.timedelta(day)}",
    st.sampled_from(sorted(OPERATORS)),
    st.integers(0, 3),
)
mixed = st.recursive(
    st.one_of(of_two_sums, of_dates, comparisons),
    lambda inner: st.one_of(
        st.builds(lambda a: f"not ({a})", inner),
        st.builds(lambda a, word, b: f"({a}) {word} ({b})", inner, st.sampled_from(["and", "or"]), inner),
    ),
    max_leaves=4,
)


@given(mixed, st.integers(0, 3), st.integers(0, 1), st.integers(0, 3), st.integers(0, 3))
def test_sums_and_dates_mean_what_python_reads(text: str, day: int, talks: int, freed: int, home: int) -> None:
    """Any nesting over sums of features on either side and over dates, in the order in which the sums are written."""
    world = toy()
    world.state.tick, world.state.talks = day, float(talks)
    world.state.freed[PRISONERS], world.state.freed[SOLDIERS] = float(freed), float(home)
    tables, condition = builder(world), parse_condition(text)
    start = tables.condition(condition)
    expected = plainly(condition, world, START + dt.timedelta(day))
    assert holds(world.state, world.params, tables.array(), start) == expected
    assert (
        holds(world.state, world.params, tables.array(), tables.condition(parse_condition(str(condition)))) == expected
    )


@pytest.mark.parametrize("steps_per_day", [1, 2, 3, 24, 49])
@pytest.mark.parametrize("sign", sorted(OPERATORS))
def test_every_step_of_a_day_has_its_date(sign: str, steps_per_day: int) -> None:
    """49 steps of 1/49 day are rounded to less than a day, and still the next date has come."""
    world = toy(steps_per_day)
    tables = builder(world, steps_per_day)
    date = START + dt.timedelta(2)
    start = tables.condition(parse_condition(f"date {sign} {date}"))
    for tick in range(4 * steps_per_day):
        world.state.tick = tick
        expected = OPERATORS[sign](START + dt.timedelta(tick // steps_per_day), date)
        assert holds(world.state, world.params, tables.array(), start) == expected, tick


@pytest.mark.parametrize("text", ["day > 3", "persons_freed(prisoners) >= 2 * 5", "talks", "date >= 2020-03-01"])
def test_a_single_comparison_with_a_number_is_one_instruction(text: str) -> None:
    """What nearly every condition is takes one reading of one feature."""
    tables = builder(toy())
    start = tables.condition(parse_condition(text))
    kinds = tables.array()[start::WIDTH]
    assert [int(kind) for kind in kinds] == [COMPARE, END]
