/* Drifts, reputations, captives, threats, hazards and moves: sim/model in C, the same operations in the same order. */
#ifndef MECHANISMS_H
#define MECHANISMS_H

#include "world.h"

/* --- drifts of forces and offices --------------------------------------------------------------------------------- */
static void withdraw(State *s, const Params *p, double days)
{
    EACH(force, p->foreign) {
        double pace = 0.0;
        if (p->steps[force] > 0) {
            int owner = (int)p->foreign_owner[force], row = 0;
            while (row < p->steps[force] - 1 && s->tick >= p->step_tick[force][row])
                row++;
            pace = p->step_pace[force][row] * s->pace_factor[force] * p->pace[owner][s->standing[owner]];
        }
        s->troops[force] = most(s->troops[force] - pace * days, 0.0);
    }
}

static void drift_forces(State *s, const Params *p, double days)
{
    EACH(force, p->forces) {
        double rate = p->turnover[force];
        if (p->kind[force] != INSURGENT || rate == 0.0)
            continue;
        double k = s->offence > 0.0 ? p->attrition_offence[force] : p->attrition_defence[force];
        double without = p->attrition_without_troops[force];
        double loss = rate * k * (without + (1.0 - without) * s->troop_share), gain = rate * p->strength_start[force];
        if (p->contested)
            gain *= most(1.0 + p->land_recruits * (s->territory - p->territory_start), 0.0);
        if (loss > 0.0) {
            double rest = gain / loss;
            s->strength[force] = rest + (s->strength[force] - rest) * raise_e(-loss * days);
        } else {
            s->strength[force] += gain * days;
        }
    }
    EACH(force, p->forces)
        if (p->kind[force] == REGULAR) {
            int owner = (int)p->owner[force];
            double decay = p->decay_base[force] + p->decay_aid[force] * (1.0 - s->aid_share[owner]) +
                           p->decay_troops[force] * (1.0 - s->troop_share) + p->decay_attacks[force] * s->violence +
                           p->decay_offence[force] * on_offence(s, p, owner);
            s->strength[force] *= raise_e(-decay * days);
        }
}

/* --- territory ---------------------------------------------------------------------------------------------------- */
static double off_the_ends(double share) { return least(most(share, LEAST), 1.0 - LEAST); }

static double log_odds(double share)
{
    double kept = off_the_ends(share);
    return ln(kept / (1.0 - kept));
}

static void begin_territory(State *s, const Params *p)
{
    s->territory = p->territory_start;
    s->force_odds_at_start = log_odds(s->force_balance);
}

/* How hard the forces of a kind press for land: insurgents over a posture of 1, regular ones over defence. */
static double pressure(const State *s, const Params *p, int kind)
{
    double whole = 0.0, pressing = 0.0;
    EACH(force, p->forces) {
        int owner = (int)p->owner[force];
        double men = s->strength[force], share;
        if (p->kind[force] != kind)
            continue;
        if (kind == INSURGENT) {
            men *= 1.0 - s->disarmed[force];
            share = p->garrison + (1.0 - p->garrison) * p->violence_total[owner][s->standing[owner]][force];
        } else {
            men *= p->strength_start[force];
            share = 1.0 + (p->offence_presses - 1.0) * on_offence(s, p, owner);
        }
        whole += men;
        pressing += men * share;
    }
    return whole > 0.0 ? pressing / whole : 1.0;
}

static void drift_territory(State *s, const Params *p, double days)
{
    if (!p->contested)
        return;
    double effort = most(pressure(s, p, INSURGENT), LEAST) / most(pressure(s, p, REGULAR), LEAST);
    double balance = off_the_ends(s->force_balance);
    if (p->contest_exponent != 1.0)
        effort = raise(effort, p->contest_exponent);
    double odds = ln(balance / (1.0 - balance) * effort) - s->force_odds_at_start;
    double aim = log_odds(p->territory_start) + p->bandwagon * odds, before = s->territory;
    double after = off_the_ends(logistic(aim + (log_odds(before) - aim) * raise_e(-p->territory_pace * days)));
    if (after > before)
        EACH(force, p->forces)
            if (p->kind[force] == REGULAR)
                s->strength[force] *= raise_e(p->surrenders * ln((1.0 - after) / (1.0 - before)));
    s->territory = after;
}

