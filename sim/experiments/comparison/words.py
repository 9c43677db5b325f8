"""What a comparison says in plain words: which differences are sure, which are not, and how much that is worth.

*Surely* means that the 95 % interval of the paired difference lies on one side of 0, and where all uncertain numbers
were drawn, that over draws too. Of twenty intervals one misses by luck alone, so where many are looked at, the expected
number of such is said. Two scenarios are called the same only if
the tables of their outcomes are equal in every column, and one thing only if it is equal in every run. Of each kind the
most decisive differences come first, by size over standard error, behind those that the reference puts into its
``headline``; those beyond `MOST` are counted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast

from sim.experiments.comparison.tables import sure_sign
from sim.experiments.measures import DAYS_UNTIL, TALKS, Measure

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiments.comparison.over_draws import OverDraws
    from sim.experiments.comparison.rule_robustness import RuleRobustness

MISSES = 0.05
MOST = 6
"""Differences of one kind that a sentence names."""
SURE: Final = (
    "surely more often", "surely less often", "surely earlier", "surely later", "surely more", "surely less",
    "payoff surely higher", "payoff surely lower",
)  # fmt: skip
UNSURE, SAME = "not surely different", "the same in every run"
_OFTEN, _EARLIER, _MORE, _PAYOFF = SURE[:2], SURE[2:4], SURE[4:6], SURE[6:]
_LATER: Final = (_EARLIER[1], _EARLIER[0])
_END: Final = [*_LATER]
"""The end of a run is no date of something: it is called so whether or not it is sure."""
_COUNTS: Final = frozenset({"deaths", "civilian_deaths", "attacks"})
_COUNTS_OF: Final = ("freed_", "troops_")
"""Counts that a sentence names, and those of groups and forces by the beginning of their columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Tables:
    """What the sentences about differences are drawn from; see `sim.experiments.comparison.tables`.

    Attributes
    ----------
    differences, milestones, numbers, payoffs : pandas.DataFrame
        Of all scenarios.
    measures : mapping of str to Measure
        Of all scenarios, by name.
    headline : sequence of str
        Measures that the reference names first; empty where it names none.
    apart : mapping of str to sequence of str
        By scenario the columns of outcomes in which some run is not equal to that of the reference, and those that only
        one of the two has.
    judged : mapping of str to mapping of str to str
        By scenario whose payoffs are judged otherwise than in the reference, and by what.
    labels, titles : mapping of str to str
        What actors and scenarios are called, by name.
    """

    differences: pd.DataFrame
    milestones: pd.DataFrame
    numbers: pd.DataFrame
    payoffs: pd.DataFrame
    measures: Mapping[str, Measure]
    apart: Mapping[str, Sequence[str]]
    headline: Sequence[str] = ()
    judged: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)


def comparison_words(
    names: Sequence[str],
    runs: int,
    tables: Tables,
    rules: RuleRobustness | None,
    draws: OverDraws | None = None,
    expectations: Iterable[str] = (),
) -> tuple[str, ...]:
    """Sum up a comparison.

    Parameters
    ----------
    names : sequence of str
        Of the scenarios, the reference first.
    runs : int
        Of each.
    tables : Tables
        What differs.
    rules : RuleRobustness or None
        The comparison under other rules.
    draws : OverDraws or None
        What the intervals over draws were taken over, if there are any.
    expectations : iterable of str
        Sentences on what scenarios expected of themselves.

    Returns
    -------
    tuple of str
        A sentence for each scenario but the reference, how to read them, then expectations and rules.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> sim.compare([toy], runs=30, seed=1, baselines=False).summary
    ('Two actors, captives for quiet is alone: give another scenario, so that something can differ.',)
    """
    reference, *others = names
    against = tables.titles.get(reference, reference)
    if not others:
        return (f"{against} is alone: give another scenario, so that something can differ.", *expectations)
    sentences = []
    compared = 0
    for name in others:
        by_kind, called = sorted_differences(tables, name), tables.titles.get(name, name)
        compared += sum(len(by_kind[kind]) for kind in (*SURE, UNSURE))
        if not tables.apart[name]:
            sentences.append(f"{called}: the same as {against} in every run.")
        elif not any(by_kind[kind] for kind in (*SURE, UNSURE)):
            sentences.append(f"{called}: differs from {against} in {', '.join(map(_words, tables.apart[name]))} only.")
        else:
            sentences.append(_sentence(called, by_kind, max(MOST, len(tables.headline))))
    by_luck = MISSES * compared
    sentences.append(
        f"Differences are from {against}, over {runs:,} pairs of runs on the same luck; a date that a run does not "
        f"reach counts as the end of the shortest horizon. Surely means that the 95 % interval (in brackets) excludes "
        + (
            f"0; of {compared} differences about {by_luck:.0f} would by luck alone."
            if draws is None
            else f"0, and the one over draws too. {draws.words}"
        )
    )
    return (*sentences, *expectations, *(_about_rules(rules, runs) if rules is not None else ()))


