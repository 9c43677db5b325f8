r"""Experience-weighted attraction learning (Camerer and Ho 1999).

Each move :math:`j` has an attraction :math:`A_j`; :math:`N` counts experience. After a play in which :math:`s` was
chosen and move :math:`j` pays (or would have paid) :math:`\pi_j`,

.. math::

    N(t) = \phi (1-\kappa) N(t-1) + 1, \qquad
    A_j(t) = \frac{\phi N(t-1) A_j(t-1) + [\delta + (1-\delta)\,1\{j = s\}]\, \pi_j}{N(t)}.

:math:`\phi` is memory, :math:`\delta` the weight of forgone payoffs, :math:`\kappa` whether attractions grow as sums
(1) or averages (0). :math:`\delta = 1, \kappa = 0` is (weighted) fictitious play, :math:`\delta = 0` reinforcement.
Moves are chosen by the logit response to attractions.

`sim.games.theory.ewa_update` holds the compiled update, which works on the caller's own buffers; `ewa_step` is the same
on copies.

References
----------
Camerer, C. and Ho, T.-H. (1999). Experience-weighted attraction learning in normal form games. Econometrica 67,
827-874.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled
from sim.errors import GameError
from sim.games.numerics.arguments import Floats, Integers, count, number, payoff_array, per_player, precisions
from sim.games.numerics.logit_response import fill_logit
from sim.games.theory.ewa_update import ewa_update
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True)
class EwaParameters(NotebookTable):
    """The parameters of experience-weighted attraction.

    Attributes
    ----------
    phi : float
        Memory: weight of the past per play, in [0, 1].
    delta : float
        Weight of forgone payoffs, in [0, 1].
    kappa : float
        Growth of attractions: 0 averages, 1 sums; in [0, 1].

    Raises
    ------
    GameError
        If one lies outside.
    """

    phi: float
    delta: float
    kappa: float

    def __post_init__(self) -> None:
        """Check the ranges."""
        for name in ("phi", "delta", "kappa"):
            object.__setattr__(self, name, number(name, getattr(self, name), 0.0, 1.0))


def ewa_step(
    attractions: npt.ArrayLike, experience: float, payoffs: npt.ArrayLike, chosen: int, parameters: EwaParameters
) -> tuple[Floats, float]:
    """Return attractions and experience after one play, leaving the arguments as they are.

    Parameters
    ----------
    attractions : array_like, shape (moves,)
        Before the play.
    experience : float
        Before the play, at least 0.
    payoffs : array_like, shape (moves,)
        What each move paid or would have paid.
    chosen : int
        The move that was played.
    parameters : EwaParameters
        Memory, weight of forgone payoffs, growth.

    Returns
    -------
    attractions : ndarray, shape (moves,)
    experience : float

    Raises
    ------
    GameError
        If shapes differ or `chosen` is no move.

    Examples
    --------
    >>> attractions, experience = ewa_step([0.0, 0.0], 1.0, [3, 5], 0, EwaParameters(0.9, 0.5, 0.0))
    >>> attractions.round(6).tolist(), experience
    ([1.578947, 1.315789], 1.9)
    """
    after = payoff_array("attractions", attractions, 1)
    gained = payoff_array("payoffs", payoffs, 1)
    if gained.shape != after.shape:
        raise GameError(f"payoffs: found shape {gained.shape}, expected {after.shape}: one for each attraction")
    move = count("chosen", chosen, 0)
    if move >= after.size:
        raise GameError(f"chosen: found {move}, expected a move below {after.size}")
    start = number("experience", experience, 0.0)
    later = ewa_update(after, start, gained, move, parameters.phi, parameters.delta, parameters.kappa)
    return after, float(later)


def ewa_path(
    payoffs: npt.ArrayLike,
    plays: Sequence[tuple[int, int]],
    parameters: EwaParameters,
    attractions: npt.ArrayLike = 0.0,
    experience: float = 1.0,
) -> tuple[Floats, float]:
    """Return one player's attractions after given plays of a matrix game.

    Parameters
    ----------
    payoffs : array_like, shape (own moves, other's moves)
        The player's payoffs.
    plays : sequence of (own, other)
        The joint plays in order.
    parameters : EwaParameters
        Memory, weight of forgone payoffs, growth.
    attractions : array_like, shape (own moves,) or a number
        Before the first play.
    experience : float
        Before the first play.

    Returns
    -------
    attractions : ndarray, shape (own moves,)
    experience : float

    Raises
    ------
    GameError
        If a play names no move.

    Examples
    --------
    >>> plays = [(0, 0), (1, 0), (1, 1)]
    >>> ewa_path([[3, 0], [5, 1]], plays, EwaParameters(0.9, 0.5, 0.0))[0].round(10).tolist()
    [1.0991567316, 2.1881360861]
    """
    table = payoff_array("payoffs", payoffs, 2)
    current = per_player("attractions", attractions, table.shape[0])
    weight = number("experience", experience, 0.0)
    for own, other in plays:
        if not (0 <= own < table.shape[0] and 0 <= other < table.shape[1]):
            raise GameError(f"plays: found {(own, other)}, expected moves below {table.shape}")
        current, weight = ewa_step(current, weight, table[:, other], own, parameters)
    return current, weight


@dataclass(frozen=True, slots=True)
class EwaPlay(NotebookTable):
    """A simulated match of two learners.

    Attributes
    ----------
    moves : ndarray of int, shape (rounds, 2)
        What both played.
    attractions : tuple of ndarray
        After the last round.
    experience : tuple of float
        After the last round.
    frequencies : tuple of ndarray
        Shares of each move over all rounds.
    regret : float
        The most that one player could gain against the other's frequencies over its own frequencies.
    proved : str
        What is proved.
    """

    moves: Integers
    attractions: tuple[Floats, Floats]
    experience: tuple[float, float]
    frequencies: tuple[Floats, Floats]
    regret: float
    proved: str


@compiled
def _match(  # pragma: no cover
    one: Floats,
    two: Floats,
    luck: Floats,
    numbers: Floats,
    attractions_1: Floats,
    attractions_2: Floats,
    moves: Integers,
) -> tuple[float, float]:
    experience_1, experience_2 = numbers[0], numbers[1]
    sigma_1, sigma_2 = np.zeros(attractions_1.size), np.zeros(attractions_2.size)
    for t in range(moves.shape[0]):
        fill_logit(attractions_1, 0, attractions_1.size, numbers[2], sigma_1)
        fill_logit(attractions_2, 0, attractions_2.size, numbers[3], sigma_2)
        row, column = 0, 0
        reached = sigma_1[0]
        while luck[t, 0] >= reached and row < sigma_1.size - 1:
            row += 1
            reached += sigma_1[row]
        reached = sigma_2[0]
        while luck[t, 1] >= reached and column < sigma_2.size - 1:
            column += 1
            reached += sigma_2[column]
        moves[t, 0], moves[t, 1] = row, column
        experience_1 = ewa_update(attractions_1, experience_1, one[:, column], row, numbers[4], numbers[5], numbers[6])
        experience_2 = ewa_update(attractions_2, experience_2, two[row], column, numbers[4], numbers[5], numbers[6])
    return experience_1, experience_2


def ewa_play(
    payoffs_1: npt.ArrayLike,
    payoffs_2: npt.ArrayLike,
    parameters: EwaParameters,
    lam: npt.ArrayLike,
    rounds: int,
    seed: int,
    experience: float = 1.0,
) -> EwaPlay:
    """Let two learners play a matrix game.

    Parameters
    ----------
    payoffs_1, payoffs_2 : array_like, shape (moves of 1, moves of 2)
        Payoff of each player.
    parameters : EwaParameters
        Of both.
    lam : array_like, shape (2,) or a number
        Precision of each player's logit response to its attractions; infinity for the best.
    rounds : int
        Number of plays.
    seed : int
        Seed of the draws (NumPy's Philox generator); the same seed gives the same match.
    experience : float
        Of both before the first round; attractions start at 0.

    Returns
    -------
    EwaPlay

    Raises
    ------
    GameError
        If the payoffs do not match or an argument is out of range.

    Examples
    --------
    >>> match = ewa_play([[3, 0], [5, 1]], [[3, 5], [0, 1]], EwaParameters(0.9, 0.5, 0.0), 2.0, 500, seed=1)
    >>> bool(match.frequencies[0][1] > 0.9)
    True
    """
    one = payoff_array("payoffs_1", payoffs_1, 2)
    two = payoff_array("payoffs_2", payoffs_2, 2)
    if one.shape != two.shape:
        raise GameError(f"payoffs_2: found shape {two.shape}, expected {one.shape} as in payoffs_1")
    length = count("rounds", rounds)
    start = number("experience", experience, 0.0)
    luck = np.random.Generator(np.random.Philox(count("seed", seed, 0))).random((length, 2))
    moves = np.zeros((length, 2), dtype=np.int64)
    attractions = (np.zeros(one.shape[0]), np.zeros(one.shape[1]))
    numbers = np.array([start, start, *precisions(lam, 2), parameters.phi, parameters.delta, parameters.kappa])
    after = _match(one, two, luck, numbers, *attractions, moves)
    share_1 = np.bincount(moves[:, 0], minlength=one.shape[0]) / length
    share_2 = np.bincount(moves[:, 1], minlength=one.shape[1]) / length
    against_1, against_2 = one @ share_2, share_1 @ two
    regret = max(0.0, float(against_1.max() - share_1 @ against_1), float(against_2.max() - against_2 @ share_2))
    proof = "one simulated match; its frequencies are an equilibrium only as far as the regret says"
    return EwaPlay(moves, attractions, (float(after[0]), float(after[1])), (share_1, share_2), regret, proof)
