"""A sweep read back: rows as frame, Arrow or relation, summaries by design row, failures, the way to each run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import MissingExtraError, StoreError, UsageError
from sim.experiments.sweep.canonical_digest import digest_of_summaries, digest_of_tables
from sim.experiments.sweep.columns import FAILURE, columns_of
from sim.experiments.sweep.failures import repeating_command
from sim.experiments.sweep.identity import IDENTITY, REPAIR, read_identity
from sim.experiments.sweep.intervals import missing, size
from sim.experiments.sweep.journal import Entry, read_journal
from sim.experiments.sweep.kept import kept_in, tables_of
from sim.experiments.sweep.layout import JOURNAL, SCENARIO, SHARDS, Layout
from sim.experiments.sweep.output import is_scenario_file
from sim.experiments.sweep.row_summaries import NUMBER, Rows, RowSummaries, added, row_summaries
from sim.experiments.sweep.shards import fault_of
from sim.experiments.sweep.summary import needed_columns, summary_frame, summed
from sim.experiments.sweep.value_bins import edges_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from sim.engine.run import Run
    from sim.scenario.scenario import Scenario


class Sweep:
    """Results of a sweep, on the disk.

    Made by `sim.sweep` and `sim.open_sweep`. Only what is asked for is read: the digest, the rows and the summary go
    through the shards one at a time; `frame` and `arrow` hold all rows in memory.

    Parameters
    ----------
    folder : Path
        Where it is.
    verify : bool
        Whether to compare every shard with its digest first.

    Attributes
    ----------
    folder : Path
        Where it is.
    identity : dict
        What ``sweep.json`` says: experiment, digests, versions, command.

    Raises
    ------
    StoreError
        If there is no sweep, it is of another format, or a shard is missing or damaged.
    """

    def __init__(self, folder: Path, *, verify: bool = True) -> None:
        self.folder = folder
        self.identity: dict[str, Any] = read_identity(folder)
        self._layout = Layout.of(self.identity)
        self._shards: list[Entry] = read_journal(folder / JOURNAL, self.runs)[0]
        self._kept = kept_in(folder, self._layout)
        if verify:
            self._verify()

    @property
    def _entries(self) -> list[Entry]:
        return [entry for entry, _ in self._kept]

    def _verify(self) -> None:
        faults = {entry: fault_of(self.folder / SHARDS, entry) for entry in self._shards}
        bad = {entry: fault for entry, fault in faults.items() if fault is not None}
        if bad:
            listed = ", ".join(f"{entry.file} {fault}" for entry, fault in list(bad.items())[:5])
            raise StoreError(
                f"{self.folder}: {len(bad)} of {len(faults)} shards are damaged ({listed}), "
                f"{size((entry.first, entry.last) for entry in bad):,} runs in all. Do them again with the command "
                "that made the sweep and --resume (resume=True); the other shards are kept."
            )

    # --- what it is ------------------------------------------------------------------------------------------------
    @property
    def keep(self) -> str:
        """What is kept: ``runs``, every one, or ``summary``, of each design row what can be counted and added up."""
        return str(self.identity["keep"])

    @property
    def runs(self) -> int:
        """Runs of the experiment, done or not."""
        return int(self.identity["runs"])

    @property
    def done(self) -> int:
        """Runs that are here."""
        return size((entry.first, entry.last) for entry in self._entries)

    @property
    def failed(self) -> int:
        """Runs that are here without an outcome."""
        return sum(entry.failed for entry in self._entries)

    @property
    def complete(self) -> bool:
        """Whether every run is here."""
        return not self.missing

    @property
    def missing(self) -> list[tuple[int, int]]:
        """Runs that are not here, as half-open intervals."""
        return missing(((entry.first, entry.last) for entry in self._entries), self.runs)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of every run; of a sweep that keeps summaries those that were summarised."""
        return tuple(self.identity["columns"])

    @property
    def files(self) -> list[Path]:
        """The Parquet files, in order of run; chunks of blocks that are not whole yet are in none."""
        return [self.folder / SHARDS / entry.file for entry in self._shards]

    @cached_property
    def experiment(self) -> Any:
        """The experiment, from what is kept beside the results."""
        from sim.experiments.definition import experiment_from_dict

        experiment = experiment_from_dict(self.identity["experiment"], str(self.folder))
        if experiment.digest != self.identity["experiment_digest"]:
            raise StoreError(
                f"{self.folder}: the design has digest {experiment.digest[:16]}..., expected "
                f"{self.identity['experiment_digest'][:16]}...: a library now draws its points differently. The rows "
                "are whole (frame, arrow, digest); to repeat runs install the versions that made the sweep: "
                f"{', '.join(f'{k} {v}' for k, v in self.identity['versions'].items())}"
            )
        columns = columns_of(experiment)
        stated = self.identity
        for key, expected in (
            ("runs", experiment.runs),
            ("replications", experiment.replications),
            ("keep", experiment.keep),
            ("columns", list(columns.names)),
            ("outputs", list(columns.outputs)),
            ("shares", list(columns.shares)),
        ):
            if stated[key] != expected:
                found = f"{stated[key]!r:.200}, expected {expected!r:.200}, as its experiment says"
                raise StoreError(f"{self.folder / IDENTITY}: {key}: found {found}. {REPAIR}")
        return experiment

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the rows by run; equal for any chunks, workers and interruptions."""
        if self.keep == "summary":
            return digest_of_summaries(
                self._layout.lines or [], self._layout.block // self._layout.replications, self._rows
            )
        return digest_of_tables(self._tables())

    # --- rows ------------------------------------------------------------------------------------------------------
    def _tables(self, columns: Sequence[str] | None = None) -> Iterator[Any]:
        yield from tables_of(self._kept, columns)

    def _check_columns(self, columns: Sequence[str] | None) -> None:
        for name in columns or ():
            if name not in self.columns:
                raise UsageError(f"columns: found {name!r}, expected some of {', '.join(self.columns)}")

    def _check_runs_kept(self, what: str) -> None:
        if self.keep != "runs":
            raise UsageError(
                f"{what}: found a sweep that keeps a summary of each row and no single runs ({self.folder}), expected "
                "keep: runs. It has summary, histogram(output, row) and failures; run(k) and command(k) repeat a run"
            )

    def _check_begun(self) -> None:
        if not self._entries:
            raise StoreError(f"{self.folder}: found no run done yet, expected some. Go on with --resume.")

    @property
    def rows(self) -> Iterator[dict[str, Any]]:
        """Every run as a mapping, by ascending number, read as they are asked for."""
        self._check_runs_kept("rows")
        return (row for table in self._tables() for row in table.to_pylist())

    def arrow(self, columns: Sequence[str] | None = None) -> pa.Table:
        """Return all rows as an Arrow table, by ascending run.

        Parameters
        ----------
        columns : sequence of str, optional
            Some of `columns`; all by default.

        Raises
        ------
        UsageError
            If there is no such column.
        """
        import pyarrow as pa

        self._check_runs_kept("single runs")
        self._check_columns(columns)
        self._check_begun()
        return pa.concat_tables(list(self._tables(columns)))

    def frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return all rows as a DataFrame, by ascending run.

        Parameters
        ----------
        columns : sequence of str, optional
            Some of `columns`; all by default.

        Raises
        ------
        UsageError
            If there is no such column.
        """
        frame: pd.DataFrame = self.arrow(columns).to_pandas()
        return frame

    def relation(self) -> Any:
        """Return the rows as a DuckDB relation over the Parquet files, to be queried without reading them all.

        Raises
        ------
        MissingExtraError
            If DuckDB is not installed.
        StoreError
            If no run is done.
        """
        import pyarrow as pa

        try:
            import duckdb
        except ImportError:
            raise MissingExtraError("duckdb", "duckdb", "reading a sweep as a relation") from None
        self._check_runs_kept("relation")
        self._check_begun()
        connection = duckdb.connect()
        shards = set(self._shards)
        waiting = list(tables_of(kept for kept in self._kept if kept[0] not in shards))
        parts = [connection.read_parquet([str(path) for path in self.files])] if shards else []
        if waiting:
            parts.append(connection.from_arrow(pa.concat_tables(waiting)))
        return parts[0].union(parts[1]) if len(parts) == 2 else parts[0]

    # --- summaries -------------------------------------------------------------------------------------------------
    @cached_property
    def summary(self) -> pd.DataFrame:
        """One line a design row: factors, runs, failures, and the share of each outcome with its standard error."""
        return summary_frame(self.experiment, self._summaries, self._rows)

    @property
    def _summaries(self) -> RowSummaries:
        return row_summaries(self.experiment.scenario, self.identity["outputs"], binned=self.keep == "summary")

    @cached_property
    def _rows(self) -> Rows:
        """Summaries by design row, read or worked out."""
        if self.keep == "summary":
            return added([self._layout.rows_in(table) for table in self._tables()])
        summaries, wanted = self._summaries, needed_columns(self._summaries)
        rows: Rows = {}
        for entry, read in self._kept:
            rows = added([rows, summed(summaries, entry.first, read(wanted))])
        return rows

    def means(self, output: str) -> pd.DataFrame:
        """Say of one output how many runs of each design row have it, their mean and its standard error.

        Parameters
        ----------
        output : str
            What runs have or have not, whose mean is a share, or a column of numbers that the sweep keeps.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``row``: ``runs`` that are done, ``failed`` among them, ``known``, the others that have the
            output, ``mean`` and ``standard_error``.

        Raises
        ------
        UsageError
            If the sweep does not have this output.
        """
        import pandas as pd

        table, summaries = self.summary, self._summaries
        what = "share" if f"share_{output}" in table else "mean"
        if f"{what}_{output}" not in table:
            shares = [measure.name for measure in summaries.shares]
            legal = ", ".join(dict.fromkeys((*shares, *summaries.numbers)))
            raise UsageError(f"output: found {output!r}, expected one that the sweep has: {legal}")
        known = (table["runs"] - table["failed"]).to_list()
        if what == "mean":
            place = summaries.lines.index((NUMBER, output))
            known = [self._rows[row][place].count if row in self._rows else 0 for row in range(len(table))]
        return pd.DataFrame(
            {
                "runs": table["runs"],
                "failed": table["failed"],
                "known": known,
                "mean": table[f"{what}_{output}"],
                "standard_error": table[f"standard_error_{output}"],
            }
        )

    def histogram(self, output: str, row: int) -> pd.DataFrame:
        """Count the values of a number in one design row, in bins whose edges do not depend on them.

        Parameters
        ----------
        output : str
            A column of numbers that the sweep keeps.
        row : int
            Of the design.

        Returns
        -------
        pandas.DataFrame
            A line for each bin that is not empty: ``low`` and ``high`` edge, and ``count``; runs without a value are
            in none.

        Raises
        ------
        UsageError
            If there is no such number or row.
        """
        import pandas as pd

        experiment = self.experiment
        summaries = row_summaries(experiment.scenario, self.identity["outputs"])
        if output not in summaries.numbers:
            raise UsageError(f"output: found {output!r}, expected one of {', '.join(summaries.numbers)}")
        if isinstance(row, bool) or not 0 <= row < experiment.rows:
            raise UsageError(f"row: found {row!r}, expected a number from 0 to {experiment.rows - 1}")
        if self.keep == "summary":
            rows = self._rows
        else:
            first, last = row * experiment.replications, (row + 1) * experiment.replications
            parts = [kept for kept in self._kept if kept[0].first < last and kept[0].last > first]
            rows = added([summed(summaries, entry.first, read(needed_columns(summaries))) for entry, read in parts])
        place = summaries.lines.index((NUMBER, output))
        bins = (rows[row][place].bins if row in rows else None) or {}
        edges = [edges_of(number, summaries.widths[summaries.numbers.index(output)]) for number in sorted(bins)]
        columns = {"low": [low for low, _ in edges], "high": [high for _, high in edges]}
        return pd.DataFrame(columns | {"count": [bins[number] for number in sorted(bins)]})

    @cached_property
    def failures(self) -> pd.DataFrame:
        """Failed runs: address, factors, why, and the command that repeats each.

        Of a sweep that keeps summaries it has the first failed run of each design row.
        """
        import pyarrow.compute as pc

        if self.keep == "summary":
            return self._first_failures()

        names = [name for name in self.columns if name not in self.identity["outputs"]]
        import pyarrow as pa

        failed = tables_of([kept for kept in self._kept if kept[0].failed], names)
        bad = [table.filter(pc.is_valid(table.column(FAILURE))) for table in failed]
        if not bad:
            bad = [pa.table({name: pa.array([], pa.string()) for name in names})]
        frame: pd.DataFrame = pa.concat_tables(bad).to_pandas()
        frame["command"] = [self.command(int(run)) for run in frame["run"]]
        return frame

    def _first_failures(self) -> pd.DataFrame:
        import pandas as pd

        experiment = self.experiment
        found = []
        for row, (_, failed, *_others) in self._rows.items():
            if failed.count:
                run = int(failed.least or 0.0)
                _, replication, seed = experiment.address(run)
                factors = {name: values[row] for name, values in experiment.points.items()}
                address = {"run": run, "row": row, "replication": replication, "seed": seed}
                found.append(address | factors | {"failed": failed.count, FAILURE: failed.reason})
        names = ["run", "row", "replication", "seed", *experiment.points, "failed", FAILURE]
        frame = pd.DataFrame(found, columns=names)
        frame["command"] = [self.command(run) for run in frame["run"]]
        return frame

    # --- from a row to its run -------------------------------------------------------------------------------------
    def _row(self, run: int) -> tuple[int, int, int]:
        if isinstance(run, bool) or not 0 <= run < self.runs:
            raise UsageError(f"run: found {run!r}, expected a number from 0 to {self.runs - 1}")
        address: tuple[int, int, int] = self.experiment.address(int(run))
        return address

    def scenario(self, run: int) -> Scenario:
        """Return the scenario of a run."""
        scenario: Scenario = self.experiment.scenario_at(self._row(run)[0])
        return scenario

    def run(self, run: int) -> Run:
        """Simulate a run again, event by event, with its log and its reasons.

        Parameters
        ----------
        run : int
            As in the column ``run``.

        Returns
        -------
        Run
            Its outcome is the row's, to the bit, on the platform that made the sweep.

        Raises
        ------
        RunError, ScenarioError
            If it failed in the sweep, it fails here too.
        """
        from sim.engine.run import run as simulate

        _, replication, seed = self._row(run)
        return simulate(self.scenario(run), seed, replication=replication)

    def command(self, run: int) -> str:
        """Return the command that repeats a run; raise StoreError if ``scenario.yaml`` is not what was swept."""
        row, replication, seed = self._row(run)
        scenario = self.folder / SCENARIO
        if not self._scenario_is_kept:
            raise StoreError(
                f"{scenario}: found another scenario than the sweep's, or none, expected it as it was written. "
                "--resume (resume=True) writes it again; sim.open_sweep(...).run(k) repeats a run without it."
            )
        return repeating_command(str(scenario), self.experiment.overrides(row), seed, replication)

    @cached_property
    def _scenario_is_kept(self) -> bool:
        return is_scenario_file(self.folder, self.experiment.scenario.to_dict())

    def plot(self, what: str | None = None, *, ax: Any = None, **options: Any) -> Any:
        """Draw a figure of this sweep.

        Parameters
        ----------
        what : str, optional
            ``heat_map``, ``sobol``, ``convergence`` or ``morris``, by default the one that fits the design; or an
            output, drawn as a heat map.
        ax : matplotlib.axes.Axes, optional
            For a heat map, where to draw.
        **options
            ``output``, and for a heat map the factors ``x`` and ``y``.

        Returns
        -------
        matplotlib.figure.Figure

        Raises
        ------
        UsageError
            If there is no such figure or output, or the design does not fit it.
        """
        from sim.drawn import plot

        return plot(self, "sweep", what, ax=ax, **options)

    def __len__(self) -> int:
        return self.done

    def __repr__(self) -> str:
        state = "complete" if self.complete else f"{self.done:,} done, go on with resume=True"
        title = self.identity["experiment"].get("title", "")
        return f"<Sweep of {self.runs:,} runs of {title!r}: {state}; {self.failed:,} failed; in {self.folder}>"

    def _repr_html_(self) -> str:
        from html import escape

        table = self.summary.to_html(float_format=lambda x: f"{x:.4g}", max_rows=20)
        return f"<b>{escape(repr(self)[1:-1])}</b>{table}"


def open_sweep(folder: str | Path) -> Sweep:
    """Open the results of a sweep, complete or not, after comparing every shard with its digest.

    Parameters
    ----------
    folder : str or Path
        What ``--out`` named.

    Returns
    -------
    Sweep

    Raises
    ------
    StoreError
        If there is no sweep, it is of another format, or a shard is missing or damaged.
    """
    return Sweep(Path(folder))
