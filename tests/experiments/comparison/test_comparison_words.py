"""Every sentence of a comparison is a claim, held here against the tables and the runs that it was drawn from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim.experiments.comparison.words import MOST, SAME, SURE, UNSURE
from sim.experiments.comparison.yardsticks import judged_otherwise, yardsticks
from sim.scenario.scenario import Scenario

FREE = "actors.state.moves.free.release.per_day"
CHANGES: dict[str, st.SearchStrategy[Any]] = {
    FREE: st.sampled_from([1, 10, 40]),
    "deal.outcomes.settlement.per_day": st.sampled_from([0.0, 0.004, 0.05]),
    "world.armed_forces.fighters.attacks.per_day": st.sampled_from([2.0, 40.0]),
    "deal.captives.prisoners.promised": st.sampled_from([300, 500]),
    "actors.state.payoff.per_year.talks": st.sampled_from([0.0, 2.0]),
    "actors.rebels.discount_per_year": st.sampled_from([0.0, 0.5]),
    "horizon_days": st.sampled_from([60, 200]),
    "world.reputation": st.none(),
    "milestones": st.just({"quiet": "holding_fire == 1 and day >= 40"}),
    "measures": st.just(
        {
            "quiet_days": {"share_of_time": "holding_fire == 1"},
            "person_days": {"total": "persons_freed(prisoners)", "label": "days of freedom", "unit": "person-days"},
        }
    ),
    "headline": st.sampled_from(["deaths", "days_until_talks_began"]).map(lambda name: [name, "talks_began by day 50"]),
}
DEALS = st.fixed_dictionaries({}, optional=CHANGES).map(lambda changes: sim.load("toys/two_actors").replace(changes))
ITEM = re.compile(r"([^,;(]+?) \(([^)]*)\)")


def rows_by_words(found: sim.Comparison, name: str) -> dict[str, list[tuple[str, float, Any]]]:
    """Return the rows of the exported tables by what a sentence calls them, each with its kind and its scale."""
    tables = {key: table[table.scenario == name] for key, table in found.tables().items() if "scenario" in table}
    labels = {key: a.label or key for s in found.scenarios.values() for key, a in s.actors.items()}
    rows: dict[str, list[tuple[str, float, Any]]] = {}

    def put(words: str, kind: str, scale: float, row: Any) -> None:
        rows.setdefault(words, []).append((kind, scale, row))

    for row in tables["differences"].itertuples():
        called = {"talks_began": "talks at some time", "talks_began by day 50": "talks by day 50"}
        put(called.get(row.outcome, row.outcome.replace("_", " ")), "often", 100.0, row)
    for row in tables["milestones"].itertuples():
        words = "talks" if row.milestone == "talks_began" else row.milestone.replace("_", " ")
        put(words, "date", 1.0, row)
        put(f"date of {words}", "date", 1.0, row)
    for row in tables["numbers"].itertuples():
        if row.outcome == "end_day":
            put("end of the run", "date", 1.0, row)
        elif not row.outcome.endswith("_day"):
            head, _, whose = row.outcome.partition("_")
            words = f"{whose} freed" if head == "freed" else row.outcome
            declared = {"person_days": "days of freedom"}
            put(declared.get(row.outcome, words.replace("_", " ")), "count", 1.0, row)
    for row in tables["payoffs"].itertuples():
        put(labels[row.actor], "payoff", 1.0, row)
        put(f"payoff of {labels[row.actor]}", "payoff", 1.0, row)
    return rows


KINDS = {
    "surely more often": ("often", 1), "surely less often": ("often", -1), "surely later": ("date", 1),
    "surely earlier": ("date", -1), "surely more": ("count", 1), "surely less": ("count", -1),
    "payoff surely higher": ("payoff", 1), "payoff surely lower": ("payoff", -1),
}  # fmt: skip


def place_of(row: Any, measured: str, headline: tuple[str, ...]) -> int:
    """Return where the reference puts a measure; behind all if nowhere."""
    name = getattr(row, "outcome", "") or (
        f"days_until_{row.milestone}" if measured == "date" else f"payoff_{row.actor}"
    )
    return headline.index(name) if name in headline else len(headline)


def check_part(
    part: str, rows: dict[str, list[tuple[str, float, Any]]], judged: dict[str, str], headline: tuple[str, ...]
) -> None:
    """Hold one part of a sentence, a kind with its items, against the rows."""
    kind, _, items = part.partition(": ")
    assert kind in (*SURE, UNSURE, SAME)
    if kind in (UNSURE, SAME):
        for words in re.sub(r" and \d+ more$", "", items).split(", "):
            agreeing = [
                row for _, _, row in rows[words]
                if (row.differing == 0 if kind == SAME else row.differing > 0 and not (row.low > 0 or row.high < 0))
            ]  # fmt: skip
            assert agreeing, f"{words} is not {kind}"
        return
    measured, sign = KINDS[kind]
    found = ITEM.findall(items)
    assert 1 <= len(found) <= max(MOST, len(headline))
    sizes = []
    for words, size in found:
        numbers = [float(text.replace(",", "")) for text in re.findall(r"[-+]?[\d,]*\d\.\d+", size)]
        (row, scale) = next((row, scale) for what, scale, row in rows[words.strip()] if what == measured)
        assert sign * row.low > 0 < sign * row.high
        assert row.differing > 0
        exact = [scale * value for value in (row.difference, row.low, row.high)]
        assert numbers == pytest.approx(exact, abs=0.0501 if measured != "payoff" else 0.000501)
        decisive = abs(row.difference) / row.standard_error if row.standard_error else np.inf
        sizes.append((place_of(row, measured, headline), -decisive))
        if measured == "payoff":
            assert ("judged by" in size) == (row.actor in judged)
    assert sizes == sorted(sizes), "what the reference puts first, then the most decisive"


@settings(max_examples=40, deadline=None)
@given(one=DEALS, other=DEALS, seed=st.integers(0, 3))
def test_every_sentence_agrees_with_the_tables(one: Scenario, other: Scenario, seed: int) -> None:
    """Of random pairs: the same is said just where all outcomes are equal, sure just where the interval excludes 0."""
    found = sim.compare([one, other], runs=15, seed=seed, names=["a", "b"], baselines=False)
    sentence = found.summary[0]
    a, b = (found.batches[name].outcomes for name in ("a", "b"))
    equal = list(a) == list(b) and a.equals(b)
    assert (sentence == "b: the same as a in every run.") == equal
    if equal or sentence.endswith(" only."):
        assert equal or list(a) != list(b) or not a.equals(b)
        return
    rows = rows_by_words(found, "b")
    parts = sentence.removeprefix("b: ").removesuffix(".").split("; ")
    for part in parts:
        check_part(part, rows, judged_otherwise(one, other), one.headline)
    said = {part.partition(": ")[0] for part in parts}
    payoffs = found.payoffs.loc["b"]
    assert ("payoff surely higher" in said) == bool(((payoffs.low > 0) & (payoffs.differing > 0)).any())
    outcomes = found.differences.loc["b"]
    assert ("surely less often" in said) == bool(((outcomes.high < 0) & (outcomes.differing > 0)).any())


def test_what_only_deaths_tell_is_not_the_same() -> None:
    """Deaths twice as many in attacks that decide nothing: no outcome moves, and the sentence says what does."""
    toy = sim.load("toys/two_actors")
    shape = toy.world.armed_forces["fighters"].deaths_per_attack
    assert shape is not None
    worse = toy.replace({"world.armed_forces.fighters.deaths_per_attack.mean": 3.0 * shape.mean})
    found = sim.compare([toy, worse], runs=60, seed=1, names=["toy", "worse"], baselines=False)
    assert not found.differences.differing.any()
    assert found.summary[0].startswith("worse: surely more: deaths (+")


def test_a_difference_that_no_measure_names_is_still_said() -> None:
    """Runs whose dates alone are called otherwise, by another milestone, are not the same: the column is named."""
    toy = sim.load("toys/two_actors")
    other = toy.replace({"milestones": {"late": "day >= 100"}})
    found = sim.compare([toy, other], runs=5, seed=1, names=["a", "b"], baselines=False)
    assert found.summary[0] == "b: differs from a in first release day, all counted day, late day only."


def test_attacks_over_a_moved_reference_are_another_yardstick() -> None:
    """Ten times the attacks over ten times the reference are paid alike: the sentence and a note say so."""
    toy = sim.load("toys/two_actors")
    here = "world.armed_forces.fighters.attacks.per_day"
    before = toy.world.armed_forces["fighters"].attacks
    assert before is not None
    assert yardsticks(toy)["state"]["attacks"] == {here: before.per_day}
    many = toy.replace({here: 10.0 * before.per_day})
    found = sim.compare([toy, many], runs=80, seed=1, names=["toy", "many"], baselines=False)
    assert found.numbers.low["many", "deaths"] > 0
    assert "state" in judged_otherwise(toy, many)
    (note,) = (note for note in found.notes if "another yardstick" in note)
    assert f"{here}, {before.per_day:g} in toy and {10 * before.per_day:g} in many: attacks for State divided" in note
    weighed = toy.replace({"actors.state.payoff.per_year.attacks": -5.0})
    assert judged_otherwise(toy, weighed) == {"state": "other weights"}
    said = sim.compare([toy, weighed], runs=80, seed=1, names=["toy", "weighed"], baselines=False).summary[0]
    assert re.search(r"payoff surely lower: State \(-[^)]*, judged by other weights\)", said)


def test_every_quotient_of_a_payoff_has_its_yardstick() -> None:
    """Promised captives, troops and aid at the start, attacks of each insurgent force: by path, with their numbers."""
    five = yardsticks(sim.load("toys/five_actors"))
    assert set(five["state"]["attacks"]) == {
        f"world.armed_forces.{force}.attacks.per_day" for force in ("northern_fighters", "southern_fighters")
    }
    flows = sim.load("toys/five_actors").world.aid_flows
    assert five["state"]["aid_lost"] == {
        f"world.aid_flows.{name}.usd_bn_per_year": flow.usd_bn_per_year for name, flow in flows.items()
    }
    assert list(five["neighbour"]["troops"]) == ["deal.withdrawal.neighbours_troops.start"]
    assert list(five["north"]["counted(northerners)"]) == ["deal.captives.northerners.promised"]
    assert "reputation" not in five["north"]


def test_civilians_that_nobody_counts_are_unknown_and_not_none() -> None:
    """Without reviews of reputation the mean of civilian deaths is unknown, and a note says why."""
    five = sim.load("toys/five_actors")
    blind = five.replace({"world.reputation": None})
    found = sim.compare([five, blind], runs=10, seed=1, names=["five", "blind"], baselines=False)
    assert found.numbers["mean"]["five", "civilian_deaths"] > 0
    assert np.isnan(found.numbers["mean"]["blind", "civilian_deaths"])
    assert any(note.startswith("Civilian deaths are not counted in blind, which is not none") for note in found.notes)


OVERLAY = """\
extends: toys/two_actors
title: Quicker to settle
expects:
  settlement: {sign: up, against: toys/two_actors, why: a larger hazard, pre_registered: 2026-11-22}
  outcome_day: {sign: up, against: slow, why: none, pre_registered: 2026-11-22}
  talks_began: {sign: up, against: doha_2020/baseline, why: none, pre_registered: 2026-11-22}
deal: {outcomes: {settlement: {per_day: 0.05}}}
"""


def test_expected_signs_are_scored_where_both_are_compared(tmp_path: Path) -> None:
    """By name or by what the named scenario holds; what is not compared, or no measure, is not scored and says why."""
    path = tmp_path / "quicker.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    found = sim.compare([sim.load("toys/two_actors"), sim.load(path)], runs=150, seed=3, names=["slow", "quick"])
    table = found.expectations.set_index("measure")
    assert set(table.scenario) == {"quick"}
    assert table.verdict.to_dict() == {
        "settlement": "borne out",
        "outcome_day": "not borne out",
        "talks_began": "not scored",
    }
    assert table.against["settlement"] == "slow"
    assert table.difference["settlement"] == found.differences.difference["quick", "settlement"]
    assert table.note["talks_began"] == "doha_2020/baseline is not compared here"
    row = table.loc["settlement"]
    size = f"{100 * row.difference:+.1f} points [{100 * row.low:.1f}, {100 * row.high:.1f}]"
    assert f"quick expected settlement to go up against slow: borne out ({size})." in found.summary
    assert len(found.to_dict()["expectations"]) == len(found.tables()["expectations"]) == 3
