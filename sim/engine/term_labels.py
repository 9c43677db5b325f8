"""What the terms of a move's value mean, in words that people use; features as the glossary says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.scenario.feature_reference import GrammarError, parse_feature
from sim.scenario.words import spaced, words_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

COLUMN_LABELS: Final[dict[str, str]] = {
    "release_cost": "political cost of the captives that it would free",
    "at_once": "what the change costs at once: its own cost and audience costs",
    "at_outcome": "how the run may end within the window, worth times probability",
    "beyond_window": "what would stand at the end of the window",
    "inertia": "bonus of the move that stands",
    "remembered": "what earlier play has taught",
    "played_ahead": "what it brought in worlds played ahead",
}
"""Parts of a value that are no feature of the payoff, by the names of `sim.model.columns`: what they mean."""
COLUMN_WORDS: Final[dict[str, str]] = {
    "release_cost": "cost of letting captives go",
    "at_once": "cost of changing the move",
    "at_outcome": "outcomes",
    "beyond_window": "what stands at the end",
    "inertia": "inertia",
    "remembered": "earlier play",
    "played_ahead": "worlds played ahead",
}
"""The same in a few words."""
ONCE_LABELS: Final[dict[str, dict[str, str]]] = {
    "once": {
        "changes_course": "cost at once of any change of course",
        "reverses_refusal": "cost at once of reversing a public refusal to release",
        "releases_before_talks": "cost at once of the first release before talks are open",
        "breaks_pledge": "cost at once of breaking a pledge",
    },
    "moves": {"cost_util": "the move's own cost at once"},
}
"""Parts of what a change costs at once, by section and key of the scenario: what they mean."""
ONCE_WORDS: Final[dict[str, dict[str, str]]] = {
    "once": {
        "changes_course": "once: changing course",
        "reverses_refusal": "once: reversing a refusal",
        "releases_before_talks": "once: first release before talks",
        "breaks_pledge": "once: breaking a pledge",
    },
    "moves": {"cost_util": "once: cost of the move"},
}
"""The same in a few words."""


def term_label(name: str, scenario: Scenario) -> str:
    """Return what a term means.

    Parameters
    ----------
    name : str
        A feature as written in a payoff, a name of `sim.model.columns`, or a part of `sim.engine.term_parts`.
    scenario : Scenario
        Says what its own quantities are called.

    Examples
    --------
    >>> import sim
    >>> owed = {"of": "freed(prisoners) - counted(prisoners)", "label": "share freed and not counted"}
    >>> toy = sim.load("toys/two_actors").replace({"quantities.owed": owed})
    >>> term_label("counted(prisoners)", toy)
    'captives that the claimant counts over captives promised'
    >>> term_label("beyond_window.quantity(owed)", toy)
    'share freed and not counted, at the end of the window'
    >>> term_label("inertia", toy), term_label("at_outcome.settlement", toy)
    ('bonus of the move that stands', 'the parties agree, within the window')
    """
    if name in COLUMN_LABELS:
        return COLUMN_LABELS[name]
    section, _, rest = name.partition(".")
    if section == "beyond_window":
        return f"{term_label(rest, scenario)}, at the end of the window"
    if section == "at_outcome":
        outcome = scenario.outcomes.get(rest)
        said = (outcome and outcome.what) or words_of(scenario).of("outcome", rest)
        return f"{said}, within the window"
    if section in ONCE_LABELS:
        return ONCE_LABELS[section].get(rest, name)
    try:
        reference = parse_feature(name)
    except GrammarError:
        return spaced(name)
    if reference.name == "quantity":
        return words_of(scenario).feature(reference)
    return reference.feature.meaning.partition(";")[0]


def term_words(name: str, scenario: Scenario) -> str:
    """Return what tables and figures call a term, in a few words.

    Parameters
    ----------
    name : str
        As for `term_label`.
    scenario : Scenario
        Says what its entities are called.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> [term_words(name, toy) for name in ("counted(prisoners)", "beyond_window.talks", "at_outcome.settlement")]
    ['prisoners counted as freed', 'at the end: talks open', 'prospect of settlement']
    >>> term_words("once.breaks_pledge", toy), term_words("inertia", toy)
    ('once: breaking a pledge', 'inertia')
    """
    if name in COLUMN_WORDS:
        return COLUMN_WORDS[name]
    section, _, rest = name.partition(".")
    if section == "beyond_window":
        return f"at the end: {words_of(scenario).feature(rest)}"
    if section == "at_outcome":
        return f"prospect of {words_of(scenario).of('outcome', rest)}"
    if section in ONCE_WORDS:
        return ONCE_WORDS[section].get(rest, spaced(name))
    return words_of(scenario).feature(name)
