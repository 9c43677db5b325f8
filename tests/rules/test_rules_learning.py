"""Learning rules on matrix games, played by the engine itself, against the published paths of `sim.games`."""

# ruff: noqa: ARG001 - the signatures of rules are fixed
from __future__ import annotations

import numba
import numpy as np
import pytest
from rule_texts import matrix_game, moves_of, two_actors

import sim
from sim.games.theory.ewa import EwaParameters, ewa_step
from sim.games.theory.fictitious_play import best_index, play_fictitiously
from sim.rules.valuation.fictitious_play import weigh_moves

MOVES = ("quiet", "usual", "surge")


def shapley(features, weights, parameters, count, terms):
    """Pay 1 (util per day) to whoever's move the other follows: Shapley's (1964) game, for both players alike."""
    for term in range(count):
        terms[term] = 0.0
    own = 0 if features[0] > 0.0 else 2 if features[1] > 0.0 else 1
    other = 0 if features[2] > 0.0 else 2 if features[3] > 0.0 else 1
    if other == (own + 1) % 3:
        terms[0] = weights[0]


def temptation(features, weights, parameters, count, terms):
    """Pay [[3, 0], [5, 1]] over the four days of the window; the third move pays nothing."""
    for term in range(count):
        terms[term] = 0.0
    own = 0 if features[0] > 0.0 else 2 if features[1] > 0.0 else 1
    other = 0 if features[2] > 0.0 else 2 if features[3] > 0.0 else 1
    if own == 0 and other == 0:
        terms[0] = 0.75 * weights[0]
    elif own == 1 and other == 0:
        terms[0] = 1.25 * weights[0]
    elif own == 1 and other == 1:
        terms[0] = 0.25 * weights[0]


@pytest.fixture(scope="module", autouse=True)
def games():
    """Let scenarios name the two games."""
    sim.register("payoff_model", "shapley", shapley)
    sim.register("payoff_model", "temptation", temptation)


def test_attractions_of_camerer_and_ho():
    """Phi .9, delta .5, kappa 0, plays (0,0), (1,0), (1,1): the rule's values are (1.0991567316, 2.1881360861)."""
    scenario = matrix_game(
        "temptation",
        "response: scripted, valuation: ewa, parameters: {phi: 0.9, delta: 0.5, kappa: 0, experience: 1}",
        "response: scripted",
        first_script="[{day: 8, move: usual}]",
        second_script="[{day: 15, move: usual}]",
    )
    third = [d for d in sim.run(scenario, seed=0).decisions if d.actor == "row"][2]
    assert [move.value for move in third.moves[:2]] == pytest.approx([1.0991567316, 2.1881360861], abs=1e-9)


def test_attractions_follow_the_recursion_of_the_games_package():
    """At every epoch the values are one step of `sim.games.ewa_step` on those before, with drift values as payoffs."""
    rule = "response: logit, lam_per_util: 5, valuation: {}, horizon_days: 60"
    learning = two_actors(first_rule=rule.format("ewa") + ", parameters: {phi: 0.8, delta: 0.3, kappa: 0.4}")
    decisions = [d for d in sim.run(learning, seed=5).decisions if d.actor == "north"]
    assert len(decisions) > 3
    attractions, experience = np.zeros(3), 1.0
    for decision in decisions:
        chosen = [m.move for m in decision.moves].index(decision.before)
        after = 0.8 * (1 - 0.4) * experience + 1.0
        weights = np.where(np.arange(3) == chosen, 1.0, 0.3) / after
        learnt = [sum(v for k, v in m.terms.items() if k != "remembered") for m in decision.moves]
        attractions, experience = ewa_step(
            attractions, experience, np.array(learnt) / weights, chosen, EwaParameters(0.8, 0.3, 0.4)
        )
        assert [m.value for m in decision.moves] == pytest.approx(attractions, abs=1e-12)
    now = sim.run(two_actors(first_rule=rule.format("drift")), seed=5)
    first = next(d for d in now.decisions if d.actor == "north")
    learnt = [sum(v for k, v in m.terms.items() if k != "remembered") for m in decisions[0].moves]
    weights = np.where(np.array([m.move for m in first.moves]) == first.before, 1.0, 0.3) / (0.48 + 1.0)
    assert [m.value for m in first.moves] == pytest.approx(np.array(learnt) / weights, abs=1e-12)


def test_fictitious_play_cycles_in_shapleys_game():
    """Best replies to occupancy, one play a day from (0, 1), are the path of `sim.games.play_fictitiously`."""
    rule = "response: argmax, valuation: fictitious_play"
    scenario = matrix_game("shapley", rule, rule, second_opening="usual", horizon=400, every=1)
    run = sim.run(scenario, seed=0)
    one = [0, *(MOVES.index(move) for move in moves_of(run, "row"))]
    two = [1, *(MOVES.index(move) for move in moves_of(run, "column"))]
    table = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
    path = play_fictitiously(table, [[0, 0, 1], [1, 0, 0], [0, 1, 0]], (0, 1), 400)
    expected = [(int(a), int(b)) for length, a, b in path.runs for _ in range(length)]
    assert list(zip(one, two, strict=True))[:400] == expected
    assert len(path.runs) > 8


@numba.njit
def _long_path(weigh, best, plays):
    """Play Shapley's game by the rule's beliefs and the best index; return the lengths of runs."""
    counts = np.zeros((2, 3))
    weights, values = np.zeros(3), np.zeros(3)
    moves = np.array([0, 1])
    lengths = [0]
    for play in range(plays):
        before = moves.copy()
        if play > 0:
            for player in range(2):
                total = weigh(counts[1 - player], 3, 0.0, 0, weights)
                for move in range(3):
                    values[move] = weights[(move + 1) % 3] / total
                moves[player] = best(values)
        if moves[0] != before[0] or moves[1] != before[1]:
            lengths.append(0)
        lengths[-1] += 1
        counts[0, moves[0]] += 1
        counts[1, moves[1]] += 1
    return lengths


def test_runs_of_the_cycle_grow_by_shapleys_root():
    """Over a million plays by the rule's beliefs, runs grow by 1.46557, the root of x^3 = x^2 + 1 (Shapley 1964)."""
    lengths = _long_path(weigh_moves, best_index, 1_000_000)
    assert lengths[-2] / lengths[-3] == pytest.approx(1.46557, abs=1e-4)


def test_beliefs_start_from_what_stands_or_from_a_prior():
    """Without days and prior what stands is believed; a prior spreads its days evenly."""
    weights = np.zeros(3)
    assert weigh_moves(np.zeros(3), 3, 0.0, 2, weights) == 1.0
    assert weights.tolist() == [0.0, 0.0, 1.0]
    assert weigh_moves(np.array([5.0, 0.0, 1.0]), 3, 6.0, 0, weights) == 12.0
    assert weights.tolist() == [7.0, 2.0, 3.0]
