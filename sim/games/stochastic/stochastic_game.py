r"""Stochastic games: players move at once, are paid, and the state changes (Shapley 1953).

In state :math:`x` each player chooses a move; the joint move :math:`a` pays :math:`u_i(x, a)` and leads to state
:math:`x'` with probability :math:`P(x' \mid x, a)`. Numbers of moves may differ between states and players; a player
with one move has nothing to decide, so games in which one moves at a time are the special case.

Joint moves of a state are numbered with the *last* player's move running fastest, as in a C-ordered array of shape
(moves of 1, ..., moves of N). Values are averages per period, :math:`(1-\delta_i) E\sum_t \delta_i^t u_i`, wherever a
horizon is infinite.

References
----------
Shapley, L. S. (1953). Stochastic games. Proceedings of the National Academy of Sciences 39, 1095-1100.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import GameError
from sim.games.numerics.arguments import Floats, Integers, payoff_array
from sim.games.stochastic.transitions import Transitions
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True, eq=False)
class StochasticGame(NotebookTable):
    """A finite stochastic game with sparse transitions.

    Attributes
    ----------
    players, states : tuple of str
        Names.
    moves : tuple
        ``moves[state][player]`` is the tuple of that player's move names in that state.
    sizes : ndarray of int, shape (states, players)
        Numbers of moves.
    first_profile : ndarray of int, shape (states + 1,)
        Where the joint moves of each state begin.
    payoffs : ndarray, shape (joint moves, players)
        Payoffs of all joint moves of all states.
    transitions : Transitions
        One row for each joint move.
    """

    players: tuple[str, ...]
    states: tuple[str, ...]
    moves: tuple[tuple[tuple[str, ...], ...], ...]
    sizes: Integers
    first_profile: Integers
    payoffs: Floats
    transitions: Transitions

    @classmethod
    def from_arrays(
        cls,
        payoffs: Sequence[npt.ArrayLike] | npt.ArrayLike,
        transitions: Any,
        players: Sequence[str] | None = None,
        states: Sequence[str] | None = None,
        moves: Sequence[Sequence[Sequence[str]]] | None = None,
    ) -> StochasticGame:
        """Build a game from one payoff array and one transition array per state.

        Parameters
        ----------
        payoffs : sequence of array_like
            For each state an array of shape (players, moves of 1, ..., moves of N).
        transitions : sequence of array_like, or a sparse matrix, or Transitions
            For each state an array of shape (moves of 1, ..., moves of N, states); or one matrix (joint moves of all
            states, states), dense or scipy.sparse.
        players, states : sequence of str, optional
            Names; numbers from 1 if omitted.
        moves : nested sequence of str, optional
            ``moves[state][player]``, names; numbers from 1 if omitted.

        Returns
        -------
        StochasticGame

        Raises
        ------
        GameError
            If payoffs are not finite, a move set is empty, or a joint move has no distribution over next states.

        Examples
        --------
        >>> game = StochasticGame.from_arrays([[[1.0, 0.0]], [[2.0]]], [[[0, 1], [1, 0]], [[0, 1]]])
        >>> len(game.states), game.payoffs.ravel().tolist()
        (2, [1.0, 0.0, 2.0])
        """
        tables = [payoff_array(f"payoffs[{s}]", table) for s, table in enumerate(_sequence("payoffs", payoffs))]
        if not tables:
            raise GameError("payoffs: found no state, expected at least one")
        count = tables[0].shape[0]
        for s, table in enumerate(tables):
            if table.ndim != count + 1 or table.shape[0] != count:
                raise GameError(
                    f"payoffs[{s}]: found shape {table.shape}, expected ({count}, moves of player 1, ..., moves of "
                    f"player {count}): one payoff array per player"
                )
        flat = np.concatenate([table.reshape(count, -1).T for table in tables])
        shapes = [table.shape[1:] for table in tables]
        names = [[[str(a + 1) for a in range(n)] for n in shape] for shape in shapes] if moves is None else moves
        return cls.from_flat(
            [str(i + 1) for i in range(count)] if players is None else players,
            [str(s + 1) for s in range(len(tables))] if states is None else states,
            names,
            flat,
            _transitions(transitions, shapes),
        )

    @classmethod
    def from_flat(
        cls,
        players: Sequence[str],
        states: Sequence[str],
        moves: Sequence[Sequence[Sequence[str]]],
        payoffs: npt.ArrayLike,
        transitions: Transitions,
    ) -> StochasticGame:
        """Build a game from flat arrays with one row for each joint move of each state in turn.

        Parameters
        ----------
        players, states : sequence of str
            Distinct names.
        moves : nested sequence of str
            ``moves[state][player]``, distinct names.
        payoffs : array_like, shape (joint moves, players)
        transitions : Transitions
            As many rows.

        Returns
        -------
        StochasticGame

        Raises
        ------
        GameError
            If anything does not fit.
        """
        who, where = tuple(map(str, players)), tuple(map(str, states))
        if not who or len(set(who)) != len(who) or not where or len(set(where)) != len(where):
            raise GameError(
                "players, states: found none or a repeated name, expected at least one of each, all distinct"
            )
        if len(moves) != len(where) or any(len(row) != len(who) for row in moves):
            raise GameError(f"moves: expected one list of moves for each of {len(where)} states and {len(who)} players")
        named = tuple(tuple(tuple(map(str, options)) for options in row) for row in moves)
        for state, row in zip(where, named, strict=True):
            for player, options in zip(who, row, strict=True):
                if not options or len(set(options)) != len(options):
                    raise GameError(
                        f"moves: found {list(options)} for player {player!r} in state {state!r}, "
                        "expected at least one move and no name twice"
                    )
        sizes = np.array([[len(options) for options in row] for row in named], dtype=np.int64)
        first = np.concatenate(([0], np.cumsum([math.prod(row) for row in sizes.tolist()]))).astype(np.int64)
        table = payoff_array("payoffs", payoffs, 2)
        if table.shape != (int(first[-1]), len(who)):
            raise GameError(f"payoffs: found shape {table.shape}, expected {(int(first[-1]), len(who))}")
        if transitions.rows != len(table) or transitions.states != len(where):
            raise GameError(
                f"transitions: found {transitions.rows} rows over {transitions.states} states, "
                f"expected {len(table)} over {len(where)}"
            )
        for array in (sizes, first, table):
            array.setflags(write=False)
        return cls(who, where, named, sizes, first, table, transitions)

    def profiles(self, state: int) -> Iterator[tuple[int, tuple[int, ...]]]:
        """Yield the row and the moves of each joint move of a state, in order.

        Examples
        --------
        >>> game = StochasticGame.from_arrays([[[[1, 2]], [[3, 4]]]], [[[[1], [1]]]])
        >>> list(game.profiles(0))
        [(0, (0, 0)), (1, (0, 1))]
        """
        start = int(self.first_profile[state])
        for offset, joint in enumerate(product(*(range(int(n)) for n in self.sizes[state]))):
            yield start + offset, joint

    def first_moves(self) -> Integers:
        """Return where the moves of each (state, player) begin in a flat vector of strategies, and its length last.

        Returns
        -------
        ndarray of int, shape (states * players + 1,)
        """
        return np.concatenate(([0], np.cumsum(self.sizes.ravel()))).astype(np.int64)


def _sequence(name: str, value: Any) -> list[Any]:
    try:
        return list(value)
    except TypeError:
        raise GameError(f"{name}: found {value!r}, expected one array for each state") from None


def _transitions(given: Any, shapes: list[tuple[int, ...]]) -> Transitions:
    if isinstance(given, Transitions):
        return given
    if hasattr(given, "tocsr"):
        return Transitions.from_matrix(given)
    parts = _sequence("transitions", given)
    rows = sum(math.prod(shape) for shape in shapes)
    if len(parts) == rows and all(np.ndim(part) == 1 for part in parts) and len(parts) != len(shapes):
        return Transitions.from_matrix(parts)
    if len(parts) != len(shapes):
        raise GameError(f"transitions: found {len(parts)} arrays, expected one for each of {len(shapes)} states")
    blocks = []
    for s, (part, shape) in enumerate(zip(parts, shapes, strict=True)):
        block = payoff_array(f"transitions[{s}]", part)
        if block.shape != (*shape, len(shapes)):
            raise GameError(f"transitions[{s}]: found shape {block.shape}, expected {(*shape, len(shapes))}")
        blocks.append(block.reshape(-1, len(shapes)))
    return Transitions.from_matrix(np.concatenate(blocks))
