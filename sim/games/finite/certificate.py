r"""Certificates: profiles whose payoffs and regrets are evaluated on the payoffs of the game, whoever found them.

The regret of player i is :math:`\max_{s_i} u_i(s_i, \sigma_{-i}) - u_i(\sigma)`. It is zero for every player exactly at
a Nash equilibrium (Nash 1951, Annals of Mathematics 54, 286-295), so it needs no trust in the method.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.profile import MixedProfile, Vector, frozen_vector


def given_profile(game: PayoffTable, vectors: Sequence[ArrayLike], tolerance: float = 1e-9) -> MixedProfile:
    """Certify given strategies: payoffs and regrets, converged if they are an equilibrium.

    Parameters
    ----------
    game : PayoffTable
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
    >>> given_profile(PayoffTable([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]), [[0, 1], [0, 1]]).converged
    True
    """
    return certified_profile(
        game,
        game.checked_profile(vectors),
        method="given by the caller",
        proved="payoffs and regrets are evaluated on the payoff arrays",
        not_proved="whether other equilibria exist",
        tolerance=tolerance * game.payoff_range,
    )


def regrets(game: PayoffTable, vectors: Sequence[ArrayLike]) -> Vector:
    """Return how much each player could gain by deviating alone.

    Parameters
    ----------
    game : PayoffTable
    vectors : sequence of array_like
        One probability vector per player.

    Returns
    -------
    ndarray, shape (N,)
        In payoff units, at least 0; all zero exactly at a Nash equilibrium.

    Raises
    ------
    GameError
        If the vectors are not one probability vector per player.

    Examples
    --------
    >>> regrets(PayoffTable([[[3, 0], [5, 1]], [[3, 5], [0, 1]]]), [[1, 0], [1, 0]]).tolist()
    [2.0, 2.0]
    """
    return np.array(given_profile(game, vectors).regrets)


def certified_profile(
    game: PayoffTable,
    vectors: Sequence[Vector],
    *,
    method: str,
    proved: str,
    not_proved: str,
    tolerance: float,
    residual: float | None = None,
    iterations: int = 0,
    lam: float | None = None,
) -> MixedProfile:
    """Build a profile whose payoffs and regrets are evaluated directly on the payoffs of the game.

    Parameters
    ----------
    game : PayoffTable
    vectors : sequence of array
        One probability vector per player.
    method, proved, not_proved : str
        See `MixedProfile`.
    tolerance : float
        ``converged`` is whether the residual is at most this.
    residual : float, optional
        By default the regret.
    iterations : int
    lam : float, optional

    Returns
    -------
    MixedProfile

    Examples
    --------
    >>> game = PayoffTable([[[1, 0]], [[1, 0]]])
    >>> certified_profile(game, [[1.0], [0.0, 1.0]], method="given", proved="", not_proved="", tolerance=0).regrets
    (0.0, 1.0)
    """
    fixed = tuple(frozen_vector(v) for v in vectors)
    values = [game.strategy_payoffs(i, fixed) for i in range(game.n_players)]
    payoffs = tuple(float(v @ u) for v, u in zip(fixed, values, strict=True))
    gains = tuple(max(0.0, float(u.max()) - mean) for u, mean in zip(values, payoffs, strict=True))
    error = max(gains) if residual is None else residual
    return MixedProfile(
        vectors=fixed,
        payoffs=payoffs,
        regrets=gains,
        residual=error,
        converged=bool(error <= tolerance),
        method=method,
        proved=proved,
        not_proved=not_proved,
        iterations=iterations,
        lam=lam,
        players=game.players,
        strategies=game.strategies,
    )
