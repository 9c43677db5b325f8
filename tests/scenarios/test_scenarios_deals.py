"""The deals on the table: what each changes, and that its sign and what came of it stand as they were measured."""

from __future__ import annotations

import importlib
import math
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import sim
from sim.experiments.comparison.expected_sign import batches_of, check_signs, signs_of, verdict_of
from sim.scenario import builtin_names, builtin_root
from sim.scenario.positions import plain
from sim.scenario.reader import read_text

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "deals.md").read_text(encoding="utf-8")
BASELINE = "doha_2020/baseline"
DEALS = tuple(name for name in builtin_names() if name.startswith("doha_2020/deals/"))
RUNS = 400
OTHER_SEED = 2
THEIRS, OURS = "taliban_prisoners", "government_captives"
RELEASING = ("decree", "own_batches", "their_list")


# --- what each deal changes ----------------------------------------------------------------------------------------
@cache
def runs_of(name: str, count: int = 20) -> tuple[sim.Run, ...]:
    """Return some runs of a scenario."""
    scenario = sim.load(name)
    return tuple(sim.run(scenario, seed=1, replication=replication) for replication in range(count))


def told(run: sim.Run) -> Iterator[tuple[Any, dict[str, str]]]:
    """Tell the events of a run in order, each with the moves that stood before it."""
    standing = {name: actor.opening_move for name, actor in run.scenario.actors.items()}
    for event in run.events.drop(columns="detail").itertuples():
        yield event, dict(standing)
        if event.kind == "move":
            standing[event.actor] = event.move


def kinds(run: sim.Run) -> set[str]:
    """Return the kinds of events of a run."""
    return set(run.events["kind"])


def later_batches_wait_for_held_fire(run: sim.Run) -> bool:
    """Say whether nobody beyond 1,500 goes free but by 500 at most while the Taliban hold fire."""
    freed = 0.0
    for event, standing in told(run):
        if event.kind == "release" and event.entity == THEIRS:
            if freed >= 1500 and (standing["taliban"] != "reduced" or event.value > 500):
                return False
            freed += event.value
    return True


def batches_are_small_and_late(run: sim.Run) -> bool:
    """Say whether nobody goes free before 8 April, and at most 30 on any day after."""
    releases = [event for event, _ in told(run) if event.kind == "release" and event.entity == THEIRS]
    return all(event.day >= 39 and event.value <= 30 for event in releases)


def commanders_go_at_once_and_nobody_quarrels(run: sim.Run) -> bool:
    """Say whether all fifteen go free on one day, if they do, and no dispute opens."""
    commanders = [event.value for event, _ in told(run) if event.kind == "commanders_freed"]
    return commanders in ([], [15.0]) and "dispute_opens" not in kinds(run)


def nobody_threatens(run: sim.Run) -> bool:
    """Say whether no threat stands or is executed, and all aid flows."""
    moves = {event.move for event, _ in told(run) if event.actor == "us"}
    return "threaten" not in moves and set(run.series_table["aid(us_aid)"]) == {4.3}


def one_president_from_10_march(run: sim.Run) -> bool:
    """Say whether the office is held once after day 10, so that nobody's camp fights itself."""
    return not any(run.series_table["dual_office(presidency)"][11:]) and run.outcome["outcome"] != "civil_war"


def theirs_wait_for_ours(run: sim.Run) -> bool:
    """Say whether no Taliban captive goes free before a thousand of the government's side have."""
    home = 0.0
    for event, _ in told(run):
        if event.kind == "release":
            if event.entity == THEIRS and home < 1000:
                return False
            home += event.value if event.entity == OURS else 0.0
    return True


def everybody_counts_and_every_attack_is_laid_right(run: sim.Run) -> bool:
    """Say whether all freed are counted every day, nobody quarrels, and the Taliban answer for their attacks alone."""
    series = run.series_table
    counted = (series[f"persons_counted({THEIRS})"] == series[f"persons_freed({THEIRS})"]).all()
    attacks, since, right = series["daily_attacks(taliban_fighters)"], 0, True
    for event, _ in told(run):
        if event.kind == "reputation":
            right &= event.value == attacks[since + 1 : int(event.day) + 1].sum()
            since = int(event.day)
    return bool(counted and right and "dispute_opens" not in kinds(run))


def counted_captives_pay_and_nobody_threatens(run: sim.Run) -> bool:
    """Say whether the government weighs captives counted as a flow, and no aid is cut."""
    terms = [move.terms for d in run.decisions if d.actor == "government" for move in d.moves if move.legal]
    return nobody_threatens(run) and any(term.get(f"counted({THEIRS})", 0.0) > 0 for term in terms)


def troops_leave_on_time(run: sim.Run) -> bool:
    """Say whether no more troops than scheduled are left on any day."""
    left = run.series_table["troop_count(us_troops)"]
    due = np.interp(np.arange(len(left)), [0, 135, 425], [13000, 8600, 0])
    return bool((left <= due + 1e-6).all())


