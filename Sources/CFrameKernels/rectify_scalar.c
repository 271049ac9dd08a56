#include "CFrameKernels.h"

// A fused multiply-add rounds once instead of twice: other bits than the definition.
#pragma STDC FP_CONTRACT OFF

size_t cfk_rectify_scalar(const float *plane, size_t width, size_t height, const float *map,
                          float lens, float *output, float *mask) {
  const float across = (float)width, down = (float)height, ratio = down / across;
  size_t seen = 0;
  for (size_t y = 0; y < height; y++) {
    const float v = 2 * ((float)y + 0.5f) / down - 1, far = v * v * ratio * ratio;
    for (size_t x = 0; x < width; x++) {
      const float u = 2 * ((float)x + 0.5f) / across - 1;
      const float bend = 1 + lens * (u * u + far);
      const float fromX = (1 + u * bend) / 2, fromY = (1 + v * bend) / 2;
      const float depth = map[6] * fromX + map[7] * fromY + map[8];
      const float toX = (map[0] * fromX + map[1] * fromY + map[2]) / depth * across - 0.5f;
      const float toY = (map[3] * fromX + map[4] * fromY + map[5]) / depth * down - 0.5f;
      float *value = output + y * width + x;
      mask[y * width + x] = *value = 0;
      if (!(depth > 1e-3f && toX >= 1 && toY >= 1 && toX < across - 2 && toY < down - 2))
        continue;
      const int left = (int)toX, top = (int)toY;
      const float shareX = toX - (float)left, shareY = toY - (float)top;
      const float *at = plane + (size_t)top * width + (size_t)left;
      const float upper = at[0] + (at[1] - at[0]) * shareX;
      const float lower = at[width] + (at[width + 1] - at[width]) * shareX;
      *value = upper + (lower - upper) * shareY;
      mask[y * width + x] = 1;
      seen++;
    }
  }
  return seen;
}

void cfk_without_mean_scalar(const float *plane, const float *mask, size_t width, size_t height,
                             size_t radius, float *workspace, float *output) {
  // Sums of columns over the rows around, and from the left edge on; edges repeat them.
  const size_t reach = 2 * radius + 1;
  float *column = workspace, *columnSeen = column + width;
  float *sums = columnSeen + width, *seen = sums + width + reach;
  for (size_t x = 0; x < width; x++)
    column[x] = columnSeen[x] = 0;
  for (size_t y = 0; y < radius && y < height; y++)
    for (size_t x = 0; x < width; x++) {
      column[x] += plane[y * width + x] * mask[y * width + x];
      columnSeen[x] += mask[y * width + x];
    }
  for (size_t y = 0; y < height; y++) {
    const size_t entering = (y + radius) * width;
    for (size_t x = 0; y + radius < height && x < width; x++) {
      column[x] += plane[entering + x] * mask[entering + x];
      columnSeen[x] += mask[entering + x];
    }
    for (size_t x = 0; y > radius && x < width; x++) {
      const size_t leaving = (y - radius - 1) * width + x;
      column[x] -= plane[leaving] * mask[leaving];
      columnSeen[x] -= mask[leaving];
    }
    float sum = 0, count = 0;
    for (size_t x = 0; x < width + reach; x++) {
      if (x > radius && x - radius - 1 < width) {
        sum += column[x - radius - 1];
        count += columnSeen[x - radius - 1];
      }
      sums[x] = sum;
      seen[x] = count;
    }
    for (size_t x = 0; x < width; x++) {
      const float shown = seen[x + reach] - seen[x];
      const float mean = (sums[x + reach] - sums[x]) / (shown > 1 ? shown : 1);
      const size_t at = y * width + x;
      output[at] = mask[at] > 0 ? plane[at] - mean : 0;
    }
  }
}
