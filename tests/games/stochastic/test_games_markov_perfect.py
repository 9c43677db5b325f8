"""Markov perfect equilibria: known answers, independent checks of every deviation, and exact derivatives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.errors import ConvergenceWarning, GameError
from sim.games import NormalForm, StochasticGame, markov_perfect, solve_decision, stationary_logit, zero_sum_value
from sim.games.stochastic.play_derivatives import PlayDerivatives
from sim.games.stochastic.stationary_play import StationaryPlay

SEEDS = st.integers(0, 2**32 - 1)


def drawn(seed: int, players: int, states: int, moves: int) -> tuple[np.ndarray, np.ndarray]:
    """Return payoffs (states, players, moves, ...) and transitions of a random game."""
    luck = np.random.default_rng(seed)
    payoffs = luck.random((states, players, *[moves] * players))
    chances = luck.random((states, *[moves] * players, states))
    return payoffs, chances / chances.sum(axis=-1, keepdims=True)


def best_gain(payoffs: np.ndarray, chances: np.ndarray, discount: float, strategies: tuple) -> float:
    """Return what a player gains, per period, by its best stationary deviation: value iteration on dense arrays."""
    states, players = payoffs.shape[:2]
    gain = 0.0
    for i in range(players):
        worth, ahead, rows = [], [], []
        for x in range(states):
            u, p = payoffs[x, i], chances[x]
            for j in range(players - 1, -1, -1):
                if j != i:
                    u = np.tensordot(u, strategies[x][j], axes=(j, 0))
                    p = np.tensordot(p, strategies[x][j], axes=(j, 0))
            worth.append(u)
            ahead.append(np.moveaxis(p, 0, -1).T if p.ndim == 2 and p.shape[0] != u.shape[0] else p)
            rows.append(strategies[x][i])
        chain = np.array([rows[x] @ ahead[x] for x in range(states)])
        flow = np.array([rows[x] @ worth[x] for x in range(states)])
        value = np.linalg.solve(np.eye(states) - discount * chain, (1 - discount) * flow)
        best = value.copy()
        for _ in range(2000):
            best = np.array([((1 - discount) * worth[x] + discount * ahead[x] @ best).max() for x in range(states)])
        gain = max(gain, float((best - value).max()))
    return gain


@pytest.mark.parametrize("seed", range(6))
def test_random_games_are_solved_to_the_last_digits(seed: int) -> None:
    """Three players, four moves, ten states, discount .95: no stationary deviation gains 1e-8 of the payoffs' range."""
    payoffs, chances = drawn(seed, 3, 10, 4)
    found = markov_perfect(StochasticGame.from_arrays(payoffs, chances), 0.95)
    assert found.converged
    assert found.residual < 1e-10
    assert found.distance < 1e-2
    assert best_gain(payoffs, chances, 0.95, found.strategies) < 1e-8


def test_the_big_match() -> None:
    """Blackwell and Ferguson (1968): with weight l = .1 on today the value is 1/2 and the row absorbs with l/(1+l)."""
    play = np.array([[1.0, 0.0], [0.0, 1.0]])
    go_on = np.array([[[0, 1, 0], [0, 0, 1]], [[1, 0, 0], [1, 0, 0]]], dtype=float)
    one = [np.array([[[1.0]], [[-1.0]]]), np.array([[[0.0]], [[0.0]]])]
    game = StochasticGame.from_arrays(
        [np.array([play, -play]), *one], [go_on, np.array([[[0.0, 1.0, 0.0]]]), np.array([[[0.0, 0.0, 1.0]]])]
    )
    found = markov_perfect(game, 0.9)
    assert found.values[0, 0] == pytest.approx(0.5, abs=1e-9)
    assert found.strategies[0][0][0] == pytest.approx(1 / 11, abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.floats(0.0, 0.95))
def test_zero_sum_games_have_shapley_values(seed: int, discount: float) -> None:
    """In a two-player zero-sum game the equilibrium pays the value of Shapley (1953)."""
    payoffs, chances = drawn(seed, 2, 3, 3)
    payoffs[:, 1] = -payoffs[:, 0]
    game = StochasticGame.from_arrays(payoffs, chances)
    assert markov_perfect(game, discount).values[:, 0] == pytest.approx(zero_sum_value(game, discount).values, abs=1e-7)


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.floats(0.0, 0.95))
def test_one_player_solves_the_decision_process(seed: int, discount: float) -> None:
    """One player's equilibrium is the optimum of its Markov decision process."""
    game = StochasticGame.from_arrays(*drawn(seed, 1, 5, 4))
    assert markov_perfect(game, discount).values[:, 0] == pytest.approx(solve_decision(game, discount).values, abs=1e-8)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
@example(837679910)  # a turn so sharp that it looks like the way back
@example(1053)  # at high precision a move comes to be played that was as good as never played
@example(2833)  # a fold within a thousandth of a step
def test_without_a_future_each_state_is_a_game_of_its_own(seed: int) -> None:
    """At discount 0 every state plays a Nash equilibrium of its payoffs."""
    payoffs, chances = drawn(seed, 3, 3, 3)
    found = markov_perfect(StochasticGame.from_arrays(payoffs, chances), 0.0)
    for table, strategies in zip(payoffs, found.strategies, strict=True):
        assert NormalForm(list(table)).regrets(strategies).max() <= 1e-8


