#if defined(__aarch64__)

// Advanced SIMD: ushll and add over rows, 4x4 transposes in 8 zips. It is part of every aarch64
// processor, so no target attribute is needed.
#define CFK_LANES 4
#include "area_vector.h"

void cfk_area_reduce8_neon(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,
                           uint32_t height, uint8_t *output, uint32_t out_width,
                           uint32_t out_height) {
  area_reduce(source, stride_bytes, width, height, 8, output, out_width, out_height, 1);
}

void cfk_area_reduce16_neon(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,
                            uint32_t height, unsigned bit_depth, uint8_t *output,
                            uint32_t out_width, uint32_t out_height) {
  area_reduce(source, stride_bytes, width, height, bit_depth, output, out_width, out_height, 2);
}

#endif
