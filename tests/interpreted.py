"""The model in the interpreter, beside the compiled one of the same process.

Laws call single functions of the model some hundred times each. Compiled, that costs a minute of compiling and ten
microseconds a call; interpreted, nothing and about as much a call. Both compute the same to the bit, which
``tests/kernel`` holds.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType, SimpleNamespace

import sim.compiled

ROOTS = (
    "sim.function_pointer",
    "sim.elementary",
    "sim.random",
    "sim.model",
    "sim.rules",
    "sim.encode",
    "sim.kernel",
)
OFF = SimpleNamespace(DISABLE_JIT=1)
"""In place of Numba's settings: switched off there, Numba would leave functions of its own uncompiled from then on."""
_plain: dict[str, ModuleType] = {}


def _take_out() -> dict[str, ModuleType]:
    """Take the modules of the model out of the interpreter's table and return them."""
    names = [name for name in sys.modules if any(f"{name}.".startswith(f"{root}.") for root in ROOTS)]
    return {name: sys.modules.pop(name) for name in names}


def _put_in(modules: dict[str, ModuleType]) -> None:
    """Let imports find these modules, by their names and as attributes of their packages."""
    sys.modules.update(modules)
    for name, module in modules.items():
        package, _, attribute = name.rpartition(".")
        setattr(sys.modules[package], attribute, module)


@contextmanager
def interpreted() -> Iterator[None]:
    """Let imports inside the block bind functions of the model that nobody compiles.

    Examples
    --------
    >>> with interpreted():
    ...     from sim.model.logistic import logistic
    >>> type(logistic).__name__, logistic(0.0)
    ('function', 0.5)
    """
    if sim.compiled.config.DISABLE_JIT:
        yield
        return
    compiled = _take_out()
    _put_in(_plain)
    numba_config, sim.compiled.config = sim.compiled.config, OFF
    try:
        for root in ROOTS:
            importlib.import_module(root)
        yield
    finally:
        sim.compiled.config = numba_config
        _plain.update(_take_out())
        _put_in(compiled)
