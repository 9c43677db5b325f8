"""Whether the variations that a scenario declares can be applied to it: each is, once, where the scenario is loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sim.errors import Problem, ScenarioError
from sim.scenario.positions import OVERRIDE
from sim.scenario.problems import in_order
from sim.scenario.provenance import VARIATIONS
from sim.scenario.scenario import Scenario


def check_variations(scenario: Scenario) -> None:
    """Apply every device and every payoff set of a scenario on its own.

    Parameters
    ----------
    scenario : Scenario
        As loaded.

    Raises
    ------
    ScenarioError
        If a change leads nowhere or what comes out is no scenario; the place is that of the change.

    Examples
    --------
    >>> from sim.scenario.load import load
    >>> check_variations(load("doha_2020/baseline"))
    """
    problems: list[Problem] = []
    for section in VARIATIONS:
        for name, variation in getattr(scenario, section).items():
            try:
                scenario.replace(dict(variation.changes))
            except ScenarioError as error:
                problems += [_placed(scenario, section, name, list(variation.changes), p) for p in error.problems]
    if problems:
        raise ScenarioError(in_order(problems))


def _placed(scenario: Scenario, section: str, name: str, paths: Sequence[str], problem: Problem) -> Problem:
    """Say where the change stands that a problem is about."""
    matches = [path for path in paths if path.startswith(problem.path) or problem.path.startswith(path)]
    where = f"{section}.{name}.changes" + (f".{matches[0]}" if matches else "")
    hint = problem.hint or f"Where it does not apply, an overlay drops it:  {section}: {{{name}: null}}."
    if problem.file != OVERRIDE and not matches:
        return replace(problem, hint=hint)
    position = scenario.position(where)
    return Problem(position.file, position.line, position.column, where, problem.found, problem.expected, hint)
