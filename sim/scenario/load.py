"""Loading scenarios: from a file or by the name of a built-in one.

A *name* is a built-in scenario such as ``doha_2020/baseline``; a path ends in ``.yaml``.
"""

from __future__ import annotations

import os
from pathlib import Path

from sim.errors import Problem, ScenarioError
from sim.scenario.extends import Location, builtin_location, builtin_names, builtin_root, file_location, read_extended
from sim.scenario.feature_reference import nearest
from sim.scenario.fitted_facts import check_fitted_facts
from sim.scenario.payoff_set_files import with_payoff_sets
from sim.scenario.positions import Node
from sim.scenario.scenario import Scenario
from sim.scenario.slider_check import check_sliders
from sim.scenario.variation_check import check_variations

__all__ = ["builtin_names", "builtin_root", "load"]


def load(source: str | os.PathLike[str]) -> Scenario:
    """Read and validate a scenario.

    Parameters
    ----------
    source : str or path
        A YAML file, or the name of a built-in scenario (`builtin_names`).

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        With everything that is wrong: file, line and column, path, what was found and expected, what to do.

    Examples
    --------
    >>> load("doha_2020/baseline").title
    'Doha, as decreed on 11 March 2020'
    """
    name = os.fspath(source)
    if not isinstance(name, str) or not name or "\0" in name:
        raise ScenarioError([Problem("<scenario>", found=f"{name!r}", expected="a file name or a built-in scenario")])
    builtin = builtin_location(name) if isinstance(source, str) else None
    if builtin is None and not name.endswith((".yaml", ".yml")) and not os.path.exists(name):
        hint = nearest(name, builtin_names()) or f"Built-in are {', '.join(builtin_names())}."
        expected = "a built-in scenario or a file that exists"
        raise ScenarioError([Problem(name, found="no such scenario", expected=expected, hint=hint)])
    return load_at(builtin or file_location(Path(name), name))


def load_at(location: Location) -> Scenario:
    """Read and validate the scenario whose file and folder tree are known; see `load`."""
    files: dict[Path, Node] = {}
    scenario = Scenario(with_payoff_sets(read_extended(location, files), location, files))
    check_variations(scenario)
    check_fitted_facts(scenario, (location.path.parent,))
    check_sliders(scenario, location.name)
    return scenario
