"""The deal: captives, withdrawal, talks, deadlines, promises, and its outcomes.

Every section is optional, and a number that is left out is the one that does nothing (a factor of 1, an addend of 0),
so that a file says only what its deal has.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import Discriminator, Field, Tag

from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.schema.fields import (
    Amount,
    Beta,
    Dated,
    DateFromStart,
    Exponent,
    Factor,
    Listing,
    Name,
    Named,
    Positive,
    Rate,
    Section,
    Shape,
    Share,
    Switch,
    Text,
    When,
)
from sim.scenario.schema.outcomes import Breakdown, Hazard, Outcome
from sim.scenario.schema.promise import Promise


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
    """A group or stock that is let go in return for another."""

    group: Name = Field(description="the other group or stock")
    per_captive: Rate = Field(description="units of this one for each unit let go of the other")


class Programme(Section):
    """Something that one actor holds and another claims or counts, and that changes hands bit by bit."""

    label: Text | None = Field(
        default=None, description="what tables, figures and stories call it; without it, its name"
    )
    cap_freed: Positive | None = Field(default=None, description="most that the holder would let go; without it, all")
    vetting_per_day: Positive | None = Field(
        default=None, description="most that can be processed a day; without it, no cap"
    )
    setup_lag_days: SetupLag | None = Field(default=None, description="time before the first of it")
    verify_backlog_days: Positive | None = Field(
        default=None, description="mean time until one not recognised at once is counted (days); without it, never"
    )
    returns: Returns | None = Field(default=None, description="how those let go go back to fighting")
    cost_per_1000: ReleaseCost | None = Field(default=None, description="political cost to the holder")
    dispute: Dispute | None = Field(default=None, description="quarrels over what was let go and is not counted")
    reciprocates: Reciprocity | None = Field(default=None, description="let go in return for another group or stock")


class CaptiveGroup(Programme):
    """A group of captives, who holds it, who claims it, and what was promised."""

    holder: Name = Field(description="the actor that holds them")
    claimant: Name = Field(description="the actor whose people they are")
    held: Positive = Field(description="held at the start (persons)")
    promised: Positive = Field(description="promised to be freed and counted (persons)")
    unit: Text = Field(default="persons", description="what they are counted in, such as weapons")
    counted_at_once: CountedAtOnce = Field(default=CountedAtOnce(), description="share recognised at once")
    commanders: Commanders | None = Field(default=None, description="commanders among them")

    @property
    def shares_at_once(self) -> tuple[float, float]:
        """Shares recognised at once of the holder's own picks and of the claimant's list."""
        return self.counted_at_once.own, self.counted_at_once.claimant


class Stock(Programme):
    """Anything else that is handed over bit by bit: arms, fighters who leave their force, money, land.

    Arms take their share out of the force's attacks and of the balance of force; men take their number out of its
    strength. Anything else does what payoffs, conditions, escrow and hazards read off it.
    """

    holder: Name = Field(description="the actor that hands it over")
    claimant: Name | None = Field(
        default=None, description="the actor that counts it; without it, all that is handed over counts at once"
    )
    held: Positive = Field(description="there is at the start (units)")
    promised: Positive | None = Field(default=None, description="promised to be handed over (units); without it, all")
    unit: Text = Field(default="units", description="what it is counted in, such as weapons")
    divisible: Switch = Field(default=False, description="handed over in any fraction, as money or shares are")
    arms_of: Name | None = Field(default=None, description="the insurgent force whose arms these are, all of them")
    men_of: Name | None = Field(default=None, description="the force whose fighters these are (persons)")
    counted_at_once: Share = Field(default=1.0, description="share that the claimant recognises at once")
    commanders: ClassVar[None] = None

    @property
    def shares_at_once(self) -> tuple[float, float]:
        """Shares recognised at once: the same whatever the list."""
        return (self.counted_at_once, self.counted_at_once) if self.claimant is not None else (1.0, 1.0)


# --- withdrawal ----------------------------------------------------------------------------------------------------
class WithdrawalStep(Dated):
    """A number of troops that may be left on a day."""

    left: Amount = Field(description="troops left on that day (persons)")


class Withdrawal(Section):
    """Foreign troops and the schedule by which they leave."""

    label: Text | None = Field(
        default=None, description="what tables, figures and stories call them; without it, their name"
    )
    owner: Name = Field(description="the actor whose troops they are")
    start: Positive = Field(description="troops at the start (persons)")
    steps: Listing[WithdrawalStep] = Field(default=(), description="the schedule, in order of time")
    pace: Factor = Field(default=1.0, description="factor on the scheduled pace, which an event may set")


# --- talks, deadlines -----------------------------------------------------------------------------------------------
class Talks(Section):
    """The talks that the deal provides for."""

    between: Listing[Name] = Field(description="the parties")
    due: DateFromStart | None = Field(default=None, description="the date agreed for their start")
    opens_when: When | None = Field(default=None, description="what must hold for them to open")
    opens: Hazard | None = Field(default=None, description="hazard of opening then; without it, they never open")
    breaks_down: Breakdown | None = Field(default=None, description="what breaks them down; they may reopen")
    technical_share: Share = Field(
        default=1.0, description="pace of opening while a party holds technical contacts only"
    )


class Deadline(Dated):
    """A day on which the deal calls actors to decide."""

    what: Text = Field(description="what falls due")
    reviews: Listing[Name] = Field(description="the actors that review their move, in this order")


class Deal(Section):
    """What was agreed, and how it can end."""

    captives: Named[CaptiveGroup] = Field(default_factory=FrozenDict, description="groups of captives")
    stocks: Named[Stock] = Field(
        default_factory=FrozenDict, description="arms, fighters, money, land: whatever else is handed over bit by bit"
    )
    withdrawal: Named[Withdrawal] = Field(default_factory=FrozenDict, description="foreign troops and their schedules")
    talks: Talks | None = Field(default=None, description="the talks")
    deadlines: Listing[Deadline] = Field(default=(), description="days on which something falls due")
    promises: Named[Promise] = Field(default_factory=FrozenDict, description="who promised what, to whom, and by when")
    outcomes: Named[Outcome] = Field(
        default_factory=FrozenDict, description="how it can turn out; of two that come at once the first listed counts"
    )

    @property
    def programmes(self) -> Mapping[str, CaptiveGroup | Stock]:
        """Groups of captives, then stocks: the rows of all that changes hands bit by bit."""
        return {**self.captives, **self.stocks}
