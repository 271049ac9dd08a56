#include "CFrameKernels.h"

void cfk_moments_scalar(const uint8_t *a, const uint8_t *b, size_t count, int64_t sums[5]) {
  int64_t sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0;
  for (size_t i = 0; i < count; i++) {
    sa += a[i];
    sb += b[i];
    saa += a[i] * a[i];
    sbb += b[i] * b[i];
    sab += a[i] * b[i];
  }
  sums[0] = sa, sums[1] = sb, sums[2] = saa, sums[3] = sbb, sums[4] = sab;
}

int64_t cfk_dot8_scalar(const int8_t *a, const int8_t *b, size_t count) {
  int64_t sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += a[i] * b[i];
  return sum;
}

int64_t cfk_dot16_scalar(const int16_t *a, const int16_t *b, size_t count) {
  int64_t sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += a[i] * b[i];
  return sum;
}

uint64_t cfk_sad_scalar(const uint8_t *a, const uint8_t *b, size_t count) {
  uint64_t sum = 0;
  for (size_t i = 0; i < count; i++)
    sum += (uint64_t)(a[i] > b[i] ? a[i] - b[i] : b[i] - a[i]);
  return sum;
}

void cfk_plane_row_scalar(const uint8_t *row, size_t count, uint8_t *column_maxima,
                          uint32_t *column_sums, uint8_t *maximum, uint32_t *sum,
                          uint64_t *squares) {
  uint8_t highest = 0;
  uint32_t total = 0;
  uint64_t squared = 0;
  for (size_t x = 0; x < count; x++) {
    uint8_t value = row[x];
    highest = value > highest ? value : highest;
    column_maxima[x] = value > column_maxima[x] ? value : column_maxima[x];
    column_sums[x] += value;
    total += value;
    squared += (uint64_t)(value * value);
  }
  *maximum = highest;
  *sum = total;
  *squares = squared;
}
