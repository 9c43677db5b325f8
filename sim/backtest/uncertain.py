"""Which numbers of a frozen scenario are drawn.

A number is drawn if a pattern of the back-test's priors fits its path, or if the scenario gives it a prior of its
own. One that knows too much on the date, fitted or published later, has to be drawn, and from a prior that does not
start from its value: else the back-test is refused and says which number it was. Whatever is left stays as the
scenario says.
"""

from __future__ import annotations

from typing import Any

from sim.backtest.frozen import Frozen
from sim.errors import ScenarioError
from sim.experiments.priors import PriorRule
from sim.experiments.uncertain import NOT_DRAWN, Uncertain, factor_of, own_number, rule_for
from sim.scenario.hindsight import Hindsight, hindsight
from sim.scenario.provenance import VARIATIONS
from sim.scenario.resolved_value import value_at


def drawn_numbers(frozen: Frozen) -> tuple[Uncertain, ...]:
    """List the numbers of a frozen scenario that are drawn, in order of their paths.

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
    content, found = frozen.told.to_dict(), []
    problems = []
    for path in sorted({*frozen.told.provenance, *late}):
        if path in NOT_DRAWN or path.partition(".")[0] in VARIATIONS or frozen.is_history(path):
            continue
        note, rule = frozen.told.provenance[path], rule_for(path, frozen.backtest.priors)
        if rule is None and (note.prior is None or path in late):
            if path in late:
                problems.append(_no_prior(frozen, late[path]))
            continue
        rule = rule or PriorRule(prior=note.prior, because="its own")
        if path not in late and note.source is not None and not note.used_to_fit and rule.times is None:
            continue  # published by then
        if rule.times is not None and path in late:
            problems.append(_no_prior(frozen, late[path]))
            continue
        value = value_at(content, path)[0]
        factor = factor_of(path, frozen.path(path), rule, value)
        if factor is not None:
            found.append(Uncertain(path, factor, own_number(value), late[path].why if path in late else ""))
    if problems:
        raise ScenarioError(problems)
    return tuple(found)


def _no_prior(frozen: Frozen, late: Hindsight) -> Any:
    example = f"{{{late.path}: {{prior: {{uniform: [LOW, HIGH]}}, because: ...}}}}"
    hint = f"Give the back-test a prior for it:  priors: {example}."
    expected = f"a number known on {frozen.as_of}, or a prior that does not start from it"
    return frozen.told.problem(late.path, late.why, expected, hint)
