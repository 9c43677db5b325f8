"""Where a run record goes: ``results/<scenario name>/<run id>/``, whatever the scenario is called.

A scenario's name may come from a stranger's file. It becomes one folder name that cannot leave the results folder, that
every file system takes, and that a person still recognises. Two names that fall together share a folder without
harm: their run ids differ.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import unicodedata
from pathlib import Path

from sim.errors import StoreError
from sim.store.atomic import check_path, folder_published, refused, write_synced

LONGEST_BYTES = 80
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
_RUN_ID = re.compile(r"[0-9a-f]{16}")


def safe_name(name: str) -> str:
    """Return a name as one folder name: letters, digits, ``_``, ``-`` and inner dots; the rest becomes ``_``.

    Parameters
    ----------
    name : str
        Of any length, in any script.

    Returns
    -------
    str
        At most 80 bytes of UTF-8, never empty, never ``.`` or ``..``; a name that had to be cut ends in a hash of it.

    Examples
    --------
    >>> safe_name("doha_2020/baseline")
    'doha_2020_baseline'
    >>> safe_name("../../etc/passwd")
    'etc_passwd'
    >>> safe_name("..")
    'scenario'
    """
    text = unicodedata.normalize("NFC", name)
    text = "".join(c if c.isalnum() or c in "_-." else "_" for c in text)
    text = re.sub(r"\.{2,}|_{2,}", "_", text).strip("._- ")
    if text.split(".")[0].lower() in _RESERVED:
        text = f"scenario_{text}"
    if len(text.encode()) > LONGEST_BYTES:
        mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        text = text.encode()[: LONGEST_BYTES - 9].decode(errors="ignore").rstrip("._- ") + "-" + mark
    return text or "scenario"


def record_folder(results: Path, scenario_name: str, run_id: str) -> Path:
    """Return the folder of a run record; nothing is made.

    Parameters
    ----------
    results : Path
        The folder that ``--out`` names, ``results`` by default.
    scenario_name : str
        Made safe by `safe_name`.
    run_id : str
        16 hex digits.

    Raises
    ------
    StoreError
        If `run_id` is none.

    Examples
    --------
    >>> record_folder(Path("results"), "doha_2020/baseline", "05c042cbb67dfb17").as_posix()
    'results/doha_2020_baseline/05c042cbb67dfb17'
    """
    if not _RUN_ID.fullmatch(run_id):
        raise StoreError(f"found run id {run_id[:40]!r}, expected 16 hex digits as sim.store.run_id gives them")
    return results / safe_name(scenario_name) / run_id


def prepare_out(out: Path) -> Path:
    """Make sure, before hours are spent on a run, that its results can be written.

    A probe is written into the folder and removed. Missing folders are made and kept only if that succeeds.

    Parameters
    ----------
    out : Path
        What ``--out`` names.

    Returns
    -------
    Path
        `out`, now a folder that can be written to.

    Raises
    ------
    StoreError
        If it cannot; nothing is left behind.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     prepare_out(Path(folder, "results")).is_dir()
    True
    """
    check_path(out)
    if not os.path.isdir(out):
        with folder_published(out):
            return out
    probe = out / f".{secrets.token_hex(6)}.partial"
    try:
        try:
            write_synced(probe, b"probe")
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        raise refused(error, out) from error
    return out
