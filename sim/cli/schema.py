"""``sim schema``: the JSON Schema of scenario files, for editors that complete and check while one types."""

from __future__ import annotations

from sim.cli.arguments import Json

NAME = "schema"
EXAMPLE = "sim schema > scenario.schema.json"
HELP = (
    "Print the JSON Schema of scenario files, for editors that complete and check while you type.\n\n"
    "In an editor with a YAML language server, name it in the first line of a scenario: "
    "\\# yaml-language-server: $schema=scenario.schema.json"
)


def schema_command(json: Json = False) -> None:  # noqa: ARG001 - a schema is one JSON object either way
    """Print the schema."""
    from sim.cli.streams import answer
    from sim.scenario.json_schema import schema_text

    answer(schema_text().rstrip("\n"))
