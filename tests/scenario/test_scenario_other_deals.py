"""The format carries deals unlike Doha: five actors, two armed groups, recall and disarmament, no foreign troops."""

from scenario_texts import write

from sim.scenario.load import load

FIVE = """\
schema_version: 1
title: Release on licence against arms
description: Shaped after Belfast 1998; the numbers only exercise the format.
start: 1998-04-10
horizon_days: 900
steps_per_day: 4
roles: {incumbents: [london], challengers: [republicans, loyalists], guarantors: [washington]}
actors:
  london:
    review: {every_days: 14}
    opening_move: wait
    moves:
      wait: {release: none, posture: defence}
      release: {release: {per_day: 0.5, list: own, group: republican_prisoners}, posture: defence}
      both: {release: {per_day: 0.3, list: claimant, group: loyalist_prisoners, commanders: first}}
      revoke:
        recall: {per_day: 0.1, group: republican_prisoners}
        when: attacks(pira) > 1.5 or not (talks or counted(loyalist_prisoners) > 0.5)
        cooldown_days: 60
        cost_util: 0.05
    rule: {response: logit, valuation: lookahead, lam_per_util: 10, horizon_days: 120, parameters: {depth: 2}}
    payoff:
      model: prospect
      parameters: {alpha: 0.88, loss_aversion: 2.25}
      per_year: {deaths: -0.1, talks: 0.2, disarmed(pira): 0.3}
      at_outcome: {settlement: 1}
  republicans:
    review: {every_days: 28, offset_days: 7}
    opening_move: ceasefire
    moves:
      ceasefire: {violence: ceasefire, talks: sit}
      disarm:
        violence: ceasefire
        talks: sit
        hand_over: {pira_arms: {tranches: [{until_share: 0.4, over_days: 90}, {until_share: 1, when: talks}]}}
      fight: {violence: fight, talks: refuse}
    keeps_deal: disarm
    answers_breach: fight
    rule: {response: reciprocal, valuation: none, parameters: {strategy: generous, forgiveness: 0.1}}
    payoff: {per_year: {captives_home(republicans): 0.5, disarmed(pira): -0.2}}
  loyalists:
    review: {every_days: 28, offset_days: 14}
    opening_move: ceasefire
    moves: {ceasefire: {violence: ceasefire, talks: sit}, fight: {violence: fight}}
    rule: {response: argmax, valuation: drift, horizon_days: 90}
  dublin:
    review: {every_days: 28}
    opening_move: wait
    moves: {wait: {talks: sit}}
    rule: {response: uniform}
  washington:
    review: {every_days: 90}
    opening_move: pay
    moves: {pay: {aid: 1}, press: {pressure: {on: dublin, until: talks, cut: fund, expects: wait}}}
    scheduled_moves: [{date: 1998-09-03, move: press}, {date: 1999-01-01, move: pay}]
    rule: {response: scripted}
    script: [{day: 10, move: pay}]
deal:
  captives:
    republican_prisoners: {holder: london, claimant: republicans, held: 300, promised: 250, verify_backlog_days: 30}
    loyalist_prisoners:
      holder: london
      claimant: loyalists
      held: 200
      promised: 150
      returns: {to: uvf, probability: 0.05, delay_days: 90}
      commanders: {held: 6, fighters_each: 10}
  stocks: {pira_arms: {holder: republicans, claimant: dublin, arms_of: pira, held: 2000, unit: weapons}}
  talks:
    between: [london, republicans, loyalists, dublin]
    technical_share: 0.5
    opens: {per_day: 0.05}
    breaks_down: {per_day: 0.001}
  deadlines: [{date: 2000-05-22, what: decommissioning, reviews: [republicans, loyalists, london]}]
  promises: {ceasefire: {by: republicans, keep: attacks(pira) < 0.2, watched: yes}}
  outcomes: {settlement: {per_day: 0.002, while_talks_open: yes}}
world:
  armed_forces:
    pira:
      kind: insurgent
      actor: republicans
      strength_thousand: 0.5
      attacks: {per_day: 0.8}
      deaths_per_attack: {mean: 0.2, shape: 1}
      posture: {ceasefire: 0.05, fight: 1.0}
    uvf:
      kind: insurgent
      actor: loyalists
      strength_thousand: 0.3
      attacks: {per_day: 0.4}
      deaths_per_attack: {mean: 0.2, shape: 1}
      posture: {ceasefire: 0.05, fight: 1.0}
    army: {kind: regular, actor: london, strength_thousand: 17}
    splinter: {kind: outside, attacks: {per_day: 0.01}, deaths_per_attack: {mean: 2, shape: 0.5}}
  aid_flows: {fund: {donor: washington, recipient: dublin, usd_bn_per_year: 0.02}}
events:
  omagh: {date: 1998-08-15, what: Omagh, set: {world.armed_forces.splinter.attacks.per_day: 0}}
milestones: {all_arms: disarmed(pira) >= 0.99, all_out: persons_freed(republican_prisoners) >= 250}
"""


def test_five_actors_with_other_levers(tmp_path):
    """A deal about licences and arms between five actors loads as it is written."""
    s = load(write(tmp_path, "belfast.yaml", FIVE))
    assert len(s.actors) == 5
    assert s.actors["london"].moves["revoke"].recall.group == "republican_prisoners"
    assert str(s.actors["london"].moves["revoke"].when) == (
        "attacks(pira) > 1.5 or not (talks >= 1 or counted(loyalist_prisoners) > 0.5)"
    )
    assert [t.until_share for t in s.actors["republicans"].moves["disarm"].hand_over["pira_arms"].tranches] == [
        0.4,
        1.0,
    ]
    assert s.actors["washington"].scheduled_moves[0].day == 146.0
    assert s.deal.captives["loyalist_prisoners"].returns.probability == 0.05
    assert s.events["omagh"].set == {"world.armed_forces.splinter.attacks.per_day": 0.0}
    assert s.world.reputation is None
