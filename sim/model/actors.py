"""Actors: their roles in the deal, the moves that stand, and the rules by which they decide.

What an actor wants and how it decides is a *profile*: a row of weights, discount rate and rule. Row i belongs to actor
i from day 0; the rows behind those of all actors hold profiles that an event may bring (another administration). All
that reads a preference or a rule reads the row of `profile_of`, so that an actor decides and expects by what it is now:
it foresees no change of its own profile, and others foresee none of it.

Addresses of rules and of the numbers of policies are bound in each process (`sim.kernel.bound`) and 0 elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.compiled import compiled
from sim.model.record import Integers, Numbers, Part, f4, f8, i1, i4, i8
from sim.scenario.catalogue import MAX_ACTORS, MAX_DEAL_STEPS, MAX_MOVES, MAX_PARAMETERS, MAX_PROFILES

if TYPE_CHECKING:
    from sim.model.layout import State


class ActorState(Part):
    """What stands for each actor, and what its rule keeps in mind."""

    profile: NDArray[np.int8] = i1(MAX_ACTORS)  # row of what the actor wants and how it decides
    standing: NDArray[np.int8] = i1(MAX_ACTORS)  # the move that stands
    since: NDArray[np.int32] = i4(MAX_ACTORS, unit="ticks")  # tick on which it was chosen
    memory: Numbers = f8(MAX_ACTORS, MAX_MOVES + 1)  # one number for each move, and one more
    occupancy: NDArray[np.float32] = f4(MAX_ACTORS, MAX_MOVES, unit="days")  # that each move has stood


class ActorParams(Part):
    """Roles, and each actor's rule as numbers and addresses."""

    incumbent: Integers = i8(MAX_ACTORS)
    challenger: Integers = i8(MAX_ACTORS)
    guarantor: Integers = i8(MAX_ACTORS)
    guarantors: int = i8()
    party: Integers = i8(MAX_ACTORS)
    moves: Integers = i8(MAX_ACTORS)
    profiles: int = i8()  # rows from MAX_ACTORS on that are used
    profile_actor: Integers = i8(MAX_PROFILES)  # whose each row is
    profiles_stand: int = i8()  # 1 in worlds played ahead, in which no actor becomes another
    opening: Integers = i8(MAX_ACTORS)
    response: Integers = i8(MAX_PROFILES)  # number in the registry
    valuation: Integers = i8(MAX_PROFILES)
    response_address: Integers = i8(MAX_PROFILES)
    valuation_address: Integers = i8(MAX_PROFILES)
    feature_address: int = i8()
    drift_address: int = i8()  # for valuations that build on drift
    dispatch_address: int = i8()  # for rollouts
    rollout_response: Integers = i8(MAX_PROFILES, MAX_PROFILES)  # in rollouts of the first, how each one responds
    rollout_valuation: Integers = i8(MAX_PROFILES, MAX_PROFILES)  # and how each one values moves
    response_parameters: Numbers = f8(MAX_PROFILES, MAX_PARAMETERS)
    valuation_parameters: Numbers = f8(MAX_PROFILES, MAX_PARAMETERS)
    policy_address: Integers = i8(MAX_ACTORS)  # of the shared numbers of a policy; 0 and no count where there is none
    policy_count: Integers = i8(MAX_ACTORS)
    lam: Numbers = f8(MAX_PROFILES, unit="per util")
    inertia: Numbers = f8(MAX_PROFILES, unit="util")
    deal_steps: Integers = i8(MAX_ACTORS)  # how many moves keep the deal in turn; 0 none declared
    deal_move: Integers = i8(MAX_ACTORS, MAX_DEAL_STEPS)
    deal_until: Integers = i8(MAX_ACTORS, MAX_DEAL_STEPS)  # Tables: program of what ends each; -1 never
    answers_breach: Integers = i8(MAX_ACTORS)  # the move that answers a breach; -1 none declared


@compiled
def profile_of(state: State, actor: int) -> int:
    """Return the row of what an actor wants now and how it decides."""
    return int(state.profile[actor])
