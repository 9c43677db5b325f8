"""Encode named parameters: each value goes to the place that its function declared for its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.errors import Problem, ScenarioError
from sim.model.record import Numbers
from sim.model.rule_parameter import Parameter
from sim.scenario.catalogue import MAX_PARAMETERS
from sim.scenario.feature_reference import nearest

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def fill_parameters(
    scenario: Scenario,
    path: str,
    given: Mapping[str, float | str],
    targets: Sequence[tuple[str, tuple[Parameter, ...], Numbers]],
    terms: Sequence[str] = (),
) -> None:
    """Write the parameters of one section of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Says where a value stands.
    path : str
        Dotted path of the section, such as ``actors.us.rule``; its parameters are ``<path>.parameters``.
    given : mapping of str to float or str
        As the file says, in any order.
    targets : sequence of (str, tuple of Parameter, ndarray)
        For each function of the section its name, what it declares, and the array that it reads; filled.
    terms : sequence of str
        Names of the features of the payoff's flow terms, for a parameter of which each term has its own.

    Raises
    ------
    ScenarioError
        If a name is unknown, a value out of range, or a needed one missing; with file, line and column.
    """
    problems: list[Problem] = []
    used: set[str] = set()
    for function, parameters, target in targets:
        place = 0
        for parameter in parameters:
            if parameter.per_term:
                for column, term in enumerate(terms):
                    own = f"{parameter.name}_{term}"
                    used.add(own)
                    name = own if own in given else parameter.name
                    target[MAX_PARAMETERS + column] = _value(scenario, path, given, name, parameter, function, problems)
            else:
                target[place] = _value(scenario, path, given, parameter.name, parameter, function, problems)
                place += 1
            used.add(parameter.name)
    for name in given:
        if name not in used:
            legal = sorted(used)
            expected = f"one of {', '.join(legal)}" if legal else "no parameters"
            problems.append(
                scenario.problem(
                    f"{path}.parameters.{name}", f"the unknown name {name!r}", expected, nearest(name, legal)
                )
            )
    if problems:
        raise ScenarioError(list(dict.fromkeys(problems)))


def _value(
    scenario: Scenario,
    path: str,
    given: Mapping[str, float | str],
    name: str,
    parameter: Parameter,
    function: str,
    problems: list[Problem],
) -> float:
    """Return a parameter's number; note a problem and return 0 if it has none."""
    value = given.get(name, parameter.default)
    if value is None:
        problems.append(
            scenario.problem(path, f"{function} without the parameter {name}", f"{name}: {parameter.expected}")
        )
        return 0.0
    number = parameter.number(value)
    if number is None:
        hint = nearest(value, parameter.choices) if isinstance(value, str) else ""
        problems.append(scenario.problem(f"{path}.parameters.{name}", f"{value!r}", parameter.expected, hint))
        return 0.0
    return number
