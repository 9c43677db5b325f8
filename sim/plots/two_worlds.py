"""Two worlds side by side: the moves of each actor that stood in a run and in its fork, and how both ended.

Up to the date of the fork there is one world, in grey. From there on each lane has two bands, the run's above, the
fork's below, so that a decision that came out otherwise is where the bands part. A line marks the fork, triangles mark
what came in each world.
"""

from __future__ import annotations

import datetime as dt
import math
import textwrap
from typing import TYPE_CHECKING, Final

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from sim.errors import UsageError
from sim.plots.calendar_axis import calendar_axis, day_month_year
from sim.plots.date_strip import draw_dates, marks_in_rows, strip_height
from sim.plots.decision_ribbon import end_words, standing_moves
from sim.plots.style import BLACK, BLUE, NORMAL, ORANGE, ResultFigure, footer, heading, look
from sim.plots.takes import takes
from sim.scenario.words import capital, words_of

if TYPE_CHECKING:
    from sim.engine.run import Run

TRUNK: Final = "#B8C0C8"
LANE: Final = 0.25
"""Height of a lane (inches)."""
_NAME: Final = 28


@takes("Run", "run.fork(date, changes)")
def two_worlds_figure(fork: Run, parent: Run | None = None) -> Figure:
    """Draw a fork beside the run that it left.

    Parameters
    ----------
    fork : Run
        As `Run.fork` returns it, or any run of a scenario with the same actors, moves and start.
    parent : Run, optional
        The other world; that from which the fork left if left out.

    Returns
    -------
    matplotlib.figure.Figure
        Save it with `sim.plots.save_figure`; a notebook shows it by itself.

    Raises
    ------
    UsageError
        If there is no other world, or its actors, moves or start are others.

    Examples
    --------
    >>> import sim
    >>> run = sim.run(sim.load("doha_2020/baseline"), seed=7)
    >>> figure = two_worlds_figure(run.fork("2020-05-17", moves={"government": "offensive"}))
    >>> [axes.get_title(loc="left") for axes in figure.axes if axes.get_title(loc="left")]
    ['Afghan government', 'Taliban', 'United States']
    """
    other = fork.parent if parent is None else parent
    if other is None:
        raise UsageError("two worlds: found a run from the start, expected a fork (run.fork) or a second run")
    for world in (fork, other):
        if not world.decisions and not len(world.event_table["kind"]):
            raise UsageError("two worlds: found a run without its log, expected its events; run it with trace=True")
    moves = {name: tuple(actor.moves) for name, actor in fork.scenario.actors.items()}
    if moves != {name: tuple(actor.moves) for name, actor in other.scenario.actors.items()}:
        raise UsageError("two worlds: found worlds of other actors or moves, expected the same in both")
    if fork.scenario.start != other.scenario.start:
        raise UsageError("two worlds: found two starts, expected the same in both")
    lanes = {name: some for name, some in moves.items() if len(some) > 1}
    start, parted = fork.scenario.start, _parted(fork, other)
    ends = [_end(world) for world in (other, fork)]
    days = int(min(math.ceil(1.03 * max(ends)) + 1, max(w.scenario.horizon_days for w in (fork, other))))
    dates = [(parted, f"parts here, {day_month_year(_date(start, parted))}", BLACK)] if parted < min(ends) else []
    called = [end_words(world) for world in (other, fork)]
    if called[0] == called[1]:
        dates.append((ends[0], f"both: {called[0]}", BLACK))
    else:
        named = [f"the run: {called[0]}", f"the other: {called[1]}"]
        dates += list(zip(ends, named, _COLOURS, strict=True))
    marks = marks_in_rows(sorted(dates), days, 0.0098)
    strip, width, gap = strip_height(marks), 10.0, 0.3
    height = 0.85 + strip + sum(LANE * len(some) + gap for some in lanes.values()) + 0.85
    with look():
        figure = ResultFigure(figsize=(width, height))
        level = height - 0.85 - strip
        left, across = 2.15 / width, (width - 3.6) / width
        top = figure.add_axes((left, level / height, across, strip / height))
        panels = []
        for name, some in lanes.items():
            level -= gap + LANE * len(some)
            axes = figure.add_axes((left, level / height, across, LANE * len(some) / height))
            _panel(axes, name, some, (other, fork), parted)
            calendar_axis(axes, start, days, labelled=name == list(lanes)[-1])
            panels.append(axes)
        draw_dates([top], panels, marks, days)
        title = f"{capital(called[0])}; in the other world: {called[1]}"
        if called[0] == called[1]:
            title = f"Both worlds end alike: {called[0]}"
        heading(figure, title, f"{other.scenario.title}: {_changes(fork)}", 1 - 0.09 / height)
        _legend(figure)
        footer(figure, fork.scenario, fork.seed, None, ["Bands: the move of each actor that stands, in either world."])
    return figure


