"""The move that a rule falls back on when the one that it wants is not legal."""

from __future__ import annotations

from typing import Any

from sim.compiled import compiled
from sim.model.columns import ILLEGAL
from sim.model.layout import Params


@compiled
def legal_or_next(values: Any, params: Params, actor: int, wanted: int, standing: int) -> int:
    """Return the wanted move if it is legal, else the one that stands, else the first legal one.

    Parameters
    ----------
    values : ndarray, shape (MAX_MOVES,)
        Minus infinity for illegal moves.
    params : Params
        For the number of moves.
    actor, wanted, standing : int
        Rows; a wanted move of -1 is none.
    """
    if wanted >= 0 and values[wanted] != ILLEGAL:
        return wanted
    if values[standing] != ILLEGAL:
        return standing
    for move in range(params.moves[actor]):
        if values[move] != ILLEGAL:
            return move
    return standing
