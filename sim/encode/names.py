"""Names of a scenario's entities and their rows in the arrays of State and Params, both ways."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.scenario.catalogue import FEATURE_BY_NAME, MAX_ACTORS, ORIGINAL
from sim.scenario.feature_reference import FeatureRef

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Names:
    """The entities of a scenario in the order of its file.

    Attributes
    ----------
    actors, forces, groups, foreign, flows, offices : tuple of str
        Row i of the arrays belongs to name i; groups are those of captives, then stocks.
    stocks : tuple of str
        Which of the groups are stocks.
    targets : tuple of str
        Names of whom forces attack, each once.
    streams : tuple of (str, str)
        What one force does to one target, in order: names of both, the second empty for a force that declares none.
    moves : tuple of tuple of str
        For each actor its moves in order.
    labels : tuple of str
        How each actor is called in tables and figures.
    quantities : tuple of str
        Names of the quantities that the scenario declares, in order.
    milestones, measures, promises : tuple of str
        Names of what every run notes, in order.
    outcomes : tuple of str
        Names of the outcomes by number; number 0 is a run that goes on.
    profiles : tuple of (str, str)
        Actor and name of each further profile, in order.
    events, event_texts : tuple of str
        Names of the events, each followed by its alternatives, and what happens then in words.
    defections, defection_texts : tuple of str
        Names of the defections, and what happens then in words.
    """

    actors: tuple[str, ...]
    labels: tuple[str, ...]
    moves: tuple[tuple[str, ...], ...]
    forces: tuple[str, ...]
    groups: tuple[str, ...]
    stocks: tuple[str, ...]
    targets: tuple[str, ...]
    streams: tuple[tuple[str, str], ...]
    foreign: tuple[str, ...]
    flows: tuple[str, ...]
    offices: tuple[str, ...]
    quantities: tuple[str, ...]
    milestones: tuple[str, ...]
    outcomes: tuple[str, ...]
    profiles: tuple[tuple[str, str], ...]
    events: tuple[str, ...]
    event_texts: tuple[str, ...]
    defections: tuple[str, ...]
    defection_texts: tuple[str, ...]
    measures: tuple[str, ...]
    promises: tuple[str, ...]

    @classmethod
    def of(cls, scenario: Scenario) -> Names:
        """Collect the names of a scenario."""
        return cls(
            actors=tuple(scenario.actors),
            labels=tuple(actor.label or name for name, actor in scenario.actors.items()),
            moves=tuple(tuple(actor.moves) for actor in scenario.actors.values()),
            forces=tuple(scenario.world.armed_forces),
            groups=tuple(scenario.deal.programmes),
            stocks=tuple(scenario.deal.stocks),
            targets=scenario.world.attack_targets,
            streams=tuple(
                (name, target)
                for name, force in scenario.world.armed_forces.items()
                for target in force.targets or ("",)
            ),
            foreign=tuple(scenario.deal.withdrawal),
            flows=tuple(scenario.world.aid_flows),
            offices=tuple(scenario.world.offices),
            quantities=tuple(scenario.quantities),
            milestones=tuple(scenario.milestones),
            outcomes=("running", *scenario.outcome_names),
            profiles=tuple((name, profile) for name, actor in scenario.actors.items() for profile in actor.profiles),
            events=tuple(name for name, event in scenario.events.items() for name in (name, *event.one_of)),
            defections=tuple(scenario.world.defections),
            defection_texts=tuple(defection.what for defection in scenario.world.defections.values()),
            event_texts=tuple(
                effects.what for event in scenario.events.values() for effects in (event, *event.one_of.values())
            ),
            measures=tuple(scenario.measures),
            promises=tuple(scenario.deal.promises),
        )

    def rows(self, kind: str) -> tuple[str, ...]:
        """Return the names of a kind of entity as the catalogue calls it."""
        return {
            "actor": self.actors,
            "force": self.forces,
            "target": self.targets,
            "group": self.groups,
            "stock": self.groups,
            "programme": self.groups,
            "foreign": self.foreign,
            "flow": self.flows,
            "office": self.offices,
            "quantity": self.quantities,
            "milestone": self.milestones,
            "outcome": self.outcomes,
            "event": self.events,
            "promise": self.promises,
        }[kind]

    def profile_row(self, actor: str, name: str) -> int:
        """Return the row of a profile of an actor."""
        return self.actors.index(actor) if name == ORIGINAL else MAX_ACTORS + self.profiles.index((actor, name))

    def profile_name(self, row: int) -> str:
        """Return the name of the profile in a row."""
        return ORIGINAL if row < MAX_ACTORS else self.profiles[row - MAX_ACTORS][1]

    def feature(self, reference: FeatureRef, owner: int = -1) -> tuple[int, int, int]:
        """Return a feature's number and the rows of its entities.

        Parameters
        ----------
        reference : FeatureRef
            As written; checked by the scenario layer.
        owner : int
            In a payoff, the actor that an actor argument left out stands for; -1 elsewhere.
        """
        feature = FEATURE_BY_NAME[reference.name]
        rows = [self.rows(kind).index(name) for kind, name in zip(feature.arguments, reference.args, strict=False)]
        for kind in feature.entities[len(rows) :]:
            rows.append(owner if kind == "actor" else -1)
        rows += [-1] * (2 - len(rows))
        return feature.code, rows[0], rows[1]

    def feature_text(self, code: int, a: int, b: int) -> str:
        """Return a feature as it would be written."""
        feature = next(f for f in FEATURE_BY_NAME.values() if f.code == code)
        arguments = [self.rows(kind)[row] for kind, row in zip(feature.arguments, (a, b), strict=False) if row >= 0]
        return f"{feature.name}({', '.join(arguments)})" if arguments else feature.name
