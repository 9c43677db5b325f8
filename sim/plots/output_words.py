"""What an output of a sweep is called in a figure, and its unit."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Final

from sim.experiments.measures import OUTCOMES
from sim.plots.style import words

UNITS: Final[tuple[tuple[str, str], ...]] = (
    ("released", "persons"),
    ("freed_*", "persons"),
    ("counted_*", "persons"),
    ("returned_*", "persons"),
    ("*deaths", "persons"),
    ("attacks", "attacks"),
    ("troops_*", "persons"),
    ("payoff_*", "util"),
    ("*_day", "days"),
)
"""Pattern and unit of outcome columns; the first that fits decides, and what fits none is a pure number."""


def unit_of(output: str) -> str:
    """Return the unit of an output, empty for a pure number.

    Examples
    --------
    >>> unit_of("released"), unit_of("payoff_us"), unit_of("cohesion")
    ('persons', 'util', '')
    """
    return next((unit for pattern, unit in UNITS if fnmatchcase(output, pattern)), "")


def output_words(output: str, is_share: bool) -> str:
    """Say what the mean of an output is, as a figure's title does.

    Examples
    --------
    >>> output_words("settlement", True), output_words("talks_began", True), output_words("payoff_us", False)
    ('Share of runs with settlement', 'Share of runs in which talks began', 'Mean of payoff us')
    """
    name = output.replace("_", " ")
    if not is_share:
        return f"Mean of {name}"
    return f"Share of runs with {name}" if output in OUTCOMES else f"Share of runs in which {name}"


def mean_label(output: str, is_share: bool) -> str:
    """Return the label of an axis or colour bar for the mean of an output, with its unit.

    Examples
    --------
    >>> mean_label("settlement", True), mean_label("released", False), mean_label("cohesion", False)
    ('share of runs, %', 'released, persons', 'cohesion')
    """
    if is_share:
        return "share of runs, %"
    unit = unit_of(output)
    name = words(output)
    name = name[:1].lower() + name[1:]
    return f"{name}, {unit}" if unit not in ("", name) else name
