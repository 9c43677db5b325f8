"""What survives at every listed equilibrium, and where a deal enforces itself."""

import math
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError, UsageError
from sim.solving.across import across_equilibria, across_table, across_words
from sim.solving.enforcement import Axis, axis, enforcement_map, enforcement_worlds, keeping
from sim.solving.solution import Equilibrium, Solution

HERE = Path(__file__).parent
TOY = sim.load("toys/two_actors")


def solved(*payoffs, error=0.01, frequency=1.0):
    """Return a solution by hand whose equilibria pay the state so much and settle in such a share of runs."""
    rest = dict.fromkeys(TOY.outcome_names[1:], (0.0, 0.0))
    equilibria = tuple(
        Equilibrium(
            {"state": {"wait": 1.0}, "rebels": {"fight": 1.0}},
            {"state": (paid, error), "rebels": (0.5, error)},
            {TOY.outcome_names[0]: (0.4 + paid / 10, error)} | rest,
            frequency if place else 1.0,
            place + 1,
            place == 0,
            (),
            (),
            100,
            True,
        )
        for place, paid in enumerate(payoffs)
    )
    table = {"state": ("wait",), "rebels": ("fight",)}
    numbers = np.zeros((1, 1, 2))
    return Solution(TOY, 7, ("state", "rebels"), {}, (), equilibria, table, numbers, numbers, (), True, {})


def test_a_conclusion_survives_if_it_holds_at_every_pair():
    """By hand: 1 and 2 less 0 and 0.5 is from 0.5 to 2; with an equilibrium at 0.4 more it may be either."""
    found = across_equilibria({"without": solved(0.0, 0.5), "with": solved(1.0, 2.0)}, "without")
    state = across_table(found).loc[("with", "payoff_state")]
    assert (state["least"], state["most"], state["pairs"], state["survives"]) == (0.5, 2.0, 4, True)
    assert state["low"] == pytest.approx(0.5 - 1.96 * math.hypot(0.01, 0.01))
    rebels = across_table(found).loc[("with", "payoff_rebels")]
    assert not rebels["survives"]
    said = list(across_words(found, "without"))
    assert said[0].startswith("with less without, at every one of 4 pairs of equilibria: payoff_state +0.500 to +2.000")
    mixed = across_equilibria({"without": solved(0.0, 0.5), "with": solved(1.0, 0.4)}, "without")
    assert not across_table(mixed).loc[("with", "payoff_state"), "survives"]
    rare = {"without": solved(0.0, 0.5), "with": solved(1.0, 0.4, frequency=0.01)}
    assert across_table(across_equilibria(rare, "without", 0.05)).loc[("with", "payoff_state"), "survives"]


def test_what_cannot_be_compared_is_refused():
    """A base that is not there, none but it, other players, a share that is none."""
    one = solved(0.0)
    for solutions, base, least, said in (
        ({"a": one}, "b", 0.0, "base: found 'b'"),
        ({"a": one}, "a", 0.0, "alone"),
        ({"a": one, "b": one}, "a", 1.5, "least_frequency"),
    ):
        with pytest.raises(UsageError, match=said):
            across_equilibria(solutions, base, least)


def test_grim_play_enforces_itself_where_patience_and_signals_say_so():
    """By hand: a discount factor d a period and a good signal with probability q suffice iff d (3 q - 1) >= 1."""
    dilemma = sim.load(HERE / "repeated_dilemma.yaml").replace({"horizon_days": 120})
    factors, good = (0.8, 0.45), (0.9, 0.6)
    rates = Axis(
        ("actors.north.discount_per_year", "actors.south.discount_per_year"),
        tuple(-math.log(factor) / 4.0 * 365.25 for factor in factors),
    )
    noise = Axis(("events.bad_while_held.per_day",), tuple(-math.log(share) / 4.0 for share in good))
    found = enforcement_map(dilemma, rates, noise, seed=7)
    pairs = [(factor, share) for factor in factors for share in good]
    for (factor, share), cell in zip(pairs, found.cells, strict=True):
        holds = factor * (3.0 * share - 1.0) >= 1.0
        assert (not cell.leavers) == holds, (factor, share, cell.gains)
        if not holds:  # the best reply gains at least what fighting always does, paid evenly over a period
            by_hand = 3.0 / (1.0 - 0.5 * factor) - 2.0 / (1.0 - share * factor)
            by_hand *= (1.0 - factor) / -math.log(factor)
            for gain in cell.gains.values():
                assert gain.gain >= by_hand - 4.0 * gain.error
    assert found.table.shape[0] == 8
    assert "nobody is known to gain" in found.words()


def test_axes_are_sliders_or_paths_and_what_is_wrong_is_refused():
    """A slider stands for its paths; a wrong name, value, grid or effort is refused with what is legal."""
    assert axis(TOY, "recognised=0.5,1").paths == ("deal.captives.prisoners.counted_at_once.own",)
    assert keeping(TOY, "state").name == "as declared"
    year = Axis(("horizon_days",), (100.0,))
    for text, said in (("patence=1,2", "Did you mean 'patience'"), ("patience", "expected NAME="), ("a.b=x", "NUMBER")):
        with pytest.raises(UsageError, match=said):
            axis(TOY, text)
    patience = axis(TOY, "patience=0.1,0.2")
    with pytest.raises(UsageError, match="in both"):
        enforcement_map(TOY, patience, patience)
    with pytest.raises(UsageError, match="cells"):
        enforcement_map(TOY, Axis(patience.paths, (0.1,) * 101), year)
    with pytest.raises(UsageError, match="effort"):
        enforcement_worlds(TOY, 1, "quik")
    with pytest.raises(ScenarioError):
        enforcement_map(TOY, patience, axis(TOY, "recognised=0.5,7"))
