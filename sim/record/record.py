"""A record of what happened: observations by series, dates of milestones and outcomes, events.

Built-in records ship with the package and are loaded by name; a user's own is a CSV file of the same columns
(``scenarios/records/README.md``). Every row has a date, a value and a source, or the file is refused with the line and
column of everything that is wrong. Files from strangers are bounded in size and in number of rows.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from sim.errors import Problem, ScenarioError
from sim.record.csv_text import Field, QuoteError, fields_of
from sim.record.observation import FACTS, OPTIONAL, REQUIRED, Observation, nearest, observation_of
from sim.untrusted_file import UnfitFileError, read_bounded

if TYPE_CHECKING:
    import pandas as pd

MAX_BYTES: Final = 4_000_000
MAX_ROWS: Final = 20_000
MAX_PROBLEMS: Final = 20
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]{0,99}")


@dataclass(frozen=True, slots=True, eq=False)
class Record:
    """What happened, dated and sourced.

    Made by `load_record`.

    Attributes
    ----------
    name : str
        Of the file, without its suffix.
    observations : tuple of Observation
        In order of date, then of the file.
    milestones : mapping of str to Observation
        The day on which each milestone was first reached; named as in the scenario.
    outcome : Observation or None
        How it ended, if it has.
    events : tuple of Observation
        What else happened; `Observation.note` says what, `Observation.arguments` who.
    start : datetime.date or None
        The day that day 0 of a scenario stands for, if the record says.
    checks : tuple of Observation
        Numbers that are held against simulated runs, by `Observation.check`.
    sha256 : str
        Digest of the file.

    Examples
    --------
    >>> record = load_record("doha_2020")
    >>> print(record.milestones["first_release"].date)
    2020-04-08
    >>> record.series("troop_count(us_troops)")[-1].value
    0.0
    """

    name: str
    observations: tuple[Observation, ...]
    milestones: Mapping[str, Observation]
    outcome: Observation | None
    events: tuple[Observation, ...]
    start: dt.date | None
    checks: tuple[Observation, ...]
    sha256: str

    @property
    def named(self) -> Mapping[str, Observation]:
        """The rows that have a name, by it: milestones, the outcome, checks and whatever the column ``name`` names.

        Examples
        --------
        >>> load_record("doha_2020").named["kabul"].date.isoformat()
        '2021-08-15'
        """
        return MappingProxyType({o.name: o for o in reversed(self.observations) if o.name})

    @property
    def series_names(self) -> tuple[str, ...]:
        """The series of numbers, in alphabetical order; facts are not among them."""
        return tuple(sorted({o.series for o in self.observations if o.kind not in FACTS}))

    def series(self, name: str) -> tuple[Observation, ...]:
        """Return the observations of one series in order of date; none if the record has none.

        Parameters
        ----------
        name : str
            Such as ``persons_freed(taliban_prisoners)``.
        """
        return tuple(o for o in self.observations if o.series == name)

    @property
    def table(self) -> pd.DataFrame:
        """Everything as a DataFrame, one observation a row."""
        import pandas as pd

        columns = (*REQUIRED, *OPTIONAL)
        return pd.DataFrame([[getattr(o, column) for column in columns] for o in self.observations], columns=columns)

    @property
    def extent(self) -> str:
        """How many observations there are and which dates they span, in words."""
        span = f"{self.observations[0].date} to {max(o.end_date for o in self.observations)}"
        return f"{len(self.observations)} observations, {span}"

    def __repr__(self) -> str:
        return f"<Record {self.name}: {self.extent}>"

    def _repr_html_(self) -> str:
        from html import escape

        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{o.date}</td><td>{'yes' if o.used_to_fit else 'no'}</td>"
            f"<td>{escape(o.source)}</td></tr>"
            for name, o in self.milestones.items()
        )
        head = "<tr><th>milestone</th><th>date</th><th>used to fit</th><th>source</th></tr>"
        return f"<b>{escape(repr(self)[1:-1])}</b><table>{head}{rows}</table>"


def records_folder() -> Path:
    """Return the folder of the built-in records: in an installed package, or in a checkout beside the package."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "builtin"
    return (installed if installed.is_dir() else package.parent / "scenarios") / "records"


