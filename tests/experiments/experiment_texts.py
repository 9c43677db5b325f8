"""Small experiments for tests."""

from __future__ import annotations

from typing import Any

MINIMAL = """schema_version: 1
title: Patience of both sides
scenario: toys/two_actors
vary:
  state: {path: actors.state.discount_per_year, range: [0.05, 0.8], scale: log}
  rebels: {path: actors.rebels.discount_per_year, range: [0.05, 0.5]}
design: {grid: {levels: 3}}
replications: 4
seed: 7
"""


def mapping(**changes: Any) -> dict[str, Any]:
    """Return a small experiment as a mapping, with some keys changed; None removes one."""
    data: dict[str, Any] = {
        "schema_version": 1,
        "title": "Patience of both sides",
        "scenario": "toys/two_actors",
        "vary": {
            "state": {"path": "actors.state.discount_per_year", "range": [0.05, 0.8], "scale": "log"},
            "rebels": {"path": "actors.rebels.discount_per_year", "range": [0.05, 0.5]},
        },
        "design": {"grid": {"levels": 3}},
        "replications": 4,
        "seed": 7,
    }
    return {key: value for key, value in (data | changes).items() if value is not None}
