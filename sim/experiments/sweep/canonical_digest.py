"""The digest of a sweep: the same for any chunks, order, workers and interruptions, in memory of one block.

Rows by ascending run are cut into blocks of 65,536 *run numbers*, wherever shards begin. Each block is digested in the
canonical form of `sim.store.canonical`; the digest of the sweep is the SHA-256 over the digests of the blocks that hold
a row. The seed counts as its 64 bits. Of a failure counts that it happened, not its wording, which may name a library.

Of a sweep that keeps summaries the table of summaries is digested, in blocks of as many design rows as a shard has. Its
counts and exact sums are the same for any split of the runs, and so is the digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sim.experiments.sweep.columns import FAILURE
from sim.experiments.sweep.row_summaries import Lines, Rows, table_of
from sim.store.canonical import digest_of, values_of

BLOCK = 1 << 16
FORMAT = b"negotiation-sim sweep 1"
SUMMARIES = b"negotiation-sim summaries 1"


def digest_of_tables(tables: Iterable[Any], block: int = BLOCK) -> str:
    """Return the SHA-256 (64 hex digits) of rows that come as tables by ascending run.

    Parameters
    ----------
    tables : iterable of pyarrow.Table
        With a column ``run`` that ascends from the first row of the first table to the last of the last.
    block : int
        Runs of a block; part of the form.

    Returns
    -------
    str
        Equal for equal rows, however they fall into tables.

    Examples
    --------
    >>> whole = pa.table({"run": pa.array([0, 1, 2]), "failure": pa.array([None, "day 3", None], pa.string())})
    >>> digest_of_tables([whole]) == digest_of_tables([whole.slice(0, 1), whole.slice(1)])
    True
    """
    digest = hashlib.sha256(FORMAT)
    for rows in _blocks(tables, block):
        digest.update(digest_of({"runs": _canonical(rows)}, {}).encode())
    return digest.hexdigest()


def digest_of_summaries(lines: Lines, block: int, rows: Rows) -> str:
    """Return the SHA-256 (64 hex digits) of summaries by design row.

    Parameters
    ----------
    lines : list of (str, str)
        Kind and output of the lines of a row.
    block : int
        Design rows of a block.
    rows : dict of int to list of Line
        Summaries.
    """
    digest = hashlib.sha256(SUMMARIES)
    numbers = sorted(rows)
    for _, members in groupby(numbers, lambda row: row // block):
        table = table_of({row: rows[row] for row in members}, lines)
        digest.update(digest_of({"summaries": table.drop_columns(["reason"])}, {}).encode())
    return digest.hexdigest()


def _canonical(rows: Any) -> Any:
    columns = {name: rows.column(name) for name in rows.column_names if name != FAILURE}
    if "seed" in columns:
        columns["seed"] = pa.chunked_array([chunk.view(pa.int64()) for chunk in columns["seed"].chunks], pa.int64())
    return pa.table({**columns, "failed": pc.is_valid(rows.column(FAILURE))})


def _blocks(tables: Iterable[Any], block: int) -> Iterator[Any]:
    """Cut tables at multiples of `block` and join the pieces between two cuts."""
    pieces: list[Any] = []
    number = -1
    for table in tables:
        runs = values_of(table.column("run"))
        start = 0
        while start < len(runs):
            current = int(runs[start]) // block
            end = int(np.searchsorted(runs, (current + 1) * block))
            if current != number and pieces:
                yield pa.concat_tables(pieces)
                pieces = []
            number = current
            pieces.append(table.slice(start, end - start))
            start = end
    if pieces:
        yield pa.concat_tables(pieces)
