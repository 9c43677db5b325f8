"""The one-mover backward pass: agent quantal response in one sweep."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import GameError
from sim.games.stochastic.backward_pass import MoverStage, solve_backward
from sim.games.stochastic.stochastic_game import StochasticGame


@dataclass(frozen=True)
class Drawn:
    """A random one-mover game in dense arrays, and its stages."""

    mover: list[np.ndarray]
    sizes: list[np.ndarray]
    flow: list[np.ndarray]
    chain: list[np.ndarray]
    terminal: np.ndarray
    discount: np.ndarray
    epochs: int

    def stages(self, flow: list[np.ndarray] | None = None) -> list[MoverStage]:
        """Build the stages, optionally with other payoffs."""
        parts = zip(self.mover, self.sizes, flow or self.flow, self.chain, strict=True)
        return [MoverStage.build(m, s, f, c) for m, s, f, c in parts]


@st.composite
def drawn_games(draw: st.DrawFn) -> Drawn:
    """Draw a small game with several stages, numbers of moves and discounts."""
    luck = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    players, states, kinds = draw(st.integers(1, 3)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    mover, sizes, flow, chain = [], [], [], []
    for _ in range(kinds):
        mover.append(luck.integers(0, players, states))
        sizes.append(luck.integers(1, 4, states))
        rows = int(sizes[-1].sum())
        flow.append(luck.normal(size=(rows, players)))
        table = luck.random((rows, states))
        chain.append(table / table.sum(axis=1, keepdims=True))
    epochs = draw(st.integers(1, 6))
    return Drawn(mover, sizes, flow, chain, luck.normal(size=(states, players)), luck.random((epochs, players)), epochs)


def recursion(game: Drawn, lam: np.ndarray) -> tuple[np.ndarray, list[list[np.ndarray]]]:
    """Solve the game by the formulas of the module, state by state in plain Python."""
    after, policies = game.terminal, []
    for epoch in reversed(range(game.epochs)):
        kind = epoch % len(game.mover)
        before, policy, row = np.empty_like(after), [], 0
        for state, size in enumerate(game.sizes[kind]):
            rows = slice(row, row + int(size))
            worth = game.flow[kind][rows] + game.discount[epoch] * (game.chain[kind][rows] @ after)
            own = worth[:, game.mover[kind][state]]
            precision = lam[game.mover[kind][state]]
            if np.isinf(precision):
                odds = (own >= own.max() - 1e-12).astype(float)
            else:
                odds = np.exp(precision * (own - own.max()))
            policy.append(odds / odds.sum())
            before[state] = policy[-1] @ worth
            row += int(size)
        after = before
        policies.insert(0, policy)
    return after, policies


@given(drawn_games(), st.one_of(st.floats(0, 30), st.just(float("inf"))))
def test_pass_agrees_with_the_formulas(game: Drawn, lam: float) -> None:
    """Values and policies are those of the recursion written out, at any precision and at infinity."""
    precision = np.full(game.terminal.shape[1], lam)
    found = solve_backward(game.stages(), game.epochs, game.terminal, precision, game.discount, keep_values=True)
    values, policies = recursion(game, precision)
    assert found.values == pytest.approx(values, abs=1e-10)
    for epoch, policy in enumerate(policies):
        assert found.policies[epoch] == pytest.approx(np.concatenate(policy), abs=1e-9)
    assert found.value_path is not None
    assert (found.value_path[0] == found.values).all()
    assert (found.value_path[-1] == game.terminal).all()
    assert found.regret <= (1e-9 if np.isinf(lam) else np.inf)


@given(drawn_games())
def test_lam_zero_is_uniform(game: Drawn) -> None:
    """At lam 0 every move is as likely as any other."""
    found = solve_backward(game.stages(), game.epochs, game.terminal, 0.0, game.discount)
    for epoch in range(game.epochs):
        sizes = game.sizes[epoch % len(game.sizes)]
        assert (found.policies[epoch] == np.repeat(1.0 / sizes, sizes)).all()


@given(drawn_games())
def test_high_lam_tends_to_backward_induction(game: Drawn) -> None:
    """As lam grows the policy tends to backward induction."""
    stages = game.stages()
    high = solve_backward(stages, game.epochs, game.terminal, 1e9, game.discount)
    best = solve_backward(stages, game.epochs, game.terminal, float("inf"), game.discount)
    assert high.values == pytest.approx(best.values, abs=1e-6)


def test_ties_are_played_uniformly_at_infinity() -> None:
    """Of three moves two of which tie for the best, backward induction plays these two alike."""
    stage = MoverStage.build(0, 3, [[1.0], [0.0], [1.0]], np.ones((3, 1)))
    assert solve_backward(stage, 2, 0.0, float("inf")).policies[0].tolist() == [0.5, 0.0, 0.5]


@given(drawn_games(), st.floats(0.1, 20), st.floats(-5, 5))
def test_a_constant_on_all_payoffs_changes_no_policy(game: Drawn, lam: float, constant: float) -> None:
    """Adding a constant to every flow leaves all move probabilities as they were."""
    shifted = game.stages([flow + constant for flow in game.flow])
    one = solve_backward(game.stages(), game.epochs, game.terminal, lam, game.discount)
    two = solve_backward(shifted, game.epochs, game.terminal, lam, game.discount)
    for before, after in zip(one.policies, two.policies, strict=True):
        assert after == pytest.approx(before, abs=1e-9)


@given(drawn_games(), st.floats(0.1, 20), st.data())
def test_rescaling_an_actor_with_its_precision_changes_nothing(game: Drawn, lam: float, data: st.DataObject) -> None:
    """Multiplying each player's payoffs by its own factor and dividing its lam by it leaves the policy."""
    players = game.terminal.shape[1]
    factors = np.array(data.draw(st.lists(st.floats(0.01, 100), min_size=players, max_size=players)))
    one = solve_backward(game.stages(), game.epochs, game.terminal, lam, game.discount)
    scaled = game.stages([flow * factors for flow in game.flow])
    two = solve_backward(scaled, game.epochs, game.terminal * factors, lam / factors, game.discount)
    assert two.values == pytest.approx(one.values * factors, rel=1e-9, abs=1e-9)
    for before, after in zip(one.policies, two.policies, strict=True):
        assert after == pytest.approx(before, abs=1e-9)


