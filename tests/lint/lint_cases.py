"""A small deal with everything that the checks look at, which they find nothing wrong with, and a way to change it."""

from ruamel.yaml import YAML

from sim.lint import warnings_of
from sim.scenario.load import load

DEAL = """\
schema_version: 1
title: Arms for a seat
start: 2030-01-01
horizon_days: 730
roles: {incumbents: [state], challengers: [rebels]}
actors:
  state:
    review: {every_days: 7}
    opening_move: wait
    moves:
      wait: {}
      free: {release: {per_day: 5, list: own}, when: accepted(arms) >= 0.5}
      pay_less: {aid: 0.5}
    discount_per_year: 0.1
    rule: {response: uniform}
    payoff:
      per_year: {accepted(arms): 0.4, aid_lost: 0.1, cohesion: 0.1, reputation: 0.1}
      at_outcome: {done: 1.0}
      once: {breaks_pledge: 0.1}
  rebels:
    review: {every_days: 7}
    opening_move: keep
    moves:
      keep: {violence: full}
      disarm: {violence: quiet, hand_over: {arms: {per_day: 1}}}
    rule: {response: uniform}
    payoff:
      per_year: {freed(prisoners): 0.2}
      at_outcome: {done: 0.5}
    profiles:
      weary: {discount_per_year: 0.2}
deal:
  captives:
    prisoners: {holder: state, claimant: rebels, held: 400, promised: 300}
  stocks:
    arms: {holder: rebels, claimant: state, held: 100, unit: rifles}
  withdrawal:
    army: {owner: state, start: 5000, steps: [{day: 100, left: 1000}]}
  talks:
    between: [state, rebels]
    opens: {per_day: 0.1}
    breaks_down: {per_day: 0.01}
  promises:
    no_secret: {by: state, keep: releasing(prisoners) < 1, label: nobody is freed in secret, watched: yes}
  outcomes:
    done: {role: good, when: amount_accepted(arms) >= 90}
    failed_talks: {role: bad, per_day: 0.001}
world:
  armed_forces:
    fighters:
      kind: insurgent
      actor: rebels
      strength_thousand: 8
      attacks: {per_day: 6}
      posture: {quiet: 0.2, full: 1.0}
      deaths_per_attack: {mean: 0.8, shape: 0.3}
  aid_flows:
    budget: {donor: state, recipient: rebels, usd_bn_per_year: 1.5}
  offices:
    presidency: {actor: state, revert_days: 200}
  reputation: {every_days: 7, pledge: 0.4, gain: 0.2, sd_log: 0.6, clip_per_week: 1, forget_days: 60}
  profiteers: {breakdown_factor: 1.2}
  epidemic: {from_day: 10, to_day: 50, release_cost_factor: 0.8}
events:
  vote: {what: a vote is lost, day: 300, becomes: {rebels: weary}}
milestones:
  halfway: accepted(arms) >= 0.5
"""


def linted(folder, changes=(), record_folders=()):
    """Return the warnings about the deal with some values replaced, as path and message; None removes a key."""
    data = YAML(typ="safe", pure=True).load(DEAL)
    for path, value in dict(changes).items():
        *parents, last = path.split("/")
        node = data
        for part in parents:
            node = node[int(part)] if isinstance(node, list) else node.setdefault(part, {})
        if value is None:
            del node[last]
        else:
            node[last] = value
    file = folder / "deal.yaml"
    yaml = YAML(typ="safe", pure=True)
    yaml.representer.sort_base_mapping_type_on_output = False  # the order of moves counts
    with file.open("w", encoding="utf-8") as stream:
        yaml.dump(data, stream)
    return [(warning.path, warning.message) for warning in warnings_of(load(str(file)), record_folders)]
