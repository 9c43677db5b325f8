"""The platform fingerprint: what could make the last bits of floating-point results differ between two computers.

Results of the model are promised equal to the bit on every computer of one kind of machine (`machine`), such as x86_64:
addition, multiplication, division and square root are the same everywhere (IEEE 754), the compiled model neither
reorders nor contracts them, and its exponentials, logarithms, powers and cosines are made of them (`sim.elementary`).
Other machines than x86_64 are expected to agree, which nobody has tested.

Rules of a user's own may call the C library, whose ``exp``, ``log``, ``pow``, ``sin`` and ``cos`` differ in the last
bit between libraries and, in glibc on x86-64, between variants chosen by the processor's AVX, AVX2, FMA and FMA4
(glibc, ``sysdeps/x86_64/fpu/multiarch``), a choice that the environment variable GLIBC_TUNABLES can narrow. With such
rules results are promised on platforms of equal fingerprint only.

The fingerprint is one line of text, such as ``linux x86_64 glibc-2.36 avx+avx2+fma``. It says nothing about who or
where the computer is: no host name, no serial number, no kernel version.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from functools import lru_cache
from pathlib import Path

FEATURES = ("avx", "avx2", "fma", "fma4")
_MACHINES = {"amd64": "x86_64", "x64": "x86_64", "aarch64": "arm64"}


def machine() -> str:
    """Return the kind of machine that this computer is, such as ``x86_64``.

    Examples
    --------
    >>> machine() in fingerprint()
    True
    """
    name = platform.machine().lower()
    return _MACHINES.get(name, name) or "unknown"


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return the fingerprint of this computer: system, machine, C library, features of the processor.

    Returns
    -------
    str
        Four words; the last is ``-`` where no feature matters or none can be read.

    Examples
    --------
    >>> len(fingerprint().split())
    4
    """
    features = "+".join(_processor_features()) if machine() == "x86_64" else ""
    return f"{_system()} {machine()} {_library()} {features or '-'}"


def _system() -> str:
    return re.sub(r"[^a-z0-9]+", "", platform.system().lower()) or "unknown"


def _library() -> str:
    """Name the C library and its version; on macOS and Windows it comes with the system."""
    if sys.platform == "darwin":
        return f"macos-{platform.mac_ver()[0] or 'unknown'}"
    if sys.platform == "win32":
        return f"ucrt-{platform.version() or 'unknown'}"
    name, version = platform.libc_ver()
    library = re.sub(r"[^A-Za-z0-9.-]+", "", f"{name}-{version}") if name else "unknown"
    tunables = sorted(t for t in os.environ.get("GLIBC_TUNABLES", "").split(":") if t.startswith("glibc.cpu."))
    return library + "".join(f",{re.sub(r'[^A-Za-z0-9_.,=+-]+', '', t)}" for t in tunables)


def _processor_features() -> list[str]:
    """List those of `FEATURES` that the first processor has, as Linux tells."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    line = re.search(r"^flags\s*:(.*)$", text, re.MULTILINE)
    present = set(line.group(1).split()) if line else set()
    return [feature for feature in FEATURES if feature in present]
