"""The finding of a comparison in one sentence, for the title of a figure: what differs most of what surely differs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.term_labels import term_words
from sim.experiments.comparison.tables import sure_sign
from sim.experiments.measures import TALKS
from sim.experiments.outcome_share import FAILED, outcome_shares

if TYPE_CHECKING:
    from sim.engine.batch import Batch
    from sim.experiments.comparison.comparison import Comparison

NOTHING = "Nothing differs surely"


def share_finding(comparison: Comparison, measures: Sequence[str] = ()) -> str:
    """Say which share of runs differs most from the reference, of those that surely differ.

    Ends and talks come before milestones and promises, scenarios that were asked for before the two rows that every
    comparison has.

    Parameters
    ----------
    comparison : Comparison
        Its first scenario is the reference.
    measures : sequence of str
        Of which measures; all if left out.

    Examples
    --------
    >>> import sim
    >>> toy = sim.load("toys/two_actors")
    >>> sooner = toy.replace({"deal.outcomes.settlement.per_day": 0.05, "title": "Settled sooner"})
    >>> share_finding(sim.compare([toy, sooner], runs=200, seed=7)).split(":")[0]
    'Settled sooner'
    """
    reference = comparison.scenarios[comparison.reference]
    titles = comparison.titles
    table = comparison.differences
    ends = (*reference.headline, *reference.outcome_names, TALKS)
    rows: list[Any] = []
    for place, row in table.iterrows():
        place_names: Any = place
        name, measure = map(str, place_names)
        if (not measures or measure in measures) and sure_sign(row):
            order = (name not in comparison.given, measure not in ends, -abs(row.difference))
            rows.append((order, name, measure, row))
    if len(comparison) == 1:
        return end_finding(comparison.batches[comparison.reference])
    if not rows:
        return f"{NOTHING} from: {titles[comparison.reference]}"
    _, name, measure, row = min(rows, key=lambda item: item[0])
    label = comparison.measures[measure].label if measure in comparison.measures else measure
    return f"{titles[name]}: {label} in {percent_words(row.share)} of runs, not {percent_words(row.reference)}"


def end_finding(batch: Batch) -> str:
    """Say how the runs of one scenario end most often.

    Examples
    --------
    >>> import sim
    >>> end_finding(sim.replicate(sim.load("toys/two_actors"), 20, 7)).split(":")[0]
    'Most frequent end'
    """
    scenario = batch.scenario
    shares = outcome_shares(batch.outcome_table["outcome"], scenario.outcome_names)  # loads no pandas
    most = max((share for share in shares if share.outcome != FAILED), key=lambda share: share.count)
    return f"Most frequent end: {scenario.outcome_labels[most.outcome]}, {percent_words(most.share)} of runs"


def percent_words(share: float) -> str:
    """Write a share; what is not 0 or 1 never as 0 % or 100 %.

    Examples
    --------
    >>> percent_words(0.123), percent_words(0.002), percent_words(0.0), percent_words(0.998)
    ('12 %', '0.2 %', '0 %', '99.8 %')
    """
    percent = 100.0 * float(share)
    whole = percent in (0.0, 100.0) or 1.0 <= percent <= 99.0
    return f"{percent:.0f} %" if whole else f"{percent:.1f} %"


def payoff_finding(comparison: Comparison, scenario: str | None = None) -> str:
    """Say which actor's payoff differs most from the reference, measured by its error, and the term that makes most.

    Parameters
    ----------
    comparison : Comparison
        Of two scenarios or more.
    scenario : str, optional
        Of which alone; any if left out.
    """
    table = comparison.payoffs
    if scenario is not None:
        table = table[table.index.get_level_values(0) == scenario]
    sure = table[[sure_sign(row) != 0 for _, row in table.iterrows()]]
    if not len(sure):
        return f"Nobody's payoff differs surely from: {comparison.titles[comparison.reference]}"
    asked = [place for place in sure.index if place[0] in comparison.given] or list(sure.index)
    sizes = (sure.difference.abs() / sure.standard_error.replace(0.0, np.nan)).fillna(np.inf)
    name, actor = max(asked, key=lambda place: sizes[place])
    row: Any = sure.loc[(name, actor)]
    word = "better" if row.difference > 0.0 else "worse"
    called = comparison.scenarios[name].actors[actor].label or str(actor)
    terms = comparison.payoff_terms.difference.loc[(name, actor)]
    towards = terms[terms * row.difference > 0.0].abs()
    why = ""
    if len(towards):
        why = f"; mostly {term_words(str(towards.idxmax()), comparison.scenarios[name])}"
    return f"{comparison.titles[name]}: {called} {word} off by {abs(row.difference):.2f} util{why}"
