"""Devices and payoff sets: changes that a scenario declares about itself, checked where it is loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.scenario import Scenario

BASE = """extends: toys/two_actors
"""


def written(folder: Path, name: str, text: str) -> str:
    """Write a scenario file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_every_device_and_payoff_set_of_the_built_in_case_changes_it() -> None:
    """A device applies on its own and gives another scenario; the central payoffs are those of the scenario."""
    scenario = load("doha_2020/baseline")
    assert len(scenario.devices) >= 4
    for device in scenario.devices.values():
        assert scenario.replace(dict(device.changes)) != scenario
    same = [name for name, s in scenario.payoff_sets.items() if scenario.replace(dict(s.changes)) == scenario]
    assert same == ["central"]


def test_a_payoff_set_undoes_another() -> None:
    """Every set states all that any set touches, so each can be laid over a scenario that took another."""
    scenario = load("doha_2020/baseline")
    hawkish = scenario.replace(dict(scenario.payoff_sets["hawkish"].changes))
    assert hawkish.replace(dict(scenario.payoff_sets["central"].changes)) == scenario
    file = load("doha_2020/hawkish")
    assert file.actors == hawkish.actors
    assert file.deal == hawkish.deal


def test_a_payoff_set_file_stands_beside_a_scenario_of_ones_own(tmp_path: Path) -> None:
    """A file name is relative to the file that says it; what an overlay removes is null in the changes."""
    written(
        tmp_path, "keen.yaml", "extends: deal.yaml\nactors: {rebels: {discount_per_year: 0.9, answers_breach: null}}\n"
    )
    path = written(
        tmp_path, "deal.yaml", BASE + "actors: {rebels: {answers_breach: fight}}\npayoff_sets: {keen: keen.yaml}\n"
    )
    changes = load(path).payoff_sets["keen"].changes
    assert dict(changes) == {"actors.rebels.discount_per_year": 0.9, "actors.rebels.answers_breach": None}


def test_variations_survive_storage() -> None:
    """A scenario with devices comes back from JSON as it was, a removed key included."""
    scenario = load("toys/two_actors").replace(
        {"devices": {"bare": {"label": "no milestones", "changes": {"milestones": None}}}}
    )
    assert scenario.devices["bare"].changes["milestones"] is None
    assert Scenario.from_dict(json.loads(json.dumps(scenario.to_dict()))) == scenario


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            "devices: {d: {changes: {actors.nobody.discount_per_year: 1}}}",
            "deal.yaml:2:58: devices.d.changes.actors.nobody",
        ),
        ("devices: {d: {changes: {actors.rebels.discount_per_year: -1}}}", "found -1"),
        ("devices: {d: {changes: {horizon_days: 10}}}", "a path outside"),
        ("devices: {d: {changes: {actors.rebels.discount_per_yeer: 1}}}", "did you mean"),
        ("payoff_sets: {a: deal.yaml, b: nowhere.yaml}", "nowhere.yaml"),
        ("payoff_sets: {a: toys/five_actors}", "a file that extends"),
        ("payoff_sets: {a: [1]}", "payoff_sets.a"),
    ],
)
def test_what_does_not_apply_is_refused_with_its_place(tmp_path: Path, text: str, wanted: str) -> None:
    """The error names the variation, the change, the place and what would be legal."""
    with pytest.raises(ScenarioError) as caught:
        load(written(tmp_path, "deal.yaml", BASE + text + "\n"))
    assert wanted.lower() in str(caught.value).lower()


def test_an_overlay_drops_a_device_that_does_not_apply_to_it(tmp_path: Path) -> None:
    """Null removes an inherited device, as the error of the overlay says."""
    written(tmp_path, "deal.yaml", BASE + "devices: {d: {changes: {milestones.quiet: day > 3}}}\n")
    gone = "extends: deal.yaml\ndevices: {d: null}\n"
    assert not load(written(tmp_path, "gone.yaml", gone)).devices


def test_a_file_name_is_only_read_from_files() -> None:
    """A scenario built from plain data refuses the name of a payoff set file."""
    with pytest.raises(ScenarioError, match="label and changes"):
        load("toys/two_actors").replace({"payoff_sets": {"a": "a.yaml"}})
