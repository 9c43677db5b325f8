"""Payoffs as they fall due, and the ledger that says for what.

A ledger has a row for each actor and the columns of `sim.model.columns`: flow terms, costs of releases, costs at
once, the value of the outcome. Its rows sum to the payoffs (up to rounding). Where nobody asks, it has no rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.model.record import Numbers

if TYPE_CHECKING:
    from sim.model.layout import State


@compiled
def pay(state: State, actor: int, column: int, amount: float, ledger: Numbers) -> None:
    """Add a discounted amount (util) to an actor's payoff and to a column of its row."""
    state.payoff[actor] += amount
    if ledger.shape[0] > 0:
        ledger[actor, column] += amount
