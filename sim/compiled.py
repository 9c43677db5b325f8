"""The one decorator behind every compiled function, and the cache it keeps.

Numba's own cache key does not see an edit in a *callee* that lives in another module, so a changed model could be
run with stale machine code in one engine and not in the other. Here the cache directory is therefore named by a
digest of all sources of the same group, of the versions involved and of the compiler settings: any edit leads to
a fresh directory, and old ones are pruned. Sources are found by following imports (`sim.imported_sources`), and what
is kept is checked when it is read (`sim.kept_code`). `numba.config.CACHE_DIR` is set only while a function is
decorated, so other users of Numba in the same process are not affected.

Two groups of machine code exist: ``games`` (finite games) and ``kernel`` (everything else), so that editing one does
not recompile the other. A third, ``model``, names all sources that a simulated result depends on: the compiled ones,
and what reads scenarios into numbers and steps the kernel. With ``NUMBA_DISABLE_JIT=1`` the decorator returns the
function unchanged.

Compiled functions of this package use arithmetic, ``sqrt`` and the functions of `sim.elementary`, never ``fastmath``,
and never raise: then compiled and interpreted runs are equal to the bit, on any machine.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import platform
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite
import numba
import numpy as np
import platformdirs

from sim.errors import CacheWarning
from sim.imported_sources import imported_sources, modules_of
from sim.kept_code import distrusted, keeping_code

# Numba's own annotations leave out options and settings that it documents.
config: Any = numba.core.config
njit: Any = numba.njit
cfunc: Any = numba.cfunc

# Numba writes the types of all arguments into an event of every pass over every function, which nobody listens to. Our
# record types have hundreds of fields; to name them again each time took a tenth of a compilation (measured).
numba.types.Record.__repr__ = cache(numba.types.Record.__repr__)  # type: ignore[method-assign]

F = TypeVar("F", bound=Callable[..., Any])

PACKAGE = Path(__file__).resolve().parent
_KERNEL = ("kernel.entry", "kernel.forks", "shared_numbers", "scenario.named_functions")
ROOTS: dict[str, tuple[str, ...]] = {
    "games": ("games",),
    "kernel": _KERNEL,
    "model": (*_KERNEL, "kernel.bound", "engine.event", "engine.event_rows", "engine.outcome_frame"),
}
"""Modules of `sim` whose sources, with all that they import, a group is made of; a package stands for its modules."""
ENTRY_POINTS: dict[str, tuple[str, ...]] = {"games": ("*",), "kernel": ("entry.*act", "entry.*run_rows")}
"""Functions of each group whose machine code is made last, as patterns of ``module.function``."""
KEPT_DIGESTS = 4
_NO_SETTING = frozenset(
    f"NUMBA_{name}"
    for name in (
        "CACHE_DIR",
        "CACHE_LOCATOR_CLASSES",
        "CAPTURED_ERRORS",
        "COLOR_SCHEME",
        "DEBUG_CACHE",
        "DISABLE_ERROR_MESSAGE_HIGHLIGHTING",
        "DISABLE_PERFORMANCE_WARNINGS",
        "FULL_TRACEBACKS",
        "NUM_THREADS",
        "SHOW_HELP",
        "THREADING_LAYER",
        "THREADING_LAYER_PRIORITY",
        "WARNINGS",
    )
)
"""Variables of Numba that leave machine code as it is: they say what is printed, where it is kept, how many threads."""
INLINED = 500
"""Functions with fewer bytes of bytecode are compiled into their callers: a run takes a fifth less time (measured)."""
_lock = threading.RLock()


@cache
def sources(group: str) -> tuple[Path, ...]:
    """List the source files of a group, sorted: its roots and all that they import."""
    modules = [module for root in ROOTS[group] for module in modules_of(f"sim.{root}")]
    return imported_sources(*modules)


@cache
def source_digest(group: str = "model") -> str:
    """Return the SHA-256 (64 hex digits) over the sources of a group.

    It names the rules of the world that a result came from and is part of every run record. Computed once a process:
    code that was imported does not change when its file does.
    """
    digest = hashlib.sha256()
    for path in sources(group):
        digest.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def cache_root() -> Path:
    """Return the folder that holds one folder of machine code for each digest.

    ``SIM_CACHE_DIR`` overrides the platform's cache folder.
    """
    chosen = os.environ.get("SIM_CACHE_DIR")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("negotiation-sim")) / "compiled"


def _cache_name(group: str) -> str:
    settings = "\0".join(
        [
            source_digest(group),
            sys.version,
            platform.machine(),
            np.__version__,
            numba.__version__,
            llvmlite.__version__,
            *(f"{k}={v}" for k, v in sorted(os.environ.items()) if k.startswith("NUMBA_") and k not in _NO_SETTING),
        ]
    )
    return f"{group}-{hashlib.sha256(settings.encode()).hexdigest()[:20]}"


@cache
def cache_directory(group: str) -> Path:
    """Return the folder for the machine code of a group, made and pruned on first use.

    A complete folder that can only be read is used as it is. Where none can be used, machine code goes to a temporary
    folder that this process removes when it ends.
    """
    root = cache_root()
    folder = root / _cache_name(group)
    try:
        if not root.is_dir():
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        reason = _distrusted(folder)
        if not reason:
            with tempfile.TemporaryFile(dir=folder):
                pass
            os.utime(folder)
    except OSError as error:
        if is_cached(group):
            return folder
        reason = str(error)
    if not reason:
        _prune(group, keep=folder)
        return folder
    temporary = _temporary_root() / group
    temporary.mkdir(exist_ok=True)
    warnings.warn(
        f"compiled code cannot be kept in {folder} ({reason}); this process compiles into a temporary folder. "
        "Set SIM_CACHE_DIR to a folder that you, and only you, can write to, to start fast next time.",
        CacheWarning,
        stacklevel=2,
    )
    return temporary


@cache
def _temporary_root() -> Path:
    """Return a folder that goes with this process."""
    folder = Path(tempfile.mkdtemp(prefix="negotiation-sim-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _distrusted(folder: Path) -> str:
    """Say why machine code must not be read from a folder of the cache, or nothing."""
    return distrusted(folder.parent, root=True) or distrusted(folder)


def is_cached(group: str = "kernel") -> bool:
    """Tell whether the machine code of a group is kept from an earlier process; if not, the first call takes long.

    True as well where nothing is compiled (``NUMBA_DISABLE_JIT=1``).
    """
    folder = cache_root() / _cache_name(group)
    if config.DISABLE_JIT:
        return True
    return not _distrusted(folder) and all(any(folder.glob(f"*/{name}-*.nbi")) for name in ENTRY_POINTS[group])


def _prune(group: str, keep: Path) -> None:
    """Remove all but the newest few folders of a group; a folder another process removes first is no error."""
    others = []
    for path in keep.parent.glob(f"{group}-*"):
        try:
            others.append((path.stat().st_mtime, path))
        except OSError:
            continue
    for _, path in sorted(others, reverse=True)[KEPT_DIGESTS:]:
        if path != keep:
            shutil.rmtree(path, ignore_errors=True)


def _group_of(function: Callable[..., Any]) -> str:
    return "games" if function.__module__.split(".")[:2] == ["sim", "games"] else "kernel"


def compiled(function: F) -> F:
    """Compile a function with Numba when it is first called, keeping its machine code for later processes.

    Parameters
    ----------
    function : callable
        In the subset of Python that Numba compiles; it must not raise.

    Returns
    -------
    callable
        The dispatcher, or `function` itself under ``NUMBA_DISABLE_JIT=1``.

    Examples
    --------
    >>> from sim.compiled import compiled
    >>> compiled(lambda x: x + 1)(2)
    3
    """
    return _compiled(function, inlined=len(function.__code__.co_code) < INLINED)


def called(function: F) -> F:
    """Compile a function as `compiled` does, but once, to be called: for what is short and stands in many places.

    Examples
    --------
    >>> from sim.compiled import called
    >>> called(lambda x: 2 * x)(2)
    4
    """
    return _compiled(function, inlined=False)


def _compiled(function: F, *, inlined: bool) -> F:
    if config.DISABLE_JIT:
        return function
    dispatcher = decorate_cached(
        function,
        lambda f, keep: njit(
            f,
            nogil=True,
            error_model="numpy",
            no_cfunc_wrapper=True,
            _nrt=makes_arrays(f),
            forceinline=inlined,
            cache=keep,
        ),
    )
    _compile_once(dispatcher)
    return cast(F, dispatcher)


def makes_arrays(function: Callable[..., Any]) -> bool:
    """Return whether a function may make or return arrays: one of the model that names NumPy, or any that is not its.

    The others are compiled without Numba's counting of references to arrays, which took 8 % of a run (measured).
    """
    module = function.__module__
    return not module.startswith("sim.") or module.startswith("sim.games.") or "np" in function.__code__.co_names


_BY_ANNOTATION: dict[str, Any] = {
    "int": numba.types.int64,
    "float": numba.types.float64,
    "bool": numba.types.boolean,
}


def _compile_once(dispatcher: Any) -> None:
    """Let calls from compiled code use one machine code, whatever the width of their numbers.

    Numba would compile a function anew for every mix of 32 and 64 bit integers and literals that it is called with (292
    compilations where 120 do). Arguments are therefore converted to the types of the annotations ``int``, ``float``,
    ``bool`` at the call.
    """
    code = dispatcher.py_func.__code__
    annotations = dispatcher.py_func.__annotations__
    wanted = [_BY_ANNOTATION.get(str(annotations.get(name))) for name in code.co_varnames[: code.co_argcount]]
    original = dispatcher.get_call_template

    def get_call_template(args: Any, kws: Any) -> Any:
        converted = tuple(
            kind if kind is not None and isinstance(arg, numba.types.Number | numba.types.Boolean) else arg
            for arg, kind in zip(args, wanted, strict=False)
        )
        return original(converted, kws)

    dispatcher.get_call_template = get_call_template


def decorate_cached(function: F, decorate: Callable[[F, bool], Any]) -> Any:
    """Decorate with the cache folder of the function's group; a function typed at a prompt has no file and no cache."""
    with _lock:
        before = config.CACHE_DIR
        config.CACHE_DIR = str(cache_directory(_group_of(function)))
        try:
            with keeping_code():
                return decorate(function, Path(function.__code__.co_filename).is_file())
        finally:
            config.CACHE_DIR = before
