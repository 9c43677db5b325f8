r"""Value of a move by a table of coefficients of what the actor sees, interpolated between dates.

.. math:: W_m(t) = \sum_k h_k(t) \Big[a_{mk} + \sum_f b_{mkf}\,\frac{x_f - c_f}{s_f}\Big],

with :math:`x_f` features of the world, :math:`h_k` the hat function of the k-th date, and the bonus of the move that
stands added. It is how policies that were learned are played (`sim.solve`); with constants alone it prefers moves in a
fixed order. Nothing is looked ahead, so that a decision takes a fraction of what it takes along the mean path.

The numbers lie beside the tables, once in a process (`sim.shared_numbers`), in the order

    dates K, features F, then K days in ticks, then for each feature its code, rows of entities, centre and scale, then
    for each move and date the constant and F coefficients.

The value is filed under what was learned; a table has no window, and its terms are no forecast of payoffs.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.model.actors import profile_of
from sim.model.columns import ILLEGAL, INERTIA, REMEMBERED
from sim.model.feature_call import feature
from sim.model.layout import Params, State, Tables
from sim.shared_numbers import number_at

HEAD: Final = 2
FEATURE_WIDTH: Final = 5


def table(
    state: State,
    params: Params,
    tables: Tables,  # noqa: ARG001 - the signature is fixed
    actor: int,
    values: NDArray[np.float64],
    terms: NDArray[np.float64],
) -> None:
    """Fill the value of each legal move from the actor's coefficients.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world at the epoch; not changed.
    actor : int
        Row of the mover.
    values : ndarray, shape (MAX_MOVES,)
        Minus infinity for illegal moves, which stay; filled for the others (util).
    terms : ndarray, shape (MAX_MOVES, COLUMNS)
        Zero on entry; filled so that each row sums to the move's value.
    """
    numbers = params.policy_address[actor]
    dates = int(number_at(numbers, 0))
    features = int(number_at(numbers, 1))
    last = 0
    while last < dates - 1 and number_at(numbers, HEAD + last) <= state.tick:
        last += 1
    first = max(last - 1, 0)
    if number_at(numbers, HEAD + last) <= state.tick:
        first = last
    share = 0.0  # of the later date
    if first < last:
        begins, ends = number_at(numbers, HEAD + first), number_at(numbers, HEAD + last)
        share = min(max((state.tick - begins) / (ends - begins), 0.0), 1.0)
    seen = np.empty(features)
    place = HEAD + dates
    for column in range(features):
        at = place + FEATURE_WIDTH * column
        code, a, b = int(number_at(numbers, at)), int(number_at(numbers, at + 1)), int(number_at(numbers, at + 2))
        seen[column] = (feature(state, params, code, a, b) - number_at(numbers, at + 3)) / number_at(numbers, at + 4)
    place += FEATURE_WIDTH * features
    width = 1 + features
    for move in range(params.moves[actor]):
        if values[move] == ILLEGAL:
            continue
        early = place + (move * dates + first) * width
        late = place + (move * dates + last) * width
        value = (1.0 - share) * number_at(numbers, early) + share * number_at(numbers, late)
        for column in range(features):
            weight = (1.0 - share) * number_at(numbers, early + 1 + column) + share * number_at(
                numbers, late + 1 + column
            )
            value += weight * seen[column]
        terms[move, REMEMBERED] = value
        if move == state.standing[actor]:
            terms[move, INERTIA] = params.inertia[profile_of(state, actor)]
        values[move] = terms[move, REMEMBERED] + terms[move, INERTIA]