def record_names() -> tuple[str, ...]:
    """List the built-in records.

    Examples
    --------
    >>> "doha_2020" in record_names()
    True
    """
    return tuple(sorted(path.stem for path in records_folder().glob("*.csv")))


def load_record(source: str | os.PathLike[str]) -> Record:
    """Read and check a record.

    Parameters
    ----------
    source : str or path
        A CSV file, or the name of a built-in record (`record_names`).

    Returns
    -------
    Record

    Raises
    ------
    ScenarioError
        With everything that is wrong: file, line and column, what was found and expected, what to do.

    Examples
    --------
    >>> len(load_record("northern_ireland_1998").series("persons_freed"))
    10
    """
    name = os.fspath(source)
    if not isinstance(name, str) or not name or "\0" in name:
        raise _error(Problem("<record>", found=f"{name!r}", expected="a CSV file or a built-in record"))
    if isinstance(source, str) and name in record_names():
        return _read(records_folder() / f"{name}.csv", name)
    if not name.endswith(".csv") and not os.path.exists(name):
        hint = nearest(name, record_names()) or f"Built-in are {', '.join(record_names())}."
        raise _error(Problem(name, found="no such record", expected="a built-in record or a CSV file", hint=hint))
    return _read(Path(name), name)


def named_record(name: str, folders: Sequence[Path] = ()) -> Record:
    """Read the record that a scenario names: a plain name, never a path, so that no scenario reads elsewhere.

    Parameters
    ----------
    name : str
        Letters, digits, underscores and hyphens.
    folders : sequence of Path
        Where to look for ``<name>.csv`` before the built-in records.

    Returns
    -------
    Record

    Raises
    ------
    ScenarioError
        If the name is no plain name or no record has it, and as `load_record`.
    """
    if not _NAME.fullmatch(name):
        raise _error(Problem("record", found=f"{name[:60]!r}", expected="a plain name, without folders and ending"))
    for folder in folders:
        if (folder / f"{name}.csv").is_file():
            return _read(folder / f"{name}.csv", str(folder / f"{name}.csv"))
    if name not in record_names():
        hint = nearest(name, record_names()) or f"Built-in are {', '.join(record_names())}."
        raise _error(Problem(name, found="no such record", expected="the name of a record", hint=hint))
    return load_record(name)


def _error(problem: Problem) -> ScenarioError:
    return ScenarioError([problem])


def _read(path: Path, name: str) -> Record:
    try:
        data = read_bounded(path, MAX_BYTES)
    except UnfitFileError as error:
        raise _error(Problem(name, found=error.found, expected=f"a CSV file of at most {MAX_BYTES:,} bytes")) from error
    except FileNotFoundError as error:
        raise _error(Problem(name, found="no such file", expected="a CSV file")) from error
    except OSError as error:
        hint = f"The system says: {error.strerror}."
        raise _error(Problem(name, found="a file that cannot be read", expected="a CSV file", hint=hint)) from error
    return _parsed(data, name, path.stem)


