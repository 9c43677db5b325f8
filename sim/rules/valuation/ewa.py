r"""Experience-weighted attraction over the actor's own moves (Camerer and Ho 1999).

What an actor did since its last epoch counts as one play: its standing move :math:`s` was chosen, and each move
:math:`j` pays, or would have paid, its drift value :math:`\pi_j` against what the others do now. The value of a move
is its attraction after that play, by the same function as in `sim.games.theory.ewa`:

.. math::

    N' = \phi (1-\kappa) N + 1, \qquad A_j' = \frac{\phi N A_j + [\delta + (1-\delta)\,1\{j = s\}]\, \pi_j}{N'}.

A move that is not legal now has no payoff to learn from: its attraction stays as it is. Attractions start at 0 and
experience at ``experience``; both live in the actor's row of ``State.memory``. Parameters: ``phi`` (memory),
``delta`` (weight of forgone payoffs), ``kappa`` (0 averages, 1 sums), ``experience``. Of the terms, those of drift
are scaled by the play's weight, and ``remembered`` is what earlier plays left.

References
----------
Camerer, C. and Ho, T.-H. (1999). Experience-weighted attraction learning in normal form games. Econometrica 67,
827-874.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.function_pointer import call_function
from sim.games.theory.ewa_update import ewa_update
from sim.model.actors import profile_of
from sim.model.columns import COLUMNS, ILLEGAL, REMEMBERED
from sim.model.layout import Params, State, Tables
from sim.model.rule_parameter import Parameter
from sim.scenario.catalogue import MAX_MOVES

PHI: Final = 0
DELTA: Final = 1
KAPPA: Final = 2
EXPERIENCE: Final = 3
PARAMETERS: Final = (
    Parameter("phi", 0.9, 0.0, 1.0),
    Parameter("delta", 0.5, 0.0, 1.0),
    Parameter("kappa", 0.0, 0.0, 1.0),
    Parameter("experience", 1.0, 0.0, 1e6),
)
PLAYED: Final = MAX_MOVES  # place in the actor's memory: experience after the last play; 0 before the first


def ewa(
    state: State,
    params: Params,
    tables: Tables,
    actor: int,
    values: NDArray[np.float64],
    terms: NDArray[np.float64],
) -> None:
    """Learn from the play since the last epoch and fill the attraction of each legal move and its terms.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world at the epoch; of it only the actor's memory is changed.
    actor : int
        Row of the mover.
    values : ndarray, shape (MAX_MOVES,)
        Minus infinity for illegal moves, which stay; filled for the others (util).
    terms : ndarray, shape (MAX_MOVES, COLUMNS)
        Zero on entry; filled so that each row sums to the move's value.
    """
    call_function(params.drift_address, state, params, tables, actor, values, terms)
    count = params.moves[actor]
    profile = profile_of(state, actor)
    phi = params.valuation_parameters[profile, PHI]
    delta = params.valuation_parameters[profile, DELTA]
    before = state.memory[actor, PLAYED]
    if before == 0.0:
        before = params.valuation_parameters[profile, EXPERIENCE]
    chosen = state.standing[actor]
    attractions = np.empty(count)
    payoffs = np.empty(count)
    for move in range(count):
        attractions[move] = state.memory[actor, move]
        payoffs[move] = attractions[move] if values[move] == ILLEGAL else values[move]
    after = ewa_update(attractions, before, payoffs, chosen, phi, delta, params.valuation_parameters[profile, KAPPA])
    state.memory[actor, PLAYED] = after
    for move in range(count):
        if values[move] == ILLEGAL:
            continue
        weight = (1.0 if move == chosen else delta) / after
        for column in range(COLUMNS):
            terms[move, column] *= weight
        terms[move, REMEMBERED] = phi * before * state.memory[actor, move] / after
        state.memory[actor, move] = attractions[move]
        values[move] = attractions[move]
