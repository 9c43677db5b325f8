"""The waterfall of payoffs: steps are the terms, they end at the difference, colours are fixed; findings are claims."""

from __future__ import annotations

import numpy as np
import pytest
from five_actors_compared import five_actors_compared
from matplotlib.axes import Axes

import sim
from sim.experiments.comparison.finding import payoff_finding, share_finding
from sim.plots.payoff_decomposition import payoff_decomposition_figure
from sim.plots.payoff_waterfall import MOST, payoff_waterfall_figure
from sim.plots.term_colours import OTHER_TERMS, base_colour, term_colours


def steps(axes: Axes) -> dict[str, tuple[float, float]]:
    """Return beginning and end of each step by its term."""
    return {
        str(container.get_label()): (bar.get_x(), bar.get_x() + bar.get_width())
        for container in axes.containers
        for bar in container.patches
    }


def test_steps_are_terms_and_end_at_the_difference() -> None:
    """Each step begins where the one before ended; the last ends at the difference of the payoff."""
    comparison = five_actors_compared()
    name = list(comparison.batches)[1]
    figure = payoff_waterfall_figure(comparison, name)
    actors = [actor for actor, row in comparison.payoffs.loc[name].iterrows() if np.isfinite(row.difference)]
    assert len(figure.axes) == len(actors)
    for axes, actor in zip(figure.axes, actors, strict=True):
        drawn = steps(axes)
        terms = comparison.payoff_terms.difference.loc[(name, actor)]
        ends = [0.0]
        for term, (begin, end) in drawn.items():
            assert begin == pytest.approx(ends[-1])
            if term != OTHER_TERMS:
                assert end - begin == pytest.approx(terms[term])
            ends.append(end)
        assert ends[-1] == pytest.approx(comparison.payoffs.difference[name, actor], abs=1e-9)
        assert len(drawn) <= MOST + 1
        sizes = [abs(end - begin) for term, (begin, end) in drawn.items() if term != OTHER_TERMS]
        assert sizes == sorted(sizes, reverse=True)


def test_a_term_has_one_colour_in_every_figure() -> None:
    """The waterfall and both figures of all payoffs colour a term alike, and no two terms share a colour."""
    comparison = five_actors_compared()
    looks: dict[str, set[tuple[float, ...]]] = {}
    for figure in (
        payoff_waterfall_figure(comparison),
        payoff_decomposition_figure(comparison),
        payoff_decomposition_figure(comparison, "difference"),
    ):
        for axes in figure.axes:
            for container in axes.containers:
                looks.setdefault(str(container.get_label()), set()).add(container.patches[0].get_facecolor())
    assert all(len(look) == 1 for look in looks.values())
    assert len({next(iter(look)) for look in looks.values()}) == len(looks)


def test_colours_do_not_depend_on_the_comparison() -> None:
    """What a term is about decides; terms about the same are told apart by shade, whatever else there is."""
    few, many = term_colours(["talks", "freed(a)"]), term_colours(["talks", "freed(a)", "counted(a)", "aid_lost(x)"])
    assert few["talks"] == many["talks"] == base_colour("talks")
    assert len(set(many.values())) == 4


def test_what_cannot_be_drawn_is_refused() -> None:
    """A reference alone and a scenario of another name are refused."""
    alone = sim.compare([sim.load("toys/two_actors")], 5, 1, baselines=False)
    with pytest.raises(sim.SimError, match="expected a reference and at least one other"):
        payoff_waterfall_figure(alone)
    with pytest.raises(sim.SimError, match="scenario: found 'nobody'"):
        payoff_waterfall_figure(five_actors_compared(), "nobody")


def test_findings_say_what_the_tables_say() -> None:
    """The share named is that of the scenario named, its interval excludes 0, and no sure end differs more."""
    toy = sim.load("toys/two_actors")
    sooner = toy.replace({"deal.outcomes.settlement.per_day": 0.05, "title": "Settled sooner"})
    comparison = sim.compare([toy, sooner], 200, 7, names=["toy", "sooner"], called_by="title")
    said = share_finding(comparison)
    table = comparison.differences.loc["sooner"]
    ends = table.loc[[name for name in [*toy.outcome_names, "talks_began"] if name in table.index]]
    sure = ends[(ends.low > 0) | (ends.high < 0)]
    most = sure.loc[sure.difference.abs().idxmax()]
    label = comparison.measures[str(most.name)].label
    assert said.startswith(f"Settled sooner: {label} in ")
    shares = [float(part.split()[-1]) for part in said.split(" %")[:-1]]
    assert shares == pytest.approx([100 * most.share, 100 * most.reference], abs=0.5)
    payoffs = comparison.payoffs.loc["sooner"]
    told = payoff_finding(comparison)
    assert told.startswith("Settled sooner: ")
    named = [actor for actor in payoffs.index if (toy.actors[actor].label or actor) in told]
    assert any(f"{abs(payoffs.difference[actor]):.2f} util" in told for actor in named)
    same = sim.compare([toy, toy.replace({"title": "The same"})], 20, 7, baselines=False)
    assert share_finding(same).startswith("Nothing differs surely from: ")
    alone = sim.compare([toy], 50, 7, baselines=False)
    most_frequent = alone.batches[alone.reference].shares.share.idxmax()
    assert share_finding(alone).startswith(f"Most frequent end: {alone.measures[str(most_frequent)].label}, ")
