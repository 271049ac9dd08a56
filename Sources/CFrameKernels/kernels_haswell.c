// AVX2. The scalar level is compiled for SSE2, which every x86-64 has; here registers are twice as
// wide, pmovzx widens while loading, pshufb counts bits (two look-ups per byte, then psadbw) where
// SSE2 needs a dozen operations, and pmaddwd works on 16 pairs.
#if defined(__x86_64__)

#include <immintrin.h>

#define CFK_SUFFIX haswell
#define CFK_LANES 8
#pragma clang attribute push(__attribute__((target("avx2,popcnt"))), apply_to = function)

#include "CFrameKernels.h"
#include "vector.h"

// Each byte and its right neighbour, added.
CFK_INLINE cfk_u16x2 cfk_pairs(cfk_u8x4 v) {
  return (cfk_u16x2)_mm256_maddubs_epi16((__m256i)v, _mm256_set1_epi8(1));
}

CFK_INLINE cfk_i32 cfk_madd(cfk_i32 sum, cfk_i16x2 a, cfk_i16x2 b) {
  return (cfk_i32)_mm256_add_epi32((__m256i)sum, _mm256_madd_epi16((__m256i)a, (__m256i)b));
}

CFK_INLINE cfk_i16x2 cfk_load_part(const int16_t *values, size_t count) {
  cfk_i16x2 v = {0};
  for (size_t i = 0; i < count; i++)
    v[i] = values[i];
  return v;
}

CFK_INLINE uint32_t cfk_mask(cfk_i32 truth) { return (uint32_t)_mm256_movemask_ps((__m256)truth); }

CFK_INLINE cfk_u64 cfk_sad(cfk_u8x4 a, cfk_u8x4 b) {
  return (cfk_u64)_mm256_sad_epu8((__m256i)a, (__m256i)b);
}

CFK_INLINE cfk_u64 cfk_count(cfk_u64 a) {
  return cfk_sad(__builtin_elementwise_popcount((cfk_u8x4)a), (cfk_u8x4){0});
}

// Counts of bytes are at most 8 each, so that four of them still fit a byte.
CFK_INLINE cfk_u64 cfk_count4(cfk_u64 a, cfk_u64 b, cfk_u64 c, cfk_u64 d) {
  cfk_u8x4 ab =
      __builtin_elementwise_popcount((cfk_u8x4)a) + __builtin_elementwise_popcount((cfk_u8x4)b);
  cfk_u8x4 cd =
      __builtin_elementwise_popcount((cfk_u8x4)c) + __builtin_elementwise_popcount((cfk_u8x4)d);
  return cfk_sad(ab + cd, (cfk_u8x4){0});
}

#include "area_vector.h"
#include "contrast_vector.h"
#include "equations_vector.h"
#include "hash_vector.h"
#include "codes_vector.h"
#include "rectify_vector.h"
#include "statistics_vector.h"

#pragma clang attribute pop

#endif
