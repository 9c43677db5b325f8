"""Forks of worlds at decisions: each legal move from the same state, on the same luck, held for a time or played on.

In a world one decision of an actor is picked at random among those at which it had a choice. The state before it is
copied; in each copy the actor takes another move, stands by it for a given time (as far as it stays legal) and then
goes on by its own rule, while everybody else goes on as before, on the luck of that world. The differences between
copies are what moves bring; what the actor can see at the decision is noted beside them.

A move is forced by handing the decision other parameters, in which the actor prefers that move: no code of the model
knows that it is forked.
"""

from __future__ import annotations

from math import nan
from typing import Any

import numpy as np

from sim.compiled import compiled
from sim.function_pointer import address_of, call_function
from sim.kernel.begin import begin
from sim.kernel.decision import DECISION_RECORD
from sim.kernel.dispatch import dispatch
from sim.kernel.signatures import BEGIN, DISPATCH
from sim.model.clocks import DEADLINE_CLOCK, DEADLINE_WIDTH, REVIEW_CLOCK, TRIGGER_CLOCK, next_clock
from sim.model.columns import ILLEGAL
from sim.model.feature_call import feature
from sim.model.layout import STATE
from sim.model.log import LOG
from sim.model.world import FAILED, RUNS
from sim.scenario.catalogue import MAX_TERMS


def fork_rows(
    params: Any,
    which: Any,
    forced: Any,
    tables: Any,
    seed: int,
    replications: Any,
    actor: int,
    picks: Any,
    hold: int,
    codes: Any,
    features: Any,
    ticks: Any,
    chosen: Any,
    played: Any,
    payoffs: Any,
) -> None:
    """Fork a chunk of worlds, each at one decision of an actor.

    Parameters
    ----------
    params : ndarray of PARAMS, shape (p,)
        Bound parameters.
    which : ndarray of int64, shape (n,)
        For each world its row of `params`.
    forced : ndarray of int64, shape (p, moves)
        For each such row the rows in which the actor prefers each of its moves.
    tables : ndarray of float64
        Shared by all.
    seed : int
        As int64.
    replications : ndarray of int64, shape (n,)
        Numbers of the worlds.
    actor : int
        Row of the actor.
    picks : ndarray of float64, shape (n,)
        In [0, 1): which of its decisions, as a share of their number.
    hold : int
        Ticks for which a forced move is stood by; 0 for that decision alone.
    codes : ndarray of int64, shape (f, 3)
        Features to note, as numbers.
    features : ndarray, shape (n, f)
        Filled with their values at the decision; NaN where there was none.
    ticks, chosen : ndarray of int64, shape (n,)
        Filled: when it was, and what the actor took; -1 where there was none.
    played : ndarray, shape (n,)
        Filled: the actor's payoff in the world as it was (util).
    payoffs : ndarray, shape (n, moves)
        Filled: its payoff if it takes each move; NaN where that was not legal.
    """
    begins, acts = address_of(begin, BEGIN), address_of(dispatch, DISPATCH)
    _fork_rows(
        begins,
        acts,
        params,
        which,
        forced,
        tables,
        seed,
        replications,
        actor,
        picks,
        hold,
        codes,
        features,
        ticks,
        chosen,
        played,
        payoffs,
    )


@compiled
def decides(state: Any, params: Any, tables: Any, clock: int) -> int:
    """Return the actor whom a clock calls to decide, or -1."""
    if clock >= REVIEW_CLOCK:
        return clock - REVIEW_CLOCK
    if clock >= TRIGGER_CLOCK:
        return clock - TRIGGER_CLOCK
    if clock == DEADLINE_CLOCK:
        return int(tables[params.deadline_at + state.deadline_next * DEADLINE_WIDTH + 1])
    return -1


@compiled
def _fork_rows(
    begins: int,
    acts: int,
    params: Any,
    which: Any,
    forced: Any,
    tables: Any,
    seed: int,
    replications: Any,
    actor: int,
    picks: Any,
    hold: int,
    codes: Any,
    features: Any,
    ticks: Any,
    chosen: Any,
    played: Any,
    payoffs: Any,
) -> None:
    states = np.zeros(1, STATE)
    before = np.zeros(1, STATE)
    blank = np.zeros(1, STATE)
    decisions = np.zeros(1, DECISION_RECORD)
    log = np.zeros(1, LOG)
    work = np.zeros((3, MAX_TERMS))
    series = np.zeros((0, 1))
    ledger = np.zeros((0, 0))
    for row in range(replications.shape[0]):
        p = params[which[row]]
        ticks[row] = -1
        chosen[row] = -1
        played[row] = nan
        for column in range(codes.shape[0]):
            features[row, column] = nan
        for move in range(payoffs.shape[1]):
            payoffs[row, move] = nan
        wanted = -1
        number = 0
        for turn in range(2):  # first count the decisions, then find the one that is wanted
            states[0] = blank[0]
            state = states[0]
            call_function(begins, state, p, tables, seed, replications[row])
            found = 0
            stop = 0
            while state.status == RUNS and stop == 0:
                clock = next_clock(state)
                if clock < 0 or state.clock[clock] > p.horizon_tick:
                    break
                own = decides(state, p, tables, clock) == actor
                if own and turn == 1:
                    before[0] = states[0]
                call_function(acts, state, p, tables, clock, decisions[0], work, log, series, ledger)
                if own and decisions[0].held != 0:
                    if found == wanted:
                        stop = 1
                    found += 1
            if turn == 0:
                if state.status != FAILED:
                    played[row] = state.payoff[actor]
                number = found
                if number == 0:
                    break
                wanted = min(int(picks[row] * number), number - 1)
        if number == 0:
            continue
        chosen[row] = decisions[0].chosen
        tick = before[0].clock[next_clock(before[0])]
        ticks[row] = tick
        for column in range(codes.shape[0]):
            features[row, column] = feature(before[0], p, codes[column, 0], codes[column, 1], codes[column, 2])
        for move in range(payoffs.shape[1]):
            states[0] = before[0]
            state = states[0]
            prefers = params[forced[which[row], move]]
            clock = next_clock(state)
            call_function(acts, state, prefers, tables, clock, decisions[0], work, log, series, ledger)
            if state.status == FAILED or decisions[0].values[move] == ILLEGAL or decisions[0].chosen != move:
                continue
            while state.status == RUNS:
                clock = next_clock(state)
                if clock < 0 or state.clock[clock] > p.horizon_tick:
                    break
                if state.clock[clock] <= tick + hold:
                    call_function(acts, state, prefers, tables, clock, decisions[0], work, log, series, ledger)
                else:
                    call_function(acts, state, p, tables, clock, decisions[0], work, log, series, ledger)
            if state.status != FAILED:
                payoffs[row, move] = state.payoff[actor]
