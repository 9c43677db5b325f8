"""A reference to one feature of the state of the world, such as ``counted(taliban_prisoners)``.

Payoffs weigh features, conditions compare them and the daily series record them; in a file each is written the same
way: the name from the catalogue, then the entities it is about in parentheses. An optional argument that is left out
sums or averages over all entities (in a payoff, an actor argument left out is the actor itself).

    reference := name [ "(" entity { "," entity } ")" ]
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from sim.scenario.catalogue import FEATURE_BY_NAME, Feature

NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MAX_REFERENCE_LENGTH: Final = 200


def nearest(word: str, legal: Iterable[str]) -> str:
    """Suggest the legal name nearest to a word, as a sentence; empty when none is near.

    Examples
    --------
    >>> nearest("atacks", ["attacks", "deaths"])
    "Did you mean 'attacks'?"
    >>> nearest("zzz", ["attacks", "deaths"])
    ''
    """
    # Words of a stranger's file can be long, and the matcher takes time quadratic in their length.
    close = get_close_matches(word[:80], list(legal), n=1, cutoff=0.6)
    return f"Did you mean {close[0]!r}?" if close else ""


class GrammarError(ValueError):
    """A text that is no condition or feature reference; the reader of the file turns it into a problem with a line.

    Parameters
    ----------
    offset : int
        0-based position in the text of the first character that does not fit.
    found, expected, hint : str
        As in `sim.errors.Problem`.
    """

    def __init__(self, offset: int, found: str, expected: str, hint: str = "") -> None:
        self.offset, self.found, self.expected, self.hint = offset, found, expected, hint
        super().__init__(f"at character {offset + 1}: found {found}, expected {expected}{'. ' if hint else ''}{hint}")


@dataclass(frozen=True, slots=True, order=True)
class FeatureRef:
    """A feature of the catalogue and the entities it is about.

    Attributes
    ----------
    name : str
        A key of `sim.scenario.catalogue.FEATURE_BY_NAME`.
    args : tuple of str
        Names of entities, of the kinds that the feature declares; empty where the feature allows it.

    Examples
    --------
    >>> str(FeatureRef("counted", ("taliban_prisoners",)))
    'counted(taliban_prisoners)'
    """

    name: str
    args: tuple[str, ...] = ()

    @property
    def feature(self) -> Feature:
        """The entry of the catalogue."""
        return FEATURE_BY_NAME[self.name]

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.args)})" if self.args else self.name


def checked_reference(name: str, args: tuple[str, ...], offset: int = 0) -> FeatureRef:
    """Build a reference to a feature that exists, with as many arguments as it takes.

    Parameters
    ----------
    name : str
        Name of the feature.
    args : tuple of str
        Names of entities; whether they exist is checked against the scenario later.
    offset : int
        Where the name stands in its text, for the error.

    Returns
    -------
    FeatureRef

    Raises
    ------
    GrammarError
        If the feature is unknown or takes another number of arguments.
    """
    feature = FEATURE_BY_NAME.get(name)
    if feature is None:
        hint = nearest(name, FEATURE_BY_NAME) or "docs/glossary.md lists them."
        raise GrammarError(offset, f"{name[:60]!r}", "the name of a feature", hint)
    wanted = len(feature.entities)
    if len(args) in (wanted, len(feature.arguments)) or (not args and feature.optional):
        return FeatureRef(name, args)
    pattern = f"{name}({', '.join(feature.entities)})" if wanted else f"{name} without arguments"
    if feature.by_target:
        pattern = f"{name}({', '.join(feature.arguments)}), {pattern}"
    if feature.optional:
        pattern += f" or {name}"
    raise GrammarError(offset, f"{len(args)} argument{'' if len(args) == 1 else 's'}", pattern)


def parse_feature(text: str | FeatureRef) -> FeatureRef:
    """Read a feature reference.

    Parameters
    ----------
    text : str or FeatureRef
        For example ``"counted(taliban_prisoners)"``; a reference is returned as it is.

    Returns
    -------
    FeatureRef

    Raises
    ------
    GrammarError
        With the position of the first character that does not fit.

    Examples
    --------
    >>> parse_feature("reputation_index(us, taliban)")
    FeatureRef(name='reputation_index', args=('us', 'taliban'))
    """
    return text if isinstance(text, FeatureRef) else _parsed(text)


@lru_cache(maxsize=2048)
def _parsed(text: str) -> FeatureRef:
    """Read a reference once, however many variants of a scenario hold it."""
    if len(text) > MAX_REFERENCE_LENGTH:
        raise GrammarError(0, f"{len(text)} characters", f"at most {MAX_REFERENCE_LENGTH}")
    match = re.fullmatch(r"\s*([A-Za-z_]\w*)\s*(?:\(([^()]*)\))?\s*", text, re.ASCII)
    if match is None:
        raise GrammarError(0, f"{text[:60]!r}", "a feature, such as talks or counted(prisoners)")
    if match.group(2) is None:
        return checked_reference(match.group(1), (), match.start(1))
    args = tuple(part.strip() for part in match.group(2).split(","))
    for arg in args:
        if not NAME.fullmatch(arg):
            raise GrammarError(match.start(2), f"{arg[:60]!r}", "names separated by commas between the parentheses")
    return checked_reference(match.group(1), args, match.start(1))
