"""Whether what numbers say they were fitted to is in the record: each tag ``used_to_fit`` names one of its rows.

A tag that names nothing hides what it should show: agreement with the fact would count as evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.errors import Problem, ScenarioError
from sim.record import Record, named_record
from sim.scenario.feature_reference import nearest
from sim.scenario.problems import in_order
from sim.scenario.scenario import Scenario


def check_fitted_facts(scenario: Scenario, folders: Sequence[Path] = ()) -> None:
    """Refuse a scenario with a number fitted to something that its record has no row of.

    Parameters
    ----------
    scenario : Scenario
        As loaded.
    folders : sequence of Path
        Where its record may lie, before the built-in ones.

    Raises
    ------
    ScenarioError
        With every tag that names no row, or that stands in a scenario without a record.

    Examples
    --------
    >>> from sim.scenario.load import load
    >>> check_fitted_facts(load("doha_2020/baseline"))
    """
    tags = [(path, fact) for path, note in scenario.provenance.items() for fact in note.used_to_fit]
    if not tags:
        return
    record = _record(scenario, tags[0][0], folders)
    known = tuple(record.named)
    problems = [_problem(scenario, path, fact, record.name, known) for path, fact in tags if fact not in known]
    if problems:
        raise ScenarioError(in_order(problems))


def _record(scenario: Scenario, path: str, folders: Sequence[Path]) -> Record:
    if scenario.record is None:
        hint = "record: NAME says which; its rows are named by milestones, by check and by name."
        raise ScenarioError([scenario.problem(path, "used_to_fit without a record", "the record of the facts", hint)])
    try:
        return named_record(scenario.record, folders)
    except ScenarioError as error:
        first = error.problems[0]
        at = scenario.position("record")
        text = f"the record {scenario.record!r}: {first.found}"
        raise ScenarioError(
            [Problem(at.file, at.line, at.column, "record", text, first.expected, first.hint)]
        ) from error


def _problem(scenario: Scenario, path: str, fact: str, record: str, known: tuple[str, ...]) -> Problem:
    hint = nearest(fact, known) or f"Named are {', '.join(known[:12])}{', ...' if len(known) > 12 else ''}."
    return scenario.problem(f"{path}", f"used_to_fit: {fact}", f"a row of the record {record!r} by its name", hint)
