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

from sim.elementary import exp, exp_minus_one, log, power
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
    p.log_pledge = log(p.pledge)
    for stream in range(p.streams):
        p.mass_probability[stream] = _mass_probability(p, stream)
    rows: dict[float, int] = {}
    _derive_length(p, TICK_LENGTH, float(p.dt))
    _derive_length(p, REVIEW_LENGTH, float(p.reputation_every * p.dt))
    for profile in [*range(p.actors), *range(MAX_ACTORS, MAX_ACTORS + p.profiles)]:
        rate = float(p.discount[profile])
        p.day_length[profile] = _discounted_days(rate, float(p.dt))
        elapsed = 0.0
        for step in range(p.path_steps[profile]):
            days = float(p.path_dt[profile, step] * p.dt)
            p.path_discount[profile, step] = exp(-rate * elapsed)
            p.path_length[profile, step] = _discounted_days(rate, days)
            elapsed += days
            if days not in rows:
                rows[days] = PATH_LENGTHS + len(rows)
                _derive_length(p, rows[days], days)
            p.path_row[profile, step] = rows[days]
        p.path_discount[profile, p.path_steps[profile]] = exp(-rate * elapsed)
    for actor in range(p.actors):
        _derive_attribution(p, actor)
    for pledge in range(p.pledges):
        _derive_pledge(p, pledge)


def _discounted_days(rate: float, days: float) -> float:
    """Return (1 - exp(-rho t)) / rho, or t at rho = 0."""
    return (1.0 - exp(-rate * days)) / rate if rate > 0.0 else days


def _derive_length(p: Params, row: int, days: float) -> None:
    """Fill a row of the table of lengths: the share that is left after some days, exp(-rate * days)."""

    def remaining(rates: Numbers) -> list[float]:
        return [exp(-float(rate) * days) for rate in rates]

    p.length_days[row] = days
    p.kept_excitation[row] = remaining(p.relax_rate)
    p.kept_land[row] = exp(-p.territory_pace * days)
    p.kept_cohesion[row] = remaining(p.cohesion_revert)
    p.kept_trust[row] = exp(-days / p.reputation_forget) if p.reputation_forget > 0.0 else 1.0
    p.kept_pending[row] = remaining(p.return_rate)
    p.kept_backlog[row] = remaining(p.backlog_rate)
    p.kept_dispute[row] = remaining(p.dispute_ends)
    p.late_pending[row] = [_share_gone_through(float(rate) * days) for rate in p.return_rate]
    p.late_backlog[row] = [_share_gone_through(float(rate) * days) for rate in p.backlog_rate]


def _share_gone_through(x: float) -> float:
    """Return the share of an even inflow that has gone through at a rate by the end, 1 - (1 - exp(-x)) / x."""
    return 1.0 + exp_minus_one(-x) / x if x > 0.0 else 0.0


def _mass_probability(p: Params, stream: int) -> float:
    """Return the probability that an attack is a mass-casualty attack: by its deaths, or by its own probability."""
    by_deaths = 0.0
    mean, shape = float(p.deaths_mean[stream]), float(p.deaths_shape[stream])
    if p.mass_deaths[stream] > 0.0 and mean > 0.0 and shape > 0.0:
        term = power(shape / (shape + mean), shape)
        least = math.ceil(p.mass_deaths[stream])
        if least > MOST_ADDED_UP or term == 0.0:
            _, by_deaths = incomplete_beta(shape, float(least), shape / (shape + mean), mean / (shape + mean))
        else:
            below = 0.0
            for deaths in range(least):
                below += term
                term *= (shape + deaths) / (deaths + 1) * mean / (shape + mean)
            by_deaths = max(1.0 - below, 0.0)
    return 1.0 - (1.0 - by_deaths) * (1.0 - float(p.mass_per_attack[stream]))


def _derive_attribution(p: Params, actor: int) -> None:
    own = [force for force in range(p.forces) if p.kind[force] == INSURGENT and p.owner[force] == actor]
    p.attributed_force[actor] = own[0] if own else -1
    p.attribution[actor] = 0.0
    for stream in range(p.streams):
        force = p.stream_force[stream]
        if force in own:
            p.attribution[actor, stream] = 1.0 - p.unattributed[stream] if p.on[ON_MISATTRIBUTION] else 1.0
        elif p.on[ON_MISATTRIBUTION] and p.kind[force] == OUTSIDE and p.blamed_on[force] in own:
            # nobody takes those who are attacked for the attackers
            p.attribution[actor, stream] = 0.0 if p.rival[stream] in own else p.blamed_share[force]
    references = [(stream, float(p.attack_reference[stream])) for stream in range(p.streams)]
    references = [(stream, rate) for stream, rate in references if p.stream_force[stream] in own]
    p.attacks_expected[actor] = sum(rate for _, rate in references)
    for observer in range(p.actors):
        p.attacks_minded[observer, actor] = sum(rate for stream, rate in references if p.minds[observer, stream])


def _derive_pledge(p: Params, pledge: int) -> None:
    """Fill how likely a break is laid at the giver's door: as attacks on the targets that the pledge names are.

    A pledge that names none is seen as the attacks of the giver's first force are, and for certain without any.
    """
    giver = p.pledge_by[pledge]
    first = p.attributed_force[giver]
    named = [stream for stream in range(p.streams) if p.pledge_names[pledge, stream]]
    if not named and first >= 0:
        named = list(range(p.first_stream[first], p.first_stream[first + 1]))
    p.pledge_seen[pledge] = max((float(p.attribution[giver, stream]) for stream in named), default=1.0)
