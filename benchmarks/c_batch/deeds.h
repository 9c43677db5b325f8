/* What every run keeps account of, in C: promises, and measures of quantities. As sim.model.promises and .measures. */
static void note_reached(State *s, const Params *p, const double *tables, int promise)
{
    if (s->promise_tick[promise] < NEVER)
        return;
    int in_time = s->tick <= s->promise_due[promise];
    double value = sum_value(s, p, tables + p->promise_of[promise]), target = p->promise_target[promise];
    if (p->promise_falls[promise] ? value <= target : value >= target) {
        s->promise_tick[promise] = s->tick;
        if (in_time)
            s->promise_share[promise] = 1.0;
        return;
    }
    if (!in_time)
        return;
    double start = s->promise_start[promise];
    s->promise_share[promise] = least(most((value - start) / (target - start), 0.0), 1.0);
}

static void begin_promise(State *s, const Params *p, const double *tables, int promise)
{
    if (p->promise_of[promise] < 0)
        return;
    s->promise_start[promise] = sum_value(s, p, tables + p->promise_of[promise]);
    note_reached(s, p, tables, promise);
}

static void begin_promises(State *s, const Params *p, const double *tables)
{
    EACH(promise, p->promises) {
        s->promise_tick[promise] = NEVER;
        s->promise_due[promise] = p->promise_after[promise] == AFTER_START ? (int32_t)p->promise_days[promise] : NEVER;
        if (p->promise_since[promise] == 0)
            begin_promise(s, p, tables, promise);
    }
}

static int due_tick(const State *s, const Params *p, int promise)
{
    int after = (int)p->promise_after[promise];
    if (after == AFTER_START)
        return (int32_t)p->promise_days[promise];
    int begins = after == AFTER_TALKS ? s->talks_tick : s->milestone[after];
    return begins < NEVER ? begins + (int)p->promise_days[promise] : NEVER;
}

static void note_promises(State *s, const Params *p, const double *tables)
{
    EACH(promise, p->promises) {
        s->promise_due[promise] = due_tick(s, p, promise);
        if (s->tick < p->promise_since[promise])
            continue;
        if (s->tick == p->promise_since[promise])
            begin_promise(s, p, tables, promise);
        else if (p->promise_of[promise] >= 0)
            note_reached(s, p, tables, promise);
        else if (s->tick <= s->promise_due[promise]) {
            s->promise_steps[promise]++;
            if (holds(s, p, tables, p->promise_when[promise]))
                s->promise_share[promise] += 1.0;
            else if (s->promise_tick[promise] == NEVER)
                s->promise_tick[promise] = s->tick;
        }
    }
}

static void begin_measures(State *s, const Params *p, const double *tables)
{
    EACH(measure, p->measures) {
        int64_t kind = p->measure_kind[measure], program = p->measure_of[measure];
        if (kind == MEASURE_FIRST_DAY)
            s->measure[measure] = holds(s, p, tables, program) ? 0.0 : p->horizon_tick * p->dt;
        else if (kind == MEASURE_SHARE_OF_TIME || kind == MEASURE_TOTAL)
            s->measure[measure] = 0.0;
        else
            s->measure[measure] = sum_value(s, p, tables + program);
    }
}

static void note_measures(State *s, const Params *p, const double *tables)
{
    int whole_day = s->tick % (int)(1.0 / p->dt + 0.5) == 0;
    s->measured_days += whole_day;
    EACH(measure, p->measures) {
        int64_t kind = p->measure_kind[measure], program = p->measure_of[measure];
        double *gathered = &s->measure[measure];
        if (kind == MEASURE_LEVEL) {
            if (s->tick <= p->measure_until[measure])
                *gathered = sum_value(s, p, tables + program);
        } else if (!whole_day) {
            continue;
        } else if (kind == MEASURE_FIRST_DAY) {
            if (holds(s, p, tables, program))
                *gathered = least(*gathered, s->tick * p->dt);
        } else if (kind == MEASURE_SHARE_OF_TIME) {
            *gathered += holds(s, p, tables, program);
        } else {
            double value = sum_value(s, p, tables + program);
            if (kind == MEASURE_HIGHEST)
                *gathered = most(*gathered, value);
            else if (kind == MEASURE_LOWEST)
                *gathered = least(*gathered, value);
            else
                *gathered = kind == MEASURE_MEAN && s->measured_days == 1 ? value : *gathered + value;
        }
    }
}

static void write_deeds(const State *s, const Params *p, struct OutcomeRow *row)
{
    EACH(measure, p->measures) {
        int64_t kind = p->measure_kind[measure];
        int over_days = kind == MEASURE_SHARE_OF_TIME || kind == MEASURE_MEAN;
        row->measure[measure] = s->measure[measure] / (over_days && s->measured_days > 1 ? s->measured_days : 1);
    }
    EACH(promise, p->promises) {
        int reaches = p->promise_of[promise] >= 0, first = s->promise_tick[promise], steps = s->promise_steps[promise];
        row->promise_due[promise] = s->promise_due[promise];
        row->promise_tick[promise] = first;
        row->promise_kept[promise] = reaches ? first < NEVER && first <= s->promise_due[promise] : first == NEVER;
        row->promise_share[promise] = reaches ? s->promise_share[promise]
                                      : steps ? s->promise_share[promise] / steps
                                              : 1.0;
    }
}
