/* Levers, features, conditions, forces and violence: sim/model in C, the same operations in the same order. */
#ifndef WORLD_H
#define WORLD_H

#include "samplers.h"

typedef struct State State;
typedef struct Params Params;
#define EACH(i, n) for (int i = 0; i < (int)(n); i++)

static inline double logistic(double x)
{
    if (x >= 0.0)
        return 1.0 / (1.0 + raise_e(-x));
    double e = raise_e(x);
    return e / (1.0 + e);
}

/* --- levers ------------------------------------------------------------------------------------------------------- */
static inline double on_offence(const State *s, const Params *p, int actor)
{
    return p->offence[actor][s->standing[actor]] != 0 ? 1.0 : 0.0;
}
static double violence_on(const State *s, const Params *p, int actor, int target)
{
    if (target < 0)
        return s->violence_of[actor];
    double highest = 0.0;
    EACH(stream, p->streams) {
        int64_t force = p->stream_force[stream];
        if (p->stream_target[stream] == target && p->owner[force] == actor && p->kind[force] == INSURGENT)
            highest = most(highest, s->posture[stream]);
    }
    return highest;
}
static inline double holding_fire(const State *s, const Params *p, int actor, int target)
{
    return violence_on(s, p, actor, target) <= p->pledge ? 1.0 : 0.0;
}
static inline double surging(const State *s, const Params *p, int actor, int target)
{
    return violence_on(s, p, actor, target) > 1.0 ? 1.0 : 0.0;
}
static inline double left_until(const State *s, int group, double until) { return until - s->freed[group] - s->recalled[group]; }

static inline double release_left(const State *s, const Params *p, int group, int move)
{
    int64_t stages = p->tranches[group][move];
    if (stages == 0)
        return 0.0;
    double until = p->tranche_until[group][move][stages - 1];
    if (p->then_amount[group][move] > 0.0 && p->then_until[group][move] > until)
        until = p->then_until[group][move];
    double left = left_until(s, group, until), capped = p->cap_freed[group] - s->freed[group];
    left = capped < left ? capped : left;
    return left > 0.0 ? left : 0.0;
}

static inline double releasing(const State *s, const Params *p, int group)
{
    return release_left(s, p, group, s->standing[p->holder[group]]) > 0.0 ? 1.0 : 0.0;
}
static inline int refuses_talks(const State *s, const Params *p, int actor)
{
    return p->participation[actor][s->standing[actor]] <= 0.0;
}
static inline double violence_factor(const State *s, const Params *p, int stream)
{
    return s->posture[stream] * (1.0 - s->disarmed[p->stream_force[stream]]);
}

static double pausing(const State *s, const Params *p, int actor)
{
    if (p->pace[actor][s->standing[actor]] > 0.0)
        return 0.0;
    EACH(force, p->foreign)
        if (p->foreign_owner[force] == actor && s->troops[force] > 0.0 && p->steps[force] > 0)
            return 1.0;
    return 0.0;
}

static void read_moves(State *s, const Params *p)
{
    EACH(actor, p->actors) s->violence_of[actor] = 0.0;
    EACH(force, p->forces) {
        int owner = (int)p->owner[force];
        if (owner >= 0 && p->kind[force] == INSURGENT)
            s->violence_of[owner] =
                most(s->violence_of[owner], p->violence_total[owner][s->standing[owner]][force]);
        for (int64_t stream = p->first_stream[force]; stream < p->first_stream[force + 1]; stream++)
            s->posture[stream] = owner >= 0 ? p->violence_level[owner][s->standing[owner]][stream] : 1.0;
    }
    s->offence = 0.0, s->sitting = 1.0;
    EACH(actor, p->actors) {
        if (p->incumbent[actor] && on_offence(s, p, actor) > 0.0)
            s->offence = 1.0;
        if (p->party[actor])
            s->sitting *= p->participation[actor][s->standing[actor]];
    }
}

/* --- offices and aid ---------------------------------------------------------------------------------------------- */
static double lowest_cohesion(const State *s, const Params *p)
{
    double lowest = 1.0;
    EACH(office, p->offices) lowest = least(lowest, logistic(s->cohesion_logit[office]));
    return lowest;
}

