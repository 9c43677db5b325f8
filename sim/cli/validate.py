"""``sim validate``: whether scenario files are sound, whether they make sense, what they say in full."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.arguments import Json, as_date
from sim.cli.edge import error_object
from sim.cli.streams import answer, answer_json, note
from sim.errors import ScenarioError, SimError

if TYPE_CHECKING:
    from sim.lint import LintWarning
    from sim.scenario.hindsight import Hindsight
    from sim.scenario.scenario import Scenario

NAME = "validate"
EXAMPLE = "sim validate my_deal.yaml --sources"
HELP = (
    "Check scenario files; say everything that is wrong, with file, line and column.\n\n"
    "A scenario that passes can be run: names, ranges, units, references and rules have been checked. --lint warns "
    "of what can be run and is hardly meant: conditions that never hold, moves without effect, implausible "
    "magnitudes, parts that nothing reads, success that pays less than its absence. --as-of lists the numbers that "
    "became public, or were fitted to what came, after a date: what a forecast made on it must not use."
)


def validate_command(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="SCENARIO...", help="Scenario files, or names of built-in ones.")
    ],
    sources: Annotated[bool, typer.Option("--sources", help="List the numbers without a source.")] = False,
    resolved: Annotated[
        bool, typer.Option("--resolved", help="Print each scenario in full: overlays and defaults filled in.")
    ] = False,
    lint: Annotated[
        bool, typer.Option("--lint", help="List warnings about what is hardly meant, with places.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Like --lint, and exit with 1 if there is a warning.")
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="List the numbers that could not have been known on DATE."),
    ] = None,
    json: Json = False,
) -> int:
    """Check scenarios; exit with 2 if one is not sound, with 1 if --strict and one has warnings."""
    date = as_date(as_of, "--as-of") if as_of is not None else None
    reports = []
    for source in scenarios:
        report: dict[str, Any] = {"scenario": source, "valid": False}
        try:
            content = _checked(source)
        except SimError as error:
            report |= error_object(error)["error"]
            if not json:
                note(str(error) if isinstance(error, ScenarioError) else f"{source}: {error}")
        else:
            if resolved and len(scenarios) > 1 and not json:
                answer("---")
            warnings = _warnings(source, content)
            report = _described(source, content, sources, resolved)
            late = _late(source, content, date) if date is not None else ()
            if date is not None:
                report["not_known"] = [{"path": h.path, "why": h.why} for h in late]
            report["warnings"] = [asdict(warning) for warning in warnings]
            if not json:
                _print(source, content, sources, resolved, [str(w) for w in warnings], lint or strict)
                if date is not None:
                    _print_late(content, date, late, note if resolved else answer)
        reports.append(report)
    valid = all(report["valid"] for report in reports)
    if json:
        answer_json({"valid": valid, "scenarios": reports})
    warned = any(report.get("warnings") for report in reports)
    return 2 if not valid else 1 if strict and warned else 0


def _warnings(source: str, scenario: Scenario) -> list[LintWarning]:
    """Lint a scenario; the record that it names may lie beside its file, as for comparisons."""
    from sim.lint import warnings_of

    folder = Path(source).parent
    return warnings_of(scenario, (folder,) if Path(source).is_file() else ())


def _late(source: str, scenario: Scenario, date: dt.date) -> tuple[Hindsight, ...]:
    """List what the scenario could not have known, by the dates of its record."""
    from sim.record import named_record
    from sim.scenario.hindsight import hindsight

    folders = (Path(source).parent,) if Path(source).is_file() else ()
    record = named_record(scenario.record, folders) if scenario.record is not None else None
    return hindsight(scenario, record, date)


def _print_late(scenario: Scenario, date: dt.date, late: Sequence[Hindsight], say: Callable[[str], None]) -> None:
    numbers = f"{len(late)} number{'' if len(late) == 1 else 's'}"
    say(f"{numbers} could not have been known on {date}" + (":" if late else ""))
    for found in late:
        at = scenario.position(found.path)
        say(f"{at.file}:{at.line}:{at.column}: {found.path}: {found.why}")


def _checked(source: str) -> Scenario:
    """Load a scenario and encode it, which finds what only the engines can refuse."""
    from sim.encode.encoded import encode
    from sim.scenario.load import load

    scenario = load(source)
    encode(scenario)
    return scenario


def _described(source: str, scenario: Scenario, sources: bool, resolved: bool) -> dict[str, Any]:
    unsourced = scenario.unsourced()
    report: dict[str, Any] = {
        "scenario": source,
        "valid": True,
        "title": scenario.title,
        "sha256": scenario.sha256,
        "sourced": len(scenario.provenance),
        "unsourced": len(unsourced),
    }
    if sources:
        report["unsourced_paths"] = list(unsourced)
    if resolved:
        report["resolved"] = scenario.to_dict(provenance=True)
    return report


def _print(
    source: str, scenario: Scenario, sources: bool, resolved: bool, warnings: Sequence[str], listed: bool
) -> None:
    unsourced = scenario.unsourced()
    say = note if resolved else answer
    say(
        f"{source}: sound. {scenario.title!r}, {len(scenario.actors)} actors, {scenario.horizon_days} days; "
        f"{len(scenario.provenance)} numbers say where they come from, {len(unsourced)} do not"
        + _counted(len(warnings), listed)
    )
    for warning in warnings if listed else ():
        say(warning)
    for path in unsourced if sources else ():
        at = scenario.position(path)
        say(f"{at.file}:{at.line}:{at.column}: {path}: no source" if at.line else f"{path}: no source (a default)")
    if resolved:
        answer(resolved_text(scenario))


def _counted(warnings: int, listed: bool) -> str:
    if not warnings:
        return "; no warnings" if listed else ""
    return f"; {warnings} warning{'' if warnings == 1 else 's'}" + (":" if listed else " (--lint lists them)")


def resolved_text(scenario: Scenario) -> str:
    """Return a scenario in full as YAML that loads to the same scenario, sources included.

    Examples
    --------
    >>> from sim.scenario.load import load
    >>> resolved_text(load("doha_2020/baseline")).splitlines()[0]
    'schema_version: 1'
    """
    import io

    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.width = 120
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # declared as None, read as a truth value
    yaml.representer.sort_base_mapping_type_on_output = False
    buffer = io.StringIO()
    yaml.dump(scenario.to_dict(provenance=True), buffer)
    return buffer.getvalue().rstrip("\n")
