/* Moves, the mean path, the values of moves along it (drift) and the logit choice: sim/rules in C. */
#ifndef DECISION_H
#define DECISION_H

#include "mechanisms.h"

/* --- payoffs ------------------------------------------------------------------------------------------------------ */
static double effective_weight(const State *s, const Params *p, int actor, int term)
{
    double weight = p->weight[actor][term];
    int64_t code = p->term_code[actor][term];
    if (p->on[ON_WEIGHT_SPREAD])
        weight *= s->spread[actor][term];
    if (p->on[ON_TYPES] && s->type[actor])
        weight *= p->type_term[actor][term];
    if ((code == COUNTED || code == CAPTIVES_HOME) && p->challenger[actor] && epidemic_now(s, p))
        weight *= p->epidemic_weight;
    return weight;
}

static double flow_terms(const State *s, const Params *p, int actor, const double *weights, double *terms)
{
    double total = 0.0;
    EACH(term, p->terms[actor]) {
        double x = feature(s, p, (int)p->term_code[actor][term], (int)p->term_a[actor][term], (int)p->term_b[actor][term]);
        terms[term] = weights[term] * x;
        total += terms[term];
    }
    return total;
}

static double outcome_value(const State *s, const Params *p, int actor, int outcome)
{
    double value = p->outcome_util[actor][outcome];
    EACH(term, p->outcome_terms[actor])
        if (p->outcome_term_of[actor][term] == outcome)
            value += p->outcome_term_weight[actor][term] *
                     feature(s, p, (int)p->outcome_term_code[actor][term], (int)p->outcome_term_a[actor][term],
                             (int)p->outcome_term_b[actor][term]);
    return p->on[ON_TYPES] && s->type[actor] ? value * p->type_outcome[actor][outcome] : value;
}

/* --- moves -------------------------------------------------------------------------------------------------------- */
static int is_legal(const State *s, const Params *p, const double *tables, int actor, int move)
{
    if (!holds(s, p, tables, p->guard[actor][move]))
        return 0;
    if (p->blocked_by_dispute[actor][move] && p->on[ON_DISPUTES])
        EACH(group, p->groups)
            if (p->claimant[group] == actor && s->dispute[group] >= 0.5)
                return 0;
    if (move != s->standing[actor] && s->tick - s->left[actor][move] < p->cooldown[actor][move])
        return 0;
    return p->pressure_flow[actor][move] < 0 || threat_acts(s, p, tables, actor, move);
}

static int releases_alike(const State *s, const Params *p, int actor, int group, int one, int other)
{
    int acts = release_left(s, p, group, one) > 0.0;
    if (acts != (release_left(s, p, group, other) > 0.0))
        return 0;
    if (acts) {
        if (p->tranches[group][one] != p->tranches[group][other])
            return 0;
        EACH(tranche, p->tranches[group][one])
            if (p->tranche_until[group][one][tranche] != p->tranche_until[group][other][tranche] ||
                p->tranche_per_day[group][one][tranche] != p->tranche_per_day[group][other][tranche] ||
                p->tranche_when[group][one][tranche] != p->tranche_when[group][other][tranche])
                return 0;
        if (p->then_amount[group][one] != p->then_amount[group][other] ||
            p->then_until[group][one] != p->then_until[group][other] ||
            p->then_every[group][one] != p->then_every[group][other] ||
            p->then_when[group][one] != p->then_when[group][other])
            return 0;
        if (group < p->captive_groups && (p->release_list[actor][one] != p->release_list[actor][other] ||
                                          p->commander_mode[actor][one] != p->commander_mode[actor][other] ||
                                          p->guarantee[actor][one] != p->guarantee[actor][other]))
            return 0;
    }
    int first = p->recall_group[actor][one] == group, second = p->recall_group[actor][other] == group;
    if (s->freed[group] <= 0.0 || !(first || second))
        return 1;
    return first == second && p->recall_per_day[actor][one] == p->recall_per_day[actor][other] &&
           p->recall_returned[actor][one] == p->recall_returned[actor][other];
}

