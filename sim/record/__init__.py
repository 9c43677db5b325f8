"""What really happened: dated, sourced observations that simulated runs are held against.

`load_record` reads a tidy CSV file (one observation a row); ``scenarios/records/README.md`` describes its columns.
"""

from __future__ import annotations

from sim.record.listing import list_records
from sim.record.observation import Observation
from sim.record.record import Record, load_record, named_record, record_names

__all__ = ["Observation", "Record", "list_records", "load_record", "named_record", "record_names"]
