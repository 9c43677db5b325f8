"""Where numbers come from: the mapping ``{value:, source:, ...}`` that any number of a file may be.

Before a scenario is validated, each such mapping is replaced by its value, and what it says about the value is kept
beside it under the same path. So models hold plain numbers, and the sources stay with the scenario.

=================  ==================================================================================================
``value``          the number itself
``source``         the record it is read off; it says with ``known_as_of`` since when it could be
``assumption``     why this value, if no record gives one: it is ours to sweep
``known_as_of``    the date from which it was public; a back-test frozen earlier must not use it
``used_to_fit``    rows of the record that it was chosen to meet, which therefore prove nothing about it
``prior``          its uncertainty, for sweeps: ``{uniform: [0.2, 0.6]}``
=================  ==================================================================================================

A distribution that is drawn anew in each run stands in the place of the value: ``{beta: [2, 3], source: ...}``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sim.errors import Problem
from sim.scenario.feature_reference import NAME, nearest
from sim.scenario.positions import Node, Path, Position, dotted, plain
from sim.scenario.reader import quoted

NOTES: Final = ("source", "assumption", "known_as_of", "used_to_fit", "prior")
DISTRIBUTIONS: Final = ("beta",)
VARIATIONS: Final = ("devices", "payoff_sets")
"""Sections whose ``changes`` say null for a key that goes."""
PRIORS: Final[dict[str, tuple[int, str]]] = {
    "uniform": (2, "[lowest, highest]"),
    "log_uniform": (2, "[lowest, highest], both positive"),
    "triangular": (3, "[lowest, likeliest, highest]"),
    "normal": (2, "[mean, standard deviation]"),
    "lognormal": (2, "[median, standard deviation of the logarithm]"),
    "beta": (2, "[a, b], both from 0.001 to 1e9"),
    "choice": (0, "[first, second, ...]"),
}


@dataclass(frozen=True, slots=True)
class Prior:
    """The uncertainty of a number, as sweeps draw it.

    Attributes
    ----------
    kind : str
        A key of `PRIORS`.
    parameters : tuple of float
        In the order that `PRIORS` states.
    """

    kind: str
    parameters: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a file says about one of its numbers.

    Attributes
    ----------
    source : str or None
        The record it is read off.
    assumption : str or None
        Why this value, if no record gives one.
    known_as_of : datetime.date or None
        From when on it was public.
    used_to_fit : tuple of str
        Rows of the record that it was chosen to meet: milestones, the outcome, other rows by their name.
    prior : Prior or None
        Its uncertainty.
    """

    source: str | None = None
    assumption: str | None = None
    known_as_of: dt.date | None = None
    used_to_fit: tuple[str, ...] = ()
    prior: Prior | None = None

    @property
    def stated(self) -> bool:
        """Whether a source, an assumption or a fit is stated."""
        return self.source is not None or self.assumption is not None or bool(self.used_to_fit)

    def known_by(self, date: dt.date) -> bool:
        """Whether the number was public on a date, as far as the file says: a number without a date was.

        Examples
        --------
        >>> Provenance(source="a report", known_as_of=dt.date(2020, 5, 26)).known_by(dt.date(2020, 3, 15))
        False
        """
        return self.known_as_of is None or self.known_as_of <= date

    def to_dict(self) -> dict[str, Any]:
        """Return what is stated, as a file would say it."""
        facts = {
            "source": self.source,
            "assumption": self.assumption,
            "known_as_of": self.known_as_of.isoformat() if self.known_as_of else None,
            "used_to_fit": list(self.used_to_fit) or None,
            "prior": {self.prior.kind: list(self.prior.parameters)} if self.prior else None,
        }
        return {key: value for key, value in facts.items() if value is not None}


def is_sourced(node: Node) -> bool:
    """Whether a node is a number with what is known about it, rather than a section of the file."""
    return isinstance(node.value, dict) and ("value" in node.value or any(d in node.value for d in DISTRIBUTIONS))


def is_number(value: object) -> bool:
    """Whether a value is a number (true and false are none)."""
    return isinstance(value, int | float) and not isinstance(value, bool)


