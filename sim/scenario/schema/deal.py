"""The deal: captives, withdrawal, talks, deadlines, pledges, and the hazards of its outcomes.

Every section is optional, and a number that is left out is the one that does nothing (a factor of 1, an addend of 0),
so that a file says only what its deal has.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

from pydantic import Discriminator, Field, Tag

from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.schema.fields import (
    Amount,
    Beta,
    Dated,
    DateFromStart,
    Day,
    Exponent,
    Factor,
    Listing,
    Name,
    Named,
    Number,
    Positive,
    Rate,
    Section,
    Shape,
    Share,
    Text,
    When,
)


def _probability_kind(value: Any) -> str:
    return "drawn" if isinstance(value, dict | Beta) else "fixed"


Probability: TypeAlias = Annotated[
    Annotated[Share, Tag("fixed")] | Annotated[Beta, Tag("drawn")], Discriminator(_probability_kind)
]


# --- captives ------------------------------------------------------------------------------------------------------
class SetupLag(Section):
    """Time from the first release move to the first release: gamma distributed, drawn once a run."""

    mean: Positive = Field(description="mean (days)")
    shape: Shape = Field(description="shape; 1 is exponential, larger is less spread")


class CountedAtOnce(Section):
    """Share of those freed that the claimant recognises at once, by whose list was followed."""

    own: Share = Field(default=1.0, description="share of the holder's own picks")
    claimant: Share = Field(default=1.0, description="share of the claimant's list")


class GuaranteeFactors(Section):
    """Factor on the probability of return, by the guarantee that those freed gave."""

    none: Factor = Field(default=1.0, description="without any")
    written: Factor = Field(default=1.0, description="with a written guarantee")
    written_biometric: Factor = Field(default=1.0, description="with a written guarantee and biometric data")


class Returns(Section):
    """How those freed go back to fighting."""

    to: Name = Field(description="the force they return to")
    probability: Probability = Field(description="that one of them returns, or its distribution over runs")
    delay_days: Positive = Field(description="mean time until they do (days)")
    risk_at_first: Factor = Field(default=1.0, description="factor for the first to be freed")
    risk_per_share_freed: Factor = Field(default=0.0, description="added to the factor as the share freed goes to 1")
    guarantee: GuaranteeFactors = Field(default=GuaranteeFactors(), description="factor by guarantee")


class Commanders(Section):
    """Commanders among the captives, who return at once and are worth many fighters."""

    held: Amount = Field(description="commanders held at the start (persons)")
    fighters_each: Amount = Field(description="fighters that each is worth")


class ReleaseCost(Section):
    """Political cost to the holder of each 1,000 freed: base (1 + hardest_last (freed/promised)^exponent) x factors."""

    base: Factor = Field(description="util per 1,000")
    hardest_last: Factor = Field(
        default=0.0, description="by how much the cost has grown when the promise is fulfilled"
    )
    exponent: Exponent = Field(default=1.0, description="how late it grows")
    claimant_list: Factor = Field(default=1.0, description="factor when the claimant's list is followed")
    if_quiet: Factor = Field(default=1.0, description="factor while the claimant holds fire")
    if_not_quiet: Factor = Field(default=1.0, description="factor while it does not")
    if_talks_open: Factor = Field(default=1.0, description="factor while talks are open")


class Dispute(Section):
    """A quarrel over who was freed, which blocks talks and moves marked blocked_by_dispute."""

    opens_per_day: Rate = Field(description="hazard while too many are uncounted (per day)")
    if_uncounted_over: Amount = Field(default=0.0, description="persons freed and not counted above which it can open")
    mean_days: Positive = Field(description="mean length (days)")


class Reciprocity(Section):
    """A group that is freed in return for another."""

    group: Name = Field(description="the other group")
    per_captive: Rate = Field(description="persons of this group for each person freed of the other")


class CaptiveGroup(Section):
    """A group of captives, who holds it, who claims it, and what was promised."""

    holder: Name = Field(description="the actor that holds them")
    claimant: Name = Field(description="the actor whose people they are")
    held: Positive = Field(description="held at the start (persons)")
    promised: Positive = Field(description="promised to be freed and counted (persons)")
    cap_freed: Positive | None = Field(
        default=None, description="most that the holder would free; without it, all held"
    )
    vetting_per_day: Positive | None = Field(
        default=None, description="most that can be processed a day; without it, no cap"
    )
    setup_lag_days: SetupLag | None = Field(default=None, description="time before the first release")
    counted_at_once: CountedAtOnce = Field(default=CountedAtOnce(), description="share recognised at once")
    verify_backlog_days: Positive | None = Field(
        default=None, description="mean time until one not recognised at once is counted (days); without it, never"
    )
    returns: Returns | None = Field(default=None, description="how those freed go back to fighting")
    commanders: Commanders | None = Field(default=None, description="commanders among them")
    cost_per_1000: ReleaseCost | None = Field(default=None, description="political cost of releasing")
    dispute: Dispute | None = Field(default=None, description="quarrels over who was freed")
    reciprocates: Reciprocity | None = Field(default=None, description="freed in return for another group")


# --- withdrawal ----------------------------------------------------------------------------------------------------
class WithdrawalStep(Dated):
    """A number of troops that may be left on a day."""

    left: Amount = Field(description="troops left on that day (persons)")


class Withdrawal(Section):
    """Foreign troops and the schedule by which they leave."""

    owner: Name = Field(description="the actor whose troops they are")
    start: Positive = Field(description="troops at the start (persons)")
    steps: Listing[WithdrawalStep] = Field(default=(), description="the schedule, in order of time")
    pace: Factor = Field(default=1.0, description="factor on the scheduled pace, which a shock may set")


# --- talks, deadlines, pledges -------------------------------------------------------------------------------------
class Talks(Section):
    """The talks that the deal provides for."""

    between: Listing[Name] = Field(description="the parties")
    due: DateFromStart | None = Field(default=None, description="the date agreed for their start")
    opens_when: When | None = Field(default=None, description="what must hold for them to open")
    technical_share: Share = Field(
        default=1.0, description="pace of opening while a party holds technical contacts only"
    )


class Deadline(Dated):
    """A day on which the deal calls actors to decide."""

    what: Text = Field(description="what falls due")
    reviews: Listing[Name] = Field(description="the actors that review their move, in this order")


class Pledge(Section):
    """A promise that is seen to be kept or broken."""

    by: Name = Field(description="the actor that gave it")
    kept_while: When = Field(description="what must hold for it to be kept")
    what: Text = Field(description="the promise in words")


# --- outcomes ------------------------------------------------------------------------------------------------------
class TalksOpen(Section):
    """Hazard of talks opening once their preconditions hold: per_day (1 - dual_office [office split])."""

    per_day: Rate = Field(description="hazard (per day)")
    dual_office: Share = Field(default=0.0, description="share lost while an office is claimed twice")


class Breakdown(Section):
    """Hazard of talks breaking down: per_day x attacks over their reference, and more while a party refuses."""

    per_day: Rate = Field(description="hazard at the reference of violence (per day)")
    refused_per_day: Rate = Field(default=0.0, description="added while a party to the talks refuses (per day)")
    after_mass_casualty: Share = Field(default=0.0, description="probability that a mass-casualty attack breaks talks")


class SettlementHazard(Section):
    """Hazard of a settlement while talks are open, with trust b, troops W and attacks x over its reference.

    per_day (trust_floor + (1 - trust_floor) b) (troops_floor + (1 - troops_floor) W/W0) (1 - dual_office [split])
    (violence_offset - violence_slope x)+
    """

    when: When | None = Field(default=None, description="no settlement unless this holds")
    per_day: Rate = Field(description="hazard (per day)")
    trust_floor: Share = Field(default=1.0, description="share left without any trust")
    troops_floor: Share = Field(default=1.0, description="share left without foreign troops")
    dual_office: Share = Field(default=0.0, description="share lost while an office is claimed twice")
    violence_offset: Factor = Field(default=1.0, description="factor without any violence")
    violence_slope: Factor = Field(default=0.0, description="what the reference of violence takes off it")


class DealVoid(Section):
    """Hazard of the deal being declared void: per_day x factors x (trust_offset - b)."""

    per_day: Rate = Field(description="hazard (per day)")
    if_surge: Factor = Field(default=1.0, description="factor while a challenger surges")
    otherwise: Factor = Field(default=1.0, description="factor while none does")
    if_paused: Factor = Field(default=1.0, description="factor while the withdrawal is paused")
    talks_relief: Share = Field(default=0.0, description="share taken off while talks are open")
    trust_offset: Annotated[float, Field(ge=1, le=1e6)] = Field(default=1.5, description="1.5 is neutral at even odds")
    until_day: Day | None = Field(default=None, description="last day on which it can happen; without it, the horizon")


class CivilWar(Section):
    """Hazard of the incumbents' side fighting itself: per_day [split] logistic((midpoint - cohesion) / width)."""

    per_day: Rate = Field(description="hazard with no cohesion left (per day)")
    cohesion_midpoint: Number = Field(description="cohesion at which the hazard is half of that")
    cohesion_width: Positive = Field(description="how sharply it rises")


