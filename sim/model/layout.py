"""State and Params: the two records that every rule of the world reads and writes.

A `State` is one world at one instant, with its clocks, timers, hazards and rule memory: copy it to fork, save it to
resume. A `Params` is one resolved scenario in numbers. Both have fixed maxima, so their types never depend on a
scenario and no scenario compiles anything. What has no fixed length (dates of a script, programs of ``when:``) lies in
*Tables*, one flat float64 array that Params points into.

Conventions: ticks are int32 steps since the start, `NEVER` stands for no date; rates are per day; numbers of persons
are float64 that hold integers in sampled worlds and expectations on mean paths; an index of -1 means none. Every field
of State that holds a flag (talks, dual, dispute) is a float in [0, 1]: 0 or 1 when sampled, a probability on a
mean path, which is why both readers can use the same formulas.
"""

from __future__ import annotations

from typing import Any, Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.scenario.catalogue import (
    MAX_ACTORS,
    MAX_BEYOND,
    MAX_FLOWS,
    MAX_FORCES,
    MAX_FOREIGN,
    MAX_GROUPS,
    MAX_MOVES,
    MAX_OFFICES,
    MAX_PATH_STEPS,
    MAX_PLEDGES,
    MAX_SERIES,
    MAX_STEPS,
    MAX_TERMS,
    MAX_WAYPOINTS,
    MECHANISM_CODES,
    MECHANISMS,
    OUTCOMES,
)

NEVER: Final = 1 << 30
"""A tick that never comes; small enough that sums with it stay in 32 bits."""

# --- clocks, in order of priority: two that fall on one tick act in this order ---------------------------------------
DAY_CLOCK: Final = 0
SHOCK_CLOCK: Final = 1
SCHEDULE_CLOCK: Final = 2
REPUTATION_CLOCK: Final = SCHEDULE_CLOCK + MAX_ACTORS
DEADLINE_CLOCK: Final = REPUTATION_CLOCK + 1
TRIGGER_CLOCK: Final = DEADLINE_CLOCK + 1
REVIEW_CLOCK: Final = TRIGGER_CLOCK + MAX_ACTORS
CLOCKS: Final = REVIEW_CLOCK + MAX_ACTORS

# --- step lengths: rows of the table of what is left of things that relax at fixed rates
TICK_LENGTH: Final = 0  # one tick: the sampled step
REVIEW_LENGTH: Final = 1  # from one reputation review to the next
PATH_LENGTHS: Final = 2  # the first of those on paths
LENGTHS: Final = PATH_LENGTHS + MAX_ACTORS * MAX_PATH_STEPS

# --- hazards: one unit exponential per hazard, entity and entry into the state it can end -----------------------------
TALKS_HAZARD: Final = 0
BREAKDOWN_HAZARD: Final = 1
SETTLEMENT_HAZARD: Final = 2
VOID_HAZARD: Final = 3
CIVIL_WAR_HAZARD: Final = 4
COLLAPSE_HAZARD: Final = 5
DISPUTE_HAZARD: Final = 6
AGREE_HAZARD: Final = DISPUTE_HAZARD + MAX_GROUPS
RESOLVE_HAZARD: Final = AGREE_HAZARD + MAX_GROUPS
EXECUTE_HAZARD: Final = RESOLVE_HAZARD + MAX_OFFICES
HAZARDS: Final = EXECUTE_HAZARD + MAX_ACTORS

# --- kinds of armed force, lists, guarantees, status ------------------------------------------------------------------
INSURGENT: Final = 0
REGULAR: Final = 1
OUTSIDE: Final = 2
OWN_LIST: Final = 0
CLAIMANT_LIST: Final = 1
NO_COMMANDERS: Final = 0
COMMANDERS_PRO_RATA: Final = 1
COMMANDERS_FIRST: Final = 2
RUNS: Final = 0
ENDED: Final = 1
FAILED: Final = 2
GUARANTEES: Final = 3
RULE_PARAMETERS: Final = 8
KEPT: Final = 0
BROKEN: Final = 1
UNSEEN: Final = 2  # broken, and nobody can pin it on the giver

# --- what a dated shock sets ---------------------------------------------------------------------------------------
SHOCK_AID: Final = 0
SHOCK_DUAL: Final = 1
SHOCK_COHESION: Final = 2
SHOCK_STRENGTH: Final = 3
SHOCK_TROOPS: Final = 4
SHOCK_PACE: Final = 5
SHOCK_ATTACKS: Final = 6

