r"""The tree of an extensive game as arrays in preorder.

Node 0 is the root, every node stands before the nodes below it, and the nodes below x are x + 1, ..., ``end[x]`` - 1.
Behaviour is one row of numbers, the moves of all information sets one after another; ``slot[x]`` is the place in that
row of the move that leads to node x, so the probability of the edge into x is ``p[slot[x]]``, or ``chance[x]`` after a
chance node. A player's **own sequence** at a node is the chain of (information set, move) that it has played so far.

Source: Kuhn, H. (1953), Extensive games and the problem of information; von Stengel, B. (1996), Efficient computation
of behavior strategies, Games and Economic Behavior 14, 220-246 (sequences).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.errors import GameError
from sim.games.finite.tree_passes import path_sums

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

CHANCE = -1
TERMINAL = -2
MAX_NODES = 1_000_000
LARGEST_PAYOFF = 1e100


@dataclass(frozen=True, slots=True)
class InformationSet:
    """Nodes between which a player cannot tell.

    Attributes
    ----------
    player : int
        Index of the player who moves.
    name : str
        Player's name, a dot, and the label, or a number if there is none: different for every set.
    label : str
        As given, possibly empty.
    moves : tuple of str
        Names of the moves.
    nodes : tuple of int
        In preorder.
    """

    player: int
    name: str
    label: str
    moves: tuple[str, ...]
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class GameTree:
    """The arrays; all read-only.

    Attributes
    ----------
    players : tuple of str
    parent, move : ndarray of int, shape (n,)
        Node above and which of its moves leads here; -1 at the root.
    owner : ndarray of int, shape (n,)
        Player who moves, or `CHANCE` or `TERMINAL`.
    chance : ndarray, shape (n,)
        Probability of the edge into the node if it comes from chance, else 1.
    payoffs : ndarray, shape (n, N)
        Collected on arriving at the node.
    information : ndarray of int, shape (n,)
        Index of the information set, -1 at other nodes.
    end : ndarray of int, shape (n,)
        One past the last node below.
    slot : ndarray of int, shape (n,)
        Place of the move that leads here in a row of behaviour, -1 after chance and at the root.
    labels : tuple of tuple of str
        Names of the moves at each node.
    information_sets : tuple of InformationSet
        Player by player, in the order of their first nodes.
    offsets : ndarray of int, shape (H + 1,)
        Where each information set's moves begin in a row of behaviour.
    sequence : ndarray of int, shape (n, N)
        Each player's own sequence at the node, as a number; 0 is the empty one.
    sequence_slot, sequence_before : ndarray of int
        For each sequence its last move (a slot) and the sequence before it; -1 for the empty one.
    title : str
        For printing and files.
    """

    players: tuple[str, ...]
    parent: Indices
    move: Indices
    owner: Indices
    chance: Array
    payoffs: Array
    information: Indices
    end: Indices
    slot: Indices
    labels: tuple[tuple[str, ...], ...]
    information_sets: tuple[InformationSet, ...]
    offsets: Indices
    sequence: Indices
    sequence_slot: Indices
    sequence_before: Indices
    title: str = ""

    @classmethod
    def build(
        cls,
        players: Sequence[str],
        parent: Sequence[int],
        move: Sequence[int],
        owner: Sequence[int],
        chance: Sequence[float],
        payoffs: Array,
        keys: Sequence[str | None],
        labels: Sequence[tuple[str, ...]],
        set_labels: Sequence[str] | None = None,
        title: str = "",
    ) -> GameTree:
        """Group nodes into information sets and derive the remaining arrays.

        Parameters
        ----------
        players, parent, move, owner, chance, payoffs, labels
            As the attributes, in preorder.
        keys : sequence of str or None
            Decisions of a player with the same key form one information set; None stands alone.
        set_labels : sequence of str, optional
            Label of each node's information set; the key by default.
        title : str

        Returns
        -------
        GameTree

        Raises
        ------
        GameError
            If the moves differ within an information set.
        """
        groups: dict[tuple[int, str], list[int]] = {}
        for x, (who, key) in enumerate(zip(owner, keys, strict=True)):
            if who >= 0:
                groups.setdefault((who, f"\0{x}" if key is None else key), []).append(x)
        ranked = sorted(groups.items(), key=lambda item: (item[0][0], item[1][0]))
        information = np.full(len(parent), -1, dtype=np.int64)
        sets: list[InformationSet] = []
        taken: set[str] = set()
        counts = [0] * len(players)
        for (who, key), nodes in ranked:
            counts[who] += 1
            moves = labels[nodes[0]]
            for x in nodes[1:]:
                if labels[x] != moves:
                    raise GameError(
                        f"information set {key!r} of player {players[who]!r}: found moves {list(labels[x])} at one "
                        f"node and {list(moves)} at another, expected the same moves in the same order"
                    )
            label = ("" if key.startswith("\0") else key) if set_labels is None else set_labels[nodes[0]]
            name = f"{players[who]}.{label or counts[who]}"
            while name in taken:
                name += "'"
            taken.add(name)
            information[nodes] = len(sets)
            sets.append(InformationSet(who, name, label, moves, tuple(nodes)))
        above, taken_move = np.array(parent, dtype=np.int64), np.array(move, dtype=np.int64)
        offsets = np.concatenate([[0], np.cumsum([len(h.moves) for h in sets])]).astype(np.int64)
        slot = np.full(len(parent), -1, dtype=np.int64)
        inner = above >= 0
        inner[inner] = information[above[inner]] >= 0
        slot[inner] = offsets[information[above[inner]]] + taken_move[inner]
        sequence, last, before = _own_sequences(len(players), parent, owner, slot)
        tree = cls(
            players=tuple(players),
            parent=above,
            move=taken_move,
            owner=np.array(owner, dtype=np.int64),
            chance=np.array(chance, dtype=np.float64),
            payoffs=np.array(payoffs, dtype=np.float64),
            information=information,
            end=_ends(parent),
            slot=slot,
            labels=tuple(labels),
            information_sets=tuple(sets),
            offsets=offsets,
            sequence=sequence,
            sequence_slot=last,
            sequence_before=before,
            title=title,
        )
        if not np.abs(tree.payoffs).max() <= LARGEST_PAYOFF:
            raise GameError(f"found a payoff larger than {LARGEST_PAYOFF:g} in size; choose larger units")
        for array in (tree.parent, tree.move, tree.owner, tree.information, tree.end, tree.slot, tree.offsets):
            array.setflags(write=False)
        for array in (tree.sequence, tree.sequence_slot, tree.sequence_before):
            array.setflags(write=False)
        tree.chance.setflags(write=False)
        tree.payoffs.setflags(write=False)
        return tree

    @property
    def has_perfect_information(self) -> bool:
        """Whether every information set is a single node."""
        return all(len(h.nodes) == 1 for h in self.information_sets)

    @property
    def has_perfect_recall(self) -> bool:
        """Whether no player ever forgets what it did or knew."""
        return not self.forgetful()

    @property
    def payoff_range(self) -> float:
        """The largest difference between two total payoffs of the same player."""
        ends = self.total_payoffs()[self.owner == TERMINAL]
        return float((ends.max(axis=0) - ends.min(axis=0)).max())

    def total_payoffs(self) -> Array:
        """Return the payoffs collected from the root to each node, shape (n, N)."""
        return np.asarray(path_sums(self.parent, self.payoffs))

    def edges(self, behavior: Array) -> Array:
        """Return the probability of the edge into each node, shape (n,)."""
        return np.where(self.slot >= 0, behavior[self.slot], self.chance) if len(behavior) else self.chance

    def forgetful(self) -> tuple[int, ...]:
        """Return the information sets whose nodes the player could tell apart by its own past."""
        return tuple(
            h
            for h, one in enumerate(self.information_sets)
            if len({int(s) for s in self.sequence[list(one.nodes), one.player]}) > 1
        )

    def forgetful_names(self) -> tuple[str, ...]:
        """Return the names of the information sets at which perfect recall fails."""
        return tuple(self.information_sets[h].name for h in self.forgetful())

    def absent_minded(self) -> tuple[int, ...]:
        """Return the information sets that a history can pass twice."""
        owner_set = np.repeat(np.arange(len(self.information_sets)), np.diff(self.offsets))
        passed_twice = []
        for h in self.forgetful():
            one = self.information_sets[h]
            for x in one.nodes:
                sequence = int(self.sequence[x, one.player])
                while sequence > 0 and owner_set[self.sequence_slot[sequence]] != h:
                    sequence = int(self.sequence_before[sequence])
                if sequence > 0:
                    passed_twice.append(h)
                    break
        return tuple(passed_twice)

    def subgame_roots(self) -> tuple[int, ...]:
        """Return the nodes with no information set that lies partly inside and partly outside what is below them."""
        n = len(self.parent)
        first, last = np.arange(n), np.arange(n)
        for one in self.information_sets:
            first[list(one.nodes)], last[list(one.nodes)] = one.nodes[0], one.nodes[-1]
        for x in range(n - 1, 0, -1):
            above = self.parent[x]
            first[above] = min(first[above], first[x])
            last[above] = max(last[above], last[x])
        closed = (first >= np.arange(n)) & (last < self.end) & (self.owner != TERMINAL)
        closed[0] = True
        return tuple(int(x) for x in np.flatnonzero(closed))


def _ends(parent: Sequence[int]) -> Indices:
    """Return one past the last node below each node."""
    end = np.arange(1, len(parent) + 1, dtype=np.int64)
    for x in range(len(parent) - 1, 0, -1):
        end[parent[x]] = max(end[parent[x]], end[x])
    return end


def _own_sequences(
    players: int, parent: Sequence[int], owner: Sequence[int], slot: Indices
) -> tuple[Indices, Indices, Indices]:
    """Give every chain of own moves a number: 0 is the empty one, each other is a shorter one and a last move."""
    numbers: dict[tuple[int, int], int] = {}
    last, before = [-1], [-1]
    sequence = np.zeros((len(parent), players), dtype=np.int64)
    for x in range(1, len(parent)):
        above = parent[x]
        sequence[x] = sequence[above]
        who = owner[above]
        if who >= 0:
            key = (int(sequence[above, who]), int(slot[x]))
            if key not in numbers:
                numbers[key] = len(last)
                last.append(key[1])
                before.append(key[0])
            sequence[x, who] = numbers[key]
    return sequence, np.array(last, dtype=np.int64), np.array(before, dtype=np.int64)
