"""Conditions of scenario files (``when:``, ``opens_when:``, ``until:``, ...): a closed grammar, never run as code.

::

    condition  := conjunction { "or" conjunction }
    conjunction:= negation { "and" negation }
    negation   := "not" negation | "(" condition ")" | comparison
    comparison := sum operator sum | "date" operator date | indicator
    sum        := term { ("+" | "-") term }
    term       := [ sign ] factor { "*" [ sign ] factor }, with at most one feature
    factor     := number | feature
    operator   := "<" | "<=" | ">" | ">=" | "==" | "!="

A *feature* is one of the catalogue (`sim.scenario.feature_reference`). An *indicator* is a feature that is 0 or 1, or
counts; alone it means ``feature >= 1``. Sums are linear: features are multiplied by numbers, never by one another. A
*date* is a day of the calendar, such as 2020-02-29. The text is read by recursive descent into a small frozen tree; its
length, its depth and its number of features are bounded, so that a file from a stranger costs nothing. ``str`` of a
tree is its canonical text, and reading that gives the same tree (`sim.scenario.condition`).
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sim.scenario.catalogue import FEATURE_BY_NAME
from sim.scenario.condition import DATE, And, Compare, CompareDate, Condition, Not, Or, Sum, Term
from sim.scenario.feature_reference import FeatureRef, GrammarError, checked_reference, nearest

MAX_LENGTH: Final = 500
MAX_DEPTH: Final = 16
MAX_FEATURES: Final = 24
KEYWORDS: Final = frozenset({"and", "or", "not"})
INDICATORS: Final = frozenset(
    {
        "talks",
        "holding_fire",
        "surge",
        "threat",
        "paused",
        "on_offence",
        "dual_office",
        "dispute",
        "releasing",
        "happened",
    }
)

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<date>\d{4}-\d{1,2}-\d{1,2}(?!\d))|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)|(?P<wrong>=>|=<|<>)|(?P<op><=|>=|==|!=|<|>)|(?P<sign>[+*-])|(?P<mark>[(),]))",
    re.ASCII,
)
_MEANT: Final = {
    "=>": "Did you mean '>='?",
    "=<": "Did you mean '<='?",
    "<>": "Did you mean '!='?",
    "=": "One equals sign is no comparison: write ==.",
    "!": "Write not.",
    "&": "Write and.",
    "|": "Write or.",
    "/": "There is no division: multiply by a number, such as 0.5 * talks. A date is written 2020-02-29.",
}
_SUMS_ARE_BARE: Final = "Parentheses hold conditions, not sums: multiply out."
_ONE_SIGN: Final = "A comparison has one sign, and no parentheses around its sides."
_DATE_STANDS_ALONE: Final = "A date is compared with date alone: date >= 2020-02-29. day counts days since the start."


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
        if match is None or match.lastgroup == "wrong":
            offset = at + len(text[at:]) - len(text[at:].lstrip())
            sign = text[offset] if match is None else match["wrong"]
            expected = "a feature, a number, a comparison (< <= > >= == !=), + - *, and, or, not or a parenthesis"
            raise GrammarError(offset, repr(sign), expected, _MEANT.get(sign, ""))
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
        self.features = 0
        self.references: list[tuple[int, FeatureRef]] = []
        self.dates: list[tuple[int, dt.date]] = []

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
            hint = _ONE_SIGN if self.here.kind in ("op", "sign") else ""
            raise GrammarError(self.here.offset, self.here.shown, "and, or or the end of the condition", hint)
        return condition

    def whole_sum(self) -> Sum:
        total = self.sum("a feature, such as talks or counted(prisoners)")
        if self.here.kind != "end":
            hint = "A comparison is no number." if self.here.kind == "op" else ""
            raise GrammarError(self.here.offset, self.here.shown, "+, - or the end of the sum", hint)
        if not total.features:
            raise GrammarError(0, f"the number {total}", "a feature in the sum")
        return total

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
        if self.is_word(DATE):
            return self.date_comparison()
        start = self.here.offset
        left = self.sum("a feature, such as talks or counted(prisoners)")
        if self.here.kind != "op":
            lone = left.lone_feature
            if lone is not None and lone.name in INDICATORS:
                return Compare(left, ">=", Sum((Term(1.0),)))
            hint = nearest(self.here.text, KEYWORDS) if self.here.kind == "name" else ""
            if self.here.text == ")" and lone is None:
                hint = _SUMS_ARE_BARE
            raise GrammarError(self.here.offset, self.here.shown, f"a comparison of {left}, such as >= 1", hint)
        op = self.take().text
        right = self.sum("a number or a feature to compare with")
        if not left.features and not right.features:
            raise GrammarError(start, f"two numbers, {left} {op} {right}", "a feature on one side of a comparison")
        return Compare(left, op, right)

    def date_comparison(self) -> CompareDate:
        word = self.take()
        self.count(word)
        if self.here.kind != "op":
            expected = f"a comparison of {DATE}, such as >= 2020-02-29"
            hint = _DATE_STANDS_ALONE if self.here.kind == "sign" else ""
            raise GrammarError(self.here.offset, self.here.shown, expected, hint)
        op = self.take().text
        token = self.here
        if token.kind != "date":
            hint = "day counts days since the start." if token.kind == "number" else ""
            raise GrammarError(token.offset, token.shown, "a date, such as 2020-02-29", hint)
        try:
            date = dt.date.fromisoformat(token.text)
        except ValueError:
            expected = "a date of the calendar" if len(token.text) == 10 else "a date, such as 2020-02-29"
            raise GrammarError(token.offset, token.shown, expected) from None
        self.take()
        self.dates.append((token.offset, date))
        return CompareDate(op, date)

    def sum(self, expected: str) -> Sum:
        terms = [self.term(expected)]
        while self.here.kind == "sign" and self.here.text in "+-":
            terms.append(self.term("a number or a feature", -1.0 if self.take().text == "-" else 1.0))
        return Sum(tuple(terms))

    def term(self, expected: str, factor: float = 1.0) -> Term:
        feature: FeatureRef | None = None
        while True:
            if self.here.kind == "sign" and self.here.text in "+-":
                factor = -factor if self.take().text == "-" else factor
                expected = "a number or a feature"
            start = self.here
            if start.kind == "number":
                factor *= float(self.take().text)
                if not math.isfinite(factor):
                    raise GrammarError(start.offset, start.shown, "a finite number")
            elif start.kind == "name" and start.text not in KEYWORDS and start.text != DATE:
                if feature is not None:
                    hint = "A feature is multiplied by numbers, never by another feature."
                    raise GrammarError(start.offset, start.shown, "a number", hint)
                feature = self.feature()
                self.count(start)
                self.references.append((start.offset, feature))
            else:
                hint = _DATE_STANDS_ALONE if DATE in (start.kind, start.text) else ""
                hint = _SUMS_ARE_BARE if start.text == "(" else hint
                raise GrammarError(start.offset, start.shown, expected, hint)
            if self.here.text != "*":
                return Term(factor, feature)
            self.take()
            expected = "a number or a feature"

    def count(self, token: _Token) -> None:
        self.features += 1
        if self.features > MAX_FEATURES:
            raise GrammarError(token.offset, "more features", f"at most {MAX_FEATURES} in one condition")

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
        if name.text not in FEATURE_BY_NAME:
            hint = nearest(name.text, [*FEATURE_BY_NAME, DATE])
            if hint == f"Did you mean {DATE!r}?":
                raise GrammarError(name.offset, repr(name.text[:60]), "the name of a feature, or date", hint)
        return checked_reference(name.text, tuple(args), name.offset)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a text says, and where in it features and dates are written."""

    condition: Condition | None
    sum: Sum | None
    features: tuple[tuple[int, FeatureRef], ...]
    dates: tuple[tuple[int, dt.date], ...]


