"""What the panels of the trajectories show of a scenario: titles from its labels, units, targets, series, records.

Nothing here knows a case: groups of captives, insurgent forces and foreign forces come from the scenario. Outside
forces have no panel, for nobody at the table decides on their attacks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.engine.bands import TOTAL
from sim.scenario.words import capital, words_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

WEEK: Final = 7
FEW_A_WEEK: Final = 10.0
"""Attacks a week below which four weeks are averaged, because counts of 0, 1 and 2 are no curve."""
RARE_A_WEEK: Final = 2.0
"""Attacks a week below which they are added up since the start: means of four weeks would be spikes."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What one panel shows.

    Attributes
    ----------
    title, unit : str
        Above the panel and on its axis.
    series : str
        The daily series with bands.
    counted : str or None
        A second series, drawn as lines.
    mean_days : int
        Length of the window that each run is averaged over, or `TOTAL`.
    target : tuple of (day, value)
        Corners of the line of what was promised; empty if nothing was.
    target_label : str
        What that line is called.
    feature, entity : str
        Where to look in the record; no feature if what records say, a rate, has no place in a panel of totals.
    alone : bool
        Whether the scenario has no other such entity.
    claimant : str
        Who counts, for captives.
    """

    title: str
    unit: str
    series: str
    feature: str
    entity: str
    alone: bool
    counted: str | None = None
    mean_days: int = 1
    target: tuple[tuple[float, float], ...] = ()
    target_label: str = ""
    claimant: str = ""


def panels_of(scenario: Scenario, series_names: Sequence[str]) -> list[Panel]:
    """List the panels of a scenario: its groups of captives, insurgent forces and foreign forces.

    Parameters
    ----------
    scenario : Scenario
        Whose labels name actors.
    series_names : sequence of str
        The daily series that there are.
    """
    words = words_of(scenario)
    labels = {name: capital(words.actor(name)) for name in scenario.actors}
    horizon = float(scenario.horizon_days)
    groups, foreign = scenario.deal.captives, scenario.deal.withdrawal
    insurgents = {
        k: f for k, f in scenario.world.armed_forces.items() if f.kind == "insurgent" and f.attacks is not None
    }
    panels = []
    for name, group in groups.items():
        panels.append(
            Panel(
                title=f"{capital(words.of('group', name))} freed by {labels[group.holder]}",
                unit=group.unit,
                series=f"persons_freed({name})",
                feature="persons_freed",
                entity=name,
                alone=len(groups) == 1,
                counted=f"persons_counted({name})",
                target=((0.0, group.promised), (horizon, group.promised)),
                target_label=f"promised: {group.promised:,.0f}",
                claimant=labels[group.claimant],
            )
        )
    for name, stock in scenario.deal.stocks.items():
        promised = stock.held if stock.promised is None else stock.promised
        panels.append(
            Panel(
                title=f"{capital(words.of('stock', name))} handed over by {labels[stock.holder]}",
                unit=stock.unit,
                series=f"amount_handed_over({name})",
                feature="amount_handed_over",
                entity=name,
                alone=len(scenario.deal.stocks) == 1,
                counted=f"amount_accepted({name})" if stock.claimant is not None else None,
                target=((0.0, promised), (horizon, promised)),
                target_label=f"promised: {promised:,.6g}",
                claimant="" if stock.claimant is None else labels[stock.claimant],
            )
        )
    for name, force in insurgents.items():
        per_day = force.attacks.per_day if force.attacks is not None else 0.0
        whose = labels.get(force.actor or "", capital(words.of("force", name)))
        several = sum(other.actor == force.actor for other in insurgents.values()) > 1
        which = f" ({words.of('force', name)})" if several else ""
        window = _window(per_day, scenario.horizon_days)
        panels.append(
            Panel(
                title=f"Attacks by {whose}{which}, {_mean(window)}",
                unit="attacks" if window == TOTAL else "attacks a day",
                series=f"daily_attacks({name})",
                feature="" if window == TOTAL else "daily_attacks",
                entity=name,
                alone=len(insurgents) == 1,
                mean_days=window,
                target=((0.0, 0.0 if window == TOTAL else per_day), (horizon, _reach(per_day, window, horizon))),
                target_label=f"reference: {per_day:,.4g}" + (" a day" if window == TOTAL else ""),
            )
        )
    for name, troops in foreign.items():
        several = sum(other.owner == troops.owner for other in foreign.values()) > 1
        which = f" ({words.of('foreign', name)})" if several else ""
        panels.append(
            Panel(
                title=f"{labels[troops.owner]}: troops in the country{which}",
                unit="persons",
                series=f"troop_count({name})",
                feature="troop_count",
                entity=name,
                alone=len(foreign) == 1,
                target=_schedule(troops, horizon) if troops.steps else (),
                target_label="most that the schedule allows",
            )
        )
    return [panel for panel in panels if panel.series in series_names]


def _schedule(troops: Any, horizon: float) -> tuple[tuple[float, float], ...]:
    """Return the corners of the steps by which troops have to be gone."""
    corners = [(0.0, troops.start)]
    for step in troops.steps:
        corners += [(step.day, corners[-1][1]), (step.day, step.left)]
    return (*corners, (horizon, corners[-1][1]))


def _window(per_day: float, horizon: int) -> int:
    """Return over how many days attacks are averaged."""
    if per_day * WEEK < RARE_A_WEEK:
        return TOTAL
    return WEEK if per_day * WEEK >= FEW_A_WEEK or horizon < 48 * WEEK else 4 * WEEK


def _reach(per_day: float, window: int, horizon: float) -> float:
    """Return where the line of a reference rate ends."""
    return per_day * horizon if window == TOTAL else per_day


def _mean(days: int) -> str:
    if days == TOTAL:
        return "since the start"
    return "mean of each week" if days == WEEK else f"mean of each {days} days"
