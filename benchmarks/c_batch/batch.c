/* One run after another in C: the day, the clocks, the reviews. Same model, same luck, same operations as sim.kernel.
 *
 * Compiled and driven by benchmarks/c_batch.py, which generates records.h from the NumPy record types.
 */
#include <string.h>

#include "decision.h"
#include "deeds.h"

/* --- clocks ------------------------------------------------------------------------------------------------------- */
static void call_review(State *s, const Params *p, int actor, int now)
{
    int at = now + (int)(1.0 / p->dt + 0.5), clock = TRIGGER_CLOCK + actor;
    if (at < s->clock[clock])
        s->clock[clock] = at;
}

static int32_t next_opportunity(const State *s, const Params *p, int actor, int after)
{
    for (int tick = after + 1; tick <= p->horizon_tick; tick++)
        if (uniform(s->seed, s->replication, CAUSE_RECONSIDER, actor, tick, 0) < p->reconsiders[actor])
            return (int32_t)tick;
    return NEVER;
}

static void advance_schedule(State *s, const Params *p, const double *tables, int actor)
{
    int row = s->schedule_next[actor];
    s->clock[SCHEDULE_CLOCK + actor] =
        row < p->schedule_count[actor] ? (int32_t)tables[p->schedule_at[actor] + row * SCHEDULE_WIDTH] : NEVER;
}

static void advance_deadline(State *s, const Params *p, const double *tables)
{
    int row = s->deadline_next;
    s->clock[DEADLINE_CLOCK] = row < p->deadlines ? (int32_t)tables[p->deadline_at + row * DEADLINE_WIDTH] : NEVER;
}

static void advance_event(State *s, const Params *p, const double *tables)
{
    int row = s->event_next;
    s->clock[EVENT_CLOCK] = row < p->dated_events ? (int32_t)tables[p->event_at + row * EVENT_WIDTH] : NEVER;
}

/* --- day 0 -------------------------------------------------------------------------------------------------------- */
static void begin(State *s, const Params *p, const double *tables, int64_t seed, int64_t replication)
{
    memset(s, 0, sizeof *s);
    s->seed = seed, s->replication = replication;
    s->status = RUNS, s->outcome = RUNNING, s->outcome_tick = NEVER, s->talks_tick = NEVER, s->failed_actor = -1;
    EACH(force, p->forces) {
        double share = p->self_excited[force];
        s->strength[force] = p->kind[force] == REGULAR ? 1.0 : p->strength_start[force];
        for (int64_t stream = p->first_stream[force]; stream < p->first_stream[force + 1]; stream++)
            s->excitation[stream] = share * p->attack_base[stream] / (1.0 - share);
        s->attack_factor[force] = 1.0;
    }
    s->counter = 1.0;
    if (p->counter_sd > 0.0)
        s->counter = raise_e(p->counter_sd * normal(uniform(seed, replication, CAUSE_COUNTER, 0, 0, 0)));
    EACH(group, p->groups) {
        s->ready_tick[group] = s->tranche_tick[group] = NEVER;
        if (p->lag_mean[group] > 0.0)
            s->lag_days[group] = gamma_quantile(uniform(seed, replication, CAUSE_SETUP_LAG, group, 0, 0),
                                                p->lag_mean[group], p->lag_shape[group]);
        s->return_probability[group] = p->return_mean[group];
        if (p->return_alpha[group] > 0.0)
            s->return_probability[group] = beta_quantile(uniform(seed, replication, CAUSE_RETURN_PROBABILITY, group, 0, 0),
                                                         p->return_alpha[group], p->return_beta[group]);
    }
    EACH(force, p->foreign) {
        s->troops[force] = p->troops_start[force];
        s->pace_factor[force] = 1.0;
    }
    EACH(flow, p->flows) s->aid[flow] = p->aid_start[flow];
    EACH(office, p->offices) s->cohesion_logit[office] = p->cohesion_start[office];
    EACH(observer, p->actors)
        EACH(actor, p->actors)
            if (observer != actor)
                s->trust[observer][actor] = p->reputation_start;
    EACH(actor, MAX_ACTORS) {
        s->aid_share[actor] = 1.0;
        s->threat_from[actor] = NEVER;
        EACH(move, MAX_MOVES) s->left[actor][move] = -NEVER;
        EACH(term, MAX_TERMS) s->spread[actor][term] = 1.0;
    }
    EACH(actor, p->actors) {
        s->standing[actor] = (int8_t)p->opening[actor];
        if (p->on[ON_TYPES] && p->type_probability[actor] > 0.0)
            s->type[actor] = uniform(seed, replication, CAUSE_TYPE, actor, 0, 0) < p->type_probability[actor];
        if (p->on[ON_WEIGHT_SPREAD] && p->spread_sd > 0.0)
            EACH(term, p->terms[actor])
                s->spread[actor][term] = lognormal(
                    uniform(seed, replication, CAUSE_WEIGHT_SPREAD, actor, p->term_key[actor][term], 0), p->spread_sd);
    }
    read_moves(s, p);
    EACH(milestone, MAX_MILESTONES) s->milestone[milestone] = NEVER;
    read_world(s, p);
    begin_territory(s, p);
    begin_promises(s, p, tables);
    EACH(actor, p->actors) {
        update_pledges(s, p, tables, actor, 0);
        begin_threat(s, p, tables, actor);
    }
    EACH(group, p->groups) start_release(s, p, group);
    EACH(clock, CLOCKS) s->clock[clock] = NEVER;
    s->clock[DAY_CLOCK] = 1;
    if (p->reputation_every > 0)
        s->clock[REPUTATION_CLOCK] = (int32_t)p->reputation_every;
    EACH(actor, p->actors) {
        if (p->reconsiders[actor] > 0.0)
            s->clock[REVIEW_CLOCK + actor] = next_opportunity(s, p, actor, 0);
        else if (p->review_every[actor] > 0)
            s->clock[REVIEW_CLOCK + actor] = (int32_t)p->review_offset[actor];
        advance_schedule(s, p, tables, actor);
    }
    advance_deadline(s, p, tables);
    advance_event(s, p, tables);
    read_world(s, p);
    begin_measures(s, p, tables);
}

