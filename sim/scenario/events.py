"""The kinds of events that a run's log holds: number, name, what the logged numbers stand for, and who is called.

A logged event is five numbers: ``tick``, ``kind``, ``entity``, ``other`` and ``value`` (`sim.model.log`). The table
`EVENTS` says what the last three stand for. What people read about a kind, its meaning and its sentence, is in
`sim.scenario.event_words`, which nothing that computes results imports: a changed word changes no result.

Numbers are part of compiled code and of run records: they are never reused for something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

RELEASE: Final = 1
COMMANDERS_FREED: Final = 2
PROGRAMME_DONE: Final = 3
DISPUTE_OPENS: Final = 4
DISPUTE_ENDS: Final = 5
OFFICE_CLAIMED_TWICE: Final = 6
OFFICE_RESOLVED: Final = 7
THREAT_EXECUTED: Final = 8
TALKS_OPENED: Final = 9
TALKS_BROKE_DOWN: Final = 10
OUTCOME: Final = 11
MASS_CASUALTY: Final = 12
PLEDGE_BROKEN: Final = 13
WITHDRAWAL_STEP: Final = 14
MILESTONE: Final = 15
MOVE: Final = 16
DECISION: Final = 17
SETTING: Final = 18
REPUTATION: Final = 19
RECALL: Final = 20
PREPARATION: Final = 21
HANDED_OVER: Final = 30
ALL_ACCEPTED: Final = 31
THREAT_MET: Final = 32
EVENT: Final = 22
PROFILE: Final = 23
SPLIT: Final = 24
DEFECTION: Final = 25

Row: TypeAlias = Literal[
    "", "actor", "event", "flow", "force", "foreign", "group", "office", "outcome", "setting", "milestone"
]
"""What a number of a logged event is the row of."""
Other: TypeAlias = Literal["", "actor", "flow", "move", "profile", "force", "target", "defection", "what is set"]
Called: TypeAlias = Literal[
    "",
    "the incumbents",
    "the other actors",
    "the claimant",
    "the threatened",
    "who threatened",
    "who answers it",
    "whom it names",
]


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of event.

    Attributes
    ----------
    number : int
        As logged.
    name : str
        As in the column ``kind`` of ``Run.events``.
    entity, other : str
        Of what the logged numbers `entity` and `other` are rows: an actor goes to the column ``actor``, a move of it to
        ``move``, anything else to ``entity``; empty if they stand for nothing.
    value : {"number", "move", ""}
        Whether the logged number `value` goes to the column ``value``, or is the row of a move for the column
        ``entity``; empty if it stands for nothing.
    calls : str
        Who is called to review one day later, if the mechanism ``triggers`` is on.
    """

    number: int
    name: str
    entity: Row = ""
    other: Other = ""
    value: Literal["", "number", "move"] = ""
    calls: Called = ""


EVENTS: Final[dict[int, Event]] = {
    event.number: event
    for event in (
        Event(DECISION, "decision", "actor", "move", "number"),
        Event(MOVE, "move", "actor", "move", "move", calls="who answers it"),
        Event(PREPARATION, "preparation", "group", "actor", "number"),
        Event(RELEASE, "release", "group", "", "number"),
        Event(COMMANDERS_FREED, "commanders_freed", "group", "", "number"),
        Event(PROGRAMME_DONE, "programme_done", "group", "actor", "number", calls="the claimant"),
        Event(HANDED_OVER, "handed_over", "group", "", "number"),
        Event(ALL_ACCEPTED, "all_accepted", "group", "actor", "number", calls="the claimant"),
        Event(RECALL, "recall", "group", "", "number"),
        Event(DISPUTE_OPENS, "dispute_opens", "group", "actor", "number"),
        Event(DISPUTE_ENDS, "dispute_ends", "group", "actor", "number"),
        Event(OFFICE_CLAIMED_TWICE, "office_claimed_twice", "office", "actor", "number"),
        Event(OFFICE_RESOLVED, "office_resolved", "office", "actor", "number"),
        Event(THREAT_EXECUTED, "threat_executed", "actor", "flow", "number", calls="the threatened"),
        Event(THREAT_MET, "threat_met", "actor", "flow", calls="who threatened"),
        Event(PLEDGE_BROKEN, "pledge_broken", "actor", "move", calls="the other actors"),
        Event(MASS_CASUALTY, "mass_casualty", "force", "target", "number", calls="the incumbents"),
        Event(REPUTATION, "reputation", "actor", "", "number"),
        Event(WITHDRAWAL_STEP, "withdrawal_step", "foreign", "", "number"),
        Event(TALKS_OPENED, "talks_opened"),
        Event(TALKS_BROKE_DOWN, "talks_broke_down"),
        Event(EVENT, "event", "event", "", "number", calls="whom it names"),
        Event(PROFILE, "profile", "actor", "profile"),
        Event(SPLIT, "split", "force", "force", "number"),
        Event(DEFECTION, "defection", "force", "defection"),
        Event(SETTING, "setting", "setting", "what is set", "number"),
        Event(MILESTONE, "milestone", "milestone"),
        Event(OUTCOME, "outcome", "outcome"),
    )
}
"""By number, in the order in which a reader meets them in a run."""
EVENT_BY_NAME: Final[dict[str, Event]] = {event.name: event for event in EVENTS.values()}
