"""The numbers of a scenario that nobody knows, and draws of all of them from their priors.

A number is uncertain if the scenario gives it a prior of its own, or if one of the priors that all scenarios share fits
its path and no source states it. Whatever is left is as the scenario says.

Draws are a Latin hypercube (`sim.experiments.designs`): each number alone is spread evenly, and numbers are paired at
random. The points of a Sobol' sequence would be paired by rule, and of some hundred numbers, more than it has
good projections for at a few hundred draws, one would seem to know of another. Values come from the inverse
distributions of `sim.experiments.factor`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from sim.experiments.designs.latin_hypercube import hypercube
from sim.experiments.factor import Factor
from sim.experiments.priors import PriorRule, shared_priors
from sim.scenario.provenance import VARIATIONS, Prior
from sim.scenario.resolved_value import value_at
from sim.scenario.scenario import Scenario

NOT_DRAWN: Final = ("horizon_days", "schema_version", "steps_per_day")
"""Numbers that say how long and how to compute."""


@dataclass(frozen=True, slots=True)
class Uncertain:
    """One uncertain number.

    Attributes
    ----------
    path : str
        Of the scenario.
    factor : Factor
        Its distribution.
    own : float
        What the scenario says; NaN for a distribution.
    why_late : str
        In a back-test why its value could not have been known on the date; empty if it could.
    """

    path: str
    factor: Factor
    own: float
    why_late: str = ""


def uncertain_numbers(scenario: Scenario) -> tuple[Uncertain, ...]:
    """List the uncertain numbers of a scenario, in order of their paths.

    Parameters
    ----------
    scenario : Scenario
        With what its files say of its numbers.

    Returns
    -------
    tuple of Uncertain

    Examples
    --------
    >>> import sim
    >>> [number.path for number in uncertain_numbers(sim.load("toys/two_actors"))][:2]
    ['actors.rebels.discount_per_year', 'actors.state.discount_per_year']
    """
    content, found = scenario.to_dict(), []
    for path, note in sorted(scenario.provenance.items()):
        if path in NOT_DRAWN or path.partition(".")[0] in VARIATIONS:
            continue
        rule = PriorRule(prior=note.prior, because="its own") if note.prior is not None else rule_for(path)
        if rule is None or (note.prior is None and note.source is not None and not note.used_to_fit and not rule.times):
            continue  # nothing is said of it, or it was published
        factor = factor_of(path, path, rule, value_at(content, path)[0])
        if factor is not None:
            found.append(Uncertain(path, factor, own_number(value_at(content, path)[0])))
    return tuple(found)


def rule_for(path: str, rules: Mapping[str, PriorRule] | None = None) -> PriorRule | None:
    """Return the first rule whose pattern fits a path, of those that all scenarios share if none are given."""
    rules = shared_priors() if rules is None else rules
    return next((rule for pattern, rule in rules.items() if fnmatchcase(path, pattern)), None)


def own_number(value: Any) -> float:
    """Return the number that a scenario says; NaN for a distribution."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")


def factor_of(name: str, path: str, rule: PriorRule, value: Any) -> Factor | None:
    """Build the distribution of a number; None where there is nothing to draw: a size or a factor of 0.

    Parameters
    ----------
    name, path : str
        Of the number, and where it stands in the scenario that is run.
    rule : PriorRule
        How it is drawn.
    value : float or mapping
        What the scenario says: a number, or a distribution.
    """
    prior, own = rule.prior or rule.magnitude or rule.times, own_number(value)
    assert isinstance(prior, Prior)
    if rule.prior is None and (np.isnan(own) or own == 0.0):
        return None
    base = () if rule.prior is not None else (float(np.sign(own)),) if rule.magnitude is not None else (own,)
    whole = isinstance(value, int) and not isinstance(value, bool)
    if prior.kind == "choice":
        choices = tuple(int(c) if whole and c.is_integer() else c for c in prior.parameters)
        return Factor(name, (path,), "choice", choices=choices, base=base)
    return Factor(name, (path,), prior.kind, prior.parameters, base=base, whole=whole and not base)


def draw(uncertain: tuple[Uncertain, ...], draws: int, seed: int) -> NDArray[np.float64]:
    """Draw points of the unit cube, one row a draw.

    Parameters
    ----------
    uncertain : tuple of Uncertain
        The axes.
    draws : int
        Rows.
    seed : int
        Of the pairing.

    Returns
    -------
    ndarray of float64, shape (draws, len(uncertain))
    """
    if not uncertain:
        return np.zeros((draws, 0))
    return hypercube(draws, len(uncertain), seed)


def overrides(uncertain: tuple[Uncertain, ...], points: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Return for each draw the values by path of the frozen scenario; probabilities stay at most 1."""
    rows: list[dict[str, Any]] = [{} for _ in points]
    for number, units in zip(uncertain, points.T, strict=True):
        for row, drawn in zip(rows, number.factor.values(units).tolist(), strict=True):
            for path, value in number.factor.overrides(drawn).items():
                row[path] = min(value, 1.0) if path.endswith(".probability") else value
    return rows
