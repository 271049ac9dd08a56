#pragma once

// Sums of weighted least squares, with vectors. Each lane is added up in the order of the rows at
// every level, so that no level rounds differently.
#include "vector.h"

void CFK_NAME(normal_equations)(const float *rows, const float *values, const float *weights,
                                size_t count, float *sums) {
  // As many lanes of a row as a register has; the sums of all unknowns stay in registers.
  for (int first = 0; first < CFK_ROW_LANES; first += CFK_LANES) {
    cfk_f32 total[CFK_UNKNOWNS];
    for (int k = 0; k < CFK_UNKNOWNS; k++)
      total[k] = (cfk_f32){0};
    for (size_t i = 0; i < count; i++) {
      const float weight = weights[i];
      if (!(weight > 0))
        continue;
      const float *row = rows + i * CFK_ROW_LANES;
      cfk_f32 part = CFK_LOAD(cfk_f32, row + first);
      if (first <= CFK_UNKNOWNS && CFK_UNKNOWNS < first + CFK_LANES)
        part[CFK_UNKNOWNS - first] = values[i];
#pragma clang loop unroll(full)
      for (int k = 0; k < CFK_UNKNOWNS; k++)
        total[k] += part * (row[k] * weight);
    }
    for (int k = 0; k < CFK_UNKNOWNS; k++)
      CFK_STORE(sums + k * CFK_ROW_LANES + first, total[k]);
  }
}
