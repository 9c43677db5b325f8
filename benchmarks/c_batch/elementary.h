/* Exponential, logarithm, power and cosine of IEEE arithmetic alone: sim/elementary.py in C, operation by operation.
 *
 * Tang (1989, 1990); Dekker (1971); the coefficients of the cosine are those of FDLIBM 5.3. The tables come with the
 * numbers of the model.
 */
#ifndef ELEMENTARY_H
#define ELEMENTARY_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "records.h"

static inline int64_t bits_of(double x)
{
    int64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}
static inline double from_bits(int64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static inline double exp_in_two(double x, double low)
{
    double shifted = x * PER_PART + ROUNDER;
    int64_t whole = bits_of(shifted) - ROUNDER_BITS;
    double k = shifted - ROUNDER, r = (x - k * PART_HIGH) - k * PART_LOW + low;
    int64_t place = whole & (PARTS - 1), octave = whole >> 7;
    double square = r * r;
    double grown = square * (0.5 + r * (1.0 / 6.0)) + square * square * (1.0 / 24.0 + r * (1.0 / 120.0));
    grown = r + (POWERS[place][1] + grown);
    double start = POWERS[place][0];
    if (fabs(x) <= PLAIN) {
        double scale = from_bits(bits_of(start) + (int64_t)((uint64_t)octave << 52));
        return scale + scale * grown;
    }
    double value = start + start * grown;
    int64_t first = octave >> 1;
    return value * from_bits((first + 1023) << 52) * from_bits((octave - first + 1023) << 52);
}

static double raise_e(double x)
{
    if (LEAST_EXPONENT <= x && x <= LARGEST_EXPONENT)
        return exp_in_two(x, 0.0);
    return x > 0.0 ? INFINITY : x < 0.0 ? 0.0 : NAN;
}

typedef struct {
    double start, start_low, high, low;
} Reduced;

static inline Reduced reduced(double x, int64_t octaves)
{
    int64_t shifted = bits_of(x) + (ONE_BITS - ROOT_BITS);
    double k = (double)((shifted >> 52) - 1023 + octaves);
    int64_t fraction = (shifted & FRACTION_BITS) + ROOT_BITS;
    int64_t nearest = (fraction + HALF_BITS) & ~(2 * HALF_BITS - 1);
    double away = from_bits(fraction) - from_bits(nearest);
    const double *row = LOGS[(nearest >> 45) - FIRST];
    return (Reduced){k * LN2_HIGH + row[2], k * LN2_LOW + row[3], away * row[0], away * row[1]};
}

static inline double log_series(double r)
{
    double square = r * r;
    return (1.0 / 3.0 + r * -0.25) + square * ((0.2 + r * (-1.0 / 6.0)) + square * (1.0 / 7.0 + r * -0.125));
}

static inline double log_of_normal(double x, int64_t octaves)
{
    Reduced at = reduced(x, octaves);
    double r = at.high + at.low, square = r * r;
    double total = at.start + at.high, rest = (at.start - total) + at.high;
    return total + (rest + (at.start_low + at.low + (square * -0.5 + square * r * log_series(r))));
}

static double ln(double x)
{
    if (SMALLEST_NORMAL <= x && x < INFINITY)
        return log_of_normal(x, 0);
    if (0.0 < x && x < INFINITY)
        return log_of_normal(x * TWO_TO_54, -54);
    return x > 0.0 ? x : x == 0.0 ? -INFINITY : NAN;
}

static inline double product_error(double a, double b, double product)
{
    double a_high = SPLIT * a, b_high = SPLIT * b;
    a_high = a_high - (a_high - a);
    b_high = b_high - (b_high - b);
    double a_low = a - a_high, b_low = b - b_high;
    return ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
}

static inline double power_of_normal(double x, double y, int64_t octaves)
{
    Reduced at = reduced(x, octaves);
    double r = at.high + at.low;
    double bend = -0.5 * at.high * at.high;
    double bend_low = product_error(-0.5 * at.high, at.high, bend) - at.low * (at.high + 0.5 * at.low);
    bend_low = bend_low + r * r * r * log_series(r);
    double first = at.start + at.high, rest = (at.start - first) + at.high;
    double second = first + bend;
    rest += ((first - second) + bend) + (at.start_low + at.low + bend_low);
    double whole = second + rest;
    rest = (second - whole) + rest;
    double exponent = y * whole;
    if (exponent > LARGEST_EXPONENT + 1.0)
        return INFINITY;
    if (exponent < LEAST_EXPONENT - 1.0)
        return 0.0;
    return exp_in_two(exponent, product_error(y, whole, exponent) + y * rest);
}

static double raise(double x, double y)
{
    if (SMALLEST_NORMAL <= x && x < INFINITY && fabs(y) < INFINITY)
        return power_of_normal(x, y, 0);
    if (y == 0.0)
        return 1.0;
    if (!(x >= 0.0 && fabs(y) < INFINITY))
        return NAN;
    if (0.0 < x && x < INFINITY)
        return power_of_normal(x * TWO_TO_54, y, -54);
    return (x > 0.0) == (y > 0.0) ? INFINITY : 0.0;
}

static double cosine_of_turn(double turn)
{
    double rest = turn - floor(turn + 0.5), quarter = floor(4.0 * rest + 0.5);
    double x = TWO_PI * (rest - 0.25 * quarter), z = x * x;
    double tail = 2.08757232129817482790e-09 - z * 1.13596475577881948265e-11;
    tail = 2.48015872894767294178e-05 + z * (-2.75573143513906633035e-07 + z * tail);
    tail = z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * tail));
    double half = 0.5 * z, near = 1.0 - half, cosine = near + (((1.0 - near) - half) + z * tail);
    tail = 2.75573137070700676789e-06 + z * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10);
    tail = 8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 + z * tail);
    double sine = x + x * z * (-1.66666666666666324348e-01 + z * tail);
    if (quarter == 0.0)
        return cosine;
    if (quarter == 1.0)
        return -sine;
    return quarter == -1.0 ? sine : -cosine;
}

#endif
