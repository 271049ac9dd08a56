// What errors of a prediction weigh, shared by all levels.
#ifndef CFK_ERRORS_H
#define CFK_ERRORS_H

#include "CFrameKernels.h"

// 2.5 times the median error of what the mask shows, in eighths of a level, and at least 1. To count bins is
// work for one lane at every level.
static inline float cfk_error_scale(const float *values, const float *predicted, const float *mask,
                                    size_t count) {
  uint32_t bins[CFK_ERROR_BINS] = {0};
  size_t seen = 0;
  for (size_t i = 0; i < count; i++) {
    if (!(mask[i] > 0))
      continue;
    const float error = values[i] - predicted[i];
    const float eighths = (error < 0 ? -error : error) * 8;
    bins[eighths < CFK_ERROR_BINS - 1 ? (int)eighths : CFK_ERROR_BINS - 1]++;
    seen++;
  }
  size_t below = 0, median = 0;
  while (median < CFK_ERROR_BINS - 1 && below + bins[median] < seen / 2)
    below += bins[median++];
  const float scale = (float)(median + 1) / 8 * 2.5f;
  return scale > 1 ? scale : 1;
}

// The Cauchy weight of one error.
static inline float cfk_cauchy_weight(float value, float predicted, float mask, float scale) {
  const float share = (value - predicted) / scale;
  return mask > 0 ? 1 / (1 + share * share) : 0;
}

#endif
