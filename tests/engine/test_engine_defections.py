"""Defection: fighters go over from one force to another, at once by an event or day by day while a condition holds."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pytest
from toy_deals import NEVER_REVIEWS, actor, deal

import sim
from sim.engine.event import EventEngine
from sim.errors import ScenarioError
from sim.kernel.bound import bound

DEATHS = {"mean": 0.5, "shape": 0.2}
GUERRILLA = {
    "kind": "insurgent",
    "actor": "rebels",
    "strength_thousand": 10,
    "attacks": {"per_day": 20.0, "capacity_exponent": 1.0},
    "deaths_per_attack": DEATHS,
    "posture": {"none": 0.0, "full": 1.0},
}
DISSIDENTS = {
    "kind": "outside",
    "strength_thousand": 2,
    "share_at_start": 0,
    "attacks": {"per_day": 4.0, "capacity_exponent": 1.0},
    "deaths_per_attack": DEATHS,
}
ARMY = {"kind": "regular", "actor": "state", "strength_thousand": 25}
UNPAID = {"what": "unpaid, they go over to the dissidents", "of": "guerrilla", "to": "dissidents", "per_day": 0.01}
SPLIT = {"of": "guerrilla", "to": "dissidents", "share": 0.1}
LOGIT = {"response": "logit", "valuation": "drift", "lam_per_util": 5.0, "horizon_days": 100}


def country(events: dict[str, Any] | None = None, **world: Any) -> sim.Scenario:
    """Return a deal of a state with an army and rebels with a guerrilla that others may leave."""
    forces = {"guerrilla": GUERRILLA, "army": ARMY, "dissidents": DISSIDENTS}
    moves = {
        "wait": {"violence": "full"},
        "lay_down": {"violence": "none", "hand_over": {"arms": {"over_days": 365.25}}},
    }
    wants = {"per_year": {"balance_of_force": 1.0, "strength(guerrilla)": 0.1}}
    review = {"every_days": 20, "offset_days": 10}
    rebels = actor(moves, "wait", review=review, rule=LOGIT, payoff=wants)
    actors = {"state": actor({"wait": {}}, "wait"), "rebels": rebels}
    stocks = {"arms": {"holder": "rebels", "arms_of": "guerrilla", "held": 1, "divisible": True}}
    return deal(world={"armed_forces": forces} | world, actors=actors, events=events or {}, deal={"stocks": stocks})


def strengths(run: sim.Run, *forces: str) -> list[Any]:
    """Return the daily strength (thousand) of forces."""
    return [run.series_table[f"strength({force})"] for force in forces]


def test_a_split_moves_a_share_and_conserves_fighters() -> None:
    """A tenth leaves on the day, twice; all that leave arrive."""
    events = {"split": {"what": "a front splits off", "day": 20, "splits": [SPLIT, SPLIT]}}
    run = sim.run(country(events), seed=1)
    guerrilla, dissidents = strengths(run, "guerrilla", "dissidents")
    assert list(guerrilla[[20, 21]]) == pytest.approx([10.0, 8.1], rel=1e-12)
    assert list(dissidents[[20, 21]]) == pytest.approx([0.0, 1.9], rel=1e-12)
    assert guerrilla + dissidents == pytest.approx(np.full(201, 10.0), rel=1e-12)
    assert list(run.events[run.events.kind == "split"].value) == pytest.approx([1.0, 0.9])
    told = [text for _, text in run.story()]
    assert told[told.index("a front splits off") + 1] == "1 thousand fighters go over to the dissidents"


def test_a_force_that_nobody_has_joined_does_not_attack() -> None:
    """Its attacks grow with those who come."""
    split = {"what": "x", "day": 100, "splits": [SPLIT | {"share": 0.2}]}
    run = sim.run(country({"split": split}).replace({"actors.rebels.review": NEVER_REVIEWS}), seed=1)
    attacks, rate = (run.series_table[f"{name}(dissidents)"] for name in ("daily_attacks", "attack_rate"))
    assert attacks[:101].sum() == 0
    assert attacks[101:].sum() > 300
    assert list(rate[[100, 101]]) == [0.0, pytest.approx(4.0)]


def test_those_who_go_over_take_their_arms_with_them() -> None:
    """As many are armed after a split as before, and of those left the same share is disarmed."""
    events = {"split": {"what": "x", "day": 150, "splits": [SPLIT | {"to": "militia", "share": 0.5}]}}
    militia = GUERRILLA | {"actor": "state", "strength_thousand": 4, "posture": {}}
    changes = {"world.armed_forces.militia": militia, "actors.rebels.opening_move": "lay_down", "events": events}
    scenario = country().replace({**changes, "actors.rebels.review": NEVER_REVIEWS})

    def disarmed(day: int) -> tuple[float, ...]:
        engine = EventEngine(bound(scenario), 1, 0)
        engine.run(until=day)
        state = engine.snapshot()
        return tuple(float(state[field][0, force]) for field in ("strength", "disarmed") for force in (0, 3))

    guerrilla, militia_men, laid_down, still = disarmed(149)
    assert (still, militia_men) == (0.0, 4.0)
    left, larger, share, mixed = disarmed(150)
    assert (left, larger) == pytest.approx((5.0, 9.0))
    day = 1.0 / 365.25
    assert share == pytest.approx(laid_down + day, rel=1e-12)
    assert left * (1.0 - share) + larger * (1.0 - mixed) == pytest.approx(10.0 * (1.0 - share) + 4.0, rel=1e-12)
    assert guerrilla == 10.0


def test_defection_goes_on_while_its_condition_holds() -> None:
    """At an exponential rate; said once, in the scenario's words, when it begins."""
    unpaid = UNPAID | {"when": "day >= 50 and day < 150"}
    run = sim.run(country(defections={"unpaid": unpaid}), seed=1)
    guerrilla, dissidents = strengths(run, "guerrilla", "dissidents")
    assert guerrilla[50] == 10.0
    assert guerrilla[100] == pytest.approx(10.0 * exp(-0.5), rel=1e-12)
    assert guerrilla[200] == guerrilla[150] == pytest.approx(10.0 * exp(-1.0), rel=1e-12)
    assert guerrilla + dissidents == pytest.approx(np.full(201, 10.0), rel=1e-12)
    told = [(str(date), text) for date, text in run.story() if "unpaid" in text]
    assert told == [("2020-04-19", "unpaid, they go over to the dissidents")]


