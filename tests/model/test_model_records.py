"""State and Params are put together from the parts of the mechanisms, and a type checker reads the same classes."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.model.layout import PARAMS, STATE, Params, State
from sim.model.record import Part, f8, fields_of, i1, lay_out

PLANTED = """
from sim.model.layout import Params, State

def misspelt(state: State, params: Params) -> float:
    return state.disarmed[0] + params.then_amuont[0, 0]

def spelt_right(state: State, params: Params) -> float:
    return state.disarmed[0] + params.then_amount[0, 0]
"""


def test_a_state_is_under_eight_kilobytes():
    """One world with clocks, timers, hazards and rule memory; 8,184 bytes cost 3 % of a run's time over 4,088."""
    assert STATE.itemsize < 8192


@pytest.mark.parametrize(("record", "dtype"), [(State, STATE), (Params, PARAMS)])
def test_a_record_has_the_fields_of_its_parts_in_their_order(record, dtype):
    """The structured type lists each part's fields, part after part, as stored and nothing else."""
    declared = [(name, field) for part in record.__bases__ for name, field in fields_of(part).items()]
    assert [name for name, _ in declared] == list(dtype.names)
    for name, field in declared:
        base, *_ = dtype.fields[name]
        assert (base.base, base.shape) == (np.dtype(field.kind), field.shape)


def test_a_field_of_two_parts_is_an_error():
    """Two mechanisms cannot share a name by accident."""

    class One(Part):
        rate: float = f8()

    class Other(Part):
        rate: float = f8()

    class Both(One, Other):
        pass

    with pytest.raises(TypeError, match="another part of Both has that field"):
        lay_out(Both)


def test_a_field_without_its_kind_is_an_error():
    """An annotation alone says nothing about how a field is stored."""

    class Half(Part):
        flag: int = i1()
        rate: float

    with pytest.raises(TypeError, match=r"Half\.rate: annotated, but not declared"):
        lay_out(Half)


def test_the_type_checker_finds_a_misspelt_field(tmp_path):
    """With --strict mypy reports the field that no part declares, and nothing else."""
    package = Path(sim.__file__).parent.parent
    (tmp_path / "planted.py").write_text(PLANTED)
    command = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--follow-imports=silent",
        "--no-warn-return-any",
        "planted.py",
    ]
    environment = {"MYPYPATH": str(package), "PATH": "", "MYPY_CACHE_DIR": str(tmp_path / "cache")}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)
    errors = [line for line in done.stdout.splitlines() if " error: " in line]
    assert len(errors) == 1, done.stdout + done.stderr
    assert '"Params" has no attribute "then_amuont"' in errors[0]
