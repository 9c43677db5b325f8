"""One epoch: a mover, its legal moves, their values, their probabilities, a draw, a choice.

Illegal moves are masked before and after the rule. Values that are not finite, or probabilities that do not sum to one,
stop the run with the actor's name: a rule that failed never looks like a rule that chose.
"""

from __future__ import annotations

from math import isfinite, nan
from typing import Final

from sim.compiled import compiled
from sim.function_pointer import call_function
from sim.model.actors import profile_of
from sim.model.columns import AT_ONCE, COLUMNS, ILLEGAL
from sim.model.layout import Params, State, Tables
from sim.model.ledger import pay
from sim.model.log import Log, record_event
from sim.model.moves import LEGAL, enter_move, legality
from sim.model.payoffs import discount_factor
from sim.model.pledges import note_pledges
from sim.model.record import Numbers, Part, f8, i8, lay_out
from sim.model.world import FAILED
from sim.random.causes import DECISION as DECISION_CAUSE
from sim.random.stream import uniform
from sim.scenario.catalogue import MAX_MOVES
from sim.scenario.events import DECISION, MOVE

TOLERANCE = 1e-9


class DecisionRecord(Part):
    """The last decision: every move's value (minus infinity if illegal), terms and probability, and the draw."""

    actor: int = i8()
    clock: int = i8()
    before: int = i8()
    chosen: int = i8()
    draw: float = f8()
    cost: float = f8(unit="util")
    values: Numbers = f8(MAX_MOVES, unit="util")
    probabilities: Numbers = f8(MAX_MOVES)
    terms: Numbers = f8(MAX_MOVES, COLUMNS, unit="util")


DECISION_RECORD: Final = lay_out(DecisionRecord)


@compiled
def mask(state: State, params: Params, tables: Tables, actor: int, decision: DecisionRecord) -> int:
    """Clear the decision and mark each move as legal (NaN) or illegal; return the number of legal moves.

    If no move is legal, what stands goes on as the only legal move.
    """
    legal = 0
    for move in range(decision.values.shape[0]):
        decision.values[move] = ILLEGAL
        decision.probabilities[move] = nan
        for column in range(COLUMNS):
            decision.terms[move, column] = 0.0
    for move in range(params.moves[actor]):
        if legality(state, params, tables, actor, move) == LEGAL:
            decision.values[move] = nan
            legal += 1
    if legal == 0:
        decision.values[state.standing[actor]] = nan
        legal = 1
    return legal


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
def draw_move(params: Params, actor: int, decision: DecisionRecord, luck: float) -> int:
    """Return the move whose cumulative probability first exceeds a uniform draw."""
    cumulative = 0.0
    last = -1
    for move in range(params.moves[actor]):
        if decision.probabilities[move] > 0.0:
            cumulative += decision.probabilities[move]
            last = move
            if luck < cumulative:
                return move
    return last


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
    legal = mask(state, params, tables, actor, decision)
    decision.actor = actor
    decision.clock = clock
    decision.before = state.standing[actor]
    row = profile_of(state, actor)
    call_function(params.valuation_address[row], state, params, tables, actor, decision.values, decision.terms)
    call_function(params.response_address[row], decision.values, state, params, tables, actor, decision.probabilities)
    if legal == 0 or not check_probabilities(state, params, actor, decision):
        state.status = FAILED
        state.failed_actor = actor
        return
    luck = uniform(state.seed, state.replication, DECISION_CAUSE, actor, state.tick, clock)
    decision.draw = luck
    decision.chosen = draw_move(params, actor, decision, luck)
    record_event(log, state.tick, DECISION, actor, decision.chosen, luck)
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
    decision.cost = cost
