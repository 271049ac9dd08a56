#pragma once

// A plane seen through a projective map, and a plane without its local mean, with vectors.
#include "vector.h"

// Moments of a row are all computed, and of what lies beyond its end or the plane's nothing is kept.
size_t CFK_NAME(rectify)(const float *plane, size_t width, size_t height, const float *map,
                         float lens, float *output, float *mask) {
  const float across = (float)width, down = (float)height, ratio = down / across;
  cfk_f32 lanes;
  for (int i = 0; i < CFK_LANES; i++)
    lanes[i] = (float)i;
  size_t seen = 0;
  for (size_t y = 0; y < height; y++) {
    const float v = 2 * ((float)y + 0.5f) / down - 1, far = v * v * ratio * ratio;
    for (size_t x = 0; x < width; x += CFK_LANES) {
      const size_t some = width - x < CFK_LANES ? width - x : CFK_LANES;
      const cfk_f32 u = 2 * (((float)x + lanes) + 0.5f) / across - 1;
      const cfk_f32 bend = 1 + lens * (u * u + far);
      const cfk_f32 fromX = (1 + u * bend) / 2, fromY = (1 + v * bend) / 2;
      const cfk_f32 depth = map[6] * fromX + map[7] * fromY + map[8];
      const cfk_f32 toX = (map[0] * fromX + map[1] * fromY + map[2]) / depth * across - 0.5f;
      const cfk_f32 toY = (map[3] * fromX + map[4] * fromY + map[5]) / depth * down - 0.5f;
      const cfk_i32 shown = (depth > 1e-3f) & (toX >= 1) & (toY >= 1) & (toX < across - 2) &
                            (toY < down - 2);
      // What is not shown need not be a number: it is looked up at the first pixel.
      const cfk_f32 px = (cfk_f32)((cfk_i32)toX & shown), py = (cfk_f32)((cfk_i32)toY & shown);
      const cfk_i32 left = __builtin_convertvector(px, cfk_i32);
      const cfk_i32 top = __builtin_convertvector(py, cfk_i32);
      const cfk_i32 at = top * (int32_t)width + left;
      cfk_f32 a = {0}, b = {0}, c = {0}, d = {0};
      for (size_t i = 0; i < some; i++) {
        const float *pixel = plane + at[i];
        a[i] = pixel[0];
        b[i] = shown[i] ? pixel[1] : 0;
        c[i] = shown[i] ? pixel[width] : 0;
        d[i] = shown[i] ? pixel[width + 1] : 0;
        seen += (size_t)(shown[i] & 1);
      }
      const cfk_f32 shareX = px - __builtin_convertvector(left, cfk_f32);
      const cfk_f32 shareY = py - __builtin_convertvector(top, cfk_f32);
      const cfk_f32 upper = a + (b - a) * shareX, lower = c + (d - c) * shareX;
      const cfk_i32 value = (cfk_i32)(upper + (lower - upper) * shareY) & shown;
      const cfk_i32 one = (cfk_i32)((cfk_f32){0} + 1) & shown;
      __builtin_memcpy(output + y * width + x, &value, some * sizeof(float));
      __builtin_memcpy(mask + y * width + x, &one, some * sizeof(float));
    }
  }
  return seen;
}

CFK_INLINE void cfk_add_row(const float *plane, const float *mask, size_t width, float sign,
                            float *column, float *column_seen) {
  size_t x = 0;
  for (; x + CFK_LANES <= width; x += CFK_LANES) {
    const cfk_f32 shown = CFK_LOAD(cfk_f32, mask + x);
    CFK_STORE(column + x,
              CFK_LOAD(cfk_f32, column + x) + CFK_LOAD(cfk_f32, plane + x) * shown * sign);
    CFK_STORE(column_seen + x, CFK_LOAD(cfk_f32, column_seen + x) + shown * sign);
  }
  for (; x < width; x++) {
    column[x] += plane[x] * mask[x] * sign;
    column_seen[x] += mask[x] * sign;
  }
}

void CFK_NAME(without_mean)(const float *plane, const float *mask, size_t width, size_t height,
                            size_t radius, float *workspace, float *output) {
  const size_t reach = 2 * radius + 1;
  float *column = workspace, *column_seen = column + width;
  float *sums = column_seen + width, *seen = sums + width + reach;
  for (size_t x = 0; x < width; x++)
    column[x] = column_seen[x] = 0;
  for (size_t x = 0; x <= radius; x++)
    sums[x] = seen[x] = 0;
  for (size_t y = 0; y < radius && y < height; y++)
    cfk_add_row(plane + y * width, mask + y * width, width, 1, column, column_seen);
  for (size_t y = 0; y < height; y++) {
    if (y + radius < height)
      cfk_add_row(plane + (y + radius) * width, mask + (y + radius) * width, width, 1, column,
                  column_seen);
    if (y > radius)
      cfk_add_row(plane + (y - radius - 1) * width, mask + (y - radius - 1) * width, width, -1,
                  column, column_seen);
    float sum = 0, count = 0;
    for (size_t x = 0; x < width; x++) {
      sums[x + radius + 1] = sum += column[x];
      seen[x + radius + 1] = count += column_seen[x];
    }
    for (size_t x = width + radius + 1; x < width + reach; x++) {
      sums[x] = sum;
      seen[x] = count;
    }
    size_t x = 0;
    for (; x + CFK_LANES <= width; x += CFK_LANES) {
      const size_t at = y * width + x;
      const cfk_f32 shown =
          CFK_LOAD(cfk_f32, seen + x + reach) - CFK_LOAD(cfk_f32, seen + x);
      const cfk_f32 sum_around =
          CFK_LOAD(cfk_f32, sums + x + reach) - CFK_LOAD(cfk_f32, sums + x);
      const cfk_i32 some = shown > 1, one = (cfk_i32)((cfk_f32){0} + 1);
      const cfk_f32 mean = sum_around / (cfk_f32)(((cfk_i32)shown & some) | (one & ~some));
      const cfk_i32 inside = CFK_LOAD(cfk_f32, mask + at) > 0;
      CFK_STORE(output + at, (cfk_i32)(CFK_LOAD(cfk_f32, plane + at) - mean) & inside);
    }
    for (; x < width; x++) {
      const size_t at = y * width + x;
      const float shown = seen[x + reach] - seen[x];
      const float mean = (sums[x + reach] - sums[x]) / (shown > 1 ? shown : 1);
      output[at] = mask[at] > 0 ? plane[at] - mean : 0;
    }
  }
}