# --- widths of the rows of dated lists in Tables ----------------------------------------------------------------------
DEADLINE_WIDTH: Final = 2  # tick, actor
SCHEDULE_WIDTH: Final = 2  # tick, move
SHOCK_WIDTH: Final = 4  # tick, kind, entity, value

# --- switches: the place of each mechanism in `Params.on` ------------------------------------------------------------
ON_AID: Final = MECHANISM_CODES["aid"]
ON_COHESION: Final = MECHANISM_CODES["cohesion"]
ON_DUAL_OFFICE: Final = MECHANISM_CODES["dual_office"]
ON_DISPUTES: Final = MECHANISM_CODES["disputes"]
ON_RECIPROCITY: Final = MECHANISM_CODES["reciprocity"]
ON_COMMANDERS: Final = MECHANISM_CODES["commanders"]
ON_GUARANTEE: Final = MECHANISM_CODES["guarantee"]
ON_RETURNS: Final = MECHANISM_CODES["returns"]
ON_MISATTRIBUTION: Final = MECHANISM_CODES["misattribution"]
ON_SPOILERS: Final = MECHANISM_CODES["spoilers"]
ON_SPOILER_RESPONSE: Final = MECHANISM_CODES["spoiler_response"]
ON_PROFITEERS: Final = MECHANISM_CODES["profiteers"]
ON_EPIDEMIC: Final = MECHANISM_CODES["epidemic"]
ON_TYPES: Final = MECHANISM_CODES["types"]
ON_WEIGHT_SPREAD: Final = MECHANISM_CODES["weight_spread"]
ON_AUDIENCE_COSTS: Final = MECHANISM_CODES["audience_costs"]
ON_TRIGGERS: Final = MECHANISM_CODES["triggers"]
ON_REPUTATION: Final = MECHANISM_CODES["reputation"]
ON_NOISE: Final = MECHANISM_CODES["noise"]

_i1, _i4, _i8, _f8 = np.int8, np.int32, np.int64, np.float64
_A, _M, _F, _G, _W = MAX_ACTORS, MAX_MOVES, MAX_FORCES, MAX_GROUPS, MAX_FOREIGN
_L, _O, _T, _B = MAX_FLOWS, MAX_OFFICES, MAX_TERMS, MAX_BEYOND

