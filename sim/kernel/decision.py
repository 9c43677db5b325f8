r"""One epoch: a mover, its moves, their values, their probabilities, luck, a choice.

Illegal moves are masked before and after the rule, and so are all but one of those that do the same
(`sim.model.moves.stands_for`). Where what stands is all that is left, there is nothing to decide. Values that are not
finite, or probabilities that do not sum to one, stop the run with the actor's name: a rule that failed never looks like
a rule that chose.

The move is the one with the highest :math:`\ln p_m + g_m`, which it is with probability :math:`p_m` if the
:math:`g_m` are standard Gumbel numbers (Gumbel 1954; Maddison, Tarlow and Minka 2014). Of a logit response that is the
highest :math:`W_m + g_m/\lambda`. There is one such number for each actor, move (by its name) and day, so two scenarios
with one seed choose alike until the values themselves part them, and an actor called twice on a day chooses once.
"""

from __future__ import annotations

from math import inf, isfinite, nan
from typing import Final

from sim.compiled import compiled
from sim.elementary import log as ln
from sim.function_pointer import call_function
from sim.model.actors import profile_of
from sim.model.clocks import call_answers
from sim.model.columns import AT_ONCE, COLUMNS, ILLEGAL
from sim.model.layout import Params, State, Tables
from sim.model.ledger import pay
from sim.model.log import Log, record_event
from sim.model.moves import LEGAL, enter_move, legality, stands_for
from sim.model.payoffs import discount_factor
from sim.model.pledges import note_pledges
from sim.model.record import Numbers, Part, f8, i8, lay_out
from sim.model.switches import ON_TRIGGERS
from sim.model.world import FAILED
from sim.random.causes import DECISION as DECISION_CAUSE
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_MOVES
from sim.scenario.events import DECISION, MOVE

TOLERANCE = 1e-9


class DecisionRecord(Part):
    """The last decision: every move's value (minus infinity if it could not be chosen), terms, probability and luck."""

    actor: int = i8()
    clock: int = i8()
    before: int = i8()
    chosen: int = i8()
    held: int = i8()  # 1 if there was something to decide
    cost: float = f8(unit="util")
    values: Numbers = f8(MAX_MOVES, unit="util")
    probabilities: Numbers = f8(MAX_MOVES)
    luck: Numbers = f8(MAX_MOVES)  # standard Gumbel numbers; NaN of moves that could not be chosen
    terms: Numbers = f8(MAX_MOVES, COLUMNS, unit="util")


DECISION_RECORD: Final = lay_out(DecisionRecord)


@compiled
def mask(state: State, params: Params, tables: Tables, actor: int, decision: DecisionRecord) -> int:
    """Clear the decision and mark each move as open to choice (NaN) or not; return how many are open.

    If no move is legal, what stands goes on as the only one.
    """
    choices = 0
    for move in range(decision.values.shape[0]):
        decision.values[move] = ILLEGAL
        decision.probabilities[move] = nan
        decision.luck[move] = nan
        for column in range(COLUMNS):
            decision.terms[move, column] = 0.0
    for move in range(params.moves[actor]):
        if legality(state, params, tables, actor, move) == LEGAL:
            decision.values[move] = nan
    for move in range(params.moves[actor]):
        if decision.values[move] != ILLEGAL:
            if stands_for(state, params, tables, actor, move, decision.values) == move:
                choices += 1
            else:
                decision.values[move] = ILLEGAL
    if choices == 0:
        decision.values[state.standing[actor]] = nan
        choices = 1
    return choices


@compiled
def check_probabilities(state: State, params: Params, actor: int, decision: DecisionRecord) -> bool:
    """Take the probabilities of illegal moves away; return whether values were finite and probabilities summed to one.

    A rule that put all its weight on illegal moves leaves what stands: a move whose guard turned false stands on.
    """
    total = 0.0
    legal = 0.0
    for move in range(params.moves[actor]):
        if not decision.probabilities[move] >= 0.0:
            return False
        total += decision.probabilities[move]
        if decision.values[move] == ILLEGAL:
            decision.probabilities[move] = 0.0
        elif not isfinite(decision.values[move]):
            return False
        legal += decision.probabilities[move]
    if not abs(total - 1.0) <= TOLERANCE:
        return False
    if legal <= TOLERANCE:
        decision.probabilities[state.standing[actor]] = 1.0
    elif legal < total:
        for move in range(params.moves[actor]):
            decision.probabilities[move] /= legal
    return True


@compiled
def draw_move(state: State, params: Params, actor: int, decision: DecisionRecord) -> int:
    """Draw the luck of every move that has a probability and return the one with the highest log of it plus luck."""
    best = -inf
    chosen = -1
    for move in range(params.moves[actor]):
        if decision.probabilities[move] > 0.0:
            key = params.move_key[actor, move]
            luck = -ln(-ln(uniform(state.seed, state.replication, DECISION_CAUSE, actor, state.tick, key)))
            decision.luck[move] = luck
            score = ln(decision.probabilities[move]) + luck
            if score > best:
                best = score
                chosen = move
    return chosen


@compiled
def decide(
    state: State,
    params: Params,
    tables: Tables,
    actor: int,
    clock: int,
    decision: DecisionRecord,
    log: Log,
    ledger: Numbers,
) -> None:
    """Hold one epoch.

    Parameters
    ----------
    state, params, tables : State, Params, Tables
        The world; changed.
    actor, clock : int
        Who moves, and the clock that called it.
    decision : record of DECISION_RECORD
        Filled: a full account of the decision.
    log : ndarray of LOG
        Buffer for events.
    ledger : ndarray, shape (actors, COLUMNS) or (0, 0)
        What payoffs are made of (`sim.model.ledger`).
    """
    choices = mask(state, params, tables, actor, decision)
    decision.actor = actor
    decision.clock = clock
    decision.before = state.standing[actor]
    row = profile_of(state, actor)
    standing = state.standing[actor]
    decision.held = 0 if choices == 1 and decision.values[standing] != ILLEGAL else 1
    if decision.held == 0:
        decision.values[standing] = 0.0
    else:
        call_function(params.valuation_address[row], state, params, tables, actor, decision.values, decision.terms)
    # a response is asked even then: it may remember what it saw
    call_function(params.response_address[row], decision.values, state, params, tables, actor, decision.probabilities)
    if not check_probabilities(state, params, actor, decision):
        state.status = FAILED
        state.failed_actor = actor
        return
    decision.chosen = standing
    if decision.held != 0:
        decision.chosen = draw_move(state, params, actor, decision)
        record_event(log, state.tick, DECISION, actor, decision.chosen, decision.luck[decision.chosen])
    adopt(state, params, tables, actor, int(decision.chosen), decision, log, ledger)


@compiled
def adopt(
    state: State,
    params: Params,
    tables: Tables,
    actor: int,
    move: int,
    decision: DecisionRecord,
    log: Log,
    ledger: Numbers,
) -> None:
    """Let a move stand and let what follows from the change follow: costs, opinions, triggers."""
    changes = move != state.standing[actor]
    if changes:
        record_event(log, state.tick, MOVE, actor, move, float(state.standing[actor]))
    cost = enter_move(state, params, tables, actor, move, False)
    pay(state, actor, AT_ONCE, -cost * discount_factor(state, params, actor), ledger)
    if changes:
        cost += note_pledges(state, params, tables, actor, log, ledger)
        if params.on[ON_TRIGGERS] != 0:
            call_answers(state, params, actor)
    decision.cost = cost
