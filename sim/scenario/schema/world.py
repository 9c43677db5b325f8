"""The world around the deal: armed forces, the contest between them, aid, offices, reputation, seasons.

A number that is left out is the one that does nothing (a factor of 1, an addend of 0).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from sim.scenario.frozen_dict import FrozenDict
from sim.scenario.schema.defection import Defection
from sim.scenario.schema.fields import (
    Amount,
    Count,
    Day,
    Exponent,
    Factor,
    Feature,
    Listing,
    Name,
    Named,
    Number,
    Positive,
    Rate,
    Section,
    Share,
    Text,
)


# --- armed forces --------------------------------------------------------------------------------------------------
class Attrition(Section):
    """How fast an insurgent force is worn down, as a multiple of its turnover."""

    defence: Factor = Field(default=0.0, description="while its enemies defend")
    offence: Factor = Field(default=0.0, description="while they attack")
    without_troops: Share = Field(default=1.0, description="share of it left when foreign troops are gone")


class Attacks(Section):
    """Attacks as self-exciting counts; the mean at the start, in the posture with factor 1, is per_day."""

    per_day: Rate = Field(description="mean attacks a day at the start, at a posture of 1")
    self_excited_share: Annotated[float, Field(ge=0, lt=1)] = Field(
        default=0.0, description="share that earlier attacks cause"
    )
    relax_days: Positive = Field(default=1.0, description="mean time over which an attack causes others (days)")
    capacity_exponent: Annotated[float, Field(ge=0, le=10)] = Field(
        default=0.0, description="how attacks grow with capacity"
    )


class DeathsPerAttack(Section):
    """Deaths of an attack: negative binomial."""

    mean: Amount = Field(description="mean deaths an attack")
    civilian_mean: Amount = Field(default=0.0, description="of these, civilians")
    shape: Positive = Field(description="small: most attacks kill nobody, a few kill many")


class AttackTarget(Section):
    """Whom some of a force's attacks are aimed at."""

    label: Text | None = Field(default=None, description="its name in texts; without it, the key")
    share: Annotated[float, Field(gt=0, le=1)] = Field(description="share of the force's attacks; all add up to 1")
    force: Name | None = Field(
        default=None, description="a force of which those killed are fighters; its strength falls by them"
    )
    deaths_per_attack: DeathsPerAttack = Field(description="deaths of these attacks")
    mass_casualty_per_attack: Share = Field(default=0.0, description="share of attacks that shock and call a review")
    mass_casualty_deaths: Positive | None = Field(default=None, description="deaths of an attack that calls a review")
    unattributed_share: Share = Field(default=0.0, description="attacks that nobody can pin on anyone")


def _posture_kind(value: Any) -> str:
    return "targets" if isinstance(value, Mapping) else "number"


Posture: TypeAlias = Annotated[
    Annotated[Factor, Tag("number")] | Annotated[Named[Factor], Tag("targets")], Discriminator(_posture_kind)
]
"""A factor on all attacks of a force, or one for each of its targets."""


class OperationDeaths(Section):
    """Whom operations kill while the force is at its strength at the start, in proportion to its capacity later."""

    fighters_per_day: Rate = Field(default=0.0, description="enemy fighters a day")
    civilians_per_day: Rate = Field(default=0.0, description="civilians a day")


class Operations(Section):
    """Operations of a regular force. They are counted among deaths; enemy strength falls by attrition."""

    defence: OperationDeaths = Field(default=OperationDeaths(), description="while it defends")
    offence: OperationDeaths = Field(default=OperationDeaths(), description="while it attacks")


class CapacityDecay(Section):
    """How fast a regular force loses capacity (shares per day, added up)."""

    base: Rate = Field(default=0.0, description="always")
    aid_lost: Rate = Field(default=0.0, description="when all aid is lost, else in proportion")
    troops_gone: Rate = Field(default=0.0, description="when all foreign troops are gone, else in proportion")
    attacks: Rate = Field(default=0.0, description="at the reference of violence, else in proportion")
    on_offence: Rate = Field(default=0.0, description="while on offence")


