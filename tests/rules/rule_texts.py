"""Two tiny deals, written as YAML, whose rules and payoffs tests replace: prisoners for quiet, and a matrix game."""

from __future__ import annotations

import tempfile
from pathlib import Path

import sim

DEAL = """\
schema_version: 1
title: Prisoners for quiet
start: 2020-02-29
horizon_days: {horizon}
roles: {{incumbents: [north], challengers: [south]}}
actors:
  north:
    review: {{every_days: 7, offset_days: 7}}
    opening_move: {first_opening}
    moves: {{hold: {{}}, free: {{release: {{per_day: 4, list: own}}}}, attack: {{posture: offence}}}}
    keeps_deal: free
    answers_breach: hold
    rule: {{{first_rule}}}
    payoff: {{{first_payoff}, per_year: {{attacks: -0.5, talks: 1.0, freed(captives): -0.2}}}}
    script: {first_script}
  south:
    review: {{every_days: 7, offset_days: 5}}
    opening_move: {second_opening}
    script: {second_script}
    moves: {{quiet: {{violence: quiet}}, usual: {{violence: usual}}, surge: {{violence: surge, talks: refuse}}}}
    keeps_deal: quiet
    answers_breach: usual
    rule: {{{second_rule}}}
    payoff: {{per_year: {{counted(captives): 0.6, holding_fire: -0.2, talks: 0.4}}, at_outcome: {{settlement: 0.5}}}}
deal:
  captives: {{captives: {{holder: north, claimant: south, held: 1000, promised: 800}}}}
  talks:
    between: [north, south]
    opens_when: persons_counted(captives) >= 100
    opens: {{per_day: 0.1}}
    breaks_down: {{per_day: 0.01, factors: {{violence: {{form: linear, of: attacks}}}}}}
  promises: {{no_surge: {{by: south, keep: surge(south) < 1, watched: true}}}}
  outcomes:
    settlement:
      while_talks_open: yes
      per_day: {settlement}
world:
  armed_forces:
    band:
      kind: insurgent
      actor: south
      strength_thousand: 5
      attacks: {{per_day: 10, self_excited_share: 0.3, relax_days: 5}}
      deaths_per_attack: {{mean: 0.3, shape: 0.5}}
      posture: {{quiet: 0.1, usual: 1.0, surge: 1.6}}
    army: {{kind: regular, actor: north, strength_thousand: 20}}
  reputation: {{every_days: 7, pledge: 0.4, gain: 0.25, sd_log: 0.6, clip_per_week: 1, forget_days: 60}}
payoff_spread: {{lognormal_sd: {spread}}}
"""

GAME = """\
schema_version: 1
title: A matrix game of postures
start: 2020-02-29
horizon_days: {horizon}
actors:
  row:
    review: {{every_days: {every}, offset_days: {every}}}
    opening_move: {first_opening}
    script: {first_script}
    moves: {{quiet: {{violence: quiet}}, usual: {{violence: usual}}, surge: {{violence: surge}}}}
    rule: {{{first_rule}, horizon_days: 4, path_steps: 1}}
    payoff:
      model: {payoff}
      per_year: {{holding_fire(row): 365.25, surge(row): 365.25, holding_fire(column): 365.25, surge(column): 365.25}}
  column:
    review: {{every_days: {every}, offset_days: {every}}}
    opening_move: {second_opening}
    script: {second_script}
    moves: {{quiet: {{violence: quiet}}, usual: {{violence: usual}}, surge: {{violence: surge}}}}
    rule: {{{second_rule}, horizon_days: 4, path_steps: 1}}
    payoff:
      model: {payoff}
      per_year: {{holding_fire(column): 365.25, surge(column): 365.25, holding_fire(row): 365.25, surge(row): 365.25}}
world:
  armed_forces:
    rows:
      kind: insurgent
      actor: row
      strength_thousand: 5
      attacks: {{per_day: 1, self_excited_share: 0.3, relax_days: 5}}
      deaths_per_attack: {{mean: 0.3, shape: 0.5}}
      posture: {{quiet: 0.1, usual: 1.0, surge: 1.6}}
    columns:
      kind: insurgent
      actor: column
      strength_thousand: 5
      attacks: {{per_day: 1, self_excited_share: 0.3, relax_days: 5}}
      deaths_per_attack: {{mean: 0.3, shape: 0.5}}
      posture: {{quiet: 0.1, usual: 1.0, surge: 1.6}}
  reputation: {{every_days: 7, pledge: 0.4, gain: 0.25, sd_log: 0.6, clip_per_week: 1, forget_days: 60}}
"""
EVERY_RULE = {
    "scripted": "response: scripted",
    "uniform": "response: uniform",
    "schedule_as_written": "response: schedule_as_written",
    "logit drift": "response: logit, lam_per_util: 8, valuation: drift, horizon_days: 60",
    "tit for tat": "response: reciprocal",
    "generous": "response: reciprocal, parameters: {strategy: generous, forgiveness: 0.4}",
    "grim": "response: reciprocal, parameters: {strategy: grim}",
    "trigger": "response: reciprocal, parameters: {strategy: trigger, punishment_days: 14}",
    "ewa": "response: logit, lam_per_util: 8, valuation: ewa, horizon_days: 60, parameters: {kappa: 0.2}",
    "fictitious play": "response: argmax, valuation: fictitious_play, horizon_days: 60, parameters: {prior_days: 7}",
    "lookahead": "response: logit, lam_per_util: 8, valuation: lookahead, horizon_days: 60, inertia_util: 0.01,"
    " parameters: {depth: 2, rollouts: 3}",
    "lookahead standing": "response: argmax, valuation: lookahead, horizon_days: 60,"
    " parameters: {depth: 1, rollouts: 2, others: standing}",
    "lookahead coin flip": "response: argmax, valuation: lookahead, horizon_days: 60,"
    " parameters: {depth: 1, rollouts: 2, others: coin_flip}",
}


