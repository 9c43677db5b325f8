"""How experiments, plans, tipping points and sensitivities look in a notebook: well-formed, saying what they hold."""

from __future__ import annotations

import warnings
import xml.etree.ElementTree as ET
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
from SALib.sample import sobol

import sim
from sim.experiments.factor import Factor
from sim.experiments.sensitivity.sensitivity import sensitivity_in
from sim.experiments.tipping_point import tipping_point


def text_of(html: str) -> str:
    """Return the text of well-formed HTML."""
    return " ".join(ET.fromstring(f"<div>{html}</div>").itertext())


def test_an_experiment_shows_its_factors() -> None:
    """Every factor stands in the table with its paths."""
    experiment = sim.load_experiment("aid_threat_x_patience")
    said = text_of(experiment._repr_html_())
    assert f"{experiment.runs:,} runs" in said
    for factor in experiment.factors:
        assert factor.name in said
        assert all(path in said for path in factor.paths)


def test_a_plan_shows_what_it_would_take(tmp_path: Path) -> None:
    """A dry run names rows, runs and the folder."""
    plan = sim.sweep("aid_threat_x_patience", out=tmp_path / "out", rows=4, replications=2, dry_run=True)
    said = text_of(plan._repr_html_())
    assert "replications" in said
    assert str(tmp_path) in said


def test_a_tipping_point_shows_its_evaluations() -> None:
    """Its sentence comes first, then every point that was run."""
    hazard = Factor("hazard", ("deal.outcomes.settlement.per_day",), "log_uniform", (0.0001, 0.1))
    found = tipping_point(sim.load("toys/two_actors"), hazard, "settlement", runs=60, seed=7, tolerance=0.2)
    said = text_of(found._repr_html_())
    assert str(found) in said
    assert found._repr_html_().count("<tr>") == len(found.evaluations) + 1


def test_a_sensitivity_shows_its_factors_and_says_first_if_it_has_not_converged() -> None:
    """The advice stands before the table that it is about."""
    box = {"num_vars": 2, "names": ["x", "y"], "bounds": [[0, 1], [0, 1]]}
    points = sobol.sample(box, 16, calc_second_order=False, seed=np.random.default_rng(1))
    factors = [
        SimpleNamespace(name="x", paths=["deal.outcomes.breakdown.per_day"]),
        SimpleNamespace(name="y", paths=["actors.state.rule.lam_per_util"]),
    ]
    experiment = SimpleNamespace(
        scenario=sim.load("toys/two_actors"), seed=1, factors=factors, unit_points=points, replications=1
    )
    frame = pd.DataFrame({"row": range(len(points)), "released": 3 * points[:, 0] + points[:, 1]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = sensitivity_in(frame, experiment, "released", widest=1e-6)
    html = found._repr_html_()
    assert "released" in text_of(html)
    assert html.index("Not converged") < html.index("<table")
