"""Loading experiments: from a file, by the name of a built-in one, or from a mapping; and checking them as a whole.

What can be seen in the file alone is said first; then the scenario is loaded, what the experiment sets is laid over it,
and every factor is tried at its ends. All errors point into the experiment file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from pydantic import ValidationError

from sim.engine.outcome_frame import outcome_columns
from sim.errors import Problem, ScenarioError
from sim.experiments.definition.experiment import MAX_RUNS, Experiment, TippingTarget
from sim.experiments.definition.factors import Factors
from sim.experiments.definition.schema import ExperimentContent
from sim.experiments.designs.rows import Rows
from sim.experiments.measures import DAYS_UNTIL, TALKS, Measure, measures_of
from sim.kernel.bound import bound
from sim.kernel.outcome_row import OUTCOME_ROW
from sim.scenario.extends import Location, builtin_root, file_location, inside_tree, named_scenario
from sim.scenario.feature_reference import nearest
from sim.scenario.load import load_at
from sim.scenario.positions import OVERRIDE, Node, Position, find, from_plain, plain
from sim.scenario.problems import in_order, located, problems_of
from sim.scenario.reader import error_at, quoted, read_file
from sim.scenario.scenario import Scenario

TRIED_ROWS: Final = 16
ALL_PRIORS: Final = "priors"
ADDRESS_COLUMNS: Final = ("run", "row", "seed")
"""Columns of a sweep beside the outcomes, whose names no factor can have."""


def experiment_names() -> tuple[str, ...]:
    """List the built-in experiments, by the names under which they can be loaded without a path.

    Examples
    --------
    >>> "all_priors" in experiment_names()
    True
    """
    return tuple(sorted(path.stem for path in (builtin_root() / "experiments").glob("*.yaml")))


def load_experiment(source: str | os.PathLike[str]) -> Experiment:
    """Read and validate an experiment.

    Parameters
    ----------
    source : str or path
        A YAML file, or the name of a built-in experiment (`experiment_names`).

    Returns
    -------
    Experiment

    Raises
    ------
    ScenarioError
        With what is wrong: file, line and column, path, what was found and expected, what to do.

    Examples
    --------
    >>> load_experiment("all_priors").design_kind
    'saltelli'
    """
    name = os.fspath(source)
    if not isinstance(name, str) or not name or "\0" in name:
        expected = "a file name or a built-in experiment"
        raise ScenarioError([Problem("<experiment>", found=f"{name!r}", expected=expected)])
    names = experiment_names()
    short = name.removeprefix("experiments/")
    if isinstance(source, str) and short in names:
        root = builtin_root()
        location = Location(root / "experiments" / f"{short}.yaml", f"experiments/{short}", root.resolve())
        return _build(read_file(location.path, location.name), location, None, location.name)
    if not name.endswith((".yaml", ".yml")) and not os.path.exists(name):
        hint = nearest(short, names) or f"Built-in are {', '.join(names)}."
        expected = "a built-in experiment or a file that exists"
        raise ScenarioError([Problem(name, found="no such experiment", expected=expected, hint=hint)])
    location = file_location(Path(name), name)
    return _build(read_file(location.path, location.name), location, None, name)


def experiment_from(data: Mapping[str, Any], name: str = "<experiment>") -> Experiment:
    """Make an experiment from what a file would say.

    Parameters
    ----------
    data : mapping
        As in a file; ``scenario`` may also be a `Scenario` or the mapping that `Scenario.to_dict` returned, paths
        are relative to the working directory, and ``rows: {values: ...}`` may hold arrays.
    name : str
        What errors call it.

    Returns
    -------
    Experiment

    Raises
    ------
    ScenarioError
        If it is no experiment.
    """
    position = Position(name)
    if not isinstance(data, Mapping):
        raise error_at(position, quoted(data), "a mapping of keys to values")
    source = data.get("scenario")
    scenario: Scenario | None = None
    if isinstance(source, Scenario):
        scenario = source
    elif isinstance(source, Mapping):
        scenario = Scenario.from_dict(source, f"{name}:scenario")
    try:
        values = {key: _as_lists(value) for key, value in data.items()}
        tree = from_plain(values if scenario is None else values | {"scenario": scenario.title}, position)
    except (TypeError, RecursionError) as error:
        raise error_at(position, str(error), "values that an experiment file can hold") from None
    return _build(tree, file_location(Path(name), name), scenario, None)


def experiment_from_dict(data: Mapping[str, Any], name: str = "<experiment>") -> Experiment:
    """Make an experiment from what `Experiment.to_dict` returned, on any machine, without its files.

    Parameters
    ----------
    data : mapping
        What `Experiment.to_dict` returned.
    name : str
        What errors call it.

    Returns
    -------
    Experiment
        With the digest of the one that `data` came from, unless a library now draws a design differently.

    Raises
    ------
    ScenarioError
        If it is no experiment.
    """
    return experiment_from({key: value for key, value in data.items() if key not in ("path", "points")}, name)


def _as_lists(value: Any) -> Any:
    """Turn arrays, wherever they stand, into lists."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: _as_lists(inner) for key, inner in value.items()}
    return [_as_lists(inner) for inner in value] if isinstance(value, list | tuple) else value


