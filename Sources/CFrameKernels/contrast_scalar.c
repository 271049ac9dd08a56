#include "CFrameKernels.h"
#include "reflect.h"

// A fused multiply-add rounds once instead of twice: other bits than the definition.
#pragma STDC FP_CONTRACT OFF

// One row of the separable blur: down into `line`, whose first `radius` samples are the left edge,
// then across into `output`. Taps are added in ascending order.
static void blurred_row(const float *plane, size_t width, size_t height, size_t y,
                        const float *kernel, size_t radius, float *line, float *output) {
  float *middle = line + radius;
  for (size_t tap = 0; tap <= 2 * radius; tap++) {
    const float *row =
        plane + width * cfk_reflect((ptrdiff_t)(y + tap) - (ptrdiff_t)radius, height);
    for (size_t x = 0; x < width; x++)
      middle[x] = tap ? middle[x] + row[x] * kernel[tap] : row[x] * kernel[tap];
  }
  for (size_t i = 1; i <= radius; i++) {
    middle[-(ptrdiff_t)i] = middle[cfk_reflect(-(ptrdiff_t)i, width)];
    middle[width - 1 + i] = middle[cfk_reflect((ptrdiff_t)(width - 1 + i), width)];
  }
  for (size_t x = 0; x < width; x++) {
    float sum = line[x] * kernel[0];
    for (size_t tap = 1; tap <= 2 * radius; tap++)
      sum += line[x + tap] * kernel[tap];
    output[x] = sum;
  }
}

void cfk_local_contrast_scalar(const uint8_t *plane, size_t width, size_t height,
                               const float *kernel, size_t radius, float epsilon, float *workspace,
                               float *output) {
  size_t count = width * height;
  float *levels = workspace, *squares = workspace + count, *line = squares + count;
  for (size_t i = 0; i < count; i++)
    levels[i] = __builtin_sqrtf((float)plane[i] / 255.0f);
  for (size_t y = 0; y < height; y++)
    blurred_row(levels, width, height, y, kernel, radius, line, output + y * width);
  for (size_t i = 0; i < count; i++) {
    levels[i] -= output[i];
    squares[i] = levels[i] * levels[i];
  }
  for (size_t y = 0; y < height; y++)
    blurred_row(squares, width, height, y, kernel, radius, line, output + y * width);
  for (size_t i = 0; i < count; i++) {
    float variance = output[i] > 0 ? output[i] : 0;
    output[i] = levels[i] / (__builtin_sqrtf(variance) + epsilon);
  }
}
