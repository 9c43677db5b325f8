"""What people read about each kind of event: its meaning for the glossary and its sentence in a story.

Only pages and texts import these words, nothing that computes results: rewording a sentence is no change of the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sim.scenario import events


@dataclass(frozen=True, slots=True)
class EventWords:
    """One kind of event in words.

    Attributes
    ----------
    meaning : str
        One line for the glossary.
    about : str
        What the columns ``actor``, ``move`` and ``entity`` hold.
    value : str
        What the column ``value`` holds, with its unit; empty if nothing.
    sentence : str
        A template with the fields ``actor``, ``entity``, ``move``, ``value``; ``s`` and ``are``, the plural of `value`;
        ``unit``, what a group or stock is counted in, empty for persons; ``first``, before the first of its kind; and
        ``deaths``, empty where `value` is 0.
    quiet : bool
        Whether a story leaves it out.
    """

    meaning: str
    about: str
    value: str
    sentence: str
    quiet: bool = False

    def fill(
        self, actor: str, entity: str, move: str, value: float, unit: str = "persons", *, first: bool = False
    ) -> str:
        """Fill in the sentence."""
        one = value == 1.0
        deaths = f" ({value:.0f} death{'' if one else 's'})" if value > 0.0 else ""
        return self.sentence.format(
            actor=actor,
            entity=entity,
            move=move,
            value=value,
            s="" if one else "s",
            are="is" if one else "are",
            deaths=deaths,
            first="first " if first else "",
            unit="" if unit in ("", "persons") else f"{unit} ",
        )


EVENT_WORDS: Final[dict[int, EventWords]] = {
    events.DECISION: EventWords(
        "an actor chose among its legal moves; `detail` holds every value, term and probability",
        "actor, move chosen",
        "its luck, a Gumbel number",
        "{actor} chooses {move} (luck {value:+.3f})",
        quiet=True,
    ),
    events.MOVE: EventWords(
        "another move stands from now on",
        "actor, new move; entity: the old one",
        "",
        "{actor} turns from {entity} to {move}",
    ),
    events.PREPARATION: EventWords(
        "the set-up lag of a release programme is over",
        "actor: holder; entity: group",
        "",
        "{actor} is ready to free the {entity}",
        quiet=True,
    ),
    events.RELEASE: EventWords(
        "captives go free in this step",
        "entity: group",
        "persons",
        "{first}{value:,.0f} {unit}of the {entity} {are} freed",
    ),
    events.COMMANDERS_FREED: EventWords(
        "commanders among them", "entity: group", "persons", "{value:.0f} commander{s} {are} freed among the {entity}"
    ),
    events.PROGRAMME_DONE: EventWords(
        "the claimant counts all that were promised",
        "actor: claimant; entity: group",
        "persons freed so far",
        "{actor} counts all promised {entity} as freed",
    ),
    events.HANDED_OVER: EventWords(
        "part of a stock is handed over in this step; of a divisible one only the first part is noted",
        "entity: stock",
        "units",
        "{entity}: {first}{value:,.6g} {unit}handed over",
    ),
    events.ALL_ACCEPTED: EventWords(
        "all that was promised of a stock is handed over and counted",
        "actor: who counts, if anybody does; entity: stock",
        "units handed over so far",
        "{entity}: all that was promised is handed over",
    ),
    events.RECALL: EventWords(
        "freed captives are taken back into custody",
        "entity: group",
        "persons",
        "{first}{value:,.0f} {unit}of the {entity} {are} recalled",
    ),
    events.DISPUTE_OPENS: EventWords(
        "the claimant disputes who was freed",
        "actor: claimant; entity: group",
        "",
        "{actor} disputes who was freed of the {entity}",
    ),
    events.DISPUTE_ENDS: EventWords(
        "the dispute is over", "actor: claimant; entity: group", "", "the dispute over the {entity} ends"
    ),
    events.OFFICE_CLAIMED_TWICE: EventWords(
        "two claimants hold one office from now on",
        "actor: its side; entity: office",
        "",
        "the {entity} is claimed twice",
    ),
    events.OFFICE_RESOLVED: EventWords(
        "one claimant is left, or both share it",
        "actor: its side; entity: office",
        "",
        "the rivals share the {entity}",
    ),
    events.THREAT_EXECUTED: EventWords(
        "a standing threat is carried out: the flow is cut once",
        "actor; entity: aid flow",
        "USD bn per year",
        "{actor} cuts {entity} by {value:g} bn USD a year",
    ),
    events.THREAT_MET: EventWords(
        "what a standing threat demands is done, and the threat is over",
        "actor; entity: aid flow",
        "",
        "{actor} drops its threat to cut {entity}: what it demanded is done",
    ),
    events.PLEDGE_BROKEN: EventWords(
        "a move breaks one of the actor's pledges", "actor, move", "", "{actor} breaks a pledge with {move}"
    ),
    events.MASS_CASUALTY: EventWords(
        "attacks of one step on one target shock the incumbents, who are called to review",
        "entity: force, and its target if it declares any, as in `fighters on cities`",
        "deaths of the worst attack of the step; 0 if the force has no `mass_casualty_deaths`",
        "mass-casualty attack by {entity}{deaths}",
    ),
    events.REPUTATION: EventWords(
        "the public indices of an actor with insurgents were reviewed",
        "actor",
        "attacks attributed to it since the last review",
        "{value:,.0f} attacks are laid at the door of {actor}",
        quiet=True,
    ),
    events.WITHDRAWAL_STEP: EventWords(
        "foreign troops are down to a step of the schedule",
        "entity: foreign force",
        "persons left",
        "{entity} are down to {value:,.0f}",
    ),
    events.TALKS_OPENED: EventWords("talks between the parties open", "", "", "talks open"),
    events.TALKS_BROKE_DOWN: EventWords("talks close again; they may reopen", "", "", "talks break down"),
    events.EVENT: EventWords(
        "an event of the scenario happens, or one of its alternatives",
        "entity: the event or alternative",
        "how often it has happened by now",
        "{entity}",
    ),
    events.PROFILE: EventWords(
        "an actor wants and decides by another profile from now on",
        "actor; entity: the profile",
        "",
        "{actor} is now {entity}",
        quiet=True,
    ),
    events.SPLIT: EventWords(
        "an event lets a share of a force go over to another",
        "entity: the force that they join",
        "fighters (thousand)",
        "{value:g} thousand fighters go over to the {entity}",
    ),
    events.DEFECTION: EventWords(
        "fighters begin to go over from one force to another, day by day",
        "entity: the defection",
        "",
        "{entity}",
    ),
    events.SETTING: EventWords(
        "an event of the scenario sets a number",
        "entity: what is set",
        "the new value",
        "{entity} set to {value:g}",
        quiet=True,
    ),
    events.MILESTONE: EventWords(
        "a milestone's condition holds for the first time", "entity: milestone", "", "milestone reached: {entity}"
    ),
    events.OUTCOME: EventWords("the run ends", "entity: outcome", "", "outcome: {entity}"),
}
