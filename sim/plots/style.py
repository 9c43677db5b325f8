"""One look for every figure: colours that colour-blind readers can tell apart, plain axes, units, provenance below.

Colours are those of Okabe and Ito (2008), "Color universal design". Whatever a user has set in matplotlib's own
configuration is put aside while a figure is drawn and saved, so that equal results give equal figures.
"""

from __future__ import annotations

import contextlib
import io
import math
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.version import __version__

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema.outcomes import Outcome

BLACK: Final = "#000000"
ORANGE: Final = "#E69F00"
SKY_BLUE: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"
GREY: Final = "#6E6E6E"
PALE: Final = "#E4E4E4"

ROLE_COLOURS: Final = {
    "good": (GREEN, "#7FCFB4", "#004D38"),
    "bad": (VERMILLION, PURPLE, "#C8A000", "#7A3500"),
    "open": (SKY_BLUE, GREY, BLUE, "#B0B0B0"),
}
"""Colours of outcomes by role, given out in the order of the file; the last is used again if they run out."""


def outcome_colours(outcomes: Mapping[str, Outcome]) -> dict[str, str]:
    """Return a colour for each outcome of a scenario, the same in every figure.

    Examples
    --------
    >>> from sim.scenario.schema.outcomes import Outcome
    >>> outcome_colours({"home": Outcome(role="good", per_day=1.0), "void": Outcome(role="bad", per_day=1.0)})
    {'home': '#009E73', 'void': '#D55E00'}
    """
    used = dict.fromkeys(ROLE_COLOURS, 0)
    colours = {}
    for name, outcome in outcomes.items():
        family = ROLE_COLOURS[outcome.role]
        colours[name] = family[min(used[outcome.role], len(family) - 1)]
        used[outcome.role] += 1
    return colours


SMALL: Final = 7.0
NORMAL: Final = 8.0
TITLE: Final = 11.0
TITLE_CHARACTER: Final = 0.098
"""Width of a character of a title (inches), on average."""
DOTS_PER_INCH: Final = 150

_SETTINGS: Final[dict[str, Any]] = {
    "font.family": ["DejaVu Sans"],
    "font.size": NORMAL,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#444444",
    "axes.axisbelow": True,
    "lines.linewidth": 1.2,
    "svg.hashsalt": "sim",
    "svg.fonttype": "path",
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}
_LOCK = threading.RLock()


@contextlib.contextmanager
def look() -> Iterator[None]:
    """Draw or save with this look whatever the user has configured; one thread at a time: the settings are global."""
    with _LOCK, mpl.rc_context():
        # the backend is the user's: asking for its default would import pyplot
        settings: Any = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith(("backend", "webagg"))}
        mpl.rcParams.update(settings | _SETTINGS)
        yield


class ResultFigure(Figure):
    """A figure that notebooks show by itself, without pyplot."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        with look():
            self.savefig(buffer, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
        return buffer.getvalue()


def words(name: str) -> str:
    """Return the name of an entity as words that begin with a capital.

    Examples
    --------
    >>> words("taliban_prisoners")
    'Taliban prisoners'
    """
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def shortened(text: str, length: int) -> str:
    """Cut a long text at a word and say so.

    Examples
    --------
    >>> shortened("a very long title of a scenario", 16)
    'a very long …'
    """
    if len(text) <= length:
        return text
    cut = text[: length - 1].rsplit(" ", 1)[0]
    return f"{cut} …"


def fitted(title: str, room: int) -> str:
    """Cut a long title: first its last clause, then of one that says something about a scenario the scenario's.

    Examples
    --------
    >>> fitted("Peace soon: the state worse off by 0.2 util; mostly talks", 44)
    'Peace soon: the state worse off by 0.2 util'
    >>> fitted("A very long title of a scenario: talks in 3 % of runs", 40)
    'A very long …: talks in 3 % of runs'
    """
    if len(title) > room:
        title = title.rpartition("; ")[0] or title
    of, colon, said = title.partition(": ")
    if len(title) <= room or not colon or len(said) > room - 12:
        return shortened(title, room)
    return f"{shortened(of, room - len(said) - 2)}: {said}"


def number_axis(axes: Axes, unit: str, *, whole: bool = False) -> None:
    """Give the vertical axis its unit, few round ticks with thousands separators, and a light grid.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
        From 0 upwards.
    unit : str
        What it counts.
    whole : bool
        Whether only whole numbers make sense.
    """
    axes.set_ylabel(unit, fontsize=NORMAL)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=whole, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _place: thousands(value)))
    axes.tick_params(labelsize=NORMAL, length=3, width=0.6, color="#444444")
    axes.grid(axis="y", color="#DDDDDD", linewidth=0.5)


def thousands(value: float) -> str:
    """Write a number with thousands separators and no needless decimals.

    Examples
    --------
    >>> thousands(13000.0), thousands(0.25)
    ('13,000', '0.25')
    """
    return f"{value:,.0f}" if abs(value - round(value)) < 1e-9 else f"{value:,.4g}"


def decimals_for(values: Sequence[float]) -> int:
    """Return how many decimals show the largest of some numbers with two digits.

    Examples
    --------
    >>> decimals_for([0.5, -1.2]), decimals_for([0.04, 0.001])
    (2, 3)
    """
    largest = max(map(abs, values))
    return min(max(1 - math.floor(math.log10(largest)), 2), 6) if largest > 0.0 else 2


def heading(figure: Figure, title: str, below: str, top: float) -> None:
    """Write the title and a line under it at the upper left."""
    room = max(int(figure.get_figwidth() / TITLE_CHARACTER), 24)
    figure.text(0.012, top, fitted(title, room), fontsize=TITLE, fontweight="bold", va="top", ha="left")
    offset = 0.235 / figure.get_figheight()
    figure.text(0.012, top - offset, below, fontsize=NORMAL, color="#333333", va="top", ha="left")


def footer(figure: Figure, scenario: Scenario, seed: int | None, runs: int | None, notes: Sequence[str] = ()) -> None:
    """Write notes and, as the last line, what reproduces the figure: scenario and its digest, seed, runs, version.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        Its lowest half inch is free.
    scenario : Scenario
        What was run.
    seed : int or None
        Of the runs; None if there are none.
    runs : int or None
        How many; None for a single run or none.
    notes : sequence of str
        Lines above it.
    """
    parts = [shortened(scenario.title, 60), f"scenario {scenario.sha256[:12]}"]
    if seed is not None:
        parts.append(f"seed {seed}")
    if runs is not None:
        parts.append(f"{runs:,} run{'' if runs == 1 else 's'}")
    parts.append(f"negotiation-sim {__version__}")
    lines = [*notes, "  ·  ".join(parts)]
    figure.text(
        0.012, 0.06 / figure.get_figheight(), "\n".join(lines), fontsize=6.5, color="#444444", va="bottom", ha="left"
    )
