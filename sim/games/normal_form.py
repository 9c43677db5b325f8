r"""Finite games in normal form: players, strategies and a payoff for every combination of strategies.

With N players and strategy counts :math:`n_1, \dots, n_N`, ``payoffs[i]`` has shape :math:`(n_1, \dots, n_N)` and
``payoffs[i][s_1, ..., s_N]`` is what player i gets if the strategies :math:`s_1, \dots, s_N` are played. Against a
mixed profile a strategy is worth

.. math:: u_i(s_i, \sigma_{-i}) = \sum_{s_{-i}} u_i(s_i, s_{-i}) \prod_{k \ne i} \sigma_k(s_k).

Sources: von Neumann, J. and Morgenstern, O. (1944), Theory of Games and Economic Behavior; Nash, J. (1951),
Non-cooperative games, Annals of Mathematics 54, 286-295.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.errors import GameError
from sim.games.profile import MixedProfile, ProfileSet, Vector, certified_profile, frozen_vector, ordered

if TYPE_CHECKING:
    from sim.games.branch import LogitBranch
    from sim.games.dominance import Dominated, Elimination
    from sim.games.precision import PrecisionFit

MAX_PLAYERS = 32


class NormalForm:
    """A finite game in normal form; immutable.

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
    >>> game = NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], players=["row", "column"], strategies=[["C", "D"]] * 2)
    >>> game
    NormalForm of 2 players, 2 x 2: row (C, D), column (C, D)
    >>> game.pure_nash()[0].as_dict()
    {'row': {'C': 0.0, 'D': 1.0}, 'column': {'C': 0.0, 'D': 1.0}}
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
        >>> NormalForm([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]).strategy_payoffs(0, [[1, 0], [0.5, 0.5]]).tolist()
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
        >>> NormalForm([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]).expected_payoffs([[0.5, 0.5], [0.5, 0.5]]).tolist()
        [1.25, 0.5]
        """
        vectors = self._checked_profile(profile)
        return np.array([vectors[i] @ self.strategy_payoffs(i, vectors) for i in range(self.n_players)])

    def regrets(self, profile: Sequence[ArrayLike]) -> Vector:
        """Return how much each player could gain by deviating alone.

        Parameters
        ----------
        profile : sequence of array_like
            One probability vector per player.

        Returns
        -------
        ndarray, shape (N,)
            In payoff units, at least 0; all zero exactly at a Nash equilibrium.

        Raises
        ------
        GameError
            If the profile is not one probability vector per player.

        Examples
        --------
        >>> NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]).regrets([[1, 0], [1, 0]]).tolist()
        [2.0, 2.0]
        """
        return np.array(self.profile(profile).regrets)

    def profile(self, vectors: Sequence[ArrayLike], tolerance: float = 1e-9) -> MixedProfile:
        """Certify given strategies: payoffs and regrets, converged if they are an equilibrium.

        Parameters
        ----------
        vectors : sequence of array_like
            One probability vector per player.
        tolerance : float
            Regret, as a share of the payoff range, up to which the profile counts as an equilibrium.

        Returns
        -------
        MixedProfile

        Raises
        ------
        GameError
            If the vectors are not one probability vector per player.

        Examples
        --------
        >>> NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]).profile([[0, 1], [0, 1]]).converged
        True
        """
        return certified_profile(
            self,
            self._checked_profile(vectors),
            method="given by the caller",
            proved="payoffs and regrets are evaluated on the payoff arrays",
            not_proved="whether other equilibria exist",
            tolerance=tolerance * self.payoff_range,
        )

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
        >>> NormalForm([[[1, 0], [0, 1]], [[1, 0], [0, 1]]]).best_responses(0, [[1, 0], [0.5, 0.5]])
        (0, 1)
        """
        values = self.strategy_payoffs(player, self._checked_profile(profile))
        return tuple(int(s) for s in np.flatnonzero(values >= values.max() - tolerance * self.payoff_range))

    def pure_nash(self) -> ProfileSet:
        """Return all equilibria in pure strategies, by comparing every cell with its alternatives.

        Returns
        -------
        ProfileSet
            ``complete`` is always True. Comparisons are exact, so a regret here is exactly 0.

        Examples
        --------
        >>> [p.pure for p in NormalForm([[[1, 0], [0, 1]], [[1, 0], [0, 1]]]).pure_nash()]
        [(0, 0), (1, 1)]
        """
        best = np.ones(self.shape, dtype=bool)
        for i, u in enumerate(self._payoffs):
            best &= u == u.max(axis=i, keepdims=True)
        method = "comparison of every cell"
        profiles = [
            certified_profile(
                self,
                [np.eye(n)[s] for n, s in zip(self.shape, cell, strict=True)],
                method=method,
                proved="no player gains by any deviation",
                not_proved="",
                tolerance=0.0,
            )
            for cell in np.argwhere(best)
        ]
        return ProfileSet(ordered(profiles), True, method, "every cell of the game was compared", "")

    def mixed_nash(
        self,
        method: Literal["auto", "quantecon", "gambit", "isolate", "search"] = "auto",
        time_limit_s: float = 60.0,
    ) -> ProfileSet:
        """Return Nash equilibria in mixed (and pure) strategies, saying whether they are proved to be all.

        Parameters
        ----------
        method : {"auto", "quantecon", "gambit", "isolate", "search"}
            ``"quantecon"`` enumerates the vertices of the best-response polytopes (two players). ``"gambit"`` solves
            the polynomial equations of every support (needs the extra ``gambit``) and proves the list complete by
            interval bounds; ``"isolate"`` does so without Gambit. ``"search"`` runs Newton's method on every support
            and proves nothing about completeness. ``"auto"`` is ``"quantecon"`` for two players, and for more
            ``"gambit"`` if it is installed, else ``"search"``.
        time_limit_s : float
            Seconds after which Gambit (checked between supports) and the proof (between boxes) are stopped; what was
            found is returned as incomplete.

        Returns
        -------
        ProfileSet

        Raises
        ------
        UsageError
            If the method is unknown or does not fit the number of players.
        MissingExtraError
            If ``method="gambit"`` and pygambit is not installed.

        Examples
        --------
        >>> found = NormalForm([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]).mixed_nash()
        >>> [v.round(3).tolist() for v in found[0]], found.complete
        ([[0.5, 0.5], [0.2, 0.8]], True)
        """
        from sim.games.mixed_nash import mixed_nash

        return mixed_nash(self, method, time_limit_s)

    def logit_qre(self, lam: float | Sequence[float]) -> MixedProfile:
        """Return the logit quantal response equilibrium at a precision, on the principal branch.

        Parameters
        ----------
        lam : float or sequence of float
            Precision in 1 / payoff unit, at least 0: 0 is uniform play, large is near Nash. One number per player
            gives players different precisions.

        Returns
        -------
        MixedProfile
            The first point of the branch from uniform play at which the precision is reached; ``residual`` is the
            largest difference between a probability and its logit response.

        Raises
        ------
        UsageError
            If a precision is negative or not finite.

        Warns
        -----
        ConvergenceWarning
            If the branch could not be followed so far; the profile is the last one reached, ``converged`` False.

        Examples
        --------
        >>> game = NormalForm([[[4, 0], [0, 1]], [[0, 1], [1, 0]]])
        >>> [round(float(v[0]), 9) for v in game.logit_qre(1.0)]
        [0.721937154, 0.390818187]
        """
        from sim.games.quantal_response import logit_qre

        return logit_qre(self, lam)

    def logit_branch(self, lam_max: float, weights: Sequence[float] | None = None) -> LogitBranch[MixedProfile]:
        """Return the principal branch of logit equilibria from uniform play up to a precision.

        Parameters
        ----------
        lam_max : float
            Precision at which to stop, in 1 / payoff unit.
        weights : sequence of float, optional
            Player i's precision is ``weights[i] * lam``; 1 for all by default.

        Returns
        -------
        LogitBranch

        Raises
        ------
        UsageError
            If ``lam_max`` or a weight is negative or not finite.

        Warns
        -----
        ConvergenceWarning
            If the branch could not be followed to `lam_max`.

        Examples
        --------
        >>> branch = NormalForm([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]).logit_branch(50.0)
        >>> branch.converged, len(branch.folds), branch.lam_max
        (True, 0, 50.0)
        """
        from sim.games.quantal_response import logit_branch

        return logit_branch(self, lam_max, weights)

    def fit_precision(
        self, counts: Sequence[ArrayLike], lam_max: float | None = None, level: float = 0.95
    ) -> PrecisionFit[MixedProfile]:
        """Estimate the precision from observed play by maximum likelihood along the principal branch.

        Parameters
        ----------
        counts : sequence of array_like
            For each player how often each strategy was observed; need not be whole numbers.
        lam_max : float, optional
            Largest precision considered, in 1 / payoff unit; by default 1,000 / payoff range.
        level : float
            Confidence level of the profile-likelihood interval.

        Returns
        -------
        PrecisionFit

        Raises
        ------
        UsageError
            If the counts do not fit the game, are negative, or all zero.

        Warns
        -----
        ConvergenceWarning
            If the likelihood still rises at `lam_max`.

        Examples
        --------
        >>> game = NormalForm([[[1.1141, 0], [0, 0.2785]], [[0, 1.1141], [1.1141, 0]]])
        >>> fit = game.fit_precision([[67.456, 60.544], [46.848, 81.152]])
        >>> round(fit.lam, 5), round(fit.log_likelihood, 6)
        (1.84561, -174.764532)
        """
        from sim.games.precision import fit_precision

        branch = self.logit_branch(1000.0 / (self.payoff_range or 1.0) if lam_max is None else lam_max)
        return fit_precision(branch, counts, level)

    def dominated(
        self, player: int, kind: Literal["strict", "weak"] = "strict", by: Literal["pure", "mixed"] = "mixed"
    ) -> tuple[Dominated, ...]:
        """Return a player's dominated strategies, each with a strategy that dominates it.

        Parameters
        ----------
        player : int
            Index of the player.
        kind : {"strict", "weak"}
            Better everywhere, or nowhere worse and somewhere better.
        by : {"pure", "mixed"}
            Whether mixtures may dominate.

        Returns
        -------
        tuple of Dominated

        Raises
        ------
        UsageError
            If `kind` or `by` is unknown.

        Examples
        --------
        >>> game = NormalForm([[[3, 0], [0, 3], [1, 1]], [[0, 0], [0, 0], [0, 0]]])
        >>> [d.strategy for d in game.dominated(0)], game.dominated(0, by="pure")
        ([2], ())
        """
        from sim.games.dominance import dominated

        return dominated(self, player, kind, by)

    def iterated_dominance(
        self, kind: Literal["strict", "weak"] = "strict", by: Literal["pure", "mixed"] = "mixed"
    ) -> Elimination:
        """Remove dominated strategies of all players round by round until none is left.

        Parameters
        ----------
        kind, by
            As in `dominated`.

        Returns
        -------
        Elimination

        Raises
        ------
        UsageError
            If `kind` or `by` is unknown.

        Examples
        --------
        >>> NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]).iterated_dominance().survivors
        ((1,), (1,))
        """
        from sim.games.dominance import iterated_dominance

        return iterated_dominance(self, kind, by)

    def restrict(self, survivors: Sequence[Sequence[int]]) -> NormalForm:
        """Return the game in which each player keeps only some strategies.

        Parameters
        ----------
        survivors : sequence of sequence of int
            For each player the indices to keep, at least one.

        Returns
        -------
        NormalForm

        Raises
        ------
        GameError
            If a player keeps no strategy.

        Examples
        --------
        >>> NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]).restrict([[1], [0, 1]]).shape
        (1, 2)
        """
        index = np.ix_(*[np.asarray(kept, dtype=np.intp) for kept in survivors])
        return NormalForm(
            [u[index] for u in self._payoffs],
            self._players,
            [[names[s] for s in kept] for names, kept in zip(self._strategies, survivors, strict=True)],
            self._title,
        )

    def to_nfg(self, path: str | PathLike[str] | None = None) -> str:
        """Return the game as text in Gambit's .nfg format, and write it to a file if a path is given.

        Parameters
        ----------
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
        >>> print(NormalForm([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]).to_nfg().splitlines()[-1])
        1 5 3 7 2 6 4 8
        """
        from sim.games.nfg import write_nfg

        return write_nfg(self, path)

    @classmethod
    def from_nfg(cls, source: str | PathLike[str]) -> NormalForm:
        """Read a game in Gambit's .nfg format.

        Parameters
        ----------
        source : str or path
            A path, or the text itself (a string that starts with ``NFG``).

        Returns
        -------
        NormalForm

        Raises
        ------
        GameFileError
            With line and column, if the text is malformed.

        Examples
        --------
        >>> NormalForm.from_nfg('NFG 1 R "" { "a" "b" } { 2 1 } 1 5 2 6').payoffs[0].tolist()
        [[1.0], [2.0]]
        """
        from sim.games.nfg import read_nfg

        return read_nfg(source)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NormalForm):
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
        return f"NormalForm{title} of {self.n_players} {noun}, {shape}: {who}"

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

    def _checked_profile(self, profile: Sequence[ArrayLike]) -> tuple[Vector, ...]:
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
