"""What people call whatever a scenario names: its label where the file gives one, its name with spaces elsewhere.

Every table, figure, sentence and story takes its words from here, so that one thing has one name in all of them.
Features are said with the words of the entities that they are about.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sim.scenario.catalogue import ORIGINAL
from sim.scenario.feature_reference import FeatureRef, GrammarError, parse_feature

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

FEATURE_WORDS: Final[dict[str, tuple[str, str]]] = {
    "day": ("", "days since the start"),
    "attacks": ("attacks by {}", "attacks"),
    "deaths": ("deaths in attacks by {}", "deaths in attacks"),
    "aid_lost": ("{} lost", "aid lost"),
    "balance_of_force": ("", "insurgent share of force"),
    "territory": ("", "share of the country that insurgents hold"),
    "cohesion": ("cohesion of {}", "cohesion"),
    "talks": ("", "talks open"),
    "freed": ("{} freed", "captives freed"),
    "counted": ("{} counted as freed", "captives counted as freed"),
    "commanders": ("commanders freed among {}", "commanders freed"),
    "captives_home": ("captives home for {}", "own captives home"),
    "troops": ("{} present", "foreign troops present"),
    "troops_gone": ("{} gone", "foreign troops gone"),
    "holding_fire": ("{} holding fire", "holding fire"),
    "surge": ("surge by {}", "surge"),
    "reputation": ("reputation of {}", "reputation"),
    "threat": ("threat by {}", "threat that stands"),
    "paused": ("withdrawal paused by {}", "withdrawal paused"),
    "on_offence": ("forces of {} on offence", "forces on offence"),
    "sanctuary_risk": ("", "insurgent share of force without troops"),
    "reputation_index": ("public index of {} on {}", ""),
    "persons_freed": ("{} freed", "captives freed"),
    "persons_counted": ("{} counted as freed", "captives counted as freed"),
    "persons_uncounted": ("{} freed and not counted", "captives freed and not counted"),
    "troop_count": ("{} present", "foreign troops present"),
    "attack_rate": ("attack rate of {}", "attack rate"),
    "daily_attacks": ("attacks by {} in a day", "attacks in a day"),
    "counted_attacks": ("attacks by {} in a day, as counted", "attacks in a day, as counted"),
    "daily_deaths": ("deaths in attacks by {} in a day", "deaths in attacks in a day"),
    "all_attacks": ("attacks by {} so far", "attacks so far"),
    "all_deaths": ("deaths in attacks by {} so far", "deaths in attacks so far"),
    "civilian_deaths": ("civilian deaths in attacks by {}", "civilian deaths in attacks"),
    "strength": ("strength of {}", ""),
    "capacity": ("capacity of {}", ""),
    "dual_office": ("{} claimed twice", "office claimed twice"),
    "dispute": ("dispute over {}", "dispute"),
    "releasing": ("{} being let go", "captives being let go"),
    "aid": ("{} that flows", "aid that flows"),
    "cuts": ("cuts of {}", "cuts of aid"),
    "returned": ("{} back to fighting", "those let go back to fighting"),
    "recalled": ("{} recalled", "captives recalled"),
    "trust": ("trust of {} in {}", ""),
    "divided_team": ("", "divided team at the talks"),
    "happened": ("{}: how often", ""),
    "disarmed": ("arms of {} beyond use", ""),
    "handed_over": ("{} handed over", ""),
    "accepted": ("{} handed over and counted", ""),
    "amount_handed_over": ("{} handed over", ""),
    "amount_accepted": ("{} handed over and counted", ""),
    "quantity": ("{}", ""),
    "days_past_due": ("days past due: {}", ""),
}
"""How each feature of the catalogue is said in a few words: of the entities it is about, and without any."""


def spaced(name: str) -> str:
    """Write a name as words.

    Examples
    --------
    >>> spaced("taliban_prisoners")
    'taliban prisoners'
    """
    return name.replace("_", " ")


def capital(text: str) -> str:
    """Begin a text with a capital.

    Examples
    --------
    >>> capital("arms of the FARC")
    'Arms of the FARC'
    """
    return text[:1].upper() + text[1:]


class Words:
    """The words of one scenario.

    Parameters
    ----------
    scenario : Scenario
        Whose labels these are.

    Examples
    --------
    >>> import sim
    >>> words = Words(sim.load("toys/two_actors"))
    >>> words.actor("state"), words.of("group", "prisoners"), words.feature("counted(prisoners)")
    ('State', 'prisoners', 'prisoners counted as freed')
    """

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        deal, world = scenario.deal, scenario.world
        captives, stocks = self._labels(deal.captives), self._labels(deal.stocks)
        events = {name: event.what for name, event in scenario.events.items()}
        events |= {key: one.what for event in scenario.events.values() for key, one in event.one_of.items()}
        self._kinds: dict[str, Mapping[str, str]] = {
            "actor": self._labels(scenario.actors),
            "force": self._labels(world.armed_forces),
            "group": captives | stocks,
            "stock": stocks,
            "programme": captives | stocks,
            "target": {
                name: one for force in world.armed_forces.values() for name, one in self._labels(force.targets).items()
            },
            "foreign": self._labels(deal.withdrawal),
            "flow": self._labels(world.aid_flows),
            "office": self._labels(world.offices),
            "quantity": self._labels(scenario.quantities),
            "milestone": self._labels(scenario.milestones),
            "outcome": self._labels(scenario.outcomes),
            "promise": self._labels(deal.promises),
            "measure": self._labels(scenario.measures),
            "event": events,
            "defection": {name: defection.what for name, defection in world.defections.items()},
        }

    @staticmethod
    def _labels(section: Mapping[str, Any]) -> dict[str, str]:
        return {name: one.label or spaced(name) for name, one in section.items()}

    def of(self, kind: str, name: str) -> str:
        """Return what an entity of a kind is called; a name that the scenario does not have, with spaces.

        Parameters
        ----------
        kind : str
            As `Feature.entities` calls it, or ``milestone``, ``outcome``, ``measure``, ``defection``.
        name : str
            Key of the file.
        """
        return self._kinds[kind].get(name) or spaced(name)

    def actor(self, name: str) -> str:
        """Return what an actor is called."""
        return self.of("actor", name)

    def move(self, actor: str, name: str) -> str:
        """Return what a move of an actor is called."""
        moves = self._scenario.actors[actor].moves if actor in self._scenario.actors else {}
        return (moves[name].label if name in moves else None) or spaced(name)

    def profile(self, actor: str, name: str) -> str:
        """Return what a profile of an actor is called."""
        profiles = self._scenario.actors[actor].profiles
        if name == ORIGINAL or name not in profiles:
            return self.actor(actor)
        return profiles[name].label or spaced(name)

    def unit(self, group: str) -> str:
        """Return what a group or a stock is counted in."""
        deal = self._scenario.deal
        if group in deal.stocks:
            return deal.stocks[group].unit
        return deal.captives[group].unit if group in deal.captives else "persons"

    def feature(self, reference: str | FeatureRef) -> str:
        """Say a feature in a few words, with those of the entities that it is about; what is none, with spaces."""
        try:
            read = parse_feature(reference)
        except GrammarError:
            return spaced(str(reference))
        with_entities, alone = FEATURE_WORDS[read.name]
        if not read.args:
            return alone
        called = [self.of(kind, name) for kind, name in zip(read.feature.arguments, read.args, strict=False)]
        on_target = f" on {called.pop()}" if len(called) > len(read.feature.entities) else ""
        return with_entities.format(*called) + on_target


@lru_cache(maxsize=256)
def words_of(scenario: Scenario) -> Words:
    """Return the words of a scenario, collected once."""
    return Words(scenario)
