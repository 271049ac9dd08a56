#pragma once

// Area reduction with vectors, one text for all instruction sets.
//
// Where the widths have a whole ratio such as 6, rows are summed one at a time; see reduce_row. For
// the rest, sums down the columns are taken for CFK_LANES output rows to a batch, which is then
// transposed, so that the sums along the rows are again sums of whole vectors, whatever the ratio
// of the widths is. A ratio costs one addition per column and two products per output pixel.
//
// Exactness of the division. D is the divisor, n = sum + D / 2. With n < 2^24 and D <= 2^16 the
// float quotient, truncated, is floor(n / D): below an integer k <= 256 the true quotient is at
// most k - 1/D <= k - 2^-16, a float. With n < 2^50 the same holds for double, because then 1 / (D
// k) > 2^-52. Sums in double are of integers below 2^50, hence exact too.
#include "area.h"
#include "vector.h"

enum { TILE = 256, PENDING = 16 };

CFK_INLINE cfk_u16x2 widened(const uint8_t *pixels) {
  cfk_u8x2 v;
  __builtin_memcpy(&v, pixels, sizeof v);
  return __builtin_convertvector(v, cfk_u16x2);
}

CFK_INLINE cfk_u32x2 widened16(const uint8_t *pixels) {
  cfk_u16x2 v;
  __builtin_memcpy(&v, pixels, sizeof v);
  return __builtin_convertvector(v, cfk_u32x2);
}

CFK_INLINE uint32_t sample(const uint8_t *row, uint32_t x, int bytes) {
  return bytes == 1 ? row[x] : (uint32_t)row[2 * x] | (uint32_t)row[2 * x + 1] << 8;
}

// Weighted sums of 2 * CFK_LANES columns, where 16 bits hold them.
CFK_INLINE cfk_u16x2 block_narrow(const uint8_t *source, ptrdiff_t stride, cfk_cover rows,
                                  uint32_t middle) {
  const uint8_t *row = source + (ptrdiff_t)rows.first * stride;
  cfk_u16x2 total = widened(row) * (uint16_t)rows.first_weight;
  if (rows.last > rows.first) {
    cfk_u16x2 whole = {0};
    for (uint32_t y = rows.first + 1; y < rows.last; y++) {
      row += stride;
      whole += widened(row);
    }
    total += whole * (uint16_t)middle + widened(row + stride) * (uint16_t)rows.last_weight;
  }
  return total;
}

CFK_INLINE void block_wide(uint32_t *sums, const uint8_t *source, ptrdiff_t stride, cfk_cover rows,
                           uint32_t middle, int bytes) {
#define ROW(p) (bytes == 1 ? __builtin_convertvector(widened(p), cfk_u32x2) : widened16(p))
  const uint8_t *row = source + (ptrdiff_t)rows.first * stride;
  cfk_u32x2 total = ROW(row) * rows.first_weight;
  if (rows.last > rows.first) {
    cfk_u32x2 whole = {0};
    for (uint32_t y = rows.first + 1; y < rows.last; y++) {
      row += stride;
      whole += ROW(row);
    }
    total += whole * middle + ROW(row + stride) * rows.last_weight;
  }
  __builtin_memcpy(sums, &total, sizeof total);
#undef ROW
}

// Sums of `count` columns. The last block overlaps the one before it: nothing right of the row is
// read, because a plane may end at the end of a page.
CFK_INLINE void columns(uint32_t *sums, const uint8_t *source, ptrdiff_t stride, cfk_cover rows,
                        uint32_t middle, uint32_t count, int bytes, int narrow) {
  const uint32_t step = 2 * CFK_LANES;
  if (count < step) {
    for (uint32_t x = 0; x < count; x++) {
      uint32_t sum = 0;
      for (uint32_t y = rows.first; y <= rows.last; y++) {
        uint32_t weight = y == rows.first  ? rows.first_weight
                          : y == rows.last ? rows.last_weight
                                           : middle;
        sum += sample(source + (ptrdiff_t)y * stride, x, bytes) * weight;
      }
      sums[x] = sum;
    }
    return;
  }
  for (uint32_t x = 0;; x += step) {
    if (x + step > count) {
      if (x == count)
        return;
      x = count - step;
    }
    const uint8_t *block = source + (size_t)x * (size_t)bytes;
    if (narrow)
      CFK_STORE(sums + x,
                __builtin_convertvector(block_narrow(block, stride, rows, middle), cfk_u32x2));
    else
      block_wide(sums + x, block, stride, rows, middle, bytes);
  }
}