def sorted_differences(tables: Tables, name: str) -> dict[str, list[str]]:
    """Sort what differs between a scenario and the reference.

    Parameters
    ----------
    tables : Tables
        What differs.
    name : str
        The scenario.

    Returns
    -------
    dict of str to list of str
        Under each of `SURE`, `UNSURE` and `SAME` what belongs there, in words, the most decisive first. What neither
        has in any run, and what only one of them has at all, is nowhere. Of numbers, deaths, attacks, captives freed,
        troops and what the scenario declares are named.
    """
    found: dict[str, list[tuple[int, float, str]]] = {kind: [] for kind in (*SURE, UNSURE, SAME)}
    rank = {measure: place for place, measure in enumerate(tables.headline)}

    def put(measure: str, row: Any, kinds: Sequence[str], bare: str, size: str, note: str = "") -> None:
        sign = sure_sign(row)
        kind = SAME if row.differing == 0 else kinds[0] if sign > 0 else kinds[1] if sign < 0 else UNSURE
        text = bare
        if kind not in SURE:
            text = f"payoff of {bare}" if kinds is _PAYOFF else f"date of {bare}" if kinds is _LATER else bare
        said = f"{text} ({size}{note})" if kind in SURE else text
        found[kind].append((rank.get(measure, len(rank)), -_decisiveness(row), said))

    for measure, row in _of(tables.differences, name).iterrows():
        if not math.isnan(row.difference) and (row.reference or row.share):
            size = f"{100 * row.difference:+.1f} points [{100 * row.low:.1f}, {100 * row.high:.1f}]"
            size += drawn_words(row, 100.0, 1)
            put(str(measure), row, _OFTEN, _label(tables, str(measure)), size)
    for event, row in _of(tables.milestones, name).iterrows():
        if not math.isnan(row.difference) and (row.differing or row.share):
            size = f"{row.difference:+.1f} days [{row.low:.1f}, {row.high:.1f}]{drawn_words(row, 1.0, 1)}"
            label = "talks" if str(event) == TALKS else _label(tables, str(event))
            put(f"{DAYS_UNTIL}{event}", row, _LATER, label, size)
    for column, row in _of(tables.numbers, name).iterrows():
        measure = tables.measures.get(str(column))
        if math.isnan(row.difference) or measure is None or not _is_said(measure, tables.headline):
            continue
        if measure.name == "end_day":
            size = f"{row.difference:+.1f} days [{row.low:.1f}, {row.high:.1f}]{drawn_words(row, 1.0, 1)}"
            put(measure.name, row, _END, measure.label, size)
        elif row.differing or row["mean"]:
            places = 1 if max(abs(row.low), abs(row.high)) >= 10.0 else 3
            low, high = (f"{end:,.{places}f}" for end in (row.low, row.high))
            unit = f" {measure.unit}" if measure.unit else ""
            size = f"{row.difference:+,.{places}f}{unit} [{low}, {high}]{drawn_words(row, 1.0, places)}"
            put(measure.name, row, _MORE, measure.label, size)
    for actor, row in _of(tables.payoffs, name).iterrows():
        if not math.isnan(row.difference):
            size = f"{row.difference:+.3f} util [{row.low:.3f}, {row.high:.3f}]{drawn_words(row, 1.0, 3)}"
            judged = tables.judged.get(name, {}).get(str(actor))
            note = f", judged by {judged}" if judged else ""
            put(f"payoff_{actor}", row, _PAYOFF, tables.labels[str(actor)], size, note)
    return {kind: [text for *_, text in sorted(some, key=lambda one: one[:2])] for kind, some in found.items()}


def drawn_words(row: Any, scale: float, places: int) -> str:
    """Write the interval over draws behind that of luck; empty where nothing was drawn.

    Examples
    --------
    >>> drawn_words({"drawn_low": -0.021, "drawn_high": 0.4}, 100.0, 1)
    ', over draws [-2.1, 40.0]'
    """
    if "drawn_low" not in row or math.isnan(row["drawn_low"]):
        return ""
    low, high = (f"{scale * row[end]:,.{places}f}" for end in ("drawn_low", "drawn_high"))
    return f", over draws [{low}, {high}]"


def _is_said(measure: Measure, headline: Sequence[str]) -> bool:
    """Whether a sentence names a number: a count, a date of the run, or what the scenario declares or puts first."""
    if measure.kind == "date" or measure.name.startswith("payoff_"):
        return False
    counted = measure.name in _COUNTS or measure.name.startswith(_COUNTS_OF)
    return counted or measure.kind == "declared" or measure.name in headline or measure.name == "end_day"


def _label(tables: Tables, measure: str) -> str:
    known = tables.measures.get(measure)
    return known.label if known is not None else _words(measure)


def _decisiveness(row: Any) -> float:
    """Return the size of a difference over its standard error; unknown errors come last, errors of 0 first."""
    if math.isnan(row.standard_error):
        return 0.0
    size = abs(float(row.difference))
    return size / row.standard_error if row.standard_error else math.inf if size else 0.0


def _of(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows of one scenario; none if it has none."""
    if name not in table.index.get_level_values(0):
        return table.iloc[:0]
    rows: Any = table.loc[name]
    return cast("pd.DataFrame", rows)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _sentence(name: str, by_kind: Mapping[str, Sequence[str]], most: int) -> str:
    parts = []
    for kind in (*SURE, UNSURE, SAME):
        if by_kind[kind]:
            more = len(by_kind[kind]) - most
            beyond = f" and {more} more" if more > 0 else ""
            parts.append(f"{kind}: {', '.join(by_kind[kind][:most])}{beyond}")
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
