"""Conditions: every comparison at its boundary, every connective by its table, programs as Python reads them."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from interpreted import interpreted
from toy_world import PRISONERS, given, toy

with interpreted():
    from sim.encode.names import Names
    from sim.encode.tables import TableBuilder
    from sim.model.conditions import COMPARISONS, compare, holds
from sim.scenario.condition import parse_condition

OPERATORS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


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
    tables = TableBuilder(world.names)
    start = tables.condition(parse_condition(text))
    expected = eval(text.replace("persons_freed(prisoners)", "freed"), {"day": day, "talks": talks, "freed": freed})
    assert holds(world.state, world.params, tables.array(), start) == expected


@pytest.mark.parametrize("a", [False, True])
@pytest.mark.parametrize("b", [False, True])
@pytest.mark.parametrize("c", [False, True])
def test_connectives_have_their_tables(a: bool, b: bool, c: bool) -> None:
    """Two and three terms, nested either way: what lies below on the stack is neither read nor lost."""
    world = toy()
    tables = TableBuilder(world.names)
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
    tables: Any = TableBuilder(world.names)
    assert isinstance(world.names, Names)
    first = tables.condition(parse_condition("day > 5"))
    second = tables.condition(parse_condition("day <= 5"))
    array = np.array(tables.array())
    assert [holds(world.state, world.params, array, program) for program in (first, second)] == [False, True]