typedef struct {
  uint8_t pixels[PENDING][CFK_LANES];
  uint32_t count;
  uint8_t *output;
  uint32_t out_width, rows;
} cfk_columns_out;

CFK_INLINE void flush(cfk_columns_out *out) {
  for (uint32_t y = 0; y < out->rows; y++)
    for (uint32_t x = 0; x < out->count; x++)
      out->output[(size_t)y * out->out_width + x] = out->pixels[x][y];
  out->output += out->count;
  out->count = 0;
}

CFK_INLINE void emit(cfk_columns_out *out, cfk_u32 value) {
  cfk_u32 limited = (value | (cfk_u32)(value > 255)) & 255;
  cfk_u8 bytes = __builtin_convertvector(limited, cfk_u8);
  __builtin_memcpy(out->pixels[out->count], &bytes, sizeof bytes);
  if (++out->count == PENDING)
    flush(out);
}

// Float division where it is exact.
CFK_INLINE cfk_u32 divided32(cfk_u32 sum, uint32_t divisor, int small) {
  cfk_u32 n = sum + divisor / 2;
  if (small) {
    cfk_f32 q = __builtin_convertvector((cfk_i32)n, cfk_f32) / (float)divisor;
    return (cfk_u32) __builtin_convertvector(q, cfk_i32);
  }
  cfk_f64 q = __builtin_convertvector(n, cfk_f64) / (double)divisor;
  return (cfk_u32) __builtin_convertvector(q, cfk_i32);
}

CFK_INLINE cfk_u32 divided64(cfk_f64 sum, uint64_t divisor) {
  cfk_f64 q = (sum + (double)(divisor / 2)) / (double)divisor;
  return (cfk_u32) __builtin_convertvector(q, cfk_i32);
}

// Walks along one batch of rows. T is the type of the sums; DIVIDE gives an output vector.
#define WALK(T, WIDEN, DIVIDE)                                                                     \
  do {                                                                                             \
    T sum = {0}, whole = {0};                                                                      \
    uint32_t missing = across.source_units;                                                        \
    for (uint32_t start = 0; start < width; start += TILE) {                                       \
      uint32_t count = width - start < TILE ? width - start : TILE;                                \
      for (uint32_t r = 0; r < out.rows; r++)                                                      \
        columns(sums[r], source + (size_t)start * (size_t)bytes, stride,                           \
                cfk_axis_cover(down, y + r), down.out_units, count, bytes, narrow);                \
      for (uint32_t x = 0; x < count; x += CFK_LANES) {                                            \
        cfk_u32 v[CFK_LANES];                                                                      \
        for (int r = 0; r < CFK_LANES; r++)                                                        \
          __builtin_memcpy(&v[r], &sums[r][x], sizeof v[r]);                                       \
        cfk_transpose(v);                                                                          \
        uint32_t here = count - x < CFK_LANES ? count - x : CFK_LANES;                             \
        for (uint32_t c = 0; c < here; c++) {                                                      \
          T column = WIDEN(v[c]);                                                                  \
          if (missing > across.out_units) {                                                        \
            whole += column;                                                                       \
            missing -= across.out_units;                                                           \
            continue;                                                                              \
          }                                                                                        \
          sum += whole * across.out_units + column * missing;                                      \
          emit(&out, DIVIDE(sum));                                                                 \
          uint32_t left = across.out_units - missing;                                              \
          for (; left >= across.source_units; left -= across.source_units)                         \
            emit(&out, DIVIDE(column *across.source_units));                                       \
          sum = column * left;                                                                     \
          whole = (T){0};                                                                          \
          missing = across.source_units - left;                                                    \
        }                                                                                          \
      }                                                                                            \
    }                                                                                              \
    flush(&out);                                                                                   \
  } while (0)

#define SAME(v) (v)
#define AS_DOUBLE(v) __builtin_convertvector(v, cfk_f64)
#define DIVIDE_SMALL(s) divided32(s, (uint32_t)divisor, 1)
#define DIVIDE_32(s) divided32(s, (uint32_t)divisor, 0)
#define DIVIDE_64(s) divided64(s, divisor)

enum { WIDE_TILE = 2304, CACHE_LINE = 64 };

// Whether `ratio` columns are summed by adding pairs, at least once, and triples: 6 and 12 are the
// ratios of 1920 and 3840 columns to 320.
CFK_INLINE int halves_and_thirds(uint32_t ratio) {
  if (ratio % 2 != 0 || ratio > WIDE_TILE)
    return 0;
  while (ratio % 2 == 0)
    ratio /= 2;
  while (ratio % 3 == 0)
    ratio /= 3;
  return ratio == 1;
}