static double office_harm(const State *s, const Params *p)
{
    double harm = 0.0;
    if (p->on[ON_DUAL_OFFICE])
        EACH(office, p->offices) {
            int64_t actor = p->office_actor[office];
            double weight = p->single_team[actor][s->standing[actor]] ? p->dual_single_team[office] : 1.0;
            harm = most(harm, s->dual[office] * weight);
        }
    return harm;
}

static double feature(const State *s, const Params *p, int code, int a, int b);

static double aid_paid(const State *s, const Params *p, int flow)
{
    double aid = s->aid[flow];
    if (p->escrow[flow] > 0.0) {
        double earned = feature(s, p, (int)p->escrow_code[flow], (int)p->escrow_a[flow], (int)p->escrow_b[flow]);
        aid = most(aid - p->escrow[flow] * (1.0 - least(most(earned, 0.0), 1.0)), 0.0);
    }
    if (!p->on[ON_AID])
        return aid;
    int donor = (int)p->donor[flow];
    return aid * p->aid_paid[donor][s->standing[donor]];
}

/* --- features ----------------------------------------------------------------------------------------------------- */
static double stream_quantity(const State *s, const Params *p, int code, int stream)
{
    switch (code) {
    case ATTACK_RATE: return s->intensity[stream];
    case DEATHS: return s->intensity[stream] * p->deaths_mean[stream];
    case DAILY_ATTACKS: return s->attacks_today[stream];
    case COUNTED_ATTACKS: return s->attacks_today[stream] * s->counter;
    case DAILY_DEATHS: return s->deaths_today[stream];
    case ALL_ATTACKS: return s->attacks_total[stream];
    case ALL_DEATHS: return s->deaths_total[stream];
    }
    return s->civilian_total[stream];
}

static double operation_deaths(const State *s, const Params *p, int force, int civilians)
{
    int offence = on_offence(s, p, (int)p->owner[force]) > 0.0;
    return (civilians ? p->operation_civilians : p->operation_fighters)[offence][force] * s->strength[force];
}

static double violence_sum(const State *s, const Params *p, int code, int force, int target)
{
    double total = 0.0;
    EACH(stream, p->streams) {
        int of = (int)p->stream_force[stream];
        if ((force >= 0 && of != force) || (target >= 0 && p->stream_target[stream] != target))
            continue;
        total += stream_quantity(s, p, code, stream);
        if (code == DEATHS && p->operates[of])
            total += operation_deaths(s, p, of, 0) + operation_deaths(s, p, of, 1);
    }
    return total;
}

static double attacks_over_reference(const State *s, const Params *p, int force, int target)
{
    double rate = 0.0, reference = 0.0;
    if (force < 0)
        return s->violence;
    for (int64_t stream = p->first_stream[force]; stream < p->first_stream[force + 1]; stream++)
        if (target < 0 || p->stream_target[stream] == target) {
            rate += s->intensity[stream];
            reference += p->attack_reference[stream];
        }
    return reference > 0.0 ? rate / reference : 0.0;
}

static double force_quantity(const State *s, const Params *p, int code, int force)
{
    if (code == DISARMED)
        return s->disarmed[force];
    if (p->kind[force] == REGULAR)
        return code == CAPACITY ? s->strength[force] : s->strength[force] * p->strength_start[force];
    if (code == CAPACITY)
        return p->strength_start[force] > 0.0 ? s->strength[force] / p->strength_start[force] : 0.0;
    return s->strength[force];
}

static double group_quantity(const State *s, const Params *p, int code, int group)
{
    switch (code) {
    case PERSONS_FREED:
    case HANDED_OVER:
    case AMOUNT_HANDED_OVER:
    case FREED: return s->freed[group];
    case PERSONS_COUNTED:
    case ACCEPTED:
    case AMOUNT_ACCEPTED:
    case COUNTED: return s->counted[group];
    case PERSONS_UNCOUNTED: return s->freed[group] - s->counted[group];
    case COMMANDERS: return s->commanders[group];
    case RETURNED: return s->returned[group];
    case RECALLED: return s->recalled[group];
    case DISPUTE: return s->dispute[group];
    }
    return releasing(s, p, group);
}

static double group_sum(const State *s, const Params *p, int code, int group)
{
    if (group >= 0)
        return group_quantity(s, p, code, group);
    double total = 0.0;
    EACH(row, p->groups) {
        double value = group_quantity(s, p, code, row);
        if (code == DISPUTE || code == RELEASING)
            total = most(total, value);
        else if (row < p->captive_groups)
            total += value;
    }
    return total;
}

