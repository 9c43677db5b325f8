"""The kinds of events that a run's log holds: what each says, about whom, and in which unit.

The kernel gives each kind its number (`sim.kernel.log`); this list says what readers of ``Run.events`` see in its
columns ``actor``, ``move``, ``entity`` and ``value``. A test holds both lists to one another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event.

    Attributes
    ----------
    name : str
        As in the column ``kind``.
    meaning : str
        One line for the glossary.
    about : str
        What the columns ``actor``, ``move`` and ``entity`` hold.
    value : str
        What the column ``value`` holds, with its unit; empty if nothing.
    """

    name: str
    meaning: str
    about: str
    value: str = ""


EVENT_KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "decision",
        "an actor chose among its legal moves; `detail` holds every value, term and probability",
        "actor, move chosen",
        "the uniform draw",
    ),
    EventKind("move", "another move stands from now on", "actor, new move; entity: the old one"),
    EventKind("preparation", "the set-up lag of a release programme is over", "actor: holder; entity: group"),
    EventKind("release", "captives go free in this step", "entity: group", "persons"),
    EventKind("commanders_freed", "commanders among them", "entity: group", "persons"),
    EventKind(
        "programme_done",
        "the claimant counts all that were promised",
        "actor: claimant; entity: group",
        "persons freed so far",
    ),
    EventKind("recall", "freed captives are taken back into custody", "entity: group", "persons"),
    EventKind("dispute_opens", "the claimant disputes who was freed", "actor: claimant; entity: group"),
    EventKind("dispute_ends", "the dispute is over", "actor: claimant; entity: group"),
    EventKind("office_claimed_twice", "two claimants hold one office from now on", "actor: its side; entity: office"),
    EventKind("office_resolved", "one claimant is left, or both share it", "actor: its side; entity: office"),
    EventKind(
        "threat_executed",
        "a standing threat is carried out: the flow is cut once",
        "actor; entity: aid flow",
        "USD bn per year",
    ),
    EventKind("pledge_broken", "a move breaks one of the actor's pledges", "actor, move"),
    EventKind(
        "mass_casualty",
        "attacks of one step shock the incumbents, who are called to review",
        "entity: force",
        "deaths of the worst attack of the step; 0 if the force has no `mass_casualty_deaths`",
    ),
    EventKind(
        "reputation",
        "the public indices of an actor with insurgents were reviewed",
        "actor",
        "attacks attributed to it since the last review",
    ),
    EventKind(
        "withdrawal_step", "foreign troops are down to a step of the schedule", "entity: foreign force", "persons left"
    ),
    EventKind("talks_opened", "talks between the parties open", ""),
    EventKind("talks_broke_down", "talks close again; they may reopen", ""),
    EventKind("shock", "a dated shock of the scenario sets a number", "entity: what is set", "the new value"),
    EventKind("waypoint", "a waypoint's condition holds for the first time", "entity: waypoint"),
    EventKind("outcome", "the run ends", "entity: outcome"),
)