@settings(max_examples=10, deadline=None)
@given(SEEDS)
def test_names_units_and_zeros_do_not_matter(seed: int) -> None:
    """Swapping players and states, and moving the zero of payoffs, moves nothing but names."""
    payoffs, chances = drawn(seed, 2, 4, 3)
    order = np.random.default_rng(seed).permutation(4)
    plain = markov_perfect(StochasticGame.from_arrays(payoffs, chances), 0.8)
    swapped = payoffs[order].transpose(0, 1, 3, 2)[:, ::-1] + 3.0
    moved = chances[order].transpose(0, 2, 1, 3)[..., order]
    other = markov_perfect(StochasticGame.from_arrays(swapped, moved), 0.8)
    assert other.values - 3.0 == pytest.approx(plain.values[order][:, ::-1], abs=1e-8)


def test_the_branch_leads_to_it() -> None:
    """Logit equilibria of the principal branch at growing precision come ever nearer to the equilibrium."""
    game = StochasticGame.from_arrays(*drawn(4, 3, 4, 3))
    end = np.concatenate([p for row in markov_perfect(game, 0.9).strategies for p in row])
    gaps = [
        np.abs(np.concatenate([p for row in stationary_logit(game, lam, 0.9).strategies for p in row]) - end).max()
        for lam in (1e3, 1e4, 1e5)
    ]
    assert gaps[2] < 0.2 * gaps[1] < 0.2 * gaps[0]


@pytest.mark.parametrize("nash", [False, True])
def test_derivatives_are_those_of_the_equations(nash: bool) -> None:
    """Newton's changes equal those of a dense system whose matrix is taken by differences of the plain equations."""
    payoffs, chances = drawn(7, 3, 2, 3)
    game = StochasticGame.from_arrays(payoffs, chances)
    discount, weights, lam = np.array([0.9, 0.5, 0.0]), np.array([1.0, 0.7, 1.3]), 3.0
    play, luck = StationaryPlay(game, discount), np.random.default_rng(1)
    sigma, values = luck.dirichlet(np.ones(3), 6).ravel(), luck.random(6)
    alive = np.ones(18, dtype=bool)
    alive[4] = not nash

    def equations(point: np.ndarray) -> np.ndarray:
        z, v, rate = point[:18], point[18:24], point[24]
        p = z if nash else np.exp(z)
        worth = play.move_values(p, np.ascontiguousarray(v.reshape(3, 2).T))
        rows = []
        for x in range(2):
            for i in range(3):
                here = slice((x * 3 + i) * 3, (x * 3 + i) * 3 + 3)
                first = 3 * (x * 3 + i)
                gains = weights[i] * rate * (worth[here] - worth[first])
                one = np.where(alive[here], gains, z[here]) if nash else z[here] - z[first] - gains
                one[0] = p[here].sum() - 1.0
                rows.append(one)
        means = [
            v[i * 2 + x] - p[3 * (x * 3 + i) : 3 * (x * 3 + i) + 3] @ worth[3 * (x * 3 + i) : 3 * (x * 3 + i) + 3]
            for i in range(3)
            for x in range(2)
        ]
        return np.concatenate([*rows, means])

    point = np.concatenate([sigma if nash else np.log(sigma), values, [lam]])
    slopes = np.array([(equations(point + e) - equations(point - e)) / 2e-6 for e in 1e-6 * np.eye(25)]).T
    mine = PlayDerivatives(game, discount, weights).solve(point[:18], values, lam, alive if nash else None)
    assert mine is not None
    assert np.concatenate(mine[:2]) == pytest.approx(np.linalg.solve(slopes[:, :24], -equations(point)), abs=1e-6)
    if not nash:
        by_lam = np.linalg.solve(slopes[:, :24], -slopes[:, 24])
        assert np.concatenate(mine[2:]) == pytest.approx(by_lam, abs=1e-6)


def test_ties_end_in_an_honest_answer() -> None:
    """Where payoffs never matter every profile is an equilibrium, and the uniform one is returned."""
    found = markov_perfect(StochasticGame.from_arrays(np.zeros((2, 2, 2, 2)), np.full((2, 2, 2, 2), 0.5)), 0.5)
    assert found.converged
    assert found.strategies[0][0].tolist() == [0.5, 0.5]


def test_what_cannot_be_solved_is_said() -> None:
    """Too few systems give a warning and an unconverged answer; wrong weights and sizes are refused."""
    game = StochasticGame.from_arrays(*drawn(2, 3, 4, 3))
    with pytest.warns(ConvergenceWarning, match="Raise max_solves"):
        found = markov_perfect(game, 0.9, max_solves=5)
    assert not found.converged
    assert found.regret > 0.0
    with pytest.raises(GameError, match="positive numbers"):
        markov_perfect(game, 0.9, weights=[1.0, 0.0, 1.0])
    wide = StochasticGame.from_arrays(np.zeros((1501, 2, 1, 1)), np.eye(1501)[:, None, None, :])
    with pytest.raises(GameError, match="stationary_logit takes larger games"):
        markov_perfect(wide, 0.9)
