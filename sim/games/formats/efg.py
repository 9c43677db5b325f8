r"""Games in extensive form as text in Gambit's .efg format.

After ``EFG 2 R`` come the title, the players and optionally a comment; then the nodes in preorder, each of

* ``c "name" set "set's name" { "move" p ... } outcome``: chance,
* ``p "name" player set "set's name" { "move" ... } outcome``: a decision,
* ``t "name" outcome``: the end of a history,

where an outcome is a number, 0 for none, that is followed where it is first used by its name and payoffs
``"name" { 1, -1 }``. The name and moves of an information set may be left out after its first use, and so may the name
and payoffs of an outcome. Players and information sets are numbered from 1; the sets of each player (and of chance) on
their own.

Source: Gambit, Game representation formats, https://gambitproject.readthedocs.io/en/latest/formats.html
"""

from __future__ import annotations

import math
from fractions import Fraction
from os import PathLike

import numpy as np
from numpy.typing import NDArray

from sim.games.finite.game_tree import CHANCE, MAX_NODES, TERMINAL, GameTree
from sim.games.finite.payoff_table import MAX_PLAYERS
from sim.games.formats.game_text import GameText, distinct_names, exact_number, opened, quoted
from sim.games.formats.nfg import written

MOST_MOVES = 100_000
MOST_PAYOFFS = 20_000_000


class _Reader:
    """Reads nodes one after another; nothing is recursive, so depth is bounded by the number of nodes only."""

    def __init__(self, words: GameText) -> None:
        self.words = words
        words.word("EFG")
        words.whole("format version", 2, 2)
        words.word("R", "D")
        self.title = words.text("the title")
        self.players = distinct_names(words.texts("player names", 1, MAX_PLAYERS))
        if words.token.kind == "text":
            words.advance()
        self.outcomes: dict[int, NDArray[np.float64]] = {0: np.zeros(len(self.players))}
        self.moves: dict[tuple[int, int], tuple[str, ...]] = {}
        self.names: dict[tuple[int, int], str] = {}
        self.chances: dict[int, tuple[float, ...]] = {}

    def tree(self) -> GameTree:
        """Read all nodes."""
        parent: list[int] = []
        move: list[int] = []
        owner: list[int] = []
        chance: list[float] = []
        payoffs: list[NDArray[np.float64]] = []
        keys: list[str | None] = []
        labels: list[tuple[str, ...]] = []
        set_labels: list[str] = []
        open_nodes: list[list[int]] = []
        while True:
            node = len(parent)
            if node == MAX_NODES or node * len(self.players) > MOST_PAYOFFS:
                self.words.fail(f"a tree of at most {MAX_NODES} nodes and {MOST_PAYOFFS} payoffs")
            above, taken = (open_nodes[-1][0], open_nodes[-1][1]) if open_nodes else (-1, -1)
            parent.append(above)
            move.append(taken)
            chance.append(1.0 if above < 0 or owner[above] != CHANCE else self.chances[int(keys[above] or 0)][taken])
            kind = self.words.word("c", "p", "t")
            self.words.text("the name of the node")
            who, number = TERMINAL, 0
            if kind == "c":
                who, number = CHANCE, self.words.whole("the number of the chance node's information set", 1)
            elif kind == "p":
                who = self.words.whole("the number of the player who moves", 1, len(self.players)) - 1
                number = self.words.whole("the number of the information set", 1)
            owner.append(who)
            labels.append(() if kind == "t" else self._set(who, number))
            keys.append(None if kind == "t" else str(number))
            set_labels.append("" if kind == "t" else self.names[who, number])
            payoffs.append(self._outcome())
            if open_nodes:
                open_nodes[-1][1] += 1
            if kind != "t":
                open_nodes.append([node, 0])
            while open_nodes and open_nodes[-1][1] == len(labels[open_nodes[-1][0]]):
                open_nodes.pop()
            if not open_nodes:
                break
        self.words.ends()
        return GameTree.build(
            self.players, parent, move, owner, chance, np.array(payoffs), keys, labels, set_labels, self.title
        )

    def _set(self, who: int, number: int) -> tuple[str, ...]:
        """Read an information set's name and moves, or recall them."""
        words, key = self.words, (who, number)
        name = words.advance().value if words.token.kind == "text" else None
        if key in self.moves and words.token.kind != "{":
            return self.moves[key]
        start = words.token.position
        if words.token.kind != "{":
            words.fail("{ before the moves of an information set that is used for the first time")
        words.advance()
        moves: list[str] = []
        chances: list[float] = []
        while words.token.kind == "text":
            if len(moves) == MOST_MOVES:
                words.fail(f"at most {MOST_MOVES} moves")
            moves.append(words.advance().value)
            if who == CHANCE:
                at = words.token.position
                chances.append(float(words.number("the probability of the move")))
                if chances[-1] < 0.0:
                    words.fail("a probability of at least 0", position=at, found=f"{chances[-1]:g}")
        words.closes("the moves")
        if not moves:
            words.fail("at least one move", position=start, found="none")
        total = math.fsum(chances)
        if who == CHANCE and abs(total - 1.0) > 1e-9:
            words.fail("chance probabilities that sum to 1", position=start, found=f"a sum of {total:.12g}")
        names = tuple(distinct_names(moves))
        if key in self.moves:
            if self.moves[key] != names or (who == CHANCE and self.chances[number] != tuple(chances)):
                words.fail("the moves with which this information set was introduced", position=start, found="others")
            return self.moves[key]
        self.moves[key] = names
        self.names[key] = name or ""
        if who == CHANCE:
            self.chances[number] = tuple(chances)
        return names

    def _outcome(self) -> NDArray[np.float64]:
        """Read an outcome's number, and its name and payoffs, or recall them."""
        words = self.words
        start = words.token.position
        number = words.whole("the number of the outcome, 0 for none")
        if words.token.kind == "text":
            words.advance()
        if words.token.kind != "{":
            if number not in self.outcomes:
                words.fail("payoffs in braces after the first use of an outcome")
            return self.outcomes[number]
        words.advance()
        given = np.array([float(words.number(f"payoff of player {i + 1}")) for i in range(len(self.players))])
        words.closes(f"the payoffs of {len(self.players)} players")
        if number in self.outcomes and not np.array_equal(self.outcomes[number], given):
            words.fail(f"the payoffs with which outcome {number} was introduced", position=start, found="others")
        self.outcomes[number] = given
        return given


