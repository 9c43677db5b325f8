"""Three games whose answers are known, written as scenarios: what is solved is what can be found by hand."""

import math
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.solving.against import Against
from sim.solving.certificate import measured_gains
from sim.solving.cross_entropy import Search, search
from sim.solving.equilibria import MOST_LISTED, solve_table
from sim.solving.forks import fit_forks, forked, frame_of
from sim.solving.kept import Kept
from sim.solving.policy import ActorPolicy, constant_rule
from sim.solving.solve import solve
from sim.solving.table import EmpiricalTable
from sim.solving.worlds import Worlds

HERE = Path(__file__).parent
FOUR = 4.0
ABSENT = Kept(None, {})


def mean(solution, player):
    """Return a player's payoff at the selected equilibrium and four standard errors of it."""
    value, error = solution.values[player]
    return value, FOUR * error + 1e-9


def test_the_exchange_has_one_answer():
    """Both exchange: the river as nothing else pays it, the hill as it foresees that."""
    solution = solve(sim.load(HERE / "exchange.yaml"), runs=4, seed=7, effort="quick")
    assert solution.converged
    assert len(solution.equilibria) == 1
    assert solution.diagnostics["all_equilibria_of_the_table_listed"]
    for player in ("hill", "river"):
        (move,) = solution.selected.mixture[player]
        rule = solution.policy_named(player, move).rule
        row = sim.replicate(
            solution.scenario.replace(
                {f"actors.{p}.rule": dict(solution.policy[p][0][1].rule) for p in solution.players}
            ),
            runs=2,
            seed=1,
        ).outcomes
        assert (row["freed_hill_men"] == 100).all(), rule
        assert (row["freed_river_men"] == 100).all()
        assert solution.values[player][0] == pytest.approx(1.2, abs=0.02)
        assert solution.regret[player][0] <= 1e-9


def dilemma(delta):
    """Return the dilemma with a discount factor for each period of four days, and grim play as the declared rule."""
    rate = -math.log(delta) / 4 * 365.25
    return sim.load(HERE / "repeated_dilemma.yaml").replace(
        {f"actors.{player}.discount_per_year": rate for player in ("north", "south")}
    )


def grim_pair(solution):
    """Return the equilibrium of grim play by both, or None."""
    for equilibrium in solution.equilibria:
        if all(mix.get("as declared", 0.0) > 0.999 for mix in equilibrium.mixture.values()):
            return equilibrium
    return None


@pytest.mark.parametrize(("delta", "holds"), [(0.8, True), (0.4, False)])
def test_grim_play_of_the_repeated_dilemma_needs_patience(delta, holds):
    """Grim play is an equilibrium above a discount factor of 1 / 1.7 (Green and Porter 1984), and none below."""
    solution = solve(dilemma(delta), runs=400, seed=7, effort="quick")
    pair = grim_pair(solution)
    assert (pair is not None) == holds
    by_fighting = [g for g in solution.declared_gains if g.deviation == "always fight"]
    expected = (3.0 + delta * 0.0) - 2.0 / (1.0 - 0.9 * delta)  # fight: 3 now, at first; after a bad signal 0 for all
    for gain in by_fighting:
        always = 3.0 / (1.0 - 0.5 * delta)
        kept = 2.0 / (1.0 - 0.9 * delta)
        assert gain.gain == pytest.approx(always - kept, abs=FOUR * gain.error + 0.08 * kept), expected
    if pair is not None:
        value, error = pair.values["north"]
        assert value == pytest.approx(2.0 / (1.0 - 0.9 * delta), abs=FOUR * error + 0.08 * value)


def yielding_after(days, unless=None):
    """Return the policy that fights until a day and yields then, unless somebody has yielded already."""
    there = 0.0 if unless is None else -9.0
    last = slice(0 if days else 1, 2)  # on day 0 nothing comes before
    rule = {
        "response": "argmax",
        "valuation": "table",
        "policy": {
            "days": [days - 1.0, float(days)][last],
            "sees": [{"of": f"holding_fire({unless or 'north'})"}],
            "moves": {"fight": [[1.0, 0.0], [-1.0, 0.0]][last], "yield": [[0.0, there], [0.0, there]][last]},
        },
    }
    return ActorPolicy(f"yield after {days}", f"yields after {days} days", rule)


def waiting_game(days, horizon):
    """Return the payoffs of yielding on one of some days, or never, against each: by hand, with a prize of 10."""
    last = [*days, horizon]
    table = np.zeros((len(last), len(last)))
    for i, mine in enumerate(last):
        for j, theirs in enumerate(last):
            prize = 10.0 if mine > theirs else 0.0
            table[i, j] = prize - min(mine, theirs)
    return table