static int do_the_same(const State *s, const Params *p, const double *tables, int actor, int one, int other)
{
    EACH(answerer, p->actors)
        if (p->expects[actor][one][answerer] != p->expects[actor][other][answerer])
            return 0;
    EACH(group, p->groups) {
        if (p->holder[group] == actor && !releases_alike(s, p, actor, group, one, other))
            return 0;
        if (s->counted[group] >= p->promised[group] && s->counted[group] >= s->freed[group])
            continue;
        if ((p->claimant[group] == actor && p->verify[actor][one] != p->verify[actor][other]) ||
            (p->holder[group] == actor && p->admit[actor][one] != p->admit[actor][other]))
            return 0;
    }
    EACH(force, p->forces)
        if (p->owner[force] == actor && s->strength[force] > 0.0) {
            for (int64_t stream = p->first_stream[force]; stream < p->first_stream[force + 1]; stream++)
                if (p->violence_level[actor][one][stream] != p->violence_level[actor][other][stream])
                    return 0;
            if (p->kind[force] == REGULAR && p->offence[actor][one] != p->offence[actor][other])
                return 0;
        }
    if (p->party[actor] && p->participation[actor][one] != p->participation[actor][other])
        return 0;
    int present = 0, pays = 0, split = 0;
    EACH(force, p->foreign) present |= p->foreign_owner[force] == actor && s->troops[force] > 0.0;
    if (present && (p->pace[actor][one] != p->pace[actor][other] || p->support[actor][one] != p->support[actor][other]))
        return 0;
    EACH(flow, p->flows) pays |= p->donor[flow] == actor && s->aid[flow] > 0.0;
    if (pays && p->aid_paid[actor][one] != p->aid_paid[actor][other])
        return 0;
    EACH(office, p->offices) split |= p->office_actor[office] == actor && s->dual[office] > 0.0;
    if (split && (p->offer[actor][one] != p->offer[actor][other] || p->single_team[actor][one] != p->single_team[actor][other]))
        return 0;
    int acts = threat_acts(s, p, tables, actor, one);
    return acts == threat_acts(s, p, tables, actor, other) &&
           (!acts || (p->pressure_on[actor][one] == p->pressure_on[actor][other] &&
                      p->pressure_flow[actor][one] == p->pressure_flow[actor][other] &&
                      p->pressure_until[actor][one] == p->pressure_until[actor][other]));
}

static double update_pledges(State *s, const Params *p, const double *tables, int actor, int foresees)
{
    double cost = 0.0;
    EACH(pledge, p->pledges) {
        if (p->pledge_by[pledge] != actor)
            continue;
        if (holds(s, p, tables, p->pledge_while[pledge])) {
            s->pledge_broken[pledge] = KEPT;
        } else if (s->pledge_broken[pledge] == KEPT) {
            double share = p->pledge_seen[pledge];
            if (!foresees)
                share = uniform(s->seed, s->replication, CAUSE_PLEDGE, pledge, s->tick, 0) < share ? 1.0 : 0.0;
            s->pledge_broken[pledge] = share > 0.0 ? BROKEN : UNSEEN;
            move_opinion(s, p, actor, p->broken_pledge * share);
            if (p->on[ON_AUDIENCE_COSTS])
                cost += p->breaks_pledge[actor] * share;
        }
    }
    return cost;
}

static double release_before_talks(State *s, const Params *p, int actor)
{
    s->released_once[actor] = 1;
    return p->on[ON_AUDIENCE_COSTS] ? p->releases_before_talks[actor] * (1.0 - s->talks) : 0.0;
}

static double enter_move(State *s, const Params *p, const double *tables, int actor, int move, int foresees)
{
    int before = s->standing[actor];
    int64_t group = p->release_group[actor][move];
    double cost = 0.0;
    if (move != before) {
        cost += p->move_cost[actor][move];
        if (p->on[ON_AUDIENCE_COSTS])
            cost += p->changes_course[actor];
        s->left[actor][before] = s->tick;
        s->since[actor] = s->tick;
        s->standing[actor] = (int8_t)move;
        read_moves(s, p);
        if (group >= 0 && p->release_group[actor][before] < 0 && !s->refusal_reversed[actor]) {
            s->refusal_reversed[actor] = 1;
            if (p->on[ON_AUDIENCE_COSTS])
                cost += p->reverses_refusal[actor];
            if (p->on[ON_REPUTATION])
                s->trust[p->claimant[group]][actor] += p->reversed_refusal;
        }
        if (foresees)
            cost += update_pledges(s, p, tables, actor, 1);
    }
    EACH(programme, p->groups)
        if (p->holder[programme] == actor)
            start_release(s, p, programme);
    if (group >= 0 && foresees && !s->released_once[actor])
        cost += release_before_talks(s, p, actor);
    begin_threat(s, p, tables, actor);
    end_threats(s, p, tables);
    read_world(s, p);
    return cost;
}