/* --- decisions ---------------------------------------------------------------------------------------------------- */
static inline double discount_factor(const Params *p, int actor, double days) { return raise_e(-p->discount[actor] * days); }

static int broken_pledges(const State *s, const Params *p)
{
    int broken = 0;
    EACH(pledge, p->pledges) broken += s->pledge_broken[pledge] == BROKEN;
    return broken;
}

static void note_pledges(State *s, const Params *p, const double *tables, int actor)
{
    int before = broken_pledges(s, p);
    double cost = update_pledges(s, p, tables, actor, 0);
    if (broken_pledges(s, p) > before) {
        s->payoff[actor] += -cost * discount_factor(p, actor, s->tick * p->dt);
        if (p->on[ON_TRIGGERS])
            EACH(other, p->actors)
                if (other != actor)
                    call_review(s, p, other, s->tick);
    }
}

static void adopt(State *s, const Params *p, const double *tables, int actor, int move)
{
    int changes = move != s->standing[actor];
    double cost = enter_move(s, p, tables, actor, move, 0);
    s->payoff[actor] += -cost * discount_factor(p, actor, s->tick * p->dt);
    if (changes) {
        note_pledges(s, p, tables, actor);
        if (p->on[ON_TRIGGERS])
            EACH(other, p->actors)
                if (p->answers[other][actor])
                    call_review(s, p, other, s->tick);
    }
}

/* --- the day ------------------------------------------------------------------------------------------------------ */
static int fires_at(State *s, int hazard, int64_t luck, int at_risk, double rate, double days)
{
    if (!at_risk) {
        s->hazard_limit[hazard] = 0.0;
        return 0;
    }
    if (s->hazard_limit[hazard] == 0.0) {
        s->hazard_limit[hazard] = exponential(uniform(s->seed, s->replication, CAUSE_HAZARD, luck, s->tick, 0));
        s->hazard_used[hazard] = 0.0;
    }
    s->hazard_used[hazard] += rate * days;
    if (s->hazard_used[hazard] < s->hazard_limit[hazard])
        return 0;
    s->hazard_limit[hazard] = 0.0;
    return 1;
}

