"""Moves guarded by two features and by dates: the same worlds in both engines, guards that bind, words that say why."""

from __future__ import annotations

import datetime as dt
import functools

import pytest
from toy_deals import actor, deal, prisoners

import sim
from sim.engine.epochs import epochs_until
from sim.engine.legality import why_not

FAIR = {"response": "uniform"}
DAILY = {"every_days": 1}
FROM = "2020-03-10"
AHEAD = "persons_freed(prisoners) <= persons_freed(soldiers) + 50"


@functools.cache
def mine_after_yours() -> sim.Scenario:
    """Return an exchange in which each side frees only while it is not far ahead of the other, from a date on."""
    release = {"release": {"per_day": 10, "list": "own"}}
    back = f"2 * persons_freed(soldiers) - 100 <= 2 * persons_freed(prisoners) and date >= {FROM}"
    return deal(
        horizon_days=80,
        deal={
            "captives": prisoners(held=300, promised=300)
            | {"soldiers": {"holder": "rebels", "claimant": "state", "held": 300, "promised": 300}}
        },
        actors={
            "state": actor({"keep": {}, "free": release | {"when": AHEAD}}, "keep", review=DAILY, rule=FAIR),
            "rebels": actor({"keep": {}, "free": release | {"when": back}}, "keep", review=DAILY, rule=FAIR),
        },
        milestones={"evenly": "persons_freed(prisoners) == persons_freed(soldiers) and persons_freed(prisoners) > 0"},
    )


@pytest.mark.parametrize("seed", range(5))
def test_both_engines_play_guards_of_two_features_alike(seed: int) -> None:
    """The outcome of a run is row 0 of a batch to the bit, milestones of two features with it."""
    one = sim.run(mine_after_yours(), seed=seed).outcome
    rows = sim.replicate(mine_after_yours(), runs=3, seed=seed, threads=2, chunk=1).outcome_table
    for key, value in one.items():
        assert rows[key][0] == value or (rows[key][0] != rows[key][0] and value != value), key


def test_neither_side_gets_further_ahead_than_its_guard_allows() -> None:
    """A batch more than the margin at most; without the guards one side runs away."""
    run = sim.run(mine_after_yours(), seed=3)
    mine = run.series_table["persons_freed(prisoners)"]
    yours = run.series_table["persons_freed(soldiers)"]
    assert min(mine[-1], yours[-1]) > 100
    assert (mine - yours).max() in (50, 60)
    assert (yours - mine).max() <= 60
    free = mine_after_yours().replace({"actors.state.moves.free.when": "day >= 0"})
    alone = sim.run(free, seed=3).series_table
    assert (alone["persons_freed(prisoners)"] - alone["persons_freed(soldiers)"]).max() > 60


def test_nobody_moves_before_the_date() -> None:
    """A guard of a date opens on that day."""
    first = {
        next(
            d.date
            for d in sim.run(mine_after_yours(), seed=seed).decisions
            if (d.actor, d.chosen) == ("rebels", "free")
        )
        for seed in range(10)
    }
    assert min(first) == dt.date.fromisoformat(FROM)


def test_explanations_name_both_features_and_the_date() -> None:
    """Each feature and the date are said with what they were when the move was not legal."""
    run = sim.run(mine_after_yours(), seed=3)
    world = epochs_until(run, 9).state  # nobody else's move was legal either, so nothing was decided
    words = why_not(world, run._bound, 1, 1)
    guard = mine_after_yours().actors["rebels"].moves["free"].when
    assert words.startswith(f"needs {guard}; persons_freed(soldiers) was 0, persons_freed(prisoners) was ")
    assert words.endswith("date was 2020-03-09")
