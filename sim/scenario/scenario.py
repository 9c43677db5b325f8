"""A scenario: the validated content of a file, with where each value stands and where each number comes from.

It is frozen. Attributes are the sections of the file (`sim.scenario.schema`): ``scenario.actors["us"].moves["pause"]``.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from sim.errors import Problem, ScenarioError
from sim.scenario.checks import problems_in
from sim.scenario.difference import ScenarioDiff, difference
from sim.scenario.dotted_path import split, with_values
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.numbers import number_table
from sim.scenario.positions import Node, Position, dotted, find, from_plain
from sim.scenario.problems import in_order, located, problems_of
from sim.scenario.provenance import Provenance, Stripped, is_number
from sim.scenario.reader import error_at, quoted
from sim.scenario.representation import html_of, line_of
from sim.scenario.schema.actors import Actor, PayoffSpread, Roles
from sim.scenario.schema.deal import Deal
from sim.scenario.schema.events import Event
from sim.scenario.schema.expectation import Expectation
from sim.scenario.schema.explorer import Slider
from sim.scenario.schema.fields import start_of
from sim.scenario.schema.measure import Measure
from sim.scenario.schema.milestone import Milestone
from sim.scenario.schema.outcomes import Outcome, with_nothing_else
from sim.scenario.schema.quantities import DeclaredQuantity
from sim.scenario.schema.scenario import Content
from sim.scenario.schema.solution import PlayedSolution
from sim.scenario.schema.variation import Variation
from sim.scenario.schema.world import World

if TYPE_CHECKING:
    import pandas as pd

# Keys of the clock and the format: numbers without a source by nature.
_NEEDS_NO_SOURCE = frozenset({"schema_version", "steps_per_day", "luck"})


class Scenario:
    """A validated scenario.

    Parameters
    ----------
    source : Node
        The tree as read and merged, provenance included. Use `sim.scenario.load.load`, `replace` or `from_dict`.

    Raises
    ------
    ScenarioError
        With everything that is wrong, in order of file and line.

    Examples
    --------
    >>> from sim.scenario.load import load
    >>> scenario = load("doha_2020/baseline")
    >>> scenario.deal.withdrawal["us_troops"].start
    13000.0
    >>> patient = scenario.replace({"actors.us.discount_per_year": 0.1})
    >>> print(scenario.diff(patient))
    ~ actors.us.discount_per_year: 0.3 -> 0.1
    """

    __slots__ = ("_content", "_digest", "_notes", "_source", "_tree")

    _content: Content
    _digest: str
    _notes: Mapping[str, Provenance]
    _source: Node
    _tree: Node

    def __init__(self, source: Node) -> None:
        self._validate(source, Stripped(source))

    def _validate(self, source: Node, stripped: Stripped) -> None:
        problems = list(stripped.problems)
        content: Content | None = None
        try:
            content = Content.model_validate(stripped.data, context={"start": start_of(stripped.data)})
        except ValidationError as error:
            reported = {problem.path for problem in problems}
            problems += [p for p in problems_of(Content, stripped.tree, error) if p.path not in reported]
        if content is not None and not problems:
            problems += problems_in(content, stripped.tree)
        if problems or content is None:
            raise ScenarioError(in_order(problems))
        self._set("_content", content)
        self._set("_notes", FrozenDict(stripped.notes))
        self._set("_source", source)
        self._set("_tree", stripped.tree)
        canonical = json.dumps(self.to_dict(), separators=(",", ":"), ensure_ascii=False)
        self._set("_digest", hashlib.sha256(canonical.encode()).hexdigest())

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("a scenario is frozen: use scenario.replace({path: value}) to get a changed one")

    def __delattr__(self, name: str) -> None:
        raise AttributeError("a scenario is frozen: use scenario.replace({path: value}) to get a changed one")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return self._digest == other._digest if isinstance(other, Scenario) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._digest)

    def __repr__(self) -> str:
        return line_of(self._content, self._digest)

    def _repr_html_(self) -> str:
        return html_of(self._content, self._digest)

    # --- the sections of the file ----------------------------------------------------------------------------------
    @property
    def content(self) -> Content:
        """Everything that the file says, as one model."""
        return self._content

    @property
    def schema_version(self) -> int:
        """Version of the format."""
        return self._content.schema_version

    @property
    def title(self) -> str:
        """One line for tables and figures."""
        return self._content.title

    @property
    def description(self) -> str | None:
        """What the scenario is about."""
        return self._content.description

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """The outcomes that a run can have: those of the file, and the one that is implied at the horizon."""
        return with_nothing_else(self._content.deal.outcomes)

    @property
    def outcome_names(self) -> tuple[str, ...]:
        """Names of the outcomes; of two that come in one step the first counts."""
        return tuple(self.outcomes)

    @property
    def outcomes_at_horizon(self) -> tuple[str, ...]:
        """Those of the outcomes that a run has because it reached its horizon."""
        return tuple(name for name, outcome in self.outcomes.items() if outcome.at_horizon)

    @property
    def outcome_labels(self) -> Mapping[str, str]:
        """What tables and figures call each outcome, by its name."""
        return FrozenDict({name: o.label or name.replace("_", " ") for name, o in self.outcomes.items()})

    @property
    def start(self) -> dt.date:
        """Date of day 0."""
        return self._content.start

    @property
    def horizon_days(self) -> int:
        """Days that a run covers."""
        return self._content.horizon_days

    @property
    def steps_per_day(self) -> int:
        """Steps of the clock a day."""
        return self._content.steps_per_day

    @property
    def record(self) -> str | None:
        """Name of the record of what happened."""
        return self._content.record

    @property
    def expects(self) -> Mapping[str, Expectation]:
        """What the author expects to differ, in words or as the sign of a measure."""
        return self._content.expects

    @property
    def roles(self) -> Roles:
        """Who stands where."""
        return self._content.roles

    @property
    def actors(self) -> Mapping[str, Actor]:
        """The decision-makers, in order of the file."""
        return self._content.actors

    @property
    def payoff_spread(self) -> PayoffSpread:
        """Uncertainty of the payoff weights."""
        return self._content.payoff_spread

    @property
    def deal(self) -> Deal:
        """What was agreed, and how it can end."""
        return self._content.deal

    @property
    def world(self) -> World:
        """The world around the deal."""
        return self._content.world

    @property
    def events(self) -> Mapping[str, Event]:
        """What happens on a date, by chance or on a condition, in order of the file."""
        return self._content.events

    @property
    def mechanisms(self) -> Mapping[str, bool]:
        """Every mechanism of the model and whether it is on."""
        return self._content.mechanisms

    @property
    def quantities(self) -> Mapping[str, DeclaredQuantity]:
        """Quantities of the scenario's own by name, which the feature ``quantity(NAME)`` reads."""
        return self._content.quantities

    @property
    def milestones(self) -> Mapping[str, Milestone]:
        """What the deal is about, by name: conditions and what to call them; the first day of each is recorded."""
        return self._content.milestones

    @property
    def measures(self) -> Mapping[str, Measure]:
        """Numbers of each run that the scenario declares, by name."""
        return self._content.measures

    @property
    def headline(self) -> tuple[str, ...]:
        """Measures that tables, sentences and figures show first; empty for outcomes and milestones."""
        return self._content.headline

    @property
    def sliders(self) -> Mapping[str, Slider]:
        """The block ``explore:``: numbers and switches that the explorer lets a reader change, by name, in order."""
        return self._content.explore

    @property
    def solution(self) -> PlayedSolution | None:
        """The solved game that actors with the rule `equilibrium` play."""
        return self._content.solution

    @property
    def devices(self) -> Mapping[str, Variation]:
        """Commitment devices by name: changes to this scenario."""
        return self._content.devices

    @property
    def payoff_sets(self) -> Mapping[str, Variation]:
        """Views of what the actors want by name: changes to this scenario."""
        return self._content.payoff_sets

    # --- provenance and places -------------------------------------------------------------------------------------
    @property
    def provenance(self) -> Mapping[str, Provenance]:
        """What the file says about its numbers, by dotted path."""
        return self._notes

    @property
    def sha256(self) -> str:
        """Digest (64 hex digits) of the resolved content: values only, defaults filled in, sources left out.

        The order in which a file names actors, moves or forces counts, because it decides which luck each of them has;
        the order of the keys of the format does not.
        """
        return self._digest

    def numbers(self) -> pd.DataFrame:
        """List every number, defaults filled in, by its dotted path: value, meaning, source, assumption, fit.

        The paths are those of `replace` and of factors of experiments.

        Examples
        --------
        >>> import sim
        >>> numbers = sim.load("doha_2020/baseline").numbers()
        >>> numbers.loc["actors.government.discount_per_year", "meaning"]
        'impatience (1 per year)'
        """
        return number_table(self.to_dict(), self._notes)

    def unsourced(self) -> tuple[str, ...]:
        """List the numbers that state neither a source nor an assumption nor a fit, by dotted path."""
        paths: list[str] = []

        def visit(node: Node, path: tuple[str | int, ...]) -> None:
            if path[:1] == ("explore",):  # how far a slider goes says nothing about the world
                return
            if isinstance(node.value, dict):
                for key, inner in node.value.items():
                    visit(inner, (*path, key))
            elif isinstance(node.value, list):
                for i, inner in enumerate(node.value):
                    visit(inner, (*path, i))
            elif is_number(node.value) and not self._has_source(path):
                paths.append(dotted(path))

        visit(self._tree, ())
        return tuple(paths)

    def _has_source(self, path: tuple[str | int, ...]) -> bool:
        if path[-1] in _NEEDS_NO_SOURCE:
            return True
        notes = (self._notes.get(dotted(path[:end])) for end in range(len(path), 0, -1))
        return any(note is not None and note.stated for note in notes)

    def position(self, path: str) -> Position:
        """Say where the value at a dotted path stands, or its nearest parent if the file does not state it."""
        return find(self._tree, split(path, self._tree))[1]

    def problem(self, path: str, found: str, expected: str, hint: str = "") -> Problem:
        """Build a problem about the value at a dotted path, with its file, line and column.

        For whoever finds out only later that a scenario asks for something that cannot be had.
        """
        file, line, column = located(self._tree, split(path, self._tree))
        return Problem(file, line, column, path, found, expected, hint)

    def explore(self, seed: int = 0, runs: int = 500) -> Any:
        """Open the explorer of this scenario in a notebook; see `sim.explore`, which does the same.

        Parameters
        ----------
        seed : int
            The luck of all worlds.
        runs : int
            Worlds to which an answer is refined.

        Returns
        -------
        anywidget.AnyWidget
            Which a notebook shows.
        """
        # By its public name: it stands above, and is no source of what a scenario's worlds hold (sim.imported_sources).
        return import_module("sim").explore(self, seed, runs)

    # --- other scenarios -------------------------------------------------------------------------------------------
    def replace(self, values: Mapping[str, Any]) -> Scenario:
        """Return a scenario with other values, fully validated; sources of replaced numbers are dropped.

        Parameters
        ----------
        values : mapping of str to value
            By dotted path, such as ``{"actors.us.discount_per_year": 0.1}``; None removes a key.

        Returns
        -------
        Scenario

        Raises
        ------
        ScenarioError
            If a path leads nowhere (the nearest legal name is suggested) or the result is no scenario.
        """
        tree = with_values(Content, self._source, values)
        if self._source is self._tree and all(isinstance(v, str | int | float) for v in values.values()):
            return _of_plain(tree)
        return Scenario(tree)

    def without_provenance(self) -> Scenario:
        """Return the same scenario without sources and priors: equal to this one, and quicker to replace values in."""
        return _of_plain(self._tree)

    def diff(self, other: Scenario) -> ScenarioDiff:
        """Compare with another scenario, value by value, defaults filled in."""
        return difference(self.to_dict(), other.to_dict())

    def to_dict(self, *, provenance: bool = False) -> dict[str, Any]:
        """Return the resolved content as plain data that JSON can hold.

        Parameters
        ----------
        provenance : bool
            Whether numbers that have a source become ``{value:, source:, ...}`` again.

        Returns
        -------
        dict
            Dates and conditions as text; what is absent is left out. Whoever stores it keeps the order of its keys.
        """
        data: dict[str, Any] = self._content.model_dump(mode="json", exclude_none=True)
        return _with_notes(data, self._notes, "") if provenance else data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], name: str = "<dict>") -> Scenario:
        """Build a scenario from what `to_dict` returned.

        Parameters
        ----------
        data : mapping
            As in a file, without ``extends``.
        name : str
            What errors call it.

        Returns
        -------
        Scenario
            With the same `sha256` as the scenario that `data` came from.

        Raises
        ------
        ScenarioError
            If it is no scenario.
        """
        try:
            tree = from_plain(data, Position(name))
        except (TypeError, RecursionError) as error:
            raise error_at(Position(name), str(error), "values that a scenario file can hold") from None
        if not isinstance(tree.value, dict):
            raise error_at(Position(name), quoted(tree.value), "a mapping of keys to values")
        return cls(tree)


def _of_plain(tree: Node) -> Scenario:
    """Validate a tree without provenance."""
    scenario = Scenario.__new__(Scenario)
    scenario._validate(tree, Stripped.of_plain(tree))
    return scenario


def _restored(*parts: object) -> Scenario:
    """Rebuild a pickled scenario as it was: a worker need not know the rule names that were registered."""
    scenario = Scenario.__new__(Scenario)
    for name, part in zip(Scenario.__slots__, parts, strict=True):
        object.__setattr__(scenario, name, part)
    return scenario


def _with_notes(data: Any, notes: Mapping[str, Provenance], path: str) -> Any:
    """Lay provenance back over plain data."""
    note = notes.get(path)
    if isinstance(data, dict):
        inner = {k: _with_notes(v, notes, f"{path}.{k}" if path else k) for k, v in data.items()}
        return {**inner, **note.to_dict()} if note is not None else inner
    if isinstance(data, list):
        return [_with_notes(v, notes, f"{path}.{i}") for i, v in enumerate(data)]
    return {"value": data, **note.to_dict()} if note is not None else data
