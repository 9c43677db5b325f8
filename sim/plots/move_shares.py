"""Which move of each actor stands, week by week, over all worlds: what one run's ribbon cannot say.

Each actor with a choice has a panel with a row a move; the darkness of a cell is the share, of the runs that still go
on, in which the move stands at the end of the week. Weeks in which fewer than `FEWEST` runs go on stay white.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from sim.errors import UsageError
from sim.plots.calendar_axis import calendar_axis
from sim.plots.notes import wrapped
from sim.plots.style import NORMAL, SMALL, ResultFigure, footer, heading, look
from sim.plots.takes import takes
from sim.scenario.words import capital, words_of

if TYPE_CHECKING:
    from sim.engine.batch import Batch

WEEK: Final = 7
FEWEST: Final = 20
COLOURS: Final = "Blues"
LANE: Final = 0.2
"""Height of a move's row (inches)."""
_NAME: Final = 30


@takes("Batch", "sim.replicate(scenario, runs, seed)")
def move_shares_figure(batch: Batch) -> Figure:
    """Draw in which share of the runs each move stands, week by week.

    Parameters
    ----------
    batch : Batch
        Of a scenario with actors who choose; its worlds run again unless ``replicate(..., moves=True)`` kept the moves.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    UsageError
        If no actor has two moves or more.

    Examples
    --------
    >>> import sim
    >>> figure = move_shares_figure(sim.replicate(sim.load("toys/two_actors"), 30, 7, moves=True))
    >>> [axes.get_title(loc="left").split(":")[0] for axes in figure.axes[:2]]
    ['State', 'Rebels']
    """
    scenario = batch.scenario
    words = words_of(scenario)
    lanes = {
        name: [textwrap.shorten(capital(words.move(name, move)), _NAME, placeholder=" …") for move in actor.moves]
        for name, actor in scenario.actors.items()
        if len(actor.moves) > 1
    }
    if not lanes:
        raise UsageError("scenario: found no actor with a choice, expected some whose moves can be drawn")
    width, gap, foot, top = 9.0, 0.32, 0.95, 0.72
    height = top + foot - gap + sum(LANE * len(moves) + gap for moves in lanes.values())
    enough = min(FEWEST, len(batch))
    with look():
        figure = ResultFigure(figsize=(width, height))
        y, mesh = height - top, None
        for place, (name, moves) in enumerate(lanes.items()):
            y -= gap + LANE * len(moves) if place else LANE * len(moves)
            axes = figure.add_axes((2.05 / width, y / height, (width - 2.95) / width, LANE * len(moves) / height))
            shares, edges = _weekly(batch, list(scenario.actors).index(name), len(moves), enough)
            mesh = axes.pcolormesh(
                edges, np.arange(len(moves) + 1), 100.0 * np.ma.masked_invalid(shares), cmap=COLOURS, vmin=0, vmax=100
            )
            axes.set_ylim(len(moves), 0)
            axes.set_yticks(np.arange(len(moves)) + 0.5, labels=moves, fontsize=SMALL)
            calendar_axis(axes, scenario.start, scenario.horizon_days, labelled=place == len(lanes) - 1)
            axes.tick_params(axis="y", length=0)
            said = f"{capital(words.actor(name))}: {_most(shares, edges, moves)}"
            axes.set_title(said, fontsize=NORMAL, loc="left", pad=3.0)
        assert mesh is not None
        bar_axes = figure.add_axes(
            ((width - 0.75) / width, foot / height, 0.12 / width, (height - top - foot) / height)
        )
        bar = figure.colorbar(mesh, cax=bar_axes)
        bar.set_label("% of the runs that go on", fontsize=SMALL)
        bar.ax.tick_params(labelsize=SMALL)
        heading(figure, "Which move stands, week by week, over all runs", scenario.title, 1 - 0.09 / height)
        notes = wrapped(
            [f"Share at the end of each week of the runs that still go on, while at least {enough} do."], width
        )
        footer(figure, scenario, batch.seed, len(batch), notes)
    return figure


def _weekly(batch: Batch, actor: int, moves: int, enough: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return shares by move and week, NaN where too few runs go on, and the edges of the weeks (days)."""
    standing = batch.standing_moves[:, WEEK - 1 :: WEEK, actor]
    running = (standing >= 0).sum(axis=0)
    counts = np.array([(standing == move).sum(axis=0) for move in range(moves)], dtype=np.float64)
    shares = np.where(running >= enough, counts / np.maximum(running, 1), np.nan)
    return shares, WEEK * np.arange(standing.shape[1] + 1, dtype=np.float64)


def _most(shares: NDArray[np.float64], edges: NDArray[np.float64], moves: list[str]) -> str:
    """Say which move stands in most runs at first and at last, of the weeks that are drawn."""
    drawn = np.flatnonzero(~np.isnan(shares).all(axis=0))
    if not drawn.size:
        return "too few runs go on"
    first, last = (int(np.nanargmax(shares[:, week])) for week in (drawn[0], drawn[-1]))
    at_first, at_last = f"{100 * shares[first, drawn[0]]:.0f} %", f"{100 * shares[last, drawn[-1]]:.0f} %"
    after = f"after {edges[drawn[-1] + 1] / WEEK:.0f} weeks"
    if first == last:
        return f"most often {moves[first]} ({at_first} at first, {at_last} {after})"
    return f"most often {moves[first]} at first ({at_first}), {moves[last]} {after} ({at_last})"
