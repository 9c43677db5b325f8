"""The event engine: SimPy steps one world through its clocks and keeps the full log.

Each clock of the kernel is a SimPy process that waits for its next absolute tick, acts on the world through the same
compiled `dispatch` as the batch engine, and waits again. Processes hold no state of their own: ticks live in State, and
the key (time, priority, declared order) of the kernel is SimPy's (time, priority, sequence) with the clock's number as
priority, so ties fall alike in both engines. A copy of State at any time is the whole world (`snapshot`); with what was
logged until then it is a `Past` that another engine goes on from, to the same bit.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
import simpy
from numpy.typing import NDArray

from sim.engine.outcome_frame import failed_quantity
from sim.errors import RunError
from sim.kernel.bound import Bound
from sim.kernel.decision import DECISION_RECORD
from sim.kernel.entry import WORK_ROWS, act, begin_world, summarise
from sim.kernel.outcome_row import OUTCOME_ROW
from sim.model.clocks import CLOCKS
from sim.model.columns import COLUMNS
from sim.model.layout import STATE
from sim.model.log import LOG, LOG_ROWS
from sim.model.world import FAILED, NEVER, RUNS
from sim.rules.interpreted import take_failure
from sim.scenario.catalogue import MAX_ACTORS, MAX_TERMS
from sim.scenario.events import DECISION

Hook = Callable[["EventEngine", int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """A world between two ticks, and everything that was logged until then.

    Attributes
    ----------
    state : ndarray of STATE, shape (1,)
        The world.
    log : ndarray of LOG, shape (n,)
        Events in order.
    decisions : dict of int to ndarray of DECISION_RECORD, shape (1,)
        By place in `log`.
    series : ndarray, shape (days + 1, series)
        Daily values; NaN from where the world stands on.
    ledger : ndarray, shape (MAX_ACTORS, COLUMNS)
        What payoffs are made of so far.
    """

    state: NDArray[np.record]
    log: NDArray[np.record]
    decisions: dict[int, NDArray[np.record]]
    series: NDArray[np.float64]
    ledger: NDArray[np.float64]


class EventEngine:
    """One world, stepped event by event.

    Parameters
    ----------
    bound : Bound
        The scenario.
    seed : int
        As int64 (`sim.random.seed.signed_seed`).
    replication : int
        Number of the run under this seed.
    trace : bool
        Whether to keep the log and the daily series; without them only the outcome remains.
    hooks : sequence of callable
        Called as ``hook(engine, clock)`` after every event; they may read `engine.state`.
    before : sequence of callable
        Called likewise before every event, when the world stands as that event finds it.
    past : Past, optional
        Go on from there instead of day 0; its series must have the shape of this scenario's.
    """

    def __init__(
        self,
        bound: Bound,
        seed: int,
        replication: int,
        *,
        trace: bool = True,
        hooks: Sequence[Hook] = (),
        before: Sequence[Hook] = (),
        past: Past | None = None,
    ) -> None:
        self.bound = bound = bound.of_run(seed, replication)
        self.hooks = tuple(hooks)
        self.before = tuple(before)
        self.trace = trace
        rows = bound.days + 1 if trace else 0
        self.series: NDArray[np.float64] = np.full((rows, len(bound.series)), np.nan)
        self.ledger: NDArray[np.float64] = np.zeros((MAX_ACTORS, COLUMNS))
        self.state: NDArray[np.record] = np.zeros(1, STATE)
        self._log_parts: list[NDArray[np.record]] = []
        self.decisions: dict[int, NDArray[np.record]] = {}
        if past is None:
            begin_world(self.state, bound.params, bound.tables, seed, replication, self.series)
        else:
            self.state[0] = past.state[0]
            self.ledger[:] = past.ledger
            if trace:
                self._log_parts.append(past.log)
                self.decisions |= past.decisions
                self.series[:] = past.series
        self._decision: NDArray[np.record] = np.zeros(1, DECISION_RECORD)
        self._work = np.zeros((WORK_ROWS, MAX_TERMS))
        self._log: NDArray[np.record] = np.zeros(LOG_ROWS if trace else 1, LOG)
        self._count = sum(len(rows) for rows in self._log_parts)
        self._env = simpy.Environment(initial_time=int(self.state[0].tick))
        self._wake: list[simpy.Event] = []

    def run(self, until: int | None = None) -> None:
        """Step the world to its end, or through all events of ticks up to `until`.

        Raises
        ------
        RunError
            If a quantity became impossible; the message names the day and the actor.
        """
        take_failure()
        self._until = NEVER if until is None else until
        clocks = self.state["clock"][0]
        for clock in range(CLOCKS):
            self._wake.append(self._env.event())
            self._env.process(self._clock(clock))
            self._arm(clock, int(clocks[clock]))
        # Not `Environment.run`: its ending is an event of the queue, behind a clock that is due at the same tick.
        while self.state["status"][0] == RUNS and self._env.peek() < NEVER:
            self._env.step()
        state = self.state[0]
        if state.status == FAILED:
            quantity = failed_quantity(self.outcome_row()[0], self.bound.names)
            day = float(state.tick * self.bound.params[0].dt)
            failure = take_failure()
            if failure is not None:
                reason = f"a rule in Python raised {type(failure).__name__}: {failure}. Repair the function registered."
                raise RunError(day, quantity, reason) from failure
            reason = "not finite, or too many to draw in one step"
            raise RunError(day, quantity, f"{reason}; check the scenario's numbers or the rule that values the moves")

    def _arm(self, clock: int, tick: int) -> None:
        """Schedule the event that a clock waits for at its absolute tick."""
        if tick > self._until or tick >= NEVER:
            return
        wake = self._wake[clock]
        wake._ok, wake._value = True, None
        self._env.schedule(wake, priority=clock, delay=tick - self._env.now)  # type: ignore[arg-type]  # any number orders events of one tick

    def _clock(self, clock: int) -> Generator[simpy.Event, None, None]:
        """Be one clock: wait, act, arm whatever changed."""
        params, tables, state, clocks = self.bound.params, self.bound.tables, self.state, self.state["clock"][0]
        status = state["status"]
        while True:
            yield self._wake[clock]
            for hook in self.before:
                hook(self, clock)
            changed = act(state, params, tables, clock, self._decision, self._work, self._log, self.series, self.ledger)
            if self.trace:
                self._collect_log()
            for hook in self.hooks:
                hook(self, clock)
            if status[0] != RUNS:
                return
            self._wake[clock] = self._env.event()
            changed |= 1 << clock  # two rows of one dated list may share a tick, which then does not change
            while changed:
                lowest = (changed & -changed).bit_length() - 1
                changed &= changed - 1
                self._arm(lowest, int(clocks[lowest]))

    def _collect_log(self) -> None:
        """Move what was logged by the last event to the run's log."""
        count = int(self._log["kind"][0])
        if count == 0:
            return
        rows = self._log[1 : count + 1].copy()
        for place in np.flatnonzero(rows["kind"] == DECISION):
            self.decisions[self._count + int(place)] = self._decision.copy()
        self._log_parts.append(rows)
        self._count += count

    def log(self) -> NDArray[np.record]:
        """Return everything logged so far, in order."""
        logged = np.concatenate(self._log_parts) if self._log_parts else np.zeros(0, LOG)
        return logged.view(LOG)  # NumPy forgets that rows are records when it joins a single array

    def snapshot(self) -> NDArray[np.record]:
        """Return a copy of the whole world."""
        return self.state.copy()

    def past(self) -> Past:
        """Return the world as it stands and all that was logged, for another engine to go on from."""
        return Past(self.snapshot(), self.log(), dict(self.decisions), self.series.copy(), self.ledger.copy())

    def last_decision(self) -> NDArray[np.record]:
        """Return a copy of the account of the latest epoch, shape (1,)."""
        return self._decision.copy()

    def outcome_row(self) -> NDArray[np.record]:
        """Return the outcome row of the run, shape (1,)."""
        row = np.zeros(1, OUTCOME_ROW)
        summarise(self.state, self.bound.params, row)
        return row
