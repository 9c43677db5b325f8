r"""Games in normal form as text in Gambit's .nfg format.

After ``NFG 1 R`` come the title, the players, and either their numbers of strategies ``{ 2 3 }`` or the strategies'
names ``{ { "C" "D" } { "l" "m" "r" } }``, then optionally a comment. In the **payoff version** the payoffs of all
players follow cell by cell; **player 1's strategy varies fastest**, then player 2's and so on. In the **outcome
version** a list of outcomes ``{ { "name" 1 2 } ... }`` is followed by one outcome number per cell in the same order, 0
standing for payoffs of 0.

Source: Gambit, Game representation formats, https://gambitproject.readthedocs.io/en/latest/formats.html
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import numpy as np

from sim.errors import StoreError
from sim.games.finite.payoff_table import MAX_PLAYERS, PayoffTable
from sim.games.formats.game_text import GameText, distinct_names, exact_number, opened, quoted

LARGEST_GAME = 5_000_000
"""Payoffs (cells x players) that a file may hold."""


def read_nfg(source: str | PathLike[str]) -> PayoffTable:
    """Read a game in normal form.

    Parameters
    ----------
    source : str or path
        A path, or the text itself (a string that starts with ``NFG``).

    Returns
    -------
    PayoffTable

    Raises
    ------
    GameFileError
        With line and column, if the text is malformed.

    Examples
    --------
    >>> read_nfg('NFG 1 R "t" { "a" "b" } { { "x" "y" } { "z" } } "" { { "" 1, 2 } } 1 0').payoffs[1].tolist()
    [[2.0], [0.0]]
    """
    words = opened(source, "NFG")
    words.word("NFG")
    words.whole("format version", 1, 1)
    words.word("R", "D")
    title = words.text("the title")
    players = distinct_names(words.texts("player names", 1, MAX_PLAYERS))
    shape, strategies = _strategies(words, players)
    if words.token.kind == "text":
        words.advance()
    cells = _outcome_cells(words, shape) if words.token.kind == "{" else _payoff_cells(words, shape)
    words.ends()
    payoffs = [cells[:, i].reshape(shape, order="F") for i in range(len(players))]
    return PayoffTable(payoffs, players, strategies, title)


def write_nfg(game: PayoffTable, path: str | PathLike[str] | None = None) -> str:
    """Return a game as text in the payoff version, and write it to a file if a path is given.

    Parameters
    ----------
    game : PayoffTable
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
    >>> read_nfg(write_nfg(PayoffTable([[[1, 0.1]], [[2, 3]]]))).payoffs[0].tolist()
    [[1.0, 0.1]]
    """
    players = " ".join(quoted(name) for name in game.players)
    strategies = "\n".join("{ " + " ".join(quoted(s) for s in names) + " }" for names in game.strategies)
    cells = np.column_stack([u.ravel(order="F") for u in game.payoffs]).ravel()
    numbers = " ".join(exact_number(x) for x in cells)
    text = f'NFG 1 R {quoted(game.title)} {{ {players} }}\n\n{{ {strategies}\n}}\n""\n\n{numbers}\n'
    if path is not None:
        written(text, path)
    return text


def written(text: str, path: str | PathLike[str]) -> None:
    """Write a game file.

    Parameters
    ----------
    text : str
    path : path

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    try:
        Path(path).write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreError(f"{path}: the game could not be written ({error}); give a path you can write to") from error


def _strategies(words: GameText, players: list[str]) -> tuple[tuple[int, ...], list[list[str]] | None]:
    """Read the numbers of strategies or their names."""
    start = words.token.position
    words.opens("the strategies")
    shape: list[int] = []
    names: list[list[str]] | None = None
    if words.token.kind == "{":
        names = []
        for player in players:
            if words.token.kind != "{":
                words.fail(f"the strategies of player {player!r}")
            names.append(distinct_names(words.texts(f"strategy names of player {player!r}", 1, LARGEST_GAME)))
        shape = [len(one) for one in names]
    else:
        for player in players:
            shape.append(words.whole(f"the number of strategies of player {player!r}", 1, LARGEST_GAME))
    words.closes(f"the strategies of {len(players)} players")
    size = len(players)
    for n in shape:
        size *= n
    if size > LARGEST_GAME:
        words.fail(f"at most {LARGEST_GAME} payoffs", position=start, found=f"a game of {size} payoffs")
    return tuple(shape), names


def _payoff_cells(words: GameText, shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Read the payoff version: one row per cell, one column per player."""
    players, n = len(shape), int(np.prod(shape))
    numbers: list[float] = []
    while len(numbers) < n * players:
        cell, player = divmod(len(numbers), players)
        numbers.append(float(words.number(f"payoff of player {player + 1} in cell {cell + 1} of {n}")))
    return np.array(numbers).reshape(n, players)


def _outcome_cells(words: GameText, shape: tuple[int, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Read the outcome version."""
    players, n = len(shape), int(np.prod(shape))
    outcomes: list[list[float]] = [[0.0] * players]
    words.opens("the outcomes")
    while words.token.kind == "{":
        words.advance()
        words.text("the name of the outcome")
        outcomes.append(
            [float(words.number(f"payoff of player {i + 1} in outcome {len(outcomes)}")) for i in range(players)]
        )
        words.closes(f"the payoffs of {players} players")
    words.closes("the outcomes")
    cells = []
    for cell in range(n):
        number = words.whole(f"the outcome of cell {cell + 1} of {n}", 0, len(outcomes) - 1)
        cells.append(outcomes[number])
    return np.array(cells)
