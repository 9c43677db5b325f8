"""Notes under a figure, broken into lines that fit its width."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

CHARACTERS_PER_INCH = 19.5
"""Of the footer's type; an average that text of lower-case words stays under."""


def wrapped(notes: Sequence[str], width: float) -> list[str]:
    """Break notes into lines.

    Parameters
    ----------
    notes : sequence of str
        Sentences.
    width : float
        Of the figure, in inches.

    Returns
    -------
    list of str
        Lines for `sim.plots.style.footer`.

    Examples
    --------
    >>> wrapped(["A short note.", "one two " * 8], 2.5)
    ['A short note.', 'one two one two one two one two one two one', 'two one two one two']
    """
    length = int(CHARACTERS_PER_INCH * (width - 0.25))
    return [line for note in notes for line in textwrap.wrap(note, length)]
