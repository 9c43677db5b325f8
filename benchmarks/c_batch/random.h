/* Addressed random numbers (Philox4x32-10) and samplers by inversion: sim/random in C, operation by operation.
 *
 * Salmon, Moraes, Dror and Shaw (2011), SC11; Wichura (1988), AS 241; Giles (2016), Algorithm 955; Loader (2000).
 */
#ifndef RANDOM_H
#define RANDOM_H

#include "elementary.h"

static inline double least(double a, double b) { return b < a ? b : a; }
static inline double most(double a, double b) { return b > a ? b : a; }

static double uniform(int64_t seed, int64_t replication, int64_t cause, int64_t entity, int64_t occasion, int64_t draw)
{
    uint32_t x0 = (uint32_t)draw, x1 = (uint32_t)occasion;
    uint32_t x2 = (uint32_t)(cause * 256 + (entity & 255)), x3 = (uint32_t)replication;
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)((uint64_t)seed >> 32);
    for (int round = 0; round < 10; round++) {
        uint64_t product0 = (uint64_t)0xD2511F53u * x0, product1 = (uint64_t)0xCD9E8D57u * x2;
        x0 = (uint32_t)(product1 >> 32) ^ x1 ^ k0;
        x1 = (uint32_t)product1;
        x2 = (uint32_t)(product0 >> 32) ^ x3 ^ k1;
        x3 = (uint32_t)product0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    int64_t bits = (int64_t)(x0 >> 5) * 67108864 + (x1 >> 6);
    return bits == 0 ? 0.5 * 0x1p-53 : (double)bits * 0x1p-53;
}

/* --- special functions ----------------------------------------------------------------------------------------- */
#define HALF_LOG_TWO_PI 0.9189385332046727418

static double log_one_plus(double x)
{
    double y = 1.0 + x;
    return y == 1.0 ? x : ln(y) * x / (y - 1.0);
}

static double stirling_series(double x)
{
    double z = 1.0 / (x * x), total = 1.0 / 156.0;
    total = -691.0 / 360360.0 + z * total;
    total = 1.0 / 1188.0 + z * total;
    total = -1.0 / 1680.0 + z * total;
    total = 1.0 / 1260.0 + z * total;
    total = -1.0 / 360.0 + z * total;
    total = 1.0 / 12.0 + z * total;
    return total / x;
}

static double log_gamma(double x)
{
    double shift = 1.0;
    while (x < 10.0) {
        shift *= x;
        x += 1.0;
    }
    double value = (x - 0.5) * ln(x) - x + HALF_LOG_TWO_PI + stirling_series(x);
    return shift != 1.0 ? value - ln(shift) : value;
}

static double stirling_error(double x)
{
    return x < 10.0 ? log_gamma(x) - (x - 0.5) * ln(x) + x - HALF_LOG_TWO_PI : stirling_series(x);
}

static double deviance(double x, double mean)
{
    double difference = x - mean;
    if (fabs(difference) >= 0.1 * (x + mean))
        return x * ln(x / mean) - difference;
    double v = difference / (x + mean), total = difference * v, term = 2.0 * x * v, square = v * v, odd = 1.0;
    for (;;) {
        term *= square;
        odd += 2.0;
        double longer = total + term / odd;
        if (longer == total)
            return total;
        total = longer;
    }
}

static double normal(double u)
{
    double q = u - 0.5, numerator, denominator;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        numerator = 2509.0809287301226727 * r + 33430.575583588128105;
        numerator = numerator * r + 67265.770927008700853;
        numerator = numerator * r + 45921.953931549871457;
        numerator = numerator * r + 13731.693765509461125;
        numerator = numerator * r + 1971.5909503065514427;
        numerator = numerator * r + 133.14166789178437745;
        numerator = numerator * r + 3.387132872796366608;
        denominator = 5226.495278852545925 * r + 28729.085735721942674;
        denominator = denominator * r + 39307.89580009271061;
        denominator = denominator * r + 21213.794301586595867;
        denominator = denominator * r + 5394.1960214247511077;
        denominator = denominator * r + 687.1870074920579083;
        denominator = denominator * r + 42.313330701600911252;
        denominator = denominator * r + 1.0;
        return q * numerator / denominator;
    }
    double tail = q < 0.0 ? u : 1.0 - u, r = sqrt(-ln(tail));
    if (r <= 5.0) {
        r -= 1.6;
        numerator = 7.7454501427834140764e-4 * r + 0.0227238449892691845833;
        numerator = numerator * r + 0.24178072517745061177;
        numerator = numerator * r + 1.27045825245236838258;
        numerator = numerator * r + 3.64784832476320460504;
        numerator = numerator * r + 5.7694972214606914055;
        numerator = numerator * r + 4.6303378461565452959;
        numerator = numerator * r + 1.42343711074968357734;
        denominator = 1.05075007164441684324e-9 * r + 5.475938084995344946e-4;
        denominator = denominator * r + 0.0151986665636164571966;
        denominator = denominator * r + 0.14810397642748007459;
        denominator = denominator * r + 0.68976733498510000455;
        denominator = denominator * r + 1.6763848301838038494;
        denominator = denominator * r + 2.05319162663775882187;
        denominator = denominator * r + 1.0;
    } else {
        r -= 5.0;
        numerator = 2.01033439929228813265e-7 * r + 2.71155556874348757815e-5;
        numerator = numerator * r + 0.0012426609473880784386;
        numerator = numerator * r + 0.026532189526576123093;
        numerator = numerator * r + 0.29656057182850489123;
        numerator = numerator * r + 1.7848265399172913358;
        numerator = numerator * r + 5.4637849111641143699;
        numerator = numerator * r + 6.6579046435011037772;
        denominator = 2.04426310338993978564e-15 * r + 1.4215117583164458887e-7;
        denominator = denominator * r + 1.8463183175100546818e-5;
        denominator = denominator * r + 7.868691311456132591e-4;
        denominator = denominator * r + 0.0148753612908506148525;
        denominator = denominator * r + 0.13692988092273580531;
        denominator = denominator * r + 0.59983220655588793769;
        denominator = denominator * r + 1.0;
    }
    double value = numerator / denominator;
    return q < 0.0 ? -value : value;
}

