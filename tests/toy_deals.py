"""Small deals for tests: two actors, one mechanism at a time, numbers that can be checked by hand."""

from __future__ import annotations

from typing import Any

from sim.scenario.scenario import Scenario

NEVER_REVIEWS = {"every_days": 100_000, "offset_days": 100_000}


def actor(moves: dict[str, Any], opening: str, **more: Any) -> dict[str, Any]:
    """Return an actor that stands by its opening move unless told otherwise."""
    return {"review": NEVER_REVIEWS, "opening_move": opening, "moves": moves, "rule": {"response": "scripted"}} | more


def deal(**sections: Any) -> Scenario:
    """Return a two-actor scenario: a state and rebels who do nothing unless `sections` say so."""
    content: dict[str, Any] = {
        "schema_version": 1,
        "title": "a toy deal",
        "start": "2020-02-29",
        "horizon_days": 200,
        "roles": {"incumbents": ["state"], "challengers": ["rebels"]},
        "actors": {"state": actor({"wait": {}}, "wait"), "rebels": actor({"wait": {}}, "wait")},
    }
    return Scenario.from_dict(content | sections)


def rebels_who_attack(per_day: float, share: float, **more: Any) -> dict[str, Any]:
    """Return a world with one insurgent force of constant strength."""
    force = {
        "kind": "insurgent",
        "actor": "rebels",
        "strength_thousand": 10,
        "attacks": {"per_day": per_day, "self_excited_share": share, "relax_days": 10},
        "deaths_per_attack": {"mean": 0.5, "shape": 0.2},
    }
    return {"armed_forces": {"fighters": force | more}}


def prisoners(**more: Any) -> dict[str, Any]:
    """Return one group of captives that the state holds and the rebels claim."""
    return {"prisoners": {"holder": "state", "claimant": "rebels", "held": 10_000, "promised": 5_000} | more}
