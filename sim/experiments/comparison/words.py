"""What a comparison says in plain words: which differences are sure, which are not, and how much that is worth.

*Surely* means that the 95 % interval of the paired difference lies on one side of 0. Of twenty intervals one misses by
luck alone, so where many are looked at, the expected number of such is said.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from sim.experiments.measures import measure_words

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison.rule_robustness import RuleRobustness

MISSES = 0.05
SURE = ("surely more often", "surely less often", "payoff surely higher", "payoff surely lower")
UNSURE, SAME = "not surely different", "the same in every run"


def comparison_words(
    names: Sequence[str],
    runs: int,
    differences: pd.DataFrame,
    payoffs: pd.DataFrame,
    labels: Mapping[str, str],
    rules: RuleRobustness | None,
) -> tuple[str, ...]:
    """Sum up a comparison.

    Parameters
    ----------
    names : sequence of str
        Of the scenarios, the reference first.
    runs : int
        Of each.
    differences, payoffs : pandas.DataFrame
        As of `sim.experiments.comparison.tables`.
    labels : mapping of str to str
        What actors are called, by name.
    rules : RuleRobustness or None
        The comparison under other rules.

    Returns
    -------
    tuple of str
        A sentence for each scenario but the reference, then how to read them.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> sim.compare([toy], runs=30, seed=1, baselines=False).summary
    ('Two actors, captives for quiet is alone: give another scenario, so that something can differ.',)
    """
    reference, *others = names
    if not others:
        return (f"{reference} is alone: give another scenario, so that something can differ.",)
    sentences = []
    compared = 0
    for name in others:
        by_kind = sorted_differences(_of(differences, name), _of(payoffs, name), labels)
        compared += sum(len(by_kind[kind]) for kind in (*SURE, UNSURE))
        sentences.append(_sentence(name, reference, by_kind))
    by_luck = MISSES * compared
    sentences.append(
        f"Differences are from {reference}, over {runs:,} pairs of runs on the same luck. Surely means that the 95 % "
        f"interval (in brackets) excludes 0; of {compared} differences about {by_luck:.0f} would by luck alone."
    )
    return (*sentences, *(_about_rules(rules, runs) if rules is not None else ()))


def sorted_differences(
    differences: pd.DataFrame, payoffs: pd.DataFrame, labels: Mapping[str, str]
) -> dict[str, list[str]]:
    """Sort what differs between a scenario and the reference.

    Parameters
    ----------
    differences, payoffs : pandas.DataFrame
        Of the scenario alone.
    labels : mapping of str to str
        What actors are called, by name.

    Returns
    -------
    dict of str to list of str
        Under each of `SURE`, `UNSURE` and `SAME` what belongs there, in words. An outcome that neither has in any
        run is nowhere.
    """
    by_kind: dict[str, list[str]] = {kind: [] for kind in (*SURE, UNSURE, SAME)}
    for outcome, row in differences.iterrows():
        if row.reference or row.share:
            size = f"{100 * row.difference:+.1f} points [{100 * row.low:.1f}, {100 * row.high:.1f}]"
            by_kind[_kind(row, SURE[0], SURE[1])].append(f"{measure_words(str(outcome))} ({size})")
    for actor, row in payoffs.iterrows():
        if not math.isnan(row.difference):
            size = f"{row.difference:+.3f} util [{row.low:.3f}, {row.high:.3f}]"
            kind = _kind(row, SURE[2], SURE[3])
            by_kind[kind].append(f"{'' if kind in SURE else 'payoff of '}{labels[str(actor)]} ({size})")
    return by_kind


def _of(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows of one scenario."""
    rows: Any = table.loc[name]
    return cast("pd.DataFrame", rows)


def _kind(row: Any, more: str, less: str) -> str:
    if row.difference == 0.0 and not math.isfinite(row.independent_runs):  # no pair of runs differs
        return SAME
    return more if row.low > 0.0 else less if row.high < 0.0 else UNSURE


def _sentence(name: str, reference: str, by_kind: Mapping[str, Sequence[str]]) -> str:
    if not any(by_kind[kind] for kind in (*SURE, UNSURE)):
        return f"{name}: the same as {reference} in every run."
    parts = [f"{kind}: {', '.join(by_kind[kind])}" for kind in SURE if by_kind[kind]]
    for kind in (UNSURE, SAME):
        bare = [text.partition(" (")[0] for text in by_kind[kind]]
        parts += [f"{kind}: {', '.join(bare)}"] if bare else []
    return f"{name}: {'; '.join(parts)}."


def _about_rules(rules: RuleRobustness, runs: int) -> list[str]:
    table = rules.conclusions
    survive = [f"{_named(place)} {table.loc[place, rules.rules[0]]}" for place in table.index[table.survives]]
    against = [_named(place) for place in table.index[table.contradicted]]
    fewer = {rule: count for rule, count in rules.runs.items() if count < runs}
    sentences = [
        f"The same sure sign under all of {len(rules.rules)} rules ({', '.join(rules.rules)}): "
        f"{'; '.join(survive) if survive else 'nothing'}.",
        f"Opposite sure signs under two of them: {'; '.join(against) if against else 'nothing'}.",
    ]
    full = [rule for rule in rules.rules if rule not in fewer]
    if fewer and full:
        signs = table[full]
        agree = (signs.nunique(axis=1) == 1) & (signs[full[0]] != "?") & ~table.survives & ~table.contradicted
        more = [f"{_named(place)} {table.loc[place, full[0]]}" for place in table.index[agree]]
        sentences.append(
            f"And under all but {', '.join(fewer)}, not sure there: {'; '.join(more) if more else 'nothing'}."
        )
    if fewer:
        few = ", ".join(f"{rule} {count:,}" for rule, count in fewer.items())
        sentences.append(
            f"Fewer runs, because each costs more: {few}; a sign that is not sure there may only lack runs."
        )
    return sentences


def _named(place: Any) -> str:
    scenario, outcome = place
    return f"{str(outcome).replace('_', ' ')} in {scenario}"