static int fires(State *s, int hazard, int at_risk, double rate, double days)
{
    return fires_at(s, hazard, hazard, at_risk, rate, days);
}

static int fired_outcome(State *s, const Params *p, const double *tables)
{
    int fired = RUNNING;
    for (int outcome = 1; outcome <= p->outcomes; outcome++)
        if (p->outcome_comes[outcome] == BY_HAZARD) {
            int possible = s->outcome == RUNNING && (!p->outcome_in_talks[outcome] || s->talks > 0.0);
            double rate = possible ? outcome_rate(s, p, tables, outcome) : 0.0;
            int64_t luck = p->outcome_luck[outcome];
            if (fires_at(s, OUTCOME_HAZARD + outcome - 1, luck, possible, rate, p->dt) && fired == RUNNING)
                fired = outcome;
        }
    return fired;
}

static int outcome_of_step(const State *s, const Params *p, const double *tables, int fired)
{
    for (int outcome = 1; outcome <= p->outcomes; outcome++)
        if (outcome == fired || comes_by_condition(s, p, tables, outcome) > 0.0)
            return outcome;
    if (s->tick >= p->horizon_tick)
        for (int outcome = 1; outcome <= p->outcomes; outcome++)
            if (p->outcome_comes[outcome] == AT_HORIZON && holds(s, p, tables, p->outcome_when[outcome]))
                return outcome;
    return RUNNING;
}

static int draw_mass_casualty(State *s, const Params *p, int stream, double attacks, double worst)
{
    int64_t entity = p->stream_luck[stream];
    int happened = p->mass_deaths[stream] > 0.0 && worst >= p->mass_deaths[stream];
    if (!happened && p->mass_per_attack[stream] > 0.0)
        happened = uniform(s->seed, s->replication, CAUSE_MASS_CASUALTY, entity, s->tick + 1, 0) <
                   1.0 - raise_e(-p->mass_per_attack[stream] * attacks);
    if (!happened)
        return 0;
    EACH(actor, p->actors)
        if (p->incumbent[actor])
            call_review(s, p, actor, s->tick + 1);
    if (p->breakdown_shock == 0.0 || s->talks == 0.0)
        return 0;
    return uniform(s->seed, s->replication, CAUSE_MASS_CASUALTY, entity, s->tick + 1, 1) < p->breakdown_shock;
}

static void draw_operations(State *s, const Params *p, int stream)
{
    int force = (int)p->stream_force[stream];
    EACH(civilian, 2) {
        double mean = operation_deaths(s, p, force, civilian) * p->dt;
        if (mean == 0.0)
            continue;
        double luck = uniform(s->seed, s->replication, CAUSE_OPERATIONS, force, s->tick + 1, civilian);
        double deaths = (double)poisson(luck, mean);
        s->deaths_today[stream] += deaths;
        s->deaths_total[stream] += deaths;
        if (civilian)
            s->civilian_total[stream] += deaths;
    }
}

static int draw_stream(State *s, const Params *p, int stream)
{
    int64_t entity = p->stream_luck[stream];
    int occasion = s->tick + 1;
    double mean = s->intensity[stream] * p->dt, attacks = 0.0, worst = 0.0, deaths = 0.0;
    if (mean > 0.0)
        attacks = (double)poisson(uniform(s->seed, s->replication, CAUSE_ATTACKS, entity, occasion, 0), mean);
    if (p->kind[p->stream_force[stream]] == INSURGENT)
        excite(s, p, stream, attacks, TICK_LENGTH);
    if (attacks == 0.0)
        return 0;
    if (p->mass_deaths[stream] > 0.0) {
        EACH(attack, attacks) {
            double luck = uniform(s->seed, s->replication, CAUSE_DEATHS, entity, occasion, attack);
            double died = (double)negative_binomial(luck, p->deaths_mean[stream], p->deaths_shape[stream]);
            deaths += died;
            worst = most(worst, died);
        }
    } else {
        double luck = uniform(s->seed, s->replication, CAUSE_DEATHS, entity, occasion, 0);
        deaths = (double)negative_binomial(luck, attacks * p->deaths_mean[stream], attacks * p->deaths_shape[stream]);
    }
    s->attacks_today[stream] += attacks;
    s->deaths_today[stream] += deaths;
    s->attacks_total[stream] += attacks;
    s->deaths_total[stream] += deaths;
    s->window_attacks[stream] += attacks;
    s->window_deaths[stream] += deaths;
    s->killed[stream] = deaths / p->dt;
    return p->on[ON_TRIGGERS] && draw_mass_casualty(s, p, stream, attacks, worst);
}