CFK_INLINE void add_pairs(uint32_t *restrict sums, const uint32_t *restrict parts, uint32_t count) {
  for (uint32_t x = 0; x < count; x++)
    sums[x] = parts[2 * x] + parts[2 * x + 1];
}

CFK_INLINE void add_triples(uint32_t *restrict sums, const uint32_t *restrict parts,
                            uint32_t count) {
  for (uint32_t x = 0; x < count; x++)
    sums[x] = parts[3 * x] + parts[3 * x + 1] + parts[3 * x + 2];
}

// Sums of `count` columns of weighted pixels and their right neighbours, into count / 2 words of 16
// bits: the first step of the sums along the row is made, and one row is read after the other, as
// memory is fastest. A decoder's picture is no longer in the near caches.
// Where the rows are `even`, all weights are 1.
CFK_INLINE void column_pairs(uint16_t *sums, const uint8_t *source, ptrdiff_t stride,
                             cfk_cover rows, uint32_t middle, uint32_t count, int even) {
  const uint32_t step = 4 * CFK_LANES, whole = count - count % step;
  cfk_u16x2 last = {0};
  for (uint32_t y = rows.first; y <= rows.last; y++) {
    const uint8_t *row = source + (ptrdiff_t)y * stride;
    uint16_t weight = (uint16_t)(even              ? 1
                                 : y == rows.first ? rows.first_weight
                                 : y == rows.last  ? rows.last_weight
                                                   : middle);
    if (y == rows.first)
      for (uint32_t x = 0; x < whole; x += step)
        CFK_STORE(sums + x / 2, cfk_pairs(CFK_LOAD(cfk_u8x4, row + x)) * weight);
    else
      for (uint32_t x = 0; x < whole; x += step)
        CFK_STORE(sums + x / 2, CFK_LOAD(cfk_u16x2, sums + x / 2) +
                                    cfk_pairs(CFK_LOAD(cfk_u8x4, row + x)) * weight);
    // The rest of the row with what is left of it: nothing right of the row is read.
    if (whole < count)
      last += cfk_pairs(CFK_LOAD(cfk_u8x4, row + count - step)) * weight;
  }
  if (whole < count)
    CFK_STORE(sums + (count - step) / 2, last);
}

// One row of output where the sums of columns fit 16 bits, those of `paired` columns too, and
// `ratio` of them make a pixel.
CFK_INLINE void reduce_row(const uint8_t *source, ptrdiff_t stride, uint32_t width, cfk_cover rows,
                           uint32_t middle, uint32_t ratio, uint32_t divisor, int small, int paired,
                           int even, uint8_t *output) {
  uint16_t columns[WIDE_TILE];
  uint32_t buffers[2][WIDE_TILE / 2];
  const uint32_t step = 2 * CFK_LANES, most = WIDE_TILE / ratio * ratio;
  const uint32_t tile = width < most ? width : most;
  for (uint32_t start = 0; start < width; start += tile) {
    // The last tile, and in it the last block, overlap the ones before: all are whole.
    if (start + tile > width)
      start = width - tile;
    if (paired)
      column_pairs(columns, source + start, stride, rows, middle, tile, even);
    else
      for (uint32_t x = 0; x < tile; x += step) {
        if (x + step > tile)
          x = tile - step;
        CFK_STORE(columns + x, block_narrow(source + start + x, stride, rows, middle));
      }
    uint32_t *sums = buffers[0], *spare = buffers[1];
    uint32_t count = tile / 2, left = ratio / 2;
    if (paired && left == 3) {
      // The ratio of 1920 columns to 320.
      count /= 3;
      left = 1;
      for (uint32_t x = 0; x < count; x++)
        sums[x] = (uint32_t)columns[3 * x] + columns[3 * x + 1] + columns[3 * x + 2];
    } else if (paired)
      for (uint32_t x = 0; x < count; x++)
        sums[x] = columns[x];
    else
      for (uint32_t x = 0; x < count; x++)
        sums[x] = (uint32_t)columns[2 * x] + columns[2 * x + 1];
    while (left > 1) {
      uint32_t part = left % 2 == 0 ? 2 : 3;
      count /= part;
      left /= part;
      if (part == 2)
        add_pairs(spare, sums, count);
      else
        add_triples(spare, sums, count);
      uint32_t *swap = sums;
      sums = spare;
      spare = swap;
    }
    uint8_t *pixels = output + start / ratio;
    // Lanes past the last sum hold anything; they are not stored.
    for (uint32_t x = 0; x < count; x += CFK_LANES) {
      cfk_u32 value = divided32(CFK_LOAD(cfk_u32, sums + x), divisor, small);
      cfk_u8 bytes = __builtin_convertvector(value, cfk_u8);
      if (count - x >= CFK_LANES)
        CFK_STORE(pixels + x, bytes);
      else
        __builtin_memcpy(pixels + x, &bytes, count - x);
    }
  }
}

