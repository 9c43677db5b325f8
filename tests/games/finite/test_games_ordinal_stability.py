"""Ordinal stability of conflicts in option form, and the inverse question."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games.finite.conflict import Conflict
from sim.games.finite.inverse_stability import stabilising_preferences
from sim.games.finite.ordinal_stability import CONCEPTS, stability

# The Elmira groundwater conflict (Fang, Hipel and Kilgour 1993; Hipel et al. 1993).
ELMIRA_STATES = ["NYNNN", "YYNNN", "NNYNN", "YNYNN", "NYNNY", "YYNNY", "NNYNY", "YNYNY", "---Y-"]


def elmira() -> Conflict:
    """Return the conflict with its published options and rankings (states 1 to 9)."""

    def ranking(numbers: str) -> list[str]:
        return [ELMIRA_STATES[int(n) - 1] for n in numbers]

    return Conflict.from_options(
        {"ministry": ["modify"], "uniroyal": ["delay", "accept", "abandon"], "local": ["insist"]},
        {"ministry": ranking("734851269"), "uniroyal": ranking("148593726"), "local": ranking("735186429")},
        infeasible=["-YY--", "-NNN-"],
        same=["---Y-"],
        irreversible=["modify", "accept", "abandon"],
    )


def test_elmira_states_and_moves() -> None:
    """The option form gives the nine published states and the published moves."""
    conflict = elmira()
    assert set(conflict.states) == set(ELMIRA_STATES)
    number = {conflict.states.index(name): n for n, name in enumerate(ELMIRA_STATES, 1)}
    moves = [
        {number[s]: sorted(number[g] for g in goals) for s, goals in enumerate(table) if goals}
        for table in conflict.moves
    ]
    assert moves[0] == {1: [2], 3: [4], 5: [6], 7: [8]}
    assert moves[1] == {1: [3, 9], 2: [4, 9], 3: [9], 4: [9], 5: [7, 9], 6: [8, 9], 7: [9], 8: [9]}
    assert moves[2] == {1: [5], 5: [1], 2: [6], 6: [2], 3: [7], 7: [3], 4: [8], 8: [4]}


def test_elmira_equilibria() -> None:
    """States 5, 8 and 9 are Nash and SEQ; 1 and 4 are GMR and SMR besides (Fang, Hipel and Kilgour 1993)."""
    table = stability(elmira())

    def numbers(concept: str) -> set[int]:
        return {ELMIRA_STATES.index(name) + 1 for name in table.equilibria(concept)}  # type: ignore[arg-type]

    assert numbers("nash") == {5, 8, 9}
    assert numbers("seq") == {5, 8, 9}
    assert numbers("gmr") == {1, 4, 5, 8, 9}
    assert numbers("smr") == {1, 4, 5, 8, 9}


def test_prisoners_dilemma_cooperates_under_every_concept_but_nash() -> None:
    """Mutual cooperation is GMR, SMR and SEQ stable though not Nash (Howard 1971; Fraser and Hipel 1979)."""
    ranking = {"a": ["YN", "NN", "YY", "NY"], "b": ["NY", "NN", "YY", "YN"]}
    table = stability(Conflict.from_options({"a": ["x"], "b": ["y"]}, ranking))
    assert table.equilibria("nash") == ("YY",)
    for concept in ("gmr", "smr", "seq"):
        assert set(table.equilibria(concept)) == {"NN", "YY"}  # type: ignore[arg-type]
    assert table.blockers("NN") == {"a": ("YN",), "b": ("NY",)}
    assert table.blockers("NN", "seq") == {}


@st.composite
def conflicts(draw: st.DrawFn) -> Conflict:
    """Draw small conflicts with any moves and weak orders."""
    players, states = draw(st.integers(1, 3)), draw(st.integers(1, 5))
    luck = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    names = [f"s{k}" for k in range(states)]
    moves = [
        {names[s]: [names[g] for g in range(states) if g != s and luck.random() < 0.4] for s in range(states)}
        for _ in range(players)
    ]
    conflict = Conflict.from_moves([f"p{i}" for i in range(players)], names, moves, [[names]] * players)
    return conflict.with_ranks(luck.integers(0, 4, (players, states)))


@given(conflicts())
def test_concepts_are_nested(conflict: Conflict) -> None:
    """Nash implies GMR, SMR and SEQ; SMR and SEQ imply GMR."""
    nash, gmr, smr, seq = stability(conflict).stable
    for weaker in (gmr, smr, seq):
        assert (~nash | weaker).all()
    for stronger in (smr, seq):
        assert (~stronger | gmr).all()


@given(conflicts())
def test_only_the_order_of_preferences_matters(conflict: Conflict) -> None:
    """A strictly increasing change of all ranks changes no stability."""
    other = conflict.with_ranks(np.exp(conflict.ranks) * 3.0 - 7.0)
    assert (stability(other).stable == stability(conflict).stable).all()


@given(conflicts(), st.data())
def test_inverse_question_agrees_with_trying_every_ranking(conflict: Conflict, data: st.DataObject) -> None:
    """Over all weak orders of a player, the state is stable exactly when one of the minimal sets is no better."""
    states = len(conflict.states)
    state = data.draw(st.integers(0, states - 1))
    player = data.draw(st.integers(0, len(conflict.players) - 1))
    concept = data.draw(st.sampled_from(CONCEPTS))
    condition = stabilising_preferences(conflict, state, concept)[player]
    # Only who is better than the state matters: ranks 0 and 2 around its own rank 1 cover all cases.
    for better in product((0.0, 1.0, 2.0), repeat=states):
        ranks = np.array(conflict.ranks)
        ranks[player] = better
        ranks[player, state] = 1.0
        changed = conflict.with_ranks(ranks)
        good = {conflict.states[x] for x in range(states) if ranks[player, x] <= 1.0}
        predicted = any(needed <= good for needed in condition.no_better)
        assert predicted == stability(changed).stable[CONCEPTS.index(concept), player, state]


@given(conflicts(), st.data())
def test_smallest_change_unblocks(conflict: Conflict, data: st.DataObject) -> None:
    """Lowering the named states to the rank of the state makes it stable; with none named it already is."""
    state = data.draw(st.integers(0, len(conflict.states) - 1))
    concept = data.draw(st.sampled_from(CONCEPTS))
    for player, condition in enumerate(stabilising_preferences(conflict, state, concept)):
        table = stability(conflict).stable[CONCEPTS.index(concept), player, state]
        assert condition.holds == table == (not condition.smallest_change)
        ranks = np.array(conflict.ranks)
        for name in condition.smallest_change:
            ranks[player, conflict.index(name)] = ranks[player, state]
        assert stability(conflict.with_ranks(ranks)).stable[CONCEPTS.index(concept), player, state]


def test_bad_conflicts_are_refused() -> None:
    """Unknown states, wrong patterns, missing rankings and empty worlds give one clear error."""
    with pytest.raises(GameError, match="missing"):
        Conflict.from_moves(["a"], ["x", "y"], [{}], [["x"]])
    with pytest.raises(GameError, match="not one of"):
        Conflict.from_moves(["a"], ["x", "y"], [{"x": ["z"]}], [["x", "y"]])
    with pytest.raises(GameError, match="twice"):
        Conflict.from_moves(["a"], ["x", "y"], [{}], [["x", "y", "x"]])
    with pytest.raises(GameError, match="letters of Y, N and -"):
        Conflict.from_options({"a": ["x"]}, {"a": ["Y", "N"]}, infeasible=["YY"])
    with pytest.raises(GameError, match="no state is left"):
        Conflict.from_options({"a": ["x"]}, {"a": ["Y", "N"]}, infeasible=["-"])
    with pytest.raises(GameError, match="matches no state"):
        Conflict.from_options({"a": ["x"]}, {"a": ["Y", "Y"]})
    with pytest.raises(GameError, match="concept"):
        stability(elmira()).equilibria("trembling")  # type: ignore[arg-type]
    with pytest.raises(GameError, match="state"):
        stabilising_preferences(elmira(), "YYYYY")
    with pytest.raises(GameError, match="finite"):
        elmira().with_ranks(np.full((3, 9), np.nan))
