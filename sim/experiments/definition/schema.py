"""The sections of an experiment file: what is varied and how, in which design, how often, and what is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator, create_model

from sim.experiments import designs
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.provenance import PRIORS
from sim.scenario.reader import quoted
from sim.scenario.schema.fields import Listing, Name, Named, Number, Section, Switch, Text, misfit

SCHEMA_VERSION = 1
MAX_FACTORS = 1000
MAX_REPLICATIONS = 1 << 24
MAX_CHOICES = 1000

Scalar: TypeAlias = str | bool | int | float


def _version(version: int) -> int:
    if version != SCHEMA_VERSION:
        hint = "A newer file needs a newer negotiation-sim." if version > SCHEMA_VERSION else ""
        raise misfit(str(version), f"{SCHEMA_VERSION}, the version of experiment files that this package reads", hint)
    return version


def _paths(value: Any) -> Any:
    """Take one path or a list of them."""
    paths = [value] if isinstance(value, str) else value
    if not isinstance(paths, list | tuple) or not paths or not all(isinstance(p, str) and p for p in paths):
        raise misfit(quoted(value), "a dotted path, such as actors.us.discount_per_year, or a list of paths")
    if len(set(paths)) < len(paths):
        raise misfit("one path twice", "each path once")
    return tuple(paths)


def _choices(value: Any) -> Any:
    """Take a list of values, or values by label."""
    items = list(value.values() if isinstance(value, Mapping) else value) if isinstance(value, Mapping | list) else []
    if not 1 <= len(items) <= MAX_CHOICES or not all(isinstance(item, str | int | float) for item in items):
        raise misfit(quoted(value), f"a list of 1 to {MAX_CHOICES} numbers, texts or switches, or such values by label")
    if len({(type(item) is bool, item) for item in items}) < len(items):
        raise misfit("one value twice", "each choice once")
    return FrozenDict(value) if isinstance(value, Mapping) else tuple(items)


def _range(value: Any) -> Any:
    """Take the ends of a range."""
    if isinstance(value, list | tuple) and len(value) == 2 and not any(isinstance(end, bool) for end in value):
        low, high = value
        if isinstance(low, int | float) and isinstance(high, int | float) and low < high:
            return float(low), float(high)
    raise misfit(quoted(value), "[lowest, highest], two numbers in rising order")


def _prior(value: Any) -> Any:
    """Take true, or a mapping, which is checked like the priors of scenarios."""
    if value is not True and not isinstance(value, dict):
        raise misfit(quoted(value), "true, for the scenario's own prior, or one of " + ", ".join(PRIORS))
    return value


Paths: TypeAlias = Annotated[tuple[str, ...], PlainValidator(_paths, json_schema_input_type=str | list[str])]


class VariedFactor(Section):
    """One varied quantity: where it stands, and one of range, choices and prior.

    With a design of given rows all three may be left out.
    """

    path: Paths | None = Field(default=None, description="dotted path that it sets, or a list of paths set alike")
    multiplies: Paths | None = Field(
        default=None, description="instead of path: numbers of the scenario that it multiplies"
    )
    range: Annotated[tuple[Number, Number] | None, BeforeValidator(_range)] = Field(
        default=None, description="lowest and highest value"
    )
    scale: Literal["linear", "log"] = Field(default="linear", description="of the range")
    choices: Annotated[
        tuple[Scalar, ...] | Mapping[str, Scalar] | None,
        PlainValidator(_choices, json_schema_input_type=list[Scalar] | dict[str, Scalar]),
    ] = Field(default=None, description="values to choose from, or values by the label that figures show")
    prior: Annotated[
        Literal[True] | Mapping[str, Any] | None,
        PlainValidator(_prior, json_schema_input_type=Literal[True] | dict[str, list[float]]),
    ] = Field(default=None, description="true for the prior that the scenario states, or a prior of its own")
    whole: Switch = Field(default=False, description="only whole numbers")

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse two ways to say one thing."""
        if (self.path is None) == (self.multiplies is None):
            problem = "neither path nor multiplies" if self.path is None else "both path and multiplies"
            raise misfit(problem, "one of them")
        domains = [key for key in ("range", "choices", "prior") if getattr(self, key) is not None]
        if len(domains) > 1:
            raise misfit(" and ".join(domains), "one of range, choices and prior")
        if self.scale == "log" and self.range is None:
            raise misfit("a scale without a range", "range: [lowest, highest]")
        if self.scale == "log" and self.range is not None and self.range[0] <= 0.0:
            raise misfit(f"a logarithmic range from {self.range[0]:g}", "a range of positive numbers")
        if self.whole and domains == ["choices"]:
            raise misfit("whole with choices", "whole with range or prior; choices are taken as they are")


