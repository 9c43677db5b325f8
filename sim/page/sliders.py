"""The numbers of a scenario that a reader may move, and the scenario that comes of moving them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sim.errors import UsageError
from sim.scenario.provenance import is_number
from sim.scenario.resolved_value import value_at

if TYPE_CHECKING:
    from sim.scenario.provenance import Provenance
    from sim.scenario.scenario import Scenario

STEPS: Final = 100
"""Steps of a range whose step is not given, about."""
_ROUND: Final = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class SliderShown:
    """One slider.

    Attributes
    ----------
    name, label, unit : str
        Key and words of the file.
    paths : tuple of str
        What it sets.
    value : float or bool
        As the scenario has it.
    low, high, step : float
        Of a number; the range reaches to the scenario's own value if that lies outside. 0, 1 and 1 for a switch.
    whole : bool
        Whether the number can only be whole.
    note : str
        Where the value comes from, in words; empty if the file does not say.
    """

    name: str
    label: str
    unit: str
    paths: tuple[str, ...]
    value: float | bool
    low: float
    high: float
    step: float
    whole: bool
    note: str

    @property
    def is_switch(self) -> bool:
        """Whether it is on or off."""
        return isinstance(self.value, bool)

    def set_to(self, number: float) -> Any:
        """Return what the scenario gets where the slider stands at a number.

        Raises
        ------
        UsageError
            If the number is outside the range.
        """
        if not self.low <= number <= self.high:  # NaN is not inside either
            raise UsageError(f"{self.name}: found {number!r}, expected a number from {self.low:g} to {self.high:g}")
        if self.is_switch:
            return number >= 0.5
        return int(number) if self.whole or float(number).is_integer() else float(number)

    def to_dict(self) -> dict[str, Any]:
        """Return what the page needs."""
        return {
            "name": self.name,
            "label": self.label,
            "unit": self.unit,
            "value": float(self.value),
            "low": self.low,
            "high": self.high,
            "step": self.step,
            "switch": self.is_switch,
            "note": self.note,
        }


def sliders_of(scenario: Scenario) -> tuple[SliderShown, ...]:
    """List the sliders of a scenario in order of its file; those whose path an overlay took away are left out.

    Parameters
    ----------
    scenario : Scenario
        With an ``explore:`` block.

    Examples
    --------
    >>> import sim
    >>> [(s.name, s.value, s.low, s.high) for s in sliders_of(sim.load("toys/two_actors"))][:2]
    [('pace', 10.0, 1.0, 60.0), ('recognised', 0.8, 0.0, 1.0)]
    """
    resolved = scenario.to_dict()
    shown = []
    for name, slider in scenario.sliders.items():
        paths = tuple(path for path in slider.path if _movable(value_at(resolved, path)[0], slider.range is None))
        if not paths:
            continue
        value = value_at(resolved, paths[0])[0]
        low, high = (0.0, 1.0) if slider.range is None else (float(end) for end in slider.range)
        if not isinstance(value, bool):
            low, high = min(low, float(value)), max(high, float(value))
        shown.append(
            SliderShown(
                name=name,
                label=slider.label,
                unit=slider.unit or "",
                paths=paths,
                value=value if isinstance(value, bool) else float(value),
                low=low,
                high=high,
                step=1.0 if isinstance(value, bool) else slider.step or _step(high - low),
                whole=isinstance(value, int) and not isinstance(value, bool),
                note=_note(scenario.provenance.get(paths[0])),
            )
        )
    return tuple(shown)


def _movable(value: Any, as_switch: bool) -> bool:
    return isinstance(value, bool) if as_switch else is_number(value)


def _step(length: float) -> float:
    """Return a round step that cuts a range into about `STEPS`.

    Examples
    --------
    >>> _step(1.0), _step(640.0), _step(0.003)
    (0.01, 10.0, 5e-05)
    """
    wanted = length / STEPS
    power = 10.0 ** math.floor(math.log10(wanted))
    step = next(power * r for r in _ROUND if power * r >= wanted * 0.999)
    return float(f"{step:.3g}")


def _note(provenance: Provenance | None) -> str:
    """Say where a number comes from."""
    if provenance is None:
        return ""
    if provenance.source is not None:
        return f"Source: {provenance.source}"
    if provenance.assumption is not None:
        return f"Assumption: {provenance.assumption}"
    return f"Chosen to meet: {', '.join(w.replace('_', ' ') for w in provenance.used_to_fit)}"


def changes_of(sliders: Sequence[SliderShown], numbers: Sequence[float]) -> dict[str, Any]:
    """Return what the scenario gets by dotted path; sliders that stand where the file has them change nothing.

    Parameters
    ----------
    sliders : sequence of SliderShown
        Of the scenario.
    numbers : sequence of float
        One a slider; 0 or 1 for a switch.

    Raises
    ------
    UsageError
        If there are too few or too many numbers, or one is outside its range.
    """
    if len(numbers) != len(sliders):
        raise UsageError(f"values: found {len(numbers)}, expected {len(sliders)}, one for each slider")
    changes: dict[str, Any] = {}
    for slider, number in zip(sliders, numbers, strict=True):
        value = slider.set_to(float(number))
        if float(value) != float(slider.value):
            changes.update(dict.fromkeys(slider.paths, value))
    return changes


def changes_in_words(sliders: Sequence[SliderShown], changes: Mapping[str, Any]) -> list[dict[str, str]]:
    """Say what was changed: label, then the value before and after."""
    told = []
    for slider in sliders:
        if slider.paths[0] in changes:
            before, after = _said(slider, slider.value), _said(slider, changes[slider.paths[0]])
            told.append({"name": slider.name, "label": slider.label, "before": before, "after": after})
    return told


def _said(slider: SliderShown, value: Any) -> str:
    if slider.is_switch:
        return "on" if value else "off"
    return f"{value:,.6g}{f' {slider.unit}' if slider.unit else ''}"
