"""What the terms of a move's value mean, in words that people use; features as the glossary says them."""

from __future__ import annotations

from typing import Final

from sim.scenario.feature_reference import GrammarError, parse_feature

COLUMN_LABELS: Final[dict[str, str]] = {
    "release_cost": "political cost of the captives that it would free",
    "at_once": "what the change costs at once: its own cost and audience costs",
    "at_outcome": "how the run may end within the window, worth times probability",
    "beyond_window": "what would stand at the end of the window",
    "inertia": "bonus of the move that stands",
    "remembered": "what earlier play has taught",
    "played_ahead": "what it brought in worlds played ahead",
}
"""Parts of a value that are no feature of the payoff, by the names of `sim.rules.columns`."""


def term_label(name: str) -> str:
    """Return what a term means.

    Parameters
    ----------
    name : str
        A feature as written in a payoff, or a name of `sim.rules.columns`.

    Examples
    --------
    >>> term_label("counted(prisoners)")
    'captives that the claimant counts over captives promised'
    >>> term_label("inertia")
    'bonus of the move that stands'
    """
    if name in COLUMN_LABELS:
        return COLUMN_LABELS[name]
    try:
        return parse_feature(name).feature.meaning.partition(";")[0]
    except GrammarError:
        return name.replace("_", " ")