def two_actors(
    *,
    first_rule: str = "response: uniform",
    second_rule: str = "response: uniform",
    first_payoff: str = "model: linear",
    first_opening: str = "hold",
    second_opening: str = "usual",
    first_script: str = "[]",
    second_script: str = "[]",
    horizon: int = 60,
    settlement: float = 0.01,
    spread: float = 0.3,
):
    """Load the deal with these rules; line 13 is the first actor's rule, 14 its payoff."""
    return load_text(
        DEAL.format(
            first_rule=first_rule,
            second_rule=second_rule,
            first_payoff=first_payoff,
            first_opening=first_opening,
            second_opening=second_opening,
            first_script=first_script,
            second_script=second_script,
            horizon=horizon,
            settlement=settlement,
            spread=spread,
        )
    )


def matrix_game(
    payoff: str,
    first_rule: str,
    second_rule: str,
    *,
    first_opening: str = "quiet",
    second_opening: str = "quiet",
    first_script: str = "[]",
    second_script: str = "[]",
    horizon: int = 30,
    every: int = 7,
):
    """Load the game: moves quiet, usual, surge are 0, 1, 2, which a payoff model reads off its features."""
    return load_text(
        GAME.format(
            payoff=payoff,
            first_rule=first_rule,
            second_rule=second_rule,
            first_opening=first_opening,
            second_opening=second_opening,
            first_script=first_script,
            second_script=second_script,
            horizon=horizon,
            every=every,
        )
    )


def load_text(text: str):
    """Load a scenario from text."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deal.yaml"
        path.write_text(text, encoding="utf-8")
        return sim.load(path)


def agree(scenario, runs: int = 3, seed: int = 11):
    """Check that both engines give the same outcomes to the bit; return the batch."""
    batch = sim.replicate(scenario, runs=runs, seed=seed, threads=1)
    for replication in range(runs):
        outcome = sim.run(scenario, seed=seed, replication=replication, trace=False).outcome
        for name, values in batch.outcome_table.items():
            one, other = outcome[name], values[replication]
            assert one == other or (one != one and other != other), (name, replication, one, other)
    return batch


def moves_of(run, actor: str) -> list[str]:
    """List what an actor chose at each of its epochs."""
    return [decision.chosen for decision in run.decisions if decision.actor == actor]


def short_runs() -> dict[str, list[str]]:
    """Return, for every rule, the exact numbers that a short run leaves behind."""
    left = {}
    for name, rule in EVERY_RULE.items():
        outcome = sim.run(two_actors(first_rule=rule, horizon=16), seed=3, trace=False).outcome
        left[name] = [value.hex() for value in outcome.values() if isinstance(value, float)]
    return left
