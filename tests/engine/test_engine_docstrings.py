"""The examples in the docstrings of the engines are true."""

import doctest
import importlib

import pytest

MODULES = (
    "run",
    "run_date",
    "fork",
    "explanation_text",
    "explanation_words",
    "story",
    "term_labels",
    "term_parts",
    "replicate",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name):
    """Every example of a docstring gives what it says."""
    results = doctest.testmod(importlib.import_module(f"sim.engine.{name}"))
    assert results.attempted > 0
    assert results.failed == 0