class Blame(Section):
    """Attacks of this force that are taken for another's."""

    force: Name = Field(description="the force that is blamed")
    share: Share = Field(description="share of the attacks")


class ArmedForce(Section):
    """An armed force: insurgent (of an actor), regular (of an actor) or outside (of nobody at the table).

    Which keys a force may have depends on its kind; see `KEYS_BY_KIND`.
    """

    label: Text | None = Field(
        default=None, description="what tables, figures and stories call it; without it, its name"
    )
    kind: Literal["insurgent", "regular", "outside"] = Field(description="insurgent, regular or outside")
    actor: Name | None = Field(default=None, description="whose it is")
    strength_thousand: Positive | None = Field(default=None, description="strength at the start (thousand)")
    share_at_start: Share = Field(
        default=1.0,
        description="share of strength_thousand that is there on day 0; 0 for one that others may form",
    )
    turnover_per_day: Rate = Field(default=0.0, description="recruits a day as a share of the strength at the start")
    attrition: Attrition = Field(default=Attrition(), description="losses as a multiple of the turnover")
    attacks: Attacks | None = Field(default=None, description="its attacks")
    targets: Named[AttackTarget] = Field(
        default_factory=FrozenDict, description="whom it attacks; without it, everybody alike"
    )
    posture: Named[Posture] = Field(
        default_factory=FrozenDict, description="by name: a factor on its attacks, or one for each target"
    )
    deaths_per_attack: DeathsPerAttack | None = Field(default=None, description="deaths of its attacks")
    mass_casualty_per_attack: Share = Field(default=0.0, description="share of attacks that shock and call a review")
    unattributed_share: Share = Field(default=0.0, description="attacks that nobody can pin on anyone")
    operations: Operations = Field(default=Operations(), description="whom its operations kill")
    decay_per_day: CapacityDecay = Field(default=CapacityDecay(), description="loss of capacity")
    noise_per_sqrt_day: Annotated[float, Field(ge=0, le=10)] = Field(
        default=0.0, description="noise of capacity (per root day)"
    )
    while_talks_open: Factor = Field(
        default=0.0, description="added to 1 as a factor on its attacks while talks are open"
    )
    mass_casualty_deaths: Positive | None = Field(default=None, description="deaths of an attack that calls a review")
    blamed_on: Blame | None = Field(default=None, description="whom its attacks are blamed on")


_ATTACKING = ("attacks", "targets", "deaths_per_attack")
KEYS_BY_KIND: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "insurgent": (
        ("kind", "actor", "strength_thousand"),
        (
            "label",
            "share_at_start",
            "turnover_per_day",
            "attrition",
            *_ATTACKING,
            "posture",
            "mass_casualty_per_attack",
            "mass_casualty_deaths",
            "unattributed_share",
        ),
    ),
    "regular": (("kind", "actor", "strength_thousand"), ("label", "operations", "decay_per_day", "noise_per_sqrt_day")),
    "outside": (
        ("kind", "attacks"),
        (
            "label",
            "targets",
            "deaths_per_attack",
            "strength_thousand",
            "share_at_start",
            "while_talks_open",
            "mass_casualty_deaths",
            "mass_casualty_per_attack",
            "blamed_on",
            "unattributed_share",
        ),
    ),
}


class Contest(Section):
    """Contest success function: the insurgent share of all strengths raised to an exponent (Tullock 1980)."""

    exponent: Exponent = Field(default=1.0, description="1 is a lottery; larger rewards the stronger")
    air_support: Factor = Field(
        default=0.0, description="what air support adds to a regular soldier while all troops are there"
    )
    air_exponent: Exponent = Field(
        default=1.0, description="exponent of the share of troops there; below 1, a few bases give most of it"
    )
    aid: Factor = Field(default=0.0, description="what aid adds to a regular soldier while all of it flows")
    support_levels: Named[Factor] = Field(default_factory=FrozenDict, description="air support by level")


