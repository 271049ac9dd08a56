#include "CFrameKernels.h"

// A fused multiply-add rounds once instead of twice: other bits than the definition.
#pragma STDC FP_CONTRACT OFF

#include "errors.h"

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
        sums[k * CFK_ROW_LANES + lane] += row[lane] * weights[i] * row[k];
  }
}

void cfk_row_products_scalar(const float *rows, const float *factors, size_t count, float *output) {
  for (size_t i = 0; i < count; i++) {
    float sums[CFK_ROW_LANES];
    for (int lane = 0; lane < CFK_ROW_LANES; lane++)
      sums[lane] = rows[i * CFK_ROW_LANES + lane] * factors[lane];
    for (int half = CFK_ROW_LANES / 2; half > 0; half /= 2)
      for (int lane = 0; lane < half; lane++)
        sums[lane] += sums[lane + half];
    output[i] = sums[0];
  }
}

void cfk_cauchy_weights_scalar(const float *values, const float *predicted, const float *mask,
                               size_t count, float *weights) {
  const float scale = cfk_error_scale(values, predicted, mask, count);
  for (size_t i = 0; i < count; i++)
    weights[i] = cfk_cauchy_weight(values[i], predicted[i], mask[i], scale);
}
