"""A toy world for the laws of single mechanisms: every mechanism once, numbers that can be checked by hand.

A state, rebels and a patron; rebel fighters, the state's army and bandits of nobody's; prisoners whom the state holds
and rebels claim, and soldiers the other way round, freed in return; the rebels' arms; the patron's troops and aid; an
office that two claim.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import hypothesis
import numpy as np
from interpreted import interpreted
from numpy.typing import NDArray
from toy_deals import NEVER_REVIEWS

from sim.scenario.scenario import Scenario

with interpreted():
    from sim.encode.encoded import encode
    from sim.kernel.begin import begin
    from sim.kernel.decision import DECISION_RECORD
    from sim.model.columns import COLUMNS
    from sim.model.layout import STATE
    from sim.model.log import LOG, LOG_ROWS
    from sim.model.moves import read_moves
    from sim.model.reading import read_world
    from sim.rules.registry import bind

THE_STATE, REBELS, PATRON = range(3)
FIGHTERS, ARMY, BANDITS = range(3)
PRISONERS, SOLDIERS, ARMS = range(3)
SETTLEMENT, TALKS_OPEN, STALEMATE, DEAL_VOID, CIVIL_WAR, GOVERNMENT_COLLAPSE = range(1, 7)

EXAMPLES = 30
"""Of each law: the formulas are smooth, and their edges have tests of their own."""

RULE = {"response": "logit", "valuation": "drift", "lam_per_util": 5.0, "horizon_days": 100, "path_steps": 4}


def content() -> dict[str, Any]:
    """Return the toy scenario as a mapping."""

    def actor(opening: str, moves: dict[str, Any], payoff: dict[str, Any], discount: float) -> dict[str, Any]:
        return {
            "review": NEVER_REVIEWS,
            "opening_move": opening,
            "moves": moves,
            "rule": RULE,
            "payoff": payoff,
            "discount_per_year": discount,
        }

    state = actor(
        "wait",
        {
            "wait": {"release": "none", "posture": "defence"},
            "own": {"release": {"per_day": 30, "list": "own"}, "guarantee": "written", "single_team": True},
            "theirs": {"release": {"per_day": 50, "list": "claimant"}, "offer": True},
            "staged": {
                "release": {
                    "per_day": 100,
                    "list": "own",
                    "until": 400,
                    "then": {"amount": 70, "every_days": 7, "when": "holding_fire(rebels)"},
                },
                "guarantee": "written_biometric",
            },
            "leaders": {"release": {"per_day": 10, "list": "claimant", "commanders": "first"}},
            "attack": {"posture": "offence", "cooldown_days": 10, "cost_util": 0.25},
            "take": {"recall": {"per_day": 8, "returned_per_day": 0.05, "group": "prisoners"}},
        },
        {
            "per_year": {"attacks": -0.5, "counted(prisoners)": 0.3, "talks": 0.4},
            "at_outcome": {"settlement": 0.8, "deal_void": -0.3, "civil_war": -0.6, "government_collapse": -0.9},
            "beyond_window": {"balance_of_force": -0.3, "talks": 0.2},
            "once": {"reverses_refusal": 0.02, "releases_before_talks": 0.04, "breaks_pledge": 0.08},
        },
        0.15,
    )
    rebels = actor(
        "fight",
        {
            "fight": {"violence": "full", "talks": "technical"},
            "quiet": {"violence": "low", "talks": "sit", "blocked_by_dispute": True},
            "edge": {"violence": "pledged", "talks": "sit"},
            "surge": {"violence": "high", "talks": "refuse"},
            "cease": {"violence": "none", "hand_over": {"arms": {"over_days": 730.5}}},
            "offer": {"violence": "low", "expects": {"state": "theirs"}},
        },
        {
            "per_year": {"counted(prisoners)": 0.3, "captives_home": 0.2, "balance_of_force": 0.4},
            "at_outcome": {"settlement": 0.6, "government_collapse": 0.7},
            "once": {"breaks_pledge": 0.1},
        },
        0.1,
    )
    patron = actor(
        "schedule",
        {
            "schedule": {"drawdown": "schedule", "support": "defensive"},
            "fast": {"drawdown": {"pace": 1.6}, "support": "full"},
            "pause": {"drawdown": "none", "support": "none"},
            "half": {"aid": 0.5, "support": "none"},
            "threaten": {
                "pressure": {
                    "on": "state",
                    "until": "persons_freed(prisoners) >= 1000",
                    "cut": "help",
                    "expects": "theirs",
                },
                "support": "defensive",
            },
        },
        {"per_year": {"troops": -0.2, "paused": -0.1}, "at_outcome": {"settlement": 0.5}},
        0.2,
    )
    patron["types"] = {"weary": {"probability": 0.5, "scales": {"at_outcome.settlement": 0.4, "per_year.troops": 3.0}}}
    fighters = {
        "kind": "insurgent",
        "actor": "rebels",
        "strength_thousand": 10,
        "turnover_per_day": 0.002,
        "attrition": {"defence": 0.8, "offence": 1.6, "without_troops": 0.6},
        "attacks": {"per_day": 20, "self_excited_share": 0.4, "relax_days": 10, "capacity_exponent": 0.5},
        "posture": {"none": 0.0, "low": 0.2, "pledged": 0.4, "full": 1.0, "high": 1.5},
        "deaths_per_attack": {"mean": 0.5, "civilian_mean": 0.2, "shape": 0.2},
        "mass_casualty_per_attack": 0.01,
        "unattributed_share": 0.25,
    }
    army = {
        "kind": "regular",
        "actor": "state",
        "strength_thousand": 25,
        "decay_per_day": {
            "base": 0.0002,
            "aid_lost": 0.001,
            "troops_gone": 0.0027,
            "attacks": 0.0004,
            "on_offence": 0.0005,
        },
        "noise_per_sqrt_day": 0.012,
    }
    bandits = {
        "kind": "outside",
        "attacks": {"per_day": 2},
        "deaths_per_attack": {"mean": 3.0, "shape": 1.0},
        "while_talks_open": 0.5,
        "blamed_on": {"force": "fighters", "share": 0.3},
        "mass_casualty_deaths": 8,
    }
    prisoners = {
        "holder": "state",
        "claimant": "rebels",
        "held": 1_500,
        "promised": 1_000,
        "cap_freed": 1_200,
        "vetting_per_day": 80,
        "setup_lag_days": {"mean": 6, "shape": 4},
        "counted_at_once": {"own": 0.6, "claimant": 0.9},
        "verify_backlog_days": 20,
        "returns": {
            "to": "fighters",
            "probability": {"beta": [2, 3]},
            "delay_days": 30,
            "risk_at_first": 0.5,
            "risk_per_share_freed": 1.0,
            "guarantee": {"none": 1.0, "written": 0.85, "written_biometric": 0.6},
        },
        "commanders": {"held": 12, "fighters_each": 25},
        "cost_per_1000": {
            "base": 0.2,
            "hardest_last": 3,
            "exponent": 4,
            "claimant_list": 1.2,
            "if_quiet": 0.6,
            "if_not_quiet": 1.1,
            "if_talks_open": 0.5,
        },
        "dispute": {"opens_per_day": 0.05, "if_uncounted_over": 30, "mean_days": 14},
    }
    soldiers = {
        "holder": "rebels",
        "claimant": "state",
        "held": 300,
        "promised": 200,
        "reciprocates": {"group": "prisoners", "per_captive": 0.25},
    }
    outcomes = {
        "settlement": {
            "role": "good",
            "while_talks_open": True,
            "when": "persons_counted(prisoners) >= 800",
            "per_day": 0.02,
            "factors": {
                "trust": {"form": "floor", "of": "trust(state, rebels)", "floor": 0.2},
                "troops": {"form": "floor", "of": "troops", "floor": 0.3},
                "split_office": {"form": "linear", "of": "divided_team", "at_zero": 1.0, "slope": -0.5},
                "quiet": {"form": "linear", "of": "attacks", "at_zero": 1.5, "slope": -0.5},
            },
        },
        "talks_open": {"at_horizon": True, "when": "talks"},
        "stalemate": {"at_horizon": True},
        "deal_void": {
            "role": "bad",
            "per_day": 0.004,
            "until_day": 150,
            "factors": {
                "surge": {"form": "if", "when": "surge", "then": 2.5, "otherwise": 0.5},
                "pause": {"form": "if", "when": "paused", "then": 2.0, "otherwise": 1.0},
                "talks": {"form": "linear", "of": "talks", "at_zero": 1.0, "slope": -0.5},
                "distrust": {"form": "linear", "of": "trust(patron, rebels)", "at_zero": 0.6, "slope": -1.0},
            },
        },
        "civil_war": {
            "role": "bad",
            "per_day": 0.03,
            "factors": {
                "split_office": {"form": "linear", "of": "dual_office"},
                "weakness": {"form": "logistic", "of": "cohesion", "midpoint": 0.3, "width": -0.05},
            },
        },
        "government_collapse": {
            "role": "bad",
            "per_day": 0.05,
            "factors": {
                "few_troops": {"form": "if", "when": "troops < 0.25"},
                "balance": {"form": "logistic", "of": "balance_of_force", "midpoint": 0.5, "width": 0.07},
            },
        },
    }
    return {
        "schema_version": 1,
        "title": "a toy world",
        "start": "2020-02-29",
        "horizon_days": 200,
        "roles": {"incumbents": ["state"], "challengers": ["rebels"], "guarantors": ["patron"]},
        "actors": {"state": state, "rebels": rebels, "patron": patron},
        "payoff_spread": {"lognormal_sd": 0.35},
        "deal": {
            "captives": {"prisoners": prisoners, "soldiers": soldiers},
            "stocks": {"arms": {"holder": "rebels", "arms_of": "fighters", "held": 1, "divisible": True}},
            "withdrawal": {
                "troops": {
                    "owner": "patron",
                    "start": 3_000,
                    "steps": [{"day": 50, "left": 2_000}, {"day": 150, "left": 0}],
                }
            },
            "talks": {
                "between": ["state", "rebels"],
                "opens_when": "persons_counted(prisoners) >= 500",
                "technical_share": 0.25,
                "opens": {
                    "per_day": 0.08,
                    "factors": {
                        "split_office": {"form": "linear", "of": "divided_team", "at_zero": 1.0, "slope": -0.7}
                    },
                },
                "breaks_down": {
                    "per_day": 0.01,
                    "factors": {"violence": {"form": "linear", "of": "attacks"}},
                    "after_mass_casualty": 0.4,
                },
            },
            "promises": {
                "no_surge": {"by": "rebels", "keep": "surge(rebels) < 1", "watched": True},
                "withdrawal": {"by": "patron", "keep": "paused(patron) < 1", "watched": True},
            },
            "outcomes": outcomes,
        },
        "world": {
            "armed_forces": {"fighters": fighters, "army": army, "bandits": bandits},
            "contest": {
                "exponent": 1.0,
                "air_support": 0.8,
                "aid": 0.5,
                "support_levels": {"none": 0.0, "defensive": 1.0, "full": 1.5},
            },
            "season": {"amplitude": 0.2, "peak_day_of_year": 196},
            "aid_flows": {
                "help": {
                    "donor": "patron",
                    "recipient": "state",
                    "usd_bn_per_year": 4.0,
                    "cut_usd_bn": 1.0,
                    "max_cuts": 2,
                    "executes_per_day": 0.05,
                    "escrow": {"usd_bn_per_year": 1.0, "paid_with": "counted(prisoners)"},
                }
            },
            "offices": {
                "presidency": {
                    "actor": "state",
                    "cohesion_logit": 0.5,
                    "revert_days": 200,
                    "attacks_per_day": 0.0015,
                    "per_1000_freed": 0.25,
                    "freed_if_quiet_share": 0.3,
                    "noise_per_sqrt_day": 0.03,
                    "dual": {
                        "start_day": 9,
                        "mean_days": 40,
                        "resolved_logit": 0.8,
                        "offer_speeds": 2.0,
                        "single_team_share": 0.5,
                    },
                }
            },
            "reputation": {
                "every_days": 7,
                "pledge": 0.4,
                "gain": 0.25,
                "sd_log": 0.6,
                "clip_per_week": 1.0,
                "forget_days": 60,
                "start": 0.1,
                "broken_pledge": -0.5,
                "executed_threat": 0.5,
                "per_100_counted": 0.02,
                "reversed_refusal": 0.1,
            },
            "profiteers": {"breakdown_factor": 1.25},
            "epidemic": {"from_day": 20, "to_day": 60, "release_cost_factor": 0.8, "captives_weight_factor": 1.2},
        },
        "milestones": {"halfway": "persons_freed(prisoners) >= 500"},
    }


def given(*arguments: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Let hypothesis give a test its arguments, `EXAMPLES` times."""

    def decorated(test: Callable[..., None]) -> Callable[..., None]:
        return hypothesis.settings(max_examples=EXAMPLES)(hypothesis.given(*arguments)(test))

    return decorated


