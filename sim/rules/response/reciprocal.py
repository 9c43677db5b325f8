"""Reciprocity: keep the deal while the others keep it, answer a breach.

The scenario declares two moves of the actor: ``keeps_deal`` and ``answers_breach``; what counts as a breach is in
`sim.rules.breach`. Parameters, by name:

``strategy``
    ``tit_for_tat`` answers whenever somebody is in breach now (Axelrod 1984); ``generous`` keeps the deal all the same
    with probability ``forgiveness`` (Nowak and Sigmund 1992); ``grim`` never keeps it again after the first breach
    (Friedman 1971); ``trigger`` answers for ``punishment_days`` after a breach and keeps the deal at its first epoch
    after that, whatever happened meanwhile (Green and Porter 1984).
``forgiveness``
    In [0, 1]. The default 1/3 is the most generous one that resists invasion in the prisoner's dilemma with payoffs
    5, 3, 1, 0.
``punishment_days``
    Length of the answer of ``trigger``.

Where the move called for is not legal, what stands goes on, else the first legal move is made.

References
----------
Axelrod, R. (1984). The Evolution of Cooperation. Basic Books.
Friedman, J. W. (1971). A non-cooperative equilibrium for supergames. Review of Economic Studies 38, 1-12.
Green, E. J. and Porter, R. H. (1984). Noncooperative collusion under imperfect price information. Econometrica 52,
87-100.
Nowak, M. A. and Sigmund, K. (1992). Tit for tat in heterogeneous populations. Nature 355, 250-253.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.model.actors import profile_of
from sim.model.layout import Params, State, Tables
from sim.model.rule_parameter import Parameter
from sim.rules.breach import any_breach
from sim.rules.kept_deal import keeping_move
from sim.rules.legal_moves import legal_or_next

STRATEGY: Final = 0
FORGIVENESS: Final = 1
PUNISHMENT_DAYS: Final = 2
PARAMETERS: Final = (
    Parameter("strategy", "tit_for_tat", choices=("tit_for_tat", "generous", "grim", "trigger")),
    Parameter("forgiveness", 1.0 / 3.0, 0.0, 1.0),
    Parameter("punishment_days", 28.0, 0.0, 1e6),
)
TIT_FOR_TAT: Final = 0
GENEROUS: Final = 1
GRIM: Final = 2
TRIGGER: Final = 3

PUNISHES_UNTIL: Final = 0  # places in the actor's memory: the tick on which punishment ends
RELEASES: Final = 1  # and from here on, for each actor, whether it was releasing
FOR_EVER: Final = 1e300


def reciprocal(
    values: NDArray[np.float64],
    state: State,
    params: Params,
    tables: Tables,
    actor: int,
    probabilities: NDArray[np.float64],
) -> None:
    """Fill ``probabilities[move]`` with those of keeping the deal and of answering; note in memory what was seen."""
    profile = profile_of(state, actor)
    strategy = int(params.response_parameters[profile, STRATEGY])
    breach = any_breach(state, params, actor, RELEASES)
    forgiven = 0.0
    if strategy == GENEROUS:
        forgiven = params.response_parameters[profile, FORGIVENESS]
    elif strategy == GRIM:
        if breach:
            state.memory[actor, PUNISHES_UNTIL] = FOR_EVER
        breach = state.memory[actor, PUNISHES_UNTIL] > 0.0
    elif strategy == TRIGGER:
        if state.memory[actor, PUNISHES_UNTIL] > state.tick:
            breach = True
        elif state.memory[actor, PUNISHES_UNTIL] > 0.0:
            breach = False
            state.memory[actor, PUNISHES_UNTIL] = 0.0
        elif breach:
            state.memory[actor, PUNISHES_UNTIL] = (
                state.tick + params.response_parameters[profile, PUNISHMENT_DAYS] / params.dt
            )
    for move in range(params.moves[actor]):
        probabilities[move] = 0.0
    kept = keeping_move(state, params, tables, actor)
    keeps = legal_or_next(values, params, actor, kept, state.standing[actor])
    answers = legal_or_next(values, params, actor, params.answers_breach[actor], state.standing[actor])
    keeping = 1.0
    if breach:
        keeping = forgiven
    probabilities[keeps] += keeping
    probabilities[answers] += 1.0 - keeping
