"""Stationary logit equilibrium of stochastic games with simultaneous moves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import ConvergenceWarning, GameError
from sim.games.numerics.anderson import fixed_point
from sim.games.numerics.continuation import follow
from sim.games.stochastic.markov_decision import solve_decision
from sim.games.stochastic.stationary import stationary_logit
from sim.games.stochastic.stationary_play import StationaryPlay
from sim.games.stochastic.stochastic_game import StochasticGame

PENNIES = np.array([[[4.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])


def drawn(seed: int, players: int = 2, states: int = 3, most: int = 3) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return payoffs and transitions of a random game with different numbers of moves."""
    luck = np.random.default_rng(seed)
    payoffs, chances = [], []
    for _ in range(states):
        shape = tuple(int(n) for n in luck.integers(1, most + 1, players))
        payoffs.append(luck.random((players, *shape)))
        table = luck.random((*shape, states))
        chances.append(table / table.sum(axis=-1, keepdims=True))
    return payoffs, chances


def flat(strategies: tuple[tuple[np.ndarray, ...], ...]) -> np.ndarray:
    """Return all move probabilities in one vector."""
    return np.concatenate([p for state in strategies for p in state])


SEEDS = st.integers(0, 2**32 - 1)


@pytest.mark.parametrize(
    ("lam", "expected"), [(1.0, (0.7219371538, 0.3908181875)), (2.0, (0.7190427806, 0.2939718443))]
)
def test_one_state_without_future_is_the_published_qre(lam: float, expected: tuple[float, float]) -> None:
    """With discount 0 one state of asymmetric matching pennies has the published logit equilibrium (Ochs 1995)."""
    found = stationary_logit(StochasticGame.from_arrays([PENNIES], [np.ones((2, 2, 1))]), lam, 0.0)
    assert tuple(p[0] for p in found.strategies[0]) == pytest.approx(expected, abs=1e-9)
    assert found.branch == "principal"


@settings(max_examples=25)
@given(SEEDS, st.floats(0.1, 5.0))
def test_discount_zero_is_the_static_logit_equilibrium_of_each_state(seed: int, lam: float) -> None:
    """With discount 0 each state plays the logit equilibrium of its one-shot game."""
    from sim.games import NormalForm

    payoffs, chances = drawn(seed)
    found = stationary_logit(StochasticGame.from_arrays(payoffs, chances), lam, 0.0)
    for table, strategies in zip(payoffs, found.strategies, strict=True):
        static = NormalForm(list(table)).logit_qre(lam)
        for mine, other in zip(strategies, static, strict=True):
            assert mine == pytest.approx(np.asarray(other), abs=1e-8)


@given(SEEDS, st.floats(0.0, 0.98), st.floats(0.0, 30.0))
def test_result_is_a_fixed_point_by_plain_formulas(seed: int, delta: float, lam: float) -> None:
    """Values and strategies solve the equations written out with dense arrays."""
    payoffs, chances = drawn(seed)
    found = stationary_logit(StochasticGame.from_arrays(payoffs, chances), lam, delta)
    assert found.converged
    for x, (u, p) in enumerate(zip(payoffs, chances, strict=True)):
        one, two = found.strategies[x]
        worth = (1 - delta) * u + delta * np.einsum("abx,xi->iab", p, found.values)
        assert found.values[x] == pytest.approx([one @ worth[i] @ two for i in range(2)], abs=1e-10)
        for own, against in ((one, worth[0] @ two), (two, one @ worth[1])):
            odds = np.exp(lam * (against - against.max()))
            assert own == pytest.approx(odds / odds.sum(), abs=1e-8)


@given(SEEDS)
def test_one_player_tends_to_the_decision_process(seed: int) -> None:
    """With one player and high lam values tend to the optimum, never above it."""
    payoffs, chances = drawn(seed, players=1)
    game = StochasticGame.from_arrays(payoffs, chances)
    best = solve_decision(game, 0.8)
    found = stationary_logit(game, 2000.0, 0.8)
    assert (found.values[:, 0] <= best.values + 1e-9).all()
    assert found.values[:, 0] == pytest.approx(best.values, abs=5e-3)


