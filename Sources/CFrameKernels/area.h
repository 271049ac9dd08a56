// The geometry of an area reduction, shared by all levels.
//
// One axis: a source pixel is `out_units` long and an output pixel `source_units` long, where
// source_units : out_units is the ratio of the sizes in lowest terms. Overlaps are then whole
// numbers, and the weights under one output pixel sum to source_units.
#ifndef CFK_AREA_H
#define CFK_AREA_H

#include "CFrameKernels.h"

typedef struct {
  uint32_t source_units, out_units;
} cfk_axis;

// Source pixels first...last under one output pixel; those between weigh out_units each.
typedef struct {
  uint32_t first, last, first_weight, last_weight;
} cfk_cover;

static inline cfk_axis cfk_axis_make(uint32_t source, uint32_t out) {
  uint32_t a = source, b = out;
  while (b) {
    uint32_t rest = a % b;
    a = b;
    b = rest;
  }
  return (cfk_axis){source / a, out / a};
}

// Where one pixel lies under the output pixel alone, last equals first and last_weight is 0.
static inline cfk_cover cfk_axis_cover(cfk_axis axis, uint32_t index) {
  uint64_t start = (uint64_t)index * axis.source_units, end = start + axis.source_units;
  cfk_cover cover;
  cover.first = (uint32_t)(start / axis.out_units);
  cover.last = (uint32_t)((end - 1) / axis.out_units);
  uint64_t first_end = ((uint64_t)cover.first + 1) * axis.out_units;
  cover.first_weight = (uint32_t)((end < first_end ? end : first_end) - start);
  cover.last_weight =
      (uint32_t)(cover.last > cover.first ? end - (uint64_t)cover.last * axis.out_units : 0);
  return cover;
}

// One sample of limited range, of which black is 16 and white 235, in full range: 255 / 219 of its distance from
// black, rounded half up.
static inline uint8_t cfk_widened(uint8_t sample) {
  const int distance = (sample < 16 ? 16 : sample > 235 ? 235 : sample) - 16;
  return (uint8_t)(distance + (distance * 24 + 73) / 146);
}

#endif
