"""The JSON Schema of scenario files, generated from the models, for editors that complete and check while one types.

Two forms are joined. A file that stands on its own must have every required key. An overlay (a file with ``extends``)
may leave out anything, and ``null`` removes a key. In both, every number, switch and date may also be a mapping with
its source. What only the whole scenario can tell (that names exist, that levers have an entity) is checked by
``sim validate``.

The committed file ``scenarios/schema/scenario.schema.json`` is written by ``python -m sim.scenario.json_schema FILE``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, Final

from sim.scenario.provenance import PRIORS
from sim.scenario.schema.scenario import SCHEMA_VERSION, Content

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_OVERLAY: Final = "Overlay"


_NUMBERS: Final = {"type": "array", "items": {"type": "number"}}
_NOTES: Final[dict[str, Any]] = {
    "source": {"type": "string", "minLength": 1, "description": "the record the number is read off"},
    "assumption": {"type": "string", "minLength": 1, "description": "why this value, if no record gives one"},
    "known_as_of": {"type": "string", "format": "date", "description": "the date from which it was public"},
    "used_to_fit": {
        "type": "array",
        "items": {"type": "string"},
        "description": "rows of the record it is to meet",
    },
    "prior": {
        "description": "its uncertainty, for sweeps",
        "oneOf": [
            {
                "type": "object",
                "properties": {kind: {**_NUMBERS, "description": meaning}},
                "required": [kind],
                "additionalProperties": False,
            }
            for kind, (_, meaning) in PRIORS.items()
        ],
    },
}


def _is_leaf(schema: dict[str, Any]) -> bool:
    """Whether a schema is about one number, switch or date."""
    kind = schema.get("type")
    return kind in ("number", "integer", "boolean") or (kind == "string" and schema.get("format") == "date")


class _Adapter:
    """Lets leaves carry sources and, in an overlay, everything be left out or removed.

    Parameters
    ----------
    overlay : bool
        Whether for a file with ``extends``.
    leaves : dict
        Definitions of the leaves met so far, by name; equal leaves share one.
    """

    def __init__(self, overlay: bool, leaves: dict[str, Any]) -> None:
        self.overlay, self.leaves = overlay, leaves

    def leaf(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Allow a value to stand in a mapping with its source."""
        notes = {key: inner for key, inner in schema.items() if key in ("title", "description", "default")}
        plain = {key: inner for key, inner in schema.items() if key not in notes}
        prepositions = {"exclusiveMinimum": "over", "minimum": "from", "exclusiveMaximum": "under", "maximum": "to"}
        name = plain.get("format", plain["type"])
        name += "".join(f"_{word}_{plain[key]:g}" for key, word in prepositions.items() if key in plain)
        self.leaves[name] = {"anyOf": [plain, {"$ref": "#/$defs/sourced", "properties": {"value": plain}}]}
        return {**notes, "$ref": f"#/$defs/{name}"}

    def entry(self, schema: Any) -> Any:
        """Adapt the value of a key, which null may remove in an overlay."""
        adapted = self.adapt(schema)
        return {"anyOf": [adapted, {"type": "null"}]} if self.overlay and isinstance(adapted, dict) else adapted

    def adapt(self, schema: Any) -> Any:
        """Adapt a schema and all inside it."""
        if isinstance(schema, list):
            return [self.adapt(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        if _is_leaf(schema):
            return self.leaf(schema)
        adapted: dict[str, Any] = {}
        for key, inner in schema.items():
            if key in ("title", "discriminator") or (key == "required" and self.overlay):
                continue
            if key in ("default", "enum", "examples", "required"):
                adapted[key] = inner
            elif key in ("properties", "patternProperties"):
                adapted[key] = {name: self.entry(value) for name, value in inner.items()}
            elif key == "additionalProperties":
                adapted[key] = self.entry(inner)
            elif key == "$ref":
                adapted[key] = inner + _OVERLAY if self.overlay else inner
            else:
                adapted[key] = self.adapt(inner)
        if "beta" in adapted.get("properties", {}):
            adapted["properties"] = {**adapted["properties"], **_note_references()}
        return adapted


def _note_references() -> dict[str, Any]:
    return {note: {"$ref": f"#/$defs/note_{note}"} for note in _NOTES}


def _sourced() -> dict[str, Any]:
    """Describe a mapping with a value and what is known about it."""
    return {
        "type": "object",
        "properties": {"value": True, **_note_references()},
        "required": ["value"],
        "additionalProperties": False,
    }


def schema_document() -> dict[str, Any]:
    """Build the JSON Schema of scenario files.

    Returns
    -------
    dict
        Draft 2020-12, ready for `json.dumps`.

    Examples
    --------
    >>> sorted(schema_document()["else"]["required"])
    ['actors', 'horizon_days', 'schema_version', 'start', 'title']
    """
    raw = Content.model_json_schema(mode="validation")
    definitions = raw.pop("$defs")
    raw["properties"]["schema_version"] = {"const": SCHEMA_VERSION, "description": "version of this format"}
    leaves: dict[str, Any] = {}
    full, partial = _Adapter(False, leaves), _Adapter(True, leaves)
    whole, over = full.adapt(raw), partial.adapt(raw)
    over["properties"]["extends"] = {
        "type": "string",
        "description": "the file this one is laid over: relative to it, or the name of a built-in scenario",
    }
    return {
        "$schema": DIALECT,
        "title": "Scenario of negotiation-sim",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": over,
        "else": whole,
        "$defs": {
            **{f"note_{note}": schema for note, schema in _NOTES.items()},
            "sourced": _sourced(),
            **{name: full.adapt(schema) for name, schema in definitions.items()},
            **{name + _OVERLAY: partial.adapt(schema) for name, schema in definitions.items()},
            **dict(sorted(leaves.items())),
        },
    }


def schema_text() -> str:
    """Write the JSON Schema as the committed file holds it."""
    return json.dumps(schema_document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8")