static void expect_answers(State *s, const Params *p, const double *tables, int actor, int gives_in)
{
    int move = s->standing[actor];
    int target = (int)p->pressure_on[actor][move], answer = (int)p->pressure_expects[actor][move];
    if (gives_in && target >= 0 && s->threat_from[actor] != NEVER && answer >= 0)
        enter_move(s, p, tables, target, answer, 1);
    EACH(other, p->actors) {
        answer = (int)p->expects[actor][move][other];
        if (answer >= 0 && is_legal(s, p, tables, other, answer))
            enter_move(s, p, tables, other, answer, 1);
    }
}

/* --- the mean path ------------------------------------------------------------------------------------------------ */
typedef struct {
    double opening, settling, breaking, outcome[OUTCOME_NUMBERS];
} Rates;

static void read_talks_rates(const State *s, const Params *p, const double *tables, Rates *r)
{
    r->opening = s->talks < 1.0 ? talks_rate(s, p, tables) : 0.0;
    int possible = s->talks > 0.0 || r->opening > 0.0;
    r->settling = 0.0;
    for (int outcome = 1; outcome <= p->outcomes; outcome++)
        if (p->outcome_in_talks[outcome]) {
            r->outcome[outcome] = possible ? outcome_rate(s, p, tables, outcome) : 0.0;
            r->settling += r->outcome[outcome];
        }
    r->breaking = breakdown_rate(s, p, tables) + shock_rate(s, p);
}

static void read_outcome_rates(const State *s, const Params *p, const double *tables, Rates *r)
{
    for (int outcome = 1; outcome <= p->outcomes; outcome++)
        if (p->outcome_in_talks[outcome])
            r->outcome[outcome] *= s->talks;
        else
            r->outcome[outcome] = outcome_rate(s, p, tables, outcome);
}

static double expected_talks(double talks, double opening, double settling, double breaking, double days)
{
    double later = talks;
    if (talks > 0.0) {
        double settled = talks * (1.0 - raise_e(-settling * days));
        later = settled < 1.0 ? (talks - settled) / (1.0 - settled) : 0.0;
        later *= raise_e(-breaking * days);
    }
    if (opening > 0.0)
        later += (1.0 - talks) * (1.0 - raise_e(-opening * days));
    return least(later, 1.0);
}

static double expected_release(State *s, const Params *p, const double *tables, int group, int length)
{
    if (p->returns_to[group] >= 0 && s->pending[group] > 0.0)
        rejoin(s, p, group, s->pending[group] * (1.0 - p->kept_pending[length][group]));
    double backlog = s->freed[group] - s->counted[group];
    if (backlog > 0.0)
        count_captives(s, p, group, backlog * backlog_share(s, p, group, length));
    double persons = expected_batch(s, p, tables, group, p->length_days[length]);
    if (persons <= 0.0)
        return 0.0;
    double cost = cost_of_batch(s, p, group, persons), before = s->freed[group];
    s->freed[group] = before + 0.5 * persons;
    double returners = persons * return_share(s, p, group);
    s->freed[group] = before;
    double counted = persons * counted_share(s, p, group);
    counted += (persons - counted) * counting(s, p, group) * p->late_backlog[length][group];
    free_captives(s, p, group, persons, counted, returners);
    if (returners > 0.0)
        rejoin(s, p, group, returners * p->late_pending[length][group]);
    return cost;
}

static void expected_recall(State *s, const Params *p, int group, double days)
{
    int64_t holder = p->holder[group], move = s->standing[holder];
    if (p->recall_group[holder][move] != group || s->freed[group] <= 0.0)
        return;
    double persons = least(p->recall_per_day[holder][move] * days, s->freed[group]);
    recall(s, group, persons, s->pending[group] * persons / s->freed[group]);
    if (s->returned[group] > 0.0 && p->returns_to[group] >= 0)
        revoke(s, p, group, s->returned[group] * caught_share(s, p, group, days));
}

