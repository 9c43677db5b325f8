r"""Budget-balanced, incentive-compatible settlement: whether any protocol at all can bring peace under private costs.

Each party i has a private type (what conflict would cost it, what an agreement is worth to it) from a joint prior. A
settlement protocol asks for reports and answers with a probability :math:`q(t)` of agreement and transfers
:math:`x_i(t)` that sum to zero; no agreement means conflict. By the revelation principle every equilibrium of every
protocol is one in which reports are honest and nobody walks out,

.. math::

    U_i(r \mid t_i) &= \sum_{t_{-i}} p(t_{-i} \mid t_i)
      [c_i(t) + q(r, t_{-i}) (a_i(t) - c_i(t)) + x_i(r, t_{-i})], \\
    U_i(t_i \mid t_i) &\ge U_i(r \mid t_i), \qquad
    U_i(t_i \mid t_i) \ge \sum_{t_{-i}} p(t_{-i} \mid t_i)\, c_i(t),

with payoffs a of agreement and c of conflict. The best protocol for an objective is a linear program in q and x. Where
it falls short of agreeing whenever that is worth more in sum, no mediator, however clever, can do without force,
subsidies or information of its own (Myerson and Satterthwaite 1983).

Sources: Myerson, R. and Satterthwaite, M. (1983), Efficient mechanisms for bilateral trading, Journal of Economic
Theory 29, 265-281; Fey, M. and Ramsay, K. (2009), Mechanism design goes to war, Review of Economic Design 13, 233-250;
Hörner, J., Morelli, M. and Squintani, F. (2015), Mediation and peace, Review of Economic Studies 82, 1483-1501.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sim.errors import GameError
from sim.games.numerics.arguments import Floats, payoff_array
from sim.games.numerics.linear_program import maximise
from sim.notebook_table import NotebookTable

TOLERANCE = 1e-7
MOST_PROFILES = 2_500


@dataclass(frozen=True, slots=True, eq=False)
class SettlementProtocol(NotebookTable):
    """The best protocol that keeps its promises to everybody.

    Attributes
    ----------
    agreement : ndarray, shape (types of 1, ..., types of N)
        Probability of agreement after each profile of reports.
    transfers : tuple of ndarray
        What each party receives on average after each profile; they sum to 0.
    chance : float
        Probability of agreement before types are drawn.
    efficient_chance : float
        Probability that agreement is worth more in sum than conflict.
    gain, first_best : float
        Expected gain over conflict, in sum: of the protocol, and of agreeing whenever that is worth more.
    by_type : tuple of ndarray
        What each type gains over conflict in expectation.
    regret : float
        The most that a type gains by lying or walking out.
    efficient : bool
        Whether the protocol reaches the first best (to 1e-7 of the payoff range).
    converged : bool
        Whether `regret` is below 1e-7 of the payoff range.
    proved, not_proved : str
        What is certain, and what is not.
    """

    agreement: Floats
    transfers: tuple[Floats, ...]
    chance: float
    efficient_chance: float
    gain: float
    first_best: float
    by_type: tuple[Floats, ...]
    regret: float
    efficient: bool
    converged: bool
    proved: str
    not_proved: str


def settlement_protocol(
    prior: ArrayLike,
    agreement: Sequence[ArrayLike],
    conflict: Sequence[ArrayLike],
    objective: Literal["gain", "chance"] = "gain",
    *,
    transfers: bool = True,
) -> SettlementProtocol:
    """Return the best budget-balanced protocol in which honesty and staying pay for every type.

    Parameters
    ----------
    prior : array_like, shape (types of 1, ..., types of N)
        Probability of each profile of types.
    agreement, conflict : sequence of array_like
        For each party its payoff under agreement and under conflict, each of the prior's shape.
    objective : {"gain", "chance"}
        Maximise the expected gain over conflict in sum, or the probability of agreement.
    transfers : bool
        Whether the protocol can move payoffs between parties.

    Returns
    -------
    SettlementProtocol

    Raises
    ------
    GameError
        If shapes do not fit, there are more than 2,500 profiles of types, or the program cannot be solved.

    Examples
    --------
    The agreement is worth 1 to a government that would fight for 0, and rebels give up what war is worth to them:

    >>> war = [[0.0, 0.0]], [[0.2, 0.9]]
    >>> found = settlement_protocol([[0.5, 0.5]], [[[1.0, 1.0]], [[0.0, 0.0]]], war)
    >>> found.efficient, round(found.chance, 9), round(found.gain, 9)
    (True, 1.0, 0.45)
    """
    chances = payoff_array("prior", prior)
    n, shape = chances.ndim, chances.shape
    if chances.min() < 0.0 or abs(chances.sum() - 1.0) > 1e-9:
        raise GameError("prior: expected probabilities that sum to 1")
    if chances.size > MOST_PROFILES:
        raise GameError(f"prior: found {chances.size} profiles of types, expected at most {MOST_PROFILES}")
    if len(agreement) != n or len(conflict) != n:
        raise GameError(f"agreement, conflict: expected one array for each of {n} parties")
    peace = [payoff_array(f"agreement[{i}]", u) for i, u in enumerate(agreement)]
    war = [payoff_array(f"conflict[{i}]", u) for i, u in enumerate(conflict)]
    for name, tables in (("agreement", peace), ("conflict", war)):
        for i, u in enumerate(tables):
            if u.shape != shape:
                raise GameError(f"{name}[{i}]: found shape {u.shape}, expected {shape} as the prior's")
    if objective not in ("gain", "chance"):
        raise GameError(f"objective: found {objective!r}, expected 'gain' or 'chance'")
    chances = chances / chances.sum()
    cells = chances.size
    place = np.arange(cells).reshape(shape)
    gains = [a - c for a, c in zip(peace, war, strict=True)]
    scale = max(float(np.abs(g).max()) for g in gains) or 1.0
    # The unknowns are agreement by profile, then the transfers of all parties but the last, who pays the rest.
    moved = n - 1 if transfers else 0
    size = cells * (1 + moved)
    rows, limits = [], []
    for i in range(n):
        for t in range(shape[i]):
            stay, here = np.zeros(size), np.take(place, t, axis=i).ravel()
            weight = np.take(chances, t, axis=i).ravel()
            own = np.take(gains[i], t, axis=i).ravel() / scale
            _add(stay, here, weight, own, i, n, cells, moved)
            rows.append(-stay)
            limits.append(0.0)
            for r in range(shape[i]):
                if r != t:
                    lie = np.zeros(size)
                    _add(lie, np.take(place, r, axis=i).ravel(), weight, own, i, n, cells, moved)
                    rows.append(lie - stay)
                    limits.append(0.0)
    for k in range(cells):
        row = np.zeros(size)
        row[k] = 1.0
        rows.append(row)
        limits.append(1.0)
    total = sum(gains)
    worth = np.zeros(size)
    worth[:cells] = (chances * (total / scale if objective == "gain" else 1.0)).ravel()
    best = maximise(worth, np.array(rows), np.array(limits), free=range(cells, size))
    if best is None:
        raise GameError("no protocol was found: the linear program could not be solved")
    agreed = np.clip(best.point[:cells], 0.0, 1.0).reshape(shape)
    paid = [best.point[cells * (1 + k) : cells * (2 + k)].reshape(shape) * scale for k in range(moved)]
    paid = [*paid, -np.asarray(sum(paid))] if moved else [np.zeros(shape) for _ in range(n)]
    by_type, regret = [], 0.0
    for i in range(n):
        honest = np.empty(shape[i])
        for t, r in product(range(shape[i]), repeat=2):
            weight = np.take(chances, t, axis=i)
            told = np.take(agreed, r, axis=i) * np.take(gains[i], t, axis=i) + np.take(paid[i], r, axis=i)
            if r == t:
                honest[t] = float((weight * told).sum())
        for t, r in product(range(shape[i]), repeat=2):
            weight = np.take(chances, t, axis=i)
            told = np.take(agreed, r, axis=i) * np.take(gains[i], t, axis=i) + np.take(paid[i], r, axis=i)
            regret = max(regret, float((weight * told).sum()) - float(honest[t]), -float(honest[t]))
        share = chances.sum(axis=tuple(k for k in range(n) if k != i))
        with np.errstate(invalid="ignore", divide="ignore"):
            by_type.append(np.where(share > 0.0, honest / share, np.nan))
    gain = float((chances * agreed * total).sum())
    first_best = float((chances * np.maximum(total, 0.0)).sum())
    return SettlementProtocol(
        agreement=agreed,
        transfers=tuple(paid),
        chance=float((chances * agreed).sum()),
        efficient_chance=float(chances[np.asarray(total) > 0.0].sum()),
        gain=gain,
        first_best=first_best,
        by_type=tuple(by_type),
        regret=max(0.0, regret),
        efficient=gain >= first_best - TOLERANCE * scale,
        converged=regret <= TOLERANCE * scale,
        proved="no type gains more than the regret by lying or walking out, and transfers sum to 0",
        not_proved="that no better protocol exists, which rests on the linear program; that parties play the honest "
        "equilibrium where there are others",
    )


def _add(row: Floats, where: Floats, weight: Floats, own: Floats, i: int, n: int, cells: int, moved: int) -> None:
    """Add to a row what a type expects: its gain by agreement, and its transfer."""
    row[where] += weight * own
    if not moved:
        return
    if i < n - 1:
        row[cells * (1 + i) + where] += weight
    else:
        for k in range(n - 1):
            row[cells * (1 + k) + where] -= weight