STATE: Final[np.dtype[Any]] = np.dtype(
    (
        np.record,
        np.dtype(
            [
                # where the world stands
                ("seed", _i8),
                ("replication", _i8),
                ("tick", _i4),
                ("status", _i4),  # RUNS, ENDED or FAILED
                ("failed_actor", _i4),  # whose values were not finite; -1 for the world itself
                ("outcome", _i4),  # catalogue.OUTCOMES
                ("outcome_tick", _i4),
                ("talks_tick", _i4),  # first opening
                ("clock", _i4, (CLOCKS,)),  # next tick of each clock
                ("shock_next", _i4),
                ("deadline_next", _i4),
                ("schedule_next", _i4, (_A,)),
                # actors
                ("standing", _i1, (_A,)),  # the move that stands
                ("since", _i4, (_A,)),  # tick on which it was chosen
                ("left", _i4, (_A, _M)),  # tick on which each move was last left, for cooldowns
                ("type", _i1, (_A,)),  # 1 if the alternative type was drawn
                ("threat_from", _i4, (_A,)),  # tick since which a threat stands, or NEVER
                ("refusal_reversed", _i1, (_A,)),  # 1 once a refusal to release was given up
                ("released_once", _i1, (_A,)),  # 1 once it freed captives
                ("spread", _f8, (_A, _T)),  # factor on each flow weight
                ("payoff", _f8, (_A,)),  # discounted utils so far
                ("memory", _f8, (_A, _M + 1)),  # what the actor's rule remembers: one number a move, and one more
                ("occupancy", np.float32, (_A, _M)),  # days that each move has stood
                # armed forces
                ("strength", _f8, (_F,)),  # thousand fighters; of a regular force: capacity index
                ("excitation", _f8, (_F,)),  # attacks per day excited by earlier ones
                ("disarmed", _f8, (_F,)),  # share of arms beyond use
                ("attacks_today", _f8, (_F,)),
                ("deaths_today", _f8, (_F,)),
                ("attacks_total", _f8, (_F,)),
                ("deaths_total", _f8, (_F,)),
                ("civilian_total", _f8, (_F,)),
                ("window_attacks", _f8, (_F,)),  # since the last reputation review
                ("window_deaths", _f8, (_F,)),
                # captives
                ("freed", _f8, (_G,)),
                ("counted", _f8, (_G,)),
                ("listed", _f8, (_G,)),  # freed from the claimant's list
                ("commanders", _f8, (_G,)),  # commanders freed
                ("pending", _f8, (_G,)),  # will go back to fighting, not yet there
                ("returned", _f8, (_G,)),
                ("recalled", _f8, (_G,)),
                ("carry", _f8, (_G,)),  # fraction of a person due
                ("dispute", _f8, (_G,)),
                ("return_probability", _f8, (_G,)),
                ("lag_days", _f8, (_G,)),  # set-up lag of this run
                ("ready_tick", _i4, (_G,)),  # releases can start; NEVER before the first decision to release
                ("tranche_tick", _i4, (_G,)),  # next tranche of a second stage; NEVER before the first stage is done
                # foreign forces, aid, offices
                ("troops", _f8, (_W,)),
                ("aid", _f8, (_L,)),
                ("cuts", _f8, (_L,)),
                ("cohesion_logit", _f8, (_O,)),
                ("dual", _f8, (_O,)),
                ("milestone", _i4, (_W,)),  # withdrawal steps met
                ("pace_factor", _f8, (_W,)),  # on the scheduled pace; shocks set it
                ("attack_factor", _f8, (_F,)),  # on the spontaneous attack rate; shocks set it
                # reputation, talks, hazards
                ("trust", _f8, (_A, _A)),  # log-odds that the second keeps its pledges, in the eyes of the first
                ("talks", _f8),
                ("hazard_used", _f8, (HAZARDS,)),  # integrated since entry
                ("hazard_limit", _f8, (HAZARDS,)),  # unit exponential; 0 while not entered
                ("pledge_broken", _i1, (MAX_PLEDGES,)),  # KEPT, BROKEN or UNSEEN
                ("programme_done", _i1, (_G,)),  # 1 once all promised were counted
                ("waypoint", _i4, (MAX_WAYPOINTS,)),
                # read off the standing moves whenever one changes (`sim.model.levers.read_moves`)
                ("posture", _f8, (_F,)),  # multiplier on each force's attack rate; 1 for a force that nobody commands
                ("violence_of", _f8, (_A,)),  # highest posture among an actor's insurgent forces; 0 if it has none
                ("surge", _f8),  # 1 while any challenger surges
                ("offence", _f8),  # 1 while any incumbent attacks
                ("sitting", _f8),  # product over the parties: refuse 0, technical contacts, sit 1
                # read off all of the above after every change (`sim.model.reading.read_world`)
                ("intensity", _f8, (_F,)),  # attacks per day
                ("violence", _f8),  # insurgent intensity over its reference
                ("force_balance", _f8),
                ("troop_share", _f8),
                ("aid_share", _f8, (_A,)),  # of what flowed to the actor at the start
            ],
            align=True,
        ),
    )
)

