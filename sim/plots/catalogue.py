"""Which figures there are of which result, by name: what ``sim plot`` and the ``plot`` of results draw.

Each is described once: what it is of, its name, a line that says what it shows, and the function that draws it. The
first of each result is the one that is drawn if no name is given. A name that is none of them, but of a daily series, a
measure or an output of the result, draws that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from sim.errors import UsageError
from sim.scenario.feature_reference import nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Result: TypeAlias = Literal["run", "batch", "comparison", "sweep"]


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One figure of a result.

    Attributes
    ----------
    name : str
        By which it is asked for.
    shows : str
        What it shows, in a line.
    function : str
        Module of `sim.plots` and function, as ``module:function``; it takes the result and returns the figure.
    options : mapping
        Further arguments.
    """

    name: str
    shows: str
    function: str
    options: Mapping[str, Any]

    def draw(self, result: Any, **more: Any) -> Figure:
        """Draw it."""
        module, _, name = self.function.partition(":")
        function: Callable[..., Figure] = getattr(import_module(f"sim.plots.{module}"), name)
        return function(result, **self.options, **more)


def _entry(name: str, shows: str, function: str, **options: Any) -> CatalogueEntry:
    return CatalogueEntry(name, shows, function, options)


_ENTRIES: Final[dict[Result, tuple[CatalogueEntry, ...]]] = {
    "run": (
        _entry("ribbon", "who did what when, and how sure each choice was", "decision_ribbon:decision_ribbon_figure"),
        _entry("terms", "what tipped the decisions of a date", "decision_terms:decision_terms_figure"),
        _entry("fork", "of a fork: beside the world that it left", "two_worlds:two_worlds_figure"),
    ),
    "batch": (
        _entry("trajectories", "daily series with bands, and what happened", "trajectories:trajectories_figure"),
        _entry("moves", "which move of each actor stands, week by week", "move_shares:move_shares_figure"),
        _entry("flow", "from talks to the end", "outcome_flow:outcome_flow_figure"),
        _entry("compliance", "what became of each promise", "compliance:compliance_figure"),
        _entry("card", "the deal's card: who promised what to whom, by when", "comparison_parts:card_of"),
        _entry("timeline", "dates that were promised and dates of the record", "comparison_parts:timeline_of"),
    ),
    "comparison": (
        _entry("shares", "how runs end, by scenario", "outcome_shares:outcome_shares_figure"),
        _entry("differences", "paired differences from the reference", "paired_differences:paired_differences_figure"),
        _entry("incidence", "by when outcomes came", "cumulative_incidence:cumulative_incidence_figure"),
        _entry("payoffs", "payoffs by actor and term", "payoff_decomposition:payoff_decomposition_figure"),
        _entry(
            "payoff_changes",
            "what makes payoffs differ from the reference",
            "payoff_decomposition:payoff_decomposition_figure",
            show="difference",
        ),
        _entry(
            "waterfall",
            "what makes each payoff of the first other scenario differ, term by term",
            "payoff_waterfall:payoff_waterfall_figure",
        ),
        _entry("compliance", "what became of each promise of the reference", "comparison_parts:reference_compliance"),
        _entry("signs", "what scenarios expected of themselves, and what came", "expected_signs:expected_signs_figure"),
        _entry(
            "record", "where what happened falls among the runs of the reference", "comparison_parts:reference_record"
        ),
    ),
    "sweep": (
        _entry("heat_map", "a measure by two factors of a grid", "sweep_parts:sweep_map"),
        _entry("sobol", "Sobol' indices of a measure", "sweep_parts:sweep_sobol"),
        _entry("convergence", "how these indices settle as runs are added", "sweep_parts:sweep_convergence"),
        _entry("morris", "Morris's elementary effects of a measure", "sweep_parts:sweep_morris"),
        _entry("discovery", "where a measure is likely: boxes of factors", "sweep_parts:sweep_discovery"),
    ),
}


def figures_of(kind: Result) -> dict[str, CatalogueEntry]:
    """Return the figures of a result by name, the usual one first.

    Parameters
    ----------
    kind : str
        Of which result.

    Examples
    --------
    >>> list(figures_of("comparison"))[:3]
    ['shares', 'differences', 'incidence']
    """
    return {entry.name: entry for entry in _ENTRIES[kind]}


def figure_named(kind: Result, name: str) -> CatalogueEntry:
    """Return a figure of a result by its name.

    Parameters
    ----------
    kind : str
        Of which result.
    name : str
        As in `figures_of`.

    Raises
    ------
    UsageError
        If there is none; the message names the nearest.

    Examples
    --------
    >>> figure_named("comparison", "share")
    Traceback (most recent call last):
        ...
    sim.errors.UsageError: figure of a comparison: found 'share', expected one of shares, differences, incidence, payoffs, payoff_changes, waterfall, compliance, signs, record. Did you mean 'shares'?
    """  # noqa: E501 - what is printed or written is one line
    entries = figures_of(kind)
    if name not in entries:
        found = f"figure of a {kind}: found {name!r}, expected one of {', '.join(entries)}."
        raise UsageError(f"{found} {nearest(name, tuple(entries))}".rstrip())
    return entries[name]