static double expected_step(State *s, const Params *p, const double *tables, int ticks, int length, Rates *r,
                            double *exits, double *costs)
{
    double days = p->length_days[length];
    Rates before = *r;
    if (p->on[ON_REPUTATION])
        EACH(actor, p->actors) {
            if (p->attributed_force[actor] < 0)
                continue;
            EACH(stream, p->streams)
                s->attributed[stream] = s->intensity[stream] * days * p->attribution[actor][stream];
            review_reputation(s, p, actor, length);
        }
    EACH(stream, p->streams) s->killed[stream] = s->intensity[stream] * p->deaths_mean[stream];
    withdraw(s, p, days);
    s->troop_share = 0.5 * (s->troop_share + present_share(s, p));
    drift_forces(s, p, days);
    drift_territory(s, p, days);
    drift_cohesion(s, p, length);
    EACH(stream, p->streams)
        if (p->kind[p->stream_force[stream]] == INSURGENT)
            excite(s, p, stream, s->intensity[stream] * days, length);
    kill_rivals(s, p, days);
    if (p->on[ON_DISPUTES])
        EACH(group, p->groups) {
            double opens = dispute_rate(s, p, group), open_now = s->dispute[group];
            if (open_now > 0.0 || opens > 0.0)
                s->dispute[group] =
                    open_now * p->kept_dispute[length][group] + (1.0 - open_now) * (1.0 - raise_e(-opens * days));
        }
    EACH(row, p->groups) {
        int group = (int)((row + p->captive_groups) % p->groups);
        expected_recall(s, p, group, days);
        costs[p->holder[group]] += expected_release(s, p, tables, group, length);
    }
    if (p->on[ON_DUAL_OFFICE])
        EACH(office, p->offices)
            if (s->dual[office] > 0.0)
                resolve(s, p, office, 1.0 - raise_e(-resolution_rate(s, p, office) * days));
    EACH(actor, p->actors)
        if (s->threat_from[actor] != NEVER) {
            execute(s, p, actor, 1.0 - raise_e(-execution_rate(s, p, actor) * days));
        }
    end_threats(s, p, tables);
    s->tick += ticks;
    read_world(s, p);
    read_talks_rates(s, p, tables, r);
    s->talks = expected_talks(s->talks, 0.5 * (before.opening + r->opening), 0.5 * (before.settling + r->settling),
                              0.5 * (before.breaking + r->breaking), days);
    read_outside_intensity(s, p);
    read_outcome_rates(s, p, tables, r);
    double total = 0.0;
    for (int outcome = 1; outcome <= p->outcomes; outcome++) {
        exits[outcome] = 0.5 * (before.outcome[outcome] + r->outcome[outcome]);
        total += exits[outcome];
    }
    double any_exit = 1.0 - raise_e(-total * days), scale = total > 0.0 ? any_exit / total : 0.0;
    for (int outcome = 1; outcome <= p->outcomes; outcome++)
        exits[outcome] *= scale;
    for (int outcome = 1; outcome <= p->outcomes; outcome++) {
        double comes = comes_by_condition(s, p, tables, outcome);
        if (comes > 0.0) {
            exits[outcome] = (1.0 - any_exit) * comes;
            any_exit += exits[outcome];
        }
    }
    return any_exit;
}

static void begin_path(State *s, const Params *p, const double *tables, Rates *r)
{
    if (s->sitting <= 0.0) {
        s->talks = 0.0;
        read_outside_intensity(s, p);
    }
    read_talks_rates(s, p, tables, r);
    read_outcome_rates(s, p, tables, r);
}

