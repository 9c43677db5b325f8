"""The only door to Gambit (package ``pygambit``, extra ``gambit``): cross-checks, and all equilibria of N players.

Games cross it as text in Gambit's own formats, so what passes here is also what the files say. Equilibria of three and
more players come from ``enumpoly``: for each choice of supports the polynomial equations of indifference are solved
by subdivision. Supports on which the equations are singular, or on which its budget of rectangles ran out, are counted:
with either, the list is not proved complete.

Source: Savani, R. and Turocy, T., Gambit: The package for computation in game theory,
https://www.gambit-project.org; the method: McKelvey, R. and McLennan, A. (1996), Computation of equilibria in finite
games, Handbook of Computational Economics 1, chapter 2.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import GameError, MissingExtraError
from sim.games.finite.game_tree import GameTree
from sim.games.finite.payoff_table import PayoffTable
from sim.games.formats.efg import read_efg, write_efg
from sim.games.formats.nfg import read_nfg, write_nfg


class _TimeIsUp(Exception):
    """Raised inside a callback to stop Gambit."""


@dataclass(frozen=True, slots=True, eq=False)
class PolynomialEnumeration:
    """What ``enumpoly`` found.

    Attributes
    ----------
    profiles : tuple of tuple of ndarray
        Mixed strategies, in player order.
    supports : int
        Supports whose equations were solved.
    singular, exhausted : int
        Supports with singular equations, and those whose budget ran out.
    in_time : bool
        Whether all supports were examined before the time limit.
    """

    profiles: tuple[tuple[NDArray[np.float64], ...], ...]
    supports: int
    singular: int
    exhausted: int
    in_time: bool


def is_installed() -> bool:
    """Tell whether pygambit can be imported.

    Returns
    -------
    bool

    Examples
    --------
    >>> isinstance(is_installed(), bool)
    True
    """
    return importlib.util.find_spec("pygambit") is not None


def pygambit(purpose: str) -> Any:
    """Import pygambit.

    Parameters
    ----------
    purpose : str
        What it is needed for.

    Returns
    -------
    module

    Raises
    ------
    MissingExtraError
        If it is not installed.

    Examples
    --------
    >>> pygambit("this example").__name__
    'pygambit'
    """
    try:
        return importlib.import_module("pygambit")
    except ImportError as error:
        raise MissingExtraError("pygambit", "gambit", purpose) from error


def to_gambit(game: PayoffTable | GameTree) -> Any:
    """Return a game as a Gambit game.

    Parameters
    ----------
    game : PayoffTable or GameTree

    Returns
    -------
    pygambit.Game

    Raises
    ------
    MissingExtraError
        If pygambit is not installed.
    GameError
        If Gambit does not accept a name.

    Examples
    --------
    >>> len(to_gambit(PayoffTable([[[1, 0]], [[2, 3]]])).players)
    2
    """
    module = pygambit("a Gambit game")
    try:
        if isinstance(game, PayoffTable):
            return module.read_nfg(io.StringIO(write_nfg(game)))
        return module.read_efg(io.StringIO(write_efg(game)))
    except ValueError as error:
        raise GameError(
            f"Gambit does not take this game: {error}. Its names must have no backslashes, control characters, outer "
            "or double blanks; rename players, strategies or moves"
        ) from error


def from_gambit(game: Any) -> PayoffTable | GameTree:
    """Return the payoffs or the tree of a Gambit game.

    Parameters
    ----------
    game : pygambit.Game

    Returns
    -------
    PayoffTable or GameTree
        For a game in extensive form its tree; see `NormalForm.from_table` and `ExtensiveForm.from_tree`.

    Examples
    --------
    >>> from_gambit(to_gambit(PayoffTable([[[1, 0]], [[2, 3]]]))).shape
    (1, 2)
    """
    if isinstance(game, pygambit("a Gambit game").ExtensiveGame):
        return read_efg(game.to_efg())
    return read_nfg(game.to_nfg())


def enumpoly(game: PayoffTable, time_limit_s: float) -> PolynomialEnumeration:
    """Solve the polynomial equations of every support.

    Parameters
    ----------
    game : PayoffTable
    time_limit_s : float
        Checked between supports.

    Returns
    -------
    PolynomialEnumeration

    Raises
    ------
    MissingExtraError
        If pygambit is not installed.

    Examples
    --------
    >>> len(enumpoly(PayoffTable([[[1, 0], [0, 1]], [[1, 0], [0, 1]]]), 10.0).profiles)
    3
    """
    module = pygambit("all mixed equilibria of three or more players")
    seen: dict[str, int] = {}
    profiles: list[tuple[NDArray[np.float64], ...]] = []
    stop_at = time.monotonic() + time_limit_s

    def note_support(event: object) -> None:
        name = type(event).__name__
        seen[name] = seen.get(name, 0) + 1
        if time.monotonic() > stop_at:
            raise _TimeIsUp

    def note_profile(profile: Any) -> None:
        profiles.append(tuple(np.array([float(p) for _, p in one]) for one in profile))

    in_time = True
    # Names do not matter to equilibria, and Gambit refuses some; the default ones always pass.
    unnamed = to_gambit(PayoffTable(game.payoffs))
    try:
        module.nash.enumpoly_solve(unnamed, use_strategic=True, nash_callback=note_profile, event_callback=note_support)
    except (RuntimeError, _TimeIsUp):
        # Gambit wraps an exception of a callback in a RuntimeError.
        if time.monotonic() <= stop_at:
            raise
        in_time = False
    return PolynomialEnumeration(
        profiles=tuple(profiles),
        supports=seen.get("EnumPolyCandidateSupportEvent", 0),
        singular=seen.get("EnumPolySingularSupportEvent", 0),
        exhausted=seen.get("EnumPolyBudgetExceededSupportEvent", 0),
        in_time=in_time,
    )
