"""Many variants of one scenario in one batch, on shared luck.

Randomness is addressed by (seed, replication, cause, entity, occasion), so replication k of every variant has the same
luck, and what differs between variants is what their changed numbers do. Those that go together
(`sim.experiments.one_batch`) run as rows of one batch, the others batch after batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.check_scenario import check_scenario
from sim.engine.outcome_frame import outcome_columns
from sim.engine.threads import Progress
from sim.errors import UsageError
from sim.experiments.measures import Measure
from sim.experiments.one_batch import going_together, run_together
from sim.kernel.bound import bound
from sim.kernel.outcome_row import OUTCOME_ROW
from sim.model.world import FAILED
from sim.random.seed import check_seed, signed_seed

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def run_variants(
    scenarios: Sequence[Scenario],
    runs: int,
    seed: int,
    *,
    threads: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.record]:
    """Run variants of a scenario with common random numbers.

    Parameters
    ----------
    scenarios : sequence of Scenario
        At least one.
    runs : int
        Runs of each; replications 0 to ``runs - 1``.
    seed : int
        In [0, 2**64), of all of them.
    threads : int, optional
        No result depends on it. All processors by default.
    progress : callable, optional
        Called as ``progress(done, total)`` with runs of all variants.

    Returns
    -------
    ndarray of OUTCOME_ROW, shape (variants, runs)
        Row i holds what `sim.replicate` of variant i would.

    Raises
    ------
    UsageError
        If there is no scenario or an argument is out of range.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> rows = run_variants([toy, toy.replace({"deal.outcomes.settlement.per_day": 0.0001})], runs=30, seed=7)
    >>> rows.shape
    (2, 30)
    """
    if not scenarios:
        raise UsageError("scenarios: found none, expected at least one")
    if isinstance(runs, bool) or not isinstance(runs, int | np.integer) or runs < 1:
        raise UsageError(f"runs: found {runs!r}, expected a whole number of at least 1")
    number = signed_seed(check_seed(seed))
    for scenario in scenarios:
        check_scenario(scenario)
    rows: NDArray[np.record] = np.zeros((len(scenarios), runs), OUTCOME_ROW)
    total = len(scenarios) * runs
    before = 0
    for members in going_together((place, bound(scenario)) for place, scenario in enumerate(scenarios)):

        def report(done: int, _all: int, before: int = before) -> None:
            if progress is not None:
                progress(before + done, total)

        numbers = np.tile(np.arange(runs), (len(members), 1))
        rows[[place for place, _ in members]] = run_together(members, numbers, number, threads=threads, progress=report)
        before += numbers.size
    return rows


def measured(scenario: Scenario, rows: NDArray[np.record], measures: Sequence[Measure]) -> dict[str, NDArray[Any]]:
    """Read measures off the rows of a variant.

    Parameters
    ----------
    scenario : Scenario
        The variant.
    rows : ndarray of OUTCOME_ROW, shape (runs,)
        As `run_variants` returns them.
    measures : sequence of Measure
        Of this scenario.

    Returns
    -------
    dict of str to ndarray of bool or float64, shape (runs,)
        By name, as `Measure.values` gives them; a run that stopped itself has nothing.

    Examples
    --------
    >>> import sim
    >>> from sim.experiments.measures import measures_of
    >>> toy = sim.load("toys/two_actors")
    >>> had = measured(toy, run_variants([toy], runs=5, seed=1)[0], measures_of(toy).shares)
    >>> int(sum(had[name].sum() for name in toy.outcome_names))
    5
    """
    table = outcome_columns(rows, bound(scenario))
    stopped = rows["status"] == FAILED
    found = {measure.name: measure.values(table) for measure in measures}
    return {name: values & ~stopped if values.dtype == bool else values for name, values in found.items()}
