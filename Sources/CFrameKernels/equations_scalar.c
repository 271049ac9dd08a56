#include "CFrameKernels.h"

// A fused multiply-add rounds once instead of twice: other bits than the definition.
#pragma STDC FP_CONTRACT OFF

void cfk_normal_equations_scalar(const float *rows, const float *values, const float *weights,
                                 size_t count, float *sums) {
  for (size_t k = 0; k < CFK_UNKNOWNS * CFK_ROW_LANES; k++)
    sums[k] = 0;
  for (size_t i = 0; i < count; i++) {
    if (!(weights[i] > 0))
      continue;
    float row[CFK_ROW_LANES];
    for (int lane = 0; lane < CFK_ROW_LANES; lane++)
      row[lane] = rows[i * CFK_ROW_LANES + lane];
    row[CFK_UNKNOWNS] = values[i];
    for (int k = 0; k < CFK_UNKNOWNS; k++)
      for (int lane = 0; lane < CFK_ROW_LANES; lane++)
        sums[k * CFK_ROW_LANES + lane] += row[lane] * (row[k] * weights[i]);
  }
}
