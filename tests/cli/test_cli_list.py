"""``sim list``: names and titles of what ships, in lines that fit, as one JSON object, and from Python."""

import json

import pytest
from command_line import sim_here

import sim
from sim.listing import Listing


def test_every_kind_with_names_and_titles(capsys, monkeypatch):
    """Each built-in name stands at the start of a line, with its title, within the width of the console."""
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = sim_here(capsys, "list")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert [line for line in lines if line in ("Scenarios", "Experiments", "Records")] == [
        "Scenarios",
        "Experiments",
        "Records",
    ]
    assert max(map(len, lines)) <= 80
    begun = {line.split()[0] for line in lines if line and not line.startswith(" ")}
    assert {*sim.list_scenarios(), *sim.list_experiments(), *sim.list_records()} <= begun
    assert any(line.split("  ")[0] == "toys/two_actors" and "Two actors" in line for line in lines)


@pytest.mark.parametrize("kind", ["scenarios", "experiments", "records"])
def test_one_kind_is_what_python_lists(capsys, kind):
    """One kind alone has no heading; --json holds the same names and titles as the function of that name."""
    listing = getattr(sim, f"list_{kind}")()
    assert sim_here(capsys, "list", kind) == (0, f"{listing.text(120)}\n", "")
    code, out, _ = sim_here(capsys, "list", kind, "--json")
    assert (code, json.loads(out)) == (0, {kind: dict(listing)})


def test_an_unknown_kind_is_bad_usage(capsys):
    """The message names the three kinds and the nearest one."""
    code, out, err = sim_here(capsys, "list", "scenario")
    assert (code, out) == (2, "")
    assert "expected scenarios, experiments or records" in err
    assert "Did you mean 'scenarios'" in err


def test_titles_are_those_of_what_is_loaded():
    """A listed title is the title of the scenario or experiment that loads under the name."""
    scenarios = sim.list_scenarios()
    for name in ("toys/five_actors", "doha_2020/uniform", "doha_2020/deals/one_president"):
        assert scenarios[name] == sim.load(name).title
    assert sim.list_experiments()["all_priors"] == sim.load_experiment("all_priors").title
    assert all(scenarios.values())


def test_a_listing_shows_itself():
    """A long name has a line to itself; in a notebook there is a row an entry, and nothing is read as markup."""
    listing = Listing({"a": "first", "b" * 60: "second <b>"})
    assert repr(listing) == f"a  first\n{'b' * 60}\n   second <b>"
    assert listing._repr_html_().count("<tr>") == 2
    assert "second &lt;b&gt;" in listing._repr_html_()


def test_completion_shows_what_is_public():
    """``dir`` of the package and of its figures lists the public names and nothing else."""
    assert [name for name in dir(sim) if not name.startswith("__")] == [n for n in sim.__all__ if n != "__version__"]
    assert {"plots", "run", "list_scenarios"} <= set(dir(sim))
    assert dir(sim.plots) == sim.plots.__all__
    assert all(callable(getattr(sim.plots, name)) for name in dir(sim.plots))
