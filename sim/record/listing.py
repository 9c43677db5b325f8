"""The built-in records of what happened, with their extent."""

from __future__ import annotations

from sim.listing import Listing
from sim.record.record import load_record, record_names


def list_records() -> Listing:
    """List the built-in records of what happened: the names that ``record:`` of a scenario takes, with their extent.

    Returns
    -------
    Listing
        A mapping of names to descriptions, sorted by name.

    Examples
    --------
    >>> list_records()
    colombia_2016          5 observations, 2016-09-26 to 2018-03-20
    doha_2020              259 observations, 2018-01-01 to 2021-08-30
    northern_ireland_1998  120 observations, 1969-01-01 to 2023-04-01
    """
    return Listing({name: load_record(name).extent for name in record_names()})