@lru_cache(maxsize=8)
def _parsed(data: bytes, name: str, stem: str) -> Record:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        found = f"byte 0x{data[error.start]:02x}"
        raise _error(Problem(name, line, column, found=found, expected="UTF-8 text")) from None
    problems: list[Problem] = []
    observations = _observations(text.split("\n"), name, problems)
    if not problems and not observations:
        problems.append(Problem(name, found="no observation", expected="a header and at least one row"))
    milestones = {o.arguments[0]: o for o in observations if o.kind == "milestone" and o.arguments}
    if not problems:
        _check_anchors(observations, tuple(milestones), name, problems)
    if problems:
        raise ScenarioError(problems[:MAX_PROBLEMS])
    observations.sort(key=lambda o: o.date)
    outcomes = [o for o in observations if o.kind == "outcome"]
    return Record(
        name=stem,
        observations=tuple(observations),
        milestones=MappingProxyType({o.arguments[0]: o for o in observations if o.kind == "milestone"}),
        outcome=outcomes[0] if outcomes else None,
        events=tuple(o for o in observations if o.kind == "event"),
        start=next((o.date for o in observations if o.series == "start"), None),
        checks=tuple(o for o in observations if o.check and o.kind != "outcome"),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def _observations(lines: list[str], name: str, problems: list[Problem]) -> list[Observation]:
    """Read the rows; what is wrong goes into `problems`."""
    columns: list[str] | None = None
    first_lines: dict[object, int] = {}
    observations: list[Observation] = []
    for number, raw in enumerate(lines, start=1):
        line = raw.removesuffix("\r")
        if not line.strip() or len(problems) >= MAX_PROBLEMS:
            continue
        if number > MAX_ROWS:
            problems.append(Problem(name, number, 1, found="more rows", expected=f"at most {MAX_ROWS:,}"))
            break
        try:
            fields = fields_of(line)
        except QuoteError as error:
            problems.append(Problem(name, number, error.column, found=error.found, expected=error.expected))
            continue
        if columns is None:
            columns = _header(fields, name, number, problems)
            if problems:
                break
            continue
        if len(fields) != len(columns):
            expected = f"{len(columns)}, as in the header"
            hint = "A text with commas stands in quotes." if len(fields) > len(columns) else ""
            at = fields[min(len(fields) - 1, len(columns))].column
            problems.append(Problem(name, number, at, found=f"{len(fields)} fields", expected=expected, hint=hint))
            continue
        observation = _row(dict(zip(columns, fields, strict=True)), name, number, problems)
        if observation is not None:
            _note_repeats(observation, first_lines, name, problems)
            observations.append(observation)
    return observations


def _header(fields: list[Field], name: str, line: int, problems: list[Problem]) -> list[str]:
    legal = (*REQUIRED, *OPTIONAL)
    columns: list[str] = []
    for field in fields:
        if field.text not in legal:
            found, expected = f"the column {field.text[:60]!r}", "one of " + ", ".join(legal)
            problems.append(Problem(name, line, field.column, "", found, expected, nearest(field.text, legal)))
        elif field.text in columns:
            problems.append(
                Problem(name, line, field.column, found=f"the column {field.text!r} again", expected="each column once")
            )
        columns.append(field.text)
    missing = [column for column in REQUIRED if column not in columns]
    if missing:
        problems.append(Problem(name, line, 1, found=f"no column {', '.join(missing)}", expected=", ".join(REQUIRED)))
    return columns


def _row(fields: dict[str, Field], name: str, line: int, problems: list[Problem]) -> Observation | None:
    def report(column: str, found: str, expected: str, hint: str) -> None:
        problems.append(Problem(name, line, fields[column].column, column, found, expected, hint))

    return observation_of({column: field.text for column, field in fields.items()}, line, report)


def _check_anchors(
    observations: list[Observation], milestones: tuple[str, ...], name: str, problems: list[Problem]
) -> None:
    """Refuse a window that moves with a milestone which the file does not date."""
    for o in observations:
        if o.moves_with and o.moves_with not in milestones:
            hint = nearest(o.moves_with, milestones) or f"Dated are {', '.join(milestones) or 'none'}."
            found = f"the milestone {o.moves_with!r} without a date"
            problems.append(Problem(name, o.line, 1, "moves_with", found, "a milestone of this file", hint))


def _note_repeats(o: Observation, first_lines: dict[object, int], name: str, problems: list[Problem]) -> None:
    """Refuse a milestone, an outcome or an observation that stands in the file already."""
    if o.kind == "event":
        return
    if o.kind in ("milestone", "outcome") and len(o.arguments) != 1:
        problems.append(Problem(name, o.line, 1, "series", f"{o.series!r}", f"{o.kind}(name)"))
        return
    keys: dict[str, object] = {"milestone": o.series, "outcome": "outcome", "start": "start"}
    key = keys.get(o.kind, (o.date, o.end_date, o.series, o.definition))
    if key in first_lines:
        found = f"{o.series} again" if o.kind in keys else f"{o.series} on {o.date} by the same definition again"
        hint = f"It stands on line {first_lines[key]} already."
        problems.append(Problem(name, o.line, 1, "series", found, "each once", hint))
    first_lines.setdefault(key, o.line)
    if o.name and o.kind not in ("milestone", "outcome"):
        first = first_lines.setdefault(("name", o.name), o.line)
        if first != o.line:
            hint = f"It stands on line {first} already."
            column = "check" if o.check else "name"
            problems.append(Problem(name, o.line, 1, column, f"{o.name!r} again", "each name once", hint))
