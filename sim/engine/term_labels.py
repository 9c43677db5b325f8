"""What the terms of a move's value mean, in words that people use; features as the glossary says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.scenario.feature_reference import GrammarError, parse_feature

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
"""Parts of a value that are no feature of the payoff, by the names of `sim.model.columns`."""
ONCE_LABELS: Final[dict[str, dict[str, str]]] = {
    "once": {
        "reverses_refusal": "cost at once of reversing a public refusal to release",
        "releases_before_talks": "cost at once of the first release before talks are open",
        "breaks_pledge": "cost at once of breaking a pledge",
    },
    "moves": {"cost_util": "the move's own cost at once"},
}
"""Parts of what a change costs at once, by section and key of the scenario."""


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
        said = outcome and (outcome.what or outcome.label)
        return f"{said or rest.replace('_', ' ')}, within the window"
    if section in ONCE_LABELS:
        return ONCE_LABELS[section].get(rest, name)
    try:
        reference = parse_feature(name)
    except GrammarError:
        return name.replace("_", " ")
    if reference.name == "quantity" and reference.args[0] in scenario.quantities:
        return scenario.quantities[reference.args[0]].label or reference.args[0].replace("_", " ")
    return reference.feature.meaning.partition(";")[0]


def short_name(name: str) -> str:
    """Return what tables call a term: parts of sums begin with the word for their sum.

    Examples
    --------
    >>> [short_name(name) for name in ("beyond_window.talks", "at_outcome.settlement", "once.breaks_pledge", "talks")]
    ['end: talks', 'if: settlement', 'once: breaks_pledge', 'talks']
    """
    for section, word in (("beyond_window", "end"), ("at_outcome", "if"), ("once", "once"), ("moves", "once")):
        if name.startswith(f"{section}."):
            return f"{word}: {name.removeprefix(f'{section}.')}"
    return name
