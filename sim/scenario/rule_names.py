"""The names of decision rules and payoff models that a scenario file may use.

A rule is a pair: a *valuation* gives each move a value, a *response* turns values into probabilities. A *payoff model*
turns weighted features into utils. Files name only functions that exist in Python: the built-in ones below, or those
that a user registered, so no file can run code.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from sim.errors import UsageError
from sim.scenario.feature_reference import NAME

Kind: TypeAlias = Literal["response", "valuation", "payoff"]

RESPONSES: Final = ("argmax", "logit", "uniform", "scripted", "schedule_as_written", "reciprocal")
VALUATIONS: Final = ("none", "drift", "lookahead", "ewa", "fictitious_play")
PAYOFF_MODELS: Final = ("linear", "power", "prospect", "cobb_douglas")

_BUILT_IN: Final[dict[Kind, tuple[str, ...]]] = {
    "response": RESPONSES,
    "valuation": VALUATIONS,
    "payoff": PAYOFF_MODELS,
}
_registered: dict[Kind, list[str]] = {"response": [], "valuation": [], "payoff": []}


def names(kind: Kind) -> tuple[str, ...]:
    """List the legal names of a kind, built-in ones first, then registered ones in order of registration.

    Examples
    --------
    >>> names("payoff")[0]
    'linear'
    """
    return (*_BUILT_IN[kind], *_registered[kind])


def register_names(kind: Kind, *new: str) -> None:
    """Let scenario files use further names; whoever registers a function calls this with its name.

    Parameters
    ----------
    kind : {"response", "valuation", "payoff"}
        What the names stand for.
    *new : str
        Letters, digits and underscores; a name that is known already is accepted and changes nothing.

    Raises
    ------
    UsageError
        If the kind is unknown or a name is no identifier.
    """
    if kind not in _BUILT_IN:
        raise UsageError(f"found kind {kind!r}, expected one of {', '.join(_BUILT_IN)}")
    for name in new:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise UsageError(f"found name {name!r}, expected letters, digits and underscores, such as my_{kind}")
        if name not in names(kind):
            _registered[kind].append(name)