CFK_INLINE void area_reduce(const uint8_t *source, ptrdiff_t stride, uint32_t width,
                            uint32_t height, unsigned bit_depth, uint8_t *output,
                            uint32_t out_width, uint32_t out_height, int bytes) {
  // Lanes of rows below the picture keep the zeros, or sums of earlier rows; nobody reads them.
  uint32_t sums[CFK_LANES][TILE] = {{0}};
  cfk_axis across = cfk_axis_make(width, out_width), down = cfk_axis_make(height, out_height);
  uint64_t area = (uint64_t)across.source_units * down.source_units;
  uint64_t divisor = area << (bit_depth - 8), limit = bytes == 1 ? 255 : 65535;
  uint64_t largest = area * limit + divisor / 2;
  int narrow = bytes == 1 && down.source_units <= 65535 / 255;
  if (narrow && across.out_units == 1 && halves_and_thirds(across.source_units) &&
      width >= 2 * CFK_LANES && largest <= UINT32_MAX) {
    int small = largest < 1u << 24 && divisor <= 1u << 16;
    int paired = down.source_units <= 65535 / 510 && width >= 4 * CFK_LANES;
    for (uint32_t y = 0; y < out_height; y++) {
      cfk_cover rows = cfk_axis_cover(down, y);
      uint8_t *row = output + (size_t)y * out_width;
      // Each case is compiled on its own; films of 1080 rows are of the first.
      if (paired && down.out_units == 1)
        reduce_row(source, stride, width, rows, 1, across.source_units, (uint32_t)divisor, small, 1,
                   1, row);
      else if (paired)
        reduce_row(source, stride, width, rows, down.out_units, across.source_units,
                   (uint32_t)divisor, small, 1, 0, row);
      else
        reduce_row(source, stride, width, rows, down.out_units, across.source_units,
                   (uint32_t)divisor, small, 0, 0, row);
    }
    return;
  }
  for (uint32_t y = 0; y < out_height; y += CFK_LANES) {
    cfk_columns_out out = {.count = 0,
                           .output = output + (size_t)y * out_width,
                           .out_width = out_width,
                           .rows = out_height - y < CFK_LANES ? out_height - y : CFK_LANES};
    if (largest < 1u << 24 && divisor <= 1u << 16)
      WALK(cfk_u32, SAME, DIVIDE_SMALL);
    else if (largest <= UINT32_MAX)
      WALK(cfk_u32, SAME, DIVIDE_32);
    else
      WALK(cfk_f64, AS_DOUBLE, DIVIDE_64);
  }
}

void CFK_NAME(area_reduce8)(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,
                            uint32_t height, uint8_t *output, uint32_t out_width,
                            uint32_t out_height) {
  area_reduce(source, stride_bytes, width, height, 8, output, out_width, out_height, 1);
}

void CFK_NAME(area_reduce16)(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,
                             uint32_t height, unsigned bit_depth, uint8_t *output,
                             uint32_t out_width, uint32_t out_height) {
  area_reduce(source, stride_bytes, width, height, bit_depth, output, out_width, out_height, 2);
}

// The quotient by 146 is a product by its reciprocal, 57457 / 2^23, whose error is too small to show below
// 2^16: the distance from black is at most 219.
void CFK_NAME(widen)(uint8_t *samples, size_t count) {
  const size_t step = 2 * CFK_LANES;
  const cfk_u8x2 black = (cfk_u8x2){0} + 16, white = (cfk_u8x2){0} + 235;
  size_t i = 0;
  for (; i + step <= count; i += step) {
    const cfk_u8x2 clipped = CFK_MIN(CFK_MAX(CFK_LOAD(cfk_u8x2, samples + i), black), white);
    const cfk_u16x2 distance = __builtin_convertvector(clipped, cfk_u16x2) - 16;
    const cfk_u32x2 product = __builtin_convertvector(distance * 24 + 73, cfk_u32x2) * 57457;
    const cfk_u16x2 share = __builtin_convertvector(product >> 16, cfk_u16x2) >> 7;
    CFK_STORE(samples + i, __builtin_convertvector(distance + share, cfk_u8x2));
  }
  for (; i < count; i++)
    samples[i] = cfk_widened(samples[i]);
}
