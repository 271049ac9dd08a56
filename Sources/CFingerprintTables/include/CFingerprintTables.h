// The learned constants of the fingerprint algorithms, as C data because the Swift compiler takes
// minutes over array literals of this size. Written by scripts/train-projection.py.
#ifndef CFINGERPRINT_TABLES_H
#define CFINGERPRINT_TABLES_H

#include <stdint.h>

// Length below which a difference of two projected frames counts as standing still.
extern const float cft_motion_floor_v1;

// Hashes in the background set of algorithm 1.
extern const int32_t cft_background_count_v1;

// Swift sees a C array as a tuple of all its elements, so tables are handed out as pointers.

// Projection of algorithm 1: 64 rows of 144 weights, row-major.
const int16_t *cft_projection_v1(void);

// Background set of algorithm 1: moving samples of films in film order, four words each.
const uint64_t *cft_background_v1(void);

#endif
