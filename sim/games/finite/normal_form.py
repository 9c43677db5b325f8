r"""Finite games in normal form: players, strategies and a payoff for every combination of strategies.

A normal form is a `PayoffTable`, which holds payoffs and names and says what strategies are worth, with the methods
that solve it: equilibria, logit equilibria and their principal branch, dominance, and files. Each solution concept has
a module of its own, which says what it is and where it comes from.

Sources: von Neumann, J. and Morgenstern, O. (1944), Theory of Games and Economic Behavior; Nash, J. (1951),
Non-cooperative games, Annals of Mathematics 54, 286-295.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import ArrayLike

from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.profile import MixedProfile, ProfileSet, certified_profile, ordered

if TYPE_CHECKING:
    from sim.games.finite.branch import LogitBranch
    from sim.games.finite.dominance import Dominated, Elimination
    from sim.games.finite.precision import PrecisionFit


class NormalForm(PayoffTable):
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

    __slots__ = ()

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
        from sim.games.finite.mixed_nash import mixed_nash

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
        from sim.games.finite.quantal_response import logit_qre

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
        from sim.games.finite.quantal_response import logit_branch

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
        from sim.games.finite.precision import fit_precision

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
        from sim.games.finite.dominance import dominated

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
        from sim.games.finite.dominance import iterated_dominance

        return iterated_dominance(self, kind, by)

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
        from sim.games.formats.nfg import write_nfg

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
        from sim.games.formats.nfg import read_nfg

        return read_nfg(source)
