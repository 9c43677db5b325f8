"""Rules and payoff models by name: built-in ones and those that a user registers."""

from importlib import import_module

import pytest
from scenario_texts import MINIMAL, write

from sim.compiled import PACKAGE, sources
from sim.errors import ScenarioError, UsageError
from sim.scenario import named_functions
from sim.scenario.load import load
from sim.scenario.named_functions import BUILT_IN, names, register_function


@pytest.fixture(autouse=True)
def forget():
    """Leave no registered name behind."""
    yield
    for registered in named_functions._registered.values():
        registered.clear()


def test_a_registered_name_is_legal(tmp_path):
    """A name that Python registered may stand in a file, one that it did not may not."""
    path = write(tmp_path, "a.yaml", MINIMAL.replace("{response: uniform}", "{response: mine, valuation: drift}", 1))
    with pytest.raises(ScenarioError, match=r"sim.register\('response', 'mine', function\)"):
        load(path)
    register_function("response", "mine")
    register_function("response", "mine")
    assert names("response")[-1] == "mine"
    assert names("response").count("mine") == 1
    with pytest.raises(ScenarioError, match="horizon_days"):
        load(path)


def test_what_a_registered_function_needs_is_checked(tmp_path):
    """A user's valuation that looks ahead asks for a horizon as a built-in one does."""
    register_function("valuation", "far", needs=("horizon_days",))
    path = write(tmp_path, "a.yaml", MINIMAL.replace("{response: uniform}", "{response: uniform, valuation: far}", 1))
    with pytest.raises(ScenarioError, match="valuation far without horizon_days"):
        load(path)


@pytest.mark.parametrize("kind", BUILT_IN)
def test_builtin_functions_exist_and_have_numbers_and_names_of_their_own(kind):
    """Each target is a function, and no two share a number or a name: a scenario's numbers mean one thing."""
    built_in = BUILT_IN[kind]
    for described in built_in:
        module, _, function = described.target.partition(":")
        assert callable(getattr(import_module(module), function))
        assert PACKAGE.parent / f"{module.replace('.', '/')}.py" in sources("kernel")  # an edit is another model
    assert sorted(described.number for described in built_in) == list(range(len(built_in)))
    assert len({described.name for described in built_in}) == len(built_in)


@pytest.mark.parametrize("kind", BUILT_IN)
def test_builtin_names_stay(kind):
    """Registering a built-in name changes nothing; a new one gets the number after theirs."""
    before = named_functions.functions(kind)
    assert register_function(kind, before[0].name) == before[0]
    assert named_functions.functions(kind) == before
    assert register_function(kind, "mine").number == len(BUILT_IN[kind])


def test_what_cannot_be_registered():
    """An unknown kind and a name that is no identifier are refused."""
    with pytest.raises(UsageError, match="none of valuation"):
        register_function("policy", "mine")
    for name in ("my rule", "1st", "", 5):
        with pytest.raises(UsageError, match="expected letters"):
            register_function("response", name)