static int draw_attacks(State *s, const Params *p)
{
    int breaks = 0, day = (int)(1.0 / p->dt + 0.5);
    EACH(stream, p->streams) {
        int64_t force = p->stream_force[stream];
        if (p->kind[force] == REGULAR && !p->operates[force])
            continue;
        if (s->tick % day == 0)
            s->attacks_today[stream] = s->deaths_today[stream] = 0.0;
        s->killed[stream] = 0.0;
        if (p->kind[force] == REGULAR)
            draw_operations(s, p, stream);
        else if (draw_stream(s, p, stream))
            breaks = 1;
    }
    return breaks;
}

static void draw_noise(State *s, const Params *p)
{
    EACH(force, p->forces)
        if (p->kind[force] == REGULAR && p->noise[force] > 0.0) {
            double sd = p->noise[force];
            double shock = normal(uniform(s->seed, s->replication, CAUSE_CAPACITY_NOISE, force, s->tick + 1, 0));
            s->strength[force] *= raise_e(sd * sqrt(p->dt) * shock - 0.5 * sd * sd * p->dt);
        }
    if (p->on[ON_COHESION])
        EACH(office, p->offices)
            if (p->cohesion_noise[office] > 0.0) {
                double shock = normal(uniform(s->seed, s->replication, CAUSE_COHESION_NOISE, office, s->tick + 1, 0));
                s->cohesion_logit[office] += p->cohesion_noise[office] * sqrt(p->dt) * shock;
            }
}

static void draw_recalls(State *s, const Params *p, int group)
{
    int64_t holder = p->holder[group], move = s->standing[holder];
    double luck = uniform(s->seed, s->replication, CAUSE_RECALL, group, s->tick + 1, 0);
    double taken = least((double)poisson(luck, p->recall_per_day[holder][move] * p->dt), s->freed[group]);
    recall(s, group, taken, ceil(s->pending[group] * taken / s->freed[group]));
    double back = s->returned[group];
    if (back > 0.0 && p->recall_returned[holder][move] > 0.0) {
        luck = uniform(s->seed, s->replication, CAUSE_RECALL, group, s->tick + 1, 1);
        revoke(s, p, group, least((double)binomial(luck, (int64_t)back, caught_share(s, p, group, p->dt)), s->freed[group]));
    }
}

static void draw_releases(State *s, const Params *p, const double *tables, int group)
{
    int occasion = s->tick + 1, holder = (int)p->holder[group];
    if (p->returns_to[group] >= 0 && s->pending[group] > 0.0) {
        double luck = uniform(s->seed, s->replication, CAUSE_RETURNS, group, occasion, 0);
        double share = 1.0 - p->kept_pending[TICK_LENGTH][group];
        rejoin(s, p, group, (double)binomial(luck, (int64_t)s->pending[group], share));
    }
    double backlog = s->freed[group] - s->counted[group];
    if (backlog > 0.0) {
        double luck = uniform(s->seed, s->replication, CAUSE_COUNTING, group, occasion, 0);
        double share = backlog_share(s, p, group, TICK_LENGTH);
        count_captives(s, p, group, part_of(luck, p, group, backlog, share));
    }
    if (p->recall_group[holder][s->standing[holder]] == group && s->freed[group] > 0.0)
        draw_recalls(s, p, group);
    double persons = sampled_batch(s, p, tables, group);
    if (persons <= 0.0)
        return;
    double discount = discount_factor(p, holder, s->tick * p->dt);
    s->payoff[holder] += -cost_of_batch(s, p, group, persons) * discount;
    if (!s->released_once[holder] && p->release_group[holder][s->standing[holder]] == group)
        s->payoff[holder] += -release_before_talks(s, p, holder) * discount;
    double luck = uniform(s->seed, s->replication, CAUSE_COUNTING, group, occasion, 1);
    double counted = part_of(luck, p, group, persons, counted_share(s, p, group));
    luck = uniform(s->seed, s->replication, CAUSE_RETURNS, group, occasion, 1);
    double returners = part_of(luck, p, group, persons, return_share(s, p, group));
    free_captives(s, p, group, persons, counted, returners);
}

