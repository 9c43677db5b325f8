"""The deal's card, the flow of runs to their ends, the dumbbell of expected signs: what is drawn is what is known."""

import datetime as dt

import numpy as np
import pytest

import sim
from sim.plots import deal_card_figure, expected_signs_figure, outcome_flow_figure
from sim.plots.calendar_axis import day_month_year


def test_the_card_has_every_promise_with_its_date():
    """A row a promise, by giver; a dated one has its date at its day, the others say when they fall due."""
    doha = sim.load("doha_2020/baseline")
    (axes,) = deal_card_figure(doha).axes
    rows = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    assert len(rows) == len(doha.deal.promises)
    written = [text.get_text() for text in axes.texts]
    for promise in doha.deal.promises.values():
        giver = doha.actors[promise.by].label
        (place,) = [k for k, row in enumerate(rows) if row.endswith(promise.label)]
        assert rows[place].lower().startswith(giver.lower())
        marks = [line for line in axes.lines if line.get_marker() == "D" and line.get_ydata()[0] == place]
        if isinstance(promise.due, dt.date):
            assert marks[0].get_xdata()[0] == (promise.due - doha.start).days
            assert day_month_year(promise.due) in written
        elif promise.due is None:
            assert not marks
    assert "92 days after talks began" in written
    assert "all the time" in written
    later = doha.replace({"deal.promises.annex.since": "2020-06-01"})
    (axes,) = deal_card_figure(later).axes
    assert any(bar.get_x() == (dt.date(2020, 6, 1) - doha.start).days for bar in axes.patches)
    with pytest.raises(sim.SimError, match="found no promise"):
        deal_card_figure(sim.load("toys/two_actors"))


def test_the_flow_counts_every_run_once():
    """Bands are the joint shares of when talks began and how runs ended; they sum to 1."""
    batch = sim.replicate(sim.load("doha_2020/baseline"), 60, 3)
    axes = outcome_flow_figure(batch).axes[0]
    sizes = [float(patch.get_gid()) for patch in axes.patches]
    frame = batch.outcomes
    half = frame.talks_day.median()
    kind = np.where(frame.talks_day.isna(), "never", np.where(frame.talks_day <= half, "by", "after"))
    counted = frame.groupby([kind, "outcome"]).size()
    assert sorted(sizes) == pytest.approx(sorted(counted / len(frame)))
    named = " ".join(text.get_text() for text in axes.texts)
    for outcome, share in frame.outcome.value_counts(normalize=True).items():
        assert f"{batch.scenario.outcome_labels[outcome]}, {100 * share:.0f} %" in named
    with pytest.raises(sim.SimError, match="found no talks"):
        outcome_flow_figure(sim.replicate(sim.load("toys/captive_exchange"), 3, 1))


def test_a_dumbbell_a_sign_that_was_stated():
    """Each scored sign of a share says what was expected, its dot is the difference; the title counts verdicts."""
    names = ["doha_2020/baseline", "doha_2020/no_release", "doha_2020/deals/one_president"]
    found = sim.compare([sim.load(name) for name in names], 40, 7, names=names, baselines=False)
    table = found.expectations
    share = np.array([found.measures_expected[m].is_share for m in table.measure])
    table = table[table.difference.notna() & share]
    assert len(table)
    figure = expected_signs_figure(found)
    axes = figure.axes[0]
    dots = [line for line in axes.lines if line.get_marker() in ("o", "X")]
    assert [dot.get_xdata()[0] for dot in dots] == pytest.approx(list(100 * table.difference))
    said = [text.get_text() for text in axes.texts if text.get_text() != "expected"]
    assert said == ["▸ more" if sign == "up" else "◂ less" for sign in table.sign]
    borne = (table.verdict == "borne out").sum()
    assert figure.texts[0].get_text().startswith(f"{borne} of {len(table)} expected signs are borne out")
    toy = sim.compare([sim.load("toys/two_actors")], 5, 1, baselines=False)
    with pytest.raises(sim.SimError, match="expected scenarios with expects"):
        expected_signs_figure(toy)
