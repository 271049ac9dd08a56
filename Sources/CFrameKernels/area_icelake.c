#if defined(__x86_64__)

// AVX-512: the same with 64-byte registers, and vpmovdb, vcvtudq2ps and masks, which AVX2 lacks.
#define CFK_LANES 16
#pragma clang attribute push(                                                                      \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,avx512vnni"))),      \
    apply_to = function)
#include "area_vector.h"

void cfk_area_reduce8_icelake(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,
                              uint32_t height, uint8_t *output, uint32_t out_width,
                              uint32_t out_height) {
  area_reduce(source, stride_bytes, width, height, 8, output, out_width, out_height, 1);
}

void cfk_area_reduce16_icelake(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,
                               uint32_t height, unsigned bit_depth, uint8_t *output,
                               uint32_t out_width, uint32_t out_height) {
  area_reduce(source, stride_bytes, width, height, bit_depth, output, out_width, out_height, 2);
}

#pragma clang attribute pop

#endif
