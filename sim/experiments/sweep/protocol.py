"""What a sweep asks of an experiment: numbered runs, each with an address, and a scenario for every design row.

Run ``k`` belongs to design row ``k // replications``. Nothing else decides its result than the scenario of that row and
the address, so runs can be done in any order, in any chunks, anywhere, and more than once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


class SweptExperiment(Protocol):
    """An experiment as the runner sees it (`sim.experiments.definition.Experiment` is one).

    Attributes
    ----------
    title : str
        One line.
    scenario : Scenario
        What is varied.
    points : mapping of str to ndarray, shape (rows,)
        Values of the factors by name.
    rows, replications, runs : int
        ``runs = rows * replications``.
    seed : int
        As the file gives it.
    outputs : sequence of str
        Outcome columns to keep; none for all.
    keep : str
        ``runs`` or ``summary``.
    max_failures : int or None
        How many failed runs stop a sweep; None for no bound.
    digest : str
        SHA-256 over what determines the results.
    """

    @property
    def title(self) -> str:
        """One line for tables and figures."""

    @property
    def scenario(self) -> Scenario:
        """What is varied."""

    @property
    def points(self) -> Mapping[str, NDArray[Any]]:
        """Values of the factors by name."""

    @property
    def rows(self) -> int:
        """Rows of the design."""

    @property
    def replications(self) -> int:
        """Runs of each row."""

    @property
    def runs(self) -> int:
        """All runs."""

    @property
    def seed(self) -> int:
        """The seed of the experiment."""

    @property
    def outputs(self) -> Sequence[str]:
        """Outcome columns to keep."""

    @property
    def keep(self) -> str:
        """Whether every run is kept, or a summary of each row."""

    @property
    def max_failures(self) -> int | None:
        """How many failed runs stop the sweep."""

    @property
    def digest(self) -> str:
        """Names what determines the results."""

    def overrides(self, row: int) -> dict[str, Any]:
        """Return the values of a row by dotted path."""

    def scenario_at(self, row: int) -> Scenario:
        """Return the scenario of a row; raise ScenarioError if it is none."""

    def addresses(self, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return rows and replications of the runs `first` to `last` - 1, all of them under the seed."""

    def address(self, run: int) -> tuple[int, int, int]:
        """Return row, replication and seed of a run."""

    def to_dict(self) -> dict[str, Any]:
        """Return the whole content as plain data."""
