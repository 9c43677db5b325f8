"""Give and take that follows from payoffs: no guard, no script, and yet one side's pace sets the other's.

A state frees prisoners, a movement lays down arms. What each minds is being ahead of the other, and, less, being behind
(inequity aversion: Fehr, E. and Schmidt, K. M. (1999). A theory of fairness, competition, and cooperation. Quarterly
Journal of Economics 114, 817-868).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scripted_doha import daily, surely_higher

from sim.scenario.scenario import Scenario

DONE = {"arms": "disarmed(fighters)", "men": "freed(prisoners)"}
LOGIT = {"response": "logit", "valuation": "drift", "lam_per_util": 400, "horizon_days": 60}
RUNS = 200


def deal(payoffs: dict[str, dict[str, float]]) -> Scenario:
    """Return the deal with what each side wants a year."""

    def actor(opening: str, moves: dict[str, Any], name: str) -> dict[str, Any]:
        review = {"every_days": 7, "offset_days": 7}
        payoff = {"per_year": payoffs[name]}
        return {"review": review, "opening_move": opening, "moves": moves, "rule": LOGIT, "payoff": payoff}

    group = {"holder": "state", "claimant": "movement", "held": 600, "promised": 600}
    force = {"kind": "insurgent", "actor": "movement", "strength_thousand": 5, "posture": {"rest": 0}}
    arms = {"holder": "movement", "arms_of": "fighters", "held": 1_000, "unit": "weapons"}
    freeing = {"keep": {}, "free": {"release": {"per_day": 2, "list": "own"}}}
    laying = {"keep": {"violence": "rest"}, "lay": {"violence": "rest", "hand_over": {"arms": {"over_days": 365}}}}
    return Scenario.from_dict(
        {
            "schema_version": 1,
            "title": "Arms for prisoners",
            "start": "2030-01-01",
            "horizon_days": 300,
            "actors": {"state": actor("keep", freeing, "state"), "movement": actor("keep", laying, "movement")},
            "mechanisms": {"triggers": "off"},
            "deal": {"captives": {"prisoners": group}, "stocks": {"arms": arms}},
            "world": {"armed_forces": {"fighters": force}},
            "quantities": {
                "state_ahead": {"of": f"{DONE['men']} - {DONE['arms']}", "at_least": 0},
                "movement_ahead": {"of": f"{DONE['arms']} - {DONE['men']}", "at_least": 0},
            },
        }
    )


GIVES: dict[str, dict[str, float]] = {"state": {DONE["men"]: 3.0}, "movement": {DONE["arms"]: 3.0}}
"""What a side wants that gives whatever comes."""
RECIPROCATES = {
    "state": {DONE["men"]: -0.3, "quantity(state_ahead)": -2.0, "quantity(movement_ahead)": -1.0},
    "movement": {DONE["arms"]: -0.3, "quantity(movement_ahead)": -2.0, "quantity(state_ahead)": -1.0},
}
"""What a side wants to which giving is a cost, being ahead a loss, and being behind half of that loss."""
LINEAR = {
    "state": {DONE["men"]: 0.3, DONE["arms"]: 1.0},
    "movement": {DONE["arms"]: 0.3, DONE["men"]: 1.0},
}
"""What a side wants that weighs what each has done, and not one against the other."""


def at_the_end(scenario: Scenario) -> dict[str, NDArray[np.float64]]:
    """Return the arms laid down and the prisoners freed by the last day of each run."""
    series = {"arms": DONE["arms"], "men": "persons_freed(prisoners)"}
    return {side: daily(scenario, name, RUNS, seed=7)[:, -1] for side, name in series.items()}


def slower(scenario: Scenario) -> dict[str, Scenario]:
    """Return the deal in which prisoners are freed, or arms laid down, at a fifth of the pace."""
    return {
        "men": scenario.replace({"actors.state.moves.free.release.per_day": 0.4}),
        "arms": scenario.replace({"actors.movement.moves.lay.hand_over.arms.over_days": 1825}),
    }


def ends_of(payoffs: dict[str, dict[str, float]]) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Return how the deal ends as it is, and with either side slow."""
    given = deal(payoffs)
    return {case: at_the_end(variant) for case, variant in ({"given": given} | slower(given)).items()}


def test_with_reciprocity_in_payoffs_a_slower_release_lowers_the_arms_laid_down() -> None:
    """The movement wants to be neither ahead nor behind, so it follows the state's pace."""
    ends = ends_of({"state": GIVES["state"], "movement": RECIPROCATES["movement"]})
    assert surely_higher(ends["given"]["arms"], ends["men"]["arms"])


def test_with_reciprocity_in_payoffs_slower_disarmament_lowers_the_prisoners_freed() -> None:
    """The same the other way round."""
    ends = ends_of({"state": RECIPROCATES["state"], "movement": GIVES["movement"]})
    assert surely_higher(ends["given"]["men"], ends["arms"]["men"])


def test_without_it_the_pace_of_one_side_is_nothing_to_the_other() -> None:
    """Linear payoffs are sums: what the other has done changes no difference between one's own moves."""
    ends = ends_of(LINEAR)
    assert (ends["given"]["arms"] == ends["men"]["arms"]).all()
    assert (ends["given"]["men"] == ends["arms"]["men"]).all()
    assert surely_higher(ends["given"]["men"], ends["men"]["men"])
    assert surely_higher(ends["given"]["arms"], ends["arms"]["arms"])
