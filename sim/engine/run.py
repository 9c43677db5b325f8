"""One run of the event engine: what happened, why, and what it left behind."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.bound import Bound, bound
from sim.engine.event import EventEngine, Hook
from sim.engine.event_rows import Decision, date_of, decision_account, event_columns
from sim.engine.outcome_frame import outcome_mapping
from sim.errors import UsageError
from sim.random.seed import check_replication, check_seed, signed_seed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd


class Run:
    """One simulated world.

    Made by `sim.run`. Frames are built when they are first asked for.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    seed, replication : int
        Address of its luck.
    outcome : mapping
        The same keys as a row of `Batch.outcomes`.
    """

    def __init__(self, engine: EventEngine, scenario: Any, seed: int, replication: int) -> None:
        self.scenario = scenario
        self.seed = seed
        self.replication = replication
        self._bound: Bound = engine.bound
        self._log: NDArray[np.record] = engine.log()
        self._decision_records = engine.decisions
        self._series: NDArray[np.float64] = engine.series
        self.outcome: Mapping[str, Any] = outcome_mapping(engine.outcome_row(), engine.bound)

    @cached_property
    def event_table(self) -> dict[str, NDArray[Any]]:
        """Events as named columns of equal length."""
        return event_columns(self._log, {k: v[0] for k, v in self._decision_records.items()}, self._bound)

    @cached_property
    def series_table(self) -> dict[str, NDArray[Any]]:
        """Daily values as named columns, up to the day on which the run ended."""
        days = np.flatnonzero(~np.isnan(self._series).all(axis=1)) if self._series.size else np.zeros(0, np.int64)
        last = int(days[-1]) + 1 if len(days) else 0
        table: dict[str, NDArray[Any]] = {
            "day": np.arange(last, dtype=np.int64),
            "date": np.array([date_of(self._bound, d).isoformat() for d in range(last)], dtype=object),
        }
        for i, name in enumerate(self._bound.series):
            table[name] = self._series[:last, i].copy()
        return table

    @cached_property
    def events(self) -> pd.DataFrame:
        """Everything that happened, in order: sequence, tick, day, date, kind, actor, move, entity, value, detail."""
        import pandas as pd

        return pd.DataFrame(self.event_table)

    @cached_property
    def series(self) -> pd.DataFrame:
        """Daily values, one row a day, indexed by date."""
        import pandas as pd

        table = dict(self.series_table)
        index = pd.DatetimeIndex(pd.to_datetime(list(table.pop("date"))), name="date")
        return pd.DataFrame(table, index=index)

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision in full: each move's value, terms and probability, and the draw."""
        return tuple(
            decision_account(record[0], int(self._log[place].tick), self._bound)
            for place, record in sorted(self._decision_records.items())
        )

    @cached_property
    def digest(self) -> str:
        """SHA-256 over events, series and outcome in canonical form; equal digests mean equal runs."""
        from sim.store.canonical import digest_of

        return digest_of({"events": self.event_table, "series": self.series_table}, dict(self.outcome))

    def __repr__(self) -> str:
        day = self.outcome["outcome_day"]
        when = "" if math.isnan(day) else f" on {date_of(self._bound, day)} (day {day:g})"
        return f"<Run of {self.scenario.title!r}, seed {self.seed}: {self.outcome['outcome']}{when}>"

    def story(self) -> list[tuple[dt.date, str]]:
        """Return what happened by date, one plain sentence an event; routine decisions and counts are left out."""
        from sim.engine.story import story_of

        return story_of(self)

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(f"<tr><td>{date}</td><td>{escape(text)}</td></tr>" for date, text in self.story())
        return f"<b>{escape(repr(self)[1:-1])}</b><table>{rows}</table>"


def run(
    scenario: Any,
    seed: int = 0,
    *,
    replication: int = 0,
    trace: bool = True,
    hooks: Sequence[Hook] = (),
) -> Run:
    """Simulate one world event by event.

    Parameters
    ----------
    scenario : Scenario
        As `sim.load` returns it.
    seed : int
        In [0, 2**64).
    replication : int
        Number of the run under this seed, in [0, 2**32); 0 is also row 0 of `sim.replicate`.
    trace : bool
        Whether to keep events and series; the outcome is the same to the bit.
    hooks : sequence of callable
        Called as ``hook(engine, clock)`` after every event.

    Returns
    -------
    Run

    Raises
    ------
    UsageError
        If `scenario`, `seed` or `replication` is not of the right kind or out of range.
    RunError
        If a quantity became impossible.

    Examples
    --------
    >>> import sim
    >>> sim.run(sim.load("doha_2020/baseline"), seed=7).outcome["outcome"]
    'settlement'
    """
    check_scenario(scenario)
    number = signed_seed(check_seed(seed))
    engine = EventEngine(bound(scenario), number, check_replication(replication), trace=trace, hooks=hooks)
    engine.run()
    return Run(engine, scenario, seed, replication)


def check_scenario(scenario: Any) -> None:
    """Refuse what is no scenario, a path above all."""
    from sim.scenario.scenario import Scenario

    if not isinstance(scenario, Scenario):
        raise UsageError(f"found {type(scenario).__name__}, expected a Scenario; load one with sim.load(path)")
