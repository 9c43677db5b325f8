"""What each move is worth to an actor along the mean path of the plain SimPy model.

A few steps over half a year, the first as long as an actor expects its move to stand; on them expectations move, flags
are probabilities, and ways to end the run take their share of what goes on. Flows and hazards count with the mean of
their values at both ends of a step, so each pass through the loop makes a move or goes on by a step, reads the rates
that hold then, and settles the step between. Two thirds of the time of a run goes here, so it is one function, all in
local variables. It leaves out what nobody on a mean path reads: what others think of the government and the United
States, and the captives that the Taliban free.
"""

from __future__ import annotations

from math import exp, floor, log, sqrt
from typing import Any

from plain_numbers import CIVIL_WAR, COLLAPSE, SETTLEMENT, VOID, G, T, U, breaks_annex, land_after


def values_of_moves(run: Any, actor: int, legal: list[int]) -> list[float]:
    """Return the value of each legal move along the mean path, the standing moves of the others held.

    An actor that expects to reconsider makes, from then on, the move that is best if it is held for the whole window.
    Whoever threatens reckons with a target that gives in and with one that does not.

    Parameters
    ----------
    run : plain_simpy.Run
        The world at the epoch; not changed.
    actor : int
        The mover.
    legal : list of int
        Its legal moves.

    Returns
    -------
    list of float
        In util, one for each legal move.
    """
    n = run.n

    def value(move: int, later: int) -> float:
        chance = n.moves[actor][move].gives_in
        given_in = value_of_path(run, actor, move, later, True)
        return chance * given_in + (1.0 - chance) * (
            value_of_path(run, actor, move, later, False) if chance < 1.0 else 0
        )

    values = [value(move, move) for move in legal]
    if n.holds[actor]:
        best = legal[values.index(max(values))]
        values = [held if move == best else value(move, best) for move, held in zip(legal, values, strict=True)]
    standing, inertia = run.standing[actor], n.inertia[actor]
    return [value + inertia if move == standing else value for move, value in zip(legal, values, strict=True)]


