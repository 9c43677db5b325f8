"""The notebooks run from top to bottom, and are committed without what a run leaves behind."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from tools.site.notebooks import executed

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SIZE_VARIABLE = "SIM_NOTEBOOK_RUNS"
KEPT_VARIABLE = "SIM_EXECUTED_NOTEBOOKS"
"""Names a folder that keeps the notebooks with their outputs, for the site."""
FEW = "40"
"""Runs of each scenario here: enough for every figure and table to have its shape."""
ABSOLUTE = re.compile(r"""["'\s(](?:/(?:home|root|tmp|usr|work|Users|mnt|var)/|[A-Z]:\\)""")
WARNED = re.compile(r"\b\w*Warning\b: |Traceback \(most recent call last\)")


def cells(path: Path, kind: str) -> list[NotebookNode]:
    """Return the cells of a kind."""
    return [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == kind]


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    """Return each notebook in turn."""
    found: Path = request.param
    return found


def test_there_are_notebooks_in_order() -> None:
    """They are numbered from 01 without a gap."""
    assert [path.name[:2] for path in NOTEBOOKS] == [f"{i + 1:02d}" for i in range(len(NOTEBOOKS))]
    assert len(NOTEBOOKS) >= 5


@pytest.mark.slow
def test_it_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every cell runs in an empty folder, and no cell warns: a reader of the outputs finds results alone."""
    monkeypatch.setenv(SIZE_VARIABLE, FEW)
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    here = tmp_path / "empty"
    here.mkdir()
    try:
        notebook = executed(path, here)
    except CellExecutionError as error:
        pytest.fail(f"{path.name}: {error}")
    if kept := os.environ.get(KEPT_VARIABLE):
        Path(kept).mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, Path(kept, path.name))
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    said = [output.text for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    assert not [text for text in said if WARNED.search(text)]
    assert any("image/png" in output.get("data", {}) for output in outputs), "a notebook of this project shows a figure"


def test_it_is_committed_without_outputs(path: Path) -> None:
    """No output and no execution count is kept, so that a change of the file is a change of its text."""
    nbformat.validate(nbformat.read(path, as_version=4))
    for cell in cells(path, "code"):
        assert not cell.outputs
        assert cell.execution_count is None


def test_a_title_and_prose_come_before_code(path: Path) -> None:
    """The first cell has the title, with the notebook's number, and words about what it is for."""
    every = nbformat.read(path, as_version=4).cells
    first = every[0]
    assert first.cell_type == "markdown"
    title, _, prose = first.source.partition("\n")
    assert title.startswith(f"# {int(path.name[:2])} ")
    assert len(prose.split()) > 20
    assert len(cells(path, "markdown")) >= len(cells(path, "code")) / 2, "prose keeps pace with code"


def test_no_path_of_a_single_machine(path: Path) -> None:
    """Neither code nor prose names an absolute path."""
    for cell in nbformat.read(path, as_version=4).cells:
        assert not ABSOLUTE.search(cell.source), cell.source


def test_links_lead_somewhere(path: Path) -> None:
    """Links to other files, and files of docs that are named, exist."""
    for cell in cells(path, "markdown"):
        for target in re.findall(r"\]\(([^)#:]+)\)", cell.source):
            assert (path.parent / target.strip()).exists(), target
        for target in re.findall(r"`(docs/[\w./]+)`", cell.source):
            assert (ROOT / target).exists(), target


def test_its_size_can_be_chosen(path: Path) -> None:
    """How many runs it does is read from one variable of the environment, so that it can be tried in small."""
    assert any(SIZE_VARIABLE in cell.source for cell in cells(path, "code"))