class Collapse(Section):
    """Hazard of the incumbents' forces giving way: per_day logistic((balance - midpoint) / width) [few troops]."""

    per_day: Rate = Field(description="hazard when all is lost (per day)")
    balance_midpoint: Number = Field(description="balance of force at which the hazard is half of that")
    balance_width: Positive = Field(description="how sharply it rises")
    troops_below_share: Factor = Field(
        default=2.0, description="only while less than this share of foreign troops is left; 2 is always"
    )


class Outcomes(Section):
    """Hazards of the outcomes; one that is left out cannot happen."""

    talks_open: TalksOpen | None = Field(default=None, description="talks open")
    breakdown: Breakdown | None = Field(default=None, description="talks break down and may reopen")
    settlement: SettlementHazard | None = Field(default=None, description="the parties agree")
    deal_void: DealVoid | None = Field(default=None, description="the deal is declared void")
    civil_war: CivilWar | None = Field(default=None, description="the incumbents' side fights itself")
    government_collapse: Collapse | None = Field(default=None, description="the incumbents' forces give way")


class Deal(Section):
    """What was agreed, and how it can end."""

    captives: Named[CaptiveGroup] = Field(default_factory=FrozenDict, description="groups of captives")
    withdrawal: Named[Withdrawal] = Field(default_factory=FrozenDict, description="foreign troops and their schedules")
    talks: Talks | None = Field(default=None, description="the talks")
    deadlines: Listing[Deadline] = Field(default=(), description="days on which something falls due")
    pledges: Listing[Pledge] = Field(default=(), description="promises that are seen to be kept or broken")
    outcomes: Outcomes = Field(default=Outcomes(), description="hazards per day")
