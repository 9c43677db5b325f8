r"""Profiles of mixed strategies and what is known about them.

A profile gives each player i a probability vector over its strategies. Its **regret** for player i is

.. math:: r_i(\sigma) = \max_{s_i} u_i(s_i, \sigma_{-i}) - u_i(\sigma) \ge 0,

the most that i could gain by deviating alone, in payoff units. A profile is a Nash equilibrium exactly if every regret
is zero, so the regret is a certificate that needs no trust in the method that found the profile.

Source: Nash, J. (1951), Non-cooperative games, Annals of Mathematics 54, 286-295.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import overload

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def frozen_vector(values: object) -> Vector:
    """Return a read-only float64 copy of `values`.

    Parameters
    ----------
    values : array_like
        Numbers.

    Returns
    -------
    ndarray of float64

    Examples
    --------
    >>> frozen_vector([1, 2]).flags.writeable
    False
    """
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MixedProfile(Sequence[Vector]):
    """One mixed strategy per player, with its certificate.

    Attributes
    ----------
    vectors : tuple of ndarray
        Probability vectors in player order; read-only.
    payoffs : tuple of float
        Expected payoff of each player.
    regrets : tuple of float
        Gain of each player's best deviation, in payoff units; at least 0.
    residual : float
        How far the profile is from solving the equations that define it: the regret for a Nash equilibrium, the
        largest difference between a probability and its logit response for a quantal response equilibrium.
    converged : bool
        Whether the method reached its tolerance.
    method : str
        How the profile was found.
    proved, not_proved : str
        What is certain about the answer, and what is not.
    iterations : int
        Steps taken, 0 for a direct method.
    lam : float or None
        Precision of a logit equilibrium (1 / payoff unit), the largest one if players differ; None otherwise.
    players, strategies : tuple
        Names, for printing.

    Examples
    --------
    >>> from sim.games import NormalForm
    >>> (profile,) = NormalForm([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]]).mixed_nash()
    >>> profile[0].tolist(), profile.regret
    ([0.5, 0.5], 0.0)
    """

    vectors: tuple[Vector, ...]
    payoffs: tuple[float, ...]
    regrets: tuple[float, ...]
    residual: float
    converged: bool
    method: str
    proved: str
    not_proved: str
    iterations: int
    lam: float | None
    players: tuple[str, ...]
    strategies: tuple[tuple[str, ...], ...]

    @property
    def regret(self) -> float:
        """The largest regret of any player, in payoff units."""
        return max(self.regrets)

    @property
    def pure(self) -> tuple[int, ...] | None:
        """The strategy index of each player if the profile is pure, else None."""
        if any(np.count_nonzero(v) != 1 for v in self.vectors):
            return None
        return tuple(int(np.argmax(v)) for v in self.vectors)

    @property
    def support(self) -> tuple[tuple[int, ...], ...]:
        """For each player the indices of the strategies with positive probability."""
        return tuple(tuple(int(s) for s in np.flatnonzero(v)) for v in self.vectors)

    def as_dict(self) -> dict[str, dict[str, float]]:
        """Return ``{player: {strategy: probability}}``."""
        return {
            player: {s: float(p) for s, p in zip(labels, vector, strict=True)}
            for player, labels, vector in zip(self.players, self.strategies, self.vectors, strict=True)
        }

    def __len__(self) -> int:
        return len(self.vectors)

    @overload
    def __getitem__(self, index: int) -> Vector: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Vector, ...]: ...
    def __getitem__(self, index: int | slice) -> Vector | tuple[Vector, ...]:
        return self.vectors[index]

    def __iter__(self) -> Iterator[Vector]:
        return iter(self.vectors)

    def __repr__(self) -> str:
        vectors = ", ".join("[" + " ".join(f"{x:.6g}" for x in v) + "]" for v in self.vectors)
        lam = "" if self.lam is None else f", lam={self.lam:g}"
        return f"MixedProfile({vectors}{lam}, regret={self.regret:.2g}, converged={self.converged})"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(player)}</td><td>"
            + ", ".join(f"{escape(s)}: {p:.4f}" for s, p in zip(labels, vector, strict=True))
            + f"</td><td>{payoff:.6g}</td><td>{regret:.2g}</td></tr>"
            for player, labels, vector, payoff, regret in zip(
                self.players, self.strategies, self.vectors, self.payoffs, self.regrets, strict=True
            )
        )
        head = "<tr><th>player</th><th>strategy</th><th>payoff</th><th>regret</th></tr>"
        state = "converged" if self.converged else "NOT converged"
        return f"<table>{head}{rows}</table><p>{escape(self.method)}: {state}, residual {self.residual:.2g}</p>"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ProfileSet(Sequence[MixedProfile]):
    """Equilibria that were found, and whether they are all there are.

    Attributes
    ----------
    profiles : tuple of MixedProfile
        In a fixed order: larger probabilities of earlier strategies first.
    complete : bool
        True only if it is proved that the game has no other equilibrium of the kind asked for.
    method : str
        How they were found.
    proved, not_proved : str
        What is certain about the list, and what is not.

    Examples
    --------
    >>> from sim.games import NormalForm
    >>> equilibria = NormalForm([[[1, 0], [0, 1]], [[1, 0], [0, 1]]]).mixed_nash()
    >>> len(equilibria), equilibria.complete
    (3, True)
    """

    profiles: tuple[MixedProfile, ...]
    complete: bool
    method: str
    proved: str
    not_proved: str

    @property
    def converged(self) -> bool:
        """Whether every profile in the list reached its tolerance."""
        return all(p.converged for p in self.profiles)

    @property
    def residual(self) -> float:
        """The largest residual in the list, 0 if it is empty."""
        return max((p.residual for p in self.profiles), default=0.0)

    @property
    def regret(self) -> float:
        """The largest regret in the list in payoff units, 0 if it is empty."""
        return max((p.regret for p in self.profiles), default=0.0)

    def __len__(self) -> int:
        return len(self.profiles)

    @overload
    def __getitem__(self, index: int) -> MixedProfile: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[MixedProfile, ...]: ...
    def __getitem__(self, index: int | slice) -> MixedProfile | tuple[MixedProfile, ...]:
        return self.profiles[index]

    def __iter__(self) -> Iterator[MixedProfile]:
        return iter(self.profiles)

    def __repr__(self) -> str:
        lines = [f"ProfileSet of {len(self)} by {self.method}, complete={self.complete}"]
        lines += [f"  {p!r}" for p in self.profiles[:20]]
        if len(self) > 20:
            lines.append(f"  ... and {len(self) - 20} more")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        note = self.proved if self.complete else self.not_proved
        return "".join(p._repr_html_() for p in self.profiles[:20]) + (
            f"<p>{len(self)} found, complete: {self.complete}. {escape(note)}</p>"
        )


def ordered(profiles: Sequence[MixedProfile]) -> tuple[MixedProfile, ...]:
    """Sort profiles so that larger probabilities of earlier strategies come first.

    Parameters
    ----------
    profiles : sequence of MixedProfile

    Returns
    -------
    tuple of MixedProfile

    Examples
    --------
    >>> ordered([])
    ()
    """

    def key(profile: MixedProfile) -> tuple[float, ...]:
        return tuple(-round(float(x), 9) for vector in profile for x in vector)

    return tuple(sorted(profiles, key=key))
