"""Measures of a run, each of which it has or has not: one of the outcomes, and talks at some time."""

from __future__ import annotations

ENDINGS = ("settlement", "deal_void", "civil_war", "government_collapse")
AT_HORIZON = ("talks_open", "stalemate")
OUTCOMES = ("running", "settlement", "talks_open", "stalemate", "deal_void", "civil_war", "government_collapse")
TALKS = "talks_began"
"""Talks at some time, whatever came of them."""
MEASURES = (*OUTCOMES[1:], TALKS)
"""What a run can have."""


def measure_words(name: str) -> str:
    """Write a measure as words.

    Examples
    --------
    >>> measure_words("talks_began"), measure_words("civil_war")
    ('talks at some time', 'civil war')
    """
    return "talks at some time" if name == TALKS else name.replace("_", " ")
