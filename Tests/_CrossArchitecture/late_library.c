// A library for late_binding.c: functions whose arguments and results are passed in every way.
#include "late_binding.h"

#include <stdarg.h>

double late_many(long a, long b, long c, long d, long e, long f, long g, long h, long i, double p,
                 double q, double r, double s, double t, double u, double v, double w, double x) {
  const double whole = a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i;
  return whole + p / 2 + q / 4 + r / 8 + s / 16 + t / 32 + u / 64 + v / 128 + w / 256 + x / 512;
}

double late_variadic(int count, ...) {
  va_list list;
  va_start(list, count);
  double sum = 0;
  for (int i = 0; i < count; i++)
    sum = 3 * sum + va_arg(list, double);
  va_end(list);
  return sum;
}

late_large late_structure(long seed, late_large given) {
  for (int i = 0; i < 9; i++)
    given.values[i] = given.values[i] * 5 + seed + i;
  return given;
}

late_vector late_wide(late_vector a, late_vector b) { return a * 3 + b; }
