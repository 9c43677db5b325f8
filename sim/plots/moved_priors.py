"""Which priors the record of a case moves: the distance of each number's distribution before and after, by date."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sim.errors import UsageError
from sim.plots.style import BLUE, GREY, SMALL, ResultFigure, look

if TYPE_CHECKING:
    from sim.backtest.result import BacktestResult

SHOWN = 14
LONGEST = 40
"""Characters of a name beside a bar."""


def moved_priors_figure(results: Sequence[BacktestResult]) -> Figure:
    """Draw the numbers that are moved most, one panel a date, with the distance that chance alone would come to.

    Parameters
    ----------
    results : sequence of BacktestResult
        Of one case.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        If there is none.
    """
    if not results:
        raise UsageError("moved priors: found no back-test, expected at least one")
    with look():
        figure = ResultFigure(figsize=(10.5, 4.6))
        width = 0.97 / len(results)
        for place, result in enumerate(results):
            axes = figure.add_axes((0.03 + place * width + 0.235, 0.13, width - 0.26, 0.72))
            most = sorted(result.prior_to_posterior.items(), key=lambda item: -item[1])[:SHOWN][::-1]
            bar = result.chance_alone
            axes.barh(range(len(most)), [d for _, d in most], color=[BLUE if d > bar else GREY for _, d in most])
            axes.axvline(bar, color="black", linewidth=1, linestyle=":")
            axes.set_yticks(range(len(most)), [_short(path) for path, _ in most], fontsize=SMALL)
            axes.xaxis.set_major_locator(MaxNLocator(5))
            axes.set_xlabel("distance, prior to posterior")
            axes.set_title(f"frozen on {result.as_of}", fontsize=10)
            axes.set_xlim(0.0, max(1.3 * bar, 1.1 * most[-1][1] if most else 1.0))
        figure.text(
            0.03,
            0.94,
            f"{results[0].title}: how far the record moves priors (dotted: chance alone)",
            fontsize=11,
            weight="bold",
        )
    return figure


def _short(path: str) -> str:
    """Write the telling parts of a path; of an actor its name and the last part at least."""
    parts = path.split(".")
    kept = [parts[1], *parts[max(2, len(parts) - 2) :]] if parts[0] == "actors" else parts[-3:]
    while len(".".join(kept)) > LONGEST and len(kept) > 1:
        del kept[1 if parts[0] == "actors" and len(kept) > 2 else 0]
    return ".".join(kept)
