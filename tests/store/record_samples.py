"""Small records with the columns that the engine delivers, and changes to them."""

import json

import numpy as np
import pyarrow as pa

from sim.store import RunRecord, build_manifest, record_digest, replications_digest

SCENARIO = {"title": "Sample", "actors": {"us": {"discount_per_year": 0.3}, "taliban": {}, "government": {}}}
EVENTS = pa.schema(
    [
        ("sequence", pa.int64()),
        ("tick", pa.int64()),
        ("day", pa.float64()),
        ("date", pa.string()),
        ("kind", pa.string()),
        ("actor", pa.string()),
        ("move", pa.string()),
        ("entity", pa.string()),
        ("value", pa.float64()),
        ("detail", pa.string()),
    ]
)


def sample_events(rows=40):
    """Return an event table: a decision every fourth row with its account, releases in between."""
    rng = np.random.default_rng(3)
    decision = [i % 4 == 0 for i in range(rows)]
    account = [
        {"values": list(rng.normal(size=3)), "probabilities": [0.25, 0.25, 0.5], "draw": rng.random(), "move": "stall"}
        for _ in range(rows)
    ]
    columns = {
        "sequence": list(range(rows)),
        "tick": [24 * i for i in range(rows)],
        "day": [float(i) for i in range(rows)],
        "date": [f"2020-{3 + i // 28:02d}-{1 + i % 28:02d}" for i in range(rows)],
        "kind": ["decision" if d else "release" for d in decision],
        "actor": ["government" if d else None for d in decision],
        "move": ["stall" if d else None for d in decision],
        "entity": [None if d else "taliban_prisoners" for d in decision],
        "value": [None if d else float(rng.poisson(80)) for d in decision],
        "detail": [json.dumps(a) if d else None for a, d in zip(account, decision, strict=True)],
    }
    return pa.table(columns, schema=EVENTS)


def sample_series(days=60):
    """Return a series table with a column that is unknown at first."""
    rng = np.random.default_rng(4)
    attacks = rng.gamma(2.0, 20.0, days)
    attacks[:5] = np.nan
    return pa.table(
        {
            "day": np.arange(days),
            "date": [f"day {d}" for d in range(days)],
            "troops": np.linspace(13000.0, 8600.0, days),
            "attacks": attacks,
        }
    )


def sample_outcome():
    """Return an outcome row with an unknown day."""
    return {
        "replication": 0,
        "outcome": "settlement",
        "outcome_day": 412.25,
        "talks_day": float("nan"),
        "deaths": 3021.0,
    }


def sample_replications(rows=400, seed=5, shift=0.0):
    """Return outcome rows; `shift` moves the distribution of deaths in standard deviations."""
    rng = np.random.default_rng(seed)
    classes = np.array(["settlement", "collapse", "open"], dtype=object)
    talks = rng.uniform(10, 300, rows)
    talks[rng.random(rows) < 0.3] = np.nan
    return pa.table(
        {
            "replication": np.arange(rows),
            "outcome": classes[rng.choice(3, rows, p=[0.5, 0.3, 0.2])],
            "talks_day": talks,
            "deaths": rng.normal(3000.0, 400.0, rows) + 400.0 * shift,
            "released": np.full(rows, 5000.0),
            "failure": pa.nulls(rows, pa.string()),
        }
    )


def sample_record(events=None, series=None, outcome=None, replications=None, **facts):
    """Return a record whose manifest fits its data."""
    events = sample_events() if events is None else events
    series = sample_series() if series is None else series
    outcome = sample_outcome() if outcome is None else outcome
    manifest = build_manifest(
        **{
            "scenario": SCENARIO,
            "scenario_sha256": "ab" * 32,
            "seed": 7,
            "replication": 0,
            "engine": "event",
            "model_source_digest": "cd" * 32,
            "digest": record_digest(events, series, outcome),
            "replications_digest": None if replications is None else replications_digest(replications),
            "command": ["sim", "run", "sample.yaml"],
        }
        | facts
    )
    return RunRecord(manifest, events, series, outcome, replications)


def with_cell(table, column, row, value):
    """Return a table with one cell changed."""
    values = table.column(column).to_pylist()
    values[row] = value
    place = table.column_names.index(column)
    return table.set_column(place, column, pa.array(values, table.column(column).type))