static void note_progress(State *s, const Params *p, const double *tables)
{
    EACH(milestone, p->milestones)
        if (s->milestone[milestone] == NEVER && holds(s, p, tables, p->milestone_when[milestone]))
            s->milestone[milestone] = s->tick;
    note_promises(s, p, tables);
    note_measures(s, p, tables);
    EACH(group, p->groups)
        if (!s->programme_done[group] && s->counted[group] >= p->promised[group]) {
            s->programme_done[group] = 1;
            if (p->on[ON_TRIGGERS] && p->claimant[group] >= 0)
                call_review(s, p, (int)p->claimant[group], s->tick);
        }
    EACH(force, p->foreign) {
        int row = s->steps_met[force];
        if (row < p->steps[force] && s->troops[force] <= p->step_left[force][row] + 1e-6)
            s->steps_met[force] = row + 1;
    }
}

static void take_outcome(State *s, const Params *p, int outcome)
{
    if (!p->outcome_goes_on[outcome])
        s->status = ENDED;
    s->outcome = outcome;
    s->outcome_tick = s->tick;
    EACH(actor, p->actors)
        s->payoff[actor] += outcome_value(s, p, actor, outcome) * discount_factor(p, actor, s->tick * p->dt);
}

static int finite_world(const State *s, const Params *p)
{
    double total = s->force_balance + s->violence;
    EACH(force, p->forces) total += s->strength[force];
    EACH(stream, p->streams) total += s->excitation[stream];
    EACH(office, p->offices) total += s->cohesion_logit[office];
    EACH(actor, p->actors) total += s->payoff[actor];
    return isfinite(total);
}

static void step_day(State *s, const Params *p, const double *tables)
{
    double days = p->dt, elapsed = s->tick * p->dt, weights[MAX_TERMS], terms[MAX_TERMS];
    EACH(actor, p->actors) {
        EACH(term, p->terms[actor]) weights[term] = effective_weight(s, p, actor, term);
        double flow = flow_terms(s, p, actor, weights, terms);
        s->payoff[actor] += flow * (discount_factor(p, actor, elapsed) * p->day_length[actor]);
    }
    int fired = fired_outcome(s, p, tables), open_before = s->talks > 0.0;
    int breaks = fires(s, BREAKDOWN_HAZARD, open_before, open_before ? breakdown_rate(s, p, tables) : 0.0, days);
    if (open_before && s->sitting <= 0.0)
        breaks = 1;
    int opens = fires(s, TALKS_HAZARD, !open_before, open_before ? 0.0 : talks_rate(s, p, tables), days);
    int disputes[MAX_GROUPS], agreements[MAX_GROUPS], resolved[MAX_OFFICES], executed[MAX_ACTORS];
    EACH(group, p->groups) {
        int disputed = s->dispute[group] > 0.0;
        double rate = dispute_rate(s, p, group);
        disputes[group] = fires(s, DISPUTE_HAZARD + group, !disputed && rate > 0.0, rate, days);
        agreements[group] = fires(s, AGREE_HAZARD + group, disputed, p->dispute_ends[group], days);
    }
    EACH(office, p->offices)
        resolved[office] =
            fires(s, RESOLVE_HAZARD + office, s->dual[office] > 0.0, resolution_rate(s, p, office), days);
    EACH(actor, p->actors) {
        double rate = execution_rate(s, p, actor);
        executed[actor] = fires(s, EXECUTE_HAZARD + actor, s->threat_from[actor] != NEVER, rate, days);
    }
    EACH(actor, p->actors) s->occupancy[actor][s->standing[actor]] += (float)days;
    if (draw_attacks(s, p))
        breaks = 1;
    drift_forces(s, p, days);
    kill_rivals(s, p, days);
    drift_territory(s, p, days);
    drift_cohesion(s, p, TICK_LENGTH);
    withdraw(s, p, days);
    if (p->on[ON_NOISE])
        draw_noise(s, p);
    EACH(row, p->groups) draw_releases(s, p, tables, (int)((row + p->captive_groups) % p->groups));
    s->tick++;
    s->clock[DAY_CLOCK] = s->tick + 1;
    if (breaks)
        s->talks = 0.0;
    if (opens) {
        s->talks = 1.0;
        if (s->talks_tick == NEVER)
            s->talks_tick = s->tick;
    }
    EACH(group, p->groups) {
        if (disputes[group])
            s->dispute[group] = 1.0;
        if (agreements[group])
            s->dispute[group] = 0.0;
    }
    EACH(office, p->offices)
        if (resolved[office])
            resolve(s, p, office, 1.0);
    EACH(actor, p->actors)
        if (executed[actor]) {
            int target = (int)p->pressure_on[actor][s->standing[actor]];
            execute(s, p, actor, 1.0);
            if (p->on[ON_TRIGGERS] && target >= 0)
                call_review(s, p, target, s->tick);
        }
    read_world(s, p);
    EACH(actor, p->actors)
        if (s->threat_from[actor] != NEVER && p->on[ON_TRIGGERS] &&
            holds(s, p, tables, p->pressure_until[actor][s->standing[actor]]))
            call_review(s, p, actor, s->tick);
    end_threats(s, p, tables);
    EACH(actor, p->actors) note_pledges(s, p, tables, actor);
    note_progress(s, p, tables);
    if (!finite_world(s, p)) {
        s->status = FAILED;
        return;
    }
    int outcome = s->outcome == RUNNING ? outcome_of_step(s, p, tables, fired) : RUNNING;
    if (outcome != RUNNING)
        take_outcome(s, p, outcome);
    if (s->tick >= p->horizon_tick)
        s->status = ENDED;
}

