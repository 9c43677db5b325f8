"""Priors that all scenarios share: one for each kind of number, by pattern of path.

They stand in ``scenarios/backtests/priors.yaml``, which says where they come from. Back-tests draw from them what was
not known on a date, comparisons what nobody knows at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, ValidationError, model_validator

from sim.errors import ScenarioError
from sim.scenario.extends import builtin_root
from sim.scenario.feature_reference import nearest
from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.positions import Node, plain
from sim.scenario.problems import in_order, problems_of
from sim.scenario.provenance import PRIORS, Prior, fits_prior, is_number
from sim.scenario.reader import quoted, read_file
from sim.scenario.schema.fields import Section, Text, misfit

M = TypeVar("M", bound=BaseModel)

SCHEMA_VERSION: Final = 1
MAX_PRIORS: Final = 400


def version_read(version: int) -> int:
    """Refuse a file of another version of the format."""
    if version != SCHEMA_VERSION:
        raise misfit(str(version), f"{SCHEMA_VERSION}, the version of back-test files that this package reads")
    return version


def _prior(value: Any) -> Any:
    """Read ``{uniform: [0, 1]}``."""
    if isinstance(value, Prior):
        return value
    if isinstance(value, dict) and len(value) == 1:
        kind, numbers = next(iter(value.items()))
        if kind not in PRIORS:
            raise misfit(quoted(kind), "one of " + ", ".join(PRIORS), nearest(str(kind), PRIORS))
        count, meaning = PRIORS[kind]
        fits = (
            isinstance(numbers, list) and all(is_number(n) for n in numbers) and len(numbers) == (count or len(numbers))
        )
        if not fits or not fits_prior(kind, numbers):
            raise misfit(quoted(numbers), f"{meaning}, a distribution with support")
        return Prior(kind, tuple(float(n) for n in numbers))
    raise misfit(quoted(value), "a distribution, such as {uniform: [0, 1]}")


AnyPrior = Annotated[Any, BeforeValidator(_prior)]


class PriorRule(Section):
    """How numbers of one kind are drawn: by a prior of their own, of their size, or of a factor on them."""

    prior: AnyPrior | None = Field(default=None, description="of the number itself")
    magnitude: AnyPrior | None = Field(default=None, description="of its size; the sign is the scenario's")
    times: AnyPrior | None = Field(default=None, description="of a factor on the scenario's own number")
    because: Text = Field(description="why")

    @model_validator(mode="after")
    def _one(self) -> PriorRule:
        if sum(kind is not None for kind in (self.prior, self.magnitude, self.times)) != 1:
            raise misfit("none or several of them", "exactly one of prior, magnitude, times")
        return self


class PriorsContent(Section):
    """The priors that all scenarios share."""

    schema_version: Annotated[int, AfterValidator(version_read)] = Field(description="version of this format")
    priors: Annotated[Mapping[str, PriorRule], AfterValidator(FrozenDict)] = Field(
        max_length=MAX_PRIORS, description="by pattern of path"
    )


@lru_cache(maxsize=1)
def shared_priors() -> Mapping[str, PriorRule]:
    """Read the priors that all scenarios share, by pattern of path, in order of precedence.

    Examples
    --------
    >>> shared_priors()["actors.*.discount_per_year"].prior
    Prior(kind='log_uniform', parameters=(0.02, 0.5))
    """
    path = builtin_root() / "backtests" / "priors.yaml"
    return validated(PriorsContent, read_file(path, "backtests/priors")).priors


def validated(model: type[M], tree: Node) -> M:
    """Validate a file, with the places of everything that is wrong with it."""
    try:
        return model.model_validate(plain(tree))
    except ValidationError as error:
        raise ScenarioError(in_order(problems_of(model, tree, error))) from None
