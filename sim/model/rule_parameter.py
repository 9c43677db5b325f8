"""Named numbers of a rule or payoff model: each function declares its own, scenarios set them by name in any order.

A declared parameter has a place in the array that the compiled function reads: its rank among the parameters of its
function. One parameter of a payoff model may be *per term*: ``reference: 0.2`` sets it for all flow terms,
``reference_attacks: 0.5`` for the terms of one feature; such values follow the others, one for each term.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.errors import UsageError
from sim.scenario.catalogue import MAX_PARAMETERS


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter that a function knows.

    Attributes
    ----------
    name : str
        As written in scenarios.
    default : float, str or None
        Taken where a scenario says nothing; None if it must say something.
    low, high : float
        The legal range, ends included.
    open_low : bool
        Whether `low` itself is not legal.
    choices : tuple of str
        Words of which one is chosen instead of a number; the compiled function reads the word's rank.
    per_term : bool
        Whether each flow term of a payoff has its own value.

    Examples
    --------
    >>> Parameter("phi", 0.9, low=0.0, high=1.0).number(1)
    1.0
    >>> Parameter("others", "still", choices=("still", "moving")).number("moving")
    1.0
    """

    name: str
    default: float | str | None
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    choices: tuple[str, ...] = ()
    per_term: bool = False

    def number(self, value: float | str) -> float | None:
        """Return a value as the number that the compiled function reads, or None if it is not legal."""
        if isinstance(value, str):
            return float(self.choices.index(value)) if value in self.choices else None
        if self.choices or not self.low <= value <= self.high or (self.open_low and value == self.low):
            return None
        return float(value)

    @property
    def expected(self) -> str:
        """What a legal value is, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if math.isinf(self.low) and math.isinf(self.high):
            return "a number"
        start = (
            f"a number {'over' if self.open_low else 'from'} {self.low:g}" if not math.isinf(self.low) else "a number"
        )
        return start if math.isinf(self.high) else f"{start} to {self.high:g}"


def declared(parameters: Mapping[str, float] | Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Return what a function declares as parameters, checked.

    Parameters
    ----------
    parameters : mapping of str to float, or sequence of Parameter
        In the order in which the compiled function reads them; a mapping gives names and defaults.

    Raises
    ------
    UsageError
        If there are more than fit, two of a name, or more than one per term.
    """
    if isinstance(parameters, Mapping):
        known = tuple(Parameter(name, float(default)) for name, default in parameters.items())
    else:
        known = tuple(parameters)
    plain = [p for p in known if not p.per_term]
    if len(plain) > MAX_PARAMETERS or len(known) - len(plain) > 1:
        raise UsageError(
            f"parameters: found {len(plain)} and {len(known) - len(plain)} per term, "
            f"expected at most {MAX_PARAMETERS} and one per term"
        )
    if len({p.name for p in known}) < len(known):
        raise UsageError(f"parameters: found one name twice among {', '.join(p.name for p in known)}")
    return known
