"""Conditions of scenario files (``when:``, ``opens_when:``, ``until:``, ...): a closed grammar, never run as code.

::

    condition  := conjunction { "or" conjunction }
    conjunction:= negation { "and" negation }
    negation   := "not" negation | "(" condition ")" | comparison
    comparison := feature operator number | indicator
    operator   := "<" | "<=" | ">" | ">=" | "==" | "!="

A *feature* is one of the catalogue (`sim.scenario.feature_reference`). An *indicator* is a feature that is either 0 or
1; alone it means ``feature >= 1``. The text is read by recursive descent into a small frozen tree; its length, its
depth and its number of comparisons are bounded, so that a file from a stranger costs nothing. ``str`` of a tree is its
canonical text, and reading that gives the same tree.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from sim.scenario.feature_reference import FeatureRef, GrammarError, checked_reference, nearest

MAX_LENGTH: Final = 500
MAX_DEPTH: Final = 16
MAX_COMPARISONS: Final = 24
KEYWORDS: Final = frozenset({"and", "or", "not"})
INDICATORS: Final = frozenset(
    {"talks", "holding_fire", "surge", "threat", "paused", "on_offence", "dual_office", "dispute", "releasing"}
)


@dataclass(frozen=True, slots=True)
class Compare:
    """A feature compared with a number.

    Attributes
    ----------
    feature : FeatureRef
        What is read off the state.
    op : str
        One of ``< <= > >= == !=``.
    value : float
        In the unit of the feature.
    """

    feature: FeatureRef
    op: str
    value: float

    def __str__(self) -> str:
        number = int(self.value) if self.value.is_integer() and abs(self.value) < 1e15 else self.value
        return f"{self.feature} {self.op} {number!r}"


@dataclass(frozen=True, slots=True)
class Not:
    """True while its term is false."""

    term: Condition

    def __str__(self) -> str:
        return f"not ({self.term})" if isinstance(self.term, And | Or) else f"not {self.term}"


@dataclass(frozen=True, slots=True)
class And:
    """True while all of its terms are; at least two."""

    terms: tuple[Condition, ...]

    def __str__(self) -> str:
        return " and ".join(f"({t})" if isinstance(t, And | Or) else str(t) for t in self.terms)


@dataclass(frozen=True, slots=True)
class Or:
    """True while one of its terms is; at least two."""

    terms: tuple[Condition, ...]

    def __str__(self) -> str:
        return " or ".join(f"({t})" if isinstance(t, Or) else str(t) for t in self.terms)


Condition: TypeAlias = Compare | And | Or | Not

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<op><=|>=|==|!=|<|>)|(?P<mark>[(),]))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class _Token:
    """One word of a condition and where it starts; `kind` is ``end`` after the last."""

    kind: str
    text: str
    offset: int

    @property
    def shown(self) -> str:
        return "the end of the condition" if self.kind == "end" else repr(self.text)


def _tokens(text: str) -> list[_Token]:
    """Split a condition into words."""
    found: list[_Token] = []
    at = 0
    while text[at:].strip():
        match = _TOKEN.match(text, at)
        if match is None:
            offset = at + len(text[at:]) - len(text[at:].lstrip())
            raise GrammarError(
                offset,
                repr(text[offset]),
                "a feature, a number, a comparison (< <= > >= == !=), and, or, not or a parenthesis",
                "One equals sign is no comparison: write ==." if text[offset] == "=" else "",
            )
        kind = match.lastgroup or ""
        found.append(_Token(kind, match.group(kind), match.start(kind)))
        at = match.end()
    found.append(_Token("end", "", len(text)))
    return found


class _Parser:
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_LENGTH:
            raise GrammarError(0, f"{len(text)} characters", f"a condition of at most {MAX_LENGTH}")
        self.tokens = _tokens(text)
        self.index = 0
        self.depth = 0
        self.references: list[tuple[int, FeatureRef]] = []

    @property
    def here(self) -> _Token:
        return self.tokens[self.index]

    def take(self) -> _Token:
        token = self.here
        self.index += 1
        return token

    def is_word(self, word: str) -> bool:
        return self.here.kind == "name" and self.here.text == word

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise GrammarError(self.here.offset, "more nesting", f"at most {MAX_DEPTH} levels of not and parentheses")

    def whole(self) -> Condition:
        condition = self.disjunction()
        if self.here.kind != "end":
            raise GrammarError(self.here.offset, self.here.shown, "and, or or the end of the condition")
        return condition

    def disjunction(self) -> Condition:
        terms = [self.conjunction()]
        while self.is_word("or"):
            self.take()
            terms.append(self.conjunction())
        return terms[0] if len(terms) == 1 else Or(tuple(terms))

    def conjunction(self) -> Condition:
        terms = [self.negation()]
        while self.is_word("and"):
            self.take()
            terms.append(self.negation())
        return terms[0] if len(terms) == 1 else And(tuple(terms))

    def negation(self) -> Condition:
        if self.is_word("not"):
            self.deeper()
            self.take()
            term = Not(self.negation())
            self.depth -= 1
            return term
        if self.here.kind == "mark" and self.here.text == "(":
            self.deeper()
            self.take()
            inner = self.disjunction()
            self.closing()
            self.depth -= 1
            return inner
        return self.comparison()

    def closing(self) -> None:
        if self.here.text != ")":
            raise GrammarError(self.here.offset, self.here.shown, "')'")
        self.take()

    def comparison(self) -> Condition:
        if self.here.kind != "name" or self.here.text in KEYWORDS:
            raise GrammarError(self.here.offset, self.here.shown, "a feature, such as talks or counted(prisoners)")
        start = self.here.offset
        feature = self.feature()
        self.references.append((start, feature))
        if len(self.references) > MAX_COMPARISONS:
            raise GrammarError(start, "more comparisons", f"at most {MAX_COMPARISONS} in one condition")
        if self.here.kind != "op":
            if feature.name in INDICATORS:
                return Compare(feature, ">=", 1.0)
            hint = nearest(self.here.text, KEYWORDS) if self.here.kind == "name" else ""
            raise GrammarError(self.here.offset, self.here.shown, f"a comparison of {feature}, such as >= 1", hint)
        op = self.take().text
        number = self.here
        if number.kind != "number":
            raise GrammarError(number.offset, number.shown, "a number to compare with")
        value = float(number.text)
        if not math.isfinite(value):
            raise GrammarError(number.offset, number.shown, "a finite number")
        self.take()
        return Compare(feature, op, value)

    def feature(self) -> FeatureRef:
        name = self.take()
        args: list[str] = []
        if self.here.kind == "mark" and self.here.text == "(":
            self.take()
            while True:
                if self.here.kind != "name":
                    raise GrammarError(self.here.offset, self.here.shown, f"a name, as an argument of {name.text}")
                args.append(self.take().text)
                if self.here.text != ",":
                    break
                self.take()
            self.closing()
        return checked_reference(name.text, tuple(args), name.offset)


def parse_condition(text: str) -> Condition:
    """Read a condition.

    Parameters
    ----------
    text : str
        At most `MAX_LENGTH` characters.

    Returns
    -------
    Condition
        A tree of `Compare`, `And`, `Or` and `Not`.

    Raises
    ------
    GrammarError
        With the 0-based offset of the first character that does not fit.

    Examples
    --------
    >>> tree = parse_condition("day > 135 and reputation_index(us, taliban) < -0.5")
    >>> tree.terms[1].value
    -0.5
    >>> str(parse_condition("not (talks or day>=10)"))
    'not (talks >= 1 or day >= 10)'
    """
    return _parsed(text)[0]


@lru_cache(maxsize=2048)
def _parsed(text: str) -> tuple[Condition, tuple[tuple[int, FeatureRef], ...]]:
    """Read a condition once, however many variants of a scenario hold it; trees are frozen."""
    parser = _Parser(text)
    return parser.whole(), tuple(parser.references)


def features_in(text: str) -> list[tuple[int, FeatureRef]]:
    """List the features of a condition with the 0-based offset at which each is written.

    Examples
    --------
    >>> features_in("day > 135 and talks")
    [(0, FeatureRef(name='day', args=())), (14, FeatureRef(name='talks', args=()))]
    """
    return list(_parsed(text)[1])
