"""The JSON Schema for editors: current, valid, and of one mind with the models."""

import json

import jsonschema
import pytest
from scenario_texts import BASELINE, MINIMAL

from sim.scenario.extends import builtin_names, builtin_root
from sim.scenario.json_schema import schema_document, schema_text
from sim.scenario.load import load
from sim.scenario.positions import plain
from sim.scenario.reader import read_file, read_text

VALIDATOR = jsonschema.Draft202012Validator(schema_document())
COMMITTED = BASELINE.parents[1] / "schema" / "scenario.schema.json"


def as_json(text):
    """Read YAML text as an editor sees it: dates are text."""
    return json.loads(json.dumps(plain(read_text(text, "a.yaml")), default=str))


def test_the_committed_schema_is_current():
    """The committed file is what the models generate; else write it with python -m sim.scenario.json_schema."""
    assert COMMITTED.read_text(encoding="utf-8") == schema_text()


def test_it_is_a_schema():
    """The document is legal JSON Schema."""
    jsonschema.Draft202012Validator.check_schema(schema_document())


@pytest.mark.parametrize("name", builtin_names())
def test_builtin_scenarios_are_valid(name):
    """Each built-in file is valid as it is written, and resolved with and without its sources."""
    written = plain(read_file(builtin_root() / f"{name}.yaml", name))
    scenario = load(name)
    for data in (written, scenario.to_dict(), scenario.to_dict(provenance=True)):
        VALIDATOR.validate(json.loads(json.dumps(data, default=str)))


def test_an_overlay_may_leave_out_and_remove():
    """With extends, nothing is required and null is legal; without, both are not."""
    overlay = "extends: a.yaml\nactors: {us: {moves: {threaten: null, pause: {when: null}}}}\nworld: {epidemic: null}\n"
    VALIDATOR.validate(as_json(overlay))
    assert not VALIDATOR.is_valid(as_json(overlay.replace("extends: a.yaml\n", "")))
    assert not VALIDATOR.is_valid(as_json(overlay + "wrold: {}\n"))


@pytest.mark.parametrize(
    ("old", "new", "valid"),
    [
        (
            "horizon_days: 100",
            "horizon_days: {value: 100, source: a, known_as_of: 2020-01-01, prior: {uniform: [5, 9]}}",
            True,
        ),
        ("wait: {}", "wait: {release: none}", True),
        ("wait: {}", "wait: {drawdown: {pace: {value: 2, assumption: why not}}}", True),
        ("wait: {}", "wait: {offer: on}", True),
        ("horizon_days: 100", "horizon_days: 100\nmechanisms: {aid: off}", True),
        ("horizon_days: 100", "horizon_days: {valu: 100}", False),
        ("horizon_days: 100", "horizon_days: {value: -100}", False),
        ("horizon_days: 100", "horizon_days: {value: 100, sorce: x}", False),
        ("horizon_days: 100", "horizon_days: '100'", False),
        ("horizon_days: 100", "horizon_days: 100.5", False),
        ("horizon_days: 100", "horizn_days: 100", False),
        ("title: Two who talk", "colour: red", False),
        ("wait: {}", "wait: {relaese: none}", False),
        ("wait: {}", "wait: {drawdown: never}", False),
        ("wait: {}", "wait: {aid: 2}", False),
    ],
)
def test_it_says_what_the_models_say(old, new, valid):
    """What the models refuse for its form alone, the schema refuses, and nothing more."""
    data = as_json(MINIMAL.replace(old, new, 1))
    assert VALIDATOR.is_valid(data) is valid


def test_keys_are_described():
    """An editor can show what a key means."""
    group = schema_document()["$defs"]["CaptiveGroup"]["properties"]
    assert group["promised"]["description"] == "promised to be freed and counted (persons)"
