"""The JSON Schema of experiment files, generated from the models, for editors that complete and check while one types.

The committed file ``scenarios/schema/experiment.schema.json`` is written by
``python -m sim.experiments.definition.json_schema FILE``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from sim.experiments.definition.schema import SCHEMA_VERSION, ExperimentContent
from sim.scenario.json_schema import DIALECT
from sim.scenario.provenance import PRIORS


def _without_titles(schema: Any) -> Any:
    """Drop the titles that pydantic makes of names, and the alternative null of keys that may be left out."""
    if isinstance(schema, list):
        return [_without_titles(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    own = {key: value for key, value in schema.items() if key not in ("title", "properties")}
    if "default" in own and own["default"] is None:
        del own["default"]
        choices = [choice for choice in own.pop("anyOf", []) if choice != {"type": "null"}]
        own |= choices[0] if len(choices) == 1 else {"anyOf": choices} if choices else {}
    cleaned = {key: _without_titles(value) for key, value in own.items()}
    if isinstance(cleaned.get("description"), str):  # of a model: what stands above its attributes
        cleaned["description"] = " ".join(cleaned["description"].partition("\n\nAttributes\n")[0].split())
    if "properties" in schema:
        cleaned["properties"] = {name: _without_titles(inner) for name, inner in schema["properties"].items()}
    return cleaned


def schema_document() -> dict[str, Any]:
    """Build the JSON Schema of experiment files.

    Returns
    -------
    dict
        Draft 2020-12, ready for `json.dumps`.

    Examples
    --------
    >>> schema_document()["required"]
    ['schema_version', 'title', 'scenario', 'vary', 'design']
    """
    raw = _without_titles(ExperimentContent.model_json_schema(mode="validation"))
    definitions = raw.pop("$defs")
    factors = raw["properties"]["vary"]
    factors["maxProperties"] = factors.pop("maxLength")
    raw["properties"]["vary"] = {
        "description": factors.pop("description"),
        "anyOf": [{"const": "priors"}, {**factors, "additionalProperties": False, "minProperties": 1}],
    }
    raw["properties"]["schema_version"] = {"const": SCHEMA_VERSION, "description": "version of this format"}
    numbers = {"type": "array", "items": {"type": "number"}}
    kinds = {kind: {**numbers, "description": meaning} for kind, (_, meaning) in PRIORS.items()}
    prior = {
        "type": "object",
        "properties": kinds,
        "minProperties": 1,
        "maxProperties": 1,
        "additionalProperties": False,
    }
    varied = definitions["VariedFactor"]
    varied["properties"]["prior"]["anyOf"] = [{"const": True}, prior]
    varied["oneOf"] = [{"required": ["path"]}, {"required": ["multiplies"]}]
    pair = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    varied["properties"]["range"] = {"description": varied["properties"]["range"]["description"], **pair}
    definitions["Design"] |= {"minProperties": 1, "maxProperties": 1}
    definitions["Rows"] |= {"minProperties": 1, "maxProperties": 1}
    return {"$schema": DIALECT, "title": "Experiment of negotiation-sim", **raw, "$defs": definitions}


def schema_text() -> str:
    """Write the JSON Schema as the committed file holds it."""
    return json.dumps(schema_document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8")