PARAMS: Final[np.dtype[Any]] = np.dtype(
    (
        np.record,
        np.dtype(
            [
                ("actors", _i8),
                ("forces", _i8),
                ("groups", _i8),
                ("foreign", _i8),
                ("flows", _i8),
                ("offices", _i8),
                ("pledges", _i8),
                ("waypoints", _i8),
                ("series", _i8),
                ("horizon_tick", _i8),
                ("dt", _f8),  # days per tick
                ("start_day_of_year", _f8),
                ("on", _i8, (len(MECHANISMS),)),
                # actors
                ("incumbent", _i8, (_A,)),
                ("challenger", _i8, (_A,)),
                ("guarantor", _i8, (_A,)),
                ("guarantors", _i8),
                ("party", _i8, (_A,)),
                ("moves", _i8, (_A,)),
                ("opening", _i8, (_A,)),
                ("review_every", _i8, (_A,)),
                ("review_offset", _i8, (_A,)),
                ("schedule_at", _i8, (_A,)),  # Tables: (tick, move) pairs
                ("schedule_count", _i8, (_A,)),
                ("discount", _f8, (_A,)),  # per day
                ("response", _i8, (_A,)),  # number in the registry
                ("valuation", _i8, (_A,)),
                ("payoff_model", _i8, (_A,)),
                ("response_address", _i8, (_A,)),  # bound by the engine of this process; 0 elsewhere
                ("valuation_address", _i8, (_A,)),
                ("payoff_address", _i8, (_A,)),
                ("feature_address", _i8),
                ("lam", _f8, (_A,)),
                ("inertia", _f8, (_A,)),
                ("path_steps", _i8, (_A,)),
                ("path_dt", _f8, (_A, MAX_PATH_STEPS)),  # ticks of each step
                ("keeps_deal", _i8, (_A,)),  # the move that keeps the deal; -1 none declared
                ("answers_breach", _i8, (_A,)),  # the move that answers a breach; -1 none declared
                ("response_parameters", _f8, (_A, RULE_PARAMETERS)),
                ("valuation_parameters", _f8, (_A, RULE_PARAMETERS)),
                ("drift_address", _i8),  # for valuations that build on drift
                ("dispatch_address", _i8),  # for rollouts
                ("rollout_response", _i8, (_A, _A)),  # addresses: in rollouts of the first actor, how each one responds
                ("rollout_valuation", _i8, (_A, _A)),  # and how each one values moves
                ("terms", _i8, (_A,)),
                ("term_code", _i8, (_A, _T)),
                ("term_a", _i8, (_A, _T)),
                ("term_b", _i8, (_A, _T)),
                ("term_key", _i8, (_A, _T)),  # address of the term's spread, whatever its place
                ("weight", _f8, (_A, _T)),  # util per day
                ("payoff_parameters", _f8, (_A, RULE_PARAMETERS + _T)),  # then those of each term
                ("outcome_util", _f8, (_A, len(OUTCOMES))),
                ("beyond", _i8, (_A,)),
                ("beyond_code", _i8, (_A, _B)),
                ("beyond_a", _i8, (_A, _B)),
                ("beyond_b", _i8, (_A, _B)),
                ("beyond_weight", _f8, (_A, _B)),
                ("reverses_refusal", _f8, (_A,)),
                ("releases_before_talks", _f8, (_A,)),
                ("breaks_pledge", _f8, (_A,)),
                ("type_probability", _f8, (_A,)),
                ("type_outcome", _f8, (_A, len(OUTCOMES))),
                ("type_term", _f8, (_A, _T)),
                ("spread_sd", _f8),
                # moves
                ("guard", _i8, (_A, _M)),  # Tables: program; -1 none
                ("cooldown", _i8, (_A, _M)),  # ticks
                ("move_cost", _f8, (_A, _M)),
                ("blocked_by_dispute", _i8, (_A, _M)),
                ("violence_level", _f8, (_A, _M, _F)),
                ("offence", _i8, (_A, _M)),
                ("participation", _f8, (_A, _M)),  # talks: refuse 0, technical, sit 1
                ("pace", _f8, (_A, _M)),  # drawdown
                ("aid_paid", _f8, (_A, _M)),
                ("support", _f8, (_A, _M)),
                ("guarantee", _i8, (_A, _M)),
                ("pressure_on", _i8, (_A, _M)),
                ("pressure_flow", _i8, (_A, _M)),
                ("pressure_until", _i8, (_A, _M)),
                ("pressure_expects", _i8, (_A, _M)),
                ("expects", _i8, (_A, _M, _A)),  # the move each other actor is expected to answer with; -1 none
                ("single_team", _i8, (_A, _M)),
                ("offer", _i8, (_A, _M)),
                ("release_group", _i8, (_A, _M)),
                ("release_list", _i8, (_A, _M)),
                ("release_per_day", _f8, (_A, _M)),
                ("release_until", _f8, (_A, _M)),
                ("then_persons", _f8, (_A, _M)),
                ("then_every", _i8, (_A, _M)),
                ("then_when", _i8, (_A, _M)),
                ("commander_mode", _i8, (_A, _M)),
                ("recall_group", _i8, (_A, _M)),
                ("recall_per_day", _f8, (_A, _M)),
                ("recall_returned", _f8, (_A, _M)),  # per day and captive gone back to fighting
                ("disarm_force", _i8, (_A, _M)),
                ("disarm_per_day", _f8, (_A, _M)),
                # armed forces
                ("kind", _i8, (_F,)),
                ("owner", _i8, (_F,)),
                ("strength_start", _f8, (_F,)),  # thousand
                ("turnover", _f8, (_F,)),
                ("attrition_defence", _f8, (_F,)),
                ("attrition_offence", _f8, (_F,)),
                ("attrition_without_troops", _f8, (_F,)),
                ("attack_reference", _f8, (_F,)),  # per day
                ("attack_base", _f8, (_F,)),  # mu
                ("self_excited", _f8, (_F,)),  # n
                ("relax_rate", _f8, (_F,)),  # beta
                ("capacity_exponent", _f8, (_F,)),
                ("deaths_mean", _f8, (_F,)),
                ("civilian_mean", _f8, (_F,)),
                ("deaths_shape", _f8, (_F,)),
                ("mass_per_attack", _f8, (_F,)),
                ("mass_deaths", _f8, (_F,)),
                ("unattributed", _f8, (_F,)),
                ("blamed_on", _i8, (_F,)),
                ("blamed_share", _f8, (_F,)),
                ("talks_response", _f8, (_F,)),
                ("decay_base", _f8, (_F,)),
                ("decay_aid", _f8, (_F,)),
                ("decay_troops", _f8, (_F,)),
                ("decay_attacks", _f8, (_F,)),
                ("decay_offence", _f8, (_F,)),
                ("noise", _f8, (_F,)),
                ("contest_exponent", _f8),
                ("contest_air", _f8),
                ("contest_aid", _f8),
                ("season_amplitude", _f8),
                ("season_peak", _f8),
                # captives
                ("holder", _i8, (_G,)),
                ("claimant", _i8, (_G,)),
                ("held", _f8, (_G,)),
                ("promised", _f8, (_G,)),
                ("cap_freed", _f8, (_G,)),
                ("vetting", _f8, (_G,)),  # per day
                ("lag_mean", _f8, (_G,)),
                ("lag_shape", _f8, (_G,)),
                ("counted_own", _f8, (_G,)),
                ("counted_claimant", _f8, (_G,)),
                ("backlog_rate", _f8, (_G,)),
                ("returns_to", _i8, (_G,)),
                ("return_alpha", _f8, (_G,)),  # Beta prior; alpha 0: return_mean holds for sure
                ("return_beta", _f8, (_G,)),
                ("return_mean", _f8, (_G,)),
                ("return_rate", _f8, (_G,)),
                ("risk_at_first", _f8, (_G,)),
                ("risk_per_share", _f8, (_G,)),
                ("guarantee_factor", _f8, (_G, GUARANTEES)),
                ("commanders_held", _f8, (_G,)),
                ("fighters_each", _f8, (_G,)),
                ("cost_base", _f8, (_G,)),
                ("cost_hardest", _f8, (_G,)),
                ("cost_exponent", _f8, (_G,)),
                ("cost_claimant", _f8, (_G,)),
                ("cost_quiet", _f8, (_G,)),
                ("cost_not_quiet", _f8, (_G,)),
                ("cost_talks", _f8, (_G,)),
                ("dispute_opens", _f8, (_G,)),
                ("dispute_over", _f8, (_G,)),
                ("dispute_ends", _f8, (_G,)),
                ("reciprocates", _i8, (_G,)),
                ("per_captive", _f8, (_G,)),
                # foreign forces
                ("foreign_owner", _i8, (_W,)),
                ("troops_start", _f8, (_W,)),
                ("steps", _i8, (_W,)),
                ("step_tick", _i8, (_W, MAX_STEPS)),
                ("step_left", _f8, (_W, MAX_STEPS)),
                ("step_pace", _f8, (_W, MAX_STEPS)),  # persons per day until the step's date
                # aid
                ("donor", _i8, (_L,)),
                ("recipient", _i8, (_L,)),
                ("aid_start", _f8, (_L,)),
                ("aid_cut", _f8, (_L,)),
                ("max_cuts", _f8, (_L,)),
                ("execute_rate", _f8, (_L,)),
                ("escrow", _f8, (_L,)),  # of aid_start, paid with a feature
                ("escrow_code", _i8, (_L,)),
                ("escrow_a", _i8, (_L,)),
                ("escrow_b", _i8, (_L,)),
                # offices
                ("office_actor", _i8, (_O,)),
                ("cohesion_start", _f8, (_O,)),
                ("cohesion_revert", _f8, (_O,)),
                ("cohesion_attacks", _f8, (_O,)),
                ("cohesion_freed", _f8, (_O,)),
                ("cohesion_quiet_share", _f8, (_O,)),
                ("cohesion_noise", _f8, (_O,)),
                ("dual_rate", _f8, (_O,)),
                ("dual_resolved", _f8, (_O,)),
                ("dual_offer", _f8, (_O,)),
                ("dual_single_team", _f8, (_O,)),
                # reputation
                ("reputation_every", _i8),
                ("pledge", _f8),
                ("reputation_gain", _f8),
                ("reputation_sd", _f8),
                ("reputation_clip", _f8),
                ("reputation_forget", _f8),
                ("reputation_start", _f8),
                ("broken_pledge", _f8),
                ("executed_threat", _f8),
                ("per_100_counted", _f8),
                ("reversed_refusal", _f8),
                ("pledge_by", _i8, (MAX_PLEDGES,)),
                ("pledge_while", _i8, (MAX_PLEDGES,)),
                # talks and outcomes
                ("opens_when", _i8),
                ("talks_rate", _f8),
                ("talks_dual", _f8),
                ("breakdown_rate", _f8),
                ("breakdown_refused", _f8),  # added while a party refuses
                ("profiteers", _f8),
                ("breakdown_shock", _f8),  # probability that a mass-casualty attack breaks talks
                ("settlement_when", _i8),  # Tables: program; -1 none
                ("settlement_rate", _f8),
                ("settlement_trust", _f8),
                ("settlement_troops", _f8),
                ("settlement_dual", _f8),
                ("settlement_offset", _f8),
                ("settlement_slope", _f8),
                ("void_rate", _f8),
                ("void_surge", _f8),
                ("void_otherwise", _f8),
                ("void_paused", _f8),
                ("void_relief", _f8),
                ("void_offset", _f8),
                ("void_until", _i8),
                ("civil_rate", _f8),
                ("civil_midpoint", _f8),
                ("civil_width", _f8),
                ("collapse_rate", _f8),
                ("collapse_midpoint", _f8),
                ("collapse_width", _f8),
                ("collapse_troops", _f8),
                ("epidemic_from", _i8),
                ("epidemic_to", _i8),
                ("epidemic_cost", _f8),
                ("epidemic_weight", _f8),
                # what follows from the above once for all (`sim.encode.derived.derive`)
                (
                    "path_discount",
                    _f8,
                    (_A, MAX_PATH_STEPS + 1),
                ),  # exp(-rho t) at the start of each step and at the end
                ("path_length", _f8, (_A, MAX_PATH_STEPS)),  # days of each step, discounted to its start
                ("day_length", _f8, (_A,)),  # days of one tick, discounted to its start
                ("attributed_force", _i8, (_A,)),  # first of the insurgent forces that an actor answers for; -1 if none
                ("attribution", _f8, (_A, _F)),  # share of each force's attacks that is laid at an actor's door
                ("attacks_expected", _f8, (_A,)),  # per day, at the reference, of an actor's insurgent forces
                ("log_pledge", _f8),
                ("mass_probability", _f8, (_F,)),  # that an attack is a mass-casualty attack
                (
                    "path_row",
                    _i8,
                    (_A, MAX_PATH_STEPS),
                ),  # row of each step's length in what follows; equal lengths share one
                ("length_days", _f8, (LENGTHS,)),
                ("kept_excitation", _f8, (LENGTHS, _F)),  # what is left of it after a step of that length, and so on
                ("kept_cohesion", _f8, (LENGTHS, _O)),
                ("kept_trust", _f8, (LENGTHS,)),
                ("kept_pending", _f8, (LENGTHS, _G)),
                ("kept_backlog", _f8, (LENGTHS, _G)),
                ("kept_dispute", _f8, (LENGTHS, _G)),
                ("late_pending", _f8, (LENGTHS, _G)),  # share of an even inflow that has gone through by the end
                ("late_backlog", _f8, (LENGTHS, _G)),
                # dated lists in Tables, waypoints, series
                ("deadline_at", _i8),  # (tick, actor) pairs
                ("deadlines", _i8),
                ("shock_at", _i8),  # (tick, kind, entity, value) rows
                ("shocks", _i8),
                ("waypoint_when", _i8, (MAX_WAYPOINTS,)),
                ("series_code", _i8, (MAX_SERIES,)),
                ("series_a", _i8, (MAX_SERIES,)),
                ("series_b", _i8, (MAX_SERIES,)),
            ],
            align=True,
        ),
    )
)

# One record each; fields of records have no static types, so these names only say what is meant.
State: TypeAlias = Any
Params: TypeAlias = Any
Tables: TypeAlias = NDArray[np.float64]
