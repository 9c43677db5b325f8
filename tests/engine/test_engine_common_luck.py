"""Common random numbers: changing one number of a scenario changes only what depends on it."""

from __future__ import annotations

import numpy as np

import sim


def standing(run: sim.Run, actor: str, days: int) -> list[str]:
    """Return the move that stands for an actor at the end of each day, after all of the day's decisions."""
    events = run.events[(run.events.kind == "move") & (run.events.actor == actor)]
    moves = [run.scenario.actors[actor].opening_move] * days
    for event in events.itertuples():
        moves[int(event.day) :] = [event.move] * (days - int(event.day))
    return moves


def test_a_dearer_release_moves_no_draw_of_violence_while_postures_agree() -> None:
    """On days on which posture and capacity are the same, attacks are, however differently the captives fare."""
    cheap = sim.load("doha_2020/baseline")
    dear = cheap.replace({"deal.captives.taliban_prisoners.cost_per_1000.base": 0.5})
    compared, freed = 0, []
    for seed in range(8):
        runs = [sim.run(s, seed=seed) for s in (cheap, dear)]
        tables = [run.series_table for run in runs]
        n = min(len(t["day"]) for t in tables)
        same = np.ones(n, dtype=bool)
        for name in ("attack_rate(taliban_fighters)", "attack_rate(isis_k)"):
            same &= tables[0][name][:n] == tables[1][name][:n]
        left_moves, right_moves = (np.array(standing(run, "taliban", n)) for run in runs)
        # a day's attacks are drawn at the capacity, excitation and posture of the end of the day before
        same &= left_moves == right_moves
        drawn = np.flatnonzero(same[:-1]) + 1
        for force in ("taliban_fighters", "isis_k"):
            left, right = (t[f"daily_attacks({force})"][drawn] for t in tables)
            assert (left == right).all()
        compared += len(drawn)
        freed += [not np.array_equal(*(t["persons_freed(taliban_prisoners)"][:n] for t in tables))]
    assert any(freed)
    assert compared > 100


def test_an_unused_switch_changes_nothing() -> None:
    """Switching off a mechanism that the scenario does not use leaves every bit alone."""
    scenario = sim.load("doha_2020/baseline").replace({"payoff_spread.lognormal_sd": 0.0})
    other = scenario.replace({"mechanisms.weight_spread": False})
    assert sim.run(scenario, seed=5).digest == sim.run(other, seed=5).digest


def test_set_up_lag_is_the_same_luck_whoever_starts_when() -> None:
    """The lag is drawn at an address of its own, so another rule of the government leaves it alone."""
    scenario = sim.load("doha_2020/baseline")
    uniform = scenario.replace(
        {"actors.government.rule.response": "uniform", "actors.government.rule.valuation": "none"}
    )
    lags = []
    for s in (scenario, uniform):
        events = sim.run(s, seed=11).events
        first = events[(events.kind == "move") & (events.actor == "government")].iloc[0]
        ready = events[(events.kind == "preparation") & (events.entity == "taliban_prisoners")].iloc[0]
        lags.append((first.move, ready.tick - first.tick))
    assert lags[0][1] == lags[1][1]
