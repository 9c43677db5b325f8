"""Step worlds through a short horizon and print every byte of their final State, one line of JSON.

Run as a program, so that compiled and interpreted code can be compared across processes.
"""

from __future__ import annotations

import json

import numpy as np

from sim.encode.encoded import encode
from sim.kernel.decision import DECISION_RECORD
from sim.kernel.entry import WORK_ROWS, act, begin_world
from sim.model.columns import COLUMNS
from sim.model.layout import STATE
from sim.model.log import LOG, LOG_ROWS
from sim.model.world import RUNS
from sim.rules.registry import bind
from sim.scenario.catalogue import MAX_ACTORS, MAX_TERMS
from sim.scenario.load import load


def final_states(runs: int) -> dict[str, list[str]]:
    """Return every field of the final State of each run, as hexadecimal bytes.

    The government starts by releasing and prisons open after 5 days instead of 18, so that 45 days hold releases,
    counts, disputes and returns.
    """
    scenario = load("doha_2020/baseline")
    steps = {f"actors.{name}.rule.path_steps": 3 for name in scenario.actors}
    soon = {"deal.captives.taliban_prisoners.setup_lag_days.mean": 5.0, "actors.government.opening_move": "their_list"}
    encoded = encode(scenario.replace({"horizon_days": 45, **soon, **steps}))
    params, tables = bind(encoded.params), encoded.tables.copy()
    fields = STATE.names or ()
    finals: dict[str, list[str]] = {name: [] for name in (*fields, "decision", "series", "ledger")}
    for replication in range(runs):
        state: np.ndarray = np.zeros(1, STATE)
        decision: np.ndarray = np.zeros(1, DECISION_RECORD)
        log: np.ndarray = np.zeros(LOG_ROWS, LOG)
        work = np.zeros((WORK_ROWS, MAX_TERMS))
        series = np.zeros((46, len(encoded.series)))
        ledger = np.zeros((MAX_ACTORS, COLUMNS))
        begin_world(state, params, tables, 7, replication, series)
        while state["status"][0] == RUNS:
            act(state, params, tables, int(np.argmin(state["clock"][0])), decision, work, log, series, ledger)
        for name in fields:
            finals[name].append(state[name].tobytes().hex())
        finals["decision"].append(decision.tobytes().hex())
        finals["series"].append(series.tobytes().hex())
        finals["ledger"].append(ledger.tobytes().hex())
    return finals


if __name__ == "__main__":
    print(json.dumps(final_states(2)))
