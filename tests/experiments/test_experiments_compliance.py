"""Compliance: what became of each promise, counted from runs, in the table, the figure and what commands print."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.colors import to_hex

import sim
from sim.errors import UsageError
from sim.experiments.compliance import STATES, compliance, due_words, promise_states
from sim.plots import compliance_figure
from sim.plots.compliance import COLOURS

ENDLESS = {"deal.outcomes": {}, "actors.state.payoff.at_outcome": {}, "actors.rebels.payoff.at_outcome": {}}
"""No outcome ends a run before its horizon."""

DOHA = sim.load("doha_2020/baseline")


@pytest.fixture(scope="module")
def batch() -> sim.Batch:
    """Return some runs of the Doha baseline."""
    return sim.replicate(DOHA, runs=60, seed=3)


def test_every_run_has_one_relation_to_a_promise(batch: sim.Batch) -> None:
    """Shares add up to 1 and are those counted from the columns of the outcome table, run by run."""
    table, outcomes = compliance(batch).set_index("promise"), batch.outcomes
    for name, promise in DOHA.deal.promises.items():
        row = table.loc[name]
        assert sum(row[state] for state in STATES) == pytest.approx(1.0)
        assert row.in_time == outcomes[f"{name}_kept"].mean()
        assert row.share_done == pytest.approx(outcomes[f"{name}_share"].mean())
        if promise.reach is None:
            breaches = outcomes[f"{name}_broken_day"].dropna()
            assert row.not_kept == row.broken == len(breaches) / len(outcomes)
            assert row.median_day == (np.sort(breaches)[(len(breaches) - 1) // 2] if len(breaches) else np.inf)
            continue
        assert np.isnan(row.broken)
        due, done = outcomes[f"{name}_due_day"], outcomes[f"{name}_done_day"]
        over = outcomes.outcome_day < due.fillna(np.inf)
        assert row.late == (done > due).mean()
        assert row.not_due == (over & done.isna()).mean()
        assert row.not_kept == (~over & done.isna()).mean()


def test_the_table_is_by_actor_and_in_words(batch: sim.Batch) -> None:
    """Rows come actor by actor; what was promised and when it is due are readable."""
    table = compliance(batch)
    assert list(dict.fromkeys(table.by)) == ["government", "taliban", "us"]
    first = table.set_index("promise").loc["first_drawdown"]
    assert (first.promised, first.due) == ("troop_count(us_troops) <= 8600", "2020-07-13")
    assert due_words(DOHA, "annex") == ""
    assert table.median_due_day[table.promise == "prisoners"].item() == 10.0


def test_a_deal_that_frees_at_once_keeps_its_promise() -> None:
    """Released from day one on the promise is kept in all runs; without any release in none, and nothing is done."""
    promise = {"by": "state", "reach": {"of": "persons_freed(prisoners)", "at_least": 600}, "due": {"days": 200}}
    toy = sim.load("toys/two_actors").replace({"deal.promises": {"all_out": promise}, **ENDLESS})
    script = {"response": "scripted"}
    frees = toy.replace({"actors.state.rule": script, "actors.state.opening_move": "free"})
    holds = toy.replace({"actors.state.rule": script, "actors.state.opening_move": "wait"})
    free, held = (compliance(sim.replicate(deal, runs=20, seed=1)).loc[0] for deal in (frees, holds))
    assert (free.in_time, free.share_done, free.median_day) == (1.0, 1.0, 60.0)
    assert (held.not_kept, held.share_done) == (1.0, 0.0)
    assert held.median_day == np.inf


def test_a_promise_that_hangs_on_what_did_not_come_is_not_due() -> None:
    """Where talks never begin, what is due after them is not due."""
    promise = {"by": "state", "reach": {"of": "persons_freed(prisoners)", "at_least": 600},
               "due": {"days": 10, "after": "talks_began"}}  # fmt: skip
    toy = sim.load("toys/two_actors").replace({"deal.promises": {"after_talks": promise}, **ENDLESS})
    never = toy.replace({"actors.state.rule": {"response": "scripted"}})
    assert compliance(sim.replicate(never, runs=5, seed=1)).not_due.item() == 1.0
    assert set(promise_states(sim.replicate(never, runs=5, seed=1), "after_talks")) == {3}


def test_the_figure_shows_the_table(batch: sim.Batch) -> None:
    """Bars of a row are its shares in their colours, the line its interval, the dot the share done."""
    figure, table = compliance_figure(batch), compliance(batch)
    bars, done = figure.axes
    assert [t.get_text().replace("\n", " ") for t in bars.get_yticklabels()] == list(table.label)
    for k, row in enumerate(table.to_dict("records")):
        patches = bars.patches[4 * k : 4 * k + 4]
        assert [patch.get_width() for patch in patches] == pytest.approx([100 * row[state] for state in STATES])
        assert [to_hex(patch.get_facecolor()) for patch in patches] == [COLOURS[state].lower() for state in STATES]
        assert done.lines[k].get_xdata()[0] == pytest.approx(100 * row["share_done"])
    texts = " ".join(text.get_text() for text in done.texts)
    assert "10 Mar 2020; done" in texts
    assert "92 days after talks began" in texts
    with pytest.raises(UsageError, match="found no promise"):
        compliance_figure(sim.replicate(sim.load("toys/two_actors"), runs=2, seed=1))


def test_comparisons_export_it() -> None:
    """A comparison has the table of each of its scenarios, and its files have table and figure."""
    from sim.cli.compare_files import figures_of

    found = sim.compare([DOHA, sim.load("doha_2020/no_release")], runs=10, seed=1, baselines=False)
    assert list(found.compliance.scenario.unique()) == list(found.scenarios)
    assert "compliance" in found.tables()
    assert "compliance" in figures_of(found)
