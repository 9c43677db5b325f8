"""Fixtures of the command line's tests."""

import pytest
from command_line import SMALL


@pytest.fixture(autouse=True)
def desk(tmp_path, monkeypatch):
    """Work in an empty folder with a small scenario in it, ``small.yaml``."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    (tmp_path / "small.yaml").write_text(SMALL)
    return tmp_path