/* --- incomplete gamma and beta functions -------------------------------------------------------------------------- */
#define MAX_FRACTION 2000000
#define TINY 1e-300
#define EPSILON 1e-16

static double gamma_weight(double a, double x)
{
    double exponent = -stirling_error(a) - deviance(a, x);
    return exponent < -700.0 ? 0.0 : raise_e(exponent) / sqrt(TWO_PI * a);
}

static void incomplete_gamma(double a, double x, double *lower, double *upper)
{
    *lower = 0.0, *upper = 1.0;
    if (x <= 0.0)
        return;
    double weight = gamma_weight(a, x);
    if (x < a + 1.0) {
        if (weight == 0.0)
            return;
        double term = 1.0, total = 1.0, n = a;
        for (int i = 0; i < MAX_FRACTION; i++) {
            n += 1.0;
            term *= x / n;
            total += term;
            if (term < EPSILON * total)
                break;
        }
        *lower = least(1.0, weight * total);
        *upper = 1.0 - *lower;
        return;
    }
    *lower = 1.0, *upper = 0.0;
    if (weight == 0.0)
        return;
    double b = x + 1.0 - a, c = 1.0 / TINY, d = 1.0 / b, fraction = d;
    for (int64_t i = 1; i < MAX_FRACTION; i++) {
        double numerator = (double)i * (a - (double)i);
        b += 2.0;
        d = numerator * d + b;
        if (fabs(d) < TINY)
            d = TINY;
        c = b + numerator / c;
        if (fabs(c) < TINY)
            c = TINY;
        d = 1.0 / d;
        double change = d * c;
        fraction *= change;
        if (fabs(change - 1.0) < 4.0 * EPSILON)
            break;
    }
    *upper = least(1.0, weight * a * fraction);
    *lower = 1.0 - *upper;
}

static double beta_weight(double a, double b, double x, double y)
{
    double n = a + b, mean_a = n * x, mean_b = n * y;
    if (mean_a <= 0.0 || mean_b <= 0.0)
        return 0.0;
    double exponent = stirling_error(n) - stirling_error(a) - stirling_error(b) - deviance(a, mean_a) - deviance(b, mean_b);
    return exponent < -700.0 ? 0.0 : raise_e(exponent) * sqrt(n / (TWO_PI * a) / b);
}

static double beta_fraction(double a, double b, double x)
{
    double total = a + b, c = 1.0, d = 1.0 - total * x / (a + 1.0);
    if (fabs(d) < TINY)
        d = TINY;
    d = 1.0 / d;
    double fraction = d;
    for (int64_t k = 1; k < MAX_FRACTION; k++) {
        double m = (double)k, even = a + 2.0 * m;
        double numerator = m * (b - m) * x / ((even - 1.0) * even);
        d = 1.0 + numerator * d;
        if (fabs(d) < TINY)
            d = TINY;
        c = 1.0 + numerator / c;
        if (fabs(c) < TINY)
            c = TINY;
        d = 1.0 / d;
        fraction *= d * c;
        numerator = -(a + m) * (total + m) * x / (even * (even + 1.0));
        d = 1.0 + numerator * d;
        if (fabs(d) < TINY)
            d = TINY;
        c = 1.0 + numerator / c;
        if (fabs(c) < TINY)
            c = TINY;
        d = 1.0 / d;
        double change = d * c;
        fraction *= change;
        if (fabs(change - 1.0) < 4.0 * EPSILON)
            break;
    }
    return fraction;
}

static void incomplete_beta(double a, double b, double x, double y, double *lower, double *upper)
{
    *lower = 0.0, *upper = 1.0;
    if (x <= 0.0)
        return;
    if (y <= 0.0) {
        *lower = 1.0, *upper = 0.0;
        return;
    }
    double weight = beta_weight(a, b, x, y) / (a + b);
    if (x * (a + b + 2.0) < a + 1.0) {
        if (weight == 0.0)
            return;
        *lower = least(1.0, weight * b * beta_fraction(a, b, x));
        *upper = 1.0 - *lower;
        return;
    }
    *lower = 1.0, *upper = 0.0;
    if (weight == 0.0)
        return;
    *upper = least(1.0, weight * a * beta_fraction(b, a, y));
    *lower = 1.0 - *upper;
}
#endif
