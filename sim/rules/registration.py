"""What the registry keeps of a function: the function and the parameters that it declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.model.rule_parameter import Parameter


@dataclass(frozen=True, slots=True)
class Registration:
    """A valuation, response or payoff model under its name.

    Attributes
    ----------
    function : callable
        With the fixed signature of its kind.
    parameters : tuple of Parameter
        In the order of their places in the array that the function reads.
    """

    function: Callable[..., object]
    parameters: tuple[Parameter, ...] = ()