_COLOURS: Final = (BLUE, ORANGE)
"""Of the run and of the fork."""


def _parted(fork: Run, other: Run) -> float:
    """Return the day on which the worlds part: of the fork, or of the first event that is not the same."""
    if fork.parent is other and fork.forked_on is not None:
        return float((fork.forked_on - fork.scenario.start).days)
    parting = fork.diff(other).first_event
    return 0.0 if parting is None else min(float(row["day"]) for row in (parting.a, parting.b) if row is not None)


def _changes(fork: Run) -> str:
    """Say where the second world comes from."""
    if fork.forked_on is None:
        return f"two runs, seed {fork.seed}"
    return f"forked on {day_month_year(fork.forked_on)}, replication {fork.replication} of seed {fork.seed}"


def _end(run: Run) -> float:
    end = float(run.outcome["end_day"])
    return float(run.scenario.horizon_days) if math.isnan(end) else end


def _date(start: dt.date, day: float) -> dt.date:
    return start + dt.timedelta(days=math.floor(day))


def _panel(axes: Axes, actor: str, moves: tuple[str, ...], worlds: tuple[Run, Run], parted: float) -> None:
    """Draw the lanes of an actor."""
    words = words_of(worlds[0].scenario)
    place = {move: k for k, move in enumerate(moves)}
    for k, (world, colour) in enumerate(zip(worlds, _COLOURS, strict=True)):
        for begin, end, move in standing_moves(world, actor):
            low, high = place[move] + (0.1, 0.52)[k], place[move] + (0.48, 0.9)[k]
            if begin < parted and k == 0:
                axes.fill_between([begin, min(end, parted)], place[move] + 0.1, place[move] + 0.9, color=TRUNK, lw=0)
            if end > parted:
                axes.fill_between([max(begin, parted), end], low, high, color=colour, lw=0, alpha=0.85, label=move)
    for edge in range(1, len(moves)):
        axes.axhline(edge, color="#E8E8E8", linewidth=0.5, zorder=0.5)
    axes.set_ylim(len(moves), 0)
    labels = [textwrap.shorten(capital(words.move(actor, move)), _NAME, placeholder=" …") for move in moves]
    axes.set_yticks([k + 0.5 for k in range(len(moves))], labels=labels)
    axes.tick_params(axis="y", length=0, labelsize=NORMAL, pad=3)
    axes.spines["left"].set_visible(False)
    axes.set_title(capital(words.actor(actor)), fontsize=NORMAL, fontweight="bold", loc="left", pad=3.0)


def _legend(figure: Figure) -> None:
    entries = [
        Patch(color=TRUNK, label="before they part"),
        Patch(color=_COLOURS[0], label="the run"),
        Patch(color=_COLOURS[1], label="the other world"),
    ]
    place = (0.006, 1.0 - 0.46 / figure.get_figheight())
    figure.legend(handles=entries, loc="upper left", bbox_to_anchor=place, ncols=3, fontsize=NORMAL, frameon=False)
