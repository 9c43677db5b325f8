"""``plot`` of runs, batches, comparisons and sweeps: figures by name, series and measures into axes, refusals."""

import numpy as np
import pytest
from matplotlib.figure import Figure

import sim
from sim.experiments.definition import experiment_from
from sim.plots.catalogue import figures_of

MORE = {"record_percentiles_figure", "series_bands_figure", "measure_dots_figure"}
"""Figures that take a second thing."""
ATTACKS = "daily_attacks(fighters)"


@pytest.fixture(scope="module")
def toy():
    """Return the small deal of two actors."""
    return sim.load("toys/two_actors")


@pytest.fixture(scope="module")
def batch(toy):
    """Return thirty runs of it with their moves."""
    return sim.replicate(toy, 30, 7, moves=True)


@pytest.fixture(scope="module")
def comparison(toy):
    """Compare it with a patient state."""
    patient = toy.replace({"actors.state.discount_per_year": 0.02, "title": "A patient state"})
    return sim.compare([toy, patient], 30, 7, names=["toy", "patient"])


def test_each_figure_of_the_catalogue_is_drawn(toy, batch, comparison):
    """What has a name is drawn under it; the first is drawn if none is named."""
    run = sim.run(toy, 7)
    for kind, result in (("run", run), ("batch", batch), ("comparison", comparison)):
        for name in figures_of(kind):
            if name in ("compliance", "card", "timeline", "fork", "signs", "record"):  # the toy has none of these
                with pytest.raises(sim.SimError, match=r"promise|record|expects|expected a fork"):
                    result.plot(name)
            else:
                assert result.plot(name).axes, name
        assert result.plot().axes


def test_series_lie_over_one_another_in_axes_of_the_user(toy, batch, comparison):
    """A series goes into given axes as often as wanted: its median is that of the bands, on the calendar."""
    axes = Figure().add_subplot()
    assert batch.plot(ATTACKS, ax=axes) is axes.figure
    (line,) = axes.lines
    bands = batch.series_bands([ATTACKS], [0.5], [7])[0]
    shown = ~np.isnan(np.asarray(line.get_ydata(), dtype=float))
    assert np.array_equal(np.asarray(line.get_ydata())[shown], bands.values[: len(shown), 0][shown])
    assert np.datetime64(line.get_xdata(orig=True)[0]) == np.datetime64(toy.start)
    sim.run(toy, 7).plot(ATTACKS, ax=axes)
    comparison.plot(ATTACKS, scenarios=["patient"], ax=axes)
    assert len(axes.lines) == 3
    whole = comparison.plot(ATTACKS)
    named = [text.get_text() for text in whole.axes[0].get_legend().get_texts()]
    assert named == [comparison.titles[name] for name in comparison.batches]


def test_a_measure_is_drawn_by_scenario(comparison):
    """Dots are the shares or means of the comparison's tables, in the chosen scenarios."""
    axes = Figure().add_subplot()
    comparison.plot("settlement", scenarios=["patient", "toy"], ax=axes)
    drawn = np.asarray(axes.lines[0].get_xdata(), dtype=float)
    assert drawn == pytest.approx([100 * comparison.shares.share[name, "settlement"] for name in ("patient", "toy")])
    payoff = comparison.plot("payoff_state").axes[0]
    expected = [batch.outcomes.payoff_state.mean() for batch in comparison.batches.values()]
    assert np.asarray(payoff.lines[0].get_xdata(), dtype=float) == pytest.approx(expected)
    assert payoff.get_xlabel() == "util"


def test_the_moves_drawn_are_those_of_the_log(toy, batch):
    """What stands at the end of each day is what the event log says; the figure shows its weekly shares."""
    run = sim.run(toy, 7)
    days = int(run.outcome["end_day"])
    for place, (actor, declared) in enumerate(toy.actors.items()):
        moves = list(declared.moves)
        changes = run.events[(run.events.kind == "move") & (run.events.actor == actor)]
        for day in range(days):
            before = changes.move[changes.day < day + 1]
            standing = before.iloc[-1] if len(before) else declared.opening_move
            assert moves[batch.standing_moves[0, day, place]] == standing
    again = sim.replicate(toy, 30, 7, threads=1, chunk=7)
    assert np.array_equal(again.standing_moves, batch.standing_moves)
    shares = batch.move_shares("state")
    assert np.allclose(shares.drop(columns="running").sum(axis=1)[shares.running > 0], 1.0)
    assert shares.running.iloc[0] == 30
    mesh = batch.plot("moves").axes[0].collections[0]
    week = np.asarray(mesh.get_array()).reshape(2, -1)[:, 0]
    assert week == pytest.approx(100 * shares.drop(columns="running").iloc[6].to_numpy(dtype=float))


