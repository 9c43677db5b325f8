"""Settings that all tests share, and what is done once for all of them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from sim.compiled import is_cached
from sim.rules.registry import REGISTERED
from sim.scenario import named_functions

# The first example of a property may compile for a second, and machines are shared: no test asserts a time.
settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# tools/mutate.py runs the same examples against every mutant, and wants to know only whether one fails.
settings.register_profile(
    "mutants",
    settings.get_profile("shared"),
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "shared"))

DAYS = """
from sim.function_pointer import address_of
from sim.kernel.entry import BEGIN, DISPATCH, begin, dispatch
address_of(begin, BEGIN), address_of(dispatch, DISPATCH)
"""
DECISIONS = """
from sim import load
from sim.kernel.bound import bound
bound(load("doha_2020/baseline"))
"""


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the two halves of the kernel before the whole suite begins, or every worker would compile both."""
    whole = session.config.args_source is pytest.Config.ArgsSource.TESTPATHS
    here = not hasattr(session.config, "workerinput") and not session.config.option.collectonly
    if whole and here and not is_cached("kernel"):
        halves = [subprocess.Popen([sys.executable, "-c", half]) for half in (DAYS, DECISIONS)]
        assert [half.wait() for half in halves] == [0, 0]


def _functions_of_others() -> Iterator[None]:
    """Take back what a module or a test registers: whatever lists the functions that there are would find it then."""
    named = {kind: list(functions) for kind, functions in named_functions._registered.items()}
    registered = dict(REGISTERED)
    yield
    for kind, functions in named.items():
        named_functions._registered[kind][:] = functions
    REGISTERED.clear()
    REGISTERED.update(registered)


functions_of_other_modules = pytest.fixture(autouse=True, scope="module")(_functions_of_others)
functions_of_other_tests = pytest.fixture(autouse=True)(_functions_of_others)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files with slow tests first, so that no worker is left alone with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
