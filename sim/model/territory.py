r"""Territory: the share of the country that insurgents hold, and how gains and losses feed on themselves.

The log-odds :math:`y` of that share follow those of the contest in the field,

.. math::

   \dot y = \kappa\,(y^* - y), \qquad y^* = y_0 + b\,\Big[\ln\frac{p}{1-p} + m \ln\frac{e_I}{e_R}
            - \ln\frac{p_0}{1-p_0}\Big],

with :math:`p` the balance of force, :math:`m` its exponent, and efforts :math:`e`: insurgents who do not attack hold
and take land with a part of their strength (`garrison`), :math:`e_I = g + (1-g)\,s` at posture :math:`s`; regular
forces on offence press harder than in defence. So force is worth land only where it is used, and holding fire lets
land go. With :math:`b > 1` land follows force more than in proportion: whoever lives between the lines joins the
likelier winner (bandwagoning: Kuran 1991, World Politics 44(1); Kalyvas 2006, The Logic of Violence in Civil War).

Who garrisons what is lost gives up: regular forces lose :math:`1 - \big(\frac{1-x'}{1-x}\big)^{\sigma}` when the share
held by insurgents rises from :math:`x` to :math:`x'`, and insurgents recruit where they rule. Both raise :math:`p`,
which raises :math:`x`: a slow contest may end as an avalanche. All is stepped by exact solutions for values held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sim.compiled import compiled
from sim.elementary import exp, log, power
from sim.model.capacity import on_offence
from sim.model.forces import INSURGENT, REGULAR
from sim.model.lanes import some, where
from sim.model.logistic import logistic
from sim.model.record import Numbers, Part, f8, i8
from sim.model.steps import LENGTHS

if TYPE_CHECKING:
    from sim.model.layout import Params, State

LEAST: Final = 1e-9
"""Shares are kept this far from 0 and 1, so that their log-odds are finite."""


class TerritoryState(Part):
    """Who holds the land."""

    territory: float = f8()  # share held by insurgents
    force_odds_at_start: float = f8(unit="log-odds")
    land_odds_at_start: float = f8(unit="log-odds")


class TerritoryParams(Part):
    """How land follows force."""

    contested: int = i8()  # 1 if the scenario has territory
    territory_start: float = f8()
    territory_pace: float = f8(unit="per day")
    bandwagon: float = f8()
    garrison: float = f8()
    offence_presses: float = f8()
    surrenders: float = f8()
    land_recruits: float = f8()
    kept_land: Numbers = f8(LENGTHS)  # of the distance to where the land tends


@compiled
def log_odds(share: float) -> float:
    """Return the log-odds of a share, which is kept off 0 and 1."""
    kept = min(max(share, LEAST), 1.0 - LEAST)
    return log(kept / (1.0 - kept))


@compiled
def begin_territory(state: State, params: Params) -> None:
    """Set what is held, and the balance of force that goes with it, on day 0."""
    state.territory = params.territory_start
    state.land_odds_at_start = log_odds(params.territory_start)
    state.force_odds_at_start = log_odds(state.force_balance)


@compiled
def pressure_of_insurgents(state: State, params: Params) -> float:
    """Return the share of their strength with which insurgents contest land: all of it at a posture of 1."""
    whole = 0.0
    pressing = 0.0
    for force in range(params.forces):
        if params.kind[force] == INSURGENT:
            owner = params.owner[force]
            armed = state.strength[force] * (1.0 - state.disarmed[force])
            posture = params.violence_total[owner, state.standing[owner], force]
            whole += armed
            pressing += armed * (params.garrison + (1.0 - params.garrison) * posture)
    return where(whole > 0.0, pressing / where(whole > 0.0, whole, 1.0), 1.0)


@compiled
def pressure_of_regulars(state: State, params: Params) -> float:
    """Return how hard regular forces press, over what they do in defence."""
    whole = 0.0
    pressing = 0.0
    for force in range(params.forces):
        if params.kind[force] == REGULAR:
            soldiers = params.strength_start[force] * state.strength[force]
            attacks = on_offence(state, params, params.owner[force])
            whole += soldiers
            pressing += soldiers * (1.0 + (params.offence_presses - 1.0) * attacks)
    return where(whole > 0.0, pressing / where(whole > 0.0, whole, 1.0), 1.0)


@compiled
def drift_territory(state: State, params: Params, length: int) -> None:
    """Move the share of land that insurgents hold, and take from regular forces those who surrender with what is lost.

    Parameters
    ----------
    state, params : State, Params
        The world; changed.
    length : int
        Row of the step's length; efforts and the balance of force are held over it.
    """
    if params.contested == 0:
        return
    effort = max(pressure_of_insurgents(state, params), LEAST) / max(pressure_of_regulars(state, params), LEAST)
    if params.contest_exponent != 1.0:
        effort = power(effort, params.contest_exponent)
    balance = min(max(state.force_balance, LEAST), 1.0 - LEAST)
    odds = log(balance / (1.0 - balance) * effort) - state.force_odds_at_start
    aim = state.land_odds_at_start + params.bandwagon * odds
    before = state.territory
    after = logistic(aim + (log_odds(before) - aim) * params.kept_land[length])
    after = min(max(after, LEAST), 1.0 - LEAST)
    kept = 1.0
    if some(after > before):
        kept = where(after > before, exp(params.surrenders * log((1.0 - after) / (1.0 - before))), 1.0)
    for force in range(params.forces):
        if params.kind[force] == REGULAR:
            state.strength[force] *= kept
    state.territory = after
