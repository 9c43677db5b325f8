r"""Conflicts in option form: who can do what, which states that makes, and who prefers which.

Each side holds options that it takes (``Y``) or not (``N``). A state is one letter per option, such as ``"YNNYN"``;
a pattern is the same with ``-`` for either. Some combinations are infeasible, some make no difference and count as one
state, some options cannot be taken back. A side moves between states by changing its own options only (graph model for
conflict resolution). Preferences are ordinal: a rank for each state, ties allowed.

References
----------
Howard, N. (1971). Paradoxes of Rationality: Theory of Metagames and Political Behavior. MIT Press.
Fang, L., Hipel, K. W. and Kilgour, D. M. (1993). Interactive Decision Making: The Graph Model for Conflict
Resolution. Wiley.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from sim.errors import GameError
from sim.games.numerics.arguments import Floats, payoff_array
from sim.notebook_table import NotebookTable

_MOST_OPTIONS = 16


@dataclass(frozen=True, slots=True, eq=False)
class Conflict(NotebookTable):
    """A graph model: states, unilateral moves and ordinal preferences.

    Attributes
    ----------
    players, states : tuple of str
        Names.
    moves : tuple
        ``moves[player][state]`` is the sorted tuple of states that the player can move to from there by itself.
    ranks : ndarray, shape (players, states)
        Preferences: larger is better, equal is indifferent; only the order matters.
    """

    players: tuple[str, ...]
    states: tuple[str, ...]
    moves: tuple[tuple[tuple[int, ...], ...], ...]
    ranks: Floats

    @classmethod
    def from_moves(
        cls,
        players: Sequence[str],
        states: Sequence[str],
        moves: Sequence[Mapping[str, Sequence[str]]],
        preferences: Sequence[Sequence[str | Sequence[str]]],
    ) -> Conflict:
        """Build a conflict from lists of moves.

        Parameters
        ----------
        players, states : sequence of str
            Distinct names.
        moves : sequence of mapping
            For each player the states it can move to from a state; states not named have none.
        preferences : sequence of sequence
            For each player all states from best to worst; a group (list or tuple) of states is a tie.

        Returns
        -------
        Conflict

        Raises
        ------
        GameError
            If a name is unknown or repeated, or a ranking leaves a state out.

        Examples
        --------
        >>> chicken = Conflict.from_moves(
        ...     ["a", "b"], ["CC", "DC", "CD", "DD"],
        ...     [{"CC": ["DC"], "DC": ["CC"], "CD": ["DD"], "DD": ["CD"]},
        ...      {"CC": ["CD"], "CD": ["CC"], "DC": ["DD"], "DD": ["DC"]}],
        ...     [["DC", "CC", "CD", "DD"], ["CD", "CC", "DC", "DD"]])
        >>> chicken.moves[0]
        ((1,), (0,), (3,), (2,))
        """
        who, where = tuple(map(str, players)), tuple(map(str, states))
        if not who or len(set(who)) != len(who) or not where or len(set(where)) != len(where):
            raise GameError(
                "players, states: found none or a repeated name, expected at least one of each, all distinct"
            )
        if len(moves) != len(who) or len(preferences) != len(who):
            raise GameError(f"moves, preferences: found {len(moves)} and {len(preferences)}, expected {len(who)}")
        number = {name: s for s, name in enumerate(where)}

        def find(name: str) -> int:
            if name not in number:
                raise GameError(f"state {name!r}: not one of {', '.join(where)}")
            return number[name]

        reach = []
        for table in moves:
            row: list[tuple[int, ...]] = [()] * len(where)
            for start, goals in table.items():
                row[find(start)] = tuple(sorted({find(goal) for goal in goals} - {find(start)}))
            reach.append(tuple(row))
        ranks = np.array([_ranks(player, order, find, where) for player, order in zip(who, preferences, strict=True)])
        ranks.setflags(write=False)
        return cls(who, where, tuple(reach), ranks)

    @classmethod
    def from_options(
        cls,
        options: Mapping[str, Sequence[str]],
        preferences: Mapping[str, Sequence[str | Sequence[str]]],
        infeasible: Sequence[str] = (),
        same: Sequence[str] = (),
        irreversible: Sequence[str] = (),
    ) -> Conflict:
        """Build a conflict from options, infeasible patterns and rankings.

        Parameters
        ----------
        options : mapping of str to sequence of str
            Each player's options in the order of the letters of a state; names are distinct across players.
        preferences : mapping of str to sequence
            For each player all states from best to worst, as patterns: a pattern stands for all states that it matches
            and that no earlier pattern of the ranking did; they tie. States that no pattern matches tie for worst.
        infeasible : sequence of str
            Patterns of combinations that cannot be.
        same : sequence of str
            Patterns whose states count as one state, named by the pattern; they are feasible.
        irreversible : sequence of str
            Options that cannot be taken back (no change from Y to N).

        Returns
        -------
        Conflict
            States are in the order in which the first option's letter changes fastest, N before Y.

        Raises
        ------
        GameError
            If a pattern or name does not fit, or nothing is feasible.

        Examples
        --------
        >>> talks = Conflict.from_options(
        ...     {"gov": ["release"], "rebels": ["fight"]},
        ...     {"gov": ["NN", "YN", "NY", "YY"], "rebels": ["YY", "YN", "NY", "NN"]},
        ...     irreversible=["release"])
        >>> talks.states, talks.moves[0]
        (('NN', 'YN', 'NY', 'YY'), ((1,), (), (3,), ()))
        """
        who = tuple(map(str, options))
        owner = [player for player in who for _ in options[player]]
        names = [str(option) for player in who for option in options[player]]
        if not names or len(set(names)) != len(names):
            raise GameError("options: found none or a repeated name, expected distinct options")
        if len(names) > _MOST_OPTIONS:
            raise GameError(
                f"options: found {len(names)}, expected at most {_MOST_OPTIONS}: the states double with each"
            )
        if set(preferences) != set(who):
            raise GameError(f"preferences: found {sorted(preferences)}, expected one ranking for each of {sorted(who)}")
        for pattern in (*infeasible, *same):
            _check(pattern, len(names))
        for option in irreversible:
            if option not in names:
                raise GameError(f"irreversible: found {option!r}, expected one of {', '.join(names)}")
        fixed = [name in set(irreversible) for name in names]
        label: dict[str, str] = {}
        for reverse in product("NY", repeat=len(names)):
            letters = "".join(reversed(reverse))
            merged = next((pattern for pattern in same if matches(pattern, letters)), None)
            if merged is not None:
                label[letters] = merged
            elif not any(matches(pattern, letters) for pattern in infeasible):
                label[letters] = letters
        states = list(dict.fromkeys(label.values()))
        if not states:
            raise GameError("infeasible: found that no state is left, expected at least one feasible state")
        reach: list[dict[str, set[str]]] = [{} for _ in who]
        for start in label:
            for i, player in enumerate(who):
                own = [k for k, holder in enumerate(owner) if holder == player]
                for choice in product("NY", repeat=len(own)):
                    goal = list(start)
                    for k, letter in zip(own, choice, strict=True):
                        goal[k] = letter
                    taken_back = any(fixed[k] and start[k] == "Y" and goal[k] == "N" for k in own)
                    after = label.get("".join(goal))
                    if after is not None and not taken_back and after != label[start]:
                        reach[i].setdefault(label[start], set()).add(after)
        rankings = [_by_patterns(player, preferences[player], states, len(names)) for player in who]
        moves = [{start: sorted(goals) for start, goals in table.items()} for table in reach]
        return cls.from_moves(who, states, moves, rankings)

    def with_ranks(self, ranks: npt.ArrayLike) -> Conflict:
        """Return the same conflict with other preferences.

        Parameters
        ----------
        ranks : array_like, shape (players, states)
            Larger is better.

        Returns
        -------
        Conflict

        Raises
        ------
        GameError
            If the shape does not fit or an entry is not finite.
        """
        table = payoff_array("ranks", ranks, 2)
        if table.shape != self.ranks.shape:
            raise GameError(f"ranks: found shape {table.shape}, expected {self.ranks.shape}")
        table.setflags(write=False)
        return Conflict(self.players, self.states, self.moves, table)

    def improvements(self, player: int, state: int) -> tuple[int, ...]:
        """Return the states a player can move to by itself and prefers."""
        rank = self.ranks[player]
        return tuple(goal for goal in self.moves[player][state] if rank[goal] > rank[state])

    def others_reach(self, player: int, state: int, *, improving: bool) -> frozenset[int]:
        """Return the states that the others can reach together from a state.

        Parameters
        ----------
        player : int
            The one that does not move.
        state : int
            Where they start.
        improving : bool
            Whether each move must improve the mover's own lot.

        Returns
        -------
        frozenset of int
            After one or more moves, in which nobody moves twice in a row (Fang, Hipel and Kilgour 1993, ch. 3).
        """
        seen: set[tuple[int, int]] = set()
        frontier = [(state, player)]
        while frontier:
            here, last = frontier.pop()
            for mover in range(len(self.players)):
                if mover in (player, last):
                    continue
                goals = self.improvements(mover, here) if improving else self.moves[mover][here]
                for goal in goals:
                    if (goal, mover) not in seen:
                        seen.add((goal, mover))
                        frontier.append((goal, mover))
        return frozenset(goal for goal, _ in seen)

    def index(self, state: int | str) -> int:
        """Return the number of a state given by number or name.

        Raises
        ------
        GameError
            If there is no such state.
        """
        if isinstance(state, str):
            if state not in self.states:
                raise GameError(f"state: found {state!r}, expected one of {', '.join(self.states)}")
            return self.states.index(state)
        if not 0 <= state < len(self.states):
            raise GameError(f"state: found {state}, expected a number from 0 to {len(self.states) - 1}")
        return state


def matches(pattern: str, letters: str) -> bool:
    """Return whether a pattern of Y, N and - fits a state.

    Examples
    --------
    >>> matches("Y-N", "YYN"), matches("Y-N", "YYY")
    (True, False)
    """
    return all(p in ("-", s) for p, s in zip(pattern, letters, strict=True))


def _check(pattern: str, length: int) -> None:
    if len(pattern) != length or set(pattern) - set("YN-"):
        raise GameError(f"pattern: found {pattern!r}, expected {length} letters of Y, N and -")


def _by_patterns(
    player: str, order: Sequence[str | Sequence[str]], states: list[str], length: int
) -> list[str | Sequence[str]]:
    left = list(states)
    groups: list[str | Sequence[str]] = []
    for entry in order:
        patterns = [entry] if isinstance(entry, str) else list(entry)
        for pattern in patterns:
            _check(pattern, length)
        group = [s for s in left if any(p == s or ("-" not in s and matches(p, s)) for p in patterns)]
        if not group:
            raise GameError(f"preferences of {player!r}: found {entry!r}, which matches no state that is left")
        groups.append(group)
        left = [s for s in left if s not in group]
    return [*groups, left] if left else groups


def _ranks(player: str, order: Sequence[str | Sequence[str]], find: object, states: tuple[str, ...]) -> Floats:
    assert callable(find)
    ranks = np.full(len(states), np.nan)
    for place, entry in enumerate(order):
        for name in [entry] if isinstance(entry, str) else entry:
            state = find(name)
            if not np.isnan(ranks[state]):
                raise GameError(f"preferences of {player!r}: found {name!r} twice, expected each state once")
            ranks[state] = len(order) - place
    if np.isnan(ranks).any():
        missing = states[int(np.flatnonzero(np.isnan(ranks))[0])]
        raise GameError(f"preferences of {player!r}: {missing!r} is missing, expected every state from best to worst")
    return ranks
