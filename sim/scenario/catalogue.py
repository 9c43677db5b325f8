"""The words of the trade: every lever, feature, mechanism and clock, with its unit and its number.

This is the one list that the scenario format, the compiled model, the glossary and the figures share. A *feature* is
a quantity that can be read off the state of the world at any instant. Payoffs weigh features, conditions
(``when:``) compare them, and the daily series record them, so one word means one thing everywhere.

Numbers are part of compiled code and of run records: they are never reused for something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# --- fixed maxima: more than these is an input error with its line ------------------------------------------------
MAX_ACTORS: Final = 6
MAX_MOVES: Final = 12
MAX_FORCES: Final = 6
MAX_STREAMS: Final = 12  # targets of all forces together; a force that declares none has one
MAX_GROUPS: Final = 4
MAX_FOREIGN: Final = 3
MAX_FLOWS: Final = 4
MAX_OFFICES: Final = 2
MAX_TERMS: Final = 12
MAX_PARAMETERS: Final = 8  # of a rule, and of a payoff model besides those of its terms
MAX_STEPS: Final = 6
MAX_TRANCHES: Final = 6
MAX_MILESTONES: Final = 12
MAX_DEADLINES: Final = 8
MAX_CHANGED_PROFILES: Final = 6  # of all actors together, besides the one that each begins with
MAX_PROFILES: Final = MAX_ACTORS + MAX_CHANGED_PROFILES
MAX_DEFECTIONS: Final = 8  # that go on day by day
MAX_SPLITS: Final = 8  # of an event, and of an alternative
MAX_EVENTS: Final = 24  # with their alternatives
MAX_EFFECTS: Final = 16  # of an event, and of an alternative
MAX_MEASURES: Final = 12
MAX_DEAL_STEPS: Final = 8
MAX_PROMISES: Final = 12
MAX_SERIES: Final = 48
MAX_PATH_STEPS: Final = 32
MAX_BEYOND: Final = 6
MAX_OUTCOME_TERMS: Final = 12  # of an actor, of all outcomes together
MAX_QUANTITIES: Final = 6
MAX_QUANTITY_TERMS: Final = 12  # of both sums together
MAX_OUTCOMES: Final = 12  # the one that is implied at the horizon included
MAX_FACTORS: Final = 12  # of one hazard
MAX_HORIZON_TICKS: Final = 40_000

# --- names with a meaning of their own in scenario files --------------------------------------------------------------
ORIGINAL: Final = "original"
"""The profile that an actor has on day 0, to which an event may return it."""
TALKS_BEGAN: Final = "talks_began"

# --- outcomes: those of a scenario are numbered from 1 in the order of its file ------------------------------------
RUNNING: Final = 0
OUTCOME_NUMBERS: Final = MAX_OUTCOMES + 1

# --- feature numbers ----------------------------------------------------------------------------------------------
DAY: Final = 0
ATTACKS: Final = 1
DEATHS: Final = 2
AID_LOST: Final = 3
BALANCE_OF_FORCE: Final = 4
COHESION: Final = 5
TALKS: Final = 6
FREED: Final = 7
COUNTED: Final = 8
COMMANDERS: Final = 9
CAPTIVES_HOME: Final = 10
TROOPS: Final = 11
TROOPS_GONE: Final = 12
HOLDING_FIRE: Final = 13
SURGE: Final = 14
REPUTATION: Final = 15
THREAT: Final = 16
PAUSED: Final = 17
ON_OFFENCE: Final = 18
SANCTUARY_RISK: Final = 19
REPUTATION_INDEX: Final = 20
PERSONS_FREED: Final = 21
PERSONS_COUNTED: Final = 22
PERSONS_UNCOUNTED: Final = 23
TROOP_COUNT: Final = 24
ATTACK_RATE: Final = 25
DAILY_ATTACKS: Final = 26
DAILY_DEATHS: Final = 27
ALL_ATTACKS: Final = 28
ALL_DEATHS: Final = 29
STRENGTH: Final = 30
CAPACITY: Final = 31
DUAL_OFFICE: Final = 32
DISPUTE: Final = 33
RELEASING: Final = 34
AID: Final = 35
CUTS: Final = 36
RETURNED: Final = 37
RECALLED: Final = 38
DISARMED: Final = 39
CIVILIAN_DEATHS: Final = 40
QUANTITY: Final = 41
TRUST: Final = 42
DIVIDED_TEAM: Final = 43
HANDED_OVER: Final = 44
ACCEPTED: Final = 45
AMOUNT_HANDED_OVER: Final = 46
AMOUNT_ACCEPTED: Final = 47
DAYS_PAST_DUE: Final = 48
COUNTED_ATTACKS: Final = 49
TERRITORY: Final = 50
HAPPENED: Final = 60


@dataclass(frozen=True, slots=True)
class Feature:
    """One quantity that can be read off the state of the world.

    Attributes
    ----------
    name : str
        As written in scenario files.
    code : int
        Its number in compiled code.
    entities : tuple of str
        The kind of each argument: ``actor``, ``force``, ``group``, ``stock``, ``programme`` (a group or a stock),
        ``foreign``, ``flow``, ``office``, ``event``, ``quantity`` or ``promise``.
    unit : str
        Empty for a pure number.
    meaning : str
        One line for the glossary.
    optional : bool
        Without arguments it sums or averages over all entities; in a payoff an actor argument defaults to the actor
        itself.
    by_target : bool
        It takes one argument more, a target of the force or of the actor's forces; without it, all targets together.
    """

    name: str
    code: int
    entities: tuple[str, ...]
    unit: str
    meaning: str
    optional: bool = False
    by_target: bool = False

    @property
    def arguments(self) -> tuple[str, ...]:
        """The kinds of all arguments that it can take."""
        return (*self.entities, "target") if self.by_target else self.entities


FEATURES: Final[tuple[Feature, ...]] = (
    Feature("day", DAY, (), "days", "days since the start date"),
    Feature(
        "attacks",
        ATTACKS,
        ("force",),
        "",
        "attack intensity over its reference; without argument all insurgent forces together",
        True,
        True,
    ),
    Feature(
        "deaths",
        DEATHS,
        ("force",),
        "per day",
        "expected deaths from attacks and operations; without argument all forces",
        True,
        True,
    ),
    Feature("aid_lost", AID_LOST, ("flow",), "", "share of the aid promised at the start that no longer flows", True),
    Feature("balance_of_force", BALANCE_OF_FORCE, (), "", "insurgent share of the contest success function"),
    Feature("territory", TERRITORY, (), "", "share of the country that insurgents hold"),
    Feature("cohesion", COHESION, ("office",), "", "cohesion of an office, 0 to 1", True),
    Feature("talks", TALKS, (), "", "1 while talks between the parties are open"),
    Feature("freed", FREED, ("group",), "", "captives freed over captives promised", True),
    Feature("counted", COUNTED, ("group",), "", "captives that the claimant counts over captives promised", True),
    Feature("commanders", COMMANDERS, ("group",), "", "commanders freed over commanders held at the start", True),
    Feature(
        "captives_home",
        CAPTIVES_HOME,
        ("actor",),
        "",
        "captives claimed by an actor that are free, over those promised to it",
        True,
    ),
    Feature("troops", TROOPS, ("foreign",), "", "foreign troops over their number at the start", True),
    Feature("troops_gone", TROOPS_GONE, ("foreign",), "", "share of foreign troops that has left", True),
    Feature(
        "holding_fire",
        HOLDING_FIRE,
        ("actor",),
        "",
        "1 while an actor's violence stands at or under its pledge",
        True,
        True,
    ),
    Feature("surge", SURGE, ("actor",), "", "1 while an actor's violence stands above its baseline", True, True),
    Feature(
        "reputation",
        REPUTATION,
        ("actor",),
        "",
        "probability that an actor keeps its pledges, mean over the others' eyes",
        True,
    ),
    Feature("threat", THREAT, ("actor",), "", "1 while a threat by an actor stands", True),
    Feature("paused", PAUSED, ("actor",), "", "1 while an actor pauses a withdrawal that is due", True),
    Feature("on_offence", ON_OFFENCE, ("actor",), "", "1 while an actor's regular forces stand on offence", True),
    Feature("sanctuary_risk", SANCTUARY_RISK, (), "", "balance of force times share of troops gone"),
    Feature(
        "reputation_index",
        REPUTATION_INDEX,
        ("actor", "actor"),
        "log-odds",
        "public index of how far the first actor believes the second to keep its pledges",
    ),
    Feature("persons_freed", PERSONS_FREED, ("group",), "persons", "captives freed and not recalled", True),
    Feature("persons_counted", PERSONS_COUNTED, ("group",), "persons", "freed captives that the claimant counts", True),
    Feature(
        "persons_uncounted",
        PERSONS_UNCOUNTED,
        ("group",),
        "persons",
        "freed captives that the claimant does not count yet",
        True,
    ),
    Feature("troop_count", TROOP_COUNT, ("foreign",), "persons", "foreign troops in the country", True),
    Feature("attack_rate", ATTACK_RATE, ("force",), "per day", "attack intensity", True, True),
    Feature("daily_attacks", DAILY_ATTACKS, ("force",), "attacks", "attacks so far on this day", True, True),
    Feature(
        "counted_attacks",
        COUNTED_ATTACKS,
        ("force",),
        "attacks",
        "attacks so far on this day as a counter with an error of its own reports them (`world.counter`)",
        True,
        True,
    ),
    Feature(
        "daily_deaths",
        DAILY_DEATHS,
        ("force",),
        "deaths",
        "deaths from attacks and operations so far on this day",
        True,
        True,
    ),
    Feature("all_attacks", ALL_ATTACKS, ("force",), "attacks", "attacks since the start", True, True),
    Feature(
        "all_deaths", ALL_DEATHS, ("force",), "deaths", "deaths from attacks and operations since the start", True, True
    ),
    Feature(
        "civilian_deaths",
        CIVILIAN_DEATHS,
        ("force",),
        "deaths",
        "civilian deaths since the start: those from attacks, settled at each reputation review, and from operations",
        True,
        True,
    ),
    Feature("strength", STRENGTH, ("force",), "thousand", "fighters of a force", False),
    Feature("capacity", CAPACITY, ("force",), "", "capacity of a force over its start", False),
    Feature("dual_office", DUAL_OFFICE, ("office",), "", "1 while two claimants hold one office", True),
    Feature("dispute", DISPUTE, ("programme",), "", "1 while the claimant disputes what was let go", True),
    Feature("releasing", RELEASING, ("programme",), "", "1 while the holder's standing move lets some go", True),
    Feature("aid", AID, ("flow",), "USD bn per year", "aid that flows", True),
    Feature("cuts", CUTS, ("flow",), "cuts", "threats of an aid cut that were executed", True),
    Feature("returned", RETURNED, ("programme",), "persons", "those let go that went back to fighting", True),
    Feature("recalled", RECALLED, ("group",), "persons", "freed captives taken back into custody", True),
    Feature(
        "trust",
        TRUST,
        ("actor", "actor"),
        "",
        "probability with which the first actor believes the second to keep its pledges",
    ),
    Feature(
        "divided_team",
        DIVIDED_TEAM,
        (),
        "",
        "how far an office that is claimed twice weakens its side at the talks, 0 to 1: less with a single team",
    ),
    Feature("happened", HAPPENED, ("event",), "times", "how often an event, or one of its alternatives, has happened"),
    Feature("disarmed", DISARMED, ("force",), "", "share of a force's arms put beyond use", False),
    Feature("handed_over", HANDED_OVER, ("stock",), "", "what was handed over of a stock, over what was promised"),
    Feature("accepted", ACCEPTED, ("stock",), "", "what its claimant counts of a stock, over what was promised"),
    Feature("amount_handed_over", AMOUNT_HANDED_OVER, ("stock",), "units", "what was handed over of a stock"),
    Feature("amount_accepted", AMOUNT_ACCEPTED, ("stock",), "units", "what its claimant counts of a stock"),
    Feature("quantity", QUANTITY, ("quantity",), "", "a quantity that the scenario declares", False),
    Feature(
        "days_past_due",
        DAYS_PAST_DUE,
        ("promise",),
        "days",
        "days since a promise fell due, negative before; while nobody knows when, minus the horizon",
    ),
)
FEATURE_BY_NAME: Final[dict[str, Feature]] = {f.name: f for f in FEATURES}

# --- mechanisms that a scenario can switch off -----------------------------------------------------------------------
MECHANISMS: Final[dict[str, str]] = {
    "aid": "threats, executed cuts and what less aid does to capacity",
    "cohesion": "cohesion of offices moves; off: it stays at its start",
    "dual_office": "an office is claimed twice from its start day on until resolved",
    "disputes": "uncounted captives can open a dispute that blocks talks and quiet",
    "reciprocity": "a group is freed in return for another",
    "commanders": "commanders among the captives",
    "guarantee": "written and biometric guarantees lower the share of returners",
    "returns": "freed captives return to fighting",
    "misattribution": "attacks go unattributed or are blamed on others",
    "spoilers": "outside forces attack",
    "spoiler_response": "outside forces attack more while talks are open",
    "profiteers": "those who profit from war make talks break down more often",
    "epidemic": "what an epidemic changes in the cost of holding captives",
    "types": "an actor's type is drawn at the start of each run",
    "weight_spread": "flow weights are drawn around their medians in each run",
    "audience_costs": "reversing a refusal, releasing before talks and breaking a pledge cost support",
    "triggers": "mass-casualty attacks, broken pledges, completed programmes, executed threats and events call reviews",
    "reputation": "public reputation indices move",
    "noise": "capacity and cohesion are perturbed by chance",
}
MECHANISM_CODES: Final[dict[str, int]] = {name: i for i, name in enumerate(MECHANISMS)}
