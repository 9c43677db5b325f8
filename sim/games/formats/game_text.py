"""Tokens of Gambit's text formats, each with its line and column.

The formats .nfg and .efg consist of quoted texts (a backslash escapes the next character), braces, commas, which
separate like blanks, and words: keywords, whole numbers, decimals (with exponent) and fractions ``a/b``. A reader asks
for what must come next; anything else is a `GameFileError` that says where, what was found and what was expected.

Source: Gambit, Game representation formats, https://gambitproject.readthedocs.io/en/latest/formats.html
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from os import PathLike
from pathlib import Path
from typing import NoReturn

from sim.errors import GameFileError
from sim.untrusted_file import UnfitFileError, read_bounded

LARGEST_FILE = 50_000_000
LARGEST_WORD = 400
LARGEST_EXPONENT = 400

_TOKEN = re.compile(r'\s+|,|[{}]|"(?:[^"\\]|\\.)*"|[^\s,{}"]+', re.DOTALL)
_INTEGER = re.compile(r"[+-]?\d+")
_NUMBER = re.compile(r"[+-]?(?:\d+/\d+|(?:\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,6}))?)")


@dataclass(frozen=True, slots=True)
class Token:
    """One token.

    Attributes
    ----------
    kind : {"text", "word", "{", "}", "end"}
        What it is.
    value : str
        Without quotes and escapes.
    position : int
        Offset in the text.
    """

    kind: str
    value: str
    position: int


class GameText:
    """A text that is read token by token.

    Parameters
    ----------
    text : str
        The whole text.
    name : str
        File name for messages.

    Examples
    --------
    >>> words = GameText('NFG 1 "a title" { 1/2 }', "<string>")
    >>> words.word("NFG"), words.whole("a version"), words.text("a title"), words.opens("a list"), words.number("x")
    ('NFG', 1, 'a title', True, Fraction(1, 2))
    """

    def __init__(self, text: str, name: str) -> None:
        self._text, self.name = text, name
        self._at = 0
        self.token = Token("end", "", 0)
        self.advance()

    def advance(self) -> Token:
        """Return the token that comes next and go on to the one after it."""
        passed = self.token
        while True:
            if self._at >= len(self._text):
                self.token = Token("end", "", len(self._text))
                return passed
            match = _TOKEN.match(self._text, self._at)
            start = self._at
            if match is None:
                self.fail("a closing quote before the end of the file", position=start, found="a text without one")
            self._at = match.end()
            value = match.group()
            if value == "," or value.isspace():
                continue
            if value in "{}":
                self.token = Token(value, value, start)
            elif value[0] == '"':
                self.token = Token("text", re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL), start)
            else:
                self.token = Token("word", value, start)
            return passed

    def fail(self, expected: str, *, position: int | None = None, found: str | None = None) -> NoReturn:
        """Raise a `GameFileError` at a position, by default that of the next token.

        Parameters
        ----------
        expected : str
            What should stand there.
        position : int, optional
            Offset in the text.
        found : str, optional
            What stands there, by default the next token.

        Raises
        ------
        GameFileError
            Always.
        """
        where = self.token.position if position is None else position
        line = self._text.count("\n", 0, where) + 1
        column = where - self._text.rfind("\n", 0, where)
        if found is None:
            found = "the end of the file" if self.token.kind == "end" else repr(self.token.value[:40])
        raise GameFileError(self.name, line, column, f"found {found}, expected {expected}")

    def word(self, *expected: str) -> str:
        """Read one of the given keywords."""
        if self.token.kind != "word" or self.token.value not in expected:
            self.fail(" or ".join(expected))
        return self.advance().value

    def text(self, expected: str) -> str:
        """Read a quoted text."""
        if self.token.kind != "text":
            self.fail(f"{expected} in quotes")
        return self.advance().value

    def whole(self, expected: str, least: int = 0, most: int = 10**9) -> int:
        """Read a whole number within bounds."""
        value = self.token.value
        if self.token.kind != "word" or len(value) > 18 or not _INTEGER.fullmatch(value):
            self.fail(f"{expected}, a whole number")
        if not least <= int(value) <= most:
            self.fail(f"{expected} from {least} to {most}")
        self.advance()
        return int(value)

    def number(self, expected: str) -> Fraction:
        """Read a number, exactly."""
        value = self.token.value
        match = _NUMBER.fullmatch(value) if len(value) <= LARGEST_WORD else None
        if self.token.kind != "word" or match is None:
            self.fail(f"{expected}, a number such as 2, -0.5 or 1/3")
        if match.group(1) is not None and abs(int(match.group(1))) > LARGEST_EXPONENT:
            self.fail(f"{expected} with an exponent of at most {LARGEST_EXPONENT}")
        try:
            number = Fraction(value)
        except ZeroDivisionError:
            self.fail(f"{expected} with a denominator that is not 0")
        try:
            finite = math.isfinite(float(number))
        except OverflowError:
            finite = False
        if not finite:
            self.fail(f"{expected} within the range of double precision")
        self.advance()
        return number

    def opens(self, expected: str) -> bool:
        """Read an opening brace."""
        if self.token.kind != "{":
            self.fail(f"{{ before {expected}")
        self.advance()
        return True

    def closes(self, expected: str) -> bool:
        """Read a closing brace."""
        if self.token.kind != "}":
            self.fail(f"}} after {expected}")
        self.advance()
        return True

    def texts(self, expected: str, least: int, most: int) -> list[str]:
        """Read a list of quoted texts in braces."""
        opened = self.token.position
        self.opens(expected)
        texts: list[str] = []
        while self.token.kind == "text":
            if len(texts) == most:
                self.fail(f"at most {most} {expected}")
            texts.append(self.advance().value)
        self.closes(expected)
        if len(texts) < least:
            self.fail(f"at least {least} {expected}", position=opened, found=str(len(texts)))
        return texts

    def ends(self) -> None:
        """Check that nothing is left."""
        if self.token.kind != "end":
            self.fail("the end of the file")


def distinct_names(given: list[str]) -> list[str]:
    """Return names without blanks and doubles: a blank or repeated name becomes its number.

    Parameters
    ----------
    given : list of str
        As they stand in a file, where names need not be different.

    Returns
    -------
    list of str

    Examples
    --------
    >>> distinct_names(["a", "", "a"])
    ['a', '2', '3']
    """
    taken = {name for name in given if name}
    seen: set[str] = set()
    names = []
    for k, name in enumerate(given):
        chosen = name
        if not name or name in seen:
            chosen = str(k + 1)
            while chosen in taken or chosen in seen:
                chosen += "'"
        seen.add(chosen)
        names.append(chosen)
    return names


def opened(source: str | PathLike[str], keyword: str) -> GameText:
    """Return the tokens of a path, or of a string that begins with the format's keyword.

    Parameters
    ----------
    source : str or path
        Where the game is.
    keyword : str
        ``NFG`` or ``EFG``.

    Returns
    -------
    GameText

    Raises
    ------
    GameFileError
        If the file cannot be read, is too large or is not UTF-8.

    Examples
    --------
    >>> opened('NFG 1 R ""', "NFG").name
    '<string>'
    """
    if isinstance(source, str) and (source.lstrip().startswith(keyword) or "\n" in source):
        if len(source) > LARGEST_FILE:
            raise GameFileError("<string>", 1, 1, f"found {len(source)} characters, expected at most {LARGEST_FILE}")
        return GameText(source, "<string>")
    return GameText(read_game_file(source, f"a {keyword} file"), str(source))


def read_game_file(source: str | PathLike[str], kind: str) -> str:
    """Return the text of a game's file.

    Parameters
    ----------
    source : path
        A regular file of at most `LARGEST_FILE` bytes of UTF-8.
    kind : str
        What it should be, for the message.

    Raises
    ------
    GameFileError
        If it is none.
    """
    try:
        return read_bounded(Path(source), LARGEST_FILE).decode("utf-8-sig").replace("\r\n", "\n")
    except UnfitFileError as error:
        raise GameFileError(str(source), 1, 1, f"found {error.found}, expected {kind}: {error.expected}") from error
    except (OSError, ValueError) as error:
        found = f"found a file that cannot be read ({error})"
        raise GameFileError(str(source), 1, 1, f"{found}, expected {kind}") from error


def quoted(text: str) -> str:
    r"""Return a text in quotes, with quotes and backslashes escaped.

    Parameters
    ----------
    text : str

    Returns
    -------
    str

    Examples
    --------
    >>> print(quoted('say "no"'))
    "say \"no\""
    """
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def exact_number(value: float) -> str:
    """Return the shortest decimal that reads back as the same double, without a trailing ``.0``.

    Parameters
    ----------
    value : float

    Returns
    -------
    str

    Examples
    --------
    >>> exact_number(2.0), exact_number(0.1), exact_number(1e22)
    ('2', '0.1', '1e+22')
    """
    text = repr(float(value))
    return text[:-2] if text.endswith(".0") else text