static double group_share(const State *s, const Params *p, int code, int group)
{
    double whole = 0.0;
    EACH(row, p->groups)
        if (row == group || (group < 0 && row < p->captive_groups))
            whole += code == COMMANDERS ? p->commanders_held[row] : p->promised[row];
    return whole > 0.0 ? group_sum(s, p, code, group) / whole : 0.0;
}

static double flow_quantity(const State *s, const Params *p, int code, int flow)
{
    double flowing = 0.0, start = 0.0, cuts = 0.0;
    EACH(row, p->flows)
        if (flow < 0 || row == flow) {
            flowing += aid_paid(s, p, row);
            start += p->aid_start[row];
            cuts += s->cuts[row];
        }
    if (code == CUTS)
        return cuts;
    if (code == AID)
        return flowing;
    return start > 0.0 ? 1.0 - flowing / start : 0.0;
}

static double actor_flag(const State *s, const Params *p, int code, int actor, int target)
{
    switch (code) {
    case HOLDING_FIRE: return holding_fire(s, p, actor, target);
    case SURGE: return surging(s, p, actor, target);
    case THREAT: return s->threat_from[actor] != NEVER ? 1.0 : 0.0;
    case PAUSED: return pausing(s, p, actor);
    }
    return on_offence(s, p, actor);
}

static double actor_quantity(const State *s, const Params *p, int code, int actor, int target)
{
    if (actor >= 0)
        return actor_flag(s, p, code, actor, target);
    if (code == HOLDING_FIRE) {
        EACH(row, p->forces)
            if (p->kind[row] == INSURGENT && actor_flag(s, p, code, (int)p->owner[row], -1) == 0.0)
                return 0.0;
        return 1.0;
    }
    double highest = 0.0;
    EACH(row, p->actors) highest = most(highest, actor_flag(s, p, code, row, -1));
    return highest;
}

static double mean_reputation(const State *s, const Params *p, int actor)
{
    double total = 0.0;
    EACH(other, p->actors)
        if (other != actor)
            total += logistic(s->trust[other][actor]);
    return p->actors > 1 ? total / (double)(p->actors - 1) : 0.0;
}

static double captives_home(const State *s, const Params *p, int actor)
{
    double home = 0.0, promised = 0.0;
    EACH(group, p->captive_groups)
        if (p->claimant[group] == actor) {
            home += s->freed[group];
            promised += p->promised[group];
        }
    return promised > 0.0 ? home / promised : 0.0;
}

static double share_of_troops(const State *s, const Params *p, int force)
{
    if (force < 0)
        return s->troop_share;
    return p->troops_start[force] > 0.0 ? s->troops[force] / p->troops_start[force] : 1.0;
}

static double feature(const State *s, const Params *p, int code, int a, int b);

static double sum_of_terms(const State *s, const Params *p, int row, int first, int last)
{
    double total = 0.0;
    for (int term = first; term < last; term++) {
        double value = p->quantity_factor[row][term];
        if (p->quantity_code[row][term] != NO_FEATURE)
            value *= feature(s, p, (int)p->quantity_code[row][term], (int)p->quantity_a[row][term],
                             (int)p->quantity_b[row][term]);
        total += value;
    }
    return total;
}

static double declared_quantity(const State *s, const Params *p, int row)
{
    int split = (int)p->quantity_split[row], end = (int)p->quantity_end[row];
    double value = sum_of_terms(s, p, row, 0, split);
    value = least(most(value, p->quantity_low[row]), p->quantity_high[row]);
    return end > split ? value * sum_of_terms(s, p, row, split, end) : value;
}

