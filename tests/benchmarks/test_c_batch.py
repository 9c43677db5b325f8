"""The C program of the model and the compiled batch give the same worlds: a double check and a fair yardstick."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.kernel.bound import bound
from sim.kernel.outcome_row import OUTCOME_ROW

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from c_batch import build, c_runner, check_events, check_forces, check_rules, compiled_runner, equality

OWN_QUANTITY = (
    "toys/two_actors",
    {
        "quantities.owed": {
            "of": "freed(prisoners) - counted(prisoners)",
            "at_least": 0.01,
            "times": "1 - 0.5 * talks",
        },
        "actors.rebels.payoff.per_year.quantity(owed)": -2.0,
        "actors.rebels.payoff.beyond_window.quantity(owed)": -0.5,
        "actors.state.moves.free.when": "quantity(owed) < 0.15",
    },
)

LAND = (
    "toys/five_actors",
    {
        "world.territory": {
            "held_at_start": 0.2,
            "per_day": 0.02,
            "bandwagon": 1.3,
            "garrison": 0.6,
            "offence": 1.3,
            "surrenders": 1.2,
            "recruits": 0.7,
        },
        "world.contest.air_exponent": 0.4,
        "actors.state.moves.attack.cooldown_days": 0,
        "actors.state.payoff.per_year.territory": -1.0,
        "actors.state.payoff.per_year.on_offence": 0.1,
        "actors.state.payoff.terms": {
            "settlement": {"territory": -0.8, "balance_of_force": -0.2},
            "government_collapse": {"territory": -0.3},
        },
        "actors.north.payoff.terms": {"settlement": {"territory": 0.9}},
        "actors.north.types": {"hard": {"probability": 0.5, "scales": {"at_outcome.settlement": 0.4}}},
        "actors.south.payoff.beyond_window.territory": 0.4,
        "deal.outcomes.government_collapse.factors": {
            "land": {"form": "logistic", "of": "territory", "midpoint": 0.6, "width": 0.05}
        },
        "actors.donor.moves.threaten.pressure.gives_in": 0.4,
        "actors.donor.rule.holds_days": 60,
        "actors.state.rule.holds_days": 30,
        "actors.north.rule.holds_days": 200,
        "actors.south.rule.holds_days": 45,
        "measures": {"land": {"highest": "territory"}},
    },
)

needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is missing, which compiles the C program")


@pytest.mark.slow
@needs_gcc
@pytest.mark.parametrize(
    ("name", "changes"), [("doha_2020/baseline", {}), ("toys/five_actors", {}), OWN_QUANTITY, LAND]
)
def test_outcomes_of_the_c_program_are_those_of_the_batch(name: str, changes: dict[str, Any], tmp_path: Path) -> None:
    """Every run ends in the same outcome on the same day, with the same numbers to the last bit."""
    ready, replications = bound(sim.load(name).replace(changes)), np.arange(300)
    found = equality(
        compiled_runner(ready)(2**63 + 5, replications), c_runner(build(tmp_path), ready)(2**63 + 5, replications)
    )
    assert found["same_outcome_and_day"] == 1.0
    assert found["largest_relative_difference"] == 0.0
    assert found["equal_to_the_bit"] == 1.0


@pytest.mark.slow
@needs_gcc
def test_measures_and_promises_of_the_c_program_are_those_of_the_batch(tmp_path: Path) -> None:
    """Every kind of measure and of promise has the same numbers, to the bit, with several steps a day too."""
    toy = sim.load("toys/five_actors").replace(
        {
            "measures": {
                "highest": {"highest": "persons_freed(northerners) - troop_count"},
                "lowest": {"lowest": "balance_of_force"},
                "mean": {"mean": "persons_freed"},
                "total": {"total": "daily_attacks"},
                "quiet": {"share_of_time": "holding_fire(north) == 1"},
                "first": {"first_day": "persons_freed >= 50"},
                "level": {"level": {"of": "troop_count", "on": "2030-06-01"}},
                "overdue": {"highest": "days_past_due(open_end)"},
            },
            "deal.promises.out": {
                "by": "state",
                "reach": {"of": "persons_freed", "at_least": 300},
                "due": {"days": 90},
            },
            "deal.promises.gone": {"by": "neighbour", "reach": {"of": "troop_count", "at_most": 0}, "watched": True},
            "deal.promises.open_end": {"by": "north", "keep": "talks", "due": {"days": 9, "after": "talks_began"}},
        }
    )
    library = build(tmp_path)
    for scenario in (toy, toy.replace({"steps_per_day": 3})):
        ready, replications = bound(scenario), np.arange(100)
        ours, theirs = compiled_runner(ready)(11, replications), c_runner(library, ready)(11, replications)
        for field in ("measure", "promise_due", "promise_tick", "promise_kept", "promise_share"):
            assert (ours[field] == theirs[field]).all(), field


def test_a_scenario_with_other_rules_is_refused() -> None:
    """The C program has the logit response only, and says so."""
    with pytest.raises(SystemExit, match="uniform"):
        check_rules(sim.load("doha_2020/uniform"))


def test_a_scenario_with_chance_or_defections_is_refused() -> None:
    """The C program knows events that are certain on their date and set numbers, and says so."""
    plain = {"day": 5, "what": "calm", "set": {"world.armed_forces.fighters.attacks.per_day": 1.0}}
    toy = sim.load("toys/two_actors").replace({"events.calm": plain})
    check_events(toy)
    check_forces(toy)
    for more in ({"probability": 0.5}, {"when": "talks"}, {"reviews": ["state"]}):
        with pytest.raises(SystemExit, match="event of chance"):
            check_events(toy.replace({"events.calm": {**plain, **more}}))
    with pytest.raises(SystemExit, match="no defections"):
        check_forces(toy.replace({"world.armed_forces.fighters.share_at_start": 0.5}))


def test_equality_counts_the_runs_that_agree() -> None:
    """One changed payoff of four rows leaves three equal to the bit, one changed date three of the same day."""
    rows = np.zeros(4, OUTCOME_ROW)
    paid, dated = rows.copy(), rows.copy()
    paid["payoff"][1, 0] = 0.5
    dated["outcome_tick"][2] = 3
    assert equality(rows, rows)["equal_to_the_bit"] == 1.0
    assert equality(rows, paid)["equal_to_the_bit"] == 0.75
    assert equality(rows, paid)["largest_relative_difference"] == 0.5
    assert equality(rows, dated)["same_outcome"] == 1.0
    assert equality(rows, dated)["same_outcome_and_day"] == 0.75
