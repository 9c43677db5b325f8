"""Numbers with sources: the value goes to the model, what is known about it stays beside it."""

import datetime as dt

import pytest
from scenario_texts import MINIMAL, write

from sim.errors import ScenarioError
from sim.scenario.load import load
from sim.scenario.provenance import PRIORS, Prior, Provenance

REVIEW = "actors.north.review.every_days"


def scenario_with(folder, number):
    """Load the minimal scenario with a number written in some way."""
    text = MINIMAL.replace("every_days: 7}", f"every_days: {number}}}", 1) + "record: doha_2020\n"
    return load(write(folder, "a.yaml", text))


def test_all_notes(tmp_path):
    """Every note is kept, and the model holds the plain number."""
    number = (
        "{value: 5, source: a book, assumption: none better, known_as_of: 2020-03-01, used_to_fit: [kabul],"
        " prior: {uniform: [1, 9]}}"
    )
    scenario = scenario_with(tmp_path, number)
    assert scenario.actors["north"].review.every_days == 5.0
    note = scenario.provenance[REVIEW]
    assert note == Provenance("a book", "none better", dt.date(2020, 3, 1), ("kabul",), Prior("uniform", (1.0, 9.0)))
    assert scenario.to_dict(provenance=True)["actors"]["north"]["review"]["every_days"] == {
        "value": 5.0, "source": "a book", "assumption": "none better", "known_as_of": "2020-03-01",
        "used_to_fit": ["kabul"], "prior": {"uniform": [1.0, 9.0]},
    }  # fmt: skip


def test_unsourced_lists_numbers_without_reason(tmp_path):
    """Plain numbers are unsourced; a source, an assumption or a fit is a reason, a date alone is none."""
    paths = ["horizon_days", "actors.south.review.every_days", "actors.south.review.offset_days"]
    assert scenario_with(tmp_path, "{value: 7, source: x, known_as_of: 2020-01-01}").unsourced() == tuple(paths)
    assert scenario_with(tmp_path, "{value: 7, used_to_fit: [kabul]}").unsourced() == tuple(paths)
    bare = scenario_with(tmp_path, "{value: 7, known_as_of: 2020-03-01}").unsourced()
    assert bare == (paths[0], REVIEW, *paths[1:])


def test_unsourced_counts_a_distribution_once_sourced():
    """The two parameters of a sourced distribution need no source each."""
    assert not [path for path in load("doha_2020/baseline").unsourced() if "probability" in path]


@pytest.mark.parametrize("kind", PRIORS)
def test_priors(tmp_path, kind):
    """Each prior takes its own number of parameters, in their order."""
    parameters = {"triangular": "[1, 2, 3]", "choice": "[3, 1, 2, 1]"}.get(kind, "[1, 2]")
    note = scenario_with(tmp_path, f"{{value: 5, prior: {{{kind}: {parameters}}}}}").provenance[REVIEW]
    assert note.prior.kind == kind
    with pytest.raises(ScenarioError, match=f"prior.{kind}"):
        scenario_with(tmp_path, f"{{value: 5, prior: {{{kind}: [true, 2]}}}}")
    if kind != "choice":
        with pytest.raises(ScenarioError, match=f"prior.{kind}"):
            scenario_with(tmp_path, f"{{value: 5, prior: {{{kind}: [1]}}}}")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("{value: 5, sorce: x}", "found the key 'sorce', expected one of value, source"),
        ("{value: 5, source: x}", "found a source without a date, expected known_as_of beside it"),
        ("{valu: 5, source: x}", "Did you mean 'value'?"),
        ("{source: x}", "found source without a value"),
        ("{value: x}", "found text 'x', expected a number or a date as the value"),
        ("{value: {value: 5}}", "found a mapping, expected a number"),
        ("{value: }", "found null, expected a number"),
        ("{value: .inf}", "expected a finite number"),
        ("{value: -5, source: x, known_as_of: 2020-01-01}", "found -5, expected a number greater than 0"),
        ("{value: 5, source: 3, known_as_of: 2020-01-01}", "source: found 3, expected a text"),
        ("{value: 5, source: '', known_as_of: 2020-01-01}", "expected a text"),
        ("{value: 5, known_as_of: soon}", "expected a date"),
        ("{value: 5, used_to_fit: kabul}", "expected a list of names"),
        ("{value: 5, prior: 3}", "expected one of uniform"),
        ("{value: 5, prior: {unifrm: [1, 2]}}", "Did you mean 'uniform'?"),
        ("{value: 5, prior: {uniform: [2, 1]}}", "expected [lowest, highest]"),
        ("{value: 5, prior: {log_uniform: [0, 1]}}", "both positive"),
        ("{value: 5, prior: {triangular: [1, 3, 2]}}", "likeliest"),
        ("{value: 5, prior: {normal: [1, 0]}}", "standard deviation"),
        ("{beta: [2, 3]}", "found a mapping, expected a number"),
    ],
)
def test_malformed_notes_give_one_problem(tmp_path, number, words):
    """A malformed note is one problem, at its place."""
    with pytest.raises(ScenarioError) as caught:
        scenario_with(tmp_path, number)
    (problem,) = caught.value.problems
    assert words in str(problem)
    assert problem.line == 7
    assert problem.path.startswith(REVIEW) or "finite" in words
