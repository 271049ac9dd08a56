#if defined(__x86_64__)

// AVX2: vpmovzxbw and vpaddw over rows, 8x8 transposes in 24 shuffles. The scalar level has SSE2,
// half as wide, and walks the columns one by one.
#define CFK_LANES 8
#pragma clang attribute push(__attribute__((target("avx2,popcnt"))), apply_to = function)
#include "area_vector.h"

void cfk_area_reduce8_haswell(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,
                              uint32_t height, uint8_t *output, uint32_t out_width,
                              uint32_t out_height) {
  area_reduce(source, stride_bytes, width, height, 8, output, out_width, out_height, 1);
}

void cfk_area_reduce16_haswell(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,
                               uint32_t height, unsigned bit_depth, uint8_t *output,
                               uint32_t out_width, uint32_t out_height) {
  area_reduce(source, stride_bytes, width, height, bit_depth, output, out_width, out_height, 2);
}

#pragma clang attribute pop

#endif