def _build(tree: Node, location: Location, scenario: Scenario | None, path: str | None) -> Experiment:
    """Validate a tree and resolve it."""
    data = plain(tree)
    all_priors = data.get("vary") == ALL_PRIORS
    if all_priors:
        data["vary"] = {}
    try:
        content = ExperimentContent.model_validate(data)
    except ValidationError as error:
        raise ScenarioError(in_order(problems_of(ExperimentContent, tree, error))) from None
    if not all_priors and not content.vary:
        vary, at = find(tree, ("vary",))
        empty = quoted(plain(vary)) if vary else "nothing"
        raise error_at(at, empty, "at least one factor, or the word priors", path="vary")
    if scenario is None:
        named = find(tree, ("scenario",))[0] or tree
        scenario = load_at(named_scenario(named, location, "scenario"))
    scenario = _with_set(scenario, content, tree)
    plan = content.design.plan
    if isinstance(plan, Rows) and plan.csv is not None:
        place = ("design", "rows", "csv")
        node, at = find(tree, place)
        target = inside_tree(plan.csv, node.position if node else at, location, ".".join(place))
        names = tuple(content.vary)
        plan = Rows.from_file(target, names)
    factors = Factors(scenario, tree)
    taken = (*ADDRESS_COLUMNS, *experiment_columns(scenario), *measures_of(scenario))
    resolved = factors.all_priors(taken) if all_priors else factors.of(content.vary, plan, taken)
    factors.check_ends(resolved)
    if factors.problems:
        raise ScenarioError(in_order(factors.problems))
    misfit = plan.problem(resolved)
    if misfit is not None:
        raise _at(tree, ("design", content.design.kind), *misfit)
    tipping = content.tipping_point
    experiment = Experiment(
        title=content.title,
        scenario=scenario,
        factors=resolved,
        design=plan,
        replications=content.replications,
        seed=content.seed,
        common_luck=content.common_luck,
        outputs=content.outputs,
        keep=content.keep,
        max_failures=content.max_failures,
        tipping=TippingTarget(tipping.factor, tipping.measure, tipping.level, tipping.tolerance) if tipping else None,
        description=content.description,
        path=path,
    )
    if experiment.runs > MAX_RUNS:
        size = f"{experiment.rows:,} rows x {experiment.replications:,} = {experiment.runs:,} runs"
        raise _at(tree, ("replications",), size, f"at most {MAX_RUNS:,}")
    _check_names(experiment, tree)
    _check_rows(experiment, tree)
    return experiment


def _at(tree: Node, path: tuple[str | int, ...], found: str, expected: str, hint: str = "") -> ScenarioError:
    """Build the error about the value at a path of the experiment."""
    file, line, column = located(tree, path)
    return ScenarioError([Problem(file, line, column, ".".join(str(p) for p in path), found, expected, hint)])


