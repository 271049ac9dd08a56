#pragma once

// Sums of weighted least squares, with vectors. Each lane is added up in the order of the rows at
// every level, so that no level rounds differently.
#include "vector.h"

#include "errors.h"

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
      part *= weight;
#pragma clang loop unroll(full)
      for (int k = 0; k < CFK_UNKNOWNS; k++)
        total[k] += part * row[k];
    }
    for (int k = 0; k < CFK_UNKNOWNS; k++)
      CFK_STORE(sums + k * CFK_ROW_LANES + first, total[k]);
  }
}

// The lanes of a row are added up as halves: 8 to 8, then 4 to 4, then 2 to 2. Where a register holds
// fewer lanes the first of these are sums of registers; the rest are those of a transposed square.
void CFK_NAME(row_products)(const float *rows, const float *factors, size_t count, float *output) {
  enum { PARTS = CFK_ROW_LANES / CFK_LANES };
  cfk_f32 factor[PARTS];
  for (int part = 0; part < PARTS; part++)
    factor[part] = CFK_LOAD(cfk_f32, factors + part * CFK_LANES);
  for (size_t first = 0; first < count; first += CFK_LANES) {
    const size_t some = count - first < CFK_LANES ? count - first : CFK_LANES;
    cfk_u32 square[CFK_LANES] = {0};
    for (size_t i = 0; i < some; i++) {
      const float *row = rows + (first + i) * CFK_ROW_LANES;
      cfk_f32 sums[PARTS];
      for (int part = 0; part < PARTS; part++)
        sums[part] = CFK_LOAD(cfk_f32, row + part * CFK_LANES) * factor[part];
      for (int half = PARTS / 2; half > 0; half /= 2)
        for (int part = 0; part < half; part++)
          sums[part] += sums[part + half];
      square[i] = (cfk_u32)sums[0];
    }
    cfk_transpose(square);
    for (int half = CFK_LANES / 2; half > 0; half /= 2)
      for (int lane = 0; lane < half; lane++)
        square[lane] = (cfk_u32)((cfk_f32)square[lane] + (cfk_f32)square[lane + half]);
    __builtin_memcpy(output + first, &square[0], some * sizeof(float));
  }
}

void CFK_NAME(cauchy_weights)(const float *values, const float *predicted, const float *mask,
                              size_t count, float *weights) {
  const float scale = cfk_error_scale(values, predicted, mask, count);
  size_t i = 0;
  for (; i + CFK_LANES <= count; i += CFK_LANES) {
    const cfk_f32 share =
        (CFK_LOAD(cfk_f32, values + i) - CFK_LOAD(cfk_f32, predicted + i)) / scale;
    const cfk_i32 shown = CFK_LOAD(cfk_f32, mask + i) > 0;
    CFK_STORE(weights + i, (cfk_i32)(1 / (1 + share * share)) & shown);
  }
  for (; i < count; i++)
    weights[i] = cfk_cauchy_weight(values[i], predicted[i], mask[i], scale);
}
