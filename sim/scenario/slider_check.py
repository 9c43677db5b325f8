"""Whether the sliders that a scenario file declares move something of it, and both ends of their ranges can be had.

Sliders that an overlay inherits are not checked again: where it took away what one moves, the explorer leaves it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.errors import Problem, ScenarioError
from sim.scenario.problems import in_order
from sim.scenario.provenance import is_number
from sim.scenario.reader import quoted
from sim.scenario.resolved_value import ABSENT, value_at
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from sim.scenario.schema.explorer import Slider


def check_sliders(scenario: Scenario, file: str) -> None:
    """Check every entry of ``explore:`` that stands in a file itself.

    Parameters
    ----------
    scenario : Scenario
        As loaded.
    file : str
        What errors call the file.

    Raises
    ------
    ScenarioError
        If a path leads to no number or switch, two sliders move the same one, or an end of a range makes no scenario;
        the place is that of the slider.

    Examples
    --------
    >>> from sim.scenario.load import load
    >>> check_sliders(load("doha_2020/baseline"), "doha_2020/baseline")
    """
    own = {k: s for k, s in scenario.sliders.items() if scenario.position(f"explore.{k}.path").file == file}
    if not own:
        return
    resolved, bare = scenario.to_dict(), scenario.without_provenance()
    problems: list[Problem] = []
    moved: dict[str, str] = {}
    for name, slider in own.items():
        for place, path in enumerate(slider.path):
            where = f"explore.{name}.path" + (f".{place}" if len(slider.path) > 1 else "")
            if path in moved:
                problems.append(scenario.problem(where, quoted(path), f"a path that {moved[path]!r} does not move too"))
            moved.setdefault(path, name)
            problems += _of_path(scenario, bare, resolved, name, where, path, slider)
    if not problems:
        problems = _of_ends(scenario, bare, own)
    if problems:
        raise ScenarioError(in_order(problems))


def _of_path(
    scenario: Scenario, bare: Scenario, resolved: Mapping[str, Any], name: str, where: str, path: str, slider: Slider
) -> list[Problem]:
    """List what is wrong with one path of a slider."""
    value, _ = value_at(resolved, path)
    if isinstance(value, bool):
        if slider.range is None:
            return []
        return [
            scenario.problem(f"explore.{name}.range", "a range", "none: the path leads to a switch, which is on or off")
        ]
    if is_number(value):
        if slider.range is not None:
            return []
        return [scenario.problem(f"explore.{name}", "no range", "range: [lowest, highest], for a number")]
    if value is ABSENT:
        try:
            bare.replace({path: 0 if slider.range is None else slider.range[0]})
        except ScenarioError as error:
            told = error.problems[0]
            return [scenario.problem(where, told.found, told.expected, told.hint)]
    found = quoted(path) + (", which the scenario does not say" if value is ABSENT else ", which is no single number")
    return [scenario.problem(where, found, "the path of a number or a switch")]


def _of_ends(scenario: Scenario, bare: Scenario, own: Mapping[str, Slider]) -> list[Problem]:
    """List ends of ranges that make no scenario: all low ends at once, all high ends at once, one by one if need be."""
    problems: list[Problem] = []
    ranges = {name: slider for name, slider in own.items() if slider.range is not None}
    for end in (0, 1):
        ends = {name: dict.fromkeys(s.path, _whole(s.range[end])) for name, s in ranges.items() if s.range is not None}
        try:
            bare.replace({path: value for values in ends.values() for path, value in values.items()})
        except ScenarioError:
            for name, values in ends.items():
                try:
                    bare.replace(values)
                except ScenarioError as error:
                    told = error.problems[0]
                    found, expected = f"{told.path}: {told.found}", f"an end that can be had: {told.expected}"
                    problems.append(scenario.problem(f"explore.{name}.range.{end}", found, expected, told.hint))
    return problems


def _whole(number: float) -> float | int:
    """Write whole numbers as such, for keys that take no others."""
    return int(number) if float(number).is_integer() else number