def test_kept_series_are_those_that_run_again(toy):
    """Bands of what was asked to be kept equal those of worlds that are run again; nothing else is kept."""
    kept = sim.replicate(toy, 30, 7, series=[ATTACKS])
    other = sim.replicate(toy, 30, 7)
    for name in (ATTACKS, "talks"):
        assert kept.bands(name).equals(other.bands(name))
    assert kept.kept_series is None
    assert other.kept_series is not None
    assert kept.digest == other.digest


@pytest.mark.parametrize(
    ("series", "said"),
    [
        (["daily_atacks(fighters)"], "Did you mean 'daily_attacks"),
        ("talks", "expected a list of names"),
        (7, "expected a list of names"),
    ],
)
def test_series_that_cannot_be_kept(toy, series, said):
    """A name that no series has, or what is no list, is refused before anything is run."""
    with pytest.raises(sim.SimError, match=said):
        sim.replicate(toy, 10, 7, series=series)
    with pytest.raises(sim.SimError, match="GB"):
        sim.replicate(toy, 50_000_000, 7, series=["talks"])


def test_dates_stand_beside_days(batch):
    """Outcome frames and bands have dates of the calendar."""
    frame = batch.outcomes
    assert list(frame.columns[frame.columns.get_loc("talks_day") + 1 :][:1]) == ["talks_date"]
    opened = frame[frame.talks_day.notna()]
    start = np.datetime64(batch.scenario.start)
    expected = start + np.floor(opened.talks_day.to_numpy()).astype("timedelta64[D]")
    assert (opened.talks_date.to_numpy() == expected).all()
    assert frame.talks_date[frame.talks_day.isna()].isna().all()
    bands = batch.bands(ATTACKS).loc[ATTACKS]
    assert (bands.index[0], bands.day.iloc[3]) == (np.datetime64(batch.scenario.start), 3)


def test_decisions_are_a_table(toy):
    """A row a decision: the chosen move's value and what it was ahead of."""
    run = sim.run(toy, 7)
    table = run.decision_table
    assert len(table) == len(run.decisions)
    for row, decision in zip(table.itertuples(), run.decisions, strict=True):
        chosen = next(move for move in decision.moves if move.move == decision.chosen)
        rest = [move.value for move in decision.moves if move.legal and move.move != decision.chosen]
        assert (row.actor, row.chosen, row.probability) == (decision.actor, decision.chosen, chosen.probability)
        if rest:
            assert row.ahead == pytest.approx(chosen.value - max(rest), nan_ok=True)


def test_a_run_shows_its_ribbon_and_few_turning_points(toy):
    """A notebook shows a band an actor with its moves, at most a dozen turning points, and the rest folded."""
    page = sim.run(toy.replace({"actors.state.label": "<State>"}), 7)._repr_html_()
    assert page.count("<svg") == 1
    assert "&lt;State&gt;" in page
    assert "<State>" not in page
    assert page.split("<details>")[0].count("<tr>") <= 12
    assert "<summary>All " in page


def test_a_grid_goes_into_axes(toy, tmp_path):
    """An output of a sweep is a heat map, in axes of the user's too."""
    content = {
        "schema_version": 1,
        "title": "Two hazards",
        "scenario": toy,
        "vary": {
            "settle": {"path": "deal.outcomes.settlement.per_day", "range": [0.001, 0.02]},
            "fall": {"path": "deal.outcomes.government_collapse.per_day", "range": [0.001, 0.1]},
        },
        "design": {"grid": {"levels": {"settle": 3, "fall": 2}}},
        "replications": 5,
    }
    sweep = sim.sweep(experiment_from(content), tmp_path / "grid")
    axes = Figure().add_subplot()
    assert sweep.plot("settlement", ax=axes) is axes.figure
    assert len(axes.texts) == 6
    assert sweep.plot().axes
    with pytest.raises(sim.SimError, match="neither Saltelli"):
        sweep.plot("sobol")


@pytest.mark.parametrize(
    "name", [name for name in dir(sim.plots) if name.endswith("_figure") and name != "save_figure"]
)
def test_a_figure_refuses_what_it_is_not_of(name):
    """Every figure tells what it found and what it expected, and shows no AttributeError."""
    for wrong in (sim.load("toys/two_actors"), 3, None, [1]):
        with pytest.raises(sim.SimError, match="expected"):
            getattr(sim.plots, name)(*([wrong] if name not in MORE else [wrong, "settlement"]))


@pytest.mark.parametrize(
    ("what", "said"),
    [("share", "Did you mean 'shares'"), ("settlment", "Did you mean 'settlement'"), (3, "found '3'")],
)
def test_what_has_no_such_name(comparison, what, said):
    """Names that are neither figure nor measure nor series are told with the nearest."""
    with pytest.raises(sim.SimError, match=said):
        comparison.plot(what)
    with pytest.raises(sim.SimError, match="several panels"):
        comparison.plot("shares", ax=Figure().add_subplot())
    with pytest.raises(sim.SimError, match="scenarios: found 'nobody'"):
        comparison.plot("settlement", scenarios=["nobody"])