def test_defection_does_not_depend_on_the_step() -> None:
    """Four steps a day move as many as one."""
    for steps in (1, 4):
        run = sim.run(country(defections={"unpaid": UNPAID}).replace({"steps_per_day": steps}), seed=1)
        assert strengths(run, "guerrilla")[0][100] == pytest.approx(10.0 * exp(-1.0), rel=1e-9)


def test_actors_foresee_defection_and_no_split() -> None:
    """Along the mean path fighters go over; a split on a date that is known to all is foreseen by nobody."""
    split = {"split": {"what": "x", "day": 20, "splits": [SPLIT]}}
    plain, flowing, splitting = (
        sim.run(scenario, seed=1).decisions[0].moves[0]
        for scenario in (country(), country(defections={"unpaid": UNPAID}), country(split))
    )
    assert splitting == plain
    lost = 10.0 * (1.0 - (1.0 - exp(-1.0)))  # mean of exp(-0.01 t) over the window of 100 days
    fell = flowing.terms["strength(guerrilla)"] / plain.terms["strength(guerrilla)"]
    left = exp(-0.1)  # ten days before the decision
    assert fell == pytest.approx(left * (10.0 - lost) / 10.0, rel=0.01)  # four steps of the path
    assert flowing.terms["balance_of_force"] < plain.terms["balance_of_force"]


def test_soldiers_and_fighters_change_sides_in_persons() -> None:
    """An army's strength is an index of its start: a tenth of 25 thousand joins the guerrilla, and may return."""
    events = {
        "mutiny": {"what": "a mutiny", "day": 20, "splits": [{"of": "army", "to": "guerrilla", "share": 0.1}]},
        "return": {"what": "they return", "day": 40, "splits": [{"of": "guerrilla", "to": "army", "share": 0.2}]},
    }
    run = sim.run(country(events), seed=1)
    guerrilla, army = strengths(run, "guerrilla", "army")
    assert (guerrilla[21], army[21]) == pytest.approx((12.5, 22.5))
    assert (guerrilla[41], army[41]) == pytest.approx((10.0, 25.0))


