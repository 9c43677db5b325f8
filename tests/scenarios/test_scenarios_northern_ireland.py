"""Northern Ireland 1998 in YAML and CSV alone: it runs, no code knows it, and what it says of itself stands."""

from __future__ import annotations

import ast
import datetime as dt
import importlib
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import sim
from sim.experiments.comparison.expected_sign import check_signs, signs_of
from sim.record import load_record
from sim.scenario import builtin_names, builtin_root
from sim.scenario.positions import plain
from sim.scenario.reader import read_text

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "northern_ireland.md").read_text(encoding="utf-8")
BASELINE = "northern_ireland_1998/baseline"
NAMES = tuple(name for name in builtin_names() if name.startswith("northern_ireland_1998/"))
COUNTERFACTUALS = ("northern_ireland_1998/no_revocation", "northern_ireland_1998/releases_after_decommissioning")
WORDS = re.compile(
    r"doha(?!_2020)|taliban|afghan|kabul|ireland|republicans|unionist|loyalist|dissidents|london|\bira\b",
    re.IGNORECASE,
)
RUNS = 60
OTHER_RUNS = 300


@cache
def batch(name: str) -> sim.Batch:
    """Return runs of a scenario."""
    return sim.replicate(sim.load(name), runs=RUNS, seed=1)


def header(name: str) -> str:
    """Return the comment at the head of a scenario file."""
    text = (builtin_root() / f"{name}.yaml").read_text(encoding="utf-8")
    return "".join(line for line in text.splitlines(keepends=True) if line.startswith("# "))


def test_there_are_a_baseline_a_history_and_two_counterfactuals() -> None:
    """Four scenarios tell the case, each against the same record."""
    assert set(NAMES) == {BASELINE, "northern_ireland_1998/historical", *COUNTERFACTUALS}
    assert {sim.load(name).record for name in NAMES} == {"northern_ireland_1998"}


@pytest.mark.parametrize("name", NAMES)
def test_both_engines_play_the_same_worlds(name: str) -> None:
    """Single runs of the event engine equal the rows of the batch in every column, to the bit."""
    for k in range(3):
        run = sim.run(sim.load(name), seed=1, replication=k)
        for column, values in batch(name).outcome_table.items():
            np.testing.assert_array_equal(run.outcome[column], values[k], err_msg=column)


@pytest.mark.parametrize("name", NAMES)
def test_every_number_says_where_it_comes_from(name: str) -> None:
    """Each number has a source, an assumption, or what it was chosen to meet."""
    assert sim.load(name).unsourced() == ()


