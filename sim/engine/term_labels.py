"""What the terms of a move's value mean, in words that people use; features as the glossary says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.scenario.feature_reference import GrammarError, parse_feature
from sim.scenario.words import spaced, words_of

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

COLUMN_TERMS: Final[dict[str, tuple[str, str]]] = {
    "release_cost": ("political cost of the captives that it would free", "cost of letting captives go"),
    "at_once": ("what the change costs at once: its own cost and audience costs", "cost of changing the move"),
    "at_outcome": ("how the run may end within the window, worth times probability", "outcomes"),
    "beyond_window": ("what would stand at the end of the window", "what stands at the end"),
    "inertia": ("bonus of the move that stands", "inertia"),
    "remembered": ("what earlier play has taught", "earlier play"),
    "played_ahead": ("what it brought in worlds played ahead", "worlds played ahead"),
}
"""Parts of a value that are no feature of the payoff, by the names of `sim.model.columns`: meaning, and a few words."""
ONCE_TERMS: Final[dict[str, tuple[str, str]]] = {
    "once.changes_course": ("cost at once of any change of course", "once: changing course"),
    "once.reverses_refusal": ("cost at once of reversing a public refusal to release", "once: reversing a refusal"),
    "once.releases_before_talks": (
        "cost at once of the first release before talks are open",
        "once: first release before talks",
    ),
    "once.breaks_pledge": ("cost at once of breaking a pledge", "once: breaking a pledge"),
    "moves.cost_util": ("the move's own cost at once", "once: cost of the move"),
}
"""Parts of what a change costs at once, by section and key of the scenario: meaning, and a few words."""
NAMED_TERMS: Final = COLUMN_TERMS | ONCE_TERMS


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
    if name in NAMED_TERMS:
        return NAMED_TERMS[name][0]
    section, _, rest = name.partition(".")
    if section == "beyond_window":
        return f"{term_label(rest, scenario)}, at the end of the window"
    if section == "at_outcome":
        outcome = scenario.outcomes.get(rest)
        said = (outcome and outcome.what) or words_of(scenario).of("outcome", rest)
        return f"{said}, within the window"
    if section == "terms":
        end, _, feature = rest.partition(".")
        return f"{term_label(feature, scenario)}, when {words_of(scenario).of('outcome', end)} comes"
    try:
        reference = parse_feature(name)
    except GrammarError:
        return spaced(name)
    if reference.name == "quantity":
        return words_of(scenario).feature(reference)
    meaning = reference.feature.meaning.partition(";")[0]
    if reference.feature.by_target and len(reference.args) > 1:
        return f"{meaning}, on {words_of(scenario).of('target', reference.args[1])}"
    return meaning


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
    if name in NAMED_TERMS:
        return NAMED_TERMS[name][1]
    section, _, rest = name.partition(".")
    if section == "beyond_window":
        return f"at the end: {words_of(scenario).feature(rest)}"
    if section == "at_outcome":
        return f"prospect of {words_of(scenario).of('outcome', rest)}"
    if section == "terms":
        outcome, _, feature = rest.partition(".")
        return f"terms of {words_of(scenario).of('outcome', outcome)}: {words_of(scenario).feature(feature)}"
    return words_of(scenario).feature(name)
