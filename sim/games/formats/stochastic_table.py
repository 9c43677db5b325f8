"""A plain table of a stochastic game: one line for each joint move of each state.

::

    # anything after a number sign is a comment
    state | government rebels | payoffs | next
    war   | talk  fight       | -1  0   | war 0.9  peace 0.1
    peace | -     -           |  1  1   | peace 1

The first line names the players in its second column. Each further line gives the state, one move per player, one
payoff per player, and pairs of next state and probability. Names have no blanks, ``|`` or ``#``. States and moves are
numbered in the order in which they appear; lines may come in any order, but each joint move of a state must have
exactly one. Numbers are written so that reading gives back the same floats.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.errors import GameError, GameFileError
from sim.games.formats.game_text import read_game_file
from sim.games.stochastic.stochastic_game import StochasticGame
from sim.games.stochastic.transitions import SUM_TOLERANCE, Transitions

_TOKEN = re.compile(r"[^\s|]+")
_NAME = re.compile(r"[^\s|#]+\Z")


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    state: str
    moves: tuple[str, ...]
    payoffs: tuple[float, ...]
    targets: tuple[_Token, ...]
    chances: tuple[float, ...]


def read_stochastic_table(text: str, file: str = "<string>") -> StochasticGame:
    """Read a stochastic game from the text of a table.

    Parameters
    ----------
    text : str
        The table, as in the module's description.
    file : str
        Its name, for messages.

    Returns
    -------
    StochasticGame

    Raises
    ------
    GameFileError
        At the line and column of the first thing that does not fit.

    Examples
    --------
    >>> table = '''state | ruler | payoffs | next
    ... poor | save | 0 | rich 1
    ... poor | spend | 1 | poor 1
    ... rich | spend | 3 | poor 0.5 rich 0.5'''
    >>> read_stochastic_table(table).states
    ('poor', 'rich')
    """
    lines = [(n, line.split("#", 1)[0]) for n, line in enumerate(text.splitlines(), 1)]
    filled = [(n, line) for n, line in lines if line.strip()]
    if not filled:
        raise GameFileError(file, 1, 1, "found no line, expected the header 'state | players | payoffs | next'")
    players = _header(file, *filled[0])
    rows = [_row(file, n, line, len(players)) for n, line in filled[1:]]
    if not rows:
        raise GameFileError(file, filled[0][0], 1, "found no line after the header, expected one per joint move")
    return _game(file, players, rows)


def load_stochastic_table(path: str | Path) -> StochasticGame:
    """Read a stochastic game from a file.

    Parameters
    ----------
    path : path
        A table in UTF-8.

    Returns
    -------
    StochasticGame

    Raises
    ------
    GameFileError
        At the line and column of the first thing that does not fit, or if the file cannot be read.
    """
    return read_stochastic_table(read_game_file(path, "a table of a stochastic game"), str(path))


def write_stochastic_table(game: StochasticGame) -> str:
    """Write a stochastic game as a table.

    Parameters
    ----------
    game : StochasticGame
        Its names must have no blanks, ``|`` or ``#``.

    Returns
    -------
    str

    Raises
    ------
    GameError
        If a name cannot be written.

    Examples
    --------
    >>> game = StochasticGame.from_arrays([[[1.0, 0.5]]], [[[1], [1]]], states=["s"], players=["p"])
    >>> print(write_stochastic_table(game))
    state | p | payoffs | next
    s | 1 | 1.0 | s 1.0
    s | 2 | 0.5 | s 1.0
    <BLANKLINE>
    """
    every = (*game.players, *game.states, *(m for row in game.moves for options in row for m in options))
    for name in every:
        if not _NAME.match(name):
            raise GameError(f"name {name!r}: found a blank, '|' or '#' (or nothing), expected none of these in a table")
    lines = [f"state | {' '.join(game.players)} | payoffs | next"]
    for s, state in enumerate(game.states):
        for row, joint in game.profiles(s):
            moves = " ".join(game.moves[s][i][a] for i, a in enumerate(joint))
            payoffs = " ".join(repr(float(u)) for u in game.payoffs[row])
            targets, chances = game.transitions.row(row)
            after = " ".join(f"{game.states[t]} {float(p)!r}" for t, p in zip(targets, chances, strict=True))
            lines.append(f"{state} | {moves} | {payoffs} | {after}")
    return "\n".join(lines) + "\n"


def _cells(file: str, number: int, line: str) -> list[list[_Token]]:
    cells: list[list[_Token]] = []
    start = 0
    for part in line.split("|"):
        cells.append([_Token(m.group(), number, start + m.start() + 1) for m in _TOKEN.finditer(part)])
        start += len(part) + 1
    if len(cells) != 4:
        column = len(line.rstrip()) + 1 if len(cells) < 4 else _nth(line, 4) + 1
        raise GameFileError(file, number, column, f"found {len(cells)} columns, expected 4 separated by '|'")
    return cells


def _nth(line: str, count: int) -> int:
    position = -1
    for _ in range(count):
        position = line.index("|", position + 1)
    return position


def _header(file: str, number: int, line: str) -> tuple[str, ...]:
    cells = _cells(file, number, line)
    for cell, word in ((cells[0], "state"), (cells[2], "payoffs"), (cells[3], "next")):
        if [token.text for token in cell] != [word]:
            column = cell[0].column if cell else 1
            found = " ".join(token.text for token in cell) or "nothing"
            raise GameFileError(file, number, column, f"found {found!r}, expected {word!r} in the header")
    if not cells[1]:
        raise GameFileError(file, number, _nth(line, 1) + 2, "found no player, expected the names of all players")
    seen: set[str] = set()
    for token in cells[1]:
        if token.text in seen:
            raise GameFileError(file, number, token.column, f"found the player {token.text!r} twice")
        seen.add(token.text)
    return tuple(token.text for token in cells[1])


def _row(file: str, number: int, line: str, players: int) -> _Row:
    cells = _cells(file, number, line)
    for cell, size, what in ((cells[0], 1, "state"), (cells[1], players, "move"), (cells[2], players, "payoff")):
        if len(cell) != size:
            column = cell[min(size, len(cell) - 1)].column if cell else 1
            raise GameFileError(file, number, column, f"found {len(cell)} {what}s, expected {size}")
    payoffs = tuple(_float(file, token) for token in cells[2])
    pairs = cells[3]
    if not pairs or len(pairs) % 2:
        column = pairs[-1].column if pairs else len(line.rstrip()) + 1
        raise GameFileError(file, number, column, "found no whole pairs, expected pairs of next state and probability")
    chances = []
    for token in pairs[1::2]:
        chance = _float(file, token)
        if not 0.0 <= chance <= 1.0:
            raise GameFileError(file, number, token.column, f"found {token.text}, expected a probability in [0, 1]")
        chances.append(chance)
    if abs(sum(chances) - 1.0) > SUM_TOLERANCE:
        raise GameFileError(file, number, pairs[0].column, f"found a sum of {sum(chances):.9g}, expected probabilities "
                            "of the next states that sum to 1")  # fmt: skip
    moves = tuple(token.text for token in cells[1])
    return _Row(number, cells[0][0].text, moves, payoffs, tuple(pairs[::2]), tuple(chances))


def _float(file: str, token: _Token) -> float:
    try:
        value = float(token.text)
    except ValueError:
        value = float("nan")
    if not np.isfinite(value):
        raise GameFileError(file, token.line, token.column, f"found {token.text!r}, expected a finite number")
    return value


def _game(file: str, players: tuple[str, ...], rows: list[_Row]) -> StochasticGame:
    states = list(dict.fromkeys(row.state for row in rows))
    number = {state: s for s, state in enumerate(states)}
    moves: list[list[list[str]]] = [[[] for _ in players] for _ in states]
    for row in rows:
        for options, move in zip(moves[number[row.state]], row.moves, strict=True):
            if move not in options:
                options.append(move)
    by_profile: dict[tuple[str, tuple[str, ...]], _Row] = {}
    for row in rows:
        key = (row.state, row.moves)
        if key in by_profile:
            raise GameFileError(
                file, row.line, 1, f"found the joint move {' '.join(row.moves)} of state {row.state!r} a second time "
                f"(first on line {by_profile[key].line})"
            )  # fmt: skip
        by_profile[key] = row
    ordered: list[_Row] = []
    for s, state in enumerate(states):
        last = max(row.line for row in rows if row.state == state)
        for joint in _joint(moves[s]):
            if (state, joint) not in by_profile:
                raise GameFileError(
                    file, last, 1, f"found no line for the joint move {' '.join(joint)} of state {state!r}, "
                    "expected one line for each"
                )  # fmt: skip
            ordered.append(by_profile[state, joint])
    for row in ordered:
        for token in row.targets:
            if token.text not in number:
                raise GameFileError(
                    file, token.line, token.column, f"found the next state {token.text!r}, which has no line of its own"
                )
    starts = np.concatenate(([0], np.cumsum([len(row.targets) for row in ordered])))
    targets = [number[token.text] for row in ordered for token in row.targets]
    chances = [chance for row in ordered for chance in row.chances]
    transitions = Transitions.from_entries(starts, targets, chances, len(states))
    return StochasticGame.from_flat(players, states, moves, [row.payoffs for row in ordered], transitions)


def _joint(options: list[list[str]]) -> list[tuple[str, ...]]:
    joint: list[tuple[str, ...]] = [()]
    for names in options:
        joint = [(*prefix, name) for prefix in joint for name in names]
    return joint