def attacks_wait_for_day_135_or_an_offensive(run: sim.Run) -> bool:
    """Say whether the Taliban attack again before day 135 only while the government is on the offensive."""
    return not any(
        event.kind == "move" and event.actor == "taliban" and event.move != "reduced" and event.day < 135
        for event, standing in told(run)
        if standing["government"] != "offensive"
    )


def releases_are_decided_in_a_ceasefire(run: sim.Run) -> bool:
    """Say whether the government decides for a move that releases only while a ceasefire stands."""
    return not any(
        event.kind == "decision" and event.move in RELEASING and standing["taliban"] != "truce"
        for event, standing in told(run)
    )


CHANGES: dict[str, Callable[[sim.Run], bool]] = {
    "aid_threat_off": nobody_threatens,
    "captives_first": theirs_wait_for_ours,
    "ceasefire_first": releases_are_decided_in_a_ceasefire,
    "commanders_first": commanders_go_at_once_and_nobody_quarrels,
    "conditional_tranches": later_batches_wait_for_held_fire,
    "escrowed_aid": counted_captives_pay_and_nobody_threatens,
    "extended_reduction": attacks_wait_for_day_135_or_an_offensive,
    "one_president": one_president_from_10_march,
    "piecemeal_april": batches_are_small_and_late,
    "third_party_verification": everybody_counts_and_every_attack_is_laid_right,
    "withdrawal_regardless": troops_leave_on_time,
}


@pytest.mark.parametrize("deal", sorted(CHANGES))
def test_a_deal_changes_what_it_says(deal: str) -> None:
    """What the header says holds in all runs of the deal, and not in all of the baseline."""
    holds = CHANGES[deal]
    assert all(holds(run) for run in runs_of(f"doha_2020/deals/{deal}"))
    assert not all(holds(run) for run in runs_of(BASELINE, 100))  # a pause is rare


@pytest.mark.parametrize("deal", ["captives_first", "ceasefire_first", "conditional_tranches", "piecemeal_april"])
def test_what_a_condition_allows_does_happen(deal: str) -> None:
    """Under each deal that makes releases wait, captives go free in some of the runs all the same."""
    assert any(run.outcome[f"freed_{THEIRS}"] > 0 for run in runs_of(f"doha_2020/deals/{deal}"))


def test_spoilers_attack_twice_as_often_and_thrice_while_talks_are_open() -> None:
    """Attacks of the outside force a day are some 2 times the baseline's without talks, and 2 x 3/2 times with them."""
    rates: dict[str, dict[bool, float]] = {}
    for name in (BASELINE, "doha_2020/deals/spoilers_doubled"):
        attacks, days = {True: 0.0, False: 0.0}, {True: 0, False: 0}
        for run in runs_of(name):
            series = run.series_table
            for now, count in zip(series["talks"][:-1], series["daily_attacks(isis_k)"][1:], strict=True):
                attacks[now > 0] += count
                days[now > 0] += 1
        rates[name] = {open_: attacks[open_] / days[open_] for open_ in (True, False)}
    base, spoilt = rates.values()
    assert spoilt[False] / base[False] == pytest.approx(2.0, rel=0.15)
    assert spoilt[True] / base[True] == pytest.approx(3.0, rel=0.15)


