#pragma once

// Local contrast with vectors: across x, each lane in the order of the definition, so that no sum
// is reassociated. IEEE division and square root give every lane the bits of the scalar code.
#include "reflect.h"
#include "vector.h"

// Where a row is no multiple of the vector, its last vector overlaps the one before: lanes are
// computed twice, from the same inputs. A row below one vector is done lane by lane.
#define CFK_ACROSS(count, VECTOR, SINGLE)                                                          \
  do {                                                                                             \
    if ((count) < CFK_LANES) {                                                                     \
      for (size_t x = 0; x < (count); x++)                                                         \
        SINGLE                                                                                     \
    } else {                                                                                       \
      for (size_t x = 0;; x += CFK_LANES) {                                                        \
        if (x + CFK_LANES > (count)) {                                                             \
          if (x == (count))                                                                        \
            break;                                                                                 \
          x = (count)-CFK_LANES;                                                                   \
        }                                                                                          \
        VECTOR                                                                                     \
      }                                                                                            \
    }                                                                                              \
  } while (0)

CFK_INLINE void blurred_row(const float *plane, size_t width, size_t height, size_t y,
                            const float *kernel, size_t radius, float *line, float *output) {
  float *middle = line + radius;
  const size_t taps = 2 * radius + 1;
#define ROW(tap) (plane + width * cfk_reflect((ptrdiff_t)(y + (tap)) - (ptrdiff_t)radius, height))
  CFK_ACROSS(
      width,
      {
        cfk_f32 sum = CFK_LOAD(cfk_f32, ROW(0) + x) * kernel[0];
        for (size_t tap = 1; tap < taps; tap++)
          sum += CFK_LOAD(cfk_f32, ROW(tap) + x) * kernel[tap];
        CFK_STORE(middle + x, sum);
      },
      {
        float sum = ROW(0)[x] * kernel[0];
        for (size_t tap = 1; tap < taps; tap++)
          sum += ROW(tap)[x] * kernel[tap];
        middle[x] = sum;
      });
#undef ROW
  for (size_t i = 1; i <= radius; i++) {
    middle[-(ptrdiff_t)i] = middle[cfk_reflect(-(ptrdiff_t)i, width)];
    middle[width - 1 + i] = middle[cfk_reflect((ptrdiff_t)(width - 1 + i), width)];
  }
  CFK_ACROSS(
      width,
      {
        cfk_f32 sum = CFK_LOAD(cfk_f32, line + x) * kernel[0];
        for (size_t tap = 1; tap < taps; tap++)
          sum += CFK_LOAD(cfk_f32, line + x + tap) * kernel[tap];
        CFK_STORE(output + x, sum);
      },
      {
        float sum = line[x] * kernel[0];
        for (size_t tap = 1; tap < taps; tap++)
          sum += line[x + tap] * kernel[tap];
        output[x] = sum;
      });
}

void CFK_NAME(local_contrast)(const uint8_t *plane, size_t width, size_t height,
                              const float *kernel, size_t radius, float epsilon, float *workspace,
                              float *output) {
  size_t count = width * height;
  float *levels = workspace, *squares = workspace + count, *line = squares + count;
  CFK_ACROSS(
      count,
      {
        cfk_f32 value = __builtin_convertvector(CFK_LOAD(cfk_u8, plane + x), cfk_f32) / 255.0f;
        CFK_STORE(levels + x, CFK_SQRT(value));
      },
      levels[x] = __builtin_sqrtf((float)plane[x] / 255.0f););
  for (size_t y = 0; y < height; y++)
    blurred_row(levels, width, height, y, kernel, radius, line, output + y * width);
  // Not in place: lanes of overlapping vectors are computed twice.
  CFK_ACROSS(
      count,
      {
        cfk_f32 deviation = CFK_LOAD(cfk_f32, levels + x) - CFK_LOAD(cfk_f32, output + x);
        CFK_STORE(squares + x, deviation);
      },
      squares[x] = levels[x] - output[x];);
  float *deviations = squares;
  squares = levels;
  CFK_ACROSS(
      count,
      {
        cfk_f32 deviation = CFK_LOAD(cfk_f32, deviations + x);
        CFK_STORE(squares + x, deviation * deviation);
      },
      squares[x] = deviations[x] * deviations[x];);
  for (size_t y = 0; y < height; y++)
    blurred_row(squares, width, height, y, kernel, radius, line, output + y * width);
  // The squares are spent: their place takes the denominators.
  CFK_ACROSS(
      count,
      {
        cfk_f32 variance = CFK_LOAD(cfk_f32, output + x);
        cfk_u32 kept = (cfk_u32)variance & (cfk_u32)(variance > 0);
        CFK_STORE(squares + x, CFK_SQRT((cfk_f32)kept) + epsilon);
      },
      squares[x] = __builtin_sqrtf(output[x] > 0 ? output[x] : 0) + epsilon;);
  CFK_ACROSS(count, CFK_STORE(output + x,
                              CFK_LOAD(cfk_f32, deviations + x) / CFK_LOAD(cfk_f32, squares + x));
             , output[x] = deviations[x] / squares[x];);
}
