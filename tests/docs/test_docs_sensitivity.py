"""The page on sensitivity is made by its scripts, and its figures still say what the baseline does."""

from __future__ import annotations

import importlib
import json
import math
import re
from pathlib import Path
from types import ModuleType

import pytest

import sim

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "sensitivity.md").read_text(encoding="utf-8")


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, ModuleType]:
    """Return the two scripts as modules."""
    monkeypatch.syspath_prepend(str(DOCS))
    return importlib.import_module("sensitivity"), importlib.import_module("tipping_map")


def test_the_scripts_make_every_table_of_the_page(scripts: tuple[ModuleType, ModuleType]) -> None:
    """With few runs each script writes tables of the same shape as those that stand between the marks."""
    sensitivity, maps = scripts
    scenario = sim.load(sensitivity.BASELINE)
    paths = ["deal.outcomes.settlement.per_day", "actors.us.discount_per_year"]
    screen = sensitivity.one_at_a_time(scenario, paths, runs=10, seed=1)
    small = {"tipping_map": maps.swept(scenario, *maps.MAPS["tipping_map"], runs=2)}
    made = {
        "signs": sensitivity.signs(10),
        "coverage": sensitivity.coverage(5),
        "screen": sensitivity.of_screen(screen),
        "measures": sensitivity.by_measure(screen),
        "counts": sensitivity.unmoved(screen),
        "tipping": maps.tipping_points(small),
    }
    for name, text in made.items():
        stands = re.search(rf"<!-- table {name} -->\n(.*?)\n<!-- end {name} -->", PAGE, re.DOTALL)
        assert stands is not None, name
        assert stands[1].splitlines()[0].count("|") == text.splitlines()[0].count("|"), name
        assert "nan" not in text


@pytest.mark.parametrize("name", ["tipping_map", "tipping_map_settlement", "tipping_map_hazards"])
def test_the_committed_numbers_are_those_of_the_baseline(name: str) -> None:
    """The own cell of each committed map agrees with 300 other runs of the baseline within five standard errors."""
    data = json.loads((DOCS / "figures" / f"{name}.json").read_text(encoding="utf-8"))
    assert (DOCS / "figures" / f"{name}.png").stat().st_size > 10_000
    i, j = len(data["y"]["values"]) // 2, len(data["x"]["values"]) // 2
    shares = sim.replicate(sim.load("doha_2020/baseline"), runs=300, seed=99).shares
    for outcome, row in shares.iterrows():
        cell = data["measures"][outcome]
        spread = math.hypot(cell["standard_error"][i][j], float(row["standard_error"]), 0.005)
        assert abs(cell["share"][i][j] - float(row["share"])) < 5 * spread, outcome


def test_a_map_draws_what_it_writes_down(scripts: tuple[ModuleType, ModuleType]) -> None:
    """A cell is the scenario with both values on the same luck; its panel shows the shares, its own cell framed."""
    _, maps = scripts
    toy, x, y = sim.load("toys/two_actors"), "deal.outcomes.settlement.per_day", "actors.rebels.discount_per_year"
    cells = maps.swept(toy, x, y, runs=20)
    data = json.loads(json.dumps(maps.as_data(cells)))
    own = sim.replicate(toy, runs=20, seed=maps.SEED).shares
    for outcome in toy.outcomes:
        assert data["measures"][outcome]["share"][maps.OWN][maps.OWN] == own.share[outcome]
        assert data["measures"][outcome]["standard_error"][maps.OWN][maps.OWN] == own.standard_error[outcome]
    last = toy.replace({x: data["x"]["values"][-1], y: data["y"]["values"][0]})
    assert (
        data["measures"]["settlement"]["share"][0][-1] == sim.replicate(last, 20, maps.SEED).shares.share["settlement"]
    )
    axes = maps.figure_of(cells).axes[0]
    assert [text.get_text() for text in axes.texts] == [f"{100 * v:.0f}" for v in cells["settlement"].mean.ravel()]
    assert {patch.get_xy() for patch in axes.patches} == {(maps.OWN, maps.OWN)}
