"""Finite games and the published results of bargaining, conflict and learning, knowing nothing of any scenario.

Names are imported when they are first used (PEP 562), so ``import sim.games`` costs nothing.

Examples
--------
>>> import sim.games
>>> chicken = sim.games.NormalForm([[[0, 7], [2, 6]], [[0, 2], [7, 6]]])
>>> [profile.pure for profile in chicken.pure_nash()]
[(0, 1), (1, 0)]
"""

from __future__ import annotations

import importlib
from typing import Any

# One line a public name: the name, and the module of this package that defines it.
_EXPORTS: dict[str, str] = {
    "BehaviorProfile": "behavior",
    "Chance": "extensive_form",
    "Decision": "extensive_form",
    "ExtensiveForm": "extensive_form",
    "InformationSet": "game_tree",
    "LogitBranch": "branch",
    "MixedProfile": "profile",
    "NormalForm": "normal_form",
    "PrecisionFit": "precision",
    "ProfileSet": "profile",
    "Terminal": "extensive_form",
    "fit_precision": "precision",
    "subgame_regrets": "behavior",
}

__all__ = sorted(_EXPORTS)


def __getattr__(name: str) -> Any:
    """Import the module that defines `name` and keep the attribute."""
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_EXPORTS[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, imported or not."""
    return sorted({*globals(), *_EXPORTS})
