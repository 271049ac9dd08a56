#pragma once

// Sums over pairs of buffers and over planes, with vectors; all in integers.
#include "vector.h"

// Vectors between two moves of 32-bit sums to 64 bits: one vector adds at most 2 * 255 * 255 to a
// lane, and 16000 of those stay below 2^31.
enum { CHUNK = 16000 };

CFK_INLINE int64_t total32(cfk_i32 v) {
  int64_t sum = 0;
  for (int i = 0; i < CFK_LANES; i++)
    sum += v[i];
  return sum;
}

CFK_INLINE uint64_t total64(cfk_u64 v) {
  uint64_t sum = 0;
  for (int i = 0; i < CFK_LANES / 2; i++)
    sum += v[i];
  return sum;
}

// The samples from `at` on as one vector, with zeros, which add nothing to any sum here, behind the
// end of the buffer.
#define CFK_LOAD_PADDED(type, pointer, at, count)                                                  \
  ({                                                                                               \
    type cfk_padded = {0};                                                                         \
    size_t cfk_size = ((count) - (at)) * sizeof *(pointer);                                        \
    if (cfk_size >= sizeof cfk_padded)                                                             \
      __builtin_memcpy(&cfk_padded, (pointer) + (at), sizeof cfk_padded);                          \
    else                                                                                           \
      __builtin_memcpy(&cfk_padded, (pointer) + (at), cfk_size);                                   \
    cfk_padded;                                                                                    \
  })

#define WIDENED(v) ((cfk_i16x2) __builtin_convertvector(v, cfk_u16x2))

void CFK_NAME(moments)(const uint8_t *a, const uint8_t *b, size_t count, int64_t sums[5]) {
  const size_t step = 2 * CFK_LANES;
  const cfk_i16x2 one = (cfk_i16x2){0} + 1;
  int64_t total[5] = {0};
  for (size_t i = 0; i < count;) {
    size_t end = count - i < CHUNK * step ? count : i + CHUNK * step;
    cfk_i32 sa = {0}, sb = {0}, saa = {0}, sbb = {0}, sab = {0};
    for (; i < end; i += step) {
      cfk_i16x2 x = WIDENED(CFK_LOAD_PADDED(cfk_u8x2, a, i, end));
      cfk_i16x2 y = WIDENED(CFK_LOAD_PADDED(cfk_u8x2, b, i, end));
      sa = cfk_madd(sa, x, one);
      sb = cfk_madd(sb, y, one);
      saa = cfk_madd(saa, x, x);
      sbb = cfk_madd(sbb, y, y);
      sab = cfk_madd(sab, x, y);
    }
    total[0] += total32(sa);
    total[1] += total32(sb);
    total[2] += total32(saa);
    total[3] += total32(sbb);
    total[4] += total32(sab);
  }
  for (int k = 0; k < 5; k++)
    sums[k] = total[k];
}

int64_t CFK_NAME(dot8)(const int8_t *a, const int8_t *b, size_t count) {
  const size_t step = 2 * CFK_LANES;
  int64_t total = 0;
  for (size_t i = 0; i < count;) {
    size_t end = count - i < CHUNK * step ? count : i + CHUNK * step;
    cfk_i32 sum = {0};
    for (; i < end; i += step)
      sum = cfk_madd(sum, __builtin_convertvector(CFK_LOAD_PADDED(cfk_i8x2, a, i, end), cfk_i16x2),
                     __builtin_convertvector(CFK_LOAD_PADDED(cfk_i8x2, b, i, end), cfk_i16x2));
    total += total32(sum);
  }
  return total;
}

// The sum of two products is -2^31 + 65536...2^31: one too many for 32 signed bits. With 2^31 - 1
// added it fits 32 unsigned bits, and widening those takes a mask and a shift.
int64_t CFK_NAME(dot16)(const int16_t *a, const int16_t *b, size_t count) {
  const size_t step = 2 * CFK_LANES;
  const cfk_i32 bias = (cfk_i32){0} + INT32_MAX;
  cfk_u64 sums = {0};
  for (size_t i = 0; i < count; i += step) {
    cfk_u64 pairs = (cfk_u64)cfk_madd(bias, CFK_LOAD_PADDED(cfk_i16x2, a, i, count),
                                      CFK_LOAD_PADDED(cfk_i16x2, b, i, count));
    sums += (pairs & UINT32_MAX) + (pairs >> 32);
  }
  uint64_t biases = (uint64_t)((count + step - 1) / step) * CFK_LANES;
  return (int64_t)(total64(sums) - biases * INT32_MAX);
}

uint64_t CFK_NAME(sad)(const uint8_t *a, const uint8_t *b, size_t count) {
  const size_t step = 4 * CFK_LANES;
  cfk_u64 sums = {0};
  for (size_t i = 0; i < count; i += step)
    sums += cfk_sad(CFK_LOAD_PADDED(cfk_u8x4, a, i, count), CFK_LOAD_PADDED(cfk_u8x4, b, i, count));
  return total64(sums);
}

// A row of at most 65535 samples: 2048 vectors and more of 32 lanes' pairs cannot reach CHUNK.
void CFK_NAME(plane_row)(const uint8_t *row, size_t count, uint8_t *column_maxima,
                         uint32_t *column_sums, uint8_t *maximum, uint32_t *sum,
                         uint64_t *squares) {
  const size_t step = 2 * CFK_LANES;
  const cfk_i16x2 one = (cfk_i16x2){0} + 1;
  cfk_u8x2 highest = {0};
  cfk_i32 total = {0}, squared = {0};
  size_t x = 0;
  for (; x + step <= count; x += step) {
    cfk_u8x2 pixels = CFK_LOAD(cfk_u8x2, row + x);
    highest = CFK_MAX(highest, pixels);
    CFK_STORE(column_maxima + x, CFK_MAX(CFK_LOAD(cfk_u8x2, column_maxima + x), pixels));
    CFK_STORE(column_sums + x,
              CFK_LOAD(cfk_u32x2, column_sums + x) + __builtin_convertvector(pixels, cfk_u32x2));
    cfk_i16x2 wide = (cfk_i16x2) __builtin_convertvector(pixels, cfk_u16x2);
    total = cfk_madd(total, wide, one);
    squared = cfk_madd(squared, wide, wide);
  }
  uint8_t top = CFK_GREATEST(highest);
  int64_t all = total32(total), all_squared = total32(squared);
  for (; x < count; x++) {
    uint8_t value = row[x];
    top = value > top ? value : top;
    column_maxima[x] = value > column_maxima[x] ? value : column_maxima[x];
    column_sums[x] += value;
    all += value;
    all_squared += value * value;
  }
  *maximum = top;
  *sum = (uint32_t)all;
  *squares = (uint64_t)all_squared;
}
