"""Running a notebook from top to bottom, and keeping what came out."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode


def executed(path: Path, folder: Path) -> NotebookNode:
    """Run a notebook and return it with its outputs.

    Parameters
    ----------
    path : Path
        The notebook, which is left as it is.
    folder : Path
        Where it runs: an empty folder.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell fails.
    """
    notebook: NotebookNode = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": os.fspath(folder)}}
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources=resources).execute()
    return notebook
