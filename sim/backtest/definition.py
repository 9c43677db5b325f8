"""Back-test files: which scenario, frozen when, what history is imposed, what is weighed, what is to be forecast.

A file stands in ``scenarios/backtests`` under the name of its case, or is a user's own. It is written before the
first run, targets and dates first. Priors that all cases share stand in ``scenarios/backtests/priors.yaml``; a file
may add its own before them.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field, model_validator

from sim.errors import Problem, ScenarioError, UsageError
from sim.experiments.priors import AnyPrior, PriorRule, shared_priors, validated, version_read
from sim.record import Record, named_record
from sim.scenario.extends import Location, builtin_location, builtin_root, file_location, named_scenario, read_extended
from sim.scenario.feature_reference import nearest
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.positions import Node, find
from sim.scenario.problems import located
from sim.scenario.reader import read_file
from sim.scenario.scenario import Scenario
from sim.scenario.schema.fields import Listing, Name, Named, Positive, Section, Share, Text, misfit

MAX_TARGETS: Final = 60
ASIDE: Final = ("devices", "payoff_sets", "expects", "headline")
"""Parts of a scenario that no single run reads."""


class Probability(Section):
    """A probability with its source."""

    value: Share = Field(description="the probability")
    source: Text = Field(description="where it was published")
    known_as_of: dt.date = Field(description="since when it has been public")


class BaseRate(Section):
    """What comparable cases say of a target."""

    delays: dt.date | None = Field(default=None, description="the date promised: other cases' delays are added to it")
    level: AnyPrior | None = Field(default=None, description="distribution of a number")
    probability: Probability | None = Field(default=None, description="of a yes or no")
    because: Text | None = Field(default=None, description="why")

    @model_validator(mode="after")
    def _one(self) -> BaseRate:
        if sum(kind is not None for kind in (self.delays, self.level, self.probability)) != 1:
            raise misfit("none or several of them", "exactly one of delays, level, probability")
        return self


class Target(Section):
    """What is forecast: a date, a yes or no, a level or the mean over a window; by its row in the record."""

    row: Name = Field(description="of the record")
    by: dt.date | None = Field(default=None, description="makes a yes or no of a date: by this day")
    label: Text | None = Field(default=None, description="what tables call it; without it, its key")
    base_rate: BaseRate = Field(description="a yardstick that every target needs")


class Counter(Section):
    """How far the numbers of a counter may be from what they count."""

    log_sd: Positive = Field(description="standard deviation of the logarithm of what is counted")
    counter: Text | None = Field(default=None, description="only rows of the record with this definition")
    because: Text = Field(description="why")


class Imposed(Section):
    """History from a date on."""

    since: dt.date = Field(alias="from", description="the day from which it is known")
    impose: Mapping[str, Any] = Field(description="an overlay of the scenario: moves, script, events")


class BacktestContent(Section):
    """A back-test file."""

    schema_version: Annotated[int, AfterValidator(version_read)] = Field(description="version of this format")
    scenario: Text = Field(description="a built-in scenario, or a file")
    as_of: Listing[dt.date] = Field(description="the dates on which it is frozen")
    days_ahead: Annotated[int, Field(ge=1, le=4000)] = Field(default=365, description="days forecast from the date on")
    history: Listing[Imposed] = Field(default=(), description="what is imposed until the date")
    observed: Annotated[Mapping[str, Counter], AfterValidator(FrozenDict)] = Field(
        default_factory=FrozenDict, description="what is weighed, by series, with the declared error of its counter"
    )
    priors: Annotated[Mapping[str, PriorRule], AfterValidator(FrozenDict)] = Field(
        default_factory=FrozenDict, description="by pattern of path, before those that all cases share"
    )
    targets: Named[Target] = Field(min_length=1, max_length=MAX_TARGETS, description="what is forecast")


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """A back-test, read and checked.

    Attributes
    ----------
    name : str
        Of the case.
    content : BacktestContent
        The file.
    tree : Node
        The same with positions.
    base : Node
        The scenario as a tree, with its provenance, without what no run reads.
    record : Record
        What happened.
    priors : dict of str to PriorRule
        By pattern of path, in order of precedence.
    """

    name: str
    content: BacktestContent
    tree: Node
    base: Node
    record: Record
    priors: Mapping[str, PriorRule]

    @property
    def as_of(self) -> tuple[dt.date, ...]:
        """The dates for which the file was written."""
        return self.content.as_of

    def problem(self, path: tuple[str | int, ...], found: str, expected: str, hint: str = "") -> ScenarioError:
        """Build the error about a value of the file."""
        file, line, column = located(self.tree, path)
        return ScenarioError([Problem(file, line, column, ".".join(str(p) for p in path), found, expected, hint)])


def backtest_names() -> tuple[str, ...]:
    """List the built-in cases.

    Examples
    --------
    >>> "aceh_2005" in backtest_names()
    True
    """
    return tuple(sorted(p.stem for p in (builtin_root() / "backtests").glob("*.yaml") if p.stem != "priors"))


def load_backtest(source: str | os.PathLike[str]) -> Backtest:
    """Read a back-test: by the name of its case or of its scenario, or a file of one's own.

    Parameters
    ----------
    source : str or path
        Such as ``doha_2020/baseline``, ``doha_2020`` or ``my_backtest.yaml``.

    Returns
    -------
    Backtest

    Raises
    ------
    ScenarioError
        If the file, its scenario, its record or its priors are malformed; with places.
    UsageError
        If there is no such case.

    Examples
    --------
    >>> [day.isoformat() for day in load_backtest("doha_2020/baseline").as_of]
    ['2020-03-15', '2020-05-17']
    """
    name = os.fspath(source)
    names = backtest_names()
    case = name.partition("/")[0]
    if case in names and (name == case or builtin_location(name) is not None):
        root = builtin_root()
        location = Location(root / "backtests" / f"{case}.yaml", f"backtests/{case}", root.resolve())
        found = _read(location, case)
        if name not in (case, found.content.scenario):
            raise UsageError(f"{name}: its back-test is of {found.content.scenario}; say that, or a back-test file")
        return found
    if not name.endswith((".yaml", ".yml")):
        hint = nearest(case, names) or f"There are {', '.join(names)}."
        raise UsageError(f"{name}: found no back-test of that name, expected a case or a back-test file. {hint}")
    return _read(file_location(Path(name), name), Path(name).stem)


def _read(location: Location, name: str) -> Backtest:
    tree = read_file(location.path, location.name)
    content = validated(BacktestContent, tree)
    named = find(tree, ("scenario",))[0] or tree
    scenario = named_scenario(named, location, "scenario")
    base = _without_aside(read_extended(scenario))
    checked = Scenario(base)
    if checked.record is None:
        raise ScenarioError([checked.problem("title", "a scenario without a record", "record: NAME, to score against")])
    record = named_record(checked.record, (location.path.parent, scenario.path.parent))
    others = {pattern: rule for pattern, rule in shared_priors().items() if pattern not in content.priors}
    found = Backtest(name, content, tree, base, record, {**content.priors, **others})
    _check_rows(found)
    return found


def _without_aside(base: Node) -> Node:
    entries = base.value if isinstance(base.value, dict) else {}
    values = {key: node for key, node in entries.items() if key not in ASIDE}
    return Node(values, base.position, {k: n for k, n in base.keys.items() if k in values}, size=base.size)


def _check_rows(found: Backtest) -> None:
    """Refuse a target whose row is not there, or that has no day at which it could be read."""
    rows = found.record.named
    for key, target in found.content.targets.items():
        if target.row not in rows:
            hint = nearest(target.row, tuple(rows)) or f"Named are {', '.join(rows)}."
            raise found.problem(
                ("targets", key, "row"), repr(target.row), f"a row of {found.record.name} by name", hint
            )
        dated = rows[target.row].kind in ("milestone", "outcome")
        if target.by is not None and not dated:
            raise found.problem(("targets", key, "by"), "a number", "the row of a milestone or of the outcome")
        rate = target.base_rate
        fits = rate.level is not None if not dated else rate.level is None
        if not fits or (dated and target.by is None and rate.delays is None):
            wanted = "level: a distribution" if not dated else "delays: the date promised"
            raise found.problem(("targets", key, "base_rate"), "a yardstick of another kind", wanted)
