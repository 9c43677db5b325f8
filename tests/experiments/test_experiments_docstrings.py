"""The examples in the docstrings of records, reruns and references are true."""

import doctest
import importlib

import pytest

MODULES = ("outcome_share", "run_record_of", "rerun", "reference")


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    """Every example of a docstring gives what it says."""
    results = doctest.testmod(importlib.import_module(f"sim.experiments.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
