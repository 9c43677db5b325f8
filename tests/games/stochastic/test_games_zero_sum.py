"""Matrix games, zero-sum stochastic games and decision processes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from sim.errors import ConvergenceWarning, GameError
from sim.games.finite.matrix_game import matrix_game_value
from sim.games.stochastic.backward_pass import MoverStage, solve_backward
from sim.games.stochastic.markov_decision import solve_decision
from sim.games.stochastic.stochastic_game import StochasticGame
from sim.games.stochastic.zero_sum import zero_sum_value


def big_match() -> StochasticGame:
    """Return the Big Match: row 1 absorbs with payoffs (1, 0), row 2 goes on with (0, 1)."""
    play = np.array([[1.0, 0.0], [0.0, 1.0]])
    payoffs = [np.array([play, -play]), [[[1.0]], [[-1.0]]], [[[0.0]], [[0.0]]]]
    after = np.zeros((2, 2, 3))
    after[0, 0, 1] = after[0, 1, 2] = after[1, :, 0] = 1.0
    return StochasticGame.from_arrays(payoffs, [after, [[[0, 1, 0]]], [[[0, 0, 1]]]])


def test_big_match() -> None:
    """With weight .1 the value is .5 and the absorbing row has probability .0909090909 (Blackwell-Ferguson 1968)."""
    found = zero_sum_value(big_match(), 0.9)
    assert found.values == pytest.approx([0.5, 1.0, 0.0], abs=1e-9)
    assert found.row[0][0] == pytest.approx(0.0909090909, abs=1e-9)
    assert found.error_bound < 1e-9
    assert found.converged


@given(st.floats(0.001, 0.999))
def test_big_match_at_any_weight(weight: float) -> None:
    """The value is 1/2 and the absorbing row is played with l/(1+l) at every discount weight l."""
    found = zero_sum_value(big_match(), 1.0 - weight)
    assert found.values[0] == pytest.approx(0.5, abs=1e-9)
    assert found.row[0][0] == pytest.approx(weight / (1 + weight), abs=1e-8)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1), st.booleans())
def test_matrix_games_agree_with_linear_programming(m: int, n: int, seed: int, whole: bool) -> None:
    """Value and guarantees agree with scipy's linear programming, also on degenerate integer payoffs."""
    luck = np.random.default_rng(seed)
    table = luck.integers(-2, 3, (m, n)).astype(float) if whole else luck.normal(size=(m, n)) * 100
    found = matrix_game_value(table)
    program = linprog(
        np.append(np.zeros(m), -1.0),
        A_ub=np.hstack([-table.T, np.ones((n, 1))]),
        b_ub=np.zeros(n),
        A_eq=np.append(np.ones(m), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * m + [(None, None)],
    )
    assert found.value == pytest.approx(-program.fun, abs=1e-7)
    assert found.converged
    assert found.row.sum() == pytest.approx(1.0)


@given(st.integers(0, 2**32 - 1), st.floats(0, 0.99))
def test_zero_sum_values_solve_shapleys_equation(seed: int, delta: float) -> None:
    """In a random game each state's value is the value of its matrix game with these continuations."""
    luck = np.random.default_rng(seed)
    payoffs, chances = luck.normal(size=(3, 2, 3)), luck.random((3, 2, 3, 3))
    chances /= chances.sum(axis=-1, keepdims=True)
    game = StochasticGame.from_arrays([np.array([u, -u]) for u in payoffs], chances)
    found = zero_sum_value(game, delta)
    for state in range(3):
        stage = (1 - delta) * payoffs[state] + delta * chances[state] @ found.values
        assert matrix_game_value(stage).value == pytest.approx(found.values[state], abs=1e-9)


@given(st.integers(0, 2**32 - 1), st.floats(0, 0.99))
def test_optimal_policy_beats_every_other(seed: int, delta: float) -> None:
    """The decision process's values are the largest over all deterministic policies, in every state."""
    luck = np.random.default_rng(seed)
    payoffs, chances = luck.normal(size=(3, 2)), luck.random((3, 2, 3))
    chances /= chances.sum(axis=-1, keepdims=True)
    solution = solve_decision(StochasticGame.from_arrays(payoffs[:, None], chances), delta)
    best = np.full(3, -np.inf)
    for policy in np.ndindex(2, 2, 2):
        rows = (np.arange(3), np.array(policy))
        values = (1 - delta) * np.linalg.solve(np.eye(3) - delta * chances[rows], payoffs[rows])
        best = np.maximum(best, values)
    assert solution.values == pytest.approx(best, abs=1e-10)
    assert solution.converged


def test_long_finite_horizon_tends_to_the_infinite_one() -> None:
    """Backward induction over many epochs gives the decision process's values."""
    luck = np.random.default_rng(5)
    payoffs, chances = luck.normal(size=(4, 3)), luck.random((4, 3, 4))
    chances /= chances.sum(axis=-1, keepdims=True)
    game = StochasticGame.from_arrays(payoffs[:, None], chances)
    finite = solve_backward(MoverStage.from_game(game), 600, 0.0, float("inf"), 0.9)
    assert 0.1 * finite.values[:, 0] == pytest.approx(solve_decision(game, 0.9).values, abs=1e-10)


def test_too_few_steps_are_no_answer() -> None:
    """When the steps run out the result is not converged and a warning says so."""
    luck = np.random.default_rng(0)
    table = luck.normal(size=(3, 3, 3))
    chances = luck.random((3, 3, 3, 3))
    chances /= chances.sum(axis=-1, keepdims=True)
    game = StochasticGame.from_arrays([np.array([u, -u]) for u in table], chances)
    with pytest.warns(ConvergenceWarning, match="proved error"):
        assert not zero_sum_value(game, 0.999, max_iterations=1).converged
    one = StochasticGame.from_arrays([[[0.0, 1.0]]], [[[1.0], [1.0]]])
    with pytest.warns(ConvergenceWarning, match="max_iterations"):
        assert not solve_decision(one, 0.5, max_iterations=1).converged


def test_bad_arguments_are_refused() -> None:
    """Games that are not zero-sum, several deciders, NaN payoffs and a discount of 1 are refused."""
    general = StochasticGame.from_arrays([np.ones((2, 1, 1))], [np.ones((1, 1, 1))])
    with pytest.raises(GameError, match="add to zero"):
        zero_sum_value(general, 0.5)
    with pytest.raises(GameError, match="expected one"):
        solve_decision(general, 0.5)
    with pytest.raises(GameError, match="finite horizon"):
        zero_sum_value(big_match(), 1.0)
    with pytest.raises(GameError, match="finite"):
        matrix_game_value([[float("nan")]])
