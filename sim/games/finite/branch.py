r"""The principal branch of logit equilibria as a record: its points, its folds and the equilibria at a precision.

The branch starts at uniform play (precision 0). In a generic game it is a smooth curve that ends at one Nash
equilibrium, the **limiting logit equilibrium**. It need not be monotone: at a **fold** the precision turns back,
and between two folds there are several equilibria of this one branch at the same precision. Symmetric games can have
**bifurcations**, where other branches cross; the branch straight ahead, which keeps the symmetry, is followed.

Source: McKelvey, R. and Palfrey, T. (1995), Games and Economic Behavior 10, 6-38, theorem 3; Turocy, T. (2005),
Games and Economic Behavior 51, 243-263.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.errors import ConvergenceWarning, UsageError
from sim.games.finite.behavior import BehaviorProfile
from sim.games.finite.profile import MixedProfile
from sim.games.numerics.continuation import Curve, System, at_mu, follow
from sim.notebook_table import NotebookTable

Array = NDArray[np.float64]
P = TypeVar("P", MixedProfile, BehaviorProfile)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LogitBranch(NotebookTable, Generic[P]):
    """The principal branch from uniform play to a largest precision; a sequence of profiles.

    Attributes
    ----------
    end : profile
        The last point: the equilibrium at ``lam_max`` if the branch converged.
    folds : tuple of profile
        Equilibria at which the precision turns, in the order in which they are met; ``.lam`` is the precision.
    bifurcations : tuple of float
        Precisions at which other branches cross this one.
    lam_max : float
        Precision asked for, in 1 / payoff unit.
    converged : bool
        Whether it was reached.
    steps : int
        Corrector runs.
    proved, not_proved : str
        What is certain, and what is not.
    offsets : tuple of int
        Where each player's (or information set's) probabilities begin in a row of `probabilities`.
    curve, system, scale, to_probabilities, to_profile
        The curve in log-odds and mu = scale * lam, the equations it solves, and the way back to profiles.

    Examples
    --------
    >>> from sim.games import NormalForm
    >>> branch = NormalForm([[[1, 0], [0, 1]], [[1, 0], [0, 1]]]).logit_branch(5.0)
    >>> [round(lam, 2) for lam in branch.bifurcations], branch.end[0].tolist()
    ([2.0], [0.5, 0.5])
    """

    end: P
    folds: tuple[P, ...]
    bifurcations: tuple[float, ...]
    lam_max: float
    converged: bool
    steps: int
    proved: str
    not_proved: str
    offsets: tuple[int, ...]
    curve: Curve
    system: System
    scale: float
    to_probabilities: Callable[[Array], Array]
    to_profile: Callable[[Array, float, int], P]

    @property
    def lams(self) -> Array:
        """Precision at each point, shape (K,), in 1 / payoff unit."""
        return self.curve.points[:, -1] / self.scale

    @property
    def probabilities(self) -> Array:
        """Probabilities at each point, shape (K, all strategies); players are split at `offsets`."""
        return np.array([self.to_probabilities(point[:-1]) for point in self.curve.points])

    @property
    def residual(self) -> float:
        """Residual of the last point."""
        return float(self.end.residual)

    @property
    def regret(self) -> float:
        """Nash regret of the last point, in payoff units."""
        return float(self.end.regret)

    def __len__(self) -> int:
        return len(self.curve.points)

    def __getitem__(self, index: int) -> P:
        point = self.curve.points[index]
        return self.profile_of(point)

    def __iter__(self) -> Iterator[P]:
        return (self.profile_of(point) for point in self.curve.points)

    def profile_of(self, point: Array) -> P:
        """Return the profile at a point of the curve in log-odds and mu.

        Parameters
        ----------
        point : ndarray, shape (n + 1,)

        Returns
        -------
        profile
        """
        return self.to_profile(point[:-1], float(point[-1]) / self.scale, self.steps)

    def at(self, lam: float) -> tuple[P, ...]:
        """Return every equilibrium of this branch at a precision, in the order in which they are met.

        Parameters
        ----------
        lam : float
            In 1 / payoff unit, from 0 to the largest precision reached.

        Returns
        -------
        tuple of profile
            More than one if the branch folds back over `lam`.

        Raises
        ------
        UsageError
            If the branch does not reach `lam`.

        Examples
        --------
        >>> from sim.games import NormalForm
        >>> branch = NormalForm([[[4, 0], [0, 1]], [[0, 1], [1, 0]]]).logit_branch(5.0)
        >>> [round(float(profile[0][0]), 10) for profile in branch.at(2.0)]
        [0.7190427806]
        """
        mus = self.curve.points[:, -1]
        mu = lam * self.scale
        if not 0.0 <= mu <= mus.max() * (1 + 1e-12):
            raise UsageError(f"lam: found {lam!r}, expected a precision from 0 to {mus.max() / self.scale:g}")
        profiles: list[P] = []
        for k in range(len(mus)):
            if mus[k] == mu:
                profiles.append(self.profile_of(self.curve.points[k]))
            elif k + 1 < len(mus) and (mus[k] - mu) * (mus[k + 1] - mu) < 0.0:
                point = at_mu(self.system, self.curve, k, mu)
                if point is not None:
                    profiles.append(self.profile_of(point))
        return tuple(profiles) if profiles else (self.end,)

    def __repr__(self) -> str:
        folds = f", folds at {', '.join(f'{p.lam:.6g}' for p in self.folds)}" if self.folds else ""
        crossed = (
            f", bifurcations at {', '.join(f'{lam:.6g}' for lam in self.bifurcations)}" if self.bifurcations else ""
        )
        return (
            f"LogitBranch of {len(self)} points, lam 0 to {self.lams[-1]:g}{folds}{crossed}, "
            f"regret={self.regret:.2g}, converged={self.converged}"
        )


def followed_branch(
    system: System,
    unknowns: int,
    scale: float,
    lam_max: float,
    to_probabilities: Callable[[Array], Array],
    to_profile: Callable[[Array, float, int], P],
    offsets: tuple[int, ...],
) -> LogitBranch[P]:
    """Follow the principal branch of any logit system from uniform play.

    Parameters
    ----------
    system : callable
        See `sim.games.numerics.continuation.System`.
    unknowns : int
        Number of log-odds.
    scale : float
        mu = scale * lam.
    lam_max : float
        In 1 / payoff unit.
    to_probabilities : callable
        From log-odds to all probabilities in one row.
    to_profile : callable
        From log-odds, precision and steps to a profile.
    offsets : tuple of int
        Where each player's probabilities begin.

    Returns
    -------
    LogitBranch

    Warns
    -----
    ConvergenceWarning
        If `lam_max` was not reached.
    """
    curve = follow(system, np.zeros(unknowns), lam_max * scale)

    def profile_of(point: Array) -> P:
        return to_profile(point[:-1], float(point[-1]) / scale, curve.steps)

    end = profile_of(curve.points[-1])
    trouble = ""
    if not curve.reached:
        end = replace(end, converged=False)
        reached = float(curve.points[-1][-1]) / scale
        trouble = f"the logit branch was followed to lam = {reached:g} only, not to {lam_max:g}: {curve.reason}"
    elif not end.converged:
        trouble = f"at lam = {lam_max:g} rounding leaves a residual of {end.residual:.2g}"
    if trouble:
        warnings.warn(
            f"{trouble}. The result says converged=False; ask for a smaller lam.", ConvergenceWarning, stacklevel=4
        )
    return LogitBranch(
        end=end,
        folds=tuple(profile_of(point) for point in curve.folds),
        bifurcations=tuple(float(point[-1]) / scale for point in curve.bifurcations),
        lam_max=lam_max,
        converged=curve.reached and end.converged,
        steps=curve.steps,
        proved="every point solves the logit equations to the residual it carries",
        not_proved="that no other branch has equilibria at the same precision; that no bifurcation of even "
        "multiplicity, which symmetric games can have, was passed"
        + (", and which branch goes on after a bifurcation" if len(curve.bifurcations) else ""),
        offsets=offsets,
        curve=curve,
        system=system,
        scale=scale,
        to_probabilities=to_probabilities,
        to_profile=to_profile,
    )
