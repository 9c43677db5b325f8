"""What a reader of a comparison must know before believing it, in plain words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.engine.batch import Batch
from sim.engine.civilian_deaths import civilians_counted
from sim.experiments.comparison.yardsticks import judged_otherwise, yardstick_changes, yardsticks
from sim.model.world import FAILED
from sim.scenario.words import words_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def comparison_notes(batches: Mapping[str, Batch]) -> tuple[str, ...]:
    """Say what is not the same in all scenarios, and which runs failed.

    Parameters
    ----------
    batches : mapping of str to Batch
        By name of the scenario, the reference first.

    Returns
    -------
    tuple of str
        Empty if there is nothing to say.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> short = toy.replace({"horizon_days": 100})
    >>> comparison_notes({name: sim.replicate(s, 5, 1) for name, s in (("a", toy), ("b", short))})[0][:52]
    'Horizons differ: 365 days in a; 100 days in b. Share'
    """
    notes: list[str] = []
    scenarios = {name: batch.scenario for name, batch in batches.items()}
    horizons = _grouped({name: f"{s.horizon_days:,} days" for name, s in scenarios.items()})
    if len(horizons) > 1:
        common = min(s.horizon_days for s in scenarios.values())
        notes.append(
            f"Horizons differ: {_listed(horizons)}. Shares of outcomes are at each scenario's own end; to compare "
            f"alike, read cumulative incidence up to day {common:,}, the end of the shortest."
        )
    starts = _grouped({name: str(s.start) for name, s in scenarios.items()})
    if len(starts) > 1:
        notes.append(f"Starts differ: {_listed(starts)}. Days count from each scenario's own start.")
    steps = _grouped({name: f"{s.steps_per_day}" for name, s in scenarios.items()})
    if len(steps) > 1:
        notes.append(
            f"Steps of the clock a day differ: {_listed(steps)}. Their luck is not the same, so pairs say less."
        )
    for what, entities in (
        ("actors", {name: tuple(s.actors) for name, s in scenarios.items()}),
        ("milestones", {name: tuple(s.milestones) for name, s in scenarios.items()}),
    ):
        every = dict.fromkeys(entity for some in entities.values() for entity in some)
        for entity in every:
            without = [name for name, some in entities.items() if entity not in some]
            if without:
                notes.append(f"Of the {what}, {entity} is not in {', '.join(without)}: unknown (NaN) there.")
    notes += _judgements(scenarios)
    uncounted = [name for name, s in scenarios.items() if not civilians_counted(s)]
    if uncounted:
        notes.append(
            f"Civilian deaths are not counted in {', '.join(uncounted)}, which is not none: they are settled at "
            "reviews of reputation, and there is no world.reputation."
        )
    for name, batch in batches.items():
        failed = int((batch.rows["status"] == FAILED).sum())
        if failed:
            reasons = batch.outcome_table["failure"]
            first = next(reason for reason in reasons if reason)
            notes.append(
                f"{failed:,} of {len(batch):,} runs of {name} failed (the first: {first}). They count in every share "
                "as runs without an outcome, and are left out of means."
            )
    return tuple(notes)


def _judgements(scenarios: Mapping[str, Scenario]) -> list[str]:
    """Say whose payoffs are weighed by other weights or measured by another yardstick than in the reference."""
    first, *others = scenarios
    judged = {name: judged_otherwise(scenarios[first], scenarios[name]) for name in others}
    notes = []
    weighed = [name for name in others if any("other weights" in how for how in judged[name].values())]
    if weighed:
        notes.append(
            f"Payoffs are weighed otherwise in {', '.join(weighed)}: differences of payoffs there mix what happened "
            "with how it is judged."
        )
    moved: dict[str, list[str]] = {}
    before = yardsticks(scenarios[first])
    for name in others:
        after, words = yardsticks(scenarios[name]), words_of(scenarios[name])
        for actor in (actor for actor, how in judged[name].items() if "another yardstick" in how):
            for feature, paths in yardstick_changes(before[actor], after[actor]).items():
                for path, pair in paths.items():
                    was, now = ("none" if value is None else f"{value:g}" for value in pair)
                    moved.setdefault(f"{path}, {was} in {first} and {now} in {name}", []).append(
                        f"{words.feature(feature)} for {words.actor(actor)}"
                    )
    notes += [
        f"Payoffs are measured by another yardstick, {change}: {', '.join(terms)} divided by it. The same events are "
        "paid otherwise there, so a difference of these payoffs may be one of the yardstick alone."
        for change, terms in moved.items()
    ]
    return notes


def _grouped(values: Mapping[str, str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for name, value in values.items():
        groups.setdefault(value, []).append(name)
    return groups


def _listed(groups: Mapping[str, Sequence[str]]) -> str:
    """Write groups as text; the largest is called all others if it is large."""
    largest = max(groups, key=lambda value: len(groups[value]))
    parts = []
    for value, names in groups.items():
        many = value == largest and len(names) > 3
        parts.append(f"{value} in {'all others' if many else ', '.join(names)}")
    return "; ".join(parts)
