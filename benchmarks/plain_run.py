"""One run of the plain SimPy model: the world, its calendars and its day.

On one day processes act in the order of `RANK`: each wakes a fixed fraction of a day after midnight, exact in binary. A
hazard fires when its integral crosses a unit exponential; as exponentials have no memory, a new one is drawn only after
it fired. Rates and payoffs of a day are those of its start.
"""

from __future__ import annotations

from collections.abc import Generator
from math import exp, floor, log, sqrt
from types import SimpleNamespace
from typing import Any

import numpy as np
import simpy
from plain_mean_path import values_of_moves
from plain_numbers import (
    ACTORS,
    CIVIL_WAR,
    COLLAPSE,
    MILESTONES,
    PAYOFF_TERMS,
    SETTLEMENT,
    VOID,
    G,
    T,
    U,
    breaks_annex,
    land_after,
)

RANK = {
    "shock": 1 / 64,
    "schedule": 2 / 64,
    "reputation": 3 / 64,
    "deadline": 4 / 64,
    "called": 5 / 64,
    "review": 8 / 64,
}
"""Fraction of a day after midnight; called reviews and reviews take two more places, one an actor."""


class Run:
    """One world and its SimPy processes.

    Parameters
    ----------
    n : SimpleNamespace
        Numbers of the file, from `read_numbers`.
    seed, replication : int
        Luck of the run.
    """

    def __init__(self, n: SimpleNamespace, seed: int, replication: int) -> None:
        self.n = n
        self.rng = rng = np.random.default_rng([seed, replication])
        self.env = simpy.Environment()
        self.ended = self.env.event()
        self.day = 0
        self.outcome = ""
        self.standing = list(n.opening)
        self.payoff = [0.0, 0.0, 0.0]
        self.called = [False, False, False]
        self.luck_of: list[tuple[int, list[float]]] = [(-1, []), (-1, []), (-1, [])]
        # drawn once
        self.lag = float(rng.gamma(n.lag_shape, n.lag_mean / n.lag_shape))
        self.return_probability = float(rng.beta(*n.returns["probability"]["beta"]))
        self.weights = [[w * exp(n.spread * float(rng.standard_normal())) for w in terms] for terms in n.terms]
        self.at_outcome = n.at_outcome
        if rng.random() < n.leaving["probability"]:
            scales = n.leaving["scales"]
            self.weights[U][PAYOFF_TERMS[U].index("paused")] *= scales["per_year.paused"]
            worse = n.at_outcome[U] | {COLLAPSE: n.at_outcome[U][COLLAPSE] * scales["at_outcome.government_collapse"]}
            self.at_outcome = [n.at_outcome[G], n.at_outcome[T], worse]
        # the world
        self.fighters, self.capacity, self.land = n.fighters_start, 1.0, n.land["held_at_start"]
        self.excitation = [n.excited * n.reference * share for share in n.shares]
        self.freed, self.counted, self.listed, self.commanders, self.pending, self.home = 0, 0, 0, 0, 0, 0
        self.troops, self.aid, self.cuts = float(n.troops), n.aid, 0
        self.logit, self.dual, self.dispute, self.talks = n.office["cohesion_logit"], False, False, False
        self.ready: int | None = None
        self.tranche: int | None = None
        self.refusal_reversed = self.released_once = self.threat = False
        start = float(n.view["start"])
        self.trust_gt = self.trust_ut = self.trust_tg = self.trust_ug = self.trust_gu = self.trust_tu = start
        self.window_attacks, self.window_deaths = [0, 0, 0], [0, 0, 0]
        self.window_isis = self.window_isis_deaths = 0
        self.attacks = self.deaths = self.civilians = self.returned = 0
        self.talks_day: int | None = None
        self.milestones: dict[str, int] = {}
        self.to_come = list(n.milestones)
        self.read()

    def read(self) -> None:
        """Read off intensity, balance of force and the flags of the standing moves, after a change of either."""
        n = self.n
        g, t, u = self.standing
        self.move_g, self.move_t, self.move_u = n.moves[G][g], n.moves[T][t], n.moves[U][u]
        base = n.base * sqrt(self.fighters)
        self.intensity = [
            level * (base * share + excited)
            for level, share, excited in zip(self.move_t.violence_on, n.shares, self.excitation, strict=True)
        ]
        self.violence = sum(self.intensity) / n.reference
        self.troop_share = share = self.troops / n.troops
        self.aid_share = aid_share = self.aid / n.aid
        support = n.air * self.move_u.air * share**n.air_power + n.pay * aid_share
        regular = n.soldiers * self.capacity * (1.0 + support)
        self.balance = self.fighters / (self.fighters + regular)
        self.paused = self.move_u.pace == 0.0 and self.troops > 0.0

    def simulate(self) -> dict[str, Any]:
        """Run to an outcome or to the horizon and return what the run leaves behind."""
        n, env = self.n, self.env
        env.process(self.days())
        env.process(self.two_presidents())
        env.process(self.schedule())
        env.process(self.reputation())
        env.process(self.deadlines())
        for actor in (G, T, U):
            env.process(self.reviews(actor, n.reconsiders[actor]))
        env.run(until=self.ended)
        row: dict[str, Any] = {"outcome": self.outcome, "outcome_day": self.day, "talks_day": self.talks_day}
        row |= {name: self.milestones.get(name) for name in MILESTONES}
        row |= {"attacks": self.attacks, "deaths": self.deaths, "civilian_deaths": self.civilians}
        row |= {"released": self.freed, "counted": self.counted, "returned": self.returned, "troops": self.troops}
        row["balance_of_force"] = self.balance
        return row | {f"payoff_{name}": self.payoff[actor] for actor, name in enumerate(ACTORS)}

    # --- calendars -------------------------------------------------------------------------------------------------
    def two_presidents(self) -> Generator[simpy.Event, None, None]:
        """Let the rival inauguration split the office."""
        yield self.env.timeout(self.n.dual["start_day"] + RANK["shock"])
        self.dual = True

    def schedule(self) -> Generator[simpy.Event, None, None]:
        """Let the Taliban's dated moves stand."""
        for day, move in self.n.dated:
            yield self.env.timeout(day + RANK["schedule"] - self.env.now)
            self.adopt(T, move)

    def deadlines(self) -> Generator[simpy.Event, None, None]:
        """Call the reviews that fall due with the deal's deadlines."""
        for row in self.n.deadlines:
            yield self.env.timeout(row["day"] + RANK["deadline"] - self.env.now)
            for name in row["reviews"]:
                self.decide(ACTORS.index(name))

    def reviews(self, actor: int, chance: float) -> Generator[simpy.Event, None, None]:
        """Let an actor reconsider its move on days that come at random."""
        yield self.env.timeout(int(self.rng.geometric(chance)) + RANK["review"] + actor / 64)
        while True:
            self.decide(actor)
            yield self.env.timeout(int(self.rng.geometric(chance)))

    def call_review(self, actor: int, day: int) -> None:
        """Call a review on a day, unless one is called already."""
        if not self.called[actor]:
            self.called[actor] = True
            self.env.process(self.called_review(actor, day))

    def called_review(self, actor: int, day: int) -> Generator[simpy.Event, None, None]:
        """Hold a called review."""
        yield self.env.timeout(day + RANK["called"] + actor / 64 - self.env.now)
        self.called[actor] = False
        self.decide(actor)

    def reputation(self) -> Generator[simpy.Event, None, None]:
        """Move what others think of the Taliban by the attacks attributed to it, and settle civilian deaths."""
        n, view, binomial = self.n, self.n.view, self.rng.binomial
        every, start = view["every_days"], view["start"]
        kept, sd, aim = exp(-every / view["forget_days"]), view["sd_log"], log(view["pledge"])
        civilian = [deaths.get("civilian_mean", 0.0) / deaths["mean"] for deaths in n.deaths]
        isis_civilian = n.isis_deaths[0]["civilian_mean"] / n.isis_deaths[0]["mean"]
        minded_reference = n.reference * sum(s for s, minded in zip(n.shares, n.minded, strict=True) if minded)

        def gain(attacks: int, reference: float) -> float:
            z = log((attacks + 1.0) / (reference * every))
            change = view["gain"] * (z * z - (z - aim) ** 2) / (2.0 * sd * sd)
            return float(max(min(change, view["clip_per_week"]), -view["clip_per_week"]) * every / 7.0)

        yield self.env.timeout(every + RANK["reputation"])
        while True:
            seen = [int(binomial(*pair)) for pair in zip(self.window_attacks, n.attributed, strict=True)]
            blamed = int(binomial(self.window_isis, n.blamed))
            minded = sum(some for some, counts in zip(seen, n.minded, strict=True) if counts)
            self.trust_gt = start + kept * (self.trust_gt - start) + gain(sum(seen) + blamed, n.reference)
            self.trust_ut = start + kept * (self.trust_ut - start) + gain(minded + blamed, minded_reference)
            self.civilians += sum(int(binomial(*pair)) for pair in zip(self.window_deaths, civilian, strict=True))
            self.civilians += int(binomial(self.window_isis_deaths, isis_civilian))
            self.window_attacks, self.window_deaths = [0, 0, 0], [0, 0, 0]
            self.window_isis = self.window_isis_deaths = 0
            yield self.env.timeout(every)

    # --- the day ---------------------------------------------------------------------------------------------------
    def days(self) -> Generator[simpy.Event, None, None]:
        """Move the world from day to day until it ends."""
        n, env, rng, view = self.n, self.env, self.rng, self.n.view
        timeout, poisson, binomial, exponential = env.timeout, rng.poisson, rng.binomial, rng.standard_exponential
        negative_binomial = rng.negative_binomial
        horizon = n.horizon
        (
            opens_at, open_rate, open_dual, break_rate, settle_rate, trust_floor, troops_floor, settle_dual,
            calm_0, calm_1, void_until, void_offset, void_relief, war_rate, war_mid, war_width, fall_rate, fall_mid,
            fall_width, without_troops, gain, decay_aid, decay_troops, decay_attacks, wear, land_start, bandwagon,
            surrenders, recruits, _,
        ) = n.on_day  # fmt: skip
        with_troops, promised, first_day = 1.0 - without_troops, n.promised, n.first_day
        settings, standing = n.settings, self.standing
        noises = rng.standard_normal((horizon, 2)).tolist()
        lucks = rng.random(horizon).tolist()
        capacity_drift, noise = 0.5 * n.noise * n.noise, n.noise
        deadly = [(deaths["shape"], deaths["shape"] / (deaths["shape"] + deaths["mean"])) for deaths in n.deaths]
        isis_deadly = [(d["shape"], d["shape"] / (d["shape"] + d["mean"])) for d in n.isis_deaths]
        city_deaths, foreign_deaths = n.deaths[1]["mean"], n.deaths[2]["mean"]
        city_reference = n.reference * n.shares[1]
        grief = n.office["per_100_killed"]["cities"] / 100.0 * n.office["revert_days"]
        daily_g, daily_t, daily_u = (exp(-rho) for rho in n.rho)
        length_g, length_t, length_u = ((1.0 - exp(-rho)) / rho for rho in n.rho)
        discount_g = discount_t = discount_u = 1.0
        g_attacks, g_aid, g_land, g_cohesion, g_talks, g_freed, g_offence, g_deaths = self.weights[G]
        t_counted, t_gone, t_land, t_talks, t_reputation, t_surge = self.weights[T]
        u_troops, u_attacks, u_land, u_counted, u_talks, u_threat, u_paused, u_refuge, u_deaths = self.weights[U]
        kept, excited, heal, luck_scale = n.kept, n.excited * (1.0 - n.kept), n.heal, n.office["noise_per_sqrt_day"]
        (epidemic_from, epidemic_to), epidemic_weight = n.epidemic, n.epidemic_weight
        isis_rate, mass_per_attack, back_share, count_share = n.isis, n.mass_per_attack, n.back_share, n.count_share
        void_paused, dual_rate, cut_rate = n.void_paused, n.dual_rate, n.cut_rate
        dispute_over, dispute_rate = n.dispute["if_uncounted_over"], n.dispute["opens_per_day"]
        agree_rate, promised_back, per_captive = 1.0 / n.dispute["mean_days"], n.promised_back, n.per_captive
        payoff_g = payoff_t = payoff_u = 0.0
        # a unit exponential for each hazard, less what was integrated of it since it last fired
        settle_left, void_left, war_left, collapse_left, break_left, open_left, dispute_left = exponential(7).tolist()
        agree_left, resolve_left, execute_left, isis_left = exponential(4).tolist()
        while True:
            yield timeout(1)
            day = self.day
            talks, dual, troop_share, balance, violence, land = (
                self.talks, self.dual, self.troop_share, self.balance, self.violence, self.land,
            )  # fmt: skip
            freed, counted, move_g = self.freed, self.counted, self.move_g
            (
                _, _, _, _, _, quiet, surge, refuses, offence, may_open, _, _, decay, loss_scale,
                void_rate, pace_1, pace_2, *_, push, divides,
            ) = settings[standing[G]][standing[T]][standing[U]]  # fmt: skip
            share = freed / promised
            aid_lost = 1.0 - self.aid_share
            cohesion = 1.0 / (1.0 + exp(-self.logit))
            trust_g, trust_u = 1.0 / (1.0 + exp(-self.trust_gt)), 1.0 / (1.0 + exp(-self.trust_ut))
            epidemic = epidemic_from <= day < epidemic_to
            # payoffs of the coming day
            flow = g_attacks * violence + g_aid * aid_lost + g_land * land + g_cohesion * cohesion
            flow += g_freed * share + g_deaths * self.intensity[1] * city_deaths
            if talks:
                flow += g_talks
            if offence:
                flow += g_offence
            payoff_g += flow * discount_g
            flow = t_counted * counted / promised * (epidemic_weight if epidemic else 1.0)
            flow += t_gone * (1.0 - troop_share) + t_land * land + t_reputation * 0.5 * (trust_g + trust_u)
            if talks:
                flow += t_talks
            if surge:
                flow += t_surge
            payoff_t += flow * discount_t
            flow = u_troops * troop_share + u_attacks * violence + u_land * land + u_counted * counted / promised
            flow += u_deaths * self.intensity[2] * foreign_deaths
            if talks:
                flow += u_talks
            flow += u_refuge * balance * (1.0 - troop_share)
            if self.threat:
                flow += u_threat
            if self.paused:
                flow += u_paused
            payoff_u += flow * discount_u
            # hazards, at the rates of the day's start
            outcome = ""
            collapse_left -= fall_rate / (1.0 + exp((fall_mid - land) / fall_width))
            if collapse_left <= 0.0:
                outcome = COLLAPSE
            if dual:
                war_left -= war_rate / (1.0 + exp((cohesion - war_mid) / war_width))
                if war_left <= 0.0:
                    outcome = CIVIL_WAR
            if day <= void_until:
                if self.paused:
                    void_rate *= void_paused
                if talks:
                    void_rate *= 1.0 - void_relief
                void_left -= void_rate * (void_offset - trust_u)
                if void_left <= 0.0:
                    outcome = VOID
            breaks = opens = False
            dispute = self.dispute
            if talks:
                calm = calm_0 - calm_1 * self.intensity[1] / city_reference
                if calm > 0.0:
                    rate = settle_rate * calm * (trust_floor + (1.0 - trust_floor) * trust_g)
                    rate *= troops_floor + (1.0 - troops_floor) * troop_share
                    settle_left -= rate * (1.0 - settle_dual) if dual else rate
                    if settle_left <= 0.0:
                        outcome = SETTLEMENT
                break_left -= break_rate * violence
                if break_left <= 0.0:
                    breaks = True
                    break_left = float(exponential())
                if refuses:
                    breaks = True
            elif may_open and counted >= opens_at and not dispute:
                open_left -= open_rate * (1.0 - open_dual) if dual else open_rate
                if open_left <= 0.0:
                    opens = True
                    open_left = float(exponential())
            if dispute:
                agree_left -= agree_rate
                if agree_left <= 0.0:
                    dispute = False
                    agree_left = float(exponential())
            elif freed - counted > dispute_over:
                dispute_left -= dispute_rate
                if dispute_left <= 0.0:
                    dispute = True
                    dispute_left = float(exponential())
            resolves = executes = False
            if dual:
                resolve_left -= dual_rate
                resolves = resolve_left <= 0.0
            if self.threat:
                execute_left -= cut_rate
                if execute_left <= 0.0:
                    executes = True
                    execute_left = float(exponential())
            # attacks
            city_killed, shocked, root = 0, False, n.base * sqrt(self.fighters)
            for k, level in enumerate(self.move_t.violence_on):
                attacks = int(poisson(self.intensity[k]))
                calm = attacks / level if level > 0.0 else root * n.shares[k] + self.excitation[k]
                self.excitation[k] = kept * self.excitation[k] + excited * calm
                if attacks:
                    killed = int(negative_binomial(deadly[k][0] * attacks, deadly[k][1]))
                    self.attacks += attacks
                    self.deaths += killed
                    self.window_attacks[k] += attacks
                    self.window_deaths[k] += killed
                    if k == 1:
                        city_killed = killed
                        shocked = lucks[day] < 1.0 - exp(-mass_per_attack * attacks)
            operations = n.operations[offence]
            civilians = int(poisson(operations["civilians_per_day"] * self.capacity))
            self.deaths += int(poisson(operations["fighters_per_day"] * self.capacity)) + civilians
            self.civilians += civilians
            isis = 0
            isis_left -= isis_rate * (1.0 + n.isis_talks) if talks else isis_rate
            while isis_left <= 0.0:
                isis += 1
                isis_left += float(exponential())
            fallen = 0
            for _ in range(isis):
                # one by one: a mass-casualty attack is a single one
                on_taliban = rng.random() >= n.isis_shares[0]
                killed = int(negative_binomial(*isis_deadly[on_taliban]))
                self.attacks += 1
                self.deaths += killed
                if on_taliban:
                    fallen += killed
                else:
                    city_killed += killed
                    self.window_isis += 1
                    self.window_isis_deaths += killed
                    shocked = shocked or killed >= n.isis_mass
            if shocked:
                self.call_review(G, day + 2)
            # forces, office, troops
            loss = loss_scale * (without_troops + with_troops * troop_share)
            rest = gain * max(1.0 + recruits * (land - land_start), 0.0) / loss
            fighters = rest + (self.fighters - rest) * exp(-loss) - fallen / 1000.0
            fall = decay + decay_aid * aid_lost + decay_troops * (1.0 - troop_share) + decay_attacks * violence
            luck_of_war, luck_of_politics = noises[day]
            self.capacity *= exp(noise * luck_of_war - capacity_drift - fall)
            self.land = land_after(land, balance, push, bandwagon, n.land_kept)
            if self.land > land:
                self.capacity *= ((1.0 - self.land) / (1.0 - land)) ** surrenders
            rest = wear * violence * (2.0 if dual else 1.0) - grief * city_killed
            logit = rest + (self.logit - rest) * heal + luck_scale * luck_of_politics
            if self.troops > 0.0:
                self.troops = max(self.troops - (pace_1 if day < first_day else pace_2), 0.0)
            # captives
            if self.pending:
                back = int(binomial(self.pending, back_share))
                self.pending -= back
                self.returned += back
                fighters += back / 1000.0
            if freed > counted and not refuses:
                self.count(int(binomial(freed - counted, count_share)))
            persons = self.batch(move_g, day) if self.ready is not None and move_g.releases and day >= self.ready else 0
            if persons:
                cost = self.release_cost(persons, talks, quiet, move_g.theirs, epidemic)
                if not self.released_once:
                    self.released_once = True
                    cost += 0.0 if talks else n.before_talks
                self.payoff[G] -= cost * discount_g
                risk = self.return_probability * n.returns["guarantee"][move_g.guarantee]
                risk *= n.returns["risk_at_first"] + n.returns["risk_per_share_freed"] * share
                logit -= divides * persons
                self.pending += int(binomial(persons, min(risk, 1.0)))
                self.freed += persons
                self.count(int(binomial(persons, n.counted[move_g.theirs])))
                if move_g.theirs:
                    self.listed += persons
                    due = floor(n.commanders * min(self.listed / promised, 1.0) + 1e-9)
                    if due > self.commanders:
                        fighters += (due - self.commanders) * n.fighters
                        self.commanders = due
            if self.home < promised_back:
                home = floor(min(promised_back, per_captive * self.freed))
                if home > self.home:
                    if home >= promised_back:
                        self.call_review(G, day + 2)
                    self.home = home
            # the next day
            self.day = day = day + 1
            discount_g *= daily_g
            discount_t *= daily_t
            discount_u *= daily_u
            self.dispute, self.fighters = dispute, fighters
            if breaks:
                self.talks = False
            elif opens:
                self.talks = True
                if self.talks_day is None:
                    self.talks_day = day
            if resolves:
                self.dual = False
                logit += n.dual["resolved_logit"]
            self.logit = logit
            if executes:
                self.aid = max(self.aid - n.cut, 0.0)
                self.cuts += 1
                self.trust_gu += view["executed_threat"]
                self.trust_tu += view["executed_threat"]
                self.call_review(G, day + 1)
            self.read()
            if self.threat and not self.threat_acts():
                self.threat = False
                if self.demand_met():
                    self.call_review(U, day + 1)
            if self.to_come:
                self.note(day)
            if outcome or day >= horizon:
                self.outcome = outcome or ("talks_open" if self.talks else "stalemate")
                flows = (payoff_g * length_g, payoff_t * length_t, payoff_u * length_u)
                for actor, discount in enumerate((discount_g, discount_t, discount_u)):
                    worth = self.at_outcome[actor].get(self.outcome, 0.0)
                    if outcome == SETTLEMENT:
                        worth += n.terms_of_land[actor] * self.land
                    self.payoff[actor] += flows[actor] + worth * discount
                self.ended.succeed()
                return

    def batch(self, move: SimpleNamespace, day: int) -> int:
        """Return the captives freed today by the government's standing move.

        Tranches keep the calendar that began with the first: one that fell due while another move stood is not made up.
        """
        n = self.n
        left = move.until - self.freed
        due = 0
        if left > 0:
            due = min(move.per_day, left)
        elif move.then_persons:
            if self.tranche is None:
                self.tranche = day + move.then_every
            while self.tranche <= day:
                self.tranche += move.then_every
            if day + 1 == self.tranche and self.move_t.violence <= n.view["pledge"]:
                due = min(move.then_persons, move.last - self.freed)
        return int(max(min(due, n.vetting, n.cap - self.freed), 0))

    def count(self, persons: int) -> None:
        """Let the Taliban count captives, which moves what it thinks of the government."""
        n = self.n
        if self.counted < n.promised <= self.counted + persons:
            self.call_review(T, self.day + 2)
        self.counted += persons
        self.trust_tg += n.view["per_100_counted"] * persons / 100.0

    def release_cost(self, persons: int, talks: bool, quiet: bool, theirs: bool, epidemic: bool) -> float:
        """Return the government's cost in util of freeing some captives now, hard cases last."""
        n, c = self.n, self.n.cost
        first, last = self.freed / n.promised, (self.freed + persons) / n.promised
        cost = c["base"] / 1000.0 * (persons + n.cost_harder * (last**n.cost_power - first**n.cost_power))
        cost *= c["if_quiet"] if quiet else c["if_not_quiet"]
        if theirs:
            cost *= c["claimant_list"]
        if talks:
            cost *= c["if_talks_open"]
        return float(cost * n.epidemic_cost if epidemic else cost)

    def note(self, day: int) -> None:
        """Note the first day of each milestone that is to come."""
        for name in list(self.to_come):
            quantity, least, sign = self.n.milestones[name]
            if sign * getattr(self, quantity) >= sign * least:
                self.milestones[name] = day
                self.to_come.remove(name)

    # --- decisions -------------------------------------------------------------------------------------------------
    def threat_acts(self) -> bool:
        """Return whether a threat has something to demand and something left to cut."""
        return not self.demand_met() and self.cuts < self.n.max_cuts

    def demand_met(self) -> bool:
        """Return whether the office is one again and enough have been freed."""
        return not self.dual and self.freed >= self.n.demand_freed

    def what_it_does(self, actor: int, move: int) -> tuple[Any, ...]:
        """Return what a move does now: levers that have nothing left to act on are left out."""
        chosen = self.n.moves[actor][move]
        if actor == G:
            return chosen.offence, move if self.freed < chosen.last else None
        if actor == T:
            return tuple(chosen.violence_on), chosen.refuses
        threatens = chosen.expects is not None and self.threat_acts()
        return threatens, (chosen.pace, chosen.air) if self.troops > 0.0 else None

    def choices(self, actor: int) -> list[int]:
        """Return the moves that an actor may choose now; of those that do the same what stands, or the first."""
        n = self.n
        legal = list(range(len(n.moves[actor])))
        if actor == T and self.dispute:
            legal = [move for move in legal if not n.moves[T][move].blocked]
        elif actor == U:
            level = self.move_t.violence
            provoked = level > 1.0 or (level > n.view["pledge"] and self.trust_ut < n.pause_below)
            if not (self.day > n.pause_after and provoked):
                legal.remove(n.pause)
            if not self.threat_acts():
                legal.remove(n.threaten)
        legal.sort(key=lambda move: move != self.standing[actor])
        return sorted({self.what_it_does(actor, move): move for move in reversed(legal)}.values())

    def decide(self, actor: int) -> None:
        """Let an actor choose by a logit response, the highest value with Gumbel luck, if there is a choice."""
        n, legal = self.n, self.choices(actor)
        if legal == [self.standing[actor]] or not legal:
            self.adopt(actor, self.standing[actor])
            return
        if self.luck_of[actor][0] != self.day:  # who is called twice on a day chooses on the same luck
            self.luck_of[actor] = (self.day, self.rng.gumbel(size=len(n.moves[actor])).tolist())
        luck = self.luck_of[actor][1]
        values = values_of_moves(self, actor, legal)
        scores = [n.lam[actor] * value + luck[move] for value, move in zip(values, legal, strict=True)]
        self.adopt(actor, legal[scores.index(max(scores))])

    def adopt(self, actor: int, move: int) -> None:
        """Let a move stand, with its costs at once, its effect on opinions, and the reviews that it calls."""
        n, before = self.n, self.standing[actor]
        chosen = n.moves[actor][move]
        if move != before:
            old, cost, broken = n.moves[actor][before], 0.0, False
            self.standing[actor] = move
            cost = n.changes_course[actor]
            if actor == G and chosen.releases and not old.releases and not self.refusal_reversed:
                self.refusal_reversed = True
                self.trust_tg += n.view["reversed_refusal"]
                cost += n.reversal
            elif actor == T and breaks_annex(n, old, chosen) and self.rng.random() < n.seen_annex:
                broken = True
                self.trust_gt += n.view["broken_pledge"]
                self.trust_ut += n.view["broken_pledge"]
            elif actor == U and chosen.pace == 0.0 < old.pace and self.troops > 0.0:
                broken = True
                self.trust_gu += n.view["broken_pledge"]
                self.trust_tu += n.view["broken_pledge"]
            if broken:
                cost += n.breaks_pledge[actor]
                for other in {G, T, U} - {actor}:
                    self.call_review(other, self.day + 1)
            self.payoff[actor] -= cost * exp(-n.rho[actor] * self.day)
            for other in (G, T, U):
                if actor in n.answers[other]:
                    self.call_review(other, self.day + 1)
        if chosen.releases and self.ready is None:
            self.ready = self.day + floor(self.lag + 0.5)
        if actor == U:
            self.threat = chosen.expects is not None and (self.threat or self.threat_acts())
        self.read()
