"""Which numbers of a frozen scenario are uncertain, and draws of all of them from their priors.

A number is drawn if a pattern of the back-test's priors fits its path, or if the scenario gives it a prior of its
own. One that knows too much on the date, fitted or published later, has to be drawn, and from a prior that does not
start from its value: else the back-test is refused and says which number it was. Whatever is left stays as the
scenario says.

Draws are those of a scrambled Sobol' sequence, so that a hundred cover the space better than a hundred independent
ones; values come from the inverse distributions of `sim.experiments.factor`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.backtest.definition import PriorRule
from sim.backtest.frozen import Frozen
from sim.errors import ScenarioError, UsageError
from sim.experiments.factor import Factor
from sim.experiments.scenario_number import number_at
from sim.scenario.hindsight import Hindsight, hindsight
from sim.scenario.provenance import VARIATIONS, Prior

NOT_DRAWN = ("horizon_days", "schema_version", "steps_per_day")
"""Numbers that a back-test sets itself, or that say how to compute."""


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
        Why its value could not have been known; empty if it could.
    """

    path: str
    factor: Factor
    own: float
    why_late: str


def uncertain_numbers(frozen: Frozen) -> tuple[Uncertain, ...]:
    """List the uncertain numbers of a frozen scenario, in order of their paths.

    Parameters
    ----------
    frozen : Frozen
        With its history imposed.

    Returns
    -------
    tuple of Uncertain

    Raises
    ------
    ScenarioError
        If a number knows too much and no prior replaces it, or only one that starts from its value.
    """
    late = {h.path: h for h in hindsight(frozen.told, frozen.backtest.record, frozen.as_of)}
    found: list[Uncertain] = []
    problems = []
    for path in sorted({*frozen.told.provenance, *late}):
        if path in NOT_DRAWN or path.partition(".")[0] in VARIATIONS or frozen.is_history(path):
            continue
        pattern = next((p for p in frozen.backtest.priors if fnmatchcase(path, p)), None)
        own_prior = frozen.told.provenance[path].prior
        if pattern is None and (own_prior is None or path in late):
            if path in late:
                problems.append(_no_prior(frozen, late[path]))
            continue
        rule = frozen.backtest.priors[pattern] if pattern is not None else PriorRule(prior=own_prior, because="its own")
        note = frozen.told.provenance[path]
        if path not in late and note.source is not None and not note.used_to_fit and rule.times is None:
            continue  # published by then
        own = _own(frozen, path)
        if rule.times is not None and path in late:
            problems.append(_no_prior(frozen, late[path]))
            continue
        factor = _factor(frozen, path, rule, own)
        if factor is not None:
            found.append(Uncertain(path, factor, own, late[path].why if path in late else ""))
    if problems:
        raise ScenarioError(problems)
    return tuple(found)


def _no_prior(frozen: Frozen, late: Hindsight) -> Any:
    example = f"{{{late.path}: {{prior: {{uniform: [LOW, HIGH]}}, because: ...}}}}"
    hint = f"Give the back-test a prior for it:  priors: {example}."
    expected = f"a number known on {frozen.as_of}, or a prior that does not start from it"
    return frozen.told.problem(late.path, late.why, expected, hint)


def _own(frozen: Frozen, path: str) -> float:
    try:
        return number_at(frozen.told, path)
    except UsageError:
        return float("nan")


def _factor(frozen: Frozen, path: str, rule: PriorRule, own: float) -> Factor | None:
    """Build the distribution; None where there is nothing to draw: a size or a factor of 0."""
    prior = rule.prior or rule.magnitude or rule.times
    assert isinstance(prior, Prior)
    where = (frozen.path(path),)
    if rule.prior is None and (np.isnan(own) or own == 0.0):
        return None
    base = () if rule.prior is not None else (float(np.sign(own)),) if rule.magnitude is not None else (own,)
    whole = bool(own == int(own) and isinstance(_value(frozen, path), int)) if not np.isnan(own) else False
    if prior.kind == "choice":
        choices = tuple(int(c) if whole and c.is_integer() else c for c in prior.parameters)
        return Factor(path, where, "choice", choices=choices, base=base)
    return Factor(path, where, prior.kind, prior.parameters, base=base, whole=whole and not base)


def _value(frozen: Frozen, path: str) -> Any:
    node: Any = frozen.told.to_dict()
    for part in path.split("."):
        node = node.get(part) if isinstance(node, Mapping) else node[int(part)] if isinstance(node, list) else None
    return node


def draw(uncertain: tuple[Uncertain, ...], draws: int, seed: int) -> NDArray[np.float64]:
    """Draw points of the unit cube, one row a draw.

    Parameters
    ----------
    uncertain : tuple of Uncertain
        The axes.
    draws : int
        Rows.
    seed : int
        Of the scrambling.

    Returns
    -------
    ndarray of float64, shape (draws, len(uncertain))
    """
    from scipy.stats import qmc

    if not uncertain:
        return np.zeros((draws, 0))
    sampler = qmc.Sobol(d=len(uncertain), scramble=True, rng=np.random.default_rng(seed))
    exponent = max(int(np.ceil(np.log2(draws))), 0)
    return np.asarray(sampler.random_base2(exponent)[:draws], dtype=np.float64)


def overrides(uncertain: tuple[Uncertain, ...], points: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Return for each draw the values by path of the frozen scenario; probabilities stay at most 1."""
    rows: list[dict[str, Any]] = [{} for _ in points]
    for number, units in zip(uncertain, points.T, strict=True):
        for row, drawn in zip(rows, number.factor.values(units).tolist(), strict=True):
            for path, value in number.factor.overrides(drawn).items():
                row[path] = min(value, 1.0) if path.endswith(".probability") else value
    return rows
