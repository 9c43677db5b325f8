"""Fictitious play and experience-weighted attraction."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games.finite.matrix_game import matrix_game_value
from sim.games.numerics.logit_response import logit_probabilities
from sim.games.theory.ewa import EwaParameters, ewa_path, ewa_play, ewa_step
from sim.games.theory.fictitious_play import play_fictitiously

SHAPLEY_A = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
SHAPLEY_B = [[0, 0, 1], [1, 0, 0], [0, 1, 0]]


def test_shapley_cycle() -> None:
    """From (0, 1) run lengths grow by 1.46557, the root of x^3 = x^2 + 1 (Shapley 1964)."""
    cycle = play_fictitiously(SHAPLEY_A, SHAPLEY_B, (0, 1), 1_000_000)
    assert cycle.run_ratio == pytest.approx(1.46557, abs=1e-4)
    assert not cycle.converged
    assert cycle.regret > 0.05
    assert cycle.runs[:, 0].sum() == 1_000_000


def test_only_equilibrium_of_shapleys_game_is_uniform() -> None:
    """The only equilibrium of Shapley's game is uniform play (Shapley 1964)."""
    from sim.games import NormalForm

    found = NormalForm([SHAPLEY_A, SHAPLEY_B]).mixed_nash()
    assert len(found) == 1
    assert found.complete
    for strategy in found[0]:
        assert np.asarray(strategy) == pytest.approx([1 / 3] * 3, abs=1e-9)


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 10_000), st.integers(1, 60))
def test_fictitious_play_agrees_with_a_plain_loop(m: int, n: int, seed: int, plays: int) -> None:
    """Counts and runs are those of best responses to frequencies with ties to the lowest index."""
    draws = np.random.default_rng(seed)
    one, two = draws.integers(0, 4, (m, n)).astype(float), draws.integers(0, 4, (m, n)).astype(float)
    path = [(m - 1, 0)]
    while len(path) < plays:
        rows, columns = np.array(path).T
        path.append((int(one[:, columns].sum(axis=1).argmax()), int(two[rows].sum(axis=0).argmax())))
    found = play_fictitiously(one, two, path[0], plays)
    assert found.counts[0].tolist() == np.bincount([a for a, _ in path], minlength=m).tolist()
    replayed = [(int(a), int(b)) for length, a, b in found.runs for _ in range(length)]
    assert replayed == path


def test_fictitious_play_converges_in_zero_sum_games() -> None:
    """In a zero-sum game frequencies approach the value (Robinson 1951)."""
    table = np.array([[3.0, -1.0, 2.0], [-2.0, 1.0, 0.5]])
    found = play_fictitiously(table, -table, plays=200_000, tolerance=0.01)
    assert found.converged
    value = found.frequencies[0] @ table @ found.frequencies[1]
    assert value == pytest.approx(matrix_game_value(table).value, abs=0.01)


def test_ewa_attractions() -> None:
    """Memory phi .9, delta .5, kappa 0 on three plays gives (1.0991567316, 2.1881360861) (Camerer and Ho 1999)."""
    plays = [(0, 0), (1, 0), (1, 1)]
    attractions, experience = ewa_path([[3, 0], [5, 1]], plays, EwaParameters(0.9, 0.5, 0.0))
    assert attractions == pytest.approx([1.0991567316, 2.1881360861], abs=1e-9)
    assert experience == pytest.approx(3.439, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 2)), min_size=1, max_size=20))
def test_ewa_holds_fictitious_play_and_reinforcement(plays: list[tuple[int, int]]) -> None:
    """With delta 1, kappa 0, phi 1 averages forgone payoffs; delta 0, kappa 1 adds up what was received."""
    table = np.array([[3.0, 0.0, 1.0], [5.0, 1.0, -2.0]])
    averages, _ = ewa_path(table, plays, EwaParameters(1.0, 1.0, 0.0), experience=0.0)
    others = [b for _, b in plays]
    assert averages == pytest.approx(table[:, others].mean(axis=1), abs=1e-12)
    sums, experience = ewa_path(table, plays, EwaParameters(0.9, 0.0, 1.0))
    expected = np.zeros(2)
    for own, other in plays:
        expected *= 0.9
        expected[own] += table[own, other]
    assert sums == pytest.approx(expected, abs=1e-12)
    assert experience == 1.0


def test_ewa_match_repeats_with_its_seed() -> None:
    """The same seed gives the same match, another seed another; arguments stay as they were."""
    game = np.array([[3.0, 0.0], [5.0, 1.0]])
    before = game.copy()
    parameters = EwaParameters(0.9, 0.5, 0.1)
    first, again, other = (ewa_play(game, game.T, parameters, 0.5, 200, seed=s) for s in (4, 4, 5))
    assert (first.moves == again.moves).all()
    assert (first.moves != other.moves).any()
    assert (game == before).all()
    start = np.zeros(2)
    ewa_step(start, 1.0, [1.0, 2.0], 0, parameters)
    assert (start == 0).all()


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=6), st.floats(0, 5))
def test_logit_response_is_softmax(values: list[float], lam: float) -> None:
    """The response is proportional to exp(lam v), uniform at lam 0 and a best response at infinity."""
    odds = np.exp(lam * (np.array(values) - max(values)))
    assert logit_probabilities(values, lam) == pytest.approx(odds / odds.sum(), abs=1e-12)
    assert logit_probabilities(values, 0.0) == pytest.approx([1 / len(values)] * len(values), abs=1e-15)
    best = logit_probabilities(values, float("inf"))
    assert best.sum() == pytest.approx(1.0)
    assert min(np.array(values)[best > 0]) >= max(values) - 1e-9


def test_bad_arguments_are_refused() -> None:
    """Mismatched payoffs, moves that do not exist and parameters outside [0, 1] are refused."""
    with pytest.raises(GameError, match="payoffs_2"):
        play_fictitiously([[1, 2]], [[1], [2]])
    with pytest.raises(GameError, match="first"):
        play_fictitiously([[1, 2]], [[1, 2]], (1, 0))
    with pytest.raises(GameError, match="phi"):
        EwaParameters(1.1, 0.5, 0.0)
    with pytest.raises(GameError, match="chosen"):
        ewa_step([0.0], 1.0, [1.0], 1, EwaParameters(0.9, 0.5, 0.0))
    with pytest.raises(GameError, match="at least one entry"):
        logit_probabilities([], 1.0)
    with pytest.raises(GameError, match="lam"):
        logit_probabilities([1.0], -1.0)