class Record:
    """A record of one world as plain attributes, whose reading costs a tenth of that of NumPy's records."""

    def __init__(self, record: NDArray[np.record]) -> None:
        self.__dict__.update({name: record[name][0] for name in record.dtype.names or ()})

    def copy(self) -> Record:
        """Return a record apart with equal numbers."""
        other = Record.__new__(Record)
        other.__dict__.update({k: v.copy() if isinstance(v, np.ndarray) else v for k, v in self.__dict__.items()})
        return other

    def differs(self, other: Record) -> set[str]:
        """Return the names of the fields that are not equal."""
        return {k for k, v in self.__dict__.items() if not np.array_equal(v, other.__dict__[k])}


@dataclass
class World:
    """One world with its numbers; all of it may be changed.

    Attributes
    ----------
    state, params : Record
        Fields of `sim.model.layout`.
    tables : ndarray of float64
        Dated lists and conditions.
    names : Names
        Entities in order.
    """

    state: Any
    params: Any
    tables: NDArray[np.float64]
    names: Any

    def move(self, actor: int, name: str) -> int:
        """Return the number of an actor's move."""
        return int(self.names.moves[actor].index(name))

    def play(self, actor: int, name: str) -> int:
        """Let a move stand without any cost or opinion, read off what follows, and return its number."""
        self.state.standing[actor] = self.move(actor, name)
        self.read()
        return self.move(actor, name)

    def read(self) -> None:
        """Read off what is read off the rest of the state."""
        read_moves(self.state, self.params)
        read_world(self.state, self.params)

    def set_rate(self, outcome: int, per_day: float) -> None:
        """Set the rate of an outcome's hazard (per day) that its factors multiply."""
        self.tables[self.params.outcome_hazard[outcome]] = per_day

    def copy(self) -> World:
        """Return a world apart with equal numbers."""
        return World(self.state.copy(), self.params.copy(), self.tables.copy(), self.names)

    def __iter__(self) -> Iterator[Any]:
        """Yield state, params and tables, as most functions of the model take them."""
        return iter((self.state, self.params, self.tables))