static void drift_cohesion(State *s, const Params *p, int length)
{
    if (p->on[ON_COHESION])
        EACH(office, p->offices) {
            double rate = p->cohesion_revert[office];
            double push = -p->cohesion_attacks[office] * s->violence * (1.0 + s->dual[office]);
            if (p->cohesion_minds_deaths[office])
                EACH(stream, p->streams) push -= p->cohesion_deaths[office][stream] * s->killed[stream];
            if (rate > 0.0) {
                double rest = push / rate, logit = s->cohesion_logit[office];
                s->cohesion_logit[office] = rest + (logit - rest) * p->kept_cohesion[length][office];
            } else {
                s->cohesion_logit[office] += push * p->length_days[length];
            }
        }
}

static double resolution_rate(const State *s, const Params *p, int office)
{
    int64_t actor = p->office_actor[office];
    double rate = p->dual_rate[office];
    return p->offer[actor][s->standing[actor]] ? rate * p->dual_offer[office] : rate;
}

static void resolve(State *s, const Params *p, int office, double share)
{
    if (p->on[ON_COHESION])
        s->cohesion_logit[office] += p->dual_resolved[office] * s->dual[office] * share;
    s->dual[office] *= 1.0 - share;
}

/* --- reputations -------------------------------------------------------------------------------------------------- */
static void move_opinion(State *s, const Params *p, int actor, double change)
{
    if (p->on[ON_REPUTATION])
        EACH(other, p->actors)
            if (other != actor)
                s->trust[other][actor] += change;
}

static double evidence(const Params *p, double attacks, double reference, double days)
{
    double z = ln((attacks + 1.0) / (reference * days)), distance = z - p->log_pledge, sd = p->reputation_sd;
    double ratio = p->reputation_gain * (z * z - distance * distance) / (2.0 * sd * sd);
    return most(least(ratio, p->reputation_clip), -p->reputation_clip) * days / 7.0;
}

static void review_reputation(State *s, const Params *p, int actor, int length)
{
    double days = p->length_days[length], attacks = 0.0;
    EACH(stream, p->streams) attacks += s->attributed[stream];
    if (!p->on[ON_REPUTATION] || p->attacks_expected[actor] <= 0.0)
        return;
    double of_all = evidence(p, attacks, p->attacks_expected[actor], days);
    double kept = p->kept_trust[length], start = p->reputation_start;
    EACH(other, p->actors) {
        double gain = of_all, minded = 0.0;
        if (other == actor)
            continue;
        if (!p->minds_all[other]) {
            EACH(stream, p->streams)
                if (p->minds[other][stream])
                    minded += s->attributed[stream];
            double reference = p->attacks_minded[other][actor];
            gain = reference > 0.0 ? evidence(p, minded, reference, days) : 0.0;
        }
        s->trust[other][actor] = start + kept * (s->trust[other][actor] - start) + gain;
    }
}

/* --- captives ----------------------------------------------------------------------------------------------------- */
static inline double release_bound(const State *s, const Params *p, int group, double days)
{
    return most(least(p->vetting[group] * days, p->cap_freed[group] - s->freed[group]), 0.0);
}

static double reciprocal_due(const State *s, const Params *p, int group)
{
    int64_t other = p->reciprocates[group];
    if (other < 0 || !p->on[ON_RECIPROCITY])
        return 0.0;
    return most(least(p->promised[group], p->per_captive[group] * s->freed[other]) - s->freed[group], 0.0);
}

