"""Writing Params through views gives the bytes that writing its record gives."""

import numpy as np
import pytest

import sim.encode.encoded
import sim.encode.open_record
from sim.encode.encoded import encode
from sim.model.layout import PARAMS
from sim.scenario.extends import builtin_names
from sim.scenario.load import load


@pytest.mark.parametrize("name", builtin_names())
def test_views_and_record_give_the_same_bytes(name, monkeypatch):
    """Every built-in scenario is encoded to the same bytes through views as field by field of the NumPy record."""
    scenario = load(name)
    quick = encode(scenario)
    monkeypatch.setattr(sim.encode.encoded, "OpenRecord", lambda array: array[0])
    plain = encode(scenario)
    assert quick.params.tobytes() == plain.params.tobytes()
    assert quick.tables.tobytes() == plain.tables.tobytes()


def test_every_field_can_be_written_and_read():
    """Whatever is written to a field is in the array, and is what the field then reads as."""
    array = np.zeros(1, PARAMS)
    record = sim.encode.open_record.OpenRecord(array)
    for name, (kind, *_) in PARAMS.fields.items():
        setattr(record, name, np.ones(kind.shape, kind.base))
        assert np.all(array[name] == 1)
        assert np.all(getattr(record, name) == 1)


def test_an_unknown_field_is_refused():
    """A misspelt field is an error and is not kept."""
    record = sim.encode.open_record.OpenRecord(np.zeros(1, [("rate", "f8")]))
    with pytest.raises(ValueError, match="ratte"):
        record.ratte = 1.0
