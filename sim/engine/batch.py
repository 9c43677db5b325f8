"""Many runs of one scenario: outcomes with their Monte Carlo standard errors, bands of daily series, a digest."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.bands import EXACT_RUNS, TOTAL, Bands, series_bands
from sim.engine.check_scenario import check_scenario
from sim.engine.event_batch import engine_name
from sim.engine.kept_series import Kept, kept_of, wanted_series
from sim.engine.outcome_frame import outcome_columns
from sim.engine.threads import CHUNK, Progress, run_batch
from sim.engine.wilson_interval import share_error, wilson_interval
from sim.errors import UsageError
from sim.kernel.bound import Bound, bound
from sim.model.columns import COLUMN_NAMES, COLUMNS
from sim.random.seed import check_seed, signed_seed
from sim.scenario.catalogue import MAX_ACTORS, MAX_TERMS

if TYPE_CHECKING:
    import pandas as pd

    from sim.scenario.scenario import Scenario

PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.95)
MAX_RUNS = 1 << 32
MAX_VALUES = 26_000_000
"""Daily values kept at a time for exact bands: 200 MB, four series of 10,000 runs of the longest built-in scenario."""


class Batch:
    """Runs of one scenario under one seed, replications 0 to n - 1.

    Made by `sim.replicate`.

    Attributes
    ----------
    scenario : Scenario
        What was run.
    seed : int
        As given.
    rows : ndarray of OUTCOME_ROW, shape (n,)
        As the kernel wrote them.
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        rows: NDArray[np.record],
        threads: int | None,
        kept: Kept | None = None,
    ) -> None:
        self._kept = kept if kept is not None else Kept((), None, None)
        self.scenario = scenario
        self.seed = seed
        self.rows = rows
        self._threads = threads
        self._bound: Bound = bound(scenario)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def outcome_table(self) -> dict[str, NDArray[Any]]:
        """Outcomes as named columns, one row per run in order of replication."""
        return outcome_columns(self.rows, self._bound)

    @cached_property
    def outcomes(self) -> pd.DataFrame:
        """Outcomes as a DataFrame, one row per run in order of replication; beside each ``_day`` is its ``_date``."""
        import pandas as pd

        start, columns = pd.Timestamp(self.scenario.start), {}
        for name, values in self.outcome_table.items():
            columns[name] = values
            if name.endswith("_day"):
                columns[f"{name[:-4]}_date"] = start + pd.to_timedelta(np.floor(values), unit="D")
        return pd.DataFrame(columns)

    @cached_property
    def shares(self) -> pd.DataFrame:
        """Share of each outcome with its Monte Carlo standard error; an outcome that never came has an upper bound.

        The columns are `share`, `standard_error`, and the ends `low` and `high` of the 95 % Wilson interval, which is
        not 0 wide for an outcome that no run had.
        """
        import pandas as pd

        outcome = self.outcome_table["outcome"]
        n = max(len(outcome), 1)
        count = np.array([(outcome == name).sum() for name in self.scenario.outcome_names], dtype=np.float64)
        share = count / n
        low, high = wilson_interval(count, n)
        return pd.DataFrame(
            {
                "share": share,
                "standard_error": share_error(share, n),
                "low": low,
                "high": high,
            },
            index=pd.Index(self.scenario.outcome_names, name="outcome"),
        )

    @cached_property
    def payoff_terms(self) -> dict[str, pd.DataFrame]:
        """What each actor's payoff is made of, in util: one row per run in order of replication.

        The columns are the actor's flow terms as its payoff names them, then `release_cost`, `at_once` (costs of moves
        and of broken pledges) and `at_outcome`; they sum to the payoff, up to rounding. The runs are done again with
        their ledgers kept, which gives the same worlds to the bit.
        """
        import pandas as pd

        ledgers = np.zeros((len(self), MAX_ACTORS, COLUMNS))
        number = signed_seed(check_seed(self.seed))
        run_batch(self._bound, number, self.rows["replication"], threads=self._threads, ledgers=ledgers)
        columns = [COLUMN_NAMES.index(name) + MAX_TERMS for name in ("release_cost", "at_once", "at_outcome")]
        frames = {}
        for row, name in enumerate(self._bound.names.actors):
            terms = [str(feature) for feature in self.scenario.actors[name].payoff.per_year]
            values = ledgers[:, row, [*range(len(terms)), *columns]]
            frames[name] = pd.DataFrame(values, columns=[*terms, "release_cost", "at_once", "at_outcome"])
        return frames

    @cached_property
    def summary(self) -> pd.DataFrame:
        """For every numeric outcome: the share of runs that have it, mean, standard error and quantiles."""
        import pandas as pd

        rows = {}
        for name, values in self.outcome_table.items():
            if values.dtype == object or name == "replication":
                continue
            valid = values[~np.isnan(values)]
            row = {"known": len(valid) / max(len(values), 1)}
            if len(valid):
                row["mean"] = float(valid.mean())
                row["standard_error"] = float(valid.std(ddof=1) / np.sqrt(len(valid))) if len(valid) > 1 else np.nan
                row |= {f"q{p:g}": float(np.quantile(valid, p)) for p in PROBABILITIES}
            rows[name] = row
        return pd.DataFrame.from_dict(rows, orient="index")

    @cached_property
    def quantiles(self) -> pd.DataFrame:
        """Bands of the headline series (freed, attacks, troops, balance of force, talks), see `bands`."""
        wanted = [
            name
            for name in self._bound.series
            if name.split("(")[0] in ("persons_freed", "daily_attacks", "troop_count", "balance_of_force", "talks")
        ]
        return self.bands(wanted)

    def bands(self, series: str | Sequence[str], probabilities: Sequence[float] = PROBABILITIES) -> pd.DataFrame:
        """Quantiles by date of one or more daily series.

        Series not kept (`replicate(..., series=[...])`) are simulated again, to the same bit. Of kept ones, and of
        up to 10,000 runs, quantiles are exact; others come from histograms whose resolution is a column.

        Parameters
        ----------
        series : str or sequence of str
            Names as in `series_names`.
        probabilities : sequence of float
            Each in [0, 1].

        Returns
        -------
        pandas.DataFrame
            Indexed by series and date; columns `day`, one per probability such as ``q0.05``, then `running` (runs going
            on) and `resolution`.

        Raises
        ------
        UsageError
            If a series does not exist or a probability is outside [0, 1].

        Examples
        --------
        >>> import sim
        >>> batch = sim.replicate(sim.load("toys/two_actors"), runs=20, seed=7)
        >>> list(batch.bands("daily_attacks(fighters)", [0.5]).loc["daily_attacks(fighters)"].columns)
        ['day', 'q0.5', 'running', 'resolution']
        """
        import pandas as pd

        names = [series] if isinstance(series, str) else list(series)
        start = pd.Timestamp(self.scenario.start)
        return pd.concat([_band_frame(band, start) for band in self.series_bands(names, probabilities)])

    def series_bands(
        self,
        names: Sequence[str],
        probabilities: Sequence[float] = PROBABILITIES,
        mean_days: Sequence[int] | None = None,
    ) -> list[Bands]:
        """Return what `bands` says as arrays, without pandas; of each run's mean or total over days if asked for.

        Parameters
        ----------
        names : sequence of str
            As in `series_names`.
        probabilities : sequence of float
            Each in [0, 1].
        mean_days : sequence of int, optional
            For each name the length of a centred window, or 0 for the total, see `sim.engine.bands.over_days`; 1 if
            left out.

        Returns
        -------
        list of Bands
            One a name, in order.

        Raises
        ------
        UsageError
            If a series does not exist, a probability is outside [0, 1] or `mean_days` does not fit.
        """
        for name in names:
            if name not in self._bound.series:
                raise UsageError(f"no series is called {name!r}; there are: {', '.join(self._bound.series)}")
        chosen = tuple(float(p) for p in probabilities)
        if not all(0.0 <= p <= 1.0 for p in chosen):
            raise UsageError(f"probabilities: found {probabilities}, expected numbers in [0, 1]")
        windows = tuple(mean_days) if mean_days is not None else (1,) * len(names)
        if len(windows) != len(names) or min(windows, default=1) < TOTAL:
            raise UsageError(f"mean_days: found {mean_days}, expected a number of at least 0 for each name")
        columns = tuple(self._bound.series.index(name) for name in names)
        together = max(MAX_VALUES // (min(len(self), EXACT_RUNS) * (self._bound.days + 1)), 1)
        bands: list[Bands] = []
        for start in range(0, len(columns), together):
            some, over = columns[start : start + together], windows[start : start + together]
            number, kept = signed_seed(self.seed), self._kept.of([self._bound.series[column] for column in some])
            bands += series_bands(self._bound, number, len(self), some, chosen, self._threads, over, kept)
        return bands

    @property
    def series_names(self) -> tuple[str, ...]:
        """The daily series of the scenario."""
        return self._bound.series

    @property
    def kept_series(self) -> NDArray[np.float64] | None:
        """All daily values, shape (runs, days + 1, series), NaN after a run has ended; None if too many to keep."""
        return self._kept.series if self._kept.names == self.series_names else None

    @cached_property
    def standing_moves(self) -> NDArray[np.int8]:
        """Number of the move of each actor that stands at the end of each day; -1 after a run has ended.

        Shape (runs, days + 1, actors), in the order of the scenario. The worlds run again unless
        ``replicate(..., moves=True)`` kept them.
        """
        if self._kept.moves is not None:
            return self._kept.moves
        _, kept = kept_of(self._bound, self.seed, len(self), (), True, self._threads, None)
        assert kept.moves is not None
        return kept.moves

    def move_shares(self, actor: str) -> pd.DataFrame:
        """Share of the runs that still go on in which each move of an actor stands, by date.

        Parameters
        ----------
        actor : str
            Its name.

        Returns
        -------
        pandas.DataFrame
            Indexed by date: a column a move, which sum to 1, then `running` (runs going on).

        Raises
        ------
        UsageError
            If there is no such actor.

        Examples
        --------
        >>> import sim
        >>> shares = sim.replicate(sim.load("toys/two_actors"), runs=20, seed=7).move_shares("state")
        >>> list(shares.columns), float(shares.iloc[0].running)
        (['wait', 'free', 'running'], 20.0)
        """
        import pandas as pd

        names = self._bound.names
        if actor not in names.actors:
            raise UsageError(f"actor: found {actor!r}, expected one of {', '.join(names.actors)}")
        place = names.actors.index(actor)
        standing = self.standing_moves[:, :, place]
        running = (standing >= 0).sum(axis=0)
        dates = pd.Timestamp(self.scenario.start) + pd.to_timedelta(np.arange(standing.shape[1]), unit="D")
        with np.errstate(invalid="ignore"):
            shares = {move: (standing == k).sum(axis=0) / running for k, move in enumerate(names.moves[place])}
        return pd.DataFrame({**shares, "running": running}, index=pd.DatetimeIndex(dates, name="date"))

    def plot(self, what: str | None = None, *, ax: Any = None, run: Any = None) -> Any:
        """Draw a figure of these runs.

        Parameters
        ----------
        what : str, optional
            ``trajectories`` (the usual figure), ``moves``, ``compliance`` or another of `sim.plots.catalogue`, or a
            daily series.
        ax : matplotlib.axes.Axes, optional
            For a series, where to draw; several can lie over one another.
        run : Run, optional
            One world, drawn as a line.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        UsageError
            If there is no such figure or series.
        """
        from sim.drawn import plot

        return plot(self, "batch", what, ax=ax, run=run)

    @property
    def engine(self) -> str:
        """What ran the worlds: the batch engine, or the event engine where a rule runs in plain Python only."""
        return engine_name(self._bound)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the outcomes in canonical form; equal digests mean equal batches."""
        from sim.store.canonical import digest_of

        return digest_of({"outcomes": self.outcome_table}, {})

    def __repr__(self) -> str:
        shares = ", ".join(f"{name} {row.share:.2f}" for name, row in self.shares.iterrows() if row.share > 0)
        return f"<Batch of {len(self)} runs of {self.scenario.title!r}, seed {self.seed}: {shares}>"

    def _repr_html_(self) -> str:
        from html import escape

        table = self.shares.to_html(float_format=lambda x: f"{x:.3f}")
        return f"<b>{escape(self.scenario.title)}</b>, {len(self)} runs, seed {self.seed}{table}"


def _band_frame(band: Bands, start: pd.Timestamp) -> pd.DataFrame:
    import pandas as pd

    days = np.arange(len(band.running))
    dates = start + pd.to_timedelta(days, unit="D")
    index = pd.MultiIndex.from_product([[band.name], dates], names=["series", "date"])
    columns = {f"q{probability:g}": band.values[:, k] for k, probability in enumerate(band.probabilities)}
    table = {"day": days, **columns, "running": band.running, "resolution": band.resolution}
    return pd.DataFrame(table, index=index)


def replicate(
    scenario: Scenario,
    runs: int = 1_000,
    seed: int = 0,
    *,
    series: Sequence[str] | None = None,
    moves: bool = False,
    threads: int | None = None,
    chunk: int = CHUNK,
    progress: Progress | None = None,
) -> Batch:
    """Simulate many worlds of one scenario at compiled speed.

    Parameters
    ----------
    scenario : Scenario
        As `sim.load` returns it.
    runs : int
        Number of worlds; they are replications 0 to ``runs - 1`` under the seed.
    seed : int
        In [0, 2**64).
    series : sequence of str, optional
        Daily series whose values are kept, so that bands of them never run a batch again. Left out, all are kept if
        they take no more than 32 MB, else none.
    moves : bool
        Whether to keep which move of each actor stands, day by day (`Batch.standing_moves`).
    threads, chunk : int
        How to split the work; no result depends on them. All processors by default.
    progress : callable, optional
        Called as ``progress(done, total)``.

    Returns
    -------
    Batch

    Raises
    ------
    UsageError
        If an argument is of the wrong kind or out of range, or more would be kept than 2 GB.

    Examples
    --------
    >>> import sim
    >>> scenario = sim.load("doha_2020/baseline")
    >>> batch = sim.replicate(scenario, runs=20, seed=7)
    >>> batch.outcomes.outcome[0] == sim.run(scenario, seed=7).outcome["outcome"]
    True
    """
    check_scenario(scenario)
    if isinstance(runs, bool) or not isinstance(runs, int | np.integer) or not 0 < runs <= MAX_RUNS:
        raise UsageError(f"runs: found {runs!r}, expected a whole number from 1 to {MAX_RUNS}")
    number = signed_seed(check_seed(seed))
    bound_scenario = bound(scenario)
    names = wanted_series(bound_scenario, runs, series, moves)
    if not names and not moves:
        rows = run_batch(bound_scenario, number, np.arange(runs), threads=threads, chunk=chunk, progress=progress)
        return Batch(scenario, seed, rows, threads)
    rows, kept = kept_of(bound_scenario, seed, runs, names, moves, threads, progress, chunk)
    return Batch(scenario, seed, rows, threads, kept)
