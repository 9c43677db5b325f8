"""The deal's own card: who promised what to whom, by when, on a calendar; from ``promises:`` of the scenario.

A promise with a date is a line from where it begins to count to the diamond on the day it falls due. One that is to be
kept all the time is a band. One that falls due some days after something that may never come stands behind an arrow,
for it has no date before that.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from typing import TYPE_CHECKING, Any, Final

from matplotlib.figure import Figure

from sim.encode.deeds import due_date
from sim.errors import UsageError
from sim.experiments.compliance import due_words
from sim.plots.calendar_axis import calendar_axis, day_month_year
from sim.plots.style import BLUE, GREY, NORMAL, PALE, SMALL, ResultFigure, footer, heading, look
from sim.plots.takes import takes
from sim.scenario.words import capital, words_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

ROW: Final = 0.4
"""Height of a promise (inches)."""
_NAME: Final = 46


@takes("Scenario", "sim.load(name)")
def deal_card_figure(scenario: Scenario) -> Figure:
    """Draw what a deal promises.

    Parameters
    ----------
    scenario : Scenario
        With promises.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        If the scenario has no promises.

    Examples
    --------
    >>> import sim
    >>> figure = deal_card_figure(sim.load("doha_2020/baseline"))
    >>> figure.axes[0].get_yticklabels()[0].get_text().replace(chr(10), " ")
    'Afghan government to Taliban: 5,000 Taliban prisoners freed'
    """
    promises = scenario.deal.promises
    if not promises:
        raise UsageError(f"deal card: found no promise in {scenario.title!r}, expected deal.promises")
    words, order = words_of(scenario), list(scenario.actors)
    listed = sorted(promises.items(), key=lambda item: order.index(item[1].by))
    names = [
        f"{capital(words.actor(one.by))} to {', '.join(map(words.actor, one.to)) or 'all others'}: {one.label or name}"
        for name, one in listed
    ]
    width, tall = 9.2, ROW * len(listed)
    height = tall + 1.45
    with look():
        figure = ResultFigure(figsize=(width, height))
        axes = figure.add_axes((3.05 / width, 0.72 / height, (width - 3.3) / width, tall / height))
        calendar_axis(axes, scenario.start, scenario.horizon_days)
        axes.set_ylim(len(listed) - 0.5, -0.5)
        axes.set_yticks(range(len(listed)), labels=[textwrap.fill(name, _NAME) for name in names])
        axes.tick_params(axis="y", length=0, labelsize=SMALL)
        axes.grid(axis="x", color="#EEEEEE", linewidth=0.5)
        for place, (name, _) in enumerate(listed):
            _promise(axes, scenario, name, place)
        givers = len({one.by for _, one in listed})
        dated = sum(one.due is not None and not due_date(scenario, name)[0] for name, one in listed)
        title = f"{len(listed)} promises by {givers} actor{'' if givers == 1 else 's'}, {dated} with a date"
        heading(figure, title, f"{scenario.title}: who promised what to whom, by when", 1 - 0.09 / height)
        footer(figure, scenario, None, None)
    return figure


def _promise(axes: Any, scenario: Scenario, name: str, place: int) -> None:
    """Draw one promise in its row."""
    promise = scenario.deal.promises[name]
    since = float((promise.since - scenario.start).days) if promise.since is not None else 0.0
    style: dict[str, Any] = {"fontsize": SMALL, "va": "center", "color": "#333333"}
    if promise.due is None:
        axes.barh([place], [scenario.horizon_days - since], left=since, height=0.45, color=PALE, zorder=1)
        axes.annotate("all the time", (since, place), xytext=(5, 0), textcoords="offset points", **style)
        return
    after, days = due_date(scenario, name)
    if after:
        arrow = {"arrowstyle": "->", "color": GREY}
        axes.annotate("", (0.05 * scenario.horizon_days, place), (0, place), arrowprops=arrow)
        axes.text(0.06 * scenario.horizon_days, place, due_words(scenario, name), **style)
        return
    inside = min(float(days), float(scenario.horizon_days))
    axes.plot([since, inside], [place, place], color=BLUE, linewidth=2.0, alpha=0.45, zorder=2)
    axes.plot([inside], [place], marker="D", color=BLUE, markersize=5, zorder=3, clip_on=False)
    date = day_month_year(scenario.start + dt.timedelta(days=int(days)))
    room = inside > 0.8 * scenario.horizon_days
    axes.annotate(
        date, (inside, place), xytext=(-7 if room else 7, 8 if room else 0), textcoords="offset points",
        fontsize=NORMAL, va="center", ha="right" if room else "left",
    )  # fmt: skip
