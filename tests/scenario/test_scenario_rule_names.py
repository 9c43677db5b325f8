"""Names of rules and payoff models: built-in ones and those that a user registers."""

import pytest
from scenario_texts import MINIMAL, write

from sim.errors import ScenarioError, UsageError
from sim.scenario import rule_names
from sim.scenario.load import load


@pytest.fixture(autouse=True)
def forget():
    """Leave no registered name behind."""
    yield
    for registered in rule_names._registered.values():
        registered.clear()


def test_a_registered_name_is_legal(tmp_path):
    """A name that Python registered may stand in a file, one that it did not may not."""
    path = write(tmp_path, "a.yaml", MINIMAL.replace("{response: uniform}", "{response: mine, valuation: drift}", 1))
    with pytest.raises(ScenarioError, match=r"register_names\('response', 'mine'\)"):
        load(path)
    rule_names.register_names("response", "mine", "mine")
    assert rule_names.names("response")[-1] == "mine"
    assert rule_names.names("response").count("mine") == 1
    with pytest.raises(ScenarioError, match="horizon_days"):
        load(path)


@pytest.mark.parametrize("kind", ["response", "valuation", "payoff"])
def test_builtin_names_stay(kind):
    """Registering a built-in name changes nothing."""
    before = rule_names.names(kind)
    rule_names.register_names(kind, *before)
    assert rule_names.names(kind) == before


def test_what_cannot_be_registered():
    """An unknown kind and a name that is no identifier are refused."""
    with pytest.raises(UsageError, match="expected one of response"):
        rule_names.register_names("policy", "mine")
    for name in ("my rule", "1st", "", 5):
        with pytest.raises(UsageError, match="expected letters"):
            rule_names.register_names("response", name)
