/* Samplers by inversion: each maps a uniform number to a quantile (sim/random). */
#ifndef SAMPLERS_H
#define SAMPLERS_H

#include "random.h"

/* --- continuous --------------------------------------------------------------------------------------------------- */
static double exponential(double u) { return 1.0 * -log_one_plus(-u); }

static double lognormal(double u, double sd) { return 1.0 * raise_e(most(0.0, sd) * normal(u)); }

static double gamma_quantile(double u, double mean, double a)
{
    double low = -690.0, high = ln(a + 40.0 * sqrt(a) + 800.0);
    double t = (ln(u) + log_gamma(a + 1.0)) / a;
    double cube = 1.0 - 1.0 / (9.0 * a) + normal(u) / (3.0 * sqrt(a));
    if (cube > 0.0)
        t = most(t, ln(a) + 3.0 * ln(cube));
    t = least(most(t, low), high);
    for (int i = 0; i < 200; i++) {
        double x = raise_e(t), lower, upper;
        incomplete_gamma(a, x, &lower, &upper);
        double excess = u <= 0.5 ? lower - u : (1.0 - u) - upper;
        if (excess >= 0.0)
            high = t;
        if (excess <= 0.0)
            low = t;
        double slope = a * gamma_weight(a, x), step = slope > 0.0 ? excess / slope : INFINITY;
        double following = t - step;
        if (!(low <= following && following <= high))
            following = 0.5 * (low + high);
        if (fabs(following - t) <= 1e-15 * most(1.0, fabs(t))) {
            t = following;
            break;
        }
        t = following;
    }
    return raise_e(t) * (mean / a);
}

static double beta_quantile(double u, double a, double b)
{
    double low = -700.0, high = 700.0;
    double t = least(most(ln(a / b) + normal(u) * sqrt(1.0 / a + 1.0 / b), low), high);
    for (int i = 0; i < 200; i++) {
        double x = 1.0 / (1.0 + raise_e(-t)), y = 1.0 / (1.0 + raise_e(t)), lower, upper;
        incomplete_beta(a, b, x, y, &lower, &upper);
        double excess = u <= 0.5 ? lower - u : (1.0 - u) - upper;
        if (excess >= 0.0)
            high = t;
        if (excess <= 0.0)
            low = t;
        double slope = beta_weight(a, b, x, y) * a * b / (a + b), step = slope > 0.0 ? excess / slope : INFINITY;
        double following = t - step;
        if (!(low <= following && following <= high))
            following = 0.5 * (low + high);
        if (fabs(following - t) <= 1e-15 * most(1.0, fabs(t))) {
            t = following;
            break;
        }
        t = following;
    }
    return 1.0 / (1.0 + raise_e(-t));
}

/* --- counts ------------------------------------------------------------------------------------------------------- */
enum count_kind { POISSON_COUNT, BINOMIAL_COUNT, NEGATIVE_BINOMIAL_COUNT };

static int reaches(enum count_kind kind, double a, double b, double c, double lower, double upper, int64_t k)
{
    double above, below;
    if ((double)k > 4000000000000000.0)
        return 1;
    if (kind == POISSON_COUNT) {
        incomplete_gamma((double)k + 1.0, a, &above, &below);
    } else if (kind == BINOMIAL_COUNT) {
        if ((double)k >= a)
            return 1;
        incomplete_beta(a - (double)k, (double)k + 1.0, c, b, &below, &above);
    } else {
        incomplete_beta(a, (double)k + 1.0, b, c, &below, &above);
    }
    return lower <= 0.5 ? below >= lower : above <= upper;
}

static int64_t count_near(double u, double mean, double sd, double skewness)
{
    double w = normal(u), near = mean + sd * (w + skewness * (w * w - 1.0) / 6.0);
    return (int64_t)most(0.0, least(near, 4000000000000000.0));
}

static int64_t smallest_count(enum count_kind kind, double a, double b, double c, double lower, double upper, int64_t at)
{
    int64_t below = -1, step = 1;
    if (reaches(kind, a, b, c, lower, upper, at)) {
        while (at - step >= 0 && reaches(kind, a, b, c, lower, upper, at - step)) {
            at -= step;
            step *= 2;
        }
        below = at - step > -1 ? at - step : -1;
    } else {
        below = at;
        at += step;
        while (!reaches(kind, a, b, c, lower, upper, at)) {
            below = at;
            step *= 2;
            at += step;
        }
    }
    while (at - below > 1) {
        int64_t middle = (at + below) / 2;
        if (reaches(kind, a, b, c, lower, upper, middle))
            at = middle;
        else
            below = middle;
    }
    return at;
}

static int64_t poisson(double u, double mean)
{
    if (mean <= 0.0)
        return 0;
    if (mean < 12.0 && u < 1.0 - 1e-6) {
        int64_t k = 0;
        double probability = raise_e(-mean), total = probability;
        while (total < u) {
            k++;
            probability *= mean / (double)k;
            total += probability;
        }
        return k;
    }
    double root = sqrt(mean);
    if (mean >= 12.0) {
        double w = normal(u), square = w * w;
        if (square < 9.0) {
            double x = mean + (root * w + (1.0 / 3.0 + square / 6.0 - (w + 0.5 * square * w) / (36.0 * root)));
            double error = (0.025 + square * (0.0125 + square * 0.00625)) / mean + 2e-15 * mean;
            int64_t k = (int64_t)x;
            if ((double)k < x - error && x + error < (double)(k + 1))
                return k;
        }
    }
    return smallest_count(POISSON_COUNT, mean, 0.0, 0.0, u, 1.0 - u, count_near(u, mean, root, 1.0 / root));
}

static int64_t binomial(double u, int64_t n, double p)
{
    if (n <= 0 || p <= 0.0)
        return 0;
    if (p >= 1.0)
        return n;
    int failures = p > 0.5;
    double lower = failures ? 1.0 - u : u, upper = failures ? u : 1.0 - u, rare = failures ? 1.0 - p : p;
    double q = 1.0 - rare, mean = (double)n * rare;
    int64_t k = 0;
    if (mean <= 300.0 && upper > 1e-6) {
        double odds = rare / q, chance = raise_e((double)n * log_one_plus(-rare)), total = chance;
        while (total < lower) {
            chance *= odds * (double)(n - k) / (double)(k + 1);
            k++;
            total += chance;
        }
    } else {
        double sd = sqrt(mean * q), inside = least(most(lower, 0x1p-53), 1.0 - 0x1p-53);
        int64_t start = count_near(inside, mean, sd, (q - rare) / sd);
        k = smallest_count(BINOMIAL_COUNT, (double)n, rare, q, lower, upper, n < start ? n : start);
    }
    return failures ? n - k : k;
}

static int64_t negative_binomial(double u, double mean, double shape)
{
    if (mean <= 0.0 || shape < 1e-12)
        return 0;
    double p = shape / (shape + mean), q = mean / (shape + mean), exponent = -shape * log_one_plus(mean / shape);
    if (exponent > -690.0 && u < 1.0 - 1e-6) {
        int64_t k = 0;
        double probability = raise_e(exponent), total = probability;
        while (total < u && k < 400) {
            probability *= q * (shape + (double)k) / (double)(k + 1);
            k++;
            total += probability;
        }
        if (total >= u)
            return k;
    }
    double sd = sqrt(mean / p);
    int64_t start = count_near(u, mean, sd, (1.0 + q) / (p * sd));
    return smallest_count(NEGATIVE_BINOMIAL_COUNT, shape, p, q, u, 1.0 - u, start);
}
#endif
