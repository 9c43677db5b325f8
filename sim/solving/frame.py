"""What a learned policy of an actor may see: features of the scenario that the actor can see, in units of their spread.

Taken are the date, what any player's payoff weighs, what conditions on the actor's own moves ask, and what the others'
standing moves do that is public (who holds fire, surges, pauses, threatens, frees). What never varies, or nearly
repeats one that is taken already, is left out; so is whatever the actor cannot see (`sim.scenario.observable`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.scenario.condition import features_of
from sim.scenario.feature_reference import FeatureRef
from sim.scenario.observable import seen_by
from sim.solving.policy import ActorPolicy, Origin

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
MOST_FEATURES: Final = 10
NEARLY_ALIKE: Final = 0.97
DECIMALS: Final = 6


def candidate_features(scenario: Scenario, actor: str) -> tuple[FeatureRef, ...]:
    """Return the features that a policy of an actor might read, the most telling first.

    Examples
    --------
    >>> import sim
    >>> [str(feature) for feature in candidate_features(sim.load("toys/two_actors"), "state")][:4]
    ['day', 'attacks', 'talks', 'freed(prisoners)']
    """
    found = dict.fromkeys(_mentioned(scenario, actor))
    return tuple(reference for reference in found if seen_by(scenario.content, actor, reference))


def _mentioned(scenario: Scenario, actor: str) -> Iterator[FeatureRef]:
    yield FeatureRef("day")
    order = [actor, *(name for name in scenario.actors if name != actor)]
    for name in order:
        payoff = scenario.actors[name].payoff
        for reference in (*payoff.per_year, *payoff.beyond_window):
            whole = reference.feature.entities == ("actor",) and not reference.args
            yield FeatureRef(reference.name, (name,)) if whole else reference
    known = scenario.actors[actor]
    conditions = [move.when for move in known.moves.values()] + [step.until for step in known.keeps_deal]
    for condition in conditions:
        if condition is not None:
            yield from features_of(condition)
    for name in order[1:]:
        for flag in ("holding_fire", "surge", "on_offence", "paused", "threat"):
            yield FeatureRef(flag, (name,))
        yield FeatureRef("reputation_index", (actor, name))
    for programme in scenario.deal.programmes:
        yield FeatureRef("releasing", (programme,))
        yield FeatureRef("dispute", (programme,))
    yield FeatureRef("balance_of_force")
    yield FeatureRef("troops")


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The shape of an actor's policies of coefficients.

    Attributes
    ----------
    actor : str
    moves : tuple of str
    features : tuple of FeatureRef
    centres, scales : ndarray, shape (features,)
        Mean and standard deviation where the actor decides.
    codes : ndarray of int64, shape (features, 3)
        As compiled code reads features.
    """

    actor: str
    moves: tuple[str, ...]
    features: tuple[FeatureRef, ...]
    centres: Floats
    scales: Floats
    codes: NDArray[np.int64]

    @property
    def size(self) -> int:
        """How many coefficients a policy has."""
        return len(self.moves) * (1 + len(self.features))

    def numbers(self, coefficients: Floats) -> Floats:
        """Return policies as compiled code reads them, a row a policy.

        Parameters
        ----------
        coefficients : ndarray, shape (n, size)
            For each move a constant and one coefficient for each feature.
        """
        head = [1.0, float(len(self.features)), 0.0]
        for code, centre, scale in zip(self.codes, self.centres, self.scales, strict=True):
            head += [*map(float, code), float(centre), float(scale)]
        return np.hstack([np.tile(head, (len(coefficients), 1)), np.round(coefficients, DECIMALS)])

    def policy(self, name: str, words: str, coefficients: Floats, origin: Origin) -> ActorPolicy:
        """Return a policy that takes the move of the highest value, as a rule of a scenario."""
        rows = np.round(coefficients.reshape(len(self.moves), -1), DECIMALS)
        sees = [
            {"of": str(feature), "centre": float(centre), "scale": float(scale)}
            for feature, centre, scale in zip(self.features, self.centres, self.scales, strict=True)
        ]
        moves = {move: [[float(c) for c in row]] for move, row in zip(self.moves, rows, strict=True)}
        rule: Mapping[str, Any] = {
            "response": "argmax",
            "valuation": "table",
            "policy": {"days": [0.0], "sees": sees, "moves": moves},
        }
        return ActorPolicy(name, words, rule, origin)


def chosen_features(values: Floats) -> list[int]:
    """Return which columns to keep: those that vary and do not nearly repeat an earlier one, at most `MOST_FEATURES`.

    Examples
    --------
    >>> x = np.array([[0.0, 0.0, 1.0, 5.0], [1.0, 2.0, 1.0, 0.0], [2.0, 4.0, 1.0, 7.0]])
    >>> chosen_features(x)
    [0, 3]
    """
    kept: list[int] = []
    for column in range(values.shape[1]):
        own = values[:, column]
        if not np.isfinite(own).all() or own.std() < 1e-9:
            continue
        alike = any(abs(np.corrcoef(own, values[:, other])[0, 1]) > NEARLY_ALIKE for other in kept)
        if not alike:
            kept.append(column)
        if len(kept) == MOST_FEATURES:
            break
    return kept
