"""Overlays: what merges, what is replaced, which file an error points to, and where ``extends`` may lead."""

from collections import Counter

import pytest
from scenario_texts import BASELINE, MINIMAL, write

from sim.errors import ScenarioError
from sim.scenario import extends
from sim.scenario.extends import MAX_CHAIN, builtin_names
from sim.scenario.load import load


def problem(path):
    """Load a file that has one problem and return it."""
    with pytest.raises(ScenarioError) as caught:
        load(path)
    assert len(caught.value.problems) == 1, str(caught.value)
    return caught.value.problems[0]


def test_mappings_merge_and_the_rest_is_replaced(tmp_path):
    """Mappings merge key by key, null removes, lists and scalars replace; the order of the base stays."""
    write(tmp_path, "base.yaml", MINIMAL + "roles: {incumbents: [north], challengers: [south]}\n")
    over = """\
extends: base.yaml
title: Three
roles: {incumbents: [south], challengers: null}
actors:
  south: {moves: {go: {cost_util: 2}}}
  north: {moves: {go: null}}
  east: {review: {every_days: 1}, opening_move: wait, moves: {wait: {}}, rule: {response: uniform}}
"""
    scenario = load(write(tmp_path, "over.yaml", over))
    assert scenario.title == "Three"
    assert list(scenario.actors) == ["north", "south", "east"]
    assert list(scenario.actors["south"].moves) == ["wait", "go"]
    assert list(scenario.actors["north"].moves) == ["wait"]
    assert scenario.roles.incumbents == ("south",)
    assert scenario.roles.challengers == ()


def test_a_chain_of_overlays(tmp_path):
    """An overlay may be extended in turn; the last word wins."""
    write(tmp_path, "a.yaml", MINIMAL)
    write(tmp_path, "b.yaml", "extends: a.yaml\ntitle: B\nhorizon_days: 7")
    scenario = load(write(tmp_path, "c.yaml", "extends: b.yaml\ntitle: C"))
    assert (scenario.title, scenario.horizon_days) == ("C", 7)


def test_a_file_is_read_once_and_a_built_in_one_parsed_once(tmp_path, monkeypatch):
    """However often overlays and payoff sets name it; when its text has changed, the new text counts."""
    seen = Counter()

    def counting(name):
        function = getattr(extends, name)
        monkeypatch.setattr(
            extends, name, lambda source, *rest: seen.update([(name, rest[0])]) or function(source, *rest)
        )

    counting("read_bytes")
    counting("read_text")
    extends._parsed.cache_clear()
    first = load("doha_2020/hawkish")
    read = {name for what, name in seen if what == "read_bytes"}
    assert {"doha_2020/baseline", "doha_2020/hawkish", "doha_2020/dovish"} <= read
    assert set(seen.values()) == {1}
    second = load("doha_2020/hawkish")
    assert second.to_dict() == first.to_dict()
    assert {what: {n for (w, _), n in seen.items() if w == what} for what in ("read_bytes", "read_text")} == {
        "read_bytes": {2},
        "read_text": {1},
    }
    path = write(tmp_path, "a.yaml", MINIMAL)
    assert load(path).title != "Other"
    write(tmp_path, "a.yaml", MINIMAL.replace(MINIMAL.split("title: ")[1].split("\n")[0], "Other"))
    assert load(path).title == "Other"


def test_each_value_remembers_its_file(tmp_path):
    """Errors point into the file that holds the wrong value, be it the base or the overlay."""
    write(tmp_path, "base.yaml", MINIMAL.replace("horizon_days: 100", "horizon_days: 0"))
    path = write(tmp_path, "over.yaml", "extends: base.yaml\nactors:\n  south:\n    opening_move: run\n")
    wrong = problem(path)
    assert (wrong.file, wrong.line, wrong.path) == (str(tmp_path / "base.yaml"), 4, "horizon_days")
    write(tmp_path, "base.yaml", MINIMAL)
    wrong = problem(path)
    assert (wrong.file, wrong.line, wrong.column) == (str(path), 4, 19)


def test_a_sourced_number_is_replaced_with_its_source(tmp_path):
    """A new value does not inherit the old value's source; notes without a value are added to the old one."""
    base = MINIMAL.replace("every_days: 7}", "every_days: {value: 7, source: a diary, known_as_of: 2020-01-01}}", 1)
    write(tmp_path, "base.yaml", base)
    over = "extends: base.yaml\nactors: {north: {review: {every_days: %s}}}"
    path = "actors.north.review.every_days"
    plain = load(write(tmp_path, "plain.yaml", over % "3"))
    assert path not in plain.provenance
    other = load(write(tmp_path, "other.yaml", over % "{value: 3}"))
    assert other.provenance[path].source is None
    noted = load(write(tmp_path, "noted.yaml", over % "{prior: {uniform: [1, 9]}}"))
    assert noted.actors["north"].review.every_days == 7
    assert noted.provenance[path].source == "a diary"
    assert noted.provenance[path].prior.parameters == (1.0, 9.0)


