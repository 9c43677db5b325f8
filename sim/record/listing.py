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
    aceh_2005              23 observations, 2005-08-15 to 2005-12-29
    colombia_2016          13 observations, 2016-09-26 to 2019-12-31
    doha_2020              261 observations, 2018-01-01 to 2021-08-30
    el_salvador_1992       13 observations, 1992-02-01 to 1992-12-15
    northern_ireland_1998  120 observations, 1969-01-01 to 2023-04-01
    """
    return Listing({name: load_record(name).extent for name in record_names()})
