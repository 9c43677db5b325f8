"""The JSON Schema and the page of the experiment format are what the models say; shipped experiments keep to them."""

import json
import re
from pathlib import Path

import jsonschema
import pytest
from experiment_texts import MINIMAL

from sim.experiments.definition import experiment_names, load_experiment
from sim.experiments.definition.json_schema import schema_document, schema_text
from sim.scenario.extends import builtin_root
from sim.scenario.load import load
from sim.scenario.positions import plain
from sim.scenario.reader import read_file, read_text
from tools.experiment_format import MARK, page_text
from tools.scenario_format import sections

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "experiment_format.md"
VALIDATOR = jsonschema.Draft202012Validator(schema_document())


def as_json(text):
    """Read YAML text as an editor sees it."""
    return json.loads(json.dumps(plain(read_text(text, "x.yaml")), default=str))


def test_the_committed_schema_is_current():
    """The committed file is what the models generate; else: python -m sim.experiments.definition.json_schema FILE."""
    jsonschema.Draft202012Validator.check_schema(schema_document())
    committed = builtin_root() / "schema" / "experiment.schema.json"
    assert committed.read_text(encoding="utf-8") == schema_text()


def test_the_page_is_current():
    """Below its mark the page is generated; else: python -m tools.experiment_format PAGE."""
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(MARK) == 1
    assert text == page_text(text)
    headings = {h.lower().replace(" ", "-") for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= headings


def test_every_key_of_every_section_has_a_row():
    """Each key of each model stands in the table of its section."""
    from sim.experiments.definition.schema import ExperimentContent

    text = PAGE.read_text(encoding="utf-8").partition(MARK)[2]
    parts = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##)", text, re.MULTILINE | re.DOTALL))
    for model in sections(ExperimentContent):
        assert re.findall(r"^\| `(\w+)` \|", parts[model.__name__], re.MULTILINE) == list(model.model_fields)


def test_the_examples_of_the_page_load(tmp_path):
    """The whole files of the page are experiments, by the schema and by the program."""
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    files = [block for block in blocks if "title:" in block]
    assert len(files) == 2
    for block in files:
        path = tmp_path / "x.yaml"
        path.write_text(block, encoding="utf-8")
        VALIDATOR.validate(as_json(block))
        assert load_experiment(path).title in block


@pytest.mark.parametrize("name", experiment_names())
def test_shipped_experiments(name):
    """Each is valid, says in its header how it is run and how large it is, and takes a laptop minutes."""
    path = builtin_root() / "experiments" / f"{name}.yaml"
    VALIDATOR.validate(json.loads(json.dumps(plain(read_file(path, name)), default=str)))
    experiment = load_experiment(name)
    header = path.read_text(encoding="utf-8").partition("schema_version")[0]
    assert re.search(rf"Run: +sim sweep {name}\n", header)
    assert f"{experiment.runs:,} runs" in header or experiment.tipping is not None
    assert all(
        re.search(rf"^# {name} +\S", header, re.MULTILINE) for name in experiment.names if len(experiment.names) < 9
    )
    assert 4_000 <= experiment.runs <= 100_000
    small = experiment.resized(rows=max(2 * len(experiment.factors) + 4, 8), replications=1)
    assert small.runs < 150


def test_priors_are_laid_over_the_baseline():
    """The scenario with priors has the numbers of the baseline; each prior can take its value, and says why."""
    priors, baseline = load("doha_2020/priors"), load("doha_2020/baseline")
    assert priors.replace({"title": baseline.title}) == baseline
    for factor in load_experiment("all_priors").factors:
        note = priors.provenance[factor.paths[0]]
        assert note.source or note.assumption
        assert factor.low < factor.high


@pytest.mark.parametrize(
    ("old", "new", "valid"),
    [
        ("range: [0.05, 0.5]", "choices: {patient: 0.05}", True),
        ("range: [0.05, 0.5]", "prior: true", True),
        ("range: [0.05, 0.5]", "prior: {beta: [2, 3]}", True),
        ("path: actors.rebels", "multiplies: actors.rebels", True),
        ("seed: 7", "seed: 7\ncommon_luck: off", True),
        ("range: [0.05, 0.5]", "range: [0.05]", False),
        ("range: [0.05, 0.5]", "prior: {bet: [2, 3]}", False),
        ("range: [0.05, 0.5]", "prior: false", False),
        ("path: actors.rebels", "pth: actors.rebels", False),
        ("grid: {levels: 3}", "grid: {levels: 1}", False),
        ("grid: {levels: 3}", "grid: {levels: 3}, sobol: {rows: 4}", False),
        ("replications: 4", "replications: four", False),
        ("  rebels: {", "  a-b: {", False),
    ],
)
def test_the_schema_says_what_the_models_say(old, new, valid):
    """What the models refuse for its form alone, the schema refuses, and nothing more."""
    assert old in MINIMAL
    assert VALIDATOR.is_valid(as_json(MINIMAL.replace(old, new, 1))) is valid
