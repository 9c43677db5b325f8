"""Each mechanism can be switched off: that changes what it should and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scripted_doha import QUIET_TABLE, scripted

import sim
from sim.engine.run import Run
from sim.scenario.catalogue import MECHANISMS

OWN = {"government": [(10, "own_batches")], "taliban": [(10, "baseline")], "us": []}
LIST = {"government": [(10, "their_list")], "taliban": [(10, "baseline")], "us": []}
THREAT = {"government": [(10, "stall")], "taliban": [(10, "baseline")], "us": [(12, "threaten")]}

# what fighters change, who attack, weaken the army, divide its camp and are seen to attack
FIGHT = (
    "strength(taliban_fighters)",
    "attack_rate(taliban_fighters)",
    "daily_attacks(taliban_fighters)",
    "daily_deaths(taliban_fighters)",
    "strength(afghan_forces)",
    "balance_of_force",
    "cohesion(presidency)",
    "reputation_index(government, taliban)",
    "reputation_index(us, taliban)",
)
OUTSIDE = ("attack_rate(isis_k)", "daily_attacks(isis_k)", "daily_deaths(isis_k)", "counted_attacks(isis_k)")
# the same attacks and deaths by target and as counted, and those of operations: whole numbers that a small change of a
# rate may leave as they are
FEW = (
    "daily_attacks(taliban_fighters)",
    "daily_deaths(taliban_fighters)",
    "counted_attacks(taliban_fighters)",
    "daily_deaths(afghan_forces)",
    *(f"daily_attacks(taliban_fighters, {whom})" for whom in ("army", "cities", "foreigners")),
    *(f"daily_deaths(taliban_fighters, {whom})" for whom in ("army", "cities", "foreigners")),
    *(f"daily_{what}(isis_k, {whom})" for what in ("attacks", "deaths") for whom in ("cities", "taliban")),
)
# the dead in cities divide the camp; Taliban whom the Islamic State kills fight nobody
KILLS = (
    *OUTSIDE,
    "strength(taliban_fighters)",
    "attack_rate(taliban_fighters)",
    "strength(afghan_forces)",
    "balance_of_force",
    "cohesion(presidency)",
)
TRUST = ("reputation_index(government, taliban)", "reputation_index(us, taliban)")

# mechanism: (script, the series that change; all others stay the same to the bit)
CASES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "aid": (THREAT, ("aid(us_aid)", "strength(afghan_forces)", "daily_deaths(afghan_forces)", "balance_of_force")),
    "cohesion": (OWN, ("cohesion(presidency)",)),
    "dual_office": (OWN, ("dual_office(presidency)", "cohesion(presidency)")),
    "disputes": (OWN, ("dispute(taliban_prisoners)",)),
    "reciprocity": (OWN, ("persons_freed(government_captives)", "persons_counted(government_captives)")),
    "commanders": (LIST, FIGHT),
    "guarantee": (OWN, ("returned(taliban_prisoners)", *FIGHT)),
    "returns": (OWN, ("returned(taliban_prisoners)", *FIGHT)),
    "misattribution": (OWN, TRUST),
    "spoilers": (OWN, (*KILLS, *TRUST)),
    "spoiler_response": (LIST, (*KILLS, *TRUST)),
    "reputation": (OWN, TRUST),
    "noise": (
        OWN,
        ("strength(afghan_forces)", "daily_deaths(afghan_forces)", "balance_of_force", "cohesion(presidency)"),
    ),
}


def pair(mechanism: str, script: Any, **changes: Any) -> tuple[Run, Run]:
    """Run the same seed with a mechanism on and off."""
    on = scripted(script, horizon=320, **changes)
    return sim.run(on, seed=4), sim.run(on.replace({f"mechanisms.{mechanism}": False}), seed=4)


@pytest.mark.parametrize("mechanism", list(CASES))
def test_a_switch_changes_what_it_should_and_nothing_else(mechanism: str) -> None:
    """The series that the mechanism reaches differ, and every other is equal to the bit."""
    script, changed = CASES[mechanism]
    on, off = (run.series_table for run in pair(mechanism, script))
    assert list(on) == list(off)
    found = {name for name in on if not np.array_equal(on[name], off[name])}
    may = FEW if "strength(taliban_fighters)" in changed else ()
    assert set(changed) <= found <= {*changed, *may}


def test_every_mechanism_has_a_test_here() -> None:
    """A new switch needs a case above or a test of its own below."""
    own = {name.removeprefix("test_switching_off_") for name in globals() if name.startswith("test_switching_off_")}
    assert set(CASES) | own == set(MECHANISMS)


def test_switching_off_profiteers() -> None:
    """Without profiteers talks break down less often; everything else keeps its luck."""
    script = LIST
    on = scripted(script, horizon=640, deal__talks__breaks_down__per_day=0.02)
    off = on.replace({"mechanisms.profiteers": False})
    breaks = [
        sum((sim.run(s, seed=seed).events.kind == "talks_broke_down").sum() for seed in range(20)) for s in (on, off)
    ]
    assert breaks[0] > breaks[1] > 0


def test_switching_off_epidemic() -> None:
    """Without the epidemic the government pays more for releases in its window, and the world is the same."""
    on, off = pair("epidemic", LIST)
    assert on.outcome["payoff_government"] > off.outcome["payoff_government"]
    assert np.array_equal(on.series_table["balance_of_force"], off.series_table["balance_of_force"])


FALLING = {"world__territory__per_day": 0.05, "world__territory__bandwagon": 4.0}
"""Land that comes to the insurgents, so that the government falls."""


def test_switching_off_types() -> None:
    """Without types the United States is never of the type that leaves anyway; the world is the same."""
    runs = [pair("types", QUIET_TABLE, actors__us__types__leaving_anyway__probability=1.0) for _ in range(1)]
    on, off = runs[0]
    assert np.array_equal(on.series_table["balance_of_force"], off.series_table["balance_of_force"])
    ended = [
        scripted(QUIET_TABLE, horizon=640, outcomes=True, actors__us__types__leaving_anyway__probability=p, **FALLING)
        for p in (0.0, 1.0)
    ]
    tables = [sim.replicate(s, runs=100, seed=2).outcome_table for s in ended]
    collapsed = tables[0]["outcome"] == "government_collapse"
    assert collapsed.any()
    assert (tables[1]["payoff_us"][collapsed] > tables[0]["payoff_us"][collapsed]).all()
    assert (tables[1]["payoff_us"][~collapsed] == tables[0]["payoff_us"][~collapsed]).all()


def test_switching_off_weight_spread() -> None:
    """Without the spread all runs of the same world have the same weights: payoffs change, the world does not."""
    on, off = pair("weight_spread", QUIET_TABLE)
    assert on.outcome["payoff_taliban"] != off.outcome["payoff_taliban"]
    assert np.array_equal(on.series_table["balance_of_force"], off.series_table["balance_of_force"])


def test_switching_off_audience_costs() -> None:
    """Without audience costs the government's climb-down is free: its payoff is higher by the three one-off costs."""
    on, off = pair("audience_costs", OWN)
    saved = off.outcome["payoff_government"] - on.outcome["payoff_government"]
    assert 0.04 < saved < 0.05  # 0.02 + 0.02 + 0.01, discounted at 10 % a year over a few weeks
    assert np.array_equal(on.series_table["balance_of_force"], off.series_table["balance_of_force"])


def test_switching_off_triggers() -> None:
    """Without triggers nobody is called to a review but by the calendar."""
    on, off = pair("triggers", LIST)
    called = [{d.called_by for d in run.decisions} for run in (on, off)]
    assert "trigger" in called[0]
    assert called[1] <= {"review", "deadline"}