/* --- the value of one move ---------------------------------------------------------------------------------------- */
static void walk(const State *s, const Params *p, const double *tables, int actor, int move, int later, int gives_in,
                 double *terms)
{
    State copy = *s, *w = &copy;
    double weights[MAX_TERMS], now[MAX_TERMS], then[MAX_TERMS];
    double exits[OUTCOME_NUMBERS] = {0.0}, costs[MAX_ACTORS] = {0.0}, survival = 1.0, settled = 0.0;
    double worth[OUTCOME_NUMBERS];
    Rates rates;
    int count = (int)p->terms[actor], steps = (int)p->path_steps[actor];
    EACH(group, p->groups) {
        w->lag_days[group] = p->lag_mean[group];
        w->return_probability[group] = p->return_mean[group];
    }
    EACH(column, COLUMNS) terms[column] = 0.0;
    terms[AT_ONCE] = -enter_move(w, p, tables, actor, move, 1);
    expect_answers(w, p, tables, actor, gives_in);
    begin_path(w, p, tables, &rates);
    for (int outcome = 1; outcome <= p->outcomes; outcome++)
        worth[outcome] = outcome_value(w, p, actor, outcome);
    int epidemic = epidemic_now(w, p);
    EACH(term, count) weights[term] = effective_weight(w, p, actor, term);
    flow_terms(w, p, actor, weights, now);
    EACH(step, steps) {
        double discount = p->path_discount[actor][step];
        if (later >= 0 && step == p->hold_step[actor] && w->standing[actor] != later) {
            double cost = enter_move(w, p, tables, actor, later, 1);
            terms[AT_ONCE] -= (survival + settled) * discount * cost;
            begin_path(w, p, tables, &rates);
            flow_terms(w, p, actor, weights, now);
        }
        double middle = 0.5 * (discount + p->path_discount[actor][step + 1]);
        double half = 0.5 * discount * p->path_length[actor][step];
        costs[actor] = 0.0;
        double any_exit = expected_step(w, p, tables, (int)p->path_dt[actor][step], (int)p->path_row[actor][step],
                                        &rates, exits, costs);
        if (epidemic_now(w, p) != epidemic) {
            epidemic = !epidemic;
            EACH(term, count) weights[term] = effective_weight(w, p, actor, term);
        }
        flow_terms(w, p, actor, weights, then);
        double running = survival + settled, undecided = survival * (1.0 - any_exit), ended = 0.0;
        for (int outcome = 1; outcome <= p->outcomes; outcome++) {
            if (p->outcome_goes_on[outcome])
                settled += survival * exits[outcome];
            double value = worth[outcome];
            if (p->outcome_terms[actor] > 0) {
                worth[outcome] = outcome_value(w, p, actor, outcome);
                value = 0.5 * (value + worth[outcome]);
            }
            ended += exits[outcome] * value;
        }
        double going_on = undecided + settled;
        EACH(term, count) {
            terms[term] += half * (running * now[term] + going_on * then[term]);
            now[term] = then[term];
        }
        terms[AT_OUTCOME] += (survival * middle) * ended;
        terms[RELEASE_COST] -= running * middle * costs[actor];
        survival = undecided;
    }
    double beyond = 0.0;
    EACH(term, p->beyond[actor])
        beyond += p->beyond_weight[actor][term] * feature(w, p, (int)p->beyond_code[actor][term],
                                                          (int)p->beyond_a[actor][term], (int)p->beyond_b[actor][term]);
    terms[BEYOND_WINDOW] = (survival + settled) * p->path_discount[actor][steps] * beyond;
}

static double value_of_move(const State *s, const Params *p, const double *tables, int actor, int move, int later)
{
    double terms[COLUMNS], withstood[COLUMNS], doubt = 1.0 - p->pressure_gives_in[actor][move], total = 0.0;
    walk(s, p, tables, actor, move, later, 1, terms);
    if (doubt > 0.0)
        walk(s, p, tables, actor, move, later, 0, withstood);
    EACH(column, COLUMNS) {
        if (doubt > 0.0)
            terms[column] += doubt * (withstood[column] - terms[column]);
        total += terms[column];
    }
    return total;
}

/* --- the choice --------------------------------------------------------------------------------------------------- */
static int choose(const State *s, const Params *p, const double *tables, int actor)
{
    double values[MAX_MOVES], chances[MAX_MOVES], highest = -INFINITY, total = 0.0;
    int moves = (int)p->moves[actor], standing = s->standing[actor], choices = 0, chosen = -1;
    EACH(move, moves) values[move] = is_legal(s, p, tables, actor, move) ? 0.0 : -INFINITY;
    EACH(move, moves) {
        if (values[move] == -INFINITY)
            continue;
        for (int place = -1; place < move && move != standing; place++) {
            int other = place < 0 ? standing : place;
            if (values[other] != -INFINITY && do_the_same(s, p, tables, actor, other, move)) {
                values[move] = -INFINITY;
                break;
            }
        }
        choices += values[move] != -INFINITY;
    }
    if (choices == 0 || (choices == 1 && values[standing] != -INFINITY))
        return standing;
    int later = -1, favoured = -1;
    EACH(round, p->hold_step[actor] > 0 ? 2 : 1) {
        EACH(move, moves)
            if (values[move] != -INFINITY && (round == 0 || move != later)) {
                values[move] = value_of_move(s, p, tables, actor, move, later);
                if (round == 0 && (favoured < 0 || values[move] > values[favoured]))
                    favoured = move;
            }
        later = favoured;
    }
    if (values[standing] != -INFINITY)
        values[standing] += p->inertia[actor];
    EACH(move, moves) highest = most(highest, values[move]);
    EACH(move, moves) {
        chances[move] = values[move] == -INFINITY ? 0.0 : raise_e(p->lam[actor] * (values[move] - highest));
        total += chances[move];
    }
    double best = -INFINITY;
    EACH(move, moves) {
        double chance = chances[move] / total;
        if (chance > 0.0) {
            double luck = uniform(s->seed, s->replication, CAUSE_DECISION, actor, s->tick, p->move_key[actor][move]);
            double score = ln(chance) + -ln(-ln(luck));
            if (score > best)
                best = score, chosen = move;
        }
    }
    return chosen;
}
#endif
