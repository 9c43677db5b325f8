"""Saying beforehand that the first run on a computer takes longer, because the model is compiled."""

from __future__ import annotations

from sim.cli.streams import note

NOTICE = (
    "Compiling the model for this computer. This takes up to a minute and is done once; "
    "later runs start within seconds."
)


def announce_compilation() -> bool:
    """Say on stderr that compilation comes now, if the machine code of the model is not kept from before.

    Returns
    -------
    bool
        Whether it was said.
    """
    from sim.compiled import is_cached

    if is_cached("kernel"):
        return False
    note(NOTICE)
    return True
