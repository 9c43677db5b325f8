"""Figures say what they are of: another object is refused with the package's own error, before anything is drawn."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar, cast

from sim.errors import UsageError

Drawing = TypeVar("Drawing", bound=Callable[..., object])
OTHERS = {
    "Run": "a Run has run.plot() and decision_ribbon_figure(run)",
    "Batch": "a Batch has batch.plot() and trajectories_figure(batch)",
    "Comparison": "a Comparison has comparison.plot() and outcome_shares_figure(comparison)",
    "Sweep": "a Sweep has sweep.plot()",
    "Scenario": "a Scenario has to be run first: sim.run(scenario), sim.replicate(scenario)",
}
"""What there is for an object that a figure is not of."""


def takes(kind: str, made_by: str) -> Callable[[Drawing], Drawing]:
    """Let a figure refuse what is not of the class it is drawn from.

    Parameters
    ----------
    kind : str
        Name of the class of its first argument.
    made_by : str
        How to get one.

    Examples
    --------
    >>> @takes("Batch", "sim.replicate(scenario)")
    ... def dots_figure(batch):
    ...     return len(batch)
    >>> dots_figure([1, 2])
    Traceback (most recent call last):
        ...
    sim.errors.UsageError: dots_figure: found list, expected Batch, as sim.replicate(scenario) returns it
    """

    def decorated(function: Drawing) -> Drawing:
        @wraps(function)
        def figure(*arguments: object, **options: object) -> object:
            result = arguments[0] if arguments else next(iter(options.values()), None)
            if kind not in (known.__name__ for known in type(result).__mro__):
                found = type(result).__name__
                other = f"; {OTHERS[found]}" if found in OTHERS else ""
                name = getattr(function, "__name__", "figure")
                raise UsageError(f"{name}: found {found}, expected {kind}, as {made_by} returns it{other}")
            return function(*arguments, **options)

        return cast("Drawing", figure)

    return decorated
