"""Scenario files: YAML from anyone into frozen, validated models that remember where every value stands.

`sim.scenario.load.load` reads a file or a built-in scenario; `Scenario` carries its content, sources and places. The
names below are imported when they are first used (PEP 562), so that ``import sim.scenario`` costs nothing.

Examples
--------
>>> import sim.scenario
>>> sim.scenario.parse_feature("troops_gone").feature.meaning
'share of foreign troops that has left'
"""

from __future__ import annotations

from sim.lazy import lazy_names

# One line a public name: the name, and the module of this package that defines it.
_EXPORTS: dict[str, str | None] = {
    "Scenario": "scenario",
    "builtin_names": "extends",
    "builtin_root": "extends",
    "list_scenarios": "listing",
    "parse_condition": "condition_grammar",
    "parse_feature": "feature_reference",
    "read_scalar": "reader",
    "schema_document": "json_schema",
    "schema_text": "json_schema",
}

__all__ = sorted(_EXPORTS)
__getattr__, __dir__ = lazy_names(__name__, _EXPORTS)
