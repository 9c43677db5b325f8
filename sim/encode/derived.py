r"""What follows from a scenario once for all: numbers that the model would otherwise work out on every step.

Discounting along the path of each profile, with steps that start at :math:`t_k` and last :math:`h_k`,

.. math:: d_k = e^{-\rho t_k}, \qquad \ell_k = \frac{1 - e^{-\rho h_k}}{\rho},

what is left, after a step of each length that occurs, of whatever relaxes at a fixed rate, and of what flows in evenly
meanwhile; and who answers for whose
attacks: an actor for its own insurgent forces, less the share that nobody can pin on anyone,
and for the share of an outside force's attacks that is blamed on one of them.
"""

from __future__ import annotations

import math

from sim.model.forces import INSURGENT, OUTSIDE
from sim.model.layout import Params
from sim.model.record import Numbers
from sim.model.steps import PATH_LENGTHS, REVIEW_LENGTH, TICK_LENGTH
from sim.model.switches import ON_MISATTRIBUTION
from sim.random.incomplete_beta import incomplete_beta
from sim.scenario.catalogue import MAX_ACTORS

MOST_ADDED_UP = 1_000
"""Deaths up to which probabilities are added up one by one."""


def derive(p: Params) -> None:
    """Fill the derived fields of `p` from the encoded ones; call it again after a change of any of them."""
    p.log_pledge = math.log(p.pledge)
    for force in range(p.forces):
        p.mass_probability[force] = _mass_probability(p, force)
    rows: dict[float, int] = {}
    _derive_length(p, TICK_LENGTH, float(p.dt))
    _derive_length(p, REVIEW_LENGTH, float(p.reputation_every * p.dt))
    for profile in [*range(p.actors), *range(MAX_ACTORS, MAX_ACTORS + p.profiles)]:
        rate = float(p.discount[profile])
        p.day_length[profile] = _discounted_days(rate, float(p.dt))
        elapsed = 0.0
        for step in range(p.path_steps[profile]):
            days = float(p.path_dt[profile, step] * p.dt)
            p.path_discount[profile, step] = math.exp(-rate * elapsed)
            p.path_length[profile, step] = _discounted_days(rate, days)
            elapsed += days
            if days not in rows:
                rows[days] = PATH_LENGTHS + len(rows)
                _derive_length(p, rows[days], days)
            p.path_row[profile, step] = rows[days]
        p.path_discount[profile, p.path_steps[profile]] = math.exp(-rate * elapsed)
    for actor in range(p.actors):
        _derive_attribution(p, actor)


def _discounted_days(rate: float, days: float) -> float:
    """Return (1 - exp(-rho t)) / rho, or t at rho = 0."""
    return (1.0 - math.exp(-rate * days)) / rate if rate > 0.0 else days


def _derive_length(p: Params, row: int, days: float) -> None:
    """Fill a row of the table of lengths: the share that is left after some days, exp(-rate * days)."""

    def remaining(rates: Numbers) -> list[float]:
        return [math.exp(-float(rate) * days) for rate in rates]

    p.length_days[row] = days
    p.kept_excitation[row] = remaining(p.relax_rate)
    p.kept_cohesion[row] = remaining(p.cohesion_revert)
    p.kept_trust[row] = math.exp(-days / p.reputation_forget) if p.reputation_forget > 0.0 else 1.0
    p.kept_pending[row] = remaining(p.return_rate)
    p.kept_backlog[row] = remaining(p.backlog_rate)
    p.kept_dispute[row] = remaining(p.dispute_ends)
    p.late_pending[row] = [_share_gone_through(float(rate) * days) for rate in p.return_rate]
    p.late_backlog[row] = [_share_gone_through(float(rate) * days) for rate in p.backlog_rate]


def _share_gone_through(x: float) -> float:
    """Return the share of an even inflow that has gone through at a rate by the end, 1 - (1 - exp(-x)) / x."""
    return 1.0 + math.expm1(-x) / x if x > 0.0 else 0.0


def _mass_probability(p: Params, force: int) -> float:
    """Return the probability that an attack is a mass-casualty attack: by its deaths, or by its own probability."""
    by_deaths = 0.0
    mean, shape = float(p.deaths_mean[force]), float(p.deaths_shape[force])
    if p.mass_deaths[force] > 0.0 and mean > 0.0 and shape > 0.0:
        term = (shape / (shape + mean)) ** shape
        least = math.ceil(p.mass_deaths[force])
        if least > MOST_ADDED_UP or term == 0.0:
            _, by_deaths = incomplete_beta(shape, float(least), shape / (shape + mean), mean / (shape + mean))
        else:
            below = 0.0
            for deaths in range(least):
                below += term
                term *= (shape + deaths) / (deaths + 1) * mean / (shape + mean)
            by_deaths = max(1.0 - below, 0.0)
    return 1.0 - (1.0 - by_deaths) * (1.0 - float(p.mass_per_attack[force]))


def _derive_attribution(p: Params, actor: int) -> None:
    own = [force for force in range(p.forces) if p.kind[force] == INSURGENT and p.owner[force] == actor]
    p.attributed_force[actor] = own[0] if own else -1
    p.attribution[actor] = 0.0
    for force in own:
        p.attribution[actor, force] = 1.0 - p.unattributed[force] if p.on[ON_MISATTRIBUTION] else 1.0
    for outside in range(p.forces):
        if p.on[ON_MISATTRIBUTION] and p.kind[outside] == OUTSIDE and p.blamed_on[outside] in own:
            p.attribution[actor, outside] = p.blamed_share[outside]
    p.attacks_expected[actor] = sum(float(p.attack_reference[force]) for force in own)