static double feature(const State *s, const Params *p, int code, int a, int b)
{
    double total = 0.0;
    switch (code) {
    case ATTACKS: return attacks_over_reference(s, p, a, b);
    case BALANCE_OF_FORCE: return s->force_balance;
    case TALKS: return s->talks;
    case TERRITORY: return s->territory;
    case FREED:
    case COUNTED:
    case HANDED_OVER:
    case ACCEPTED:
    case COMMANDERS: return group_share(s, p, code, a);
    case TROOPS: return share_of_troops(s, p, a);
    case TROOPS_GONE: return 1.0 - share_of_troops(s, p, a);
    case AID_LOST:
    case AID:
    case CUTS: return flow_quantity(s, p, code, a);
    case COHESION: return a >= 0 ? logistic(s->cohesion_logit[a]) : lowest_cohesion(s, p);
    case DUAL_OFFICE:
        if (a >= 0)
            return s->dual[a];
        EACH(row, p->offices) total = most(total, s->dual[row]);
        return total;
    case HOLDING_FIRE:
    case SURGE:
    case THREAT:
    case PAUSED:
    case ON_OFFENCE: return actor_quantity(s, p, code, a, b);
    case REPUTATION: return mean_reputation(s, p, a);
    case TRUST: return logistic(s->trust[a][b]);
    case DIVIDED_TEAM: return office_harm(s, p);
    case REPUTATION_INDEX: return s->trust[a][b];
    case CAPTIVES_HOME: return captives_home(s, p, a);
    case SANCTUARY_RISK: return s->force_balance * (1.0 - s->troop_share);
    case DAY: return (double)s->tick * p->dt;
    case HAPPENED: return (double)s->happened[a];
    case DAYS_PAST_DUE:
        return s->promise_due[a] < NEVER ? (s->tick - s->promise_due[a]) * p->dt : -p->horizon_tick * p->dt;
    case TROOP_COUNT:
        if (a >= 0)
            return s->troops[a];
        EACH(row, p->foreign) total += s->troops[row];
        return total;
    case PERSONS_FREED:
    case PERSONS_COUNTED:
    case PERSONS_UNCOUNTED:
    case DISPUTE:
    case RELEASING:
    case RETURNED:
    case AMOUNT_HANDED_OVER:
    case AMOUNT_ACCEPTED:
    case RECALLED: return group_sum(s, p, code, a);
    case QUANTITY: return declared_quantity(s, p, a);
    case STRENGTH:
    case CAPACITY:
    case DISARMED: return force_quantity(s, p, code, a);
    }
    return violence_sum(s, p, code, a, b);
}

/* --- conditions: postfix programs in tables ----------------------------------------------------------------------- */
static int compare(double left, int comparison, double right)
{
    return comparison == LESS            ? left < right
           : comparison == LESS_EQUAL    ? left <= right
           : comparison == GREATER       ? left > right
           : comparison == GREATER_EQUAL ? left >= right
           : comparison == EQUAL         ? left == right
                                         : left != right;
}

static int holds(const State *s, const Params *p, const double *tables, int64_t program)
{
    if (program < 0)
        return 1;
    int64_t stack = 0, last;
    double left = 0.0, right = 0.0;
    for (const double *at = tables + program;; at += WIDTH) {
        switch ((int)at[0]) {
        case COMPARE:
            stack = stack * 2 + compare(feature(s, p, (int)at[1], (int)at[2], (int)at[3]), (int)at[4], at[5]);
            break;
        case ADD: {
            double term = at[5];
            if ((int)at[1] != NO_FEATURE)
                term *= feature(s, p, (int)at[1], (int)at[2], (int)at[3]);
            *((int)at[4] == LEFT ? &left : &right) += term;
            break;
        }
        case COMPARE_SUMS:
            stack = stack * 2 + compare(left, (int)at[4], right);
            left = right = 0.0;
            break;
        case NOT: stack ^= 1; break;
        case AND:
            last = stack & 1;
            stack >>= 1;
            if (!last)
                stack = (stack >> 1) << 1;
            break;
        case OR:
            last = stack & 1;
            stack >>= 1;
            stack |= last;
            break;
        default: return (int)(stack & 1);
        }
    }
}

static double sum_value(const State *s, const Params *p, const double *at)
{
    double total = 0.0;
    for (; (int)at[0] == ADD; at += WIDTH) {
        double term = at[5];
        if ((int)at[1] != NO_FEATURE)
            term *= feature(s, p, (int)at[1], (int)at[2], (int)at[3]);
        total += term;
    }
    return total;
}

/* --- violence ----------------------------------------------------------------------------------------------------- */
static double spontaneous_rate(const State *s, const Params *p, int stream)
{
    int64_t force = p->stream_force[stream];
    double season = 1.0, exponent = p->capacity_exponent[force];
    if (p->season_amplitude != 0.0) {
        double day = p->start_day_of_year + (double)s->tick * p->dt - p->season_peak;
        season = 1.0 + p->season_amplitude * cosine_of_turn(day / YEAR);
    }
    double base = p->attack_base[stream] * s->attack_factor[force] * season;
    if (exponent == 0.0 || base == 0.0)
        return base;
    double ratio = s->strength[force] / p->strength_start[force];
    if (exponent == 0.5)
        return base * sqrt(ratio);
    return exponent == 1.0 ? base * ratio : base * raise(ratio, exponent);
}

