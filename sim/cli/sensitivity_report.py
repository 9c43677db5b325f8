"""What ``sim sensitivity`` prints: each factor with its indices and intervals, the share of luck, what to do next."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.cli.streams import answer, answer_wrapped, note
from sim.errors import ConvergenceWarning, UsageError

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.sensitivity import Sensitivity
    from sim.experiments.sweep.sweep import Sweep

FEW = 5
"""Factors of each output that are shown if no output is asked for."""


def analysed(sweep: Sweep, outputs: Sequence[str], widest: float | None) -> list[Sensitivity]:
    """Analyse the outputs that are asked for, or every outcome that varies.

    Parameters
    ----------
    sweep : Sweep
        Finished.
    outputs : sequence of str
        Names; none for what the scenario shows first (outcomes, talks, milestones), as far as the sweep kept it.
    widest : float or None
        As `sim.experiments.sensitivity.sensitivity_of` takes it; None for its own.

    Returns
    -------
    list of Sensitivity
        Advice about convergence stands in the results; it is not given as a warning.

    Raises
    ------
    UsageError
        If an output cannot be analysed, or none varies.
    """
    from sim.experiments.measures import measures_of
    from sim.experiments.sensitivity import sensitivity_of
    from sim.experiments.sensitivity.convergence import WIDEST

    if not outputs and sweep.keep == "runs":  # of another every output is refused, by its own message
        headline = measures_of(sweep.experiment.scenario).headline
        kept = [measure for measure in headline if all(name in sweep.columns for name in measure.columns)]
        frame = sweep.frame(list(dict.fromkeys(name for measure in kept for name in measure.columns)))
        table = {str(name): frame[name].to_numpy() for name in frame.columns}
        outputs = [measure.name for measure in kept if len(np.unique(measure.values(table))) > 1]
    if not outputs and sweep.keep == "summary":
        outputs = [measures_of(sweep.experiment.scenario).headline[0].name]
    if not outputs:
        raise UsageError(
            f"output: found no outcome or milestone that varies in {sweep.folder}, expected one. Name a measure or a "
            "column of numbers: --output released"
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return [sensitivity_of(sweep, name, widest=WIDEST if widest is None else widest) for name in outputs]


def report_sensitivity(result: Sensitivity, *, whole: bool) -> None:
    """Print one output.

    Parameters
    ----------
    result : Sensitivity
        What to say.
    whole : bool
        Whether to show every factor, and not only the most important.
    """
    luck = result.split.luck_share
    told = "one replication a row, which cannot tell luck from effect"
    if not math.isnan(luck):
        told = f"luck is {100 * luck:.0f} % of the variance of a single run"
    answer_wrapped(f"{result.output}: {told}; {result.failures}", hanging="  ")
    if result.sobol is not None and not np.isfinite(result.sobol.total).any():
        answer("  Luck is all that shows: no factor has an index.")
        return
    for line in table_lines(result, None if whole else FEW):
        answer(line)
    if result.shares:
        how = "true grouped indices" if result.grouped else "sums of total indices"
        shares = ", ".join(
            f"{share.kind} {round(100 * share.share) + 0} +- {100 * share.standard_error:.0f} %"
            for share in result.shares
        )
        answer_wrapped(f"share of the totals ({how}): {shares}", "  ", "    ")
    if result.advice is not None:
        answer_wrapped(f"not converged: {result.advice}", "  ", "    ")


def table_lines(result: Sensitivity, most: int | None) -> list[str]:
    """Return the table of factors, the most important first, one line each under a head.

    Parameters
    ----------
    result : Sensitivity
        With indices or with elementary effects.
    most : int or None
        How many factors; None for all.
    """
    frame = result.frame()
    top = frame if most is None else frame.head(most)
    columns = {"factor": list(top["factor"]), "kind": list(top["kind"])}
    if result.sobol is not None:
        columns["first order [95 %]"] = _intervals(top, "first")
        columns["total [95 %]"] = _intervals(top, "total")
    else:
        columns["mu* [95 %]"] = _intervals(top, "mu_star")
        columns["of luck alone"] = [_number(value) for value in top["mu_star_of_luck"]]
        columns["sigma"] = [_number(value) for value in top["sigma"]]
        columns["mu"] = [_number(value) for value in top["mu"]]
    padded = []
    for head, cells in columns.items():
        width = max(len(cell) for cell in [head, *cells])
        padded.append([cell.ljust(width) for cell in [head, *cells]])
    lines = ["  " + "  ".join(line).rstrip() for line in zip(*padded, strict=True)]
    if len(frame) > len(top):
        lines.append(f"  ... and {len(frame) - len(top)} more factors; --output {result.output} shows them")
    return lines


def write_figures(results: Sequence[Sensitivity], out: Path) -> list[Path]:
    """Write the figures of each result and return their files."""
    from sim.plots.index_convergence import index_convergence_figure
    from sim.plots.morris_plane import morris_plane_figure
    from sim.plots.saving import save_figure
    from sim.plots.sobol_bars import sobol_bars_figure

    files: list[Path] = []
    for result in results:
        if result.sobol is not None and not np.isfinite(result.sobol.total_error).all():
            note(f"{result.output}: no figure, for luck is all that shows")
        elif result.sobol is None:
            files += save_figure(morris_plane_figure(result), out, f"{result.output}_morris_plane")
        else:
            files += save_figure(sobol_bars_figure(result), out, f"{result.output}_sobol_bars")
            files += save_figure(index_convergence_figure(result), out, f"{result.output}_index_convergence")
    return files


def _intervals(frame: pd.DataFrame, name: str) -> list[str]:
    """Write the estimates of a column with their intervals."""
    ends = zip(frame[name], frame[f"{name}_low"], frame[f"{name}_high"], strict=True)
    return [f"{_number(value)} [{_number(low)}, {_number(high)}]" for value, low, high in ends]


def _number(value: float) -> str:
    """Write a number to three places, large ones to three digits.

    Examples
    --------
    >>> _number(0.12345), _number(1234.5), _number(float("nan"))
    ('0.123', '1.23e+03', 'unknown')
    """
    if math.isnan(value):
        return "unknown"
    return f"{value:.3f}" if abs(value) < 10.0 else f"{value:.3g}"