def _chances_to_one(probabilities: list[float]) -> list[str]:
    """Write probabilities so that they sum to exactly 1, as Gambit demands: simple fractions, or exact binary ones."""
    simple = [Fraction(p).limit_denominator(1_000_000) for p in probabilities]
    if sum(simple) != 1 or [float(f) for f in simple] != probabilities:
        simple = [Fraction(p) for p in probabilities]
        largest = max(range(len(simple)), key=lambda k: simple[k])
        simple[largest] += 1 - sum(simple)
    return [str(f) for f in simple]


def read_efg(source: str | PathLike[str]) -> GameTree:
    """Read a game in extensive form.

    Parameters
    ----------
    source : str or path
        A path, or the text itself (a string that starts with ``EFG``).

    Returns
    -------
    GameTree

    Raises
    ------
    GameFileError
        With line and column, if the text is malformed.

    Examples
    --------
    >>> tree = read_efg('EFG 2 R "" { "I" } c "" 1 "" { "a" 1/4 "b" 3/4 } 0 t "" 1 "" { 1 } t "" 2 "" { 2 }')
    >>> tree.chance.tolist()
    [1.0, 0.25, 0.75]
    """
    return _Reader(opened(source, "EFG")).tree()


def write_efg(tree: GameTree, path: str | PathLike[str] | None = None) -> str:
    """Return a game as text, and write it to a file if a path is given.

    Parameters
    ----------
    tree : GameTree
    path : path, optional
        File to write (UTF-8).

    Returns
    -------
    str

    Raises
    ------
    StoreError
        If the file cannot be written.

    Examples
    --------
    >>> from sim.games.finite.tree_nodes import Decision, Terminal, tree_of
    >>> print(write_efg(tree_of(Decision("I", {"a": Terminal([1]), "b": Terminal([0.5])}))))
    EFG 2 R "" { "I" }
    ""
    <BLANKLINE>
    p "" 1 1 "" { "a" "b" } 0
    t "" 1 "1" { 1 }
    t "" 2 "2" { 0.5 }
    <BLANKLINE>
    """
    lines = [f"EFG 2 R {quoted(tree.title)} {{ {' '.join(quoted(p) for p in tree.players)} }}", '""', ""]
    numbers: dict[int, int] = {}
    counts = [0] * len(tree.players)
    for h, one in enumerate(tree.information_sets):
        counts[one.player] += 1
        numbers[h] = counts[one.player]
    chances = outcomes = 0
    after: dict[int, list[float]] = {}
    for x in range(1, len(tree.parent)):
        if tree.owner[tree.parent[x]] == CHANCE:
            after.setdefault(int(tree.parent[x]), []).append(float(tree.chance[x]))
    for x in range(len(tree.parent)):
        outcome = "0"
        if tree.payoffs[x].any() or tree.owner[x] == TERMINAL:
            outcomes += 1
            outcome = f'{outcomes} "{outcomes}" {{ {", ".join(exact_number(u) for u in tree.payoffs[x])} }}'
        moves = [quoted(name) for name in tree.labels[x]]
        if tree.owner[x] == TERMINAL:
            lines.append(f't "" {outcome}')
        elif tree.owner[x] == CHANCE:
            chances += 1
            pairs = " ".join(f"{m} {p}" for m, p in zip(moves, _chances_to_one(after[x]), strict=True))
            lines.append(f'c "" {chances} "" {{ {pairs} }} {outcome}')
        else:
            h = int(tree.information[x])
            label = quoted(tree.information_sets[h].label)
            lines.append(f'p "" {tree.owner[x] + 1} {numbers[h]} {label} {{ {" ".join(moves)} }} {outcome}')
    text = "\n".join(lines) + "\n"
    if path is not None:
        written(text, path)
    return text