class _ChosenDesign(Section):
    """What is chosen from the designs, each of which is a key."""

    def model_post_init(self, _context: Any, /) -> None:
        """Refuse none and more than one."""
        if len(self.model_fields_set) != 1:
            given = " and ".join(sorted(self.model_fields_set)) or "no design"
            raise misfit(given, "one of " + ", ".join(type(self).model_fields))
        if getattr(self, self.kind) is None:
            raise misfit(f"{self.kind} with nothing in it", f"the keys of {self.kind}, such as its number of rows")

    @property
    def kind(self) -> str:
        """Which design."""
        return next(iter(self.model_fields_set))

    @property
    def plan(self) -> designs.Design:
        """The design itself."""
        plan: designs.Design = getattr(self, self.kind)
        return plan


if TYPE_CHECKING:
    Design: TypeAlias = _ChosenDesign
else:
    _keys = {key: (kind | None, Field(default=None, description=kind.summary)) for key, kind in designs.ALL.items()}
    Design = create_model("Design", __base__=_ChosenDesign, __module__=__name__, **_keys)
    Design.__doc__ = "Which points are run: exactly one of the designs."


class TippingPoint(Section):
    """Where the share of runs, or the mean, of a measure crosses a level as one factor moves."""

    factor: Name = Field(description="which of the varied factors")
    measure: Text = Field(description="a measure of the scenario: an outcome, talks_began, a milestone, a number")
    level: Number = Field(default=0.5, description="share of runs, or mean of a number, that is looked for")
    tolerance: Annotated[float, Field(gt=0, lt=1)] = Field(
        default=0.01, description="width at which the search stops, as a share of the factor's range"
    )


class ExperimentContent(Section):
    """Everything that an experiment file says."""

    schema_version: Annotated[int, AfterValidator(_version)] = Field(description="version of this format")
    title: Annotated[Text, Field(max_length=200)] = Field(description="one line for tables and figures")
    description: Text | None = Field(default=None, description="the question that it asks")
    scenario: Text = Field(description="a file relative to this one, or the name of a built-in scenario")
    set: Annotated[Mapping[str, Any], AfterValidator(FrozenDict)] = Field(
        default_factory=FrozenDict, description="values of the scenario that are replaced in all rows, by dotted path"
    )
    vary: Annotated[Named[VariedFactor], Field(max_length=MAX_FACTORS)] = Field(
        description="the factors by name, or the word priors for every number of the scenario that has a prior"
    )
    design: Design = Field(description="which points are run")
    replications: Annotated[int, Field(ge=1, le=MAX_REPLICATIONS)] = Field(default=1, description="runs of each row")
    seed: Annotated[int, Field(ge=0, le=10**15)] = Field(default=0, description="of the luck of the runs")
    common_luck: Switch = Field(
        default=True, description="replication r of every row has the same luck; off: every run has its own"
    )
    outputs: Listing[Text] = Field(default=(), description="outcome columns and measures to keep; empty: all")
    keep: Literal["runs", "summary"] = Field(
        default="runs", description="every run, or of each row only counts, exact sums and histograms, which add up"
    )
    max_failures: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="failed runs at which a sweep stops; without it, it never does"
    )
    tipping_point: TippingPoint | None = Field(default=None, description="search by bisection after the design is run")