@given(drawn_games(), st.floats(0, 20), st.randoms(use_true_random=False))
def test_relabelling_players_relabels_the_solution(game: Drawn, lam: float, order: object) -> None:
    """Renumbering the players renumbers the values and changes no policy."""
    players = game.terminal.shape[1]
    new = np.random.default_rng(order.randrange(2**32)).permutation(players)  # type: ignore[attr-defined]
    where = np.argsort(new)
    one = solve_backward(game.stages(), game.epochs, game.terminal, lam, game.discount)
    stages = [
        MoverStage.build(where[m], s, f[:, new], c)
        for m, s, f, c in zip(game.mover, game.sizes, game.flow, game.chain, strict=True)
    ]
    two = solve_backward(stages, game.epochs, game.terminal[:, new], lam, game.discount[:, new])
    assert two.values == pytest.approx(one.values[:, new], abs=1e-12)


def test_log_sum_exp_adds_the_bonus_to_the_mover_only() -> None:
    """With the named option the mover's value is log-sum-exp over lam; the other's stays an expectation."""
    stage = MoverStage.build(0, 2, [[1.0, 5.0], [0.0, 7.0]], np.ones((2, 1)))
    found = solve_backward(stage, 1, 0.0, 2.0, value="log_sum_exp")
    sigma = 1 / (1 + np.exp(-2.0))
    assert found.values[0, 0] == pytest.approx(np.log(np.exp(2.0) + 1.0) / 2.0, abs=1e-12)
    assert found.values[0, 1] == pytest.approx(5.0 * sigma + 7.0 * (1 - sigma), abs=1e-12)


def test_turn_taking_stochastic_game_becomes_a_stage() -> None:
    """A stochastic game with one chooser in each state is a stage; with two it is refused."""
    game = StochasticGame.from_arrays(
        [[[[1, 2]], [[3, 4]]], [[[1], [5]], [[0], [0]]]], [[[[1, 0], [0, 1]]], [[[1, 0]], [[0, 1]]]]
    )
    stage = MoverStage.from_game(game)
    assert stage.mover.tolist() == [1, 0]
    both = StochasticGame.from_arrays([np.zeros((2, 2, 2))], [np.ones((2, 2, 1))])
    with pytest.raises(GameError, match="one mover"):
        MoverStage.from_game(both)


def test_bad_arguments_are_refused_and_arrays_not_changed() -> None:
    """Empty move sets, NaN flows, discounts above 1 and shapes that do not fit are refused."""
    terminal = np.zeros((1, 1))
    stage = MoverStage.build(0, 2, [[1.0], [0.0]], np.ones((2, 1)))
    solve_backward(stage, 3, terminal, 1.0)
    assert (terminal == 0).all()
    with pytest.raises(GameError, match="at least 1"):
        MoverStage.build(0, [0], [[1.0]], np.ones((1, 1)))
    with pytest.raises(GameError, match="finite"):
        MoverStage.build(0, 1, [[float("nan")]], np.ones((1, 1)))
    with pytest.raises(GameError, match="mover"):
        MoverStage.build(1, 1, [[1.0]], np.ones((1, 1)))
    for arguments in (
        {"discount": 1.1},
        {"lam": -1.0},
        {"lam": float("nan")},
        {"schedule": 0},
        {"schedule": [1]},
        {"terminal": np.zeros((2, 1))},
        {"value": "entropy"},
    ):
        with pytest.raises(GameError, match=r"found|expected"):
            solve_backward(stage, **({"schedule": 3, "terminal": 0.0, "lam": 1.0} | arguments))  # type: ignore[arg-type]
