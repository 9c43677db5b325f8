"""``Scenario.numbers``: each number by the path that `replace` takes, with its meaning and its source."""

import pytest

import sim


@pytest.mark.parametrize("name", ["toys/two_actors", "doha_2020/baseline", "colombia_2016/baseline"])
def test_every_number_has_its_path_and_value(name):
    """Paths are unique and are those of unsourced numbers and of replace; every one has a meaning."""
    scenario = sim.load(name)
    table = scenario.numbers()
    assert table.index.is_unique
    assert set(scenario.unsourced()) <= set(table.index)
    assert (table.meaning != "").all()
    path = next(path for path in table.index if path.endswith("discount_per_year"))
    assert scenario.replace({path: 0.123}).numbers().value[path] == 0.123


def test_sources_are_those_of_the_file():
    """What the file says of a number stands beside it."""
    scenario = sim.load("doha_2020/baseline")
    table = scenario.numbers()
    for path, note in scenario.provenance.items():
        if path in table.index:
            row = table.loc[path]
            assert (row.source, row.assumption) == (note.source or "", note.assumption or "")
