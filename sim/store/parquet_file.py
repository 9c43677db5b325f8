"""Reading a Parquet file that somebody else made: plain columns, and no more of them than a bound, unfolded.

A Parquet file can be much smaller than what it holds. A dictionary names a long text once and a row repeats it in a
fraction of a bit; pages are compressed a thousand times over. So rows times columns are counted first, and the sizes
that the file states for its pages; texts are read as dictionaries and their length is added up before they are written
out. A file that lies about its pages costs the memory of one page, 2 GiB at most.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.errors import StoreError
from sim.store.canonical import as_table
from sim.store.json_text import read_part

LARGEST_FILE: Final = 2**30
LARGEST_CELLS: Final = 200_000_000
LARGEST_UNPACKED: Final = 2**31
LARGEST_TEXT: Final = 2**30
"""Characters of a column in UTF-8: ten times the reasons for all decisions of the longest run."""


def read_parquet(path: Path, repair: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Read a table, or some of its columns.

    Parameters
    ----------
    path : Path
        A regular file, no link.
    repair : str
        What to do if it is damaged, for the message.
    columns : sequence of str, optional
        Names; all by default, in the order of the file.

    Returns
    -------
    pyarrow.Table
        Truth values, numbers and text.

    Raises
    ------
    StoreError
        If the file is missing, no Parquet file, damaged, too large, or without one of the columns.
    """
    return parquet_table(read_part(path, LARGEST_FILE, repair), str(path), repair, columns)


def parquet_table(content: bytes, path: str, repair: str, columns: Sequence[str] | None = None) -> pa.Table:
    """Read the bytes of a Parquet file as `read_parquet` does.

    Parameters
    ----------
    content : bytes
        The file.
    path : str
        Where they come from, for the message.
    repair, columns
        As `read_parquet` takes them.

    Raises
    ------
    StoreError
        As `read_parquet` does.
    """
    data = pa.py_buffer(content)
    try:
        with pq.ParquetFile(pa.BufferReader(data)) as file:
            schema = file.schema_arrow
            _check_sizes(file.metadata, path, repair)
        as_table(pa.Table.from_batches([], schema), path)  # refuses columns of other kinds, and two of one name
        odd = next((field for field in schema if field.type in (pa.large_string(), pa.string_view())), None)
        if odd is not None:  # which would be unfolded as it is read
            raise StoreError(f"{path}: {odd.name}: found {odd.type}, expected string. {repair}")
        wanted = schema.names if columns is None else list(columns)
        missing = [name for name in wanted if name not in schema.names]
        if missing:
            raise StoreError(f"{path}: found no column {missing[0]!r}, expected it. {repair}")
        texts = [name for name in wanted if schema.field(name).type == pa.string()]
        with pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts) as file:
            table = file.read(columns=wanted, use_threads=False)
        table.validate(full=True)
        written = {name: _written_out(table.column(name), f"{path}: {name}", repair) for name in wanted}
        return pa.Table.from_arrays([*written.values()], [*written]) if written else table
    except OSError as error:
        raise StoreError(f"{path}: found a damaged Parquet file ({_one_line(error)}). {repair}") from error
    except (pa.ArrowException, ValueError) as error:  # names that are not UTF-8 are a ValueError
        raise StoreError(f"{path}: found no readable Parquet file ({_one_line(error)}). {repair}") from error


def _check_sizes(metadata: Any, path: str, repair: str) -> None:
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    rows = max(metadata.num_rows, sum(group.num_rows for group in groups))
    unpacked = sum(group.total_byte_size for group in groups)
    for found, most, what in (
        (rows * max(metadata.num_columns, 1), LARGEST_CELLS, "cells"),
        (unpacked, LARGEST_UNPACKED, "bytes unpacked"),
    ):
        if found > most:
            raise StoreError(f"{path}: found {found:,} {what}, expected at most {most:,}. {repair}")


def _written_out(column: Any, where: str, repair: str) -> Any:
    """Return a column without its dictionary, unless that would be too long."""
    if not pa.types.is_dictionary(column.type):
        return column
    size = 0
    for chunk in column.chunks:
        lengths = pc.take(pc.binary_length(chunk.dictionary), chunk.indices)
        size += pc.sum(lengths.cast(pa.int64())).as_py() or 0
    if size > LARGEST_TEXT:
        raise StoreError(f"{where}: found {size:,} bytes of text, expected at most {LARGEST_TEXT:,}. {repair}")
    return column.cast(pa.string())


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
