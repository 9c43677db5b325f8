"""What ``sim compare --out`` writes: tables as CSV, every run as Parquet, figures, the answer as JSON, the words."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiments.comparison.recorded_comparison import SCENARIOS, asked_of
from sim.store.atomic import write_atomically
from sim.store.json_text import json_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from sim.experiments.comparison.comparison import Comparison

PARQUET = ("outcomes", "incidence")
"""Tables that are too long for CSV."""
MOST_WATERFALLS = 8
"""Scenarios whose differences of payoffs are drawn term by term; others are for ``sim plot``."""


def write_comparison(comparison: Comparison, folder: Path, *, figures: bool = True) -> list[str]:
    """Write a comparison to a folder; each file whole or not at all.

    Parameters
    ----------
    comparison : Comparison
        What to write.
    folder : Path
        Exists; files of the same names are replaced, others are left alone.
    figures : bool
        Whether to draw.

    Returns
    -------
    list of str
        The files, relative to the folder.

    Raises
    ------
    StoreError
        If the system refuses.
    """
    written: list[str] = []

    def write(name: str, data: bytes) -> None:
        write_atomically(folder / name, data)
        written.append(name)

    for name, table in comparison.tables().items():
        if name in PARQUET:
            buffer = io.BytesIO()
            table.to_parquet(buffer, index=False)
            write(f"{name}.parquet", buffer.getvalue())
        else:
            write(f"{name}.csv", table.to_csv(index=False, lineterminator="\n").encode())
    answer = comparison.to_dict() | {"command": ["sim", *sys.argv[1:]]}
    write("comparison.json", json_text(answer, ordered=tuple(answer)).encode())
    write(SCENARIOS, json_text(asked_of(comparison), ordered=("scenarios",)).encode())
    write("summary.txt", "".join(f"{line}\n" for line in (*comparison.summary, *comparison.notes)).encode())
    if figures:
        from sim.plots.saving import save_figure

        for name, draw in figures_of(comparison).items():
            paths = save_figure(draw(), folder / "figures", name)
            written += [path.relative_to(folder).as_posix() for path in paths]
    return written


def figures_of(comparison: Comparison) -> dict[str, Callable[[], Figure]]:
    """Return by name what draws each figure of a comparison."""
    from sim.plots.compliance import compliance_figure
    from sim.plots.cumulative_incidence import cumulative_incidence_figure
    from sim.plots.outcome_shares import outcome_shares_figure
    from sim.plots.paired_differences import paired_differences_figure
    from sim.plots.payoff_decomposition import payoff_decomposition_figure
    from sim.plots.payoff_waterfall import payoff_waterfall_figure
    from sim.plots.record_percentiles import record_percentiles_figure

    drawn: dict[str, Callable[[], Figure]] = {
        "outcome_shares": lambda: outcome_shares_figure(comparison),
        "cumulative_incidence": lambda: cumulative_incidence_figure(comparison),
    }
    if any(scenario.actors for scenario in comparison.scenarios.values()):
        drawn["payoff_decomposition"] = lambda: payoff_decomposition_figure(comparison)
    if len(comparison) > 1:
        drawn["paired_differences"] = lambda: paired_differences_figure(comparison)
        drawn["payoff_changes"] = lambda: payoff_decomposition_figure(comparison, "difference")
        others = [name for name in comparison.given if name != comparison.reference][:MOST_WATERFALLS]
        drawn |= {
            f"payoff_waterfall_{place}": partial(payoff_waterfall_figure, comparison, name)
            for place, name in enumerate(others, start=1)
            if comparison.payoffs.difference.loc[name].notna().any()
        }
    if comparison.scenarios[comparison.reference].deal.promises:
        drawn["compliance"] = lambda: compliance_figure(comparison.batches[comparison.reference])
    record = comparison.record
    if record is not None:
        drawn["record_percentiles"] = lambda: record_percentiles_figure(
            record, comparison.scenarios[comparison.reference]
        )
    return drawn
