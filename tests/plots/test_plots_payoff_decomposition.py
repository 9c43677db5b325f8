"""The figure of payoffs shows what each is made of: bars that sum to the dot, by actor and scenario."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from five_actors_compared import five_actors_compared
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import sim
from sim.errors import UsageError
from sim.experiments.comparison.comparison import Comparison
from sim.plots import figure_bytes
from sim.plots.payoff_decomposition import MOST, Z, payoff_decomposition_figure
from sim.plots.term_colours import OTHER_TERMS


@pytest.fixture(scope="module")
def figure() -> Figure:
    """Draw the payoffs."""
    return payoff_decomposition_figure(five_actors_compared())


@pytest.fixture(scope="module")
def differences() -> Figure:
    """Draw their differences from the reference."""
    return payoff_decomposition_figure(five_actors_compared(), "difference")


def dots(axes: Axes) -> list[Line2D]:
    """Return the dots of a panel in the order of its rows."""
    return [line for line in axes.lines if line.get_label() == "payoff"]


def bars(axes: Axes, row: float) -> dict[str, float]:
    """Return the bars of a row by term."""
    return {
        str(container.get_label()): container.patches[0].get_width()
        for container in axes.containers
        if np.isclose(container.patches[0].get_y() + container.patches[0].get_height() / 2, row)
    }


@pytest.mark.parametrize(("show", "column"), [("payoff", "mean"), ("difference", "difference")])
def test_bars_are_the_terms_and_sum_to_the_dot(show: str, column: str, figure: Figure, differences: Figure) -> None:
    """Each bar is as long as its term, and those of a row sum to the dot, which is the payoff of the table."""
    comparison = five_actors_compared()
    drawn = figure if show == "payoff" else differences
    names = list(comparison.scenarios)[0 if show == "payoff" else 1 :]
    actors = list(comparison.scenarios[names[0]].actors)
    for actor, axes in zip(actors, drawn.axes, strict=True):
        for name, row, dot in zip(names, axes.get_yticks(), dots(axes), strict=True):
            found = bars(axes, row)
            terms = comparison.payoff_terms[column].loc[(name, actor)]
            for term, value in found.items():
                if term != OTHER_TERMS:
                    assert value == pytest.approx(terms[term])
            assert sum(found.values()) == pytest.approx(dot.get_xdata()[0], abs=1e-9)
            assert dot.get_xdata()[0] == pytest.approx(comparison.payoffs[column][name, actor])


def test_bars_lie_end_to_end_from_zero(figure: Figure) -> None:
    """What adds lies to the right of zero, what takes to the left, without gap or overlap."""
    for axes in figure.axes:
        for row in axes.get_yticks():
            spans = sorted(
                sorted((p.get_x(), p.get_x() + p.get_width()))
                for c in axes.containers
                for p in c.patches
                if np.isclose(p.get_y() + p.get_height() / 2, row)
            )
            assert np.allclose([a[1] for a in spans[:-1]], [b[0] for b in spans[1:]])
            assert np.isclose(spans[0][0], 0.0) or any(np.isclose(span[1], 0.0) for span in spans)


def test_lines_are_intervals_of_the_payoff(differences: Figure) -> None:
    """The line through a dot is its 95 % interval."""
    comparison = five_actors_compared()
    table = comparison.payoffs
    for actor, axes in zip(comparison.scenarios["as it is"].actors, differences.axes, strict=True):
        ends = [line.get_xdata() for line in axes.lines if line.get_label() == "interval"]
        for name, (low, high) in zip(list(comparison.scenarios)[1:], ends, strict=True):
            assert high - low == pytest.approx(2 * Z * table.standard_error[name, actor])
            assert axes.get_xlim()[0] <= low <= high <= axes.get_xlim()[1]


def test_panels_are_the_actors_by_their_labels(figure: Figure) -> None:
    """One panel an actor, each with a scale of its own, and the unit below."""
    actors = five_actors_compared().scenarios["as it is"].actors.values()
    assert [axes.get_title(loc="left") for axes in figure.axes] == [actor.label for actor in actors]
    assert any("util" in text.get_text() for text in figure.texts)


def looks_of(figure: Figure) -> dict[str, set[tuple[float, ...]]]:
    """Return the colours in which each term is drawn."""
    looks: dict[str, set[tuple[float, ...]]] = {}
    for axes in figure.axes:
        for container in axes.containers:
            looks.setdefault(str(container.get_label()), set()).add(container.patches[0].get_facecolor())
    return looks


def test_every_term_has_a_colour_of_its_own_and_the_same_in_both_figures(figure: Figure, differences: Figure) -> None:
    """No two terms share a colour, no term has two, and the legend names each in words."""
    looks = looks_of(figure)
    assert all(len(look) == 1 for look in looks.values())
    assert len({next(iter(look)) for look in looks.values()}) == len(looks)
    other = looks_of(differences)
    assert {*looks} & {*other} > {OTHER_TERMS}
    assert all(looks[term] == other[term] for term in {*looks} & {*other})
    named = [text.get_text() for text in figure.legends[0].get_texts()]
    assert len(named) == len(looks) + 1
    assert "northerners freed" not in str(looks)
    assert not any("_" in name or "(" in name for name in named)


def stated(values: dict[str, float]) -> Comparison:
    """Return a comparison of one scenario, in which one actor's payoff has these terms and another's is 0."""
    comparison, name, actor = five_actors_compared(), "as it is", "state"
    index = pd.MultiIndex.from_tuples([(name, actor, t) for t in values], names=["scenario", "actor", "term"])
    idle = pd.MultiIndex.from_tuples([(name, "donor", "talks")], names=["scenario", "actor", "term"])
    means = pd.concat([pd.Series(list(values.values()), index=index), pd.Series([0.0], index=idle)])
    sums = pd.DataFrame(
        {"mean": [sum(values.values()), 0.0], "mean_error": [0.01, 0.0]},
        index=pd.MultiIndex.from_tuples([(name, actor), (name, "donor")], names=["scenario", "actor"]),
    )

    class Stated(Comparison):
        """Its payoffs are stated, not found."""

        payoff_terms = pd.DataFrame({"mean": means, "difference": np.nan})
        payoffs = sums

    return Stated({name: comparison.batches[name]}, (name,), {}, record=False)


def test_the_smallest_terms_are_summed_and_an_actor_without_any_has_no_panel() -> None:
    """Past the colours the smallest terms are one bar, the sum stays whole, and the foot names who is left out."""
    values = {f"term_{i:02d}": 1.0 / (i + 1) * (-1) ** i for i in range(20)}
    figure = payoff_decomposition_figure(stated(values))
    (axes,) = figure.axes
    found = bars(axes, axes.get_yticks()[0])
    assert len(found) == MOST + 1
    assert found[OTHER_TERMS] == pytest.approx(sum(list(values.values())[MOST:]))
    assert sum(found.values()) == pytest.approx(sum(values.values()))
    assert "Not drawn, because 0 everywhere: Donor." in figure.texts[-1].get_text().replace("\n", " ")


def test_an_actor_that_a_scenario_lacks_is_said() -> None:
    """Its row says so and has no bar."""
    toy, five = sim.load("toys/two_actors"), sim.load("toys/five_actors")
    comparison = sim.compare([toy, five], runs=10, seed=1, names=["two", "five"], baselines=False)
    figure = payoff_decomposition_figure(comparison)
    assert len(figure.axes) == len({*toy.actors, *five.actors})
    rebels = figure.axes[list(toy.actors).index("rebels")]
    assert " not in it" in [text.get_text() for text in rebels.texts]
    assert not bars(rebels, rebels.get_yticks()[1])


def test_the_footer_reproduces_the_figure(figure: Figure) -> None:
    """Seed, runs and version stand at the foot, and equal comparisons give equal files."""
    foot = " ".join(figure.texts[-1].get_text().split())
    assert "seed 5" in foot
    assert figure_bytes(figure) == figure_bytes(payoff_decomposition_figure(five_actors_compared()))


def test_what_cannot_be_drawn_is_refused() -> None:
    """An unknown view, and differences of a reference alone, are errors that say what there is."""
    alone = sim.compare([sim.load("toys/two_actors")], runs=5, seed=1, baselines=False)
    with pytest.raises(UsageError, match="'payoff' or 'difference'"):
        payoff_decomposition_figure(alone, "share")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="at least one other"):
        payoff_decomposition_figure(alone, "difference")
