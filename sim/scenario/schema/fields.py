"""What the values of a scenario may be: numbers with physical bounds, names, dates, conditions, references.

Every model is frozen, refuses unknown keys and coerces nothing: a text is no number, and neither is ``true``. Numbers
are finite. Mappings are `FrozenDict`, lists are tuples.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    Strict,
    StringConstraints,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from sim.scenario.condition import Condition, Sum
from sim.scenario.condition_grammar import KEYWORDS, parse_condition, parse_sum
from sim.scenario.feature_reference import FeatureRef, GrammarError, parse_feature
from sim.scenario.frozen_dict import FrozenDict

T = TypeVar("T")


class Section(BaseModel):
    """Base of every section: frozen, no unknown keys, nothing coerced, numbers finite."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def misfit(found: str, expected: str, hint: str = "", offset: int = 0) -> PydanticCustomError:
    """Build the error that says what was found and expected; the caller knows the place."""
    context = {"found": found, "expected": expected, "hint": hint, "offset": offset}
    return PydanticCustomError("misfit", "found {found}, expected {expected}", context)


# --- numbers -------------------------------------------------------------------------------------------------------
Number: TypeAlias = Annotated[float, Field(ge=-1e9, le=1e9)]
Amount: TypeAlias = Annotated[float, Field(ge=0, le=1e9)]
Positive: TypeAlias = Annotated[float, Field(gt=0, le=1e9)]
Rate: TypeAlias = Annotated[float, Field(ge=0, le=1e6)]
Shape: TypeAlias = Annotated[float, Field(ge=1e-3, le=1e9)]  # of a gamma or beta distribution that can be drawn from
Share: TypeAlias = Annotated[float, Field(ge=0, le=1)]
Factor: TypeAlias = Annotated[float, Field(ge=0, le=1e6)]
Exponent: TypeAlias = Annotated[float, Field(gt=0, le=100)]
Util: TypeAlias = Annotated[float, Field(ge=-1e6, le=1e6)]
Day: TypeAlias = Annotated[float, Field(ge=0, le=1e6)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=1_000_000)]


# --- texts and names -----------------------------------------------------------------------------------------------
def _not_keyword(name: str) -> str:
    if name in KEYWORDS:
        raise misfit(f"the word {name!r}", "a name that is no word of conditions (and, or, not)")
    return name


Text: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=2000)]
Name: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,39}$"), AfterValidator(_not_keyword)
]


_MEASURE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}( by (day [0-9]{1,6}|[0-9]{4}-[0-9]{2}-[0-9]{2}))?")


def _measure_name(name: str) -> str:
    if not _MEASURE.fullmatch(name):
        raise misfit(f"{name[:60]!r}", "the name of a measure, such as talks_began, or talks_began by 2020-12-31")
    return name


MeasureName: TypeAlias = Annotated[
    str,
    StringConstraints(max_length=100),
    AfterValidator(_measure_name),
    Field(json_schema_extra={"pattern": f"^{_MEASURE.pattern}$"}),
]
"""The name of a measure; of an event also by a date or a day."""


def read_switch(value: Any) -> Any:
    """Take on and off, yes and no for true and false, which YAML 1.2 reads as text."""
    words = {"on": True, "yes": True, "off": False, "no": False}
    return words.get(value.lower(), value) if isinstance(value, str) else value


SwitchWord: TypeAlias = Literal["on", "off", "yes", "no"]
Switch: TypeAlias = Annotated[bool, BeforeValidator(read_switch, json_schema_input_type=bool | SwitchWord)]


def _date(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return value
    return value


def start_of(data: Mapping[str, Any]) -> dt.date | None:
    """Return the start date of a file that is not validated yet, which other dates are compared with."""
    start = _date(data.get("start"))
    return start if isinstance(start, dt.date) else None


Date: TypeAlias = Annotated[dt.date, BeforeValidator(_date)]


# --- collections ---------------------------------------------------------------------------------------------------
Named: TypeAlias = Annotated[Mapping[Name, T], AfterValidator(FrozenDict)]
Listing: TypeAlias = Annotated[tuple[T, ...], Strict(False)]


# --- conditions and references -------------------------------------------------------------------------------------
def _grammar(read: Callable[[Any], Any], kind: str) -> Callable[[Any], Any]:
    """Turn a parser into a validator."""

    def validate(value: Any) -> Any:
        if isinstance(value, FeatureRef | Condition | Sum):
            return value
        if not isinstance(value, str):
            raise PydanticCustomError("string_type", "expected {expected}", {"expected": kind})
        try:
            return read(value)
        except GrammarError as error:
            raise misfit(error.found, error.expected, error.hint, error.offset) from None

    return validate


When: TypeAlias = Annotated[
    Condition,
    PlainValidator(_grammar(parse_condition, "a condition, such as day > 135")),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "title": "Condition", "examples": ["date > 2020-07-13 and not talks"]}),
]
SumOfFeatures: TypeAlias = Annotated[
    Sum,
    PlainValidator(_grammar(parse_sum, "a sum of features, such as talks or 0.5 * freed(a) + 0.5 * freed(b)")),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "title": "Sum of features", "examples": ["freed(ours) - freed(theirs)"]}),
]
Feature: TypeAlias = Annotated[
    FeatureRef,
    PlainValidator(_grammar(parse_feature, "a feature, such as talks")),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "title": "Feature"}),
]


def _no_twins(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
    """Refuse one feature written in two ways, of which one would be lost."""
    weights = handler(value)
    if isinstance(value, Mapping) and len(weights) < len(value):
        raise misfit("one feature written in two ways", "each feature once")
    return FrozenDict(weights)


Weights: TypeAlias = Annotated[Mapping[Feature, Util], WrapValidator(_no_twins)]


# --- distributions -------------------------------------------------------------------------------------------------
class Beta(Section):
    """A share drawn once a run from a beta distribution with parameters a and b.

    Attributes
    ----------
    beta : tuple of float
        (a, b), both at least 0.001; the mean is a / (a + b).
    """

    beta: Annotated[tuple[Shape, Shape], Strict(False)]

    @property
    def mean(self) -> float:
        """Mean of the distribution."""
        return self.beta[0] / (self.beta[0] + self.beta[1])


# --- moments -------------------------------------------------------------------------------------------------------
def _check_start(date: dt.date, info: ValidationInfo) -> dt.date:
    """Refuse a date before the start."""
    start = (info.context or {}).get("start")
    if start is not None and date < start:
        raise misfit(f"{date}, before the start on {start}", "a date from the start on")
    return date


DateFromStart: TypeAlias = Annotated[Date, AfterValidator(_check_start)]


class Dated(Section):
    """Something that happens on a day, written as ``day: 135`` or as ``date: 2020-07-13``.

    Attributes
    ----------
    day : float
        Days since the start, always filled in.
    date : datetime.date or None
        As written, if it was written as a date.
    """

    day: Day = Field(default=-1.0, description="days since the start date (or give date)")
    date: DateFromStart | None = Field(default=None, exclude=True, description="the date (or give day)")

    def model_post_init(self, context: Any, /) -> None:
        """Fill in the day of a date."""
        written = [key for key in ("day", "date") if key in self.model_fields_set]
        if len(written) != 1:
            raise misfit("both day and date" if written else "neither day nor date", "one of them")
        if self.date is not None:
            start = (context or {}).get("start")
            if start is not None:
                object.__setattr__(self, "day", float((self.date - start).days))