@cache
def _beginning(steps_per_day: int) -> World:
    return begun(Scenario.from_dict(content() | {"steps_per_day": steps_per_day}))


def begun(scenario: Scenario) -> World:
    """Return the world of a scenario on its first day."""
    encoded = encode(scenario)
    with interpreted():  # an address is a place in the list of the interpreted functions
        params, tables = bind(encoded.params), encoded.tables
    state = np.zeros(1, STATE)
    begin(state[0], params[0], tables, 1, 0)
    return World(Record(state), Record(params), tables, encoded.names)


def toy(steps_per_day: int = 1) -> World:
    """Return the toy world on its first day; each call returns a world of its own."""
    return _beginning(steps_per_day).copy()


def ready(move: str, steps_per_day: int = 1) -> World:
    """Return a world whose state frees by a move and whose set-up lag is over."""
    world = toy(steps_per_day)
    world.play(THE_STATE, move)
    world.state.ready_tick[PRISONERS] = 0
    return world


def off(world: World, *mechanisms: int) -> World:
    """Switch mechanisms off and return the world."""
    for mechanism in mechanisms:
        world.params.on[mechanism] = 0
    return world


def buffers() -> tuple[Any, Any, Any]:
    """Return an empty log, a ledger of three actors and an empty account of a decision."""
    return np.zeros(LOG_ROWS, LOG), np.zeros((3, COLUMNS)), np.zeros(1, DECISION_RECORD)[0]


def logged(log: Any) -> list[tuple[int, int, float]]:
    """Return kind, entity and value of each event in a log."""
    return [(int(row.kind), int(row.entity), float(row.value)) for row in log[1 : log[0].kind + 1]]
