"""The zone of agreement by date: worlds that go over to a deal, verdicts by hand, and what is refused."""

import datetime as dt

import numpy as np
import pytest

import sim
from sim.errors import UsageError
from sim.solving.mediation import mediate
from sim.solving.zone import FEWEST, Zone, changes_between, zone_by_date

RUNS = 25


@pytest.fixture(scope="module")
def toy():
    """Return the toy of two actors."""
    return sim.load("toys/two_actors")


@pytest.fixture(scope="module")
def never(toy):
    """Return the toy in which the state never frees anybody."""
    return toy.replace({"actors.state.rule": {"response": "scripted"}})


def test_a_deal_that_begins_at_once_brings_what_it_brings_from_the_start(toy, never):
    """On day 0 the gains are those of `mediate`, world by world."""
    both = {"never": never, "deal": toy}
    found = zone_by_date(both, "never", [0], RUNS, seed=7)
    assert found.actors == mediate(both, "never", RUNS, seed=7).actors
    np.testing.assert_allclose(found.gains[0], mediate(both, "never", RUNS, seed=7).gains, rtol=0.0, atol=1e-9)
    assert found.dates == (toy.start,)


def test_gains_on_a_date_are_those_of_forks(toy, never):
    """Each world that still runs goes over to the deal on its own luck; one that has ended has no gain."""
    days = [200, 30]
    found = zone_by_date({"never": never, "deal": toy}, "never", days, RUNS, seed=7)
    assert found.days == (30, 200)
    ended = 0
    for k in range(RUNS):
        without = sim.run(never, seed=7, replication=k)
        for t, day in enumerate(found.days):
            if without.outcome["end_day"] <= day:
                ended += 1
                assert np.isnan(found.gains[t, 0, k]).all()
                continue
            under = without.fork(day, {"actors": toy.to_dict()["actors"]})
            for i, actor in enumerate(found.actors):
                gain = under.outcome[f"payoff_{actor}"] - without.outcome[f"payoff_{actor}"]
                assert found.gains[t, 0, k, i] == pytest.approx(gain, abs=1e-12)
    assert [found.running(t) for t in range(2)] == [int((~np.isnan(found.gains[t, 0, :, 0])).sum()) for t in range(2)]
    assert sum(found.running(t) for t in range(2)) == 2 * RUNS - ended


def test_the_same_scenario_brings_nothing(never):
    """A deal that changes nothing gives nobody anything, so it is never surely in or out."""
    found = zone_by_date({"never": never, "same": never}, "never", ["2030-03-01"], RUNS, seed=7)
    assert found.actors == ("state", "rebels")
    assert np.nanmax(np.abs(found.gains)) == 0.0
    assert found.verdict(0, 0) == "open"


def by_hand(rows, running=40):
    """Return a zone of one date and two actors, whose worlds spread by 0.1 about some mean gains of each deal."""
    spread = np.where(np.arange(60) % 2 == 0, 0.1, -0.1)[None, None, :, None]
    gains = np.array(rows, dtype=float)[None, :, None, :] + np.repeat(np.repeat(spread, len(rows), 1), 2, 3)
    gains[:, :, running:] = np.nan
    names = tuple("abc"[: len(rows)])
    return Zone("q", names, ("x", "y"), (30,), (dt.date(2020, 3, 30),), gains, ("late",))


def test_verdicts_by_hand():
    """With an error of 0.016, gains of 0.05 are sure and of 0.02 are not; one loser is enough to refuse."""
    found = by_hand([[0.3, 0.05], [0.3, -0.05], [0.3, 0.02]])
    assert [found.verdict(0, d) for d in range(3)] == ["in", "out", "open"]
    assert found.estimate(0, 0, 1) == pytest.approx((0.05, 0.1 / np.sqrt(39.0)), rel=1e-9)
    assert found.words().splitlines() == [
        "2020-03-30 (40 of 60 worlds still run): everybody gains by a; y would lose by b; "
        "not told apart from nothing for somebody: c.",
        "late",
    ]
    assert list(found.table.zone) == ["in", "out", "open"]
    assert found.table.loc[("2020-03-30", "b"), "y"] == pytest.approx(-0.05)


def test_of_few_worlds_nothing_is_said():
    """Where hardly any world still runs, whoever is left is no sample of anything."""
    found = by_hand([[0.3, 0.3]], running=FEWEST - 1)
    assert found.verdict(0, 0) == "few"
    assert "too few to say anything" in found.words()


def test_only_what_differs_changes(toy, never):
    """Titles and the like change no world, so they are no part of a deal."""
    assert changes_between(toy, toy.replace({"title": "Another"})) == {}
    assert list(changes_between(never, toy)) == ["actors"]


@pytest.mark.parametrize(
    ("dates", "message"),
    [([], "found none"), (["2031-01-01"], "expected one from 2030-01-01 to"), (["soon"], "expected a date such as")],
)
def test_wrong_dates_are_refused(toy, never, dates, message):
    """None, one beyond the horizon, and what is no date."""
    with pytest.raises(UsageError, match=message):
        zone_by_date({"never": never, "deal": toy}, "never", dates, RUNS)


def test_wrong_deals_are_refused(toy, never):
    """The status quo alone, one that is not there, and a deal that a world under way cannot go over to."""
    with pytest.raises(UsageError, match="the status quo alone"):
        zone_by_date({"never": never}, "never", [10], RUNS)
    with pytest.raises(UsageError, match="status_quo: found 'none'"):
        zone_by_date({"never": never, "deal": toy}, "none", [10], RUNS)
    other = toy.to_dict()
    moves = other["actors"]["state"]["moves"]
    moves["wait_longer"] = dict(next(iter(moves.values())))
    with pytest.raises(UsageError, match="other: a world under way cannot go over to it"):
        zone_by_date({"never": never, "other": sim.Scenario.from_dict(other)}, "never", [10], RUNS)