/* --- other clocks ------------------------------------------------------------------------------------------------- */
static void set_quantity(State *s, const Params *p, int quantity, int entity, double value)
{
    switch (quantity) {
    case SET_AID: s->aid[entity] = value; break;
    case SET_DUAL:
        if (value > 0.0)
            s->dual[entity] = 1.0;
        else if (s->dual[entity] > 0.0)
            resolve(s, p, entity, 1.0);
        break;
    case SET_COHESION: s->cohesion_logit[entity] = value; break;
    case SET_STRENGTH:
        s->strength[entity] = value / (p->kind[entity] == REGULAR ? p->strength_start[entity] : 1.0);
        break;
    case SET_TROOPS: s->troops[entity] = value; break;
    case SET_PACE: s->pace_factor[entity] = value; break;
    default: {
        double reference = 0.0;
        for (int64_t stream = p->first_stream[entity]; stream < p->first_stream[entity + 1]; stream++)
            reference += p->attack_reference[stream];
        s->attack_factor[entity] = value / reference;
    }
    }
}

/* A setting, or a dated event that is certain and sets numbers: c_batch.py refuses others. */
static void happen_on_date(State *s, const Params *p, const double *tables)
{
    const double *row = tables + p->event_at + s->event_next * EVENT_WIDTH;
    int entity = (int)row[2];
    if ((int)row[1] == DUE) {
        const double *effect = tables + p->effects_at[entity];
        s->happened[entity]++;
        EACH(number, p->effects[entity]) {
            set_quantity(s, p, (int)effect[0], (int)effect[1], effect[3]);
            effect += EFFECT_WIDTH;
        }
    } else {
        set_quantity(s, p, (int)row[1], entity, row[3]);
    }
    s->event_next++;
    advance_event(s, p, tables);
    read_world(s, p);
}

