"""Scenario discovery finds boxes that are there, measures them on rows that it has not seen, and sees through noise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim.experiments.scenario_discovery import FEWEST_INSIDE, Z, inside_of, trajectory
from sim.plots import discovery_boxes_figure
from sim.plots.catalogue import figures_of

EXPERIMENT = {
    "schema_version": 1,
    "title": "When does it settle?",
    "scenario": "toys/two_actors",
    "vary": {
        "hazard": {"path": "deal.outcomes.settlement.per_day", "range": [0.0005, 0.05], "scale": "log"},
        "patience": {"path": "actors.state.discount_per_year", "range": [0.1, 0.3]},
        "rule": {"path": "actors.state.rule.response", "choices": {"by value": "logit", "by coin": "uniform"}},
    },
    "design": {"sobol": {"rows": 128}},
    "replications": 6,
    "seed": 5,
}


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Sweep a hazard that decides, a discount rate that hardly does, and a choice."""
    return sim.sweep(sim.experiment_from(EXPERIMENT), tmp_path_factory.mktemp("swept") / "rows")


@given(st.integers(0, 10_000))
def test_a_box_that_is_there_is_found(seed):
    """Of uniform rows that have the outcome in a corner, the densest box is that corner, to a peel on each side."""
    rng = np.random.default_rng(seed)
    points = rng.random((400, 3))
    share = ((points[:, 0] > 0.6) & (points[:, 2] < 0.5)).astype(float)
    cuts = trajectory(points, share, (True, True, True), 0.05, 0.05)[-1]
    assert share[inside_of(points, cuts)].mean() > 0.9
    assert cuts[0].low > 0.5
    assert cuts[2].high < 0.6


@given(st.integers(0, 10_000), st.floats(0.02, 0.3), st.floats(0.08, 0.5))
def test_boxes_shrink_to_the_least_mass_and_widen_where_that_is_denser(seed, peel, least):
    """Each peel lies in the box before it, what is pasted onto the densest is denser, and none is too small."""
    rng = np.random.default_rng(seed)
    points = np.column_stack([rng.random(120), rng.integers(0, 3, 120)])
    share = rng.random(120) * points[:, 0]
    cuts = trajectory(points, share, (True, False), peel, least)
    boxes = [inside_of(points, box) for box in cuts]
    densities = [share[inside].mean() for inside in boxes]
    peels = next((k for k in range(1, len(boxes)) if boxes[k].sum() >= boxes[k - 1].sum()), len(boxes))
    assert all((boxes[k] <= boxes[k - 1]).all() for k in range(1, peels))
    assert densities[peels:] == sorted(densities[peels:])
    assert all(density > max(densities[:peels]) for density in densities[peels:])
    assert all(inside.sum() >= least * 120 for inside in boxes)
    assert cuts[0] == {}


def test_noise_has_no_box_that_holds():
    """Where outcomes hang on nothing the search pretends a dense box; on unseen rows it is seldom surely denser."""
    pretended, held = 0, 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        points, share = rng.random((200, 6)), (rng.random(200) < 0.3).astype(float)
        cuts = trajectory(points[:100], share[:100], (True,) * 6, 0.05, 0.1)[-1]
        pretended += share[:100][inside_of(points[:100], cuts)].mean() > 2 * share[:100].mean()
        there = share[100:][inside_of(points[100:], cuts)]
        if len(there) >= FEWEST_INSIDE:
            held += there.mean() - Z * there.std(ddof=1) / np.sqrt(len(there)) > share[100:].mean()
    assert pretended >= 50
    assert held <= 3


def test_the_hazard_is_found_and_its_limit_is_worth_most(swept):
    """A settlement is likely where its hazard is high; on unseen rows too, and lifting that limit costs most."""
    found = sim.discover(swept, "settlement")
    box = found.box
    assert found.told
    assert box.limits[0].factor == "hazard"
    assert box.limits[0].low > 0.0005
    assert np.isnan(box.limits[0].high)
    assert box.limits[0].without < box.held_out_density
    assert found.boxes[0].coverage == 1.0
    assert not found.boxes[0].limits
    assert len(found.frame) == len(found.boxes)
    assert "no cause, and no forecast" in repr(found)


