"""What a comparison says in plain words: which differences are sure, which are not, and how much that is worth.

*Surely* means that the 95 % interval of the paired difference lies on one side of 0. Of twenty intervals one misses by
luck alone, so where many are looked at, the expected number of such is said.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.experiments.measures import measure_words

if TYPE_CHECKING:
    from sim.experiments.comparison.comparison import Comparison

MISSES = 0.05
SURE = ("surely more often", "surely less often", "payoff surely higher", "payoff surely lower")
UNSURE, SAME = "not surely different", "the same in every run"


def comparison_words(comparison: Comparison) -> tuple[str, ...]:
    """Sum up a comparison.

    Parameters
    ----------
    comparison : Comparison
        With at least one scenario.

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
    others = [name for name in comparison.batches if name != comparison.reference]
    if not others:
        return (f"{comparison.reference} is alone: give another scenario, so that something can differ.",)
    said = []
    looked = 0
    for name in others:
        found = sorted_differences(comparison, name)
        looked += sum(len(found[kind]) for kind in (*SURE, UNSURE))
        said.append(_sentence(comparison, name, found))
    by_luck = MISSES * looked
    said.append(
        f"Differences are from {comparison.reference}, over {comparison.runs:,} pairs of runs on the same luck. Surely "
        f"means that the 95 % interval (in brackets) excludes 0; of {looked} differences about {by_luck:.0f} would by "
        "luck alone."
    )
    return (*said, *_about_rules(comparison))


def sorted_differences(comparison: Comparison, name: str) -> dict[str, list[str]]:
    """Sort what differs between a scenario and the reference.

    Parameters
    ----------
    comparison : Comparison
        As it is.
    name : str
        A scenario of it.

    Returns
    -------
    dict of str to list of str
        Under each of `SURE`, `UNSURE` and `SAME` what belongs there, in words. An outcome that neither has in any
        run is nowhere.
    """
    found: dict[str, list[str]] = {kind: [] for kind in (*SURE, UNSURE, SAME)}
    for outcome, row in comparison.differences.loc[name].iterrows():
        if row.reference or row.share:
            word = measure_words(str(outcome))
            size = f"{100 * row.difference:+.1f} points [{100 * row.low:.1f}, {100 * row.high:.1f}]"
            found[_kind(row, SURE[0], SURE[1])].append(f"{word} ({size})")
    labels = _labels(comparison)
    for actor, row in comparison.payoffs.loc[name].iterrows():
        if not math.isnan(row.difference):
            size = f"{row.difference:+.3f} util [{row.low:.3f}, {row.high:.3f}]"
            kind = _kind(row, SURE[2], SURE[3])
            found[kind].append(f"{'' if kind in SURE else 'payoff of '}{labels[str(actor)]} ({size})")
    return found


def _kind(row: Any, more: str, less: str) -> str:
    if row.difference == 0.0 and not math.isfinite(row.independent_runs):  # no pair of runs differs
        return SAME
    return more if row.low > 0.0 else less if row.high < 0.0 else UNSURE


def _sentence(comparison: Comparison, name: str, found: dict[str, list[str]]) -> str:
    if not any(found[kind] for kind in (*SURE, UNSURE)):
        return f"{name}: the same as {comparison.reference} in every run."
    parts = [f"{kind}: {', '.join(found[kind])}" for kind in SURE if found[kind]]
    for kind in (UNSURE, SAME):
        bare = [text.partition(" (")[0] for text in found[kind]]
        parts += [f"{kind}: {', '.join(bare)}"] if bare else []
    return f"{name}: {'; '.join(parts)}."


def _labels(comparison: Comparison) -> dict[str, str]:
    found: dict[str, str] = {}
    for scenario in comparison.scenarios.values():
        for key, actor in scenario.actors.items():
            found.setdefault(key, actor.label or key)
    return found


def _about_rules(comparison: Comparison) -> list[str]:
    rules = comparison.rules
    if rules is None:
        return []
    table = rules.conclusions
    survive = [f"{_named(place)} {table.loc[place, rules.rules[0]]}" for place in table.index[table.survives]]
    against = [_named(place) for place in table.index[table.contradicted]]
    fewer = {rule: count for rule, count in rules.runs.items() if count < comparison.runs}
    said = [
        f"The same sure sign under all of {len(rules.rules)} rules ({', '.join(rules.rules)}): "
        f"{'; '.join(survive) if survive else 'nothing'}.",
        f"Opposite sure signs under two of them: {'; '.join(against) if against else 'nothing'}.",
    ]
    full = [rule for rule in rules.rules if rule not in fewer]
    if fewer and full:
        signs = table[full]
        agree = (signs.nunique(axis=1) == 1) & (signs[full[0]] != "?") & ~table.survives & ~table.contradicted
        more = [f"{_named(place)} {table.loc[place, full[0]]}" for place in table.index[agree]]
        said.append(f"And under all but {', '.join(fewer)}, not sure there: {'; '.join(more) if more else 'nothing'}.")
    if fewer:
        few = ", ".join(f"{rule} {count:,}" for rule, count in fewer.items())
        said.append(f"Fewer runs, because each costs more: {few}; a sign that is not sure there may only lack runs.")
    return said


def _named(place: Any) -> str:
    scenario, outcome = place
    return f"{str(outcome).replace('_', ' ')} in {scenario}"