@given(SEEDS, st.floats(0, 0.99))
def test_lam_zero_is_uniform(seed: int, delta: float) -> None:
    """At lam 0 all moves are equally likely."""
    payoffs, chances = drawn(seed, players=3)
    found = stationary_logit(StochasticGame.from_arrays(payoffs, chances), 0.0, delta)
    for state in found.strategies:
        for p in state:
            assert p == pytest.approx(np.full(p.size, 1 / p.size), abs=1e-15)


@given(SEEDS, st.floats(0.1, 15), st.floats(0, 0.95), st.floats(-5, 5))
def test_constants_and_units_change_no_strategy(seed: int, lam: float, delta: float, constant: float) -> None:
    """A constant added to a player's payoffs, or a unit changed with its lam, leaves the strategies."""
    payoffs, chances = drawn(seed)
    factors = np.array([0.2, 7.0])
    plain = stationary_logit(StochasticGame.from_arrays(payoffs, chances), lam, delta)
    shifted = stationary_logit(StochasticGame.from_arrays([u + constant for u in payoffs], chances), lam, delta)
    scaled = stationary_logit(
        StochasticGame.from_arrays([u * factors[:, None, None] for u in payoffs], chances), lam / factors, delta
    )
    assert flat(shifted.strategies) == pytest.approx(flat(plain.strategies), abs=1e-8)
    assert flat(scaled.strategies) == pytest.approx(flat(plain.strategies), abs=1e-8)
    assert scaled.values == pytest.approx(plain.values * factors, abs=1e-7)


@given(SEEDS, st.floats(0.1, 15), st.floats(0, 0.95))
def test_relabelling_states_and_players_relabels_the_answer(seed: int, lam: float, delta: float) -> None:
    """Renumbering states and swapping players renumbers strategies and values."""
    payoffs, chances = drawn(seed)
    order = np.random.default_rng(seed).permutation(3)
    plain = stationary_logit(StochasticGame.from_arrays(payoffs, chances), lam, delta)
    swapped = [payoffs[x].transpose(0, 2, 1)[::-1] for x in order]
    moved = [chances[x].transpose(1, 0, 2)[..., order] for x in order]
    other = stationary_logit(StochasticGame.from_arrays(swapped, moved), lam, delta)
    assert other.values == pytest.approx(plain.values[order][:, ::-1], abs=1e-8)


def test_damped_and_anderson_agree() -> None:
    """Both correctors end at the same equilibrium of the principal branch."""
    payoffs, chances = drawn(3, players=3, states=5)
    game = StochasticGame.from_arrays(payoffs, chances)
    one, two = (stationary_logit(game, 20.0, 0.9, method=m) for m in ("anderson", "damped"))
    assert one.converged
    assert two.converged
    assert flat(one.strategies) == pytest.approx(flat(two.strategies), abs=1e-8)


def test_a_start_finds_another_branch() -> None:
    """In a coordination game at high lam a start near the other equilibrium stays there and says so."""
    table = np.array([[2.0, 0.0], [0.0, 1.0]])
    game = StochasticGame.from_arrays([np.array([table, table])], [np.ones((2, 2, 1))])
    principal = stationary_logit(game, 20.0, 0.0)
    other = stationary_logit(game, 20.0, 0.0, start=[0.01, 0.99, 0.01, 0.99])
    assert principal.strategies[0][0][0] > 0.99
    assert other.strategies[0][0][0] < 0.01
    assert (principal.branch, other.branch) == ("principal", "start")


