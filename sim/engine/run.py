"""One run of the event engine: what happened, why, and what it left behind."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.check_scenario import check_scenario
from sim.engine.event import EventEngine, Hook
from sim.engine.event_rows import Decision, date_of, decision_account, event_columns
from sim.engine.outcome_frame import outcome_mapping
from sim.engine.run_ribbon import ribbon_html
from sim.kernel.bound import Bound, bound
from sim.random.seed import check_replication, check_seed, signed_seed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.engine.explanation import Explanation
    from sim.engine.fork import Fork
    from sim.engine.run_difference import RunDifference
    from sim.scenario.scenario import Scenario


MOST_SHOWN = 12
"""Turning points that a notebook shows unfolded, half of them the first and half the last."""
DECISION_COLUMNS = (
    "date",
    "day",
    "actor",
    "called_by",
    "before",
    "chosen",
    "value",
    "probability",
    "legal_moves",
    "other",
    "ahead",
)


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
        The same keys as `Batch.outcome_table`.
    parent : Run or None
        The run that this one was forked from.
    origin : Fork or None
        For a fork, where and how it goes on from there.
    """

    def __init__(
        self,
        engine: EventEngine,
        scenario: Scenario,
        seed: int,
        replication: int,
        *,
        parent: Run | None = None,
        origin: Fork | None = None,
    ) -> None:
        self.scenario = scenario
        self.parent = parent
        self.origin = origin
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
        forked = "" if self.origin is None else f", forked on {self.forked_on}"
        return f"<Run of {self.scenario.title!r}, seed {self.seed}{forked}: {self.outcome['outcome']}{when}>"

    @property
    def traced(self) -> bool:
        """Whether events and series were kept."""
        return len(self._series) > 0

    @property
    def forked_on(self) -> dt.date | None:
        """The date on which a fork leaves its parent; None for a run from the start."""
        return None if self.origin is None else date_of(self._bound, self.origin.day)

    @property
    def notes(self) -> tuple[str, ...]:
        """Of a fork: which of its changes came too late, and why; empty otherwise."""
        return () if self.origin is None else self.origin.notes

    def explain(self, date: Any) -> Explanation:
        """Say why each decision of a date was taken, and why what came on it besides came.

        Parameters
        ----------
        date : str, datetime.date or int
            A date of the run, or the number of a day. If nobody decided on it, the latest decisions before are told.

        Returns
        -------
        Explanation
            Each legal move's value, terms, probability and place under the draw, why other moves were not legal, who
            called the decision, and what tipped it. In `came` what came besides: outcomes and talks with the factors of
            their hazard, milestones with what their condition read.

        Raises
        ------
        UsageError
            If the date lies outside the run.

        Examples
        --------
        >>> import sim
        >>> told = sim.run(sim.load("doha_2020/baseline"), seed=7).explain("2020-03-10")
        >>> told.decisions[0].actor, told.decisions[0].called
        ('government', 'deadline: talks due')
        """
        from sim.engine.explanation import explain

        return explain(self, date)

    def fork(
        self, date: Any, changes: Mapping[str, Any] | None = None, *, moves: Mapping[str, str] | None = None
    ) -> Run:
        """Go on from a date under changes, on the same luck.

        Parameters
        ----------
        date : str, datetime.date or int
            A date of the run, or the number of a day; everything before it stays as it was.
        changes : mapping of str to value, optional
            As for `Scenario.replace`. What a world under way cannot change is refused; what comes too late is said in
            `notes`.
        moves : mapping of str to str, optional
            For some actors the move that each makes on the date, in place of its own decisions and scheduled moves of
            that date; afterwards it goes on by its rule.

        Returns
        -------
        Run
            Its `parent` is this run, and its events before the date are this run's. Without changes and moves it equals
            this run.

        Raises
        ------
        UsageError
            If the date lies outside the run, the changes would give the numbers of the world another meaning, or an
            actor or a move does not exist.
        ScenarioError
            If the changes make no scenario.
        RunError
            If a quantity became impossible.

        Examples
        --------
        >>> import sim
        >>> run = sim.run(sim.load("doha_2020/baseline"), seed=7)
        >>> run.fork("2020-05-17").digest == run.digest
        True
        >>> fork = run.fork("2020-05-17", moves={"government": "offensive"})
        >>> fork.explain("2020-05-17").standing[0].move
        'offensive'
        """
        from sim.engine.fork import prepare_fork

        origin = prepare_fork(self, date, changes, moves)
        engine = EventEngine(origin.bound, signed_seed(self.seed), self.replication, past=origin.past)
        engine.run()
        return Run(engine, origin.scenario, self.seed, self.replication, parent=self, origin=origin)

    def diff(self, other: Run) -> RunDifference:
        """Compare with another run: inputs, the first event and the first decision that differ, what followed.

        Parameters
        ----------
        other : Run
            Of any scenario and seed, a fork too.

        Returns
        -------
        RunDifference
            False, and printed as ``no difference``, if there is none.

        Examples
        --------
        >>> import sim
        >>> run = sim.run(sim.load("doha_2020/baseline"), seed=7)
        >>> print(run.diff(run))
        no difference
        """
        from sim.engine.run_difference import difference_of

        return difference_of(self, other)

    def story(self, *, brief: bool = False) -> list[tuple[dt.date, str]]:
        """Return what happened by date, one plain sentence an event; routine decisions and counts are left out.

        Parameters
        ----------
        brief : bool
            Whether to leave out turns that decided nothing: between moves whose values differ by inertia alone.
        """
        from sim.engine.story import story_of

        return story_of(self, brief=brief)

    def turning_points(self) -> list[tuple[dt.date, str]]:
        """Return what turned the run, by date: first times, what decided talks and the end, and the outcome.

        Examples
        --------
        >>> import sim
        >>> run = sim.run(sim.load("doha_2020/baseline"), seed=7)
        >>> set(run.turning_points()) < set(run.story()), run.turning_points()[-1] == run.story()[-1]
        (True, True)
        """
        from sim.engine.story import turning_points_of

        return turning_points_of(self)

    @cached_property
    def decision_table(self) -> pd.DataFrame:
        """Decisions as a frame, one row each in order; `decisions` has every move with its terms.

        Columns: date, day, actor, called_by, before, chosen; the value (util), probability and number of legal moves of
        the chosen one; `other`, the best other legal move, and `ahead`, the value of the chosen move less its value.

        Examples
        --------
        >>> import sim
        >>> table = sim.run(sim.load("toys/two_actors"), seed=7).decision_table
        >>> list(table.columns[:6])
        ['date', 'day', 'actor', 'called_by', 'before', 'chosen']
        """
        import pandas as pd

        return pd.DataFrame([_decision_row(decision) for decision in self.decisions], columns=list(DECISION_COLUMNS))

    def plot(self, what: str | None = None, *, ax: Any = None, at: Any = None) -> Any:
        """Draw a figure of this run.

        Parameters
        ----------
        what : str, optional
            ``ribbon`` (who did what when, the usual figure), ``terms`` (what tipped the decisions of a date), ``fork``
            (a fork beside the world that it left), or a daily series.
        ax : matplotlib.axes.Axes, optional
            For a series, where to draw.
        at : str, datetime.date or int, optional
            For ``terms``, the date; if left out, the last on which an actor changed its move.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        UsageError
            If there is no such figure or series.
        """
        from sim.drawn import plot

        return plot(self, "run", what, ax=ax, at=at)

    def _repr_html_(self) -> str:
        from html import escape

        def table(events: Sequence[tuple[dt.date, str]]) -> str:
            left = "style='text-align:left'"
            rows = "".join(f"<tr><td {left}>{date}</td><td {left}>{escape(text)}</td></tr>" for date, text in events)
            return f"<table>{rows}</table>"

        story = self.story()
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        notes_html = f"<ul>{notes}</ul>" if notes else ""
        whole = f"<details><summary>All {len(story):,} events</summary>{table(story)}</details>"
        points = self.turning_points()
        shown = points if len(points) <= MOST_SHOWN else [*points[: MOST_SHOWN // 2], *points[-MOST_SHOWN // 2 :]]
        left_out = len(points) - len(shown)
        more = f"<p>{left_out} more turning points between them are below.</p>" if left_out else ""
        ribbon = ribbon_html(self)
        return f"<b>{escape(repr(self)[1:-1])}</b>{notes_html}{ribbon}{table(shown)}{more}{whole}"


def _decision_row(decision: Decision) -> tuple[Any, ...]:
    """Return a decision as a row of `Run.decision_table`."""
    legal = [move for move in decision.moves if move.legal]
    chosen = next((move for move in decision.moves if move.move == decision.chosen), None)
    others = [move for move in legal if move.move != decision.chosen]
    other = max(others, key=lambda move: move.value) if others else None
    value = math.nan if chosen is None else chosen.value
    return (
        decision.date,
        decision.day,
        decision.actor,
        decision.called_by,
        decision.before,
        decision.chosen,
        value,
        math.nan if chosen is None else chosen.probability,
        len(legal),
        None if other is None else other.move,
        math.nan if other is None else value - other.value,
    )


def run(
    scenario: Scenario,
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
    >>> scenario = sim.load("doha_2020/baseline")
    >>> sim.run(scenario, seed=7).outcome["outcome"] in scenario.outcomes
    True
    """
    check_scenario(scenario)
    number = signed_seed(check_seed(seed))
    engine = EventEngine(bound(scenario), number, check_replication(replication), trace=trace, hooks=hooks)
    engine.run()
    return Run(engine, scenario, seed, replication)