def test_removing_what_is_not_there(tmp_path):
    """Null for a key that the base does not have is refused, with the nearest one that it has."""
    write(tmp_path, "base.yaml", MINIMAL)
    wrong = problem(write(tmp_path, "over.yaml", "extends: base.yaml\nactors: {sotuh: null}"))
    assert (wrong.line, wrong.column, wrong.path) == (2, 10, "actors.sotuh")
    assert wrong.hint == "Did you mean 'south'?"


def test_a_builtin_scenario_can_be_extended_from_anywhere(tmp_path):
    """A built-in scenario is extended by its name, without a suffix."""
    path = write(tmp_path, "mine.yaml", "extends: doha_2020/baseline\ntitle: Mine\nmechanisms: {aid: off}\n")
    scenario = load(path)
    assert scenario.title == "Mine"
    assert not scenario.mechanisms["aid"]
    wrong = problem(write(tmp_path, "typo.yaml", "extends: doha_2020/baselin"))
    assert wrong.hint == "Did you mean 'doha_2020/baseline'?"


def test_cycles(tmp_path):
    """A file that extends itself, directly or in a round, is refused."""
    assert "a cycle" in problem(write(tmp_path, "a.yaml", "extends: a.yaml")).found
    write(tmp_path, "b.yaml", "extends: c.yaml")
    write(tmp_path, "c.yaml", "extends: sub/../b.yaml")
    (tmp_path / "sub").mkdir()
    assert "b.yaml" in problem(tmp_path / "b.yaml").found


def test_long_chains(tmp_path):
    """A chain of more files than the maximum is refused, one of as many is not."""
    write(tmp_path, "f0.yaml", MINIMAL)
    for i in range(1, MAX_CHAIN + 1):
        write(tmp_path, f"f{i}.yaml", f"extends: f{i - 1}.yaml")
    assert load(tmp_path / f"f{MAX_CHAIN - 1}.yaml").title == "Two who talk"
    assert "chain" in problem(tmp_path / f"f{MAX_CHAIN}.yaml").found


@pytest.mark.parametrize("folder", ["inner", "scenarios/inner"])
def test_the_folder_tree(tmp_path, folder):
    """A file may extend within its own folder, or within the nearest folder above it that is called scenarios."""
    write(tmp_path, "scenarios/base.yaml", MINIMAL)
    write(tmp_path, "base.yaml", MINIMAL)
    path = write(tmp_path, f"{folder}/over.yaml", "extends: ../base.yaml\ntitle: Over")
    if folder == "inner":
        assert "folder tree" in problem(path).expected
    else:
        assert load(path).title == "Over"
        wrong = problem(write(tmp_path, f"{folder}/far.yaml", "extends: ../../base.yaml"))
        assert "folder tree" in wrong.expected


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("../secret.yaml", "folder tree"),
        ("link.yaml", "folder tree"),
        ("linked/secret.yaml", "folder tree"),
        ("{outside}", "relative"),
        ("missing.yaml", "which does not exist"),
        ("loop.yaml", ""),
        ("nothing", "a built-in scenario"),
        ("5", "a file name"),
        ("[a.yaml]", "a file name"),
        ("''", "a file name"),
        ('"a\\0.yaml"', "printable text"),
        ("." * 5000 + "/x.yaml", ""),
        ("folder.yaml", "a YAML file"),
    ],
)
def test_ways_out_are_closed(tmp_path, value, words):
    """Neither dots, links, absolute names nor odd values lead out of the folder or past the reader."""
    outside = write(tmp_path, "secret.yaml", MINIMAL)
    inside = tmp_path / "mine"
    inside.mkdir()
    (inside / "link.yaml").symlink_to(outside)
    (inside / "linked").symlink_to(tmp_path)
    (inside / "loop.yaml").symlink_to(inside / "loop.yaml")
    (inside / "folder.yaml").mkdir()
    path = write(inside, "over.yaml", "extends: " + value.replace("{outside}", str(outside)))
    assert words in str(problem(path))


def test_builtin_names_are_scenarios():
    """The built-in names include the baseline, and each of them loads under its name."""
    assert "doha_2020/baseline" in builtin_names()
    for name in builtin_names():
        assert load(name).position("title").file in builtin_names()
    assert load("doha_2020/baseline") == load(BASELINE)
