"""State and Params: the two records that every rule of the world reads and writes.

A `State` is one world at one instant, with its clocks, timers, hazards and rule memory: copy it to fork, save it to
resume. A `Params` is one resolved scenario in numbers. Each is put together from the parts that the mechanisms declare.
Both have fixed maxima, so their types never depend on a scenario and no scenario compiles anything. What has no fixed
length (dates of a script, programs of ``when:``) lies in *Tables*, one flat array that Params points into.

Conventions: ticks are steps since the start, `sim.model.world.NEVER` stands for no date; rates are per day; numbers of
persons are floats that hold integers in sampled worlds and expectations on mean paths; an index of -1 means none. Every
field of State that holds a flag (talks, dual, dispute) is a float in [0, 1]: 0 or 1 when sampled, a probability on a
mean path, which is why both readers can use the same formulas.
"""

from __future__ import annotations

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.model.actors import ActorParams, ActorState
from sim.model.aid import AidParams, AidState
from sim.model.capacity import CapacityParams, CapacityState
from sim.model.captives import CaptiveParams, CaptiveState
from sim.model.clocks import ClockParams, ClockState
from sim.model.defection import DefectionParams, DefectionState
from sim.model.disputes import DisputeParams, DisputeState
from sim.model.epidemic import EpidemicParams
from sim.model.events import EventParams, EventState
from sim.model.forces import ForceParams
from sim.model.hazards import HazardState
from sim.model.mean_path import PathParams
from sim.model.measures import MeasureParams, MeasureState
from sim.model.milestones import MilestoneParams, MilestoneState
from sim.model.moves import MoveParams, MoveState
from sim.model.offices import OfficeParams, OfficeState
from sim.model.outcomes import OutcomeParams, OutcomeState
from sim.model.payoffs import PayoffParams, PayoffState
from sim.model.pledges import PledgeParams, PledgeState
from sim.model.promises import PromiseParams, PromiseState
from sim.model.quantities import QuantityParams
from sim.model.recall import RecallParams, RecallState
from sim.model.record import lay_out
from sim.model.releases import ReleaseParams, ReleaseState
from sim.model.reputation import ReputationParams, ReputationState
from sim.model.series import SeriesParams
from sim.model.steps import StepParams
from sim.model.stocks import StockParams, StockState
from sim.model.switches import SwitchParams
from sim.model.talks import TalksParams, TalksState
from sim.model.territory import TerritoryParams, TerritoryState
from sim.model.threats import ThreatParams, ThreatState
from sim.model.violence import ViolenceParams, ViolenceState
from sim.model.withdrawal import WithdrawalParams, WithdrawalState
from sim.model.world import WorldParams, WorldState

Tables: TypeAlias = NDArray[np.float64]


class State(
    WorldState,
    OutcomeState,
    ClockState,
    ActorState,
    MoveState,
    PayoffState,
    ViolenceState,
    CapacityState,
    TerritoryState,
    StockState,
    DefectionState,
    CaptiveState,
    ReleaseState,
    RecallState,
    DisputeState,
    WithdrawalState,
    AidState,
    ThreatState,
    OfficeState,
    ReputationState,
    TalksState,
    HazardState,
    PledgeState,
    MilestoneState,
    EventState,
    MeasureState,
    PromiseState,
):
    """One world at one instant."""


class Params(
    WorldParams,
    SwitchParams,
    ActorParams,
    ClockParams,
    PathParams,
    PayoffParams,
    MoveParams,
    ForceParams,
    ViolenceParams,
    CapacityParams,
    TerritoryParams,
    StockParams,
    DefectionParams,
    CaptiveParams,
    ReleaseParams,
    RecallParams,
    DisputeParams,
    WithdrawalParams,
    AidParams,
    ThreatParams,
    OfficeParams,
    ReputationParams,
    PledgeParams,
    TalksParams,
    OutcomeParams,
    EpidemicParams,
    MilestoneParams,
    QuantityParams,
    EventParams,
    MeasureParams,
    PromiseParams,
    SeriesParams,
    StepParams,
):
    """One scenario in numbers."""


STATE: Final = lay_out(State)
PARAMS: Final = lay_out(Params)
