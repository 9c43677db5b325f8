"""What tipped a decision, two worlds from a fork, the record below promised dates: what is drawn is what is known."""

import datetime as dt

import pytest

import sim
from sim.plots import decision_terms_figure, record_timeline_figure, two_worlds_figure
from sim.plots.decision_terms import LUCK, MOST
from sim.plots.term_colours import OTHER_TERMS
from sim.record.record import load_record


@pytest.fixture(scope="module")
def run():
    """Run one world of Doha."""
    return sim.run(sim.load("doha_2020/baseline"), 7)


def sizes(axes):
    """Return the length of each bar by its name."""
    return {str(c.get_label()): bar.get_width() for c in axes.containers for bar in c.patches}


def test_bars_are_the_terms_that_tipped_and_the_dot_is_their_sum(run):
    """Every decision of the date has a panel; bars are the terms, luck comes on top and decides."""
    told = [decision for decision in run.explain("2020-03-10").decisions if decision.tipped_by]
    figure = decision_terms_figure(run, "2020-03-10")
    assert len(figure.axes) == len(told) > 0
    for axes, decision in zip(figure.axes, told, strict=True):
        drawn = sizes(axes)
        luck = drawn.pop(LUCK)
        assert drawn.pop(OTHER_TERMS, 0.0) == pytest.approx(sum(t.difference for t in decision.tipped_by[MOST:]))
        assert drawn == pytest.approx({term.words: term.difference for term in decision.tipped_by[:MOST]})
        (dot,) = [line for line in axes.lines if line.get_marker() == "o"]
        moves = {move.move: move for move in decision.moves}
        chosen, other = moves[decision.chosen], moves[decision.other]
        assert dot.get_xdata()[0] == pytest.approx(chosen.value - other.value)
        assert dot.get_xdata()[0] + luck == pytest.approx(chosen.with_luck - other.with_luck)
        assert chosen.with_luck > other.with_luck
        assert decision.chosen_label in axes.get_title(loc="left")


def test_the_finding_of_a_decision_is_its_largest_term_or_luck(run):
    """A move that is worth less than another was chosen by luck, and the title says so; else its first good term."""
    for date in dict.fromkeys(decision.date for decision in run.decisions):
        told = [decision for decision in run.explain(date).decisions if decision.tipped_by]
        if not told:
            continue
        title = decision_terms_figure(run, date).texts[0].get_text()
        worth = sum(term.difference for term in told[0].tipped_by)
        best = next((term.words for term in told[0].tipped_by if term.difference > 0), None)
        assert title.endswith("chosen by luck") if worth < 0 else best in title
    assert run.plot("terms").axes
    with pytest.raises(sim.SimError, match="for the figure 'terms' alone"):
        run.plot("ribbon", at="2020-03-10")


def test_two_worlds_share_their_trunk_and_part_at_the_fork(run):
    """No world has a band of its own before the fork; the move that was put in its place stands in one alone."""
    fork = run.fork("2020-05-17", moves={"government": "offensive"})
    day = (dt.date(2020, 5, 17) - run.scenario.start).days
    figure = two_worlds_figure(fork)
    government = next(axes for axes in figure.axes if axes.get_title(loc="left") == "Afghan government")
    own = [band for band in government.collections if not str(band.get_label()).startswith("_")]
    assert min(band.get_paths()[0].vertices[:, 0].min() for band in own) >= day
    assert sum(band.get_label() == "offensive" for band in own) == 1
    assert "forked on 17 May 2020" in figure.texts[1].get_text()
    same = two_worlds_figure(run.fork("2020-05-17")).texts[0].get_text()
    end = run.outcome["outcome"]
    assert same.startswith(f"Both worlds end alike: {run.scenario.outcome_labels[end]}")
    assert fork.plot("fork").axes
    with pytest.raises(sim.SimError, match="expected a fork"):
        two_worlds_figure(run)
    with pytest.raises(sim.SimError, match="other actors or moves"):
        two_worlds_figure(run, sim.run(sim.load("toys/two_actors"), 7))


def test_two_runs_part_at_their_first_event_that_differs(run):
    """Without a fork the worlds part where their logs do."""
    other = sim.run(run.scenario, 8)
    first = other.diff(run).first_event
    day = min(float(row["day"]) for row in (first.a, first.b) if row is not None)
    strip = two_worlds_figure(other, run).axes[0]
    marked = [line.get_xdata()[0] for line in strip.lines if line.get_marker() == "v"]
    assert day in marked


def test_the_timeline_has_promised_dates_above_those_that_came():
    """Diamonds stand on due dates, one of which follows from the record's talks; dots on the record's dates."""
    doha, record = sim.load("doha_2020/baseline"), load_record("doha_2020")
    (axes,) = record_timeline_figure(doha).axes
    days = {marker: [] for marker in "Do"}
    for line in axes.lines:
        if line.get_marker() in days:
            days[line.get_marker()].append(line.get_xdata()[0])
    fixed = [p.due for p in doha.deal.promises.values() if isinstance(p.due, dt.date)]
    after_talks = record.milestones["talks_open"].date + dt.timedelta(days=92)
    for date in (*fixed, after_talks):
        assert (date - doha.start).days in days["D"]
    known = {(fact.date - doha.start).days for fact in record.milestones.values() if fact.date >= doha.start}
    assert set(days["o"]) == known | {(record.outcome.date - doha.start).days}
    assert days["o"] == sorted(days["o"])
    with pytest.raises(sim.SimError, match="found no record"):
        record_timeline_figure(sim.load("toys/two_actors"))