static void review_reputations(State *s, const Params *p)
{
    EACH(actor, p->actors) {
        int64_t first = p->attributed_force[actor];
        if (first < 0)
            continue;
        EACH(stream, p->streams) {
            double share = p->attribution[actor][stream];
            s->attributed[stream] = 0.0;
            if (share > 0.0) {
                int64_t entity = first * MAX_FORCES + p->stream_force[stream];
                double luck = uniform(s->seed, s->replication, CAUSE_ATTRIBUTION, entity, s->tick,
                                      p->stream_luck[stream] / MAX_FORCES);
                s->attributed[stream] = (double)binomial(luck, (int64_t)s->window_attacks[stream], share);
            }
        }
        review_reputation(s, p, actor, REVIEW_LENGTH);
    }
    EACH(stream, p->streams) {
        if (s->window_deaths[stream] > 0.0 && p->deaths_mean[stream] > 0.0) {
            double luck =
                uniform(s->seed, s->replication, CAUSE_CIVILIAN_DEATHS, p->stream_luck[stream], s->tick, 0);
            double share = least(p->civilian_mean[stream] / p->deaths_mean[stream], 1.0);
            s->civilian_total[stream] += (double)binomial(luck, (int64_t)s->window_deaths[stream], share);
        }
        s->window_attacks[stream] = s->window_deaths[stream] = 0.0;
    }
    s->clock[REPUTATION_CLOCK] = (int32_t)(s->tick + p->reputation_every);
}

static void dispatch(State *s, const Params *p, const double *tables, int clock)
{
    int actor;
    if (clock == DAY_CLOCK) {
        step_day(s, p, tables);
        return;
    }
    if (clock == EVENT_CLOCK) {
        happen_on_date(s, p, tables);
        return;
    }
    if (clock < SCHEDULE_CLOCK + MAX_ACTORS) {
        actor = clock - SCHEDULE_CLOCK;
        int move = (int)tables[p->schedule_at[actor] + s->schedule_next[actor] * SCHEDULE_WIDTH + 1];
        s->schedule_next[actor]++;
        advance_schedule(s, p, tables, actor);
        adopt(s, p, tables, actor, move);
        return;
    }
    if (clock == REPUTATION_CLOCK) {
        review_reputations(s, p);
        return;
    }
    if (clock == DEADLINE_CLOCK) {
        actor = (int)tables[p->deadline_at + s->deadline_next * DEADLINE_WIDTH + 1];
        s->deadline_next++;
        advance_deadline(s, p, tables);
    } else if (clock < REVIEW_CLOCK) {
        actor = clock - TRIGGER_CLOCK;
        s->clock[clock] = NEVER;
    } else {
        actor = clock - REVIEW_CLOCK;
        s->clock[clock] = p->reconsiders[actor] > 0.0 ? next_opportunity(s, p, actor, s->tick)
                                                      : (int32_t)(s->tick + p->review_every[actor]);
    }
    adopt(s, p, tables, actor, choose(s, p, tables, actor));
}

static int next_clock(const State *s)
{
    int first = 0;
    for (int clock = 1; clock < CLOCKS; clock++)
        if (s->clock[clock] < s->clock[first])
            first = clock;
    return s->clock[first] < NEVER ? first : -1;
}

/* Run worlds one after another; the rows are zero on entry. */
void run_rows(const Params *p, const double *tables, int64_t seed, const int64_t *replications, int64_t n,
              struct OutcomeRow *rows)
{
    State state, *s = &state;
    for (int64_t at = 0; at < n; at++) {
        struct OutcomeRow *row = &rows[at];
        begin(s, p, tables, seed, replications[at]);
        while (s->status == RUNS) {
            int clock = next_clock(s);
            if (clock < 0 || s->clock[clock] > p->horizon_tick)
                break;
            dispatch(s, p, tables, clock);
        }
        row->replication = s->replication, row->status = s->status, row->failed_actor = s->failed_actor;
        row->end_tick = s->tick, row->outcome = s->outcome, row->outcome_tick = s->outcome_tick;
        row->talks_tick = s->talks_tick;
        EACH(stream, p->streams) {
            row->attacks += s->attacks_total[stream];
            row->deaths += s->deaths_total[stream];
            row->civilian_deaths += s->civilian_total[stream];
        }
        row->balance_of_force = s->force_balance, row->cohesion = lowest_cohesion(s, p);
        EACH(group, p->groups) {
            row->freed[group] = s->freed[group], row->counted[group] = s->counted[group];
            row->returned[group] = s->returned[group];
        }
        EACH(force, p->foreign) row->troops[force] = s->troops[force];
        EACH(actor, p->actors) row->payoff[actor] = s->payoff[actor];
        EACH(milestone, p->milestones) row->milestone[milestone] = s->milestone[milestone];
        write_deeds(s, p, row);
    }
}
