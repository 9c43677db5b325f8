"""A changed deal as a file and as Python: both are the scenario that was looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from sim.page.changed_deal import overlay_text, python_text, title_of
from sim.page.sliders import changes_of, sliders_of

CASES = [f"{case}/baseline" for case in ("doha_2020", "northern_ireland_1998", "colombia_2016")]
CASES += ["toys/two_actors", "toys/captive_exchange"]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("end", ["low", "high"])
def test_the_overlay_is_the_changed_scenario(tmp_path: Path, name: str, end: str) -> None:
    """Every slider at an end, elements of lists among them: what is loaded equals what was looked at."""
    scenario = sim.load(name)
    sliders = sliders_of(scenario)
    ends = {"low": [s.low for s in sliders], "high": [s.high for s in sliders]}
    changes = changes_of(sliders, ends[end])
    assert changes
    path = tmp_path / "overlay.yaml"
    path.write_text(overlay_text(scenario, name, sliders, changes), encoding="utf-8")
    loaded = sim.load(path)
    assert loaded.replace({"title": scenario.title}) == scenario.replace(changes)
    assert loaded.title == title_of(scenario, sliders, changes) != scenario.title


def test_the_overlay_of_a_file_extends_it_by_its_own_name(tmp_path: Path) -> None:
    """It is to be kept beside the file, and says so; no folder is written into it."""
    mine = tmp_path / "deep" / "mine.yaml"
    mine.parent.mkdir()
    mine.write_text("extends: toys/two_actors\ntitle: Mine\n", encoding="utf-8")
    scenario = sim.load(mine)
    text = overlay_text(scenario, str(mine), sliders_of(scenario), {"mechanisms.disputes": False})
    assert "Keep this file beside mine.yaml" in text
    assert str(tmp_path) not in text
    (mine.parent / "changed.yaml").write_text(text, encoding="utf-8")
    assert not sim.load(mine.parent / "changed.yaml").mechanisms["disputes"]


def test_the_lines_of_python_say_what_the_page_says(capsys: pytest.CaptureFixture[str]) -> None:
    """Run, they print the sentence of the same comparison."""
    changes = {"actors.state.moves.free.release.per_day": 40}
    exec(python_text("toys/two_actors", changes, 30, 7), {})
    toy = sim.load("toys/two_actors")
    names = ["the deal as written", "your deal"]
    compared = sim.compare([toy, toy.replace(changes)], runs=30, seed=7, names=names, baselines=False)
    assert capsys.readouterr().out.strip() == compared.summary[0]