def value_of_path(run: Any, actor: int, move: int, later: int, gives_in: bool) -> float:
    """Return the value of a move, and of another one that comes `later` if it is another.

    What was drawn for the run and nobody knows, the set-up lag of a programme not begun and the probability of return,
    is expected at its mean; so is whether a pledge that a move breaks is seen to be broken. On the path a step without
    numbers stands for a move that is made.
    """
    n = run.n
    (
        opens_at, open_rate, open_dual, break_rate, settle_rate, trust_floor, troops_floor, settle_dual, calm_0, calm_1,
        void_until, void_offset, void_relief, war_rate, war_mid, war_width, fall_rate, fall_mid, fall_width,
        without_troops, gain, decay_aid, decay_troops, decay_attacks, wear, land_start, bandwagon, surrenders,
        recruits, air_power,
    ) = n.on_day  # fmt: skip
    (
        reference, base_rate, promised, cap, vetting, army_share, city_share, foreign_share, seen_army, seen_city,
        seen_foreign, city_deaths, foreign_deaths, isis_blamed, isis_city_deaths, isis_fallen, grief, isis_talks,
        start, clip, twice_aim, aim_square, gain_scale, resolved_logit, troops_start, first_day, soldiers, pay,
        aid_start, cut, max_cuts, risk_first, risk_share, cost_power, cost_harder, cost_talks, epidemic_from,
        epidemic_to, epidemic_cost, dispute_over, all_commanders, fighters_each,
    ) = n.on_path  # fmt: skip
    with_troops = 1.0 - without_troops
    trust_share, troop_leverage = 1.0 - trust_floor, 1.0 - troops_floor
    ends_settled, ends_void, ends_war, ends_fallen = (
        run.at_outcome[actor][k] for k in (SETTLEMENT, VOID, CIVIL_WAR, COLLAPSE)
    )
    terms_of_land = n.terms_of_land[actor]
    w1, w2, w3, w4, w5, w6, *others = run.weights[actor]
    w7, w8, w9 = [*others, 0.0, 0.0, 0.0][:3]
    city_reference = reference * city_share
    minded = 1.0 / (city_share + foreign_share)
    epidemic_weight = 1.0
    if actor == G:
        w6 /= promised
    elif actor == T:
        w1 /= promised
        w5 *= 0.5
        epidemic_weight = n.epidemic_weight
    else:
        w4 /= promised
    beyond_talks, beyond_land, beyond_counted = n.beyond[actor]
    g, t, u = run.standing
    made, today, path = run.standing[actor], run.day, n.paths[actor]
    to_make = iter((move, later))
    if move != later:
        path = [*path[:2], (), *path[2:]]
    # the world of this path
    trust_g, trust_u = run.trust_gt, run.trust_ut
    fighters, capacity, troops, land = run.fighters, run.capacity, run.troops, run.land
    army_excited, city_excited, foreign_excited = run.excitation
    freed, counted, listed, commanders = run.freed, run.counted, run.listed, run.commanders
    pending, aid, cuts, logit, ready = run.pending, run.aid, run.cuts, run.logit, run.ready
    dual, dispute, talks, threat = float(run.dual), float(run.dispute), float(run.talks), run.threat
    reversed_once, released_once = run.refusal_reversed, run.released_once
    day, alive, value = today, 1.0, 0.0
    troop_share, aid_share = troops / troops_start, aid / aid_start
    army = cities = foreigners = 0.0
    violence = balance = flow_before = hazard_before = ends_before = 0.0
    opening_before = settling_before = breaking_before = settles_before = worth_before = cost = 0.0
    for step in path:
        if not step:
            old, made = made, next(to_make)
            old_move, new_move = n.moves[actor][old], n.moves[actor][made]
            at_once = n.changes_course[actor] if made != old else 0.0
            if actor == G:
                g = made
                if new_move.releases:
                    if not (old_move.releases or reversed_once):
                        reversed_once = True
                        at_once += n.reversal
                    if not released_once:
                        released_once = True
                        at_once += n.before_talks * (1.0 - talks)
            elif actor == T:
                t = made
                if breaks_annex(n, old_move, new_move):
                    at_once += n.breaks_pledge[T] * n.seen_annex
                    trust_g += n.view["broken_pledge"] * n.seen_annex
                    trust_u += n.view["broken_pledge"] * n.seen_annex
            else:
                u = made
                if new_move.pace == 0.0 < old_move.pace and troops > 0.0:
                    at_once += n.breaks_pledge[U]
                threat = new_move.expects is not None and cuts < max_cuts
                threat = threat and not (dual < 0.5 and freed >= n.demand_freed)
                if threat and gives_in and day == today:
                    g = n.asked
            value -= alive * exp(-n.rho[actor] * (day - today)) * at_once
            (
                releasing, theirs, on_army, on_cities, on_foreigners, _, surge, refuses, offence, may_open, _,
                holding, decay, loss_scale, void_rate, pace_1, pace_2, air, per_day, until, then, counted_share,
                guarantee, release_scale, push, divides,
            ) = n.settings[g][t][u]  # fmt: skip
            if releasing and ready is None:
                ready = day + n.lag_expected
            if refuses:
                talks = 0.0
            paused = holding and troops > 0.0
            if paused:
                void_rate *= n.void_paused
            if actor == G:
                constant = w7 if offence else 0.0
            elif actor == T:
                constant = w6 if surge else 0.0
            else:
                constant = w7 if paused else 0.0
            risk = n.return_expected * guarantee
        if step:
            (
                days, half, middle, kept, excited, remember, weeks, per_reference, heal, back_share, back_late,
                verified, verified_late, disputed, disputes, resolves, executed, land_kept,
            ) = step  # fmt: skip
            # opinions
            spoiling = 1.0 + isis_talks * talks
            attacks = days * (cities * seen_city + foreigners * seen_foreign + isis_blamed * spoiling)
            change = gain_scale * (twice_aim * log((attacks + 1.0) * per_reference * minded) - aim_square)
            change = (clip if change > clip else -clip if change < -clip else change) * weeks
            trust_u = start + remember * (trust_u - start) + change
            attacks += days * army * seen_army
            change = gain_scale * (twice_aim * log((attacks + 1.0) * per_reference) - aim_square)
            change = (clip if change > clip else -clip if change < -clip else change) * weeks
            trust_g = start + remember * (trust_g - start) + change
            killed = cities * city_deaths + isis_city_deaths * spoiling
            # troops leave evenly; forces and office drift
            if troops > 0.0:
                troops -= (pace_1 if day < first_day else pace_2) * days
                if troops < 0.0:
                    troops = 0.0
            later_share = troops / troops_start
            troop_share = 0.5 * (troop_share + later_share)
            loss = loss_scale * (without_troops + with_troops * troop_share)
            rest = gain * max(1.0 + recruits * (land - land_start), 0.0) / loss
            fighters = rest + (fighters - rest) * exp(-loss * days)
            fall = decay + decay_aid * (1.0 - aid_share) + decay_troops * (1.0 - troop_share)
            capacity *= exp(-(fall + decay_attacks * violence) * days)
            # land follows force, and whoever garrisons what is lost gives up
            land_then, land = land, land_after(land, balance, push, bandwagon, land_kept)
            if land > land_then:
                capacity *= ((1.0 - land) / (1.0 - land_then)) ** surrenders
            troop_share = later_share
            rest = wear * violence * (1.0 + dual) - grief * killed
            logit = rest + (logit - rest) * heal
            # a target that is spared keeps the excitation that it would have
            root = base_rate * sqrt(fighters)
            calm = army / on_army if on_army > 0.0 else root * army_share + army_excited
            army_excited = kept * army_excited + excited * calm
            calm = cities / on_cities if on_cities > 0.0 else root * city_share + city_excited
            city_excited = kept * city_excited + excited * calm
            calm = foreigners / on_foreigners if on_foreigners > 0.0 else root * foreign_share + foreign_excited
            foreign_excited = kept * foreign_excited + excited * calm
            fighters -= isis_fallen * spoiling * days / 1000.0
            backlog = freed - counted
            if backlog > dispute_over:
                dispute = dispute * disputed + (1.0 - dispute) * disputes
            elif dispute > 0.0:
                dispute *= disputed
            # captives
            if pending > 0.0:
                back = pending * back_share
                pending -= back
                fighters += back / 1000.0
            if not refuses:
                counted += backlog * verified
            cost = 0.0
            if releasing and freed < cap:
                spare = day + days - ready if ready > day else days
                if spare > 0.0:
                    left = until - freed
                    persons = 0.0
                    if left > 0.0:
                        persons = per_day * spare
                        if persons > left:
                            persons = left
                        spare -= persons / per_day
                    if then and spare > 0.0:
                        persons += min(then * spare, max(promised - freed - persons, 0.0))
                    if persons > vetting * days:
                        persons = vetting * days
                    if persons > cap - freed:
                        persons = cap - freed
                    if persons > 0.0:
                        if actor == 0:
                            harder = ((freed + persons) / promised) ** cost_power - (freed / promised) ** cost_power
                            cost = release_scale * (persons + cost_harder * harder) * (1.0 + cost_talks * talks)
                            if epidemic_from <= day < epidemic_to:
                                cost *= epidemic_cost
                        logit -= divides * persons
                        chance = risk * (risk_first + risk_share * (freed + 0.5 * persons) / promised)
                        back = persons * (chance if chance < 1.0 else 1.0)
                        freed += persons
                        pending += back * (1.0 - back_late)
                        fighters += back * back_late / 1000.0
                        known = persons * counted_share
                        counted += known if refuses else known + (persons - known) * verified_late
                        if theirs:
                            listed += persons
                            due = floor(all_commanders * min(listed / promised, 1.0) + 1e-9)
                            if due > commanders:
                                fighters += (due - commanders) * fighters_each
                                commanders = due
            if dual > 0.0:
                logit += resolved_logit * dual * resolves
                dual *= 1.0 - resolves
            if threat:
                aid = max(aid - executed * cut, 0.0)
                cuts += executed
                threat = cuts < max_cuts and not (dual < 0.5 and freed >= n.demand_freed)
                aid_share = aid / aid_start
            day += days
        root = base_rate * sqrt(fighters)
        army = on_army * (root * army_share + army_excited)
        cities = on_cities * (root * city_share + city_excited)
        foreigners = on_foreigners * (root * foreign_share + foreign_excited)
        violence = (army + cities + foreigners) / reference
        support = 1.0 + air * troop_share**air_power + pay * aid_share
        balance = fighters / (fighters + soldiers * capacity * support)
        # what opens and ends talks, at the rates of this node; then talks themselves, by the mean rates of the step
        opening = settling = 0.0
        if may_open and counted >= opens_at and talks < 1.0:
            opening = open_rate * (1.0 - dispute) * (1.0 - open_dual * dual)
        calm = calm_0 - calm_1 * cities / city_reference
        if calm > 0.0 and (talks > 0.0 or opening > 0.0):
            settling = settle_rate * (trust_floor + trust_share / (1.0 + exp(-trust_g))) * calm
            settling *= (troops_floor + troop_leverage * troop_share) * (1.0 - settle_dual * dual)
        breaking = break_rate * violence
        if step:
            closed = 1.0 - talks
            if talks > 0.0:
                settled = talks * (1.0 - exp(-0.5 * (settling_before + settling) * days))
                talks = (talks - settled) / (1.0 - settled) if settled < 1.0 else 0.0
                talks *= exp(-0.5 * (breaking_before + breaking) * days)
            talks = min(talks + closed * (1.0 - exp(-0.5 * (opening_before + opening) * days)), 1.0)
        opening_before, settling_before, breaking_before = opening, settling, breaking
        # what ends the run
        see_u = 1.0 / (1.0 + exp(-trust_u))
        hazard = settles = settling * talks
        worth, ends = ends_settled + terms_of_land * land, 0.0
        if day <= void_until:
            rate = void_rate * (1.0 - void_relief * talks) * (void_offset - see_u)
            hazard += rate
            ends += rate * ends_void
        if dual > 0.0:
            rate = war_rate * dual / (1.0 + exp((1.0 / (1.0 + exp(-logit)) - war_mid) / war_width))
            hazard += rate
            ends += rate * ends_war
        rate = fall_rate / (1.0 + exp((fall_mid - land) / fall_width))
        hazard += rate
        ends += rate * ends_fallen
        # flows
        if actor == 0:
            flow = constant + w1 * violence + w2 * (1.0 - aid_share) + w3 * land + w5 * talks + w6 * freed
            flow += w4 / (1.0 + exp(-logit)) + w8 * cities * city_deaths
        elif actor == 1:
            flow = constant + w2 * (1.0 - troop_share) + w3 * land + w4 * talks
            flow += w1 * counted * (epidemic_weight if epidemic_from <= day < epidemic_to else 1.0)
            flow += w5 * (see_u + 1.0 / (1.0 + exp(-trust_g)))
        else:
            flow = constant + w1 * troop_share + w2 * violence + w3 * land + w4 * counted + w5 * talks
            flow += w8 * balance * (1.0 - troop_share) + w9 * foreigners * foreign_deaths
            if threat:
                flow += w6
        if step:
            mean = 0.5 * (hazard_before + hazard)
            stays = exp(-mean * days)
            if mean > 0.0:
                ended = 0.5 * (ends_before + ends) + 0.25 * (settles_before + settles) * (worth_before + worth)
                value += alive * middle * ended * (1.0 - stays) / mean
            value += alive * (half * (flow_before + stays * flow) - middle * cost)
            alive *= stays
        flow_before, hazard_before, ends_before = flow, hazard, ends
        settles_before, worth_before = settles, worth
    discount = exp(-n.rho[actor] * (day - today))
    beyond = beyond_talks * talks + beyond_land * land + beyond_counted * counted / promised
    return float(value + alive * discount * beyond)
