"""An equilibrium is played as a scenario: policies drawn on day 0, alike in both engines, and only of its own game."""

import json
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import ScenarioError, StoreError, UsageError
from sim.kernel.bound import bound
from sim.random.seed import signed_seed
from sim.solving.folder import load_solution, play_text
from sim.solving.policy import ActorPolicy, constant_rule
from sim.solving.solve import solve

HERE = Path(__file__).parent


def yielding_after(days):
    """Return the policy that fights until a day and yields then."""
    moves = {"fight": [[1.0], [-1.0]], "yield": [[0.0], [0.0]]}
    policy = {"days": [days - 1.0, days], "sees": [], "moves": moves}
    return ActorPolicy(f"yield after {days}", "", {"response": "argmax", "valuation": "table", "policy": policy})


OWN = (yielding_after(2), yielding_after(6), ActorPolicy("never", "", constant_rule(("fight", "yield"), "fight")))
WAR = {"runs": 2, "seed": 7, "effort": "quick", "policies": {"north": OWN, "south": OWN}, "library": False}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Solve a war of attrition into a folder, with a scenario that plays an equilibrium in which somebody mixes."""
    out = tmp_path_factory.mktemp("solved") / "war"
    solution = solve(sim.load(HERE / "attrition.yaml"), **WAR, out=out)
    text = play_text(solution, None, ".").replace('"equilibrium": 1', f'"equilibrium": {mixing(solution) + 1}')
    (out / "play.yaml").write_text(text, encoding="utf-8")
    return out


def mixing(solution):
    """Return the place of the first equilibrium in which somebody mixes."""
    return next(k for k, e in enumerate(solution.equilibria) if any(len(mix) > 1 for mix in e.mixture.values()))


def test_both_engines_draw_and_play_alike(folder):
    """Row k of a batch is run k, to the bit; over many runs policies come as often as the equilibrium says."""
    played = sim.load(folder / "play.yaml")
    batch = sim.replicate(played, runs=40, seed=3)
    for replication in (0, 1, 2, 17, 39):
        run = sim.run(played, seed=3, replication=replication)
        row = batch.outcomes.loc[replication]
        assert run.outcome["outcome"] == row["outcome"]
        assert run.outcome["payoff_north"] == row["payoff_north"]
    solution = load_solution(folder)
    ready = bound(played)
    drawn = ready.which(signed_seed(3), np.arange(4_000))
    chosen = solution.equilibria[mixing(solution)]
    mix = chosen.mixture
    profile_shares = np.outer(list(mix["north"].values()), list(mix["south"].values())).reshape(-1)
    counted = np.bincount(drawn, minlength=len(profile_shares)) / 4_000
    assert len(profile_shares) > 1
    assert np.abs(counted - profile_shares).max() < 4.0 * 0.5 / np.sqrt(4_000)
    for player in ("north", "south"):
        value, error = chosen.values[player]
        mean = batch.outcomes[f"payoff_{player}"].mean()
        spread = batch.outcomes[f"payoff_{player}"].std() / np.sqrt(40)
        assert abs(mean - value) <= 4.0 * np.hypot(spread, error) + 1e-9


def test_explanations_forks_and_comparisons_take_what_was_drawn(folder):
    """A run's decisions are those of the policies it drew, it can be forked, and rules can be compared with it."""
    played = sim.load(folder / "play.yaml")
    run = sim.run(played, seed=3)
    assert run.decisions
    forked = run.fork(1, moves={"north": "yield"})
    assert forked.outcome["outcome"] in ("north_yields", "both_yield")
    other = sim.load(folder / "play.yaml").replace({"title": "Again"})
    assert (sim.replicate(other, 10, seed=3).rows == sim.replicate(played, 10, seed=3).rows).all()
    from sim.experiments.comparison.actor_rules import under_rule

    fighting = played.replace({"actors.north.rule": constant_rule(("fight", "yield"), "fight")})
    assert under_rule(fighting, "equilibrium")[0].actors["north"].rule.response == "equilibrium"
    with pytest.raises(UsageError, match="without a solution"):
        under_rule(sim.load(HERE / "attrition.yaml"), "equilibrium")


def test_a_solution_of_another_game_is_refused(folder, tmp_path):
    """Another game, another digest, another place, a changed file: refused, each with what was found and where."""
    played = sim.load(folder / "play.yaml")
    with pytest.raises(ScenarioError, match="of another game"):
        bound(played.replace({"actors.north.discount_per_year": 0.1}))
    with pytest.raises(ScenarioError, match=r"solution.digest: found 0000"):
        bound(played.replace({"solution.digest": "0" * 64}))
    with pytest.raises(ScenarioError, match=r"solution.folder.*expected a solution"):
        bound(played.replace({"solution.folder": str(tmp_path)}))
    with pytest.raises(ScenarioError, match="one of the"):
        bound(played.replace({"solution.equilibrium": 900}))
    with pytest.raises(ScenarioError, match="without a solution"):
        sim.load(HERE / "attrition.yaml").replace({"actors.north.rule": {"response": "equilibrium"}})
    content = json.loads((folder / "solution.json").read_text(encoding="utf-8"))
    content["equilibria"][0]["frequency"] = 0.123
    (tmp_path / "solution.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(StoreError, match="it was changed"):
        load_solution(tmp_path)


def test_a_solution_reads_back_and_a_resumed_solve_ends_alike(folder):
    """The folder holds all of it; solving again from what was kept gives the same digest without playing a world."""
    solution = load_solution(folder)
    assert solution.profiles.shape[0] == int(np.prod(solution.payoffs.shape[:-1]))
    war = sim.load(HERE / "attrition.yaml")
    with pytest.raises(StoreError, match="--resume"):
        solve(war, **WAR, out=folder)
    again = solve(war, **WAR, out=folder, resume=True)
    assert again.digest == solution.digest
