// The learned constants of the fingerprint algorithms, as C data because the Swift compiler takes
// minutes over array literals of this size. Written by scripts/train-projection.py.
#ifndef CFINGERPRINT_TABLES_H
#define CFINGERPRINT_TABLES_H

#include <stdint.h>

// Length below which a difference of two projected frames counts as standing still.
extern const float cft_motion_floor_v1;

// Projection of algorithm 1: 64 rows of 144 weights, row-major.
extern const int16_t cft_projection_v1[64 * 144];

// Background set of algorithm 1: moving samples of films in film order, four words each.
extern const int32_t cft_background_count_v1;
extern const uint64_t cft_background_v1[];

#endif
