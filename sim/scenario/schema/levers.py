"""Levers and moves: what an actor can do, and the named bundles of settings it chooses between.

A lever is one thing that an actor controls. A move sets some of them and stands until the actor's next epoch; a lever
that a move does not name is at rest. Which levers an actor has follows from the rest of the file: who holds a group can
release it, who has insurgents sets their violence, who owns foreign troops draws them down.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag

from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.schema.fields import (
    Amount,
    Factor,
    Listing,
    Name,
    Named,
    Positive,
    Rate,
    Section,
    Share,
    Switch,
    Text,
    Util,
    When,
)


def _none(value: Any) -> Any:
    """Take the word none for a lever at rest."""
    return None if isinstance(value, str) and value == "none" else value


class LaterBatches(Section):
    """What goes on after the first stage."""

    amount: Positive = Field(description="persons or units in each further batch")
    every_days: Positive = Field(description="days between batches")
    until: Positive | None = Field(
        default=None,
        description="persons or units let go since the start after which they end; without it, all that was promised",
    )
    when: When | None = Field(default=None, description="a batch is let go only while this holds")


class Tranche(Section):
    """One of several parts, each with its own pace and condition; the next begins when this one is out."""

    until: Positive | None = Field(default=None, description="persons or units let go since the start once it is out")
    until_share: Annotated[float, Field(gt=0, le=1)] | None = Field(
        default=None, description="the same as a share of what was promised (or give until)"
    )
    per_day: Positive | None = Field(default=None, description="persons or units a day, before caps")
    over_days: Positive | None = Field(default=None, description="days over which it is spread (or give per_day)")
    when: When | None = Field(default=None, description="it goes on only while this holds")


class HandOver(Section):
    """Setting of the lever hand_over for one stock: at a pace, in two stages or in tranches.

    A tranche without `per_day` and `over_days` is let go at once.
    """

    per_day: Rate | None = Field(default=None, description="persons or units a day, before caps")
    over_days: Positive | None = Field(
        default=None, description="days over which all that was promised is spread (or give per_day)"
    )
    until: Positive | None = Field(
        default=None, description="persons or units let go in this first stage; without it, all that was promised"
    )
    then: LaterBatches | None = Field(default=None, description="what follows the first stage; without it, nothing")
    tranches: Listing[Tranche] = Field(default=(), description="parts in order, in place of all of the above")


class Release(HandOver):
    """Setting of the lever release: captives of a group go free."""

    list: Literal["own", "claimant"] = Field(description="whose list of persons is followed")
    group: Name | None = Field(default=None, description="which group, if the actor holds several")
    commanders: Literal["first", "pro_rata", "none"] | None = Field(
        default=None, description="whether commanders go first, with the others in proportion, or not at all"
    )


class Drawdown(Section):
    """Setting of the lever drawdown: foreign troops leave at a multiple of the schedule."""

    pace: Factor = Field(description="multiple of the scheduled pace")


class Pressure(Section):
    """Setting of the lever pressure: a public threat, with what ends it and what executes it."""

    on: Name = Field(description="the actor that is threatened")
    until: When = Field(description="what meets the threat")
    cut: Name = Field(description="the aid flow that is cut if it is executed")
    expects: Name = Field(description="the move that the threatener expects in answer")
    gives_in: Share = Field(default=1.0, description="probability with which the threatener expects that answer")


class Recall(Section):
    """Setting of the lever recall: freed captives are taken back into custody."""

    per_day: Rate = Field(default=0.0, description="persons a day, whoever they are")
    returned_per_day: Rate = Field(
        default=0.0,
        description="hazard of being recalled of each who went back to fighting, as of a licence revoked (per day)",
    )
    group: Name | None = Field(default=None, description="which group, if the actor holds several")


def _drawdown_kind(value: Any) -> str:
    return "word" if isinstance(value, str) else "pace"


DrawdownSetting: TypeAlias = Annotated[
    Annotated[Literal["schedule", "none"], Tag("word")] | Annotated[Drawdown, Tag("pace")],
    Discriminator(_drawdown_kind),
]


class Move(Section):
    """A named bundle of lever settings, with its guard, its cooldown and its cost."""

    label: Text | None = Field(
        default=None, description="what tables, figures and stories call it; without it, its name"
    )
    release: Annotated[
        Release | None, BeforeValidator(_none, json_schema_input_type=Release | Literal["none"] | None)
    ] = Field(default=None, description="captives go free, or none")
    violence: Name | None = Field(default=None, description="posture of the actor's insurgents")
    posture: Literal["defence", "offence"] | None = Field(default=None, description="of the actor's regular forces")
    talks: Literal["refuse", "technical", "sit"] | None = Field(
        default=None, description="how the actor sits at the talks"
    )
    drawdown: DrawdownSetting | None = Field(default=None, description="foreign troops leave: schedule, none or a pace")
    aid: Share | None = Field(default=None, description="share of the aid promised that is paid")
    support: Name | None = Field(
        default=None, description="level of air support, a key of world.contest.support_levels"
    )
    guarantee: Literal["none", "written", "written_biometric"] | None = Field(
        default=None, description="what those freed sign or give"
    )
    pressure: Pressure | None = Field(default=None, description="a public threat")
    recall: Recall | None = Field(default=None, description="freed captives are taken back into custody")
    hand_over: Named[HandOver] = Field(
        default_factory=FrozenDict, description="stocks of deal.stocks, each at its own pace"
    )
    admit: Switch | None = Field(
        default=None, description="whether those who count what this actor lets go may count; without it, yes"
    )
    verify: Switch | None = Field(
        default=None, description="whether this actor counts what others let go; without it, yes"
    )
    single_team: Switch = Field(
        default=False, description="the two claimants of a split office send one team to the talks"
    )
    offer: Switch = Field(default=False, description="an offer to the rival claimant of a split office")
    blocked_by_dispute: Switch = Field(default=False, description="not legal while the actor disputes who was freed")
    when: When | None = Field(default=None, description="legal only if this holds at the epoch")
    expects: Named[Name] = Field(
        default_factory=FrozenDict,
        description="for other actors the move of theirs that valuations assume in answer, if it is legal then",
    )
    cooldown_days: Amount = Field(default=0.0, description="days before it can be chosen again after it was left")
    cost_util: Util = Field(default=0.0, description="one-off cost of choosing it (util)")


Means: TypeAlias = Literal[
    "groups", "stocks", "held", "claims", "insurgents", "regulars", "talks", "foreign", "flows", "split_offices"
]
"""What an actor must have to have a lever."""
MEANS: Final[dict[Means, str]] = {
    "groups": "a group of captives that it holds",
    "stocks": "a stock that it hands over",
    "held": "a group of captives or a stock that it holds",
    "claims": "a group of captives or a stock that it claims",
    "insurgents": "an insurgent force",
    "regulars": "a regular force",
    "talks": "a seat at deal.talks",
    "foreign": "foreign troops of deal.withdrawal",
    "flows": "an aid flow that it pays",
    "split_offices": "an office with two claimants",
}

LEVERS: Final[dict[str, Means]] = {
    "release": "groups",
    "violence": "insurgents",
    "posture": "regulars",
    "talks": "talks",
    "drawdown": "foreign",
    "aid": "flows",
    "support": "foreign",
    "guarantee": "groups",
    "pressure": "flows",
    "recall": "groups",
    "hand_over": "stocks",
    "admit": "held",
    "verify": "claims",
    "single_team": "split_offices",
    "offer": "split_offices",
}
"""For each lever what an actor must have for it. A setting with a key ``group`` or ``force`` acts on one of them."""
