"""The sources that decide a result are found by following imports, and none that is loaded is missed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from sim.compiled import sources
from sim.experiments.sweep.identity import ROOTS
from sim.imported_sources import PACKAGE, imported_sources

CHUNK = """
import sys
from pathlib import Path
from sim.experiments.definition import experiment_from
from sim.experiments.sweep.chunks import Work, run_chunk
from sim.imported_sources import PACKAGE

experiment = experiment_from({
    "schema_version": 1,
    "title": "A",
    "scenario": "toys/two_actors",
    "vary": {"pace": {"path": "deal.outcomes.settlement.per_day", "prior": {"lognormal": [0.01, 1.0]}}},
    "design": {"latin_hypercube": {"rows": 2}},
})
run_chunk(Work.of(experiment), 0, 2)
for name, module in sys.modules.items():
    if name.startswith("sim.") and not hasattr(module, "__path__"):
        print(Path(module.__file__).relative_to(PACKAGE).as_posix())
"""
# Loaded on the way, but no part of how a row comes about: read by a package's `__init__`, or the program above itself.
BESIDE = {"imported_sources.py", "listing.py", "scenario/listing.py", "version.py"}


def names(*roots, package=PACKAGE):
    """Return found sources by their path in the package."""
    return {path.relative_to(package).as_posix() for path in imported_sources(*roots, package=package)}


def test_all_that_is_loaded_to_do_a_chunk_is_found():
    """Every module of the package that a process loads to read an experiment and do its runs is among the sources."""
    done = subprocess.run([sys.executable, "-c", CHUNK], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split()) - BESIDE
    assert {"experiments/factor.py", "kernel/day.py", "scenario/scenario.py"} <= loaded
    assert loaded <= names(*ROOTS)


def test_what_shows_results_is_no_source_of_rows():
    """Commands, figures and the sweep's own bookkeeping do not decide what a row holds."""
    found = names(*ROOTS)
    assert not [name for name in found if name.startswith(("cli/", "plots/", "experiments/comparison/"))]
    assert not {"experiments/sweep/journal.py", "experiments/sweep/runner.py", "experiments/sweep/identity.py"} & found


@pytest.fixture
def package(tmp_path) -> Path:
    """Make a package in which every way of importing occurs."""
    texts = {
        "__init__.py": "",
        "top.py": "from typing import TYPE_CHECKING\nimport os, sim.plain\nif TYPE_CHECKING:\n    import sim.typed\n",
        "plain.py": "def f():\n    from sim.part import inside\n    return inside\n",
        "typed.py": "",
        "part/__init__.py": "import sim.beside",
        "part/inside.py": 'TABLE = {"a": "sim.quoted:function", "b": "sim.nowhere", "c": "sim.whole"}\n',
        "whole/__init__.py": "",
        "whole/one.py": "",
        "whole/two.py": "",
        "whole/deeper/three.py": "",
        "quoted.py": "from sim.part import (\n    other,\n)\nfrom sim.top import x\n",
        "part/other.py": "from sim.exports import name as renamed",
        "exports.py": "name = 1",
        "beside.py": "",
        "unused.py": "import sim.top",
    }
    for name, text in texts.items():
        path = tmp_path / "sim" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "sim"


def test_every_way_of_importing_is_followed(package):
    """At the top, in functions, of modules and of names, in quotes, round in circles; not for type checkers alone."""
    found = names("sim.top", package=package)
    assert found == {
        "top.py",
        "plain.py",
        "part/__init__.py",
        "part/inside.py",
        "quoted.py",
        "part/other.py",
        "exports.py",
        "beside.py",
        "whole/__init__.py",
        "whole/one.py",
        "whole/two.py",
    }


def test_an_unknown_root_is_refused(package):
    """A root that is no module is a mistake of the caller."""
    with pytest.raises(ValueError, match=r"sim\.nowhere"):
        imported_sources("sim.nowhere", package=package)


def test_no_module_imports_relatively():
    """Relative imports would not be followed, so there is none."""
    for path in PACKAGE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level], path


def test_sentences_decide_no_row() -> None:
    """What a run's story and explanations say is not among the sources of a sweep: rewording one refuses no folder."""
    sentences = {"scenario/event_words.py", "engine/story.py", "engine/explanation_words.py", "engine/legality.py"}
    assert sentences <= names("sim.engine.run")
    assert not sentences & names(*ROOTS)


def group(name):
    """Return the sources of a group of compiled code by their path in the package."""
    return {path.relative_to(PACKAGE).as_posix() for path in sources(name)}


def test_every_compiled_function_is_among_the_sources_of_its_group():
    """Machine code is named by the digest of a group, so no module with a compiled function may be left out of it."""
    for path in PACKAGE.rglob("*.py"):
        name = path.relative_to(PACKAGE).as_posix()
        if "@compiled" in path.read_text(encoding="utf-8") and name != "compiled.py":
            assert name in group("games" if name.startswith("games/") else "kernel")


def test_a_group_holds_what_its_code_is_made_of_and_no_more():
    """The kernel knows every rule and payoff model, no facade of a game, no sentence; the model also what encodes."""
    kernel, model, games = group("kernel"), group("model"), group("games")
    rules = {f"{p.parent.relative_to(PACKAGE).as_posix()}/{p.name}" for p in PACKAGE.glob("rules/*/*.py")}
    assert rules | {"kernel/day.py", "kernel/rollout.py", "model/payoff_models/prospect.py"} <= kernel < model
    assert {"encode/derived.py", "engine/event.py", "scenario/condition.py"} <= model - kernel
    assert not [name for name in model if name.startswith(("cli/", "plots/", "experiments/", "scenario/schema/"))]
    assert not {"scenario/event_words.py", "engine/story.py", "games/finite/normal_form.py"} & model
    assert not [name for name in games if name.startswith(("model/", "kernel/", "rules/"))]
