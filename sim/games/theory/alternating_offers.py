r"""Alternating offers over a pie of size 1 (Rubinstein 1982; finite horizon: Stahl 1972).

Player 1 proposes first; after a refusal the other proposes one period later, and a share :math:`x` agreed in period
:math:`t` is worth :math:`\delta_i^{t-1} x` to player :math:`i`. Nothing is left after the last period.

With :math:`n` periods the proposer of the last one takes all, and backwards a proposer offers exactly what the other
would get by waiting: :math:`s_i(n) = 1 - \delta_j s_j(n-1)`, :math:`s_i(1) = 1`. With no last period the unique
subgame-perfect share of the first proposer is

.. math:: x_1 = \frac{1-\delta_2}{1-\delta_1\delta_2}.

As the time between offers goes to zero, :math:`\delta_i = e^{-r_i \tau}`, it tends to the Nash bargain with weights
:math:`r_2 : r_1` (Binmore, Rubinstein and Wolinsky 1986).

References
----------
Rubinstein, A. (1982). Perfect equilibrium in a bargaining model. Econometrica 50, 97-109.
Ståhl, I. (1972). Bargaining Theory. Stockholm School of Economics.
"""

from __future__ import annotations

from dataclasses import dataclass

from sim.games.numerics.arguments import count, discount
from sim.notebook_table import NotebookTable


@dataclass(frozen=True, slots=True)
class OffersAgreement(NotebookTable):
    """The subgame-perfect agreement of an alternating-offers game.

    Attributes
    ----------
    shares : tuple of float
        Share of the first proposer and of the other, agreed at once; they add to 1.
    counter_shares : tuple of float or None
        The same two players' shares were the other to propose, one period later; None if there is no later period.
    periods : int or None
        Number of offers; None for an infinite horizon.
    converged : bool
        Always True: the answer is a closed form.
    residual : float
        Size of the responder's indifference gap between accepting and waiting.
    regret : float
        The most that one deviation (a different offer, or a refusal) could gain; the residual by construction.
    proved : str
        What is proved.
    """

    shares: tuple[float, float]
    counter_shares: tuple[float, float] | None
    periods: int | None
    converged: bool
    residual: float
    regret: float
    proved: str


def rubinstein(discount_1: float, discount_2: float, periods: int | None = None) -> OffersAgreement:
    """Return the subgame-perfect division of a pie when player 1 proposes first.

    Parameters
    ----------
    discount_1, discount_2 : float
        Discount factor per period of each player; in [0, 1), and 1 is allowed with finitely many periods.
    periods : int, optional
        Number of offers until the pie is gone; infinitely many if omitted.

    Returns
    -------
    OffersAgreement

    Raises
    ------
    GameError
        If a discount is outside its interval or `periods` is not a whole number of at least 1.

    Examples
    --------
    >>> round(rubinstein(0.9, 0.9).shares[0], 10)
    0.5263157895
    >>> [round(rubinstein(0.9, 0.9, n).shares[0], 10) for n in (1, 2, 3)]
    [1.0, 0.1, 0.91]

    References
    ----------
    Rubinstein (1982), Econometrica 50; Ståhl (1972).
    """
    finite = periods is not None
    own = discount(discount_1, finite_horizon=finite, name="discount_1")
    other = discount(discount_2, finite_horizon=finite, name="discount_2")
    if periods is None:
        first = (1.0 - other) / (1.0 - own * other)
        counter = (1.0 - own) / (1.0 - own * other)
        return _agreement(first, counter, other, None, "unique subgame-perfect equilibrium (Rubinstein 1982)")
    length = count("periods", periods)
    patience = (own, other)
    share, previous = 1.0, 0.0
    for remaining in range(2, length + 1):
        proposer = (length - remaining) % 2
        share, previous = 1.0 - patience[1 - proposer] * share, share
    proof = "unique subgame-perfect equilibrium by backward induction (Ståhl 1972)"
    return _agreement(share, previous if length > 1 else None, other, length, proof)


def _agreement(
    first: float, counter: float | None, other_discount: float, periods: int | None, proof: str
) -> OffersAgreement:
    waiting = other_discount * counter if counter is not None else 0.0
    gap = abs((1.0 - first) - waiting)
    later = None if counter is None else (1.0 - counter, counter)
    return OffersAgreement((first, 1.0 - first), later, periods, True, gap, gap, proof)
