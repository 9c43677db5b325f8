r"""The canonical form of results and its digest: what two runs must share to be called identical.

File bytes are no good for that: they change with the version of the Parquet writer, with compression and with the way
rows fall into chunks. The digest is SHA-256 over this byte stream instead, in which every part is preceded by its
length as eight little-endian bytes, so that no two different sets of tables give the same stream:

- tables in order of name: the name, the number of rows, and their columns in order of name;
- a column: name, kind, a bit a row that is set where the value is unknown, then the values in order of row:

  ========  ==================================================================================
  kind      values
  ========  ==================================================================================
  bool      one byte, 0 or 1
  int64     two's complement, eight bytes, little-endian
  float64   IEEE 754 binary64, eight bytes, little-endian; -0.0 becomes 0.0, every NaN one pattern
  string    the lengths as int64, then the UTF-8 bytes of all rows, one after the other
  ========  ==================================================================================

- the outcome: its keys in order, each value with a tag for its kind.

Narrower integers and floats count as the 64-bit kind that holds them. Unknown is one thing: a null and a NaN in a float
column are the same, as are None and NaN in the outcome (JSON has no NaN). A column without a type, nothing but nulls,
counts as text. Rows keep the order they are given in: events by sequence, series by day, replications by number.
"""

from __future__ import annotations

import hashlib
import math
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from sim.errors import StoreError
from sim.store.arrow_buffers import array_of, known_of, numbers_of, text_lengths

FORMAT = b"negotiation-sim canonical form 1"
NAN = np.frombuffer(bytes.fromhex("000000000000f87f"), "<f8")[0]

_KINDS: dict[Any, str] = {pa.bool_(): "bool", pa.int64(): "int64", pa.float64(): "float64", pa.string(): "string"}

_DTYPES: dict[str, np.dtype[Any]] = {"bool": np.dtype("?"), "int64": np.dtype("<i8"), "float64": np.dtype("<f8")}


def as_table(columns: Any, name: str = "table") -> pa.Table:
    """Return columnar data as an Arrow table of the four canonical kinds, columns in the order given.

    Parameters
    ----------
    columns : pyarrow.Table or mapping of str to ndarray, shape (rows,)
        Object arrays hold text and None.
    name : str
        What to call the table in an error.

    Returns
    -------
    pyarrow.Table
        Columns of type bool, int64, float64 or string, without metadata.

    Raises
    ------
    StoreError
        If columns differ in length, repeat a name, or hold something else than truth values, numbers and text.

    Examples
    --------
    >>> as_table({"day": np.arange(2, dtype=np.int32), "kind": np.array(["release", None], dtype=object)}).schema
    day: int64
    kind: string
    """
    if isinstance(columns, pa.Table):
        pairs = list(zip(columns.column_names, columns.columns, strict=True))
    elif isinstance(columns, Mapping):
        pairs = [(str(column), _arrow(values, f"{name}.{column}")) for column, values in columns.items()]
    else:
        raise StoreError(f"{name}: found {type(columns).__name__}, expected a pyarrow.Table or a mapping of arrays")
    names = [column for column, _ in pairs]
    if len(set(names)) < len(names):
        twice = sorted({column for column in names if names.count(column) > 1})
        raise StoreError(f"{name}: found column {', '.join(twice)} twice, expected each name once; rename one")
    lengths = {column: len(values) for column, values in pairs}
    if len(set(lengths.values())) > 1:
        raise StoreError(f"{name}: found columns of different lengths {lengths}, expected one length")
    arrays = [_canonical_type(values, f"{name}.{column}") for column, values in pairs]
    return pa.table(dict(zip(names, arrays, strict=True)))


def _arrow(values: Any, where: str) -> Any:
    array = np.asarray(values)
    if array.ndim != 1:
        raise StoreError(f"{where}: found an array of shape {array.shape}, expected one axis, a value a row")
    try:
        return pa.chunked_array([array_of(array)])
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise StoreError(f"{where}: found {array.dtype} that fits no column type ({error}); store one kind") from error


def _canonical_type(values: Any, where: str) -> Any:
    kind = values.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_boolean(kind):
        wanted = pa.bool_()
    elif pa.types.is_integer(kind):
        wanted = pa.int64()
    elif pa.types.is_floating(kind):
        wanted = pa.float64()
    elif pa.types.is_null(kind) or pa.types.is_string(kind) or pa.types.is_large_string(kind) or _is_view(kind):
        wanted = pa.string()
    else:
        raise StoreError(
            f"{where}: found values of type {values.type}, expected truth values, numbers or text; "
            "store dates as ISO text and structures as JSON text"
        )
    try:
        return values.cast(wanted)
    except pa.ArrowException as error:
        raise StoreError(f"{where}: {error}; numbers must fit 64 bits") from error


def _is_view(kind: Any) -> bool:
    return hasattr(pa, "string_view") and bool(kind == pa.string_view())