@pytest.mark.parametrize("seed", [25, 255, 339])
def test_folds_of_the_principal_branch_are_followed(seed: int) -> None:
    """Where the principal branch turns back twice, arc length follows it, and following it all the way agrees."""
    luck = np.random.default_rng(seed)
    payoffs, chances = luck.random((2, 2, 2, 3)), luck.random((2, 2, 3, 2)) ** 4
    chances /= chances.sum(axis=-1, keepdims=True)
    game = StochasticGame.from_arrays(payoffs, chances)
    found = stationary_logit(game, 400.0, 0.5)
    assert (found.branch, len(found.folds), found.converged) == ("principal", 2, True)
    play = StationaryPlay(game, np.array([0.5, 0.5]))
    starts, sizes = play.first_move[:-1], game.sizes.ravel()

    def residual(moves: np.ndarray, share: float) -> np.ndarray:
        odds = np.exp(400.0 * share * (moves - np.repeat(np.maximum.reduceat(moves, starts), sizes)))
        sigma = odds / np.repeat(np.add.reduceat(odds, starts), sizes)
        after = play.evaluate(sigma)[1]
        return after - np.repeat(np.add.reduceat(after, starts) / sizes, sizes) - moves

    def system(moves: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
        point, steps = np.append(moves, share), 1e-6 * np.eye(moves.size + 1)
        slopes = [
            (residual((point + e)[:-1], (point + e)[-1]) - residual((point - e)[:-1], (point - e)[-1])) / 2e-6
            for e in steps
        ]
        return residual(moves, share), np.array(slopes).T

    uniform = play.evaluate(play.uniform())[1]
    origin = uniform - np.repeat(np.add.reduceat(uniform, starts) / sizes, sizes)
    traced = follow(system, origin, 1.0)
    assert traced.reached
    assert len(traced.folds) == 2
    assert found.folds == pytest.approx(traced.folds[:, -1], rel=0.1)
    sigma = flat(found.strategies)
    assert play.evaluate(sigma)[1] - np.repeat(
        np.add.reduceat(play.evaluate(sigma)[1], starts) / sizes, sizes
    ) == pytest.approx(traced.points[-1][:-1], abs=1e-6)


@pytest.mark.parametrize("states", [4, 10])
@pytest.mark.parametrize("lam", [1000.0, 10_000.0])
def test_high_precision_is_reached_along_the_branch(states: int, lam: float) -> None:
    """At precisions at which plain iteration fails the branch is followed to the target, folds and all."""
    payoffs, chances = drawn(states, players=3, states=states, most=4)
    found = stationary_logit(StochasticGame.from_arrays(payoffs, chances), lam, 0.95)
    assert (found.branch, found.lam_reached, found.converged) == ("principal", 1.0, True)
    assert found.regret <= 4.0 / lam


def test_no_convergence_is_said() -> None:
    """With too few evaluations the result is not converged, warns, and reports its residual."""
    payoffs, chances = drawn(1, players=3, states=4)
    with pytest.warns(ConvergenceWarning, match="residual"):
        found = stationary_logit(StochasticGame.from_arrays(payoffs, chances), 40.0, 0.9, max_evaluations=3)
    assert not found.converged
    assert found.residual > 1e-6
    assert found.proved.startswith("nothing")


def test_sparse_and_dense_evaluation_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Values by sparse factors equal those by dense ones, also with a discount per player."""
    payoffs, chances = drawn(9, players=3, states=6)
    game, delta = StochasticGame.from_arrays(payoffs, chances), np.array([0.0, 0.5, 0.95])
    dense = StationaryPlay(game, delta)
    monkeypatch.setattr("sim.games.stochastic.stationary_play._DENSE_STATES", 0)
    sparse = StationaryPlay(game, delta)
    sigma = dense.uniform()
    assert sparse.values(sigma) == pytest.approx(dense.values(sigma), abs=1e-12)


@given(SEEDS)
def test_anderson_solves_linear_maps(seed: int) -> None:
    """On a linear map Anderson mixing finds the fixed point, even if the map expands."""
    luck = np.random.default_rng(seed)
    matrix, offset = luck.normal(size=(4, 4)) * 0.3, luck.normal(size=4)

    def image(x: np.ndarray) -> tuple[np.ndarray, float]:
        return matrix @ x + offset, float(np.abs(matrix @ x + offset - x).max())

    found = fixed_point(image, np.zeros(4), 1e-11, 400)
    assert found.converged
    assert found.point == pytest.approx(np.linalg.solve(np.eye(4) - matrix, offset), rel=1e-6, abs=1e-6)


def test_bad_arguments_are_refused() -> None:
    """Infinite or negative lam, discounts of 1, unknown methods and impossible starts are refused."""
    game = StochasticGame.from_arrays([PENNIES], [np.ones((2, 2, 1))])
    for arguments in (
        {"lam": -1.0},
        {"lam": float("inf")},
        {"lam": [1.0, 2.0, 3.0]},
        {"discount": 1.0},
        {"discount": -0.1},
        {"discount": float("nan")},
        {"method": "newton"},
        {"start": [1.0]},
        {"start": [0.5, 0.6, 0.5, 0.5]},
        {"tolerance": 0.0},
    ):
        with pytest.raises(GameError, match="expected"):
            stationary_logit(game, **({"lam": 1.0, "discount": 0.5} | arguments))  # type: ignore[arg-type]