static double expected_batch(const State *s, const Params *p, const double *tables, int group, double days)
{
    if (releasing(s, p, group) == 0.0)
        return least(reciprocal_due(s, p, group), release_bound(s, p, group, days));
    int64_t move = s->standing[p->holder[group]], lag = (int64_t)s->ready_tick[group] - s->tick;
    double spare = days - (double)(lag > 0 ? lag : 0) * p->dt, batch = 0.0;
    EACH(tranche, p->tranches[group][move]) {
        double pace = p->tranche_per_day[group][move][tranche];
        double left = left_until(s, group, p->tranche_until[group][move][tranche]) - batch;
        if (spare <= 0.0 || left <= 0.0)
            continue;
        if (!holds(s, p, tables, p->tranche_when[group][move][tranche])) {
            spare = 0.0;
            continue;
        }
        double more = least(pace * spare, left);
        if (more > 0.0)
            spare -= more / pace;
        batch += more;
    }
    if (spare > 0.0 && p->then_amount[group][move] > 0.0 && holds(s, p, tables, p->then_when[group][move])) {
        double left = most(left_until(s, group, p->then_until[group][move]) - batch, 0.0);
        batch += least(p->then_amount[group][move] * spare / ((double)p->then_every[group][move] * p->dt), left);
    }
    return least(batch, release_bound(s, p, group, days));
}

static double vet(State *s, const Params *p, int group)
{
    double vetted = p->vetting[group] * p->dt;
    if (vetted < 1.0 && !p->divisible[group]) {
        s->vetted[group] = least(s->vetted[group] + vetted, 1.0 + vetted);
        vetted = floor(s->vetted[group] + 1e-9);
    }
    return most(least(vetted, p->cap_freed[group] - s->freed[group]), 0.0);
}

static inline double whole(const Params *p, int group, double amount) { return p->divisible[group] ? amount : floor(amount); }

static double sampled_batch(State *s, const Params *p, const double *tables, int group)
{
    double bound = vet(s, p, group), batch;
    if (releasing(s, p, group) == 0.0) {
        batch = whole(p, group, least(reciprocal_due(s, p, group), bound));
        s->vetted[group] = most(s->vetted[group] - batch, 0.0);
        return batch;
    }
    if (s->tick < s->ready_tick[group])
        return 0.0;
    int64_t move = s->standing[p->holder[group]], tranche = 0;
    while (tranche < p->tranches[group][move] &&
           !(left_until(s, group, p->tranche_until[group][move][tranche]) > 0.0))
        tranche++;
    if (tranche < p->tranches[group][move]) {
        if (!holds(s, p, tables, p->tranche_when[group][move][tranche]))
            return 0.0;
        double left = left_until(s, group, p->tranche_until[group][move][tranche]);
        s->carry[group] = least(s->carry[group] + p->tranche_per_day[group][move][tranche] * p->dt, left);
    } else if (p->then_amount[group][move] > 0.0) {
        if (s->tranche_tick[group] == NEVER)
            s->tranche_tick[group] = (int32_t)(s->tick + p->then_every[group][move]);
        while (s->tranche_tick[group] <= s->tick)
            s->tranche_tick[group] += (int32_t)p->then_every[group][move];
        if (s->tick + 1 == s->tranche_tick[group] && holds(s, p, tables, p->then_when[group][move]))
            s->carry[group] = least(s->carry[group] + p->then_amount[group][move],
                                    most(left_until(s, group, p->then_until[group][move]), 0.0));
    }
    double margin = p->divisible[group] ? 0.0 : 1e-9;
    batch = whole(p, group, least(s->carry[group] + margin, bound));
    s->carry[group] = most(s->carry[group] - batch, 0.0);
    s->vetted[group] = most(s->vetted[group] - batch, 0.0);
    return batch;
}

static void start_release(State *s, const Params *p, int group)
{
    if (s->ready_tick[group] == NEVER && releasing(s, p, group) > 0.0)
        s->ready_tick[group] = s->tick + (int32_t)floor(s->lag_days[group] / p->dt + 0.5);
}

