"""The experiment: frozen, resolved, and the only thing that decides what each of its runs is.

Policy for rows whose scenario is invalid: a path that leads nowhere, or an end of a range that its number can never
have, is an error when the experiment is loaded. A combination of values that makes no scenario is found when its row is
asked for (`Experiment.scenario_at` raises `ScenarioError`); a sweep stores such a row as failed, with that message, and
goes on. If none of 16 rows spread over the design is a scenario, that is an error at loading too.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.experiments.designs import ALL, Design
from sim.experiments.factor import Factor
from sim.scenario.scenario import Scenario

MAX_RUNS = 1 << 32
"""Runs of an experiment: replications are addressed by 32 bits."""


Keep: TypeAlias = Literal["runs", "summary"]
"""What a sweep keeps: every run, or a summary of each row."""


class Address(NamedTuple):
    """What decides the luck of one run.

    Attributes
    ----------
    row : int
        Of the design.
    replication : int
        In [0, 2**32), as `sim.replicate` numbers runs.
    seed : int
        In [0, 2**64).
    """

    row: int
    replication: int
    seed: int


@dataclass(frozen=True, slots=True)
class TippingTarget:
    """What an experiment with a ``tipping_point:`` searches.

    Attributes
    ----------
    factor : str
        Name of the factor that moves.
    measure : str
        A measure of the scenario (`sim.experiments.measures`).
    level : float
        Share of runs, or mean of a number, that is looked for.
    tolerance : float
        Width at which the search stops, as a share of the factor's range.
    """

    factor: str
    measure: str
    level: float = 0.5
    tolerance: float = 0.01


@dataclass(frozen=True, eq=False)
class Experiment:
    """A resolved experiment; made by `load_experiment`, `experiment_from` or `experiment_from_dict`.

    Attributes
    ----------
    title : str
        One line for tables and figures.
    scenario : Scenario
        What is varied, with what the experiment sets in all rows.
    factors : tuple of Factor
        What is varied, in order; column j of the points is factor j.
    design : Design
        Where the points are.
    replications : int
        Runs of each row.
    seed : int
        Of the luck of the runs, in [0, 2**64).
    common_luck : bool
        Whether replication r of every row has the same luck.
    outputs : tuple of str
        Outcome columns and measures to keep; empty for all.
    keep : str
        ``runs`` for every run, ``summary`` for what is counted and added up of each row.
    max_failures : int or None
        Failed runs at which a sweep stops.
    tipping : TippingTarget or None
        What is searched by bisection.
    description : str or None
        The question.
    path : str or None
        The file as the user named it, or the name of a built-in experiment; None if it was made in Python.
    """

    title: str
    scenario: Scenario
    factors: tuple[Factor, ...]
    design: Design
    replications: int = 1
    seed: int = 0
    common_luck: bool = True
    outputs: tuple[str, ...] = ()
    keep: Keep = "runs"
    max_failures: int | None = None
    tipping: TippingTarget | None = None
    description: str | None = None
    path: str | None = None

    def to_dict(self, *, points: bool = False) -> dict[str, Any]:
        """Return the experiment, resolved, as plain data that JSON can hold.

        Parameters
        ----------
        points : bool
            Whether to add the values of all rows under ``points``.

        Returns
        -------
        dict
            With the whole scenario, explicit priors and the rows of a CSV file; `experiment_from_dict` reads it.
        """
        data: dict[str, Any] = {"schema_version": 1, "title": self.title}
        if self.description is not None:
            data["description"] = self.description
        data |= {
            "scenario": self.scenario.to_dict(provenance=True),
            "vary": {factor.name: factor.to_dict() for factor in self.factors},
            "design": {self.design_kind: self.design.model_dump(mode="json", exclude_none=True)},
            "replications": self.replications,
            "seed": self.seed,
            "common_luck": self.common_luck,
            "outputs": list(self.outputs),
        }
        if self.keep != "runs":
            data["keep"] = self.keep
        if self.max_failures is not None:
            data["max_failures"] = self.max_failures
        if self.tipping is not None:
            tipping = self.tipping
            data["tipping_point"] = {
                "factor": tipping.factor,
                "measure": tipping.measure,
                "level": tipping.level,
                "tolerance": tipping.tolerance,
            }
        if self.path is not None:
            data["path"] = self.path
        if points:
            data["points"] = {name: values.tolist() for name, values in self.points.items()}
        return data

    def keeping(self, keep: Keep) -> Experiment:
        """Return the experiment with another choice of what is kept, all else equal.

        Parameters
        ----------
        keep : str
            ``runs`` or ``summary``.

        Returns
        -------
        Experiment
            With a digest of its own if the choice is another.

        Raises
        ------
        UsageError
            If it is something else.
        """
        if keep not in ("runs", "summary"):
            raise UsageError(f"keep: found {keep!r}, expected runs or summary")
        return replace(self, keep=keep)

    def resized(self, *, rows: int | None = None, replications: int | None = None) -> Experiment:
        """Return the experiment smaller or larger, all else equal.

        Parameters
        ----------
        rows : int, optional
            At most so many rows: the largest design of its kind that fits (a power of two of Sobol' points, whole
            trajectories, whole blocks of Saltelli's design, a coarser or finer grid, the first rows of a file).
        replications : int, optional
            Runs of each row.

        Returns
        -------
        Experiment
            With a digest of its own.

        Raises
        ------
        UsageError
            If a number is out of range or no design of this kind is so small.
        """
        design = self.design
        if rows is not None:
            if isinstance(rows, bool) or not isinstance(rows, int | np.integer) or rows < 1:
                raise UsageError(f"rows: found {rows!r}, expected a whole number of at least 1")
            design = design.resized(int(rows), self.factors)
            problem = design.problem(self.factors)
            if problem is not None:
                raise UsageError(f"rows: found {problem[0]}, expected {problem[1]}")
        times = self.replications if replications is None else replications
        if isinstance(times, bool) or not isinstance(times, int | np.integer) or times < 1:
            raise UsageError(f"replications: found {times!r}, expected a whole number of at least 1")
        other = replace(self, design=design, replications=int(times))
        if other.runs > MAX_RUNS:
            raise UsageError(f"runs: found {other.runs:,}, expected at most {MAX_RUNS:,}")
        return other

    # --- size ------------------------------------------------------------------------------------------------------
    @property
    def design_kind(self) -> str:
        """The design by the key of the file, one of those of `sim.experiments.designs.ALL`."""
        return next(key for key, kind in ALL.items() if type(self.design) is kind)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(factor.name for factor in self.factors)

    @cached_property
    def rows(self) -> int:
        """Rows of the design."""
        return self.design.size(self.factors)

    @property
    def runs(self) -> int:
        """Rows times replications."""
        return self.rows * self.replications

    # --- points ----------------------------------------------------------------------------------------------------
    @cached_property
    def unit_points(self) -> NDArray[np.float64]:
        """Points of the design in the unit cube, shape (rows, factors), read-only."""
        points = np.ascontiguousarray(self.design.unit_points(self.factors), dtype=np.float64)
        points.flags.writeable = False
        return points

    @cached_property
    def points(self) -> dict[str, NDArray[Any]]:
        """Values of each factor by name, each of shape (rows,): float64, or object for choices that are no numbers."""
        values = self.design.values_of(self.factors)
        if values is None:
            values = {f.name: f.values(self.unit_points[:, j]) for j, f in enumerate(self.factors)}
        for column in values.values():
            column.flags.writeable = False
        return values

    def overrides(self, row: int) -> dict[str, Any]:
        """Say which values of the scenario a row replaces.

        Parameters
        ----------
        row : int
            In [0, rows).

        Returns
        -------
        dict of str to value
            By dotted path, as `Scenario.replace` takes them.

        Raises
        ------
        UsageError
            If there is no such row.
        """
        self._check("row", row, self.rows)
        values: dict[str, Any] = {}
        for factor in self.factors:
            cell = self.points[factor.name][row]
            values |= factor.overrides(cell.item() if isinstance(cell, np.generic) else cell)
        return values

    def scenario_at(self, row: int) -> Scenario:
        """Build and validate the scenario of a row.

        Parameters
        ----------
        row : int
            In [0, rows).

        Returns
        -------
        Scenario
            Without sources; its digest is that of the scenario with these values.

        Raises
        ------
        ScenarioError
            If the values of the row make no scenario; a sweep stores the row as failed, with this message.
        UsageError
            If there is no such row.
        """
        return self._bare.replace(self.overrides(row))

    @cached_property
    def _bare(self) -> Scenario:
        """The scenario without sources, which is quicker to replace in."""
        return self.scenario.without_provenance()

    # --- runs ------------------------------------------------------------------------------------------------------
    def address(self, run: int) -> Address:
        """Say which row and which luck a run has.

        Parameters
        ----------
        run : int
            In [0, runs): run k is replication k mod R of row k div R, where R is the number of replications.

        Returns
        -------
        Address
            With common luck the replication is k mod R, else k itself.

        Raises
        ------
        UsageError
            If there is no such run.
        """
        self._check("run", run, self.runs)
        row, replication = divmod(int(run), self.replications)
        return Address(row, replication if self.common_luck else int(run), self.seed)

    def addresses(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Give rows and replication numbers of runs `first` to `last` - 1, each of shape (last - first,)."""
        runs = np.arange(first, last, dtype=np.int64)
        rows, replications = np.divmod(runs, self.replications)
        return rows, replications if self.common_luck else runs

    def _check(self, what: str, number: int, count: int) -> None:
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 0 <= number < count:
            raise UsageError(f"{what}: found {number!r}, expected a whole number from 0 to {count - 1}")

    # --- identity --------------------------------------------------------------------------------------------------
    @cached_property
    def digest(self) -> str:
        """SHA-256 (64 hex digits) of all that decides what runs and what is kept.

        That is the resolved scenario, the factors, the points (in the unit cube and as values, to the bit),
        replications, seed, luck, outputs, whether runs or summaries are kept, and the search of a tipping point; not
        titles, file names, sources, `max_failures`, or how the design says what its points are.
        """
        data = self.to_dict()
        for key in ("title", "description", "path", "max_failures"):
            data.pop(key, None)
        if self.design_kind != "rows":  # whose values are the points
            del data["design"]
        data["scenario"] = self.scenario.sha256
        data["factors"] = self.names
        digest = hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode())
        digest.update(self.unit_points.astype("<f8").tobytes())
        for values in self.points.values():
            if values.dtype.kind == "f":  # a choice is decided by its factor and its point
                digest.update(values.astype("<f8").tobytes())
        return digest.hexdigest()

    def __eq__(self, other: object) -> bool:
        return self.digest == other.digest if isinstance(other, Experiment) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.digest)

    def _repr_html_(self) -> str:
        from html import escape

        from sim.notebook_table import html_of

        rows = "".join(
            f"<tr><td>{escape(f.name)}</td><td>{escape(', '.join(f.paths))}</td><td>{html_of(f.describe())}</td></tr>"
            for f in self.factors
        )
        head = "<tr><th>factor</th><th>paths</th><th>values</th></tr>"
        return f"<b>{escape(repr(self)[1:-1])}</b><table>{head}{rows}</table>"

    def __repr__(self) -> str:
        return (
            f"<Experiment {self.title!r}: {len(self.factors)} factors, {self.design_kind}, {self.rows:,} rows x "
            f"{self.replications:,} replications = {self.runs:,} runs, digest {self.digest[:12]}>"
        )