class Territory(Section):
    """The share of the country that insurgents hold, which follows the contest of forces and feeds back on it."""

    label: Text | None = Field(default=None, description="what tables, figures and stories call it")
    held_at_start: Annotated[float, Field(gt=0, lt=1)] = Field(description="share that insurgents hold at the start")
    per_day: Rate = Field(description="pace at which its log-odds follow those of the contest (per day)")
    bandwagon: Factor = Field(
        default=1.0, description="log-odds of land for one of force; above 1, locals join the likelier winner"
    )
    garrison: Share = Field(
        default=1.0, description="share of insurgent strength that holds and takes land while nobody attacks"
    )
    offence: Positive = Field(default=1.0, description="how hard regular forces press on offence, 1 being in defence")
    surrenders: Factor = Field(
        default=0.0, description="exponent of what regular forces keep as the land they hold shrinks; 0 is all"
    )
    recruits: Factor = Field(
        default=0.0, description="share that the whole country would add to recruits of insurgents, above the start"
    )


class Season(Section):
    """Yearly cycle of attacks: 1 + amplitude cos(2 pi (day of year - peak) / 365.25)."""

    amplitude: Annotated[float, Field(ge=0, lt=1)] = Field(default=0.0, description="0 is none")
    peak_day_of_year: Annotated[float, Field(ge=1, le=366)] = Field(
        default=196.0, description="day of the year of the peak"
    )


# --- aid, offices, reputation --------------------------------------------------------------------------------------
class Escrow(Section):
    """A part of an aid flow that is held back and paid out as something is done."""

    usd_bn_per_year: Positive = Field(description="part of the flow that is in escrow (billion USD a year)")
    paid_with: Feature = Field(description="a feature from 0 (nothing of it is paid) to 1 (all of it)")


class AidFlow(Section):
    """Aid from one actor to another."""

    label: Text | None = Field(
        default=None, description="what tables, figures and stories call it; without it, its name"
    )
    donor: Name = Field(description="the actor that pays")
    recipient: Name = Field(description="the actor that is paid")
    usd_bn_per_year: Positive = Field(description="aid at the start (billion USD a year)")
    cut_usd_bn: Amount = Field(default=0.0, description="what one executed threat takes off (billion USD a year)")
    max_cuts: Count = Field(default=0, description="most threats that can be executed")
    executes_per_day: Rate = Field(default=0.0, description="hazard of a standing threat being executed (per day)")
    escrow: Escrow | None = Field(default=None, description="a part that is paid out as something is done")


class DualOffice(Section):
    """An office that two claimants hold at once."""

    start_day: Day = Field(description="from this day on")
    mean_days: Positive = Field(description="mean time until it is resolved (days)")
    resolved_logit: Number = Field(default=0.0, description="what its resolution adds to the log-odds of cohesion")
    offer_speeds: Factor = Field(default=1.0, description="factor on the pace of resolution while an offer stands")
    single_team_share: Factor = Field(default=1.0, description="factor on its harm to talks while one team is sent")


class Office(Section):
    """An office whose cohesion matters; the log-odds l of cohesion drift back to 0 and are pushed by events."""

    label: Text | None = Field(
        default=None, description="what tables, figures and stories call it; without it, its name"
    )
    actor: Name = Field(description="the actor whose office it is")
    cohesion_logit: Annotated[float, Field(ge=-20, le=20)] = Field(
        default=0.0, description="log-odds of cohesion at the start"
    )
    revert_days: Positive = Field(description="time constant of the drift back to even odds (days)")
    attacks_per_day: Rate = Field(default=0.0, description="what attacks at their reference take off (log-odds a day)")
    per_100_killed: Named[Rate] = Field(
        default_factory=FrozenDict, description="what 100 deaths in attacks on a target take off (log-odds), by target"
    )
    per_1000_freed: Rate = Field(default=0.0, description="what each 1,000 freed takes off (log-odds)")
    freed_if_quiet_share: Share = Field(default=1.0, description="share of that while the other side is quiet")
    noise_per_sqrt_day: Annotated[float, Field(ge=0, le=10)] = Field(
        default=0.0, description="noise (log-odds per root day)"
    )
    dual: DualOffice | None = Field(default=None, description="two claimants")


