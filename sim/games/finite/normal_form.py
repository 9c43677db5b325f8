"""Finite games in normal form: a `PayoffTable` with the functions that solve it as methods.

Each solution concept has a module of its own, which says what it is and where it comes from; the functions there take
any `PayoffTable`. Those that need the compiler are imported when they are first called.

Sources: von Neumann, J. and Morgenstern, O. (1944), Theory of Games and Economic Behavior; Nash, J. (1951),
Non-cooperative games, Annals of Mathematics 54, 286-295.
"""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING

from numpy.typing import ArrayLike

from sim.games.finite.certificate import given_profile, regrets
from sim.games.finite.cognitive_hierarchy import cognitive_hierarchy
from sim.games.finite.commitment import commitment
from sim.games.finite.correlated import correlated, correlated_range, disobedience
from sim.games.finite.dominance import dominated, iterated_dominance
from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.profile import MixedProfile, ProfileSet
from sim.games.finite.pure_nash import pure_nash
from sim.games.formats.nfg import read_nfg, write_nfg

if TYPE_CHECKING:
    from sim.games.finite.branch import LogitBranch
    from sim.games.finite.mixed_nash import Method
    from sim.games.finite.precision import PrecisionFit


class NormalForm(PayoffTable):
    """A finite game in normal form; immutable. It is built as a `PayoffTable`, and the solvers are its methods.

    Examples
    --------
    >>> game = NormalForm([[[3, 0], [5, 1]], [[3, 5], [0, 1]]], players=["row", "column"], strategies=[["C", "D"]] * 2)
    >>> game
    NormalForm of 2 players, 2 x 2: row (C, D), column (C, D)
    >>> game.pure_nash()[0].as_dict()
    {'row': {'C': 0.0, 'D': 1.0}, 'column': {'C': 0.0, 'D': 1.0}}
    """

    __slots__ = ()

    profile = given_profile
    regrets = regrets
    pure_nash = pure_nash
    dominated = dominated
    iterated_dominance = iterated_dominance
    correlated = correlated
    correlated_range = correlated_range
    disobedience = disobedience
    commitment = commitment
    cognitive_hierarchy = cognitive_hierarchy
    to_nfg = write_nfg

    @classmethod
    def from_table(cls, table: PayoffTable) -> NormalForm:
        """Return the game of a payoff table.

        Examples
        --------
        >>> NormalForm.from_table(PayoffTable([[1, 2]])).pure_nash()[0].pure
        (1,)
        """
        return cls(table.payoffs, table.players, table.strategies, table.title)

    @classmethod
    def from_nfg(cls, source: str | PathLike[str]) -> NormalForm:
        """Read a game in Gambit's .nfg format; see `sim.games.formats.nfg.read_nfg`.

        Examples
        --------
        >>> NormalForm.from_nfg('NFG 1 R "" { "a" "b" } { 2 1 } 1 5 2 6').payoffs[0].tolist()
        [[1.0], [2.0]]
        """
        return cls.from_table(read_nfg(source))

    def mixed_nash(self, method: Method = "auto", time_limit_s: float = 60.0) -> ProfileSet:
        """Return Nash equilibria in mixed (and pure) strategies; see `sim.games.finite.mixed_nash.mixed_nash`."""
        from sim.games.finite.mixed_nash import mixed_nash

        return mixed_nash(self, method, time_limit_s)

    def logit_qre(self, lam: float | Sequence[float]) -> MixedProfile:
        """Return the logit equilibrium at a precision; see `sim.games.finite.quantal_response.logit_qre`."""
        from sim.games.finite.quantal_response import logit_qre

        return logit_qre(self, lam)

    def logit_branch(self, lam_max: float, weights: Sequence[float] | None = None) -> LogitBranch[MixedProfile]:
        """Return the principal branch of logit equilibria; see `sim.games.finite.quantal_response.logit_branch`."""
        from sim.games.finite.quantal_response import logit_branch

        return logit_branch(self, lam_max, weights)

    def fit_precision(
        self, counts: Sequence[ArrayLike], lam_max: float | None = None, level: float = 0.95
    ) -> PrecisionFit[MixedProfile]:
        """Estimate the precision from observed play along the principal branch; see `sim.games.fit_precision`.

        The branch ends at `lam_max`, by default 1,000 / payoff range.

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
