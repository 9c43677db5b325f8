"""Nash equilibria in pure strategies, by comparing every cell with its alternatives.

Source: Nash, J. (1951), Non-cooperative games, Annals of Mathematics 54, 286-295.
"""

from __future__ import annotations

import numpy as np

from sim.games.finite.certificate import certified_profile
from sim.games.finite.payoff_table import PayoffTable
from sim.games.finite.profile import ProfileSet, ordered

METHOD = "comparison of every cell"


def pure_nash(game: PayoffTable) -> ProfileSet:
    """Return all equilibria in pure strategies.

    Parameters
    ----------
    game : PayoffTable

    Returns
    -------
    ProfileSet
        ``complete`` is always True. Comparisons are exact, so a regret here is exactly 0.

    Examples
    --------
    >>> [profile.pure for profile in pure_nash(PayoffTable([[[1, 0], [0, 1]], [[1, 0], [0, 1]]]))]
    [(0, 0), (1, 1)]
    """
    best = np.ones(game.shape, dtype=bool)
    for i, u in enumerate(game.payoffs):
        best &= u == u.max(axis=i, keepdims=True)
    profiles = [
        certified_profile(
            game,
            [np.eye(n)[s] for n, s in zip(game.shape, cell, strict=True)],
            method=METHOD,
            proved="no player gains by any deviation",
            not_proved="",
            tolerance=0.0,
        )
        for cell in np.argwhere(best)
    ]
    return ProfileSet(ordered(profiles), True, METHOD, "every cell of the game was compared", "")