class Reputation(Section):
    """Public index (log-odds) of how far each actor keeps its pledges, moved by a fixed rule."""

    every_days: Positive = Field(description="days between reviews of the index")
    pledge: Positive = Field(description="attacks over their reference that keep a pledge of less violence")
    minds: Named[Listing[Name]] = Field(
        default_factory=FrozenDict,
        description="for an actor the targets of which attacks count with it; without it, all",
    )
    gain: Factor = Field(description="how much one week's attacks tell")
    sd_log: Positive = Field(description="weekly scatter of the logarithm of attacks")
    clip_per_week: Positive = Field(description="most that one week moves it (log-odds)")
    forget_days: Positive = Field(description="memory (days)")
    start: Annotated[float, Field(ge=-20, le=20)] = Field(default=0.0, description="at the start (log-odds)")
    broken_pledge: Number = Field(default=0.0, description="a broken pledge that is seen (log-odds)")
    executed_threat: Number = Field(default=0.0, description="a threat that is executed (log-odds)")
    per_100_counted: Number = Field(default=0.0, description="each 100 captives counted (log-odds)")
    reversed_refusal: Number = Field(default=0.0, description="a refusal to release that is reversed (log-odds)")


# --- what else happens ---------------------------------------------------------------------------------------------
class Counter(Section):
    """Whoever counts attacks errs by a factor of its own, drawn once a run; only the feature counted_attacks has it."""

    lognormal_sd: Annotated[float, Field(ge=0, le=3)] = Field(
        description="standard deviation of the logarithm of the factor, whose median is 1"
    )


class Profiteers(Section):
    """Those who profit from war."""

    breakdown_factor: Factor = Field(description="factor on the hazard of talks breaking down")


class Epidemic(Section):
    """An epidemic in the prisons, between two days."""

    from_day: Day = Field(description="first day")
    to_day: Day = Field(description="day on which it ends")
    release_cost_factor: Factor = Field(default=1.0, description="factor on the holder's cost of releasing")
    captives_weight_factor: Factor = Field(default=1.0, description="factor on the claimant's weight on its captives")


class World(Section):
    """The world around the deal."""

    armed_forces: Named[ArmedForce] = Field(default_factory=FrozenDict, description="armed forces")
    defections: Named[Defection] = Field(
        default_factory=FrozenDict, description="fighters who go over from one force to another"
    )
    contest: Contest = Field(default=Contest(), description="how strengths become a balance of force")
    territory: Territory | None = Field(default=None, description="who holds the land")
    season: Season = Field(default=Season(), description="yearly cycle of attacks")
    aid_flows: Named[AidFlow] = Field(default_factory=FrozenDict, description="aid")
    offices: Named[Office] = Field(default_factory=FrozenDict, description="offices whose cohesion matters")
    reputation: Reputation | None = Field(default=None, description="public reputation indices")
    counter: Counter | None = Field(default=None, description="the error of who counts attacks")
    profiteers: Profiteers | None = Field(default=None, description="those who profit from war")
    epidemic: Epidemic | None = Field(default=None, description="an epidemic in the prisons")

    @property
    def attack_targets(self) -> tuple[str, ...]:
        """Names of the targets of all forces, each once, in their order."""
        return tuple(dict.fromkeys(name for force in self.armed_forces.values() for name in force.targets))
