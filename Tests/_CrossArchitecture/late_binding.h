// Functions of late_library.c, called by late_binding.c.
#ifndef LATE_BINDING_H
#define LATE_BINDING_H

typedef struct {
  long values[9];
} late_large;

typedef int late_vector __attribute__((vector_size(16)));

// In registers of both kinds, and on the stack.
double late_many(long a, long b, long c, long d, long e, long f, long g, long h, long i, double p,
                 double q, double r, double s, double t, double u, double v, double w, double x);
double late_variadic(int count, ...);
// The result goes to a place that the caller names.
late_large late_structure(long seed, late_large given);
late_vector late_wide(late_vector a, late_vector b);
// In no library.
void late_nowhere(void);

#endif
