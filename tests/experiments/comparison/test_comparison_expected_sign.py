"""Signs that scenarios state are held against paired runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.errors import ScenarioError, UsageError
from sim.experiments.comparison.expected_sign import batches_of, check_signs, signs_of, values_of, verdict_of
from sim.experiments.paired_effect import paired_effect

ENDS = st.floats(-1.0, 1.0, allow_nan=False)
OVERLAY = """\
# An overlay for a test.
extends: toys/two_actors
title: Quicker to settle
expects:
  {measure}: {{sign: {sign}, against: toys/two_actors, why: a larger hazard, pre_registered: 2026-11-22}}
  talks_began: in words
deal: {{outcomes: {{settlement: {{per_day: 0.05}}}}}}
"""


def overlay(folder: Path, sign: str, measure: str = "settlement") -> str:
    """Write a scenario in which settlement is far likelier, with a sign for a measure, and return its path."""
    path = folder / f"{sign}.yaml"
    path.write_text(OVERLAY.format(sign=sign, measure=measure), encoding="utf-8")
    return str(path)


@given(ends=st.tuples(ENDS, ENDS))
def test_up_is_borne_out_where_down_is_not(ends: tuple[float, float]) -> None:
    """The two signs have opposite verdicts, and neither has one if the interval holds 0."""
    low, high = sorted(ends)
    verdicts = {verdict_of("up", low, high), verdict_of("down", low, high)}
    assert verdicts == ({"not distinguishable"} if low <= 0.0 <= high else {"borne out", "not borne out"})


def test_a_true_sign_is_borne_out_and_its_opposite_is_not(tmp_path: Path) -> None:
    """With a far larger hazard of settlement up is borne out and down is not; the effect is the paired one."""
    names = [overlay(tmp_path, "up"), overlay(tmp_path, "down")]
    tables = batches_of(names, runs=150, seed=3)
    assert list(tables) == [*names, "toys/two_actors"]
    up, down = check_signs(names, tables)
    assert (up.verdict, down.verdict) == ("borne out", "not borne out")
    settled = [
        sim.replicate(sim.load(name), runs=150, seed=3).outcome_table["outcome"] == "settlement" for name in tables
    ]
    assert up.effect == down.effect == paired_effect(settled[2], settled[0])


def test_a_column_of_numbers_is_a_measure(tmp_path: Path) -> None:
    """A run that settles sooner ends sooner: outcome_day down, in days."""
    name = overlay(tmp_path, "down", "outcome_day")
    (check,) = check_signs([name], batches_of([name], runs=150, seed=3))
    assert check.verdict == "borne out"
    assert check.effect.difference < -5.0


def test_a_measure_that_there_is_not_is_refused(tmp_path: Path) -> None:
    """The file is refused with its line and the nearest measure, and a column of words is no measure."""
    with pytest.raises(ScenarioError, match=r"up\.yaml:\d+:3: expects.setlement: .*Did you mean 'settlement'"):
        sim.load(overlay(tmp_path, "up", "setlement"))
    with pytest.raises(UsageError, match=r"measure: found 'outcome'"):
        values_of(sim.replicate(sim.load("toys/two_actors"), runs=2, seed=1), "outcome")


def test_a_scenario_without_a_sign_is_refused() -> None:
    """Words alone are nothing to hold against runs."""
    assert signs_of(sim.load("doha_2020/uniform")) == {}
    with pytest.raises(UsageError, match=r"doha_2020/uniform: found no sign of a measure, expected expects: "):
        batches_of(["doha_2020/uniform"], runs=5, seed=1)