# --- what each deal expected, and what came of it ------------------------------------------------------------------
@pytest.fixture
def make_deals(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script that writes the page."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    return importlib.import_module("make_deals")


def header(name: str) -> str:
    """Return the comment at the head of a scenario file."""
    text = (builtin_root() / f"{name}.yaml").read_text(encoding="utf-8")
    return "".join(line for line in text.splitlines(keepends=True) if line.startswith("# "))


def committed(name: str) -> tuple[str, str, tuple[float, float, float], str]:
    """Return measure, sign, difference with its interval, and verdict of a deal, as the page has them."""
    number = r"([+-]?\d+\.\d)"
    effect = rf"{number} \[{number}, {number}\]"
    row = rf"^\| \[`{name.rpartition('/')[2]}`\]\(\S+\) \| `(\w+)` \| (up|down) \| .* \| {effect} \| ([\w ]+) \|$"
    (found,) = re.findall(row, PAGE, re.MULTILINE)
    measure, sign, middle, low, high, verdict = found
    return measure, sign, (float(middle), float(low), float(high)), verdict


def test_there_are_twelve_deals_and_the_page_has_them_all(make_deals: ModuleType) -> None:
    """Every scenario of the folder has its check above and a row in both tables of the page, in the same order."""
    assert len(DEALS) == 12
    assert {name.rpartition("/")[2] for name in DEALS} == {*CHANGES, "spoilers_doubled"}
    assert make_deals.deals() == DEALS
    for mark in ("signs", "others"):
        between = re.search(rf"<!-- table {mark} -->\n(.*?)<!-- end {mark} -->", PAGE, re.DOTALL)
        assert between is not None
        assert tuple(re.findall(r"^\| \[`(\w+)`\]", between[1], re.MULTILINE)) == tuple(
            name.rpartition("/")[2] for name in DEALS
        )


@pytest.mark.parametrize("name", DEALS)
def test_header_scenario_and_page_are_of_one_mind(name: str) -> None:
    """One sign a deal, the same in the header, under expects and on the page; the verdict is that of its interval."""
    ((measure, line),) = signs_of(sim.load(name)).items()
    assert line.against == BASELINE
    on_page, sign, (_, low, high), verdict = committed(name)
    assert (on_page, sign) == (measure, line.sign)
    expected = rf"^# Expected \(committed in [0-9a-f]{{7}}, before the first run\): {measure} {sign}\.$"
    assert re.search(expected, header(name), re.MULTILINE)
    assert f"# Found: {measure} {sign}, {verdict}. The effect with its interval is in docs/deals.md.\n" in header(name)
    if min(abs(low), abs(high)) > 0.05:  # else the rounding of the page hides the side of 0
        assert verdict == verdict_of(line.sign, low, high)


MOVES_SINCE = {"doha_2020/deals/extended_reduction": ("selective", "selective_surge")}
"""Moves that the baseline got later, which a deal has to rule out as it does the surge to go on saying what it says."""


@pytest.mark.parametrize("name", DEALS)
def test_no_sign_was_bent(name: str) -> None:
    """The sign is still the one of the commit that the header cites, and so is all that the scenario says."""
    (commit,) = re.findall(r"committed in ([0-9a-f]{7})", header(name))
    git = shutil.which("git")
    shown = git and subprocess.run(
        [git, "-C", str(ROOT), "show", f"{commit}:scenarios/{name}.yaml"], capture_output=True, text=True, check=False
    )
    if not shown or shown.returncode:
        pytest.skip(f"commit {commit} is not in this copy of the repository")
    now = (builtin_root() / f"{name}.yaml").read_text(encoding="utf-8")
    then, today = plain(read_text(shown.stdout, "then")), plain(read_text(now, "now"))
    for move in MOVES_SINCE.get(name, ()):
        assert today["actors"]["taliban"]["moves"].pop(move) == today["actors"]["taliban"]["moves"]["surge"]
    happens = [list(content.pop("events", {}).values()) + content.pop("shocks", []) for content in (then, today)]
    assert then == today
    assert happens[0] == happens[1]  # what was a list of shocks is events by name
    assert "# Found:" not in shown.stdout


@pytest.mark.slow
def test_the_page_is_what_today_measures(capsys: pytest.CaptureFixture[str]) -> None:
    """On other luck each effect is within 4.5 standard errors of the page; else renew it with docs/make_deals.py."""
    checks = check_signs(DEALS, batches_of(DEALS, runs=RUNS, seed=OTHER_SEED))
    assert [check.scenario for check in checks] == list(DEALS)
    for check in checks:
        effect, scale = check.effect, 100.0 if check.measure.is_share else 1.0
        measure, sign, (middle, low, high), _ = committed(check.scenario)
        with capsys.disabled():
            ends = f"[{scale * effect.low:+.1f}, {scale * effect.high:+.1f}]"
            print(
                f"\n{check.scenario}: {measure} {sign}: {scale * effect.difference:+.1f} {ends}; page {middle:+.1f}",
                end="",
            )
        spread = math.hypot(scale * effect.standard_error, (high - low) / 3.92)
        assert abs(scale * effect.difference - middle) <= 4.5 * spread + 0.1, check.scenario


def test_the_script_writes_the_tables_of_the_page(make_deals: ModuleType) -> None:
    """With few runs it writes the same deals and columns; of a header only the line of what was found is new."""
    tables = batches_of(DEALS, runs=10, seed=1)
    checks = check_signs(DEALS, tables)
    assert make_deals.summary(checks).startswith("Of 12 signs, ")
    for mark, text in (("signs", make_deals.signs(checks, 10)), ("others", make_deals.others(tables))):
        stands = re.search(rf"<!-- table {mark} -->\n(.*?)\n<!-- end {mark} -->", PAGE, re.DOTALL)
        assert stands is not None
        assert [line.count("|") for line in text.splitlines()] == [line.count("|") for line in stands[1].splitlines()]
        assert "nan" not in text
    text = (builtin_root() / f"{DEALS[0]}.yaml").read_text(encoding="utf-8")
    renewed = make_deals.with_found(text, checks[:1])
    assert make_deals.FOUND.sub("", renewed) == make_deals.FOUND.sub("", text)
    assert checks[0].verdict in renewed