def war_until(horizon):
    """Return the war with an end, the policies of yielding at each decision or never, and their shares by hand.

    Each yields with probability 1 / 6 at each decision: what is left to win is then worth what it costs.
    """
    war = sim.load(HERE / "attrition.yaml").replace({"horizon_days": horizon})
    at_once = ActorPolicy("yield after 0", "yields at once", constant_rule(("fight", "yield"), "yield"))
    never = ActorPolicy("never", "never yields", constant_rule(("fight", "yield"), "fight"))
    days = range(0, horizon, 2)
    by_hand = (5.0 / 6.0) ** np.arange(len(days) + 1) * [*[1.0 / 6.0] * len(days), 1.0]
    return war, (at_once, *(yielding_after(day) for day in days[1:]), never), by_hand


def test_the_war_of_attrition_is_played_as_by_hand():
    """Of policies that know only the day, the mixed equilibrium is selected; who sees the other's move of the day wins.

    The south decides after the north: if it waits whether the north yields today, and yields if not, it gains what the
    north's yielding with 1 / 6 is worth, and whoever looks for replies must find that.
    """
    war, own, by_hand = war_until(6)
    policies = dict.fromkeys(("north", "south"), own)
    solution = solve(war, runs=2, seed=7, effort="quick", policies=policies, library=False)
    table = waiting_game(range(0, 6, 2), 6)
    for player in range(2):
        played = solution.payoffs[: len(own), : len(own), player]  # a learner may have added a policy
        assert np.allclose(np.moveaxis(played, player, 0), table, atol=1e-9)
    assert np.allclose(table @ by_hand, 0.0, atol=1e-9)  # every day is worth as much as yielding at once: nothing
    assert len(solution.equilibria) > 1  # in others one side yields at once
    gain, error = solution.rounds[0].gains["south"]
    assert gain == pytest.approx(10.0 / 6.0, abs=FOUR * error)
    gain, error = solution.rounds[0].gains["north"]
    assert gain <= FOUR * error


def test_the_war_of_attrition_is_solved_within_its_intervals():
    """The south decides after the north and sees its move; an end at which it is paid 2 keeps it willing to fight on.

    Fighting on costs the south 2 until the north's next decision, the north 2 if the south fights on today. So by hand
    the south yields with probability 1 / 6 at each decision, and the north with 1 / 5 at each but its first, at which
    it may never yield: then both expect nothing.
    """
    war, own, _ = war_until(6)
    war = war.replace({"actors.south.payoff.at_outcome.over": 2})
    seeing = (yielding_after(0, unless="north"), yielding_after(2, unless="north"), yielding_after(4, unless="north"))
    policies = {"north": own, "south": (*seeing, own[-1])}
    solution = solve(war, runs=2, seed=7, effort="quick", policies=policies, library=False)
    by_hand = {
        "north": {"yield after 2": 1 / 5, "yield after 4": 4 / 25, "never": 16 / 25},
        "south": {"yield after 0": 1 / 6, "yield after 2": 5 / 36, "yield after 4": 25 / 216, "never": 125 / 216},
    }
    (mixed,) = [e for e in solution.equilibria if all(len(mix) > 1 for mix in e.mixture.values())]
    for player, shares in by_hand.items():
        assert mixed.mixture[player] == pytest.approx(shares, abs=1e-6)
        value, error = mixed.values[player]
        assert abs(value) <= FOUR * error
    assert mixed.withstands
    worlds = Worlds(war, solution.players)
    chosen = [[solution.policy_named(p, name) for name in by_hand[p]] for p in solution.players]
    against = Against(worlds, chosen, [np.array(list(by_hand[p].values())) for p in solution.players])
    for place, player in enumerate(solution.players):
        frame = frame_of(against, place, 7, ABSENT, worlds=100)
        searched = search(against, place, frame, Search(5, 20, 80), 11, ABSENT)
        fitted = fit_forks(forked(against, place, frame, 200, 0.0, 12, ABSENT), frame).coefficients
        found = [frame.policy("searched", "", searched, "cross-entropy"), frame.policy("forked", "", fitted, "forks")]
        for gain in measured_gains(against, place, found, 600, 99, ABSENT):
            assert gain.gain <= FOUR * gain.error, (player, gain)


def test_a_long_list_of_equilibria_keeps_the_selected_one_and_says_that_it_is_cut():
    """A longer war has more equilibria than are listed; that of the branch is among them."""
    war, own, by_hand = war_until(12)
    table = EmpiricalTable(Worlds(war, ("north", "south")), [own, own], 2, 7, Kept(None, {}))
    table.fill()
    solved = solve_table(table, 7)
    assert len(solved.equilibria) == MOST_LISTED
    (chosen,) = [equilibrium for equilibrium in solved.equilibria if equilibrium.on_branch]
    assert all(np.allclose(vector, by_hand, atol=1e-6) for vector in chosen.vectors)
    assert not solved.complete
    assert f"of 65 equilibria that were found {MOST_LISTED} are listed" in solved.not_proved
