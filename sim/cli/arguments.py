"""Arguments that several commands share: the scenario, its overrides, the seed, ``--json``."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from sim.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


def complete_scenario(begun: str) -> list[str]:
    """Complete the name of a built-in scenario.

    Examples
    --------
    >>> complete_scenario("toys/")
    ['toys/captive_exchange', 'toys/five_actors', 'toys/two_actors']
    """
    from sim.scenario.extends import builtin_names

    return [name for name in builtin_names() if name.startswith(begun)]


def complete_experiment(begun: str) -> list[str]:
    """Complete the name of a built-in experiment.

    Examples
    --------
    >>> complete_experiment("aid")
    ['aid_threat_x_patience']
    """
    from sim.experiments.definition.load import experiment_names

    return [name for name in experiment_names() if name.startswith(begun)]


ScenarioName: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="SCENARIO",
        help="A scenario file, or the name of a built-in one.",
        show_default=False,
        autocompletion=complete_scenario,
    ),
]
Overrides: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Another value for a number of the scenario; may be repeated."),
]
Seed: TypeAlias = Annotated[int, typer.Option("--seed", metavar="N", help="Which luck: 0 to 2**64 - 1.")]
Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]


def as_date(text: str, option: str) -> dt.date:
    """Read a date from the command line.

    Raises
    ------
    UsageError
        If it is none.

    Examples
    --------
    >>> as_date("2020-03-15", "--as-of")
    datetime.date(2020, 3, 15)
    """
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    raise UsageError(f"{option}: found {text[:40]!r}, expected a date such as 2020-03-15")


def load_with(source: str, overrides: Sequence[str] | None) -> Scenario:
    """Load a scenario and lay the values of ``--set`` over it.

    Parameters
    ----------
    source : str
        A file, or the name of a built-in scenario.
    overrides : sequence of str
        Each ``path=value``; the value is read as a scenario file would read it.

    Raises
    ------
    UsageError
        If an override has no path, or two have the same.
    ScenarioError
        If the scenario, a path or a value is wrong.

    Examples
    --------
    >>> load_with("doha_2020/baseline", ["actors.us.discount_per_year=0.1"]).actors["us"].discount_per_year
    0.1
    """
    from sim.scenario.load import load

    scenario = load(source)
    values = parse_overrides(overrides or ())
    return scenario.replace(values) if values else scenario


def parse_overrides(overrides: Sequence[str]) -> dict[str, Any]:
    """Read ``path=value`` texts.

    Examples
    --------
    >>> parse_overrides(["horizon_days=90", "actors.us.rule.response=uniform"])
    {'horizon_days': 90, 'actors.us.rule.response': 'uniform'}
    """
    from sim.scenario.reader import read_scalar

    values: dict[str, Any] = {}
    for text in overrides:
        path, equals, value = text.partition("=")
        path = path.strip()
        if not equals or not path:
            raise UsageError(
                f"--set: found {text[:80]!r}, expected path=value, such as actors.us.discount_per_year=0.1"
            )
        if path in values:
            raise UsageError(f"--set: found {path} twice, expected each path once; leave one out")
        try:
            values[path] = read_scalar(value)
        except ScenarioError as error:
            raise ScenarioError([replace(problem, path=path) for problem in error.problems]) from None
    return values


def record_name(source: str) -> str:
    """Return what results of a scenario are filed under: its built-in name, else the name of its file.

    Examples
    --------
    >>> record_name("doha_2020/baseline"), record_name("drafts/my_deal.yaml")
    ('doha_2020/baseline', 'my_deal')
    """
    from sim.scenario.extends import builtin_names, builtin_root

    if source in builtin_names():
        return source
    path = Path(source).resolve()
    if path.is_relative_to(builtin_root()):
        return path.relative_to(builtin_root()).with_suffix("").as_posix()
    return path.stem


RUN_BYTES = 1_000
"""Of a run of one scenario in memory: 305 MB more for 80,000 more runs of four (`sim compare` of two)."""


def check_memory(runs: int, scenarios: int) -> None:
    """Refuse more runs than this computer's memory holds; their outcomes are all kept until the end.

    Parameters
    ----------
    runs : int
        Of each scenario.
    scenarios : int
        How many are run.

    Raises
    ------
    UsageError
        With what they would take, and what there is.

    Examples
    --------
    >>> check_memory(runs=200, scenarios=3)
    """
    if not hasattr(os, "sysconf"):
        return
    needed, there = runs * scenarios * RUN_BYTES, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    if needed > there / 2:
        raise UsageError(
            f"--runs: found {runs:,} of {scenarios} scenarios, whose outcomes take some {needed / 1e9:.1f} GB, "
            f"expected at most half of the {there / 1e9:.1f} GB of this computer. Take fewer, or a sweep, which keeps "
            "them on the disk:  sim sweep"
        )
