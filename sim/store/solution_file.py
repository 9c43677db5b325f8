"""The file of a solved game, ``solution.json``: read with its digest checked, whoever wrote it.

A scenario that plays a solution reads it here, and so does whoever looks at one (`sim.solving.folder`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from sim.errors import StoreError
from sim.store.json_text import read_json

FORMAT: Final = 1
SOLUTION: Final = "solution.json"


def solution_digest(content: Mapping[str, Any]) -> str:
    """Return the digest of all that a solution says, whatever the order of its keys.

    Of the scenario its own digest counts, in which the order of actors has a part.
    """
    said = {key: value for key, value in content.items() if key not in ("digest", "scenario")}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def read_solution(folder: Path) -> dict[str, Any]:
    """Read a solution as plain data.

    Parameters
    ----------
    folder : Path
        As ``sim solve --out`` wrote it.

    Raises
    ------
    StoreError
        If there is none, it was changed, or it is of another version of the format.
    """
    path = folder / SOLUTION
    content = read_json(path, "Solve the scenario again.")
    if content.get("format_version") != FORMAT:
        raise StoreError(f"{path}: found format {content.get('format_version')!r}, expected {FORMAT}. Solve it again.")
    if solution_digest(content) != content.get("digest"):
        raise StoreError(f"{path}: found other numbers than its digest says: it was changed. Solve it again.")
    return content