def code_of(tree: ast.AST) -> str:
    """Return names and constants of a module, without comments and docstrings."""
    said = []
    texts = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            said.append(node.id)
        elif isinstance(node, ast.Attribute):
            said.append(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            said.append(node.name)
        elif isinstance(node, ast.arg):
            said.append(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in texts:
            said.append(node.value)
    return "\n".join(said)


def test_no_code_knows_a_case() -> None:
    """No name and no text constant of the package speaks of a conflict or its actors, examples aside."""
    files = sorted((ROOT / "sim").rglob("*.py"))
    assert len(files) > 100
    found = {
        str(path.relative_to(ROOT)): WORDS.findall(code_of(ast.parse(path.read_text(encoding="utf-8"))))
        for path in files
    }
    assert {path: words for path, words in found.items() if words} == {}


def test_the_record_can_be_held_against_the_runs() -> None:
    """Every date and every checked number of the record has a place among the runs of the baseline."""
    frame = sim.record_scores(batch(BASELINE), load_record("northern_ireland_1998"))
    assert set(sim.load(BASELINE).milestones) < set(frame.quantity)
    assert {"talks_open", "outcome(talks_open)", "killed_to_2004", "freed_in_a_year"} < set(frame.quantity)
    assert frame.crps.notna().all()
    assert (frame.unit.eq("yes or no") | frame.percentile.notna()).all()


def test_the_fitted_dates_are_tagged() -> None:
    """What numbers of the baseline were chosen to meet is marked as no evidence in the record, where it has it."""
    fitted = {fact for note in sim.load(BASELINE).provenance.values() for fact in note.used_to_fit or ()}
    record = load_record("northern_ireland_1998")
    checks = {o.check: o for o in record.checks}
    for fact in fitted & ({*record.milestones} | {*checks}):
        assert (record.milestones.get(fact) or checks[fact]).used_to_fit, fact
    assert {o for o in record.milestones if record.milestones[o].used_to_fit} <= fitted


def test_the_historical_moves_free_prisoners_as_the_record_says() -> None:
    """In historical, prisoners freed are within fifty of the record on every date up to the last day of the Maze."""
    runs = batch("northern_ireland_1998/historical")
    names = [name for name in runs.series_names if name.startswith("persons_freed(")]
    freed = sum(band.values[:, 0] for band in runs.series_bands(names, (0.5,)))
    record = load_record("northern_ireland_1998").series("persons_freed")
    held = [o for o in record if o.date <= dt.date(2000, 7, 28)]
    assert len(held) == 7
    for o in held:
        assert abs(float(freed[(o.date - runs.scenario.start).days + 1]) - o.value) <= 50, o.date


def test_without_a_licence_nobody_is_recalled() -> None:
    """Recalls happen in the baseline and never where there is no licence to revoke."""
    recalls = {}
    for name in (BASELINE, COUNTERFACTUALS[0]):
        runs = [sim.run(sim.load(name), seed=1, replication=k) for k in range(6)]
        recalls[name] = sum((run.events["kind"] == "recall").sum() for run in runs)
    assert recalls[BASELINE] > 0
    assert recalls[COUNTERFACTUALS[0]] == 0


def test_prisoners_wait_for_the_arms() -> None:
    """Where releases follow decommissioning, one prisoner of each side at most is free before the arms are gone."""
    scenario = sim.load(COUNTERFACTUALS[1])
    for k in range(6):
        run = sim.run(scenario, seed=1, replication=k)
        until = run.outcome["all_disarmed_day"]
        releases = run.events[run.events["kind"] == "release"]
        early = releases[releases["day"] < (until if until == until else np.inf)]
        assert early["value"].sum() <= 2


# --- what the counterfactuals expected, and what came of it --------------------------------------------------------
@pytest.mark.parametrize("name", COUNTERFACTUALS)
def test_header_and_scenario_are_of_one_mind(name: str) -> None:
    """One sign each, the same in the header and under expects, with the word of what was found on the page."""
    ((measure, line),) = signs_of(sim.load(name)).items()
    assert line.against == BASELINE
    expected = rf"^# Expected \(committed in [0-9a-f]{{7}}, before the first run\): {measure} {line.sign}\.$"
    assert re.search(expected, header(name), re.MULTILINE)
    row = rf"^\| \[`{name.rpartition('/')[2]}`\]\(\S+\) \| `{measure}` \| {line.sign} \|.*\| ([\w ]+) \|$"
    (verdict,) = re.findall(row, PAGE, re.MULTILINE)
    assert f"# Found: {measure} {line.sign}, {verdict}. " in header(name)


@pytest.mark.parametrize("name", COUNTERFACTUALS)
def test_no_sign_was_bent(name: str) -> None:
    """The sign is still the one of the commit that the header cites, which does not know what was found."""
    (commit,) = re.findall(r"committed in ([0-9a-f]{7})", header(name))
    git = shutil.which("git")
    shown = git and subprocess.run(
        [git, "-C", str(ROOT), "show", f"{commit}:scenarios/{name}.yaml"], capture_output=True, text=True, check=False
    )
    if not shown or shown.returncode:
        pytest.skip(f"commit {commit} is not in this copy of the repository")
    now = (builtin_root() / f"{name}.yaml").read_text(encoding="utf-8")
    assert plain(read_text(shown.stdout, "then"))["expects"] == plain(read_text(now, "now"))["expects"]
    assert "# Found:" not in shown.stdout


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script that writes the page."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    return importlib.import_module("make_northern_ireland")


def test_the_script_writes_the_tables_of_the_page(script: ModuleType) -> None:
    """With few runs it writes the same rows and columns, and changes nothing outside the tables."""
    batches = {name: batch(name) for name in NAMES} | {name: batch(BASELINE) for name in script.YARDSTICKS}
    checks = check_signs(script.counterfactuals(), batches)
    assert script.counterfactuals() == COUNTERFACTUALS
    page = script.page_of(PAGE, batches, checks, RUNS)
    shape = [(line.split("|")[1], line.count("|")) if "|" in line else "" for line in PAGE.splitlines()]
    assert [(line.split("|")[1], line.count("|")) if "|" in line else "" for line in page.splitlines()] == shape
    assert not re.search(r"\bnan\b", page)


@pytest.mark.slow
def test_the_page_is_what_today_measures() -> None:
    """On other luck shares and signs agree with the page within 4.5 standard errors; else run the script again."""
    fresh = {name: sim.replicate(sim.load(name), runs=OTHER_RUNS, seed=1998) for name in NAMES}
    for name, runs in fresh.items():
        (row,) = re.findall(rf"^\| `{name}` \| (.*) \|$", PAGE, re.MULTILINE)
        for cell, (outcome, now) in zip(row.split(" | "), runs.shares["share"].items(), strict=True):
            then = float(cell.split()[0]) / 100
            p = (then * 2000 + 1) / 2002  # Laplace's estimate keeps the error of a share near 0 or 1 from being 0
            spread = np.sqrt(p * (1 - p) * (1 / OTHER_RUNS + 1 / 2000))
            assert abs(now - then) <= 4.5 * spread + 0.001, (name, outcome)
    for check in check_signs(COUNTERFACTUALS, fresh):
        number = r"([+-]?[\d.]+)"
        row = rf"^\| \[`{check.scenario.rpartition('/')[2]}`\].* \| {number} \[{number}, {number}\] \| [\w ]+ \|$"
        ((middle, low, high),) = re.findall(row, PAGE, re.MULTILINE)
        spread = np.hypot(check.effect.standard_error, (float(high) - float(low)) / 3.92)
        assert abs(check.effect.difference - float(middle)) <= 4.5 * spread + 0.1, check.scenario