def _with_set(scenario: Scenario, content: ExperimentContent, tree: Node) -> Scenario:
    """Lay over the scenario what the experiment sets in all rows."""
    if not content.set:
        return scenario
    try:
        return scenario.replace(content.set)
    except ScenarioError as error:
        problems = []
        for problem in error.problems:
            if problem.file != OVERRIDE:
                problems.append(problem)
                continue
            key = next((k for k in content.set if k == problem.path or k.startswith(f"{problem.path}.")), None)
            key = key or next((k for k in content.set if problem.path.startswith(f"{k}.")), None)
            file, line, column = located(tree, ("set", key) if key else ("set",))
            problems.append(
                Problem(file, line, column, f"set: {problem.path}", problem.found, problem.expected, problem.hint)
            )
        raise ScenarioError(in_order(problems)) from None


def _check_names(experiment: Experiment, tree: Node) -> None:
    """Refuse outputs and measures that no run of the scenario has."""
    if experiment.outputs:
        known = measures_of(experiment.scenario)
        legal = tuple(dict.fromkeys((*experiment_columns(experiment.scenario), *known)))
        for i, name in enumerate(experiment.outputs):
            if name in experiment.outputs[:i]:
                raise _at(tree, ("outputs", i), f"{name[:60]!r} again", "each output once")
            if name not in legal and name not in known:
                raise _at(tree, ("outputs", i), repr(name[:60]), "one of " + ", ".join(legal), nearest(name, legal))
    if experiment.tipping is not None:
        names = {factor.name: factor for factor in experiment.factors}
        wanted, measure = experiment.tipping.factor, experiment.tipping.measure
        if wanted not in names:
            place = ("tipping_point", "factor")
            raise _at(tree, place, repr(wanted), "one of the factors " + ", ".join(names), nearest(wanted, list(names)))
        if names[wanted].kind == "choice":
            raise _at(tree, ("tipping_point", "factor"), f"{wanted!r}, which has choices", "a factor with a range")
        known = measures_of(experiment.scenario)
        if measure not in known:
            place = ("tipping_point", "measure")
            raise _at(tree, place, repr(measure[:60]), "one of " + ", ".join(known), nearest(measure, known))
        _check_level(known[measure], experiment.tipping.level, tree)


def _check_level(measure: Measure, level: float, tree: Node) -> None:
    """Refuse a share that no share can have, and a mean that not every run has."""
    if measure.kind == "date":
        other = measure.name.removesuffix("_day")
        hint = f"Take {DAYS_UNTIL}{other}." if other != "talks" else f"Take {DAYS_UNTIL}{TALKS}."
        found = f"{measure.name!r}, which only some runs have"
        raise _at(tree, ("tipping_point", "measure"), found, "a measure of every run", hint)
    if measure.is_share and not 0.0 < level < 1.0:
        raise _at(tree, ("tipping_point", "level"), f"{level:g}", "a share of runs between 0 and 1")


def experiment_columns(scenario: Scenario) -> tuple[str, ...]:
    """List the outcome columns that a run of a scenario has.

    Examples
    --------
    >>> import sim
    >>> experiment_columns(sim.load("toys/two_actors"))[:4]
    ('replication', 'outcome', 'outcome_day', 'talks_day')
    """
    return tuple(outcome_columns(np.zeros(0, OUTCOME_ROW), bound(scenario)))


def _check_rows(experiment: Experiment, tree: Node) -> None:
    """Refuse a design of whose rows none that is tried is a scenario."""
    failed: tuple[int, Problem] | None = None
    for row in dict.fromkeys(np.linspace(0, experiment.rows - 1, TRIED_ROWS).astype(int).tolist()):
        try:
            experiment.scenario_at(row)
        except ScenarioError as error:
            failed = failed or (row, error.problems[0])
        else:
            return
    if failed is not None:
        row, problem = failed
        values = ", ".join(f"{name} {column[row]}" for name, column in list(experiment.points.items())[:6])
        found = f"no row that is a scenario (row {row}: {values}: {problem.path}: found {problem.found})"
        raise _at(tree, ("vary",), found, problem.expected, "Change ranges so that their values go together.")