static int64_t list_of(const State *s, const Params *p, int group)
{
    int64_t holder = p->holder[group];
    return p->tranches[group][s->standing[holder]] == 0 ? CLAIMANT_LIST : p->release_list[holder][s->standing[holder]];
}

static double verifying(const State *s, const Params *p, int group)
{
    int64_t claimant = p->claimant[group], holder = p->holder[group];
    return claimant < 0 ? 1.0 : p->verify[claimant][s->standing[claimant]] * p->admit[holder][s->standing[holder]];
}

static double counting(const State *s, const Params *p, int group)
{
    int64_t claimant = p->claimant[group];
    return claimant < 0 ? 1.0 : refuses_talks(s, p, (int)claimant) ? 0.0 : verifying(s, p, group);
}

static double counted_share(const State *s, const Params *p, int group)
{
    double share = list_of(s, p, group) == CLAIMANT_LIST ? p->counted_claimant[group] : p->counted_own[group];
    return share * verifying(s, p, group);
}

static double backlog_share(const State *s, const Params *p, int group, int length)
{
    return counting(s, p, group) * (1.0 - p->kept_backlog[length][group]);
}

static double part_of(double luck, const Params *p, int group, double amount, double share)
{
    return p->divisible[group] ? amount * share : (double)binomial(luck, (int64_t)amount, share);
}

static void take_from_force(State *s, const Params *p, int group, double amount)
{
    int64_t force = p->arms_of[group];
    if (force >= 0)
        s->disarmed[force] = least(s->disarmed[force] + amount / p->held[group], 1.0);
    force = p->men_of[group];
    if (force >= 0) {
        double unit = p->kind[force] == REGULAR ? 1000.0 * p->strength_start[force] : 1000.0;
        s->strength[force] = most(s->strength[force] - amount / unit, 0.0);
    }
}

static double return_share(const State *s, const Params *p, int group)
{
    if (!p->on[ON_RETURNS] || p->returns_to[group] < 0)
        return 0.0;
    double risk = p->risk_at_first[group] + p->risk_per_share[group] * s->freed[group] / p->promised[group], factor = 1.0;
    if (p->on[ON_GUARANTEE] && p->tranches[group][s->standing[p->holder[group]]] > 0) {
        int64_t holder = p->holder[group];
        factor = p->guarantee_factor[group][p->guarantee[holder][s->standing[holder]]];
    }
    return most(least(s->return_probability[group] * risk * factor, 1.0), 0.0);
}

static inline int epidemic_now(const State *s, const Params *p)
{
    return p->on[ON_EPIDEMIC] && p->epidemic_from <= s->tick && s->tick < p->epidemic_to;
}

static double raised(double share, double power)
{
    double value = 1.0;
    if (!(power <= MOST_PRODUCTS) || floor(power) != power)
        return raise(share, power);
    for (int whole = (int)power; whole > 0; whole >>= 1) {
        if (whole & 1)
            value *= share;
        share *= share;
    }
    return value;
}

static double cost_of_batch(const State *s, const Params *p, int group, double persons)
{
    double promised = p->promised[group], first = s->freed[group] / promised, last = first + persons / promised;
    double power = p->cost_exponent[group] + 1.0;
    double harder = p->cost_hardest[group] * promised * (raised(last, power) - raised(first, power)) / power;
    double cost = p->cost_base[group];
    if (list_of(s, p, group) == CLAIMANT_LIST)
        cost *= p->cost_claimant[group];
    if (p->claimant[group] >= 0)
        cost *= holding_fire(s, p, (int)p->claimant[group], -1) > 0.0 ? p->cost_quiet[group] : p->cost_not_quiet[group];
    cost *= 1.0 + (p->cost_talks[group] - 1.0) * s->talks;
    if (group < p->captive_groups && epidemic_now(s, p))
        cost *= p->epidemic_cost;
    return cost * (persons + harder) / 1000.0;
}