def test_measures_of_a_box_are_those_of_its_rows(swept):
    """Density, coverage and rows of the other half follow from the limits, applied to the frame of the sweep."""
    found = sim.discover(swept, "settlement", split_seed=3)
    rows = swept.frame(["row", "hazard", "patience", "rule", "outcome"])
    rows["y"] = rows.outcome == "settlement"
    by_row = rows.groupby("row").agg({"hazard": "first", "patience": "first", "rule": "first", "y": "mean"})
    unseen = ~np.isin(np.arange(128), np.random.default_rng(3).permutation(128)[:64])
    assert by_row.y[unseen].mean() == pytest.approx(found.held_out_base)
    labels = {"logit": "by value", "uniform": "by coin"}
    for box in found.boxes:
        inside = unseen.copy()
        for limit in box.limits:
            column = by_row[limit.factor]
            if limit.choices:
                inside &= column.map(labels).isin(limit.choices).to_numpy()
            else:
                inside &= ~(column < limit.low).to_numpy() & ~(column > limit.high).to_numpy()
        assert inside.sum() == box.held_out_rows
        assert by_row.y[inside].mean() == pytest.approx(box.held_out_density, nan_ok=True)
        assert by_row.y[inside].sum() / by_row.y[unseen].sum() == pytest.approx(box.held_out_coverage)


def test_the_figure_has_every_box_and_each_limit(swept):
    """Points are coverage and density in both halves; each limit has its bar and what the density is without it."""
    found = sim.discover(swept, "settlement")
    figure = discovery_boxes_figure(found)
    seen, unseen = figure.axes[0].lines[:2]
    assert list(seen.get_xdata()) == pytest.approx([100 * box.coverage for box in found.boxes])
    shown = [box for box in found.boxes if not np.isnan(box.held_out_density)]
    assert list(unseen.get_ydata()) == pytest.approx([100 * box.held_out_density for box in shown])
    assert len(figure.axes[1].get_yticklabels()) == min(len(found.box.limits), 8)
    assert "no cause, and no forecast" in " ".join(figure.texts[-1].get_text().split())
    assert figure.texts[0].get_text().startswith("Settlement: ")
    assert "discovery" in figures_of("sweep")
    assert swept.plot("discovery", output="settlement").axes


@pytest.mark.parametrize(
    ("output", "options", "said"),
    [
        ("released", {}, "expected what runs have or have not, or at_least="),
        ("settlement", {"peel": 0.9}, "peel: found 0.9"),
        ("settlement", {"least_mass": 0.0}, "least_mass: found 0.0"),
        ("released", {"at_least": 1e9}, "found it in no run"),
        ("setlement", {}, "Did you mean 'settlement'"),
    ],
)
def test_what_cannot_be_searched_is_refused(swept, output, options, said):
    """Each wrong argument is told with what was found."""
    with pytest.raises(sim.SimError, match=said):
        sim.discover(swept, output, **options)


def test_too_few_rows_and_trajectories_are_refused(tmp_path):
    """A design of few rows and Morris's trajectories say what is expected."""
    few = sim.experiment_from(EXPERIMENT | {"design": {"sobol": {"rows": 16}}, "replications": 1})
    with pytest.raises(sim.SimError, match="found 16 rows, expected at least 40"):
        sim.discover(sim.sweep(few, tmp_path / "few"), "settlement")
    vary = {name: factor for name, factor in EXPERIMENT["vary"].items() if name != "rule"}
    morris = EXPERIMENT | {"vary": vary, "design": {"morris": {"trajectories": 4}}, "replications": 1}
    with pytest.raises(sim.SimError, match="found Morris's trajectories"):
        sim.discover(sim.sweep(sim.experiment_from(morris), tmp_path / "morris"), "settlement")