def unknown_of(column: Any) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return where a column of a canonical table is unknown: null, or NaN among floats; shape (rows,)."""
    missing = ~known_of(column)
    if column.type == pa.float64():
        missing |= np.isnan(numbers_of(column, np.float64))
    return missing


def values_of(column: Any) -> np.ndarray[Any, Any]:
    """Return the values of a canonical column that is no text; NaN, 0 or False where unknown; shape (rows,)."""
    dtype: np.dtype[Any] = _DTYPES[_KINDS[column.type]]
    if len(column) == 0:
        return np.empty(0, dtype)
    values = numbers_of(column, dtype)
    if column.type == pa.float64():
        values[~known_of(column) | np.isnan(values)] = NAN
        values += 0.0  # -0.0 + 0.0 is 0.0
    else:
        values[~known_of(column)] = 0
    return values


def digest_of(tables: Mapping[str, Any], outcome: Mapping[str, Any]) -> str:
    """Return the SHA-256 of tables and an outcome in canonical form.

    Parameters
    ----------
    tables : mapping of str to (pyarrow.Table or mapping of str to ndarray)
        ``{"events": ..., "series": ...}`` for a run.
    outcome : mapping of str to value
        None, truth value, integer, finite or unknown float, text, or lists and mappings of these.

    Returns
    -------
    str
        64 hex digits.

    Raises
    ------
    StoreError
        If something is of none of the kinds of this module.

    Examples
    --------
    >>> series = {"day": np.arange(3), "troops": np.array([13000.0, 12900.0, np.nan])}
    >>> digest_of({"series": series}, {}) == digest_of({"series": as_table(series)}, {})
    True
    >>> nearly = series | {"troops": np.nextafter(series["troops"], np.inf)}
    >>> digest_of({"series": series}, {}) == digest_of({"series": nearly}, {})
    False
    """
    stream = _Stream()
    stream.part(FORMAT)
    stream.number(len(tables))
    for name in sorted(tables):
        table = as_table(tables[name], name)
        stream.part(name.encode())
        stream.number(table.num_rows)
        stream.number(table.num_columns)
        for column in sorted(table.column_names):
            stream.column(column, table.column(column))
    stream.value(outcome, "outcome")
    return stream.digest.hexdigest()


class _Stream:
    """The byte stream of the module docstring on its way into SHA-256."""

    def __init__(self) -> None:
        self.digest = hashlib.sha256()

    def number(self, number: int) -> None:
        self.digest.update(struct.pack("<q", number))

    def part(self, data: bytes | memoryview) -> None:
        self.number(len(data))
        self.digest.update(data)

    def column(self, name: str, column: Any) -> None:
        kind = _KINDS[column.type]
        self.part(name.encode())
        self.part(kind.encode())
        self.part(np.packbits(unknown_of(column), bitorder="little").tobytes())
        if kind == "string":
            self._text(column)
        else:
            self.part(values_of(column).tobytes())

    def _text(self, column: Any) -> None:
        chunks = [_without_hidden_text(chunk) for chunk in column.chunks]
        lengths = [text_lengths(chunk) for chunk in chunks]
        self.part(np.concatenate([np.zeros(0, np.int64), *lengths]).astype("<i8").tobytes())
        self.number(sum(_text_bytes(chunk).nbytes for chunk in chunks))
        for chunk in chunks:
            self.digest.update(_text_bytes(chunk))

    def value(self, value: Any, where: str) -> None:
        """Add one value of an outcome, tagged with its kind."""
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or (isinstance(value, float) and math.isnan(value)):
            self.digest.update(b"?")
        elif isinstance(value, bool):
            self.digest.update(b"T" if value else b"F")
        elif isinstance(value, int):
            self.digest.update(b"i")
            self.part(str(value).encode())
        elif isinstance(value, float):
            if math.isinf(value):
                raise StoreError(f"{where}: found {value}, expected a finite number or NaN for unknown")
            self.digest.update(b"f" + struct.pack("<d", value + 0.0))
        elif isinstance(value, str):
            self.digest.update(b"s")
            self.part(value.encode())
        elif isinstance(value, Mapping):
            self.digest.update(b"{")
            self.number(len(value))
            for key in sorted(value):
                if not isinstance(key, str):
                    raise StoreError(f"{where}: found the key {key!r}, expected text")
                self.part(key.encode())
                self.value(value[key], f"{where}.{key}")
        elif isinstance(value, list | tuple):
            self.digest.update(b"[")
            self.number(len(value))
            for place, item in enumerate(value):
                self.value(item, f"{where}.{place}")
        else:
            raise StoreError(f"{where}: found {type(value).__name__}, expected a number, text, a list or a mapping")


def _without_hidden_text(chunk: Any) -> Any:
    """Return a string array in which nulls take no bytes, which Arrow does not demand."""
    if chunk.null_count == 0 or not text_lengths(chunk)[~known_of(pa.chunked_array([chunk]))].any():
        return chunk
    return chunk.fill_null("")


def _text_bytes(chunk: Any) -> memoryview:
    """Return the UTF-8 bytes of an Arrow string array without nulls, all rows one after the other."""
    if len(chunk) == 0:
        return memoryview(b"")
    _, offsets, data = chunk.buffers()
    ends = np.frombuffer(offsets, np.int32, count=len(chunk) + 1, offset=4 * chunk.offset)
    return memoryview(data)[ends[0] : ends[-1]] if data is not None else memoryview(b"")