@lru_cache(maxsize=2048)
def _read(text: str, of_sum: bool) -> _Reading:
    """Read a text once, however many variants of a scenario hold it; trees are frozen."""
    parser = _Parser(text)
    condition, total = (None, parser.whole_sum()) if of_sum else (parser.whole(), None)
    return _Reading(condition, total, tuple(parser.references), tuple(parser.dates))


def parse_condition(text: str) -> Condition:
    """Read a condition.

    Parameters
    ----------
    text : str
        At most `MAX_LENGTH` characters.

    Returns
    -------
    Condition
        A tree of `Compare`, `CompareDate`, `And`, `Or` and `Not`.

    Raises
    ------
    GrammarError
        With the 0-based offset of the first character that does not fit.

    Examples
    --------
    >>> tree = parse_condition("day > 135 and reputation_index(us, taliban) < -0.5")
    >>> tree.terms[1].right.lone_number
    -0.5
    >>> str(parse_condition("not (talks or date>=2020-02-29)"))
    'not (talks >= 1 or date >= 2020-02-29)'
    >>> str(parse_condition("persons_freed(a) >= 2*persons_freed(b)-10"))
    'persons_freed(a) >= 2 * persons_freed(b) - 10'
    """
    condition = _read(text, False).condition
    assert condition is not None
    return condition


def parse_sum(text: str) -> Sum:
    """Read a sum of features times numbers, as on one side of a comparison.

    Parameters and errors are those of `parse_condition`.

    Returns
    -------
    Sum
        With at least one feature.

    Examples
    --------
    >>> str(parse_sum("0.5*counted(a)-0.5*counted(b)"))
    '0.5 * counted(a) - 0.5 * counted(b)'
    """
    total = _read(text, True).sum
    assert total is not None
    return total


def features_in(text: str, *, of_sum: bool = False) -> list[tuple[int, FeatureRef]]:
    """List the features of a condition, or of a sum, with the 0-based offset at which each is written.

    Examples
    --------
    >>> features_in("day > 135 and talks")
    [(0, FeatureRef(name='day', args=())), (14, FeatureRef(name='talks', args=()))]
    >>> features_in("talks - 2 * dispute", of_sum=True)
    [(0, FeatureRef(name='talks', args=())), (12, FeatureRef(name='dispute', args=()))]
    """
    return list(_read(text, of_sum).features)


def dates_in(text: str) -> list[tuple[int, dt.date]]:
    """List the dates of a condition with the 0-based offset at which each is written.

    Examples
    --------
    >>> dates_in("talks or date >= 2020-02-29")
    [(17, datetime.date(2020, 2, 29))]
    """
    return list(_read(text, False).dates)
