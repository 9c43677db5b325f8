"""Between NumPy arrays and Arrow columns by their buffers alone.

``pyarrow.array`` and ``to_numpy`` import pandas on their first call, to ask whether they were given one of its objects;
that takes longer than a digest does. The layout of Arrow's buffers is fixed and public, so numbers, truth values and
text are read and written directly; anything else is left to pyarrow.

References
----------
Apache Arrow columnar format, "Physical memory layout" (validity bitmaps, primitive and variable-size binary layouts).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

LARGEST_TEXT = 2**31 - 1


def array_of(values: NDArray[Any]) -> Any:
    """Return an array as an Arrow array.

    Parameters
    ----------
    values : ndarray, shape (rows,)
        Object arrays hold text and None.

    Returns
    -------
    pyarrow.Array
        Numbers of their own width, truth values, or text.

    Raises
    ------
    pyarrow.ArrowException, TypeError, ValueError, OverflowError
        If the values fit no type, as pyarrow says it.

    Examples
    --------
    >>> array_of(np.array(["release", None], dtype=object)).to_pylist()
    ['release', None]
    """
    if values.dtype == np.float64 or values.dtype == np.int64:
        kind = pa.float64() if values.dtype == np.float64 else pa.int64()
        return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(np.ascontiguousarray(values))])
    if values.dtype == object and len(values) and all(value is None or type(value) is str for value in values):
        return _text_array(values)
    return pa.array(values, from_pandas=values.dtype == object)


def _text_array(values: NDArray[Any]) -> Any:
    encoded = [b"" if value is None else value.encode() for value in values]
    ends = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum([len(text) for text in encoded], out=ends[1:])
    if ends[-1] > LARGEST_TEXT:
        return pa.array(values, from_pandas=True)
    known = np.array([value is not None for value in values])
    bitmap = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little"))
    buffers = [bitmap, pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(values), buffers)


def known_of(column: Any) -> NDArray[np.bool_]:
    """Return where a chunked column is not null; shape (rows,).

    Examples
    --------
    >>> known_of(pa.chunked_array([[1, None], [3]])).tolist()
    [True, False, True]
    """
    parts = [
        np.ones(len(chunk), dtype=np.bool_) if chunk.null_count == 0 else _bits(chunk, 0) for chunk in column.chunks
    ]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.bool_)


def numbers_of(column: Any, dtype: Any) -> NDArray[Any]:
    """Return a copy of the values of a chunked column of numbers or truth values; whatever stands there where null.

    Parameters
    ----------
    column : pyarrow.ChunkedArray
        Of type bool, int64 or float64.
    dtype : dtype
        The same in NumPy.

    Returns
    -------
    ndarray, shape (rows,)

    Examples
    --------
    >>> numbers_of(pa.chunked_array([[1.5], [2.5, 3.5]]), np.float64)
    array([1.5, 2.5, 3.5])
    """
    parts = []
    for chunk in column.chunks:
        if len(chunk) == 0:
            continue
        if chunk.type == pa.bool_():
            parts.append(_bits(chunk, 1))
        else:
            size = np.dtype(dtype).itemsize
            parts.append(np.frombuffer(chunk.buffers()[1], dtype, count=len(chunk), offset=size * chunk.offset))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=dtype)


def text_lengths(chunk: Any) -> NDArray[np.int64]:
    """Return the bytes of each text of an Arrow string array; shape (rows,).

    Examples
    --------
    >>> text_lengths(pa.array(["day", "", "año"])).tolist()
    [3, 0, 4]
    """
    if len(chunk) == 0:
        return np.zeros(0, dtype=np.int64)
    ends = np.frombuffer(chunk.buffers()[1], np.int32, count=len(chunk) + 1, offset=4 * chunk.offset)
    return np.diff(ends).astype(np.int64)


def _bits(chunk: Any, buffer: int) -> NDArray[np.bool_]:
    """Return a bitmap of an Arrow array as truth values."""
    packed = np.frombuffer(chunk.buffers()[buffer], np.uint8)
    bits = np.unpackbits(packed, count=chunk.offset + len(chunk), bitorder="little")
    return bits[chunk.offset :].astype(np.bool_)
