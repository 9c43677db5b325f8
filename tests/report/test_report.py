"""Reports: what stands in the file is the result's own, the file is whole in itself, texts of a stranger stay text."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from pathlib import Path

import pytest

import sim
from sim.cli.compare_files import write_comparison
from sim.experiments.run_record_of import run_record_of
from sim.report.document import LARGEST, document, paragraph, table
from sim.report.results import comparison_report, report_of_folder
from sim.store import write_run_record

TOY = sim.load("toys/two_actors")
RUNS = 24


@pytest.fixture(scope="module")
def comparison() -> sim.Comparison:
    """Compare the toy with a quicker one."""
    quick = TOY.replace({"actors.state.moves.free.release.per_day": 40, "title": "A <quick> state & its rebels"})
    return sim.compare([TOY, quick], runs=RUNS, seed=7, names=["toy", "quick"], called_by="title")


@pytest.fixture(scope="module")
def report(comparison: sim.Comparison) -> str:
    """Write its report once."""
    return comparison_report(comparison, "sim compare toy quick")


def test_the_finding_and_every_sentence_of_the_comparison_stand_in_it(report: str, comparison: sim.Comparison) -> None:
    """As text that needs no script."""
    for sentence in comparison.summary:
        assert html.escape(sentence) in report
    shown = json.loads(re.search(r'id="data">(.*?)</script>', report, re.S).group(1))
    assert html.escape(shown["answer"]["finding"]) in report
    bars = {bar["name"]: bar["yours"]["share"] for bar in shown["answer"]["bars"]}
    assert bars == comparison.shares.loc["quick"].share.to_dict()


def test_its_policy_allows_the_scripts_that_stand_in_it_and_no_request(report: str) -> None:
    """The digest of the module is the one that is allowed, and nothing is named that could be fetched."""
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', report).group(1)
    module = re.search(r'<script type="module">(.*?)</script>', report, re.S).group(1)
    digest = base64.b64encode(hashlib.sha256(module.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    outside = re.sub(r"<script.*?</script>", "", report, flags=re.S)
    assert not re.findall(r'(?:src|href)="(?!data:)', outside)
    assert len(report.encode()) < LARGEST


def test_deal_assumptions_limits_and_how_to_rerun_stand_in_it(report: str, comparison: sim.Comparison) -> None:
    """With the digest, the seed and the version that give the same worlds."""
    for part in (
        "The deal",
        "Figures",
        "Tables",
        "Assumptions and sources",
        "What it cannot tell",
        "How to run it again",
    ):
        assert f"<h2>{part}</h2>" in report
    for fact in (comparison.digest, sim.__version__, "sim compare toy quick", TOY.sha256, "600 prisoners freed"):
        assert fact in report
    assert report.count("<figure>") >= 4
    assert "actors.state.discount_per_year" in report


def test_texts_of_a_stranger_stay_text(report: str) -> None:
    """A title with marks of HTML is shown as it is written."""
    assert "A &lt;quick&gt; state &amp; its rebels" in report
    assert "A <quick> state" not in report
    text = document(
        "</title><script>", [paragraph("<img onerror=x>"), table(["<b>"], [["</td>"]])], {"a": "</script><b>"}
    )
    assert "<img" not in text
    assert "</script><b>" not in text
    assert "<title></title>" not in text


def test_a_written_comparison_and_a_record_have_reports(tmp_path: Path, comparison: sim.Comparison) -> None:
    """What a folder holds is done again, and the report is about the same worlds; sources come with it."""
    write_comparison(comparison, tmp_path, figures=False)
    written = report_of_folder(tmp_path)
    assert comparison.digest in written
    assert html.escape(comparison.summary[0]) in written
    assert "toy" in written
    run = sim.run(TOY, seed=7)
    folder = write_run_record(tmp_path / "record", run_record_of(run, sim.replicate(TOY, RUNS, seed=7)))
    told = report_of_folder(folder)
    assert run.digest in told
    for _, text in run.turning_points():
        assert html.escape(text[:1].upper() + text[1:]) in told


def test_a_folder_that_is_nothing_is_told(tmp_path: Path) -> None:
    """With what was expected."""
    with pytest.raises(sim.SimError, match="expected the folder of a run record, a comparison"):
        report_of_folder(tmp_path)
