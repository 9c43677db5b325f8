"""One dated, sourced number of a record, and the rules that a row of the file must keep.

A row is about one *series*, named as a feature of the catalogue where the model has it
(``persons_freed(taliban_prisoners)``), so that record and simulation meet by name. Four forms of series are no
quantities but facts with a date: ``milestone(name)``, ``outcome(name)``, ``event(actor, ...)`` and ``start``, whose
value is 1. A window (`end_date`) is the time over which a rate or a count was taken; for a level, the latest day that
the source may mean.

A row has a name if it is a milestone or a check, or says one in `name`: numbers of scenarios (``used_to_fit``) and
targets of back-tests refer to it by that. `known_as_of` says when it was published; without it, that was the last day
that it is about.

A row that is to be held against simulated runs has a name in `check`: a number by itself, the outcome under the name of
its date. A window that belongs to a thing that happened, and not to the calendar, names it in `moves_with`: in a run
the window begins as many days after that milestone as it did in the record.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

REQUIRED: Final = ("date", "series", "value", "unit", "source", "confidence", "used_to_fit")
OPTIONAL: Final = ("end_date", "low", "high", "definition", "note", "check", "moves_with", "name", "known_as_of")
CONFIDENCE: Final = ("high", "medium", "low", "derived", "memory")
MAX_TEXT: Final = 2_000
FACTS: Final = ("milestone", "outcome", "event", "start")
_WORD: Final = re.compile(r"[a-z_][a-z0-9_]{0,39}")
_SERIES: Final = re.compile(r"([a-z_][a-z0-9_]*)(?:\(([a-z0-9_]+(?:, [a-z0-9_]+)*)\))?")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Observation:
    """One row of a record.

    Attributes
    ----------
    date, end_date : datetime.date
        First and last day that the value is about; equal where it is about one day.
    series : str
        What was observed.
    value, low, high : float
        The value and the range that the sources allow, in `unit`; `low` and `high` are NaN where no range is known.
    unit : str
        As ``persons`` (a level on a day), ``attacks per day`` (a mean over the window) or ``persons over the window``.
    definition : str
        What was counted and by whom; two counters of one series differ here.
    source : str
        Where it was published.
    confidence : str
        ``high``, ``medium`` or ``low``; ``derived`` from other rows; ``memory`` where no document is at hand.
    used_to_fit : bool
        Whether numbers of the built-in scenarios were chosen with it in view: then it is no evidence for them.
    note : str
        How the value follows from what the source prints, or what happened.
    check : str
        The name under which it is held against simulated runs; empty if it is not.
    moves_with : str
        The milestone with whose date the window moves; empty for a window of the calendar.
    name : str
        What numbers and targets call the row: that of the milestone, of the check, or of the column; empty if none.
    known_as_of : datetime.date
        The day on which it was published.
    line : int
        Of the file.
    """

    date: dt.date
    end_date: dt.date
    series: str
    value: float
    low: float
    high: float
    unit: str
    definition: str
    source: str
    confidence: str
    used_to_fit: bool
    note: str
    check: str
    moves_with: str
    name: str
    known_as_of: dt.date
    line: int

    @property
    def days(self) -> int:
        """Days of the window, at least 1."""
        return (self.end_date - self.date).days + 1

    @property
    def kind(self) -> str:
        """The series without its arguments: ``persons_freed``, ``milestone``, ``event`` ..."""
        return self.series.partition("(")[0]

    @property
    def arguments(self) -> tuple[str, ...]:
        """What stands in the parentheses of the series."""
        inner = self.series.partition("(")[2].rstrip(")")
        return tuple(inner.split(", ")) if inner else ()


Report = Callable[[str, str, str, str], None]
"""Called as ``report(column, found, expected, hint)`` for each field that does not fit."""


def observation_of(fields: Mapping[str, str], line: int, report: Report) -> Observation | None:
    """Read one row.

    Parameters
    ----------
    fields : mapping of str to str
        Text by column; optional columns may be absent.
    line : int
        Of the file.
    report : callable
        Called for every field that does not fit.

    Returns
    -------
    Observation or None
        None if a field does not fit.
    """
    rejected: list[str] = []

    def reject(column: str, found: str, expected: str, hint: str = "") -> None:
        rejected.append(column)
        report(column, found, expected, hint)

    for column, text in fields.items():
        if len(text) > MAX_TEXT:
            reject(column, f"{len(text):,} characters", f"at most {MAX_TEXT:,}")
    if rejected:
        return None
    date = _date(fields["date"], "date", reject)
    end = _date(fields["end_date"], "end_date", reject) if fields.get("end_date") else date
    if date is not None and end is not None and end < date:
        reject("end_date", str(end), f"a day on or after {date}")
    series = fields["series"]
    if not _SERIES.fullmatch(series):
        reject("series", _quoted(series), "a name such as talks, or persons_freed(group), in lower case")
    value = _number(fields["value"], "value", reject)
    low = _number(fields["low"], "low", reject) if fields.get("low") else math.nan
    high = _number(fields["high"], "high", reject) if fields.get("high") else math.nan
    if low > value:
        reject("low", f"{low:g}", f"at most the value, {value:g}")
    if high < value:
        reject("high", f"{high:g}", f"at least the value, {value:g}")
    for column in ("unit", "source"):
        if not fields[column].strip():
            reject(column, "nothing", "a unit" if column == "unit" else "where the number was published")
    confidence = fields["confidence"]
    if confidence not in CONFIDENCE:
        reject("confidence", _quoted(confidence), "one of " + ", ".join(CONFIDENCE), nearest(confidence, CONFIDENCE))
    fit = fields["used_to_fit"]
    if fit not in ("yes", "no"):
        reject("used_to_fit", _quoted(fit), "yes or no")
    check, anchor = fields.get("check", ""), fields.get("moves_with", "")
    kind = series.partition("(")[0]
    if check and not _WORD.fullmatch(check):
        reject("check", _quoted(check), "a name such as attacks_at_first, in lower case, at most 40 characters")
    elif check and kind in FACTS and kind != "outcome":
        reject("check", _quoted(check), "nothing, since dates of milestones are compared anyway")
    if anchor and (not check or kind in FACTS):
        reject("moves_with", _quoted(anchor), "nothing, unless the row is a number with a name in check")
    name = fields.get("name", "")
    if name and not _WORD.fullmatch(name):
        reject("name", _quoted(name), "a name such as first_batch, in lower case, at most 40 characters")
    elif name and (check or kind == "milestone"):
        reject("name", _quoted(name), "nothing, since the row has a name: that of the milestone or of the check")
    known = _date(fields["known_as_of"], "known_as_of", reject) if fields.get("known_as_of") else end
    if fields.get("known_as_of") and known is not None and date is not None and known < date:
        reject("known_as_of", str(known), f"a day on or after {date}")
    if rejected or date is None or end is None or known is None:
        return None
    if not name:
        name = check or (series.partition("(")[2].rstrip(")") if kind in ("milestone", "outcome") else "")
    definition, note = fields.get("definition", ""), fields.get("note", "")
    unit, source = fields["unit"], fields["source"]
    return Observation(
        date,
        end,
        series,
        value,
        low,
        high,
        unit,
        definition,
        source,
        confidence,
        fit == "yes",
        note,
        check,
        anchor,
        name,
        known,
        line,
    )


def nearest(word: str, legal: tuple[str, ...]) -> str:
    """Suggest the legal word nearest to one that is not, as a sentence; empty when none is near."""
    close = get_close_matches(word[:80], legal, n=1, cutoff=0.6)
    return f"Did you mean {close[0]!r}?" if close else ""


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...") if text else "nothing"


def _date(text: str, column: str, reject: Callable[[str, str, str], None]) -> dt.date | None:
    try:
        if _DATE.fullmatch(text):
            return dt.date.fromisoformat(text)
    except ValueError:
        pass
    reject(column, _quoted(text), "a date such as 2020-04-08")
    return None


def _number(text: str, column: str, reject: Callable[[str, str, str], None]) -> float:
    if _NUMBER.fullmatch(text):
        number = float(text)
        if math.isfinite(number):
            return number
    reject(column, _quoted(text), "a number such as 1000 or 89.2, without separators")
    return math.nan
