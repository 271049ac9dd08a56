#include "area.h"

// Columns summed at a time: the sums stay in the first-level cache and on the stack.
enum { TILE = 2048 };

// Sums of rows, weighted: at most 65535 * 65535, so 32 bits hold them for every picture.
static void vertical8(uint32_t *sums, const uint8_t *source, ptrdiff_t stride, cfk_cover rows,
                      uint32_t middle, uint32_t count) {
  const uint8_t *row = source + (ptrdiff_t)rows.first * stride;
  for (uint32_t x = 0; x < count; x++)
    sums[x] = row[x] * rows.first_weight;
  for (uint32_t y = rows.first + 1; y <= rows.last; y++) {
    uint32_t weight = y == rows.last ? rows.last_weight : middle;
    row = source + (ptrdiff_t)y * stride;
    for (uint32_t x = 0; x < count; x++)
      sums[x] += row[x] * weight;
  }
}

static void vertical16(uint32_t *sums, const uint8_t *source, ptrdiff_t stride, cfk_cover rows,
                       uint32_t middle, uint32_t count) {
  const uint16_t *row = (const uint16_t *)(const void *)(source + (ptrdiff_t)rows.first * stride);
  for (uint32_t x = 0; x < count; x++)
    sums[x] = row[x] * rows.first_weight;
  for (uint32_t y = rows.first + 1; y <= rows.last; y++) {
    uint32_t weight = y == rows.last ? rows.last_weight : middle;
    row = (const uint16_t *)(const void *)(source + (ptrdiff_t)y * stride);
    for (uint32_t x = 0; x < count; x++)
      sums[x] += row[x] * weight;
  }
}

static void reduce(const uint8_t *source, ptrdiff_t stride, uint32_t width, uint32_t height,
                   unsigned bit_depth, uint8_t *output, uint32_t out_width, uint32_t out_height) {
  uint32_t sums[TILE];
  cfk_axis across = cfk_axis_make(width, out_width), down = cfk_axis_make(height, out_height);
  uint64_t divisor = ((uint64_t)across.source_units * down.source_units) << (bit_depth - 8);
  for (uint32_t y = 0; y < out_height; y++) {
    cfk_cover rows = cfk_axis_cover(down, y);
    uint64_t sum = 0;
    uint32_t missing = across.source_units; // of the output pixel under way
    for (uint32_t start = 0; start < width; start += TILE) {
      uint32_t count = width - start < TILE ? width - start : TILE;
      if (bit_depth == 8)
        vertical8(sums, source + start, stride, rows, down.out_units, count);
      else
        vertical16(sums, source + (size_t)start * 2, stride, rows, down.out_units, count);
      for (uint32_t x = 0; x < count; x++) {
        uint32_t left = across.out_units;
        while (left) {
          uint32_t taken = left < missing ? left : missing;
          sum += (uint64_t)sums[x] * taken;
          left -= taken;
          missing -= taken;
          if (!missing) {
            uint64_t value = (sum + divisor / 2) / divisor;
            *output++ = value > 255 ? 255 : (uint8_t)value;
            sum = 0;
            missing = across.source_units;
          }
        }
      }
    }
  }
}

void cfk_area_reduce8_scalar(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,
                             uint32_t height, uint8_t *output, uint32_t out_width,
                             uint32_t out_height) {
  reduce(source, stride_bytes, width, height, 8, output, out_width, out_height);
}

void cfk_area_reduce16_scalar(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,
                              uint32_t height, unsigned bit_depth, uint8_t *output,
                              uint32_t out_width, uint32_t out_height) {
  reduce(source, stride_bytes, width, height, bit_depth, output, out_width, out_height);
}

void cfk_widen_scalar(uint8_t *samples, size_t count) {
  for (size_t i = 0; i < count; i++)
    samples[i] = cfk_widened(samples[i]);
}