static void count_captives(State *s, const Params *p, int group, double persons)
{
    s->counted[group] += persons;
    if (p->on[ON_REPUTATION] && p->reciprocates[group] < 0 && group < p->captive_groups)
        s->trust[p->claimant[group]][p->holder[group]] += p->per_100_counted * persons / 100.0;
}

static void rejoin(State *s, const Params *p, int group, double persons)
{
    s->pending[group] -= persons;
    s->returned[group] += persons;
    s->strength[p->returns_to[group]] += persons / 1000.0;
}

static void free_captives(State *s, const Params *p, int group, double persons, double counted, double returners)
{
    int64_t holder = p->holder[group];
    if (p->on[ON_COHESION] && group < p->captive_groups)
        EACH(office, p->offices)
            if (p->office_actor[office] == holder) {
                double quiet = p->cohesion_quiet_share[office], violence = s->violence_of[p->claimant[group]];
                s->cohesion_logit[office] -=
                    p->cohesion_freed[office] * persons / 1000.0 * (quiet + (1.0 - quiet) * violence);
            }
    take_from_force(s, p, group, persons);
    int listed = list_of(s, p, group) == CLAIMANT_LIST;
    s->freed[group] += persons;
    s->pending[group] += returners;
    count_captives(s, p, group, counted);
    if (listed)
        s->listed[group] += persons;
    double held = p->commanders_held[group], due = 0.0;
    if (!p->on[ON_COMMANDERS] || held == 0.0)
        return;
    int64_t mode = p->commander_mode[holder][s->standing[holder]];
    if (mode == COMMANDERS_FIRST)
        due = held;
    else if (mode == COMMANDERS_PRO_RATA)
        due = floor(held * least(s->listed[group] / p->promised[group], 1.0) + 1e-9);
    double freed = most(due - s->commanders[group], 0.0);
    if (freed > 0.0) {
        s->commanders[group] += freed;
        if (p->returns_to[group] >= 0)
            s->strength[p->returns_to[group]] += freed * p->fighters_each[group] / 1000.0;
    }
}

static void recall(State *s, int group, double persons, double pending)
{
    s->freed[group] -= persons;
    s->counted[group] = least(s->counted[group], s->freed[group]);
    s->pending[group] -= pending;
    s->recalled[group] += persons;
}

static void revoke(State *s, const Params *p, int group, double persons)
{
    int64_t force = p->returns_to[group];
    s->returned[group] -= persons;
    s->strength[force] = most(s->strength[force] - persons / 1000.0, 0.0);
    recall(s, group, persons, 0.0);
}

static double caught_share(const State *s, const Params *p, int group, double days)
{
    int64_t holder = p->holder[group];
    return 1.0 - raise_e(-p->recall_returned[holder][s->standing[holder]] * days);
}

/* --- threats ------------------------------------------------------------------------------------------------------ */
static int threat_acts(const State *s, const Params *p, const double *tables, int actor, int move)
{
    int64_t flow = p->pressure_flow[actor][move];
    return flow >= 0 && p->on[ON_AID] && s->cuts[flow] < p->max_cuts[flow] &&
           !holds(s, p, tables, p->pressure_until[actor][move]);
}

static void begin_threat(State *s, const Params *p, const double *tables, int actor)
{
    if (s->threat_from[actor] == NEVER && threat_acts(s, p, tables, actor, s->standing[actor]))
        s->threat_from[actor] = s->tick;
}

static void end_threats(State *s, const Params *p, const double *tables)
{
    EACH(actor, p->actors)
        if (s->threat_from[actor] != NEVER && !threat_acts(s, p, tables, actor, s->standing[actor]))
            s->threat_from[actor] = NEVER;
}

static double execution_rate(const State *s, const Params *p, int actor)
{
    return s->threat_from[actor] == NEVER ? 0.0 : p->execute_rate[p->pressure_flow[actor][s->standing[actor]]];
}

