"""Milestones, measures and promises: names that tell them apart, and due dates that can be worked out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sim.scenario.catalogue import TALKS_BEGAN
from sim.scenario.checks.checker import Checker
from sim.scenario.positions import Path, dotted
from sim.scenario.schema.expectation import ExpectedSign
from sim.scenario.schema.outcomes import with_nothing_else
from sim.scenario.schema.promise import DueAfter

TAKEN: Final = frozenset(
    {
        "outcome", "replication", "failure", "failed", "run", "row", "seed", "released", "deaths", "civilian_deaths",
        "attacks", "balance_of_force", "cohesion", TALKS_BEGAN,
    }
)  # fmt: skip
"""Columns of results and measures that every scenario has."""
NO_MEASURES: Final = frozenset({"outcome", "replication", "failure", "failed", "run", "row", "seed"})
"""Those of them that are no number of a run."""
DAYS_UNTIL: Final = "days_until_"
"""Before the name of an event: the days until it came, at most the horizon."""


def check_deeds(checker: Checker) -> None:
    """Check that what runs keep account of has names of its own, and that promises are between actors and fall due."""
    _check_names(checker)
    _check_headline(checker)
    _check_expected(checker)
    for name in checker.content.deal.promises:
        _check_promise(checker, name)


def _own_columns(checker: Checker) -> list[str]:
    """List the columns of results that follow from actors, groups and forces."""
    content = checker.content
    columns = ["outcome_day", "talks_day", "end_day", *(f"payoff_{actor}" for actor in content.actors)]
    columns += [f"{word}_{group}" for group in content.deal.captives for word in _OF_GROUPS]
    columns += [f"{word}_{stock}" for stock in content.deal.stocks for word in _OF_STOCKS]
    return columns + [f"troops_{force}" for force in content.deal.withdrawal]


def _declared(checker: Checker) -> list[tuple[Path, str, list[str]]]:
    """List what the scenario declares: the section, the name, and the names that it takes in results."""
    content = checker.content
    sections: list[tuple[Path, Iterable[str], tuple[str, ...]]] = [
        (("milestones",), content.milestones, ("{}", "{}_day", f"{DAYS_UNTIL}{{}}")),
        (("measures",), content.measures, ("{}",)),
        (("deal", "promises"), content.deal.promises, ("{}", *(f"{{}}_{word}" for word in _OF_PROMISES))),
    ]
    return [
        ((*section, name), name, [column.format(name) for column in columns])
        for section, names, columns in sections
        for name in names
    ]


def _check_headline(checker: Checker) -> None:
    """Refuse a headline that is no measure, or that is one twice."""
    for i, name in enumerate(checker.content.headline):
        if _check_measure(checker, ("headline", i), name) and name in checker.content.headline[:i]:
            checker.add(("headline", i), f"{name!r} again", "each measure once")


def _check_expected(checker: Checker) -> None:
    """Refuse the expected sign of what is no measure."""
    for name, expectation in checker.content.expects.items():
        if isinstance(expectation, ExpectedSign):
            _check_measure(checker, ("expects", name), name, at_key=True)


def _check_measure(checker: Checker, place: Path, name: str, *, at_key: bool = False) -> bool:
    """Refuse a name that is no measure of the scenario, and say whether it is one."""
    outcomes = tuple(with_nothing_else(checker.content.deal.outcomes))
    legal = [*outcomes, TALKS_BEGAN, *(name for *_, names in _declared(checker) for name in names)]
    events = [*outcomes, TALKS_BEGAN, *checker.content.milestones]
    legal += [*(f"{DAYS_UNTIL}{event}" for event in (TALKS_BEGAN, *outcomes)), *_own_columns(checker)]
    legal += sorted(TAKEN - NO_MEASURES - {TALKS_BEGAN})
    event, by, _ = name.partition(" by ")
    return checker.one_of(place, event, events if by else legal, "an event" if by else "a measure", at_key=at_key)


def _check_names(checker: Checker) -> None:
    """Refuse a name that another measure, an outcome or a column of results has already."""
    outcomes = with_nothing_else(checker.content.deal.outcomes)
    taken: dict[str, str] = dict.fromkeys((*TAKEN, *outcomes, *_own_columns(checker)), "every result")
    for path, name, own in _declared(checker):
        clash = next((column for column in own if column in taken), None)
        if clash is not None:
            found = f"{name!r}" if clash == name else f"{name!r}, whose column would be {clash}"
            hint = f"{taken[clash]} has it already." if taken[clash] != "every result" else ""
            checker.add(path, found, "a name that no other result has", hint, at_key=True)
        taken |= dict.fromkeys(own, dotted(path))


_OF_GROUPS: Final = ("freed", "counted", "returned")
_OF_STOCKS: Final = ("handed_over", "accepted", "returned")
_OF_PROMISES: Final = ("kept", "share", "done_day", "broken_day", "due_day")


def _check_promise(checker: Checker, name: str) -> None:
    content = checker.content
    promise, path = content.deal.promises[name], ("deal", "promises", name)
    if checker.entity((*path, "by"), promise.by, "actor"):
        for i, receiver in enumerate(promise.to):
            place: Path = (*path, "to", i) if len(promise.to) > 1 else (*path, "to")
            if checker.entity(place, receiver, "actor") and receiver == promise.by:
                checker.add(place, f"{receiver!r}, who gives it", "another actor")
    due = promise.due
    if not isinstance(due, DueAfter) or due.after is None:
        return
    place = (*path, "due", "after")
    legal = [*content.deal.promises, *content.milestones, *([TALKS_BEGAN] if content.deal.talks is not None else [])]
    if not checker.one_of(place, due.after, legal, "a promise, a milestone or talks_began"):
        return
    seen = [name]
    while isinstance(due, DueAfter) and due.after is not None and due.after in content.deal.promises:
        seen.append(due.after)
        if due.after in seen[:-1]:
            checker.add(place, " after ".join(seen), "a promise that does not fall due after itself")
            return
        due = content.deal.promises[due.after].due
