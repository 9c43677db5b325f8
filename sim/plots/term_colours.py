"""One colour for each term of a payoff, the same in every figure of every comparison.

A term is coloured by what it is about: the feature that it weighs, or its part of the payoff; features that belong
together (counted and freed, attacks and holding fire) have shades of one colour. Two terms of one figure with the same
feature (of two groups) are told apart by shade; features of which nothing is said here take one of the
remaining colours by their name.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

OTHER_TERMS: Final = "other terms"
OTHERS_COLOUR: Final = "#C9C9C9"
_COLOURS: Final = {
    "counted": "#009E73",
    "accepted": "#009E73",
    "freed": "#66C5AB",
    "handed_over": "#5E3C99",
    "disarmed": "#5E3C99",
    "returned": "#004D38",
    "attacks": "#D55E00",
    "holding_fire": "#E69E66",
    "surge": "#F0C5A3",
    "balance": "#7A3500",
    "balance_of_force": "#7A3500",
    "on_offence": "#8C6BB1",
    "paused": "#BAA6D0",
    "troops": "#CC79A7",
    "troops_gone": "#E0AFCA",
    "talks": "#0072B2",
    "aid_lost": "#C8A000",
    "threat": "#A6761D",
    "sanctuary_risk": "#66A61E",
    "trust": "#2E86C1",
    "reputation": "#56B4E9",
    "cohesion": "#9AD2F2",
    "release_cost": "#E69F00",
    "at_once": "#6E6E6E",
    "at_outcome": "#333333",
}
"""By feature or part of the payoff."""
_PARTS: Final = (0.35, -0.45, 0.6, -0.25, 0.75)
"""Of white or, if negative, black that a shade may have."""
_REST: Final = ("#8C6BB1", "#A6761D", "#1B6CA8", "#66A61E", "#E7298A")


def base_colour(term: str) -> str:
    """Return the colour of what a term is about.

    Parameters
    ----------
    term : str
        A feature as a payoff writes it, or a part of the payoff.

    Examples
    --------
    >>> base_colour("talks"), base_colour("counted(prisoners)") == base_colour("counted(captives)")
    ('#0072B2', True)
    """
    name = term.partition("(")[0]
    return _COLOURS.get(name) or _REST[zlib.crc32(term.encode()) % len(_REST)]


def term_colours(terms: Sequence[str]) -> dict[str, str]:
    """Return the colours of the terms of a figure; of those that share one, all but the first by name are shades.

    Parameters
    ----------
    terms : sequence of str
        All that the comparison has, whether drawn or not, so that its figures agree.

    Examples
    --------
    >>> term_colours(["counted(a)", "counted(b)", "talks"])
    {'counted(a)': '#009E73', 'counted(b)': '#bfe7dc', 'talks': '#0072B2'}
    """
    ordered = sorted(terms)
    bases = {term: base_colour(term) for term in ordered}
    firsts = {colour: term for term, colour in reversed(bases.items())}
    colours = {term: colour for colour, term in firsts.items()}
    for term in ordered:
        if term not in colours:
            shades = [_shade(bases[term], part) for part in _PARTS]
            colours[term] = max(shades, key=lambda shade: min(_distance(shade, one) for one in colours.values()))
    return {term: colours[term] for term in ordered}


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def _distance(one: str, other: str) -> int:
    return sum(abs(a - b) for a, b in zip(_channels(one), _channels(other), strict=True))


def _shade(colour: str, part: float) -> str:
    """Mix a colour with white, or with black if `part` is negative."""
    towards = 255 if part > 0.0 else 0
    return "#" + "".join(f"{round(channel + (towards - channel) * abs(part)):02x}" for channel in _channels(colour))
