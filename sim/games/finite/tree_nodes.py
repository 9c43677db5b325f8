r"""Nodes from which a game tree is put together in Python, and how they become arrays.

A `Decision` or `Chance` node holds the nodes that its moves lead to, down to the `Terminal` nodes:

    Decision("I", {"out": Terminal([0, 2]), "in": Decision("II", {"fight": ..., "share": ...})})

Nothing here is recursive, so trees may be deep; the number of nodes is bounded, so a node that contains itself is an
error and not an endless loop.

Source: Kuhn, H. (1953), Extensive games and the problem of information, Contributions to the Theory of Games II.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import GameError
from sim.games.finite.game_tree import CHANCE, MAX_NODES, TERMINAL, GameTree


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Terminal:
    """The end of a history.

    Parameters
    ----------
    payoffs : sequence of float
        One per player, in payoff units.

    Examples
    --------
    >>> Terminal([1, -1])
    Terminal((1, -1))
    """

    payoffs: Sequence[float]

    def __repr__(self) -> str:
        return f"Terminal({tuple(self.payoffs)})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Decision:
    """A node at which a player moves.

    Parameters
    ----------
    player : str
        Who moves.
    moves : mapping of str to node
        What each move leads to, in order.
    information : str, optional
        Name of the information set; decisions of the same player with the same name cannot be told apart. Without a
        name the player knows exactly where it is.
    payoffs : sequence of float, optional
        Added to the payoffs of every history through this node.

    Examples
    --------
    >>> Decision("I", {"take": Terminal([1, 0]), "pass": Terminal([0, 2])})
    Decision('I': take, pass)
    """

    player: str
    moves: Mapping[str, Node]
    information: str = ""
    payoffs: Sequence[float] | None = None

    def __repr__(self) -> str:
        return f"Decision({self.player!r}: {', '.join(self.moves)})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Chance:
    """A node at which chance moves.

    Parameters
    ----------
    moves : mapping of str to (float, node)
        Probability and consequence of each move; the probabilities sum to 1.
    payoffs : sequence of float, optional
        Added to the payoffs of every history through this node.

    Examples
    --------
    >>> Chance({"red": (0.5, Terminal([1])), "black": (0.5, Terminal([0]))})
    Chance(red, black)
    """

    moves: Mapping[str, tuple[float, Node]]
    payoffs: Sequence[float] | None = None

    def __repr__(self) -> str:
        return f"Chance({', '.join(self.moves)})"


Node = Terminal | Decision | Chance


def tree_of(root: Node, players: Sequence[str] | None = None, title: str = "") -> GameTree:
    """Turn nested nodes into arrays, without recursion.

    Parameters
    ----------
    root : Terminal, Decision or Chance
    players : sequence of str, optional
        In the order of payoffs; by default in the order in which players appear in the tree.
    title : str, optional
        For printing and files.

    Returns
    -------
    GameTree

    Raises
    ------
    GameError
        If the nodes are no game.

    Examples
    --------
    >>> tree_of(Decision("I", {"a": Terminal([1]), "b": Terminal([2])})).parent.tolist()
    [-1, 0, 0]
    """
    names = _player_names(root, players)
    parent: list[int] = []
    move: list[int] = []
    owner: list[int] = []
    chance: list[float] = []
    payoffs: list[NDArray[np.float64]] = []
    sets: list[str | None] = []
    labels: list[tuple[str, ...]] = []
    waiting: list[tuple[Node, int, int, float]] = [(root, -1, -1, 1.0)]
    while waiting:
        node, above, taken, probability = waiting.pop()
        number = len(parent)
        if number == MAX_NODES:
            raise GameError(
                f"found a tree of more than {MAX_NODES} nodes, expected a smaller one (or one without cycles)"
            )
        parent.append(above)
        move.append(taken)
        chance.append(probability)
        payoffs.append(_node_payoffs(node, len(names), number))
        if isinstance(node, Terminal):
            owner.append(TERMINAL)
            labels.append(())
            sets.append(None)
            continue
        if not node.moves:
            raise GameError(f"found a node without moves ({node!r}), expected at least one move, or a Terminal")
        labels.append(tuple(str(name) for name in node.moves))
        if isinstance(node, Decision):
            owner.append(names.index(node.player))
            sets.append(node.information or None)
            below: list[tuple[Node, float]] = [(child, 1.0) for child in node.moves.values()]
        else:
            owner.append(CHANCE)
            sets.append(None)
            below = [(child, float(p)) for p, child in node.moves.values()]
            checked_chances([p for _, p in below], f"{node!r}")
        for k in range(len(below) - 1, -1, -1):
            waiting.append((below[k][0], number, k, below[k][1]))
    return GameTree.build(names, parent, move, owner, chance, np.array(payoffs), sets, labels, title=title)


def _player_names(root: Node, players: Sequence[str] | None) -> tuple[str, ...]:
    seen: dict[str, None] = {}
    width = count = 0
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        count += 1
        if count > MAX_NODES:
            raise GameError(
                f"found a tree of more than {MAX_NODES} nodes, expected a smaller one (or one without cycles)"
            )
        if isinstance(node, Terminal):
            width = len(node.payoffs)
        elif isinstance(node, Decision):
            seen.setdefault(node.player)
            waiting.extend(reversed(list(node.moves.values())))
        elif isinstance(node, Chance):
            waiting.extend(child for _, child in reversed(list(node.moves.values())))
        else:
            raise GameError(f"found a node of type {type(node).__name__}, expected Terminal, Decision or Chance")
    names = tuple(seen) if players is None else tuple(str(p) for p in players)
    missing = [p for p in seen if p not in names]
    if missing:
        raise GameError(f"players: found no name {missing[0]!r}, who moves in the tree, in {list(names)}")
    if len(set(names)) != len(names):
        raise GameError(f"players: found a name twice in {list(names)}, expected different names")
    if not names or (players is None and width != len(names)):
        raise GameError(
            f"found {len(names)} players who move and payoffs for {width}; give players= with one name per payoff"
        )
    return names


def _node_payoffs(node: Node, players: int, number: int) -> NDArray[np.float64]:
    if node.payoffs is None:
        return np.zeros(players)
    try:
        given = np.array(node.payoffs, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise GameError(f"payoffs of node {number}: found {node.payoffs!r}, expected numbers") from error
    if given.shape != (players,):
        raise GameError(f"payoffs of node {number}: found {node.payoffs!r}, expected {players} numbers, one per player")
    if not np.all(np.isfinite(given)):
        raise GameError(f"payoffs of node {number}: found {given.tolist()}, expected finite numbers")
    return given


def checked_chances(probabilities: Sequence[float], where: str) -> None:
    """Check that the probabilities of a chance node are at least 0 and sum to 1.

    Parameters
    ----------
    probabilities : sequence of float
    where : str
        For the message.

    Raises
    ------
    GameError
        If they do not.

    Examples
    --------
    >>> checked_chances([0.5, 0.5], "the coin")
    """
    total = math.fsum(probabilities)
    if not all(p >= 0.0 for p in probabilities) or not abs(total - 1.0) <= 1e-9:
        raise GameError(
            f"{where}: found chance probabilities {list(probabilities)} with sum {total:g}, expected numbers of at "
            "least 0 that sum to 1"
        )
