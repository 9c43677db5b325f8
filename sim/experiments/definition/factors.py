"""From what an experiment file says about a quantity to a `Factor`, and whether the scenario can have its values."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from pydantic import ValidationError

from sim.errors import Problem, ScenarioError, UsageError
from sim.experiments.definition.schema import MAX_FACTORS, VariedFactor
from sim.experiments.designs import Design
from sim.experiments.designs.rows import Rows
from sim.experiments.factor import Factor
from sim.experiments.scenario_number import number_at
from sim.scenario.dotted_path import with_values
from sim.scenario.positions import OVERRIDE, Node, Position, dotted, find, from_plain, plain
from sim.scenario.problems import located, problems_of
from sim.scenario.provenance import Prior, Stripped
from sim.scenario.scenario import Scenario
from sim.scenario.schema.fields import start_of
from sim.scenario.schema.scenario import Content

MAX_TRIED_CHOICES = 50


class Factors:
    """The factors of one experiment in the making.

    Parameters
    ----------
    scenario : Scenario
        What is varied.
    tree : Node
        The experiment file, for the places of errors.

    Attributes
    ----------
    problems : list of Problem
        What was found wrong so far.
    """

    def __init__(self, scenario: Scenario, tree: Node) -> None:
        self.scenario, self.tree = scenario, tree
        self.problems: list[Problem] = []
        self._plain = from_plain(scenario.to_dict(), Position("<scenario>"))

    def _problem(self, path: tuple[str | int, ...], found: str, expected: str, hint: str = "") -> None:
        file, line, column = located(self.tree, path)
        self.problems.append(Problem(file, line, column, dotted(path), found, expected, hint))

    def of(self, vary: Mapping[str, VariedFactor], plan: Design, taken: Collection[str]) -> tuple[Factor, ...]:
        """Resolve the factors that a file names, which may not have the names that are taken."""
        for name in set(vary) & set(taken):
            expected = "another name: a column of the results has this one"
            file, line, column = located(self.tree, ("vary", name), at_key=True)
            self.problems.append(Problem(file, line, column, f"vary.{name}", f"a factor called {name!r}", expected))
        factors = [self._factor(name, entry, plan) for name, entry in vary.items()]
        owners: dict[str, str] = {}
        for name, entry in vary.items():
            for path in entry.path or entry.multiplies or ():
                other = owners.setdefault(path, name)
                if other != name:
                    expected = f"each path once; {other!r} drives it already"
                    self._problem(("vary", name), f"the path {path} again", expected)
        return tuple(factor for factor in factors if factor is not None)

    def all_priors(self, taken: Collection[str]) -> tuple[Factor, ...]:
        """Make a factor of every number of the scenario that has a prior, with names that are not taken."""
        stated = {path: note.prior for path, note in self.scenario.provenance.items() if note.prior is not None}
        priors = {path: prior for path, prior in stated.items() if self._is_number(path)}
        if not priors:
            self._problem(("vary",), f"no number with a prior in {self.scenario.title!r}", "prior: beside some numbers")
        if len(priors) > MAX_FACTORS:
            self._problem(("vary",), f"{len(priors)} numbers with a prior", f"at most {MAX_FACTORS}")
            return ()
        names = short_names(list(priors), taken)
        whole = {path: isinstance(_value_at(self._plain, path), int) for path in priors}
        return tuple(
            _of_prior(names[path], (path,), prior, whole[path] and self._needs_whole(path), ())
            for path, prior in priors.items()
        )

    def _is_number(self, path: str) -> bool:
        try:
            number_at(self.scenario, path)
        except UsageError:
            return False
        return True

    def _needs_whole(self, path: str) -> bool:
        """Whether the format takes only whole numbers at a path."""
        return bool(self._misfits({path: number_at(self.scenario, path) + 0.5}, "int_from_float"))

    def _misfits(self, values: Mapping[str, Any], kind: str = "") -> list[Problem]:
        """List what the format, path by path, has against values; not what only the whole scenario can tell."""
        try:
            tree = with_values(Content, self._plain, values)
        except ScenarioError as error:
            return list(error.problems)
        stripped = Stripped(tree)
        try:
            Content.model_validate(stripped.data, context={"start": start_of(stripped.data)})
        except ValidationError as error:
            if kind and all(e["type"] != kind for e in error.errors(include_url=False, include_input=False)):
                return []
            return [p for p in problems_of(Content, stripped.tree, error) if p.file == OVERRIDE]
        return []

    def check_ends(self, factors: tuple[Factor, ...]) -> None:
        """Refuse paths that lead nowhere and values that a path can never have."""
        for factor in factors:
            entry = find(self.tree, ("vary", factor.name))[0]
            keys = entry.value if entry is not None and isinstance(entry.value, dict) else {}
            domain = next((key for key in ("range", "choices", "prior") if key in keys), "")
            ends = factor.choices[:MAX_TRIED_CHOICES] or (factor.value_at(0.0), factor.value_at(1.0))
            for value in ends:
                problems = self._misfits(factor.overrides(value))
                for problem in problems:
                    nowhere = problem.found.startswith("no ") and problem.found.endswith(" there")
                    key = next((k for k in ("path", "multiplies") if k in keys), "") if nowhere else domain
                    path = ("vary", factor.name, key) if key else ("vary", factor.name)
                    self._problem(path, f"{problem.found} at {problem.path}", problem.expected, problem.hint)
                if problems:
                    break

    def _factor(self, name: str, entry: VariedFactor, plan: Design) -> Factor | None:
        paths = entry.path or entry.multiplies or ()
        base: tuple[float, ...] = ()
        if entry.multiplies is not None:
            try:
                base = tuple(number_at(self.scenario, path) for path in paths)
            except UsageError as error:
                self._problem(("vary", name, "multiplies"), str(error), "paths of numbers that the scenario has")
                return None
        if entry.range is not None:
            kind = "log_uniform" if entry.scale == "log" else "uniform"
            return self._whole_or_not(Factor(name, paths, kind, entry.range, whole=entry.whole, base=base))
        if entry.choices is not None:
            named = isinstance(entry.choices, Mapping)
            values = tuple(entry.choices.values() if isinstance(entry.choices, Mapping) else entry.choices)
            labels = tuple(str(label) for label in (entry.choices if named else values))
            return self._multiplying_numbers(Factor(name, paths, "choice", (), values, labels, base=base))
        if entry.prior is True:
            return self._own_prior(name, entry, paths)
        if entry.prior is not None:
            node, at = find(self.tree, ("vary", name, "prior"))
            tree = Node({"value": Node(0.0, at), "prior": node or from_plain(entry.prior, at)}, at)
            stripped = Stripped(Node({"vary": Node({name: tree}, at)}, at))
            self.problems += stripped.problems
            prior = stripped.notes[f"vary.{name}"].prior
            return self._whole_or_not(_of_prior(name, paths, prior, entry.whole, base)) if prior is not None else None
        if not isinstance(plan, Rows):
            self._problem(("vary", name), "neither range, choices nor prior", "one of them")
            return None
        return self._from_rows(name, paths, base, entry.whole, plan)

    def _own_prior(self, name: str, entry: VariedFactor, paths: tuple[str, ...]) -> Factor | None:
        """Take the prior that the scenario states for a path."""
        if entry.multiplies is not None:
            expected = "a prior of the factor, such as {normal: [1, 0.2]}"
            self._problem(("vary", name, "prior"), "true with multiplies", expected)
            return None
        priors = []
        for path in paths:
            note = self.scenario.provenance.get(re.sub(r"\[(\d+)\]", r".\1", path))
            if note is None or note.prior is None:
                available = [p for p, n in self.scenario.provenance.items() if n.prior is not None]
                hint = f"Numbers with a prior: {', '.join(available[:8]) or 'none'}."
                self._problem(("vary", name, "prior"), f"no prior at {path}", "a number that states one", hint)
                return None
            priors.append(note.prior)
        if any(prior != priors[0] for prior in priors):
            self._problem(("vary", name, "prior"), "paths with different priors", "one prior for all paths of a factor")
            return None
        return self._whole_or_not(_of_prior(name, paths, priors[0], entry.whole, ()))

    def _from_rows(
        self, name: str, paths: tuple[str, ...], base: tuple[float, ...], whole: bool, plan: Rows
    ) -> Factor | None:
        """Take what the rows hold."""
        column = list((plan.values or {}).get(name, ()))
        if not column:
            self._problem(("vary", name), f"no values of {name!r} in the rows", "values of every factor")
            return None
        distinct = tuple(dict.fromkeys(column))
        numbers = [float(v) for v in distinct if isinstance(v, int | float) and not isinstance(v, bool)]
        if len(numbers) == len(distinct) and len(distinct) > 1:
            return Factor(name, paths, "uniform", (min(numbers), max(numbers)), whole=whole, base=base)
        labels = tuple(str(value) for value in distinct)
        return self._multiplying_numbers(Factor(name, paths, "choice", (), distinct, labels, base=base))

    def _multiplying_numbers(self, factor: Factor) -> Factor | None:
        if factor.base and not factor.is_number:
            self._problem(("vary", factor.name), "choices that are no numbers", "numbers to multiply by")
            return None
        return factor

    def _whole_or_not(self, factor: Factor) -> Factor | None:
        if factor.whole and factor.kind == "uniform" and np.ceil(factor.parameters[0]) > np.floor(factor.parameters[1]):
            self._problem(("vary", factor.name, "range"), "no whole number in the range", "a range with whole numbers")
            return None
        return factor


def _of_prior(name: str, paths: tuple[str, ...], prior: Prior, whole: bool, base: tuple[float, ...]) -> Factor:
    """Make a factor of a prior as scenarios state it."""
    if prior.kind == "choice":
        distinct = tuple(dict.fromkeys(prior.parameters))
        return Factor(name, paths, "choice", (), distinct, tuple(f"{v:g}" for v in distinct), base=base)
    return Factor(name, paths, prior.kind, prior.parameters, whole=whole, base=base)


def _value_at(tree: Node, path: str) -> Any:
    """Return the plain value at a path without dotted keys, else None."""
    parts: list[str | int] = [int(p) if p.isdecimal() else p for p in path.split(".")]
    node = find(tree, parts)[0]
    return plain(node) if node is not None else None


def short_names(paths: list[str], taken: Collection[str] = ()) -> dict[str, str]:
    """Name paths by their shortest endings that tell them apart, in letters, digits and underscores.

    Parameters
    ----------
    paths : list of str
        Dotted paths, all different.
    taken : collection of str
        Names that none may have.

    Returns
    -------
    dict of str to str
        A name for each path, all different, each at most 40 characters.

    Examples
    --------
    >>> short_names(["actors.us.discount_per_year", "actors.uk.discount_per_year", "deal.talks.technical_share"])
    {'actors.us.discount_per_year': 'us_discount_per_year', 'actors.uk.discount_per_year': 'uk_discount_per_year', \
'deal.talks.technical_share': 'technical_share'}
    """
    parts = {path: path.split(".") for path in paths}
    names: dict[str, str] = {}
    for path in paths:
        own = parts[path]
        for length in range(1, len(own) + 1):
            ending = own[-length:]
            plain_name = re.sub(r"\W+", "_", "_".join(ending), flags=re.ASCII).strip("_")
            alone = sum(other[-length:] == ending for other in parts.values()) == 1
            if not ending[0].isdecimal() and alone and plain_name not in taken:
                break
        name = plain_name[-40:].lstrip("_0123456789") or "factor"
        suffix = 2
        while name in names.values() or name in taken or name in ("and", "or", "not"):
            name = f"{name[-36:].lstrip('_0123456789')}_{suffix}"
            suffix += 1
        names[path] = name
    return names