static void execute(State *s, const Params *p, int actor, double share)
{
    int64_t flow = p->pressure_flow[actor][s->standing[actor]];
    s->aid[flow] = most(s->aid[flow] - share * p->aid_cut[flow], 0.0);
    s->cuts[flow] += share;
    move_opinion(s, p, actor, p->executed_threat * share);
}

/* --- hazards ------------------------------------------------------------------------------------------------------ */
/* --- hazards that the scenario declares --------------------------------------------------------------------------- */
static double factor_value(const State *s, const Params *p, const double *tables, const double *at)
{
    int form = (int)at[0];
    double x;
    if (form == IF)
        return holds(s, p, tables, (int64_t)at[4]) ? at[5] : at[6];
    if ((int)at[4] >= 0)
        x = sum_value(s, p, tables + (int)at[4]);
    else
        x = feature(s, p, (int)at[1], (int)at[2], (int)at[3]);
    switch (form) {
    case FLOOR: return at[5] + (1.0 - at[5]) * x;
    case LINEAR: return most(at[5] + at[6] * x, 0.0);
    case LOGISTIC: return logistic((x - at[5]) / at[6]);
    default: return raise(most(x, 0.0), at[5]);
    }
}

static double hazard_rate(const State *s, const Params *p, const double *tables, int64_t hazard, double share)
{
    if (hazard < 0)
        return 0.0;
    double rate = share * tables[hazard];
    const double *at = tables + hazard + FACTORS_AT;
    EACH(factor, (int)tables[hazard + 1]) {
        if (!(rate > 0.0))
            return 0.0;
        rate *= factor_value(s, p, tables, at + factor * FACTOR_WIDTH);
    }
    return rate;
}

static double talks_rate(const State *s, const Params *p, const double *tables)
{
    if (p->talks_hazard < 0 || s->sitting == 0.0)
        return 0.0;
    if (!holds(s, p, tables, p->opens_when))
        return 0.0;
    double open = 1.0;
    if (p->on[ON_DISPUTES])
        EACH(group, p->groups) open *= 1.0 - s->dispute[group];
    return hazard_rate(s, p, tables, p->talks_hazard, open) * s->sitting;
}

static double breakdown_rate(const State *s, const Params *p, const double *tables)
{
    return hazard_rate(s, p, tables, p->breakdown_hazard, p->on[ON_PROFITEERS] ? p->profiteers : 1.0);
}

static double shock_rate(const State *s, const Params *p)
{
    double rate = 0.0;
    if (p->breakdown_shock > 0.0 && p->on[ON_TRIGGERS])
        EACH(stream, p->streams) rate += p->breakdown_shock * s->intensity[stream] * p->mass_probability[stream];
    return rate;
}

static int within_dates(const State *s, const Params *p, int outcome)
{
    return p->outcome_from[outcome] <= s->tick && s->tick <= p->outcome_until[outcome];
}

static double outcome_rate(const State *s, const Params *p, const double *tables, int outcome)
{
    if (s->outcome != RUNNING || p->outcome_comes[outcome] != BY_HAZARD || !within_dates(s, p, outcome))
        return 0.0;
    if (!holds(s, p, tables, p->outcome_when[outcome]))
        return 0.0;
    return hazard_rate(s, p, tables, p->outcome_hazard[outcome], 1.0);
}

static double comes_by_condition(const State *s, const Params *p, const double *tables, int outcome)
{
    if (s->outcome != RUNNING || p->outcome_comes[outcome] != BY_CONDITION || !within_dates(s, p, outcome))
        return 0.0;
    if (!holds(s, p, tables, p->outcome_when[outcome]))
        return 0.0;
    return p->outcome_in_talks[outcome] ? s->talks : 1.0;
}

static double dispute_rate(const State *s, const Params *p, int group)
{
    if (!p->on[ON_DISPUTES] || s->freed[group] - s->counted[group] <= p->dispute_over[group])
        return 0.0;
    return p->dispute_opens[group];
}
#endif
