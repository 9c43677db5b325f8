"""Random games for property tests, shared by the tests of this folder."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.games import Chance, Decision, ExtensiveForm, NormalForm, Terminal
from sim.games.finite.tree_nodes import Node

whole_payoffs = st.integers(-9, 9)


@st.composite
def normal_forms(
    draw: st.DrawFn, players: tuple[int, int] = (1, 3), strategies: tuple[int, int] = (1, 3)
) -> NormalForm:
    """Draw a game with whole payoffs, many of them equal."""
    n = draw(st.integers(*players))
    shape = tuple(draw(st.integers(*strategies)) for _ in range(n))
    size = int(np.prod(shape))
    cells = draw(st.lists(st.lists(whole_payoffs, min_size=size, max_size=size), min_size=n, max_size=n))
    return NormalForm([np.array(one, dtype=float).reshape(shape) for one in cells])


def random_game(seed: int, shape: tuple[int, ...]) -> NormalForm:
    """Return a game with payoffs uniform on [0, 1), the same for the same seed."""
    return NormalForm(list(np.random.default_rng(seed).random((len(shape), *shape))))


@st.composite
def perfect_information_games(draw: st.DrawFn, players: int = 2, depth: int = 3) -> ExtensiveForm:
    """Draw a tree of perfect information with chance and whole payoffs."""

    def node(level: int) -> Node:
        kind = draw(st.sampled_from(["terminal", "chance", "decision", "decision"])) if level else "terminal"
        if kind == "terminal":
            return Terminal([float(draw(whole_payoffs)) for _ in range(players)])
        names = ["a", "b", "c"][: draw(st.integers(1, 3))]
        if kind == "chance":
            weights = [draw(st.integers(1, 4)) for _ in names]
            return Chance({m: (w / sum(weights), node(level - 1)) for m, w in zip(names, weights, strict=True)})
        return Decision(f"player {draw(st.integers(1, players))}", {m: node(level - 1) for m in names})

    return ExtensiveForm(node(depth), players=[f"player {i + 1}" for i in range(players)])


@st.composite
def signalling_games(draw: st.DrawFn) -> ExtensiveForm:
    """Draw a game of two types, two messages and two answers to each message, with random payoffs and prior."""
    prior = draw(st.integers(1, 4)) / 5

    def answer(message: str) -> Decision:
        payoffs = [[float(draw(whole_payoffs)) for _ in range(2)] for _ in range(2)]
        return Decision("receiver", {"l": Terminal(payoffs[0]), "r": Terminal(payoffs[1])}, information=message)

    def sender(kind: str) -> Decision:
        return Decision("sender", {"up": answer("up"), "down": answer("down")}, information=kind)

    return ExtensiveForm(
        Chance({"strong": (prior, sender("strong")), "weak": (1 - prior, sender("weak"))}),
        players=["sender", "receiver"],
    )


def centipede(payoffs: list[tuple[float, float]], end: tuple[float, float]) -> ExtensiveForm:
    """Return the centipede game: the players A and B in turn take, with the payoffs given, or pass."""
    node: Node = Terminal(end)
    for k in reversed(range(len(payoffs))):
        node = Decision("AB"[k % 2], {"take": Terminal(payoffs[k]), "pass": node})
    return ExtensiveForm(node, players=["A", "B"])


def stripped_down_poker() -> ExtensiveForm:
    """Return the card game of Reiley, Urbancic and Walker (2008): professor with ace or two, student calls or folds."""

    def raised(sign: float) -> Decision:
        moves = {"call": Terminal([2 * sign, -2 * sign]), "fold": Terminal([1, -1])}
        return Decision("student", moves, information="a raise")

    def professor(card: str, sign: float) -> Decision:
        return Decision("professor", {"raise": raised(sign), "fold": Terminal([-1, 1])}, information=card)

    return ExtensiveForm(
        Chance({"ace": (0.5, professor("ace", 1.0)), "two": (0.5, professor("two", -1.0))}),
        players=["professor", "student"],
        title="stripped-down poker",
    )


def largest_gap(a: object, b: object) -> float:
    """Return the largest difference between two profiles, probability by probability."""
    return max(float(np.abs(np.subtract(x, y)).max()) for x, y in zip(a, b, strict=True))  # type: ignore[call-overload]


def flat(cells: str, players: int, shape: tuple[int, ...]) -> list[NDArray[np.float64]]:
    """Return payoff arrays of a list of payoffs in the order of .nfg files: player 1's strategy varies fastest."""
    table = np.array(cells.replace("/", " ").split(), dtype=float).reshape(-1, players)
    return [table[:, i].reshape(shape, order="F") for i in range(players)]