static double attack_intensity(const State *s, const Params *p, int stream)
{
    int64_t force = p->stream_force[stream], kind = p->kind[force];
    if (kind == REGULAR || (kind == OUTSIDE && !p->on[ON_SPOILERS]))
        return 0.0;
    double rate = violence_factor(s, p, stream) * (spontaneous_rate(s, p, stream) + s->excitation[stream]);
    if (kind == OUTSIDE && p->on[ON_SPOILER_RESPONSE])
        rate *= 1.0 + p->talks_response[force] * s->talks;
    return rate;
}

static void excite(State *s, const Params *p, int stream, double attacks, int length)
{
    int64_t force = p->stream_force[stream];
    double share = p->self_excited[force];
    if (share == 0.0)
        return;
    double kept = p->kept_excitation[length][force], factor = violence_factor(s, p, stream), rate;
    if (factor > 0.0)
        rate = attacks / (factor * p->length_days[length]);
    else
        rate = spontaneous_rate(s, p, stream) + s->excitation[stream];
    s->excitation[stream] = kept * s->excitation[stream] + share * (1.0 - kept) * rate;
}

static void read_outside_intensity(State *s, const Params *p)
{
    EACH(stream, p->streams)
        if (p->kind[p->stream_force[stream]] == OUTSIDE)
            s->intensity[stream] = attack_intensity(s, p, stream);
}

static void kill_rivals(State *s, const Params *p, double days)
{
    EACH(stream, p->streams)
        if (p->rival[stream] >= 0) {
            double left = s->strength[p->rival[stream]] - s->killed[stream] * days / 1000.0;
            s->strength[p->rival[stream]] = most(left, 0.0);
        }
}

/* --- reading the world -------------------------------------------------------------------------------------------- */
static double present_share(const State *s, const Params *p)
{
    double troops = 0.0, start = 0.0;
    EACH(force, p->foreign) {
        troops += s->troops[force];
        start += p->troops_start[force];
    }
    return start > 0.0 ? troops / start : 1.0;
}

static double balance_of_force(const State *s, const Params *p)
{
    double present = 0.0, start = 0.0, insurgent = 0.0, regular = 0.0;
    EACH(force, p->foreign) {
        int owner = (int)p->foreign_owner[force];
        double there = s->troops[force], all = p->troops_start[force];
        if (p->air_exponent != 1.0)
            there = all > 0.0 ? all * raise(there / all, p->air_exponent) : 0.0;
        present += there * p->support[owner][s->standing[owner]];
        start += all;
    }
    double air = start > 0.0 ? present / start : 0.0;
    EACH(force, p->forces) {
        if (p->kind[force] == INSURGENT)
            insurgent += s->strength[force] * (1.0 - s->disarmed[force]);
        else if (p->kind[force] == REGULAR)
            regular += p->strength_start[force] * s->strength[force] *
                       (1.0 + p->contest_air * air + p->contest_aid * s->aid_share[p->owner[force]]);
    }
    if (p->contest_exponent != 1.0) {
        insurgent = raise(insurgent, p->contest_exponent);
        regular = raise(regular, p->contest_exponent);
    }
    double total = insurgent + regular;
    return total > 0.0 ? insurgent / total : 0.0;
}

static void read_world(State *s, const Params *p)
{
    s->troop_share = present_share(s, p);
    if (p->flows > 0)
        EACH(actor, p->actors) {
            double flowing = 0.0, start = 0.0;
            EACH(flow, p->flows)
                if (p->recipient[flow] == actor) {
                    flowing += aid_paid(s, p, flow);
                    start += p->aid_start[flow];
                }
            s->aid_share[actor] = start > 0.0 ? flowing / start : 1.0;
        }
    double intensity = 0.0, reference = 0.0;
    EACH(stream, p->streams) {
        s->intensity[stream] = attack_intensity(s, p, stream);
        if (p->kind[p->stream_force[stream]] == INSURGENT) {
            intensity += s->intensity[stream];
            reference += p->attack_reference[stream];
        }
    }
    s->violence = reference > 0.0 ? intensity / reference : 0.0;
    s->force_balance = balance_of_force(s, p);
}
#endif
