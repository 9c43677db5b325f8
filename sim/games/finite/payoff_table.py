r"""Payoffs of every player for every combination of strategies, and what strategies are worth.

With N players and strategy counts :math:`n_1, \dots, n_N`, ``payoffs[i]`` has shape :math:`(n_1, \dots, n_N)` and
``payoffs[i][s_1, ..., s_N]`` is what player i gets if the strategies :math:`s_1, \dots, s_N` are played. Against a
mixed profile a strategy is worth

.. math:: u_i(s_i, \sigma_{-i}) = \sum_{s_{-i}} u_i(s_i, s_{-i}) \prod_{k \ne i} \sigma_k(s_k).

Source: von Neumann, J. and Morgenstern, O. (1944), Theory of Games and Economic Behavior.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import GameError
from sim.games.finite.profile import Vector, frozen_vector

MAX_PLAYERS = 32
LARGEST_PAYOFF = 1e100


class PayoffTable:
    """Players, their strategies and payoffs; immutable. All solvers take one; `NormalForm` is one with their methods.

    Parameters
    ----------
    payoffs : sequence of array_like
        One array per player, each of shape (n_1, ..., n_N), in payoff units (util). Copied, never changed.
    players : sequence of str, optional
        Names; ``"1"``, ``"2"``, ... by default.
    strategies : sequence of sequence of str, optional
        Names of each player's strategies; ``"1"``, ``"2"``, ... by default.
    title : str, optional
        For printing and files.

    Raises
    ------
    GameError
        If the payoffs are no game: no players, a player without strategies, shapes that do not match, or payoffs that
        are not finite.

    Examples
    --------
    >>> PayoffTable([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]).shape
    (2, 2)
    """

    __slots__ = ("_payoffs", "_players", "_strategies", "_title")

    def __init__(
        self,
        payoffs: Sequence[ArrayLike] | NDArray[Any],
        players: Sequence[str] | None = None,
        strategies: Sequence[Sequence[str]] | None = None,
        title: str = "",
    ) -> None:
        arrays = _checked_payoffs(payoffs)
        shape = arrays[0].shape
        self._payoffs = tuple(arrays)
        self._players = _names(players, len(arrays), "players")
        if strategies is not None and len(strategies) != len(arrays):
            raise GameError(f"found strategy names for {len(strategies)} players, expected one list for {len(arrays)}")
        self._strategies = tuple(
            _names(None if strategies is None else strategies[i], n, f"strategies of player {self._players[i]!r}")
            for i, n in enumerate(shape)
        )
        self._title = str(title)

    @property
    def payoffs(self) -> tuple[NDArray[np.float64], ...]:
        """One read-only array of shape (n_1, ..., n_N) per player, in payoff units."""
        return self._payoffs

    @property
    def players(self) -> tuple[str, ...]:
        """Names of the players."""
        return self._players

    @property
    def strategies(self) -> tuple[tuple[str, ...], ...]:
        """Names of each player's strategies."""
        return self._strategies

    @property
    def title(self) -> str:
        """Title, for printing and files."""
        return self._title

    @property
    def n_players(self) -> int:
        """Number of players."""
        return len(self._payoffs)

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of strategies of each player."""
        return self._payoffs[0].shape

    @property
    def payoff_range(self) -> float:
        """The largest difference between two payoffs of the same player; 0 if no player ever cares."""
        return max(float(u.max() - u.min()) for u in self._payoffs)

    def checked_profile(self, profile: Sequence[ArrayLike]) -> tuple[Vector, ...]:
        """Return a profile as read-only vectors, if it is one probability vector per player.

        Parameters
        ----------
        profile : sequence of array_like

        Returns
        -------
        tuple of ndarray

        Raises
        ------
        GameError
            If it is not.

        Examples
        --------
        >>> [v.tolist() for v in PayoffTable([[[4, 0]], [[0, 1]]]).checked_profile([[1], [0.5, 0.5]])]
        [[1.0], [0.5, 0.5]]
        """
        if len(profile) != self.n_players:
            raise GameError(f"found a profile of {len(profile)} vectors, expected one per player ({self.n_players})")
        vectors = []
        for name, n, given in zip(self._players, self.shape, profile, strict=True):
            vector = frozen_vector(given)
            if vector.shape != (n,):
                raise GameError(f"player {name!r}: found a strategy of shape {vector.shape}, expected ({n},)")
            if not np.all(np.isfinite(vector)) or vector.min() < -1e-12 or abs(vector.sum() - 1.0) > 1e-9:
                raise GameError(f"player {name!r}: found {vector.tolist()}, expected probabilities that sum to 1")
            vectors.append(vector)
        return tuple(vectors)

    def strategy_payoffs(self, player: int, profile: Sequence[ArrayLike]) -> Vector:
        """Return what each strategy of a player is worth against the others' mixed strategies.

        Parameters
        ----------
        player : int
            Index of the player.
        profile : sequence of array_like
            One probability vector per player; the player's own is not used.

        Returns
        -------
        ndarray, shape (n_player,)

        Examples
        --------
        >>> PayoffTable([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]).strategy_payoffs(0, [[1, 0], [0.5, 0.5]]).tolist()
        [2.0, 0.5]
        """
        value = self._payoffs[player]
        for other in range(self.n_players - 1, -1, -1):
            if other != player:
                value = np.tensordot(value, np.asarray(profile[other], dtype=np.float64), axes=(other, 0))
        return np.asarray(value, dtype=np.float64)

    def expected_payoffs(self, profile: Sequence[ArrayLike]) -> Vector:
        """Return each player's expected payoff.

        Parameters
        ----------
        profile : sequence of array_like
            One probability vector per player.

        Returns
        -------
        ndarray, shape (N,)

        Raises
        ------
        GameError
            If the profile is not one probability vector per player.

        Examples
        --------
        >>> PayoffTable([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]).expected_payoffs([[0.5, 0.5], [0.5, 0.5]]).tolist()
        [1.25, 0.5]
        """
        vectors = self.checked_profile(profile)
        return np.array([vectors[i] @ self.strategy_payoffs(i, vectors) for i in range(self.n_players)])

    def best_responses(self, player: int, profile: Sequence[ArrayLike], tolerance: float = 1e-12) -> tuple[int, ...]:
        """Return the indices of a player's best strategies against the others.

        Parameters
        ----------
        player : int
            Index of the player.
        profile : sequence of array_like
            One probability vector per player.
        tolerance : float
            Shortfall, as a share of the payoff range, up to which a strategy still counts as best.

        Returns
        -------
        tuple of int

        Raises
        ------
        GameError
            If the profile is not one probability vector per player.

        Examples
        --------
        >>> PayoffTable([[[1, 0], [0, 1]], [[1, 0], [0, 1]]]).best_responses(0, [[1, 0], [0.5, 0.5]])
        (0, 1)
        """
        values = self.strategy_payoffs(player, self.checked_profile(profile))
        return tuple(int(s) for s in np.flatnonzero(values >= values.max() - tolerance * self.payoff_range))

    def restrict(self, survivors: Sequence[Sequence[int]]) -> Self:
        """Return the game in which each player keeps only some strategies.

        Parameters
        ----------
        survivors : sequence of sequence of int
            For each player the indices to keep, at least one.

        Returns
        -------
        Same type as this game.

        Raises
        ------
        GameError
            If a player keeps no strategy.

        Examples
        --------
        >>> PayoffTable([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]).restrict([[1], [0, 1]]).shape
        (1, 2)
        """
        index = np.ix_(*[np.asarray(kept, dtype=np.intp) for kept in survivors])
        return type(self)(
            [u[index] for u in self._payoffs],
            self._players,
            [[names[s] for s in kept] for names, kept in zip(self._strategies, survivors, strict=True)],
            self._title,
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PayoffTable):
            return NotImplemented
        return (
            self._players == other._players
            and self._strategies == other._strategies
            and all(np.array_equal(a, b) for a, b in zip(self._payoffs, other._payoffs, strict=True))
        )

    def __hash__(self) -> int:
        return hash((self._players, self._strategies, *(u.tobytes() for u in self._payoffs)))

    def __repr__(self) -> str:
        shape = " x ".join(str(n) for n in self.shape)
        who = ", ".join(
            f"{p} ({', '.join(s[:6])}{', ...' if len(s) > 6 else ''})"
            for p, s in zip(self._players, self._strategies, strict=True)
        )
        title = f" {self._title!r}" if self._title else ""
        noun = "player" if self.n_players == 1 else "players"
        return f"{type(self).__name__}{title} of {self.n_players} {noun}, {shape}: {who}"

    def _repr_html_(self) -> str:
        if self.n_players != 2 or max(self.shape) > 12:
            return f"<p>{escape(repr(self))}</p>"
        head = "".join(f"<th>{escape(s)}</th>" for s in self._strategies[1])
        rows = "".join(
            f"<tr><th>{escape(name)}</th>"
            + "".join(f"<td>{self._payoffs[0][r, c]:g}, {self._payoffs[1][r, c]:g}</td>" for c in range(self.shape[1]))
            + "</tr>"
            for r, name in enumerate(self._strategies[0])
        )
        corner = f"{escape(self._players[0])} \\ {escape(self._players[1])}"
        return f"<table><tr><th>{corner}</th>{head}</tr>{rows}</table>"


def _checked_payoffs(payoffs: Sequence[ArrayLike] | NDArray[Any]) -> list[NDArray[np.float64]]:
    try:
        given = list(payoffs)
    except TypeError as error:
        raise GameError(f"found payoffs of type {type(payoffs).__name__}, expected one array per player") from error
    if not given:
        raise GameError("found no players, expected one payoff array per player")
    if len(given) > MAX_PLAYERS:
        raise GameError(f"found {len(given)} players, expected at most {MAX_PLAYERS}")
    arrays: list[NDArray[np.float64]] = []
    for i, one in enumerate(given):
        try:
            array = np.array(one, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise GameError(f"payoffs of player {i + 1}: expected a rectangular array of numbers ({error})") from error
        if array.ndim != len(given):
            raise GameError(
                f"payoffs of player {i + 1}: found an array of {array.ndim} dimensions {array.shape}, expected "
                f"{len(given)}, one per player"
            )
        if 0 in array.shape:
            raise GameError(
                f"found player {array.shape.index(0) + 1} without strategies (shape {array.shape}), expected at least "
                "one strategy per player"
            )
        if arrays and array.shape != arrays[0].shape:
            raise GameError(
                f"payoffs of player {i + 1}: found shape {array.shape}, expected {arrays[0].shape} as for player 1"
            )
        if not np.all(np.isfinite(array)):
            cell = tuple(int(k) for k in np.argwhere(~np.isfinite(array))[0])
            raise GameError(f"payoffs of player {i + 1} at {cell}: found {array[cell]}, expected a finite number")
        if not abs(array).max() <= LARGEST_PAYOFF:
            raise GameError(
                f"payoffs of player {i + 1}: found {abs(array).max():g}, expected at most "
                f"{LARGEST_PAYOFF:g} in size; choose larger units"
            )
        array.setflags(write=False)
        arrays.append(array)
    return arrays


def _names(given: Sequence[str] | None, n: int, what: str) -> tuple[str, ...]:
    if given is None:
        return tuple(str(k + 1) for k in range(n))
    names = tuple(str(name) for name in given)
    if len(names) != n:
        raise GameError(f"{what}: found {len(names)} names, expected {n}")
    if len(set(names)) != n:
        twice = next(name for name in names if names.count(name) > 1)
        raise GameError(f"{what}: found the name {twice!r} twice, expected different names")
    return names