def test_engines_agree_on_defections() -> None:
    """The event engine's runs are the rows of a batch, to the bit."""
    events = {"split": {"what": "x", "per_day": 0.02, "at_most": 3, "splits": [SPLIT]}}
    scenario = country(events, defections={"unpaid": UNPAID | {"when": "happened(split)"}})
    table = sim.replicate(scenario, runs=10, seed=5).outcome_table
    for k in range(10):
        outcome = sim.run(scenario, seed=5, replication=k).outcome
        assert {key: str(column[k]) for key, column in table.items()} == {key: str(outcome[key]) for key in table}
    assert len(set(table["attacks"])) > 1


def test_the_freed_may_join_an_outside_force() -> None:
    """If it has a strength."""
    group = {"holder": "state", "claimant": "rebels", "held": 900, "promised": 600}
    group |= {"returns": {"to": "dissidents", "probability": 0.5, "delay_days": 5, "risk_at_first": 1}}
    scenario = country().replace({"deal.captives": {"prisoners": group}})
    changes = {"actors.state.moves.wait": {"release": {"per_day": 50, "list": "own"}}}
    run = sim.run(scenario.replace(changes), seed=1)
    dissidents = strengths(run, "dissidents")[0]
    assert dissidents[200] == pytest.approx(run.series_table["returned(prisoners)"][200] / 1000.0)
    assert dissidents[200] > 0.2


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"world.defections.unpaid": UNPAID | {"to": "disidents"}}, "world.defections.unpaid.to", "'dissidents'?"),
    (
        {"world.defections.unpaid": UNPAID | {"to": "guerrilla"}},
        "world.defections.unpaid.to",
        "found 'guerrilla', which they leave, expected another force",
    ),
    ({"world.defections.unpaid": UNPAID | {"when": "unpaid"}}, "world.defections.unpaid.when", "the name of a feature"),
    ({"world.defections.unpaid": UNPAID | {"per_day": 11}}, "world.defections.unpaid.per_day", "at most 10"),
    (
        {
            "world.defections": {"unpaid": UNPAID},
            "world.armed_forces.dissidents": {
                "kind": "outside", "attacks": {"per_day": 4.0}, "deaths_per_attack": DEATHS,
            },
        },
        "world.defections.unpaid.to",
        "found 'dissidents', a force without strength_thousand",
    ),
    (
        {"world.armed_forces.dissidents.attacks.capacity_exponent": 0},
        "world.armed_forces.dissidents.attacks",
        "found attacks that do not grow with a force that starts at 0",
    ),
    (
        {"world.armed_forces.dissidents.strength_thousand": None},
        "world.armed_forces.dissidents.share_at_start",
        "found 0 for a force without strength_thousand",
    ),
    ({"world.armed_forces.army.share_at_start": 0.5}, "world.armed_forces.army.share_at_start", "does not have"),
    (
        {"events.split": {"what": "x", "day": 3, "splits": [SPLIT | {"share": 1.5}]}},
        "events.split.splits.0.share",
        "at most 1",
    ),
    (
        {"events.split": {"what": "x", "day": 3, "splits": [SPLIT | {"of": "gerrilla"}]}},
        "events.split.splits.0.of",
        "Did you mean 'guerrilla'?",
    ),
    (
        {"world.defections": {f"way_{i}": UNPAID for i in range(9)}},
        "world.defections.way_8",
        "found 9 defections, expected at most 8",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "place", "words"), BAD, ids=[words[:40] for _, _, words in BAD])
def test_bad_defections_are_refused_at_their_place(changes: dict[str, Any], place: str, words: str) -> None:
    """Each mistake with what is legal."""
    with pytest.raises(ScenarioError) as caught:
        country().replace(changes)
    assert place in [problem.path for problem in caught.value.problems]
    assert words in str(caught.value)