class Stripped:
    """A tree without provenance: plain data, and beside it the notes and the tree that positions are looked up in.

    Parameters
    ----------
    root : Node
        As read and merged.

    Attributes
    ----------
    data : dict
        What the models validate.
    tree : Node
        The same, with positions.
    notes : dict of str to Provenance
        By dotted path.
    problems : list of Problem
        Malformed notes; empty if all is well.
    """

    def __init__(self, root: Node) -> None:
        self.notes: dict[str, Provenance] = {}
        self.problems: list[Problem] = []
        self.tree = self._strip(root, ())
        self.data: dict[str, Any] = plain(self.tree)

    @classmethod
    def of_plain(cls, tree: Node) -> Stripped:
        """Take a tree that is known to be without provenance, such as one that was stripped before."""
        stripped = cls.__new__(cls)
        stripped.notes, stripped.problems, stripped.tree, stripped.data = {}, [], tree, plain(tree)
        return stripped

    def _problem(self, at: Position, path: Path, found: str, expected: str, hint: str = "") -> None:
        self.problems.append(Problem(at.file, at.line, at.column, dotted(path), found, expected, hint))

    def _strip(self, node: Node, path: Path) -> Node:
        if isinstance(node.value, list):
            items = [self._strip(item, (*path, i)) for i, item in enumerate(node.value)]
            return Node(items, node.position, size=node.size)
        if not isinstance(node.value, dict):
            return node
        if path and (is_sourced(node) or any(note in node.value for note in NOTES)):  # a file is no number
            return self._sourced(node, node.value, path)
        keeps_null = len(path) == 3 and path[0] in VARIATIONS and path[2] == "changes"
        inner = {k: self._strip(n, (*path, k)) for k, n in node.value.items() if keeps_null or n.value is not None}
        return Node(inner, node.position, node.keys, size=node.size)

    def _sourced(self, node: Node, entries: dict[str, Node], path: Path) -> Node:
        distribution = next((d for d in DISTRIBUTIONS if d in entries), None)
        field = distribution or "value"
        unknown = [key for key in entries if key not in NOTES and key != field]
        for key in unknown:
            legal = (field, *NOTES) if field in entries else ("value", *DISTRIBUTIONS, *NOTES)
            at = node.keys.get(key, node.position)
            self._problem(at, path, f"the key {key[:60]!r}", "one of " + ", ".join(legal), nearest(key, legal))
        if field not in entries:
            if not unknown:
                note = next(key for key in entries if key in NOTES)
                self._problem(node.position, path, f"{note} without a value", "value: the number itself")
            return Node(0, node.position)
        self.notes[dotted(path)] = Provenance(
            source=self._note(entries, path, "source", lambda v: isinstance(v, str) and v != "", "a text"),
            assumption=self._note(entries, path, "assumption", lambda v: isinstance(v, str) and v != "", "a text"),
            known_as_of=_date(self._note(entries, path, "known_as_of", _is_date, "a date, such as 2020-03-11")),
            used_to_fit=tuple(self._note(entries, path, "used_to_fit", _are_names, "a list of names") or ()),
            prior=self._prior(entries.get("prior"), path),
        )
        if "source" in entries and "known_as_of" not in entries:
            at = entries["source"].position
            expected = "known_as_of beside it: the date since which it has been public"
            self._problem(at, path, "a source without a date", expected)
        if distribution is not None:
            return Node({field: entries[field]}, node.position, {field: node.keys.get(field, node.position)}, size=2)
        value = entries[field]
        if not isinstance(value.value, bool | int | float) and not _is_date(value.value):
            self._problem(value.position, path, quoted(value.value), "a number or a date as the value")
            return Node(0, value.position)
        return value

    def _note(self, entries: dict[str, Node], path: Path, key: str, legal: Callable[[Any], bool], expected: str) -> Any:
        node = entries.get(key)
        if node is None or node.value is None:
            return None
        value = plain(node)
        if legal(value):
            return value
        self._problem(node.position, (*path, key), quoted(value), expected)
        return None

    def _prior(self, node: Node | None, path: Path) -> Prior | None:
        if node is None or node.value is None:
            return None
        value = plain(node)
        if not isinstance(value, dict) or len(value) != 1:
            self._problem(node.position, (*path, "prior"), quoted(value), "one of " + ", ".join(PRIORS))
            return None
        kind, parameters = next(iter(value.items()))
        if kind not in PRIORS:
            at = node.keys.get(kind, node.position)
            self._problem(at, (*path, "prior"), repr(kind[:60]), "one of " + ", ".join(PRIORS), nearest(kind, PRIORS))
            return None
        count, meaning = PRIORS[kind]
        numbers = isinstance(parameters, list) and all(is_number(p) for p in parameters)
        if not numbers or (count and len(parameters) != count) or not fits_prior(kind, parameters):
            self._problem(node.position, (*path, "prior", kind), quoted(parameters), meaning)
            return None
        return Prior(kind, tuple(float(p) for p in parameters))


def _is_date(value: object) -> bool:
    try:
        return _date(value) is not None
    except ValueError:
        return False


def _date(value: object) -> dt.date | None:
    """Take a date, or its text where the file was JSON."""
    return dt.date.fromisoformat(value) if isinstance(value, str) else value if isinstance(value, dt.date) else None


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) and NAME.fullmatch(v) for v in value)


def fits_prior(kind: str, p: list[float]) -> bool:
    """Whether the parameters of a prior are in their order and range."""
    if kind == "uniform":
        return p[0] < p[1]
    if kind == "log_uniform":
        return 0 < p[0] < p[1]
    if kind == "triangular":
        return p[0] <= p[1] <= p[2] and p[0] < p[2]
    if kind == "normal":
        return p[1] > 0
    if kind == "lognormal":
        return p[0] > 0 and p[1] > 0
    if kind == "beta":
        return all(1e-3 <= shape <= 1e9 for shape in p)
    return len(p) > 0
