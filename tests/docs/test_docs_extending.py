"""docs/extending.md is true: following it in a copy of the package adds what it says, in as few places as it says.

The page marks the blocks that are whole new files and writes each edit as a diff. They are applied to one copy, which
is then run in the interpreter, so that nothing is compiled.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import sim
from sim.scenario.extends import builtin_root

PACKAGE = Path(sim.__file__).resolve().parent
PAGE = (PACKAGE.parent / "docs" / "extending.md").read_text(encoding="utf-8")
ONE_LINE = ("A payoff model", "A rule", "A figure", "A design of experiments")


@dataclass(frozen=True)
class Part:
    """What a part of the page adds: whole files, and edits of files by their hunks."""

    files: dict[str, str]
    edits: dict[str, list[str]]

    @property
    def lines_elsewhere(self) -> int:
        """Lines that the edits add or take away."""
        return sum(line[0] in "+-" for hunks in self.edits.values() for hunk in hunks for line in hunk.splitlines())


def part(heading: str) -> Part:
    """Read a part of the page."""
    text = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    files = dict(re.findall(r"^<!-- file: (\S+) -->\n```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL))
    edits = {}
    for path, hunks in re.findall(r"^```diff\n\+\+\+ (\S+)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        edits.setdefault(path, []).extend(re.split(r"^@@\n", hunks, flags=re.MULTILINE))
    return Part(files, edits)


def apply(added: Part, root: Path) -> None:
    """Write a part's files into a copy and edit the others; each hunk must fit one place."""
    for path, text in added.files.items():
        assert not (root / path).exists()
        (root / path).write_text(text, encoding="utf-8")
    for path, hunks in added.edits.items():
        for hunk in hunks:
            lines = hunk.splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if line[0] != "+")
            after = "".join(line[1:] for line in lines if line[0] != "-")
            text = (root / path).read_text(encoding="utf-8")
            assert text.count(before) == 1, f"{path} holds this {text.count(before)} times, expected once:\n{before}"
            (root / path).write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a copy of the package to which everything on the page was added."""
    root = tmp_path_factory.mktemp("extended")
    shutil.copytree(PACKAGE, root / "sim", ignore=shutil.ignore_patterns("__pycache__", "builtin"))
    shutil.copytree(builtin_root(), root / "scenarios")
    for heading in (*ONE_LINE, "A lever"):
        apply(part(heading), root)
    return root


def run(root: Path, code: str) -> str:
    """Run code with the copy in the interpreter and return what it prints."""
    environment = {**os.environ, "PYTHONPATH": str(root), "NUMBA_DISABLE_JIT": "1", "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("heading", ONE_LINE)
def test_one_new_file_and_one_line(heading: str) -> None:
    """A payoff model, a rule, a figure or a design is one new file and one line of another."""
    added = part(heading)
    assert len(added.files) == 1
    assert len(added.edits) == 1
    assert added.lines_elsewhere == 1


def test_a_lever_touches_three_files() -> None:
    """A lever changes the file format, its mechanism and its encoding."""
    added = part("A lever")
    assert len(added.files) + len(added.edits) <= 3


def test_what_is_added_keeps_the_rules_of_the_house(copy: Path) -> None:
    """The files and lines of the page pass the linter and the formatter of the repository."""
    shutil.copy(PACKAGE.parent / "pyproject.toml", copy)
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run([sys.executable, "-m", "ruff", *command, "."], cwd=copy, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout


PAYOFF = """
import sim
toy = sim.load("toys/two_actors").replace({"horizon_days": 30})
rebels = {"actors.rebels.payoff.model": "bounded"}
linear, tight, loose = (
    sim.run(scenario, seed=7).outcome["payoff_rebels"]
    for scenario in (
        toy,
        toy.replace({**rebels, "actors.rebels.payoff.parameters": {"bound": 0.0}}),
        toy.replace({**rebels, "actors.rebels.payoff.parameters": {"bound": 1e6}}),
    )
)
print(loose == linear, tight == linear)
"""


def test_the_payoff_model_pays(copy: Path) -> None:
    """With a bound out of reach it is the linear model to the bit; with a bound of 0 it is not."""
    assert run(copy, PAYOFF).split() == ["True", "False"]


RULE = """
import sim
from sim.errors import ScenarioError
from sim.experiments.comparison.actor_rules import under_rule
toy = sim.load("toys/two_actors").replace({"horizon_days": 60})
habitual, notes = under_rule(toy, "habit")
run = sim.run(habitual, seed=7)
chances = [max(m.probability for m in d.moves) for d in run.decisions if d.actor == "rebels"]
print(run.outcome["outcome"] == sim.replicate(habitual, runs=1, seed=7).outcome_table["outcome"][0], len(chances) > 1)
print("by habit, stays" in str(run.explain(run.decisions[-1].date)))
try:
    toy.replace({"actors.rebels.rule": {"response": "habit"}})
except ScenarioError as error:
    print("response habit without a valuation" in str(error))
"""


def test_the_rule_decides_is_checked_explained_and_compared(copy: Path) -> None:
    """Both engines play it; it is among the rules of comparisons; explanations and checks read its line."""
    assert run(copy, RULE).split() == ["True"] * 4


FIGURE = """
import sim
from sim.plots import deaths_figure
toy = sim.load("toys/two_actors").replace({"horizon_days": 30})
figure = deaths_figure(sim.replicate(toy, runs=3, seed=7))
print(sum(patch.get_height() for patch in figure.axes[0].patches))
"""


def test_the_figure_is_drawn(copy: Path) -> None:
    """It is exported, and its bars hold every run."""
    assert float(run(copy, FIGURE)) == 3.0


DESIGN = """
from sim.experiments.definition.load import experiment_from
content = {
    "schema_version": 1, "title": "Halton", "scenario": "toys/two_actors", "replications": 1, "seed": 1,
    "vary": {"patience": {"path": "actors.state.discount_per_year", "range": [0.0, 0.5]}},
    "design": {"halton": {"rows": 7}},
}
experiment = experiment_from(content)
values = experiment.points["patience"]
print(len(values), len(set(values.tolist())), bool((values >= 0.0).all() and (values <= 0.5).all()))
"""


def test_the_design_makes_rows(copy: Path) -> None:
    """An experiment file may name it, and its rows are distinct points of the range."""
    assert run(copy, DESIGN).split() == ["7", "7", "True"]


LEVER = """
import sim
from sim.errors import ScenarioError
toy = sim.load("toys/two_actors").replace({"horizon_days": 60, "actors.rebels.moves.hold_fire.cooldown_days": 60})
idle = toy.replace({f"actors.state.moves.{move}.patrols": 0.0 for move in ("wait", "free")})
half = toy.replace({f"actors.state.moves.{move}.patrols": 0.5 for move in ("wait", "free")})
runs = [sim.run(scenario, seed=7) for scenario in (toy, idle, half)]
print(str(runs[0].outcome) == str(runs[1].outcome), runs[2].outcome["attacks"] < 0.8 * runs[0].outcome["attacks"])
print(sim.replicate(half, runs=1, seed=7).outcome_table["attacks"][0] == runs[2].outcome["attacks"])
try:
    toy.replace({"actors.rebels.moves.fight.patrols": 0.5})
except ScenarioError as error:
    print("The lever patrols needs a regular force." in str(error))
"""


def test_the_lever_acts(copy: Path) -> None:
    """At rest it changes no bit, on it prevents attacks in both engines, and who has no regular force cannot use it."""
    assert run(copy, LEVER).split() == ["True"] * 4
