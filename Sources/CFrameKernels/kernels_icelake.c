// AVX-512 with VPOPCNTDQ and VNNI. Beyond AVX2: registers of 64 bytes and 32 of them, one
// instruction for eight 64-bit counts, vpdpwssd for a multiply-add of pairs, shuffles of any two
// registers (vpermt2d), comparisons into masks, and masked loads for the rest of a row.
#if defined(__x86_64__)

#include <immintrin.h>

#define CFK_SUFFIX icelake
#define CFK_LANES 16
#pragma clang attribute push(                                                                      \
    __attribute__((                                                                                \
        target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,avx512vnni,popcnt"))),          \
    apply_to = function)

#include "CFrameKernels.h"
#include "vector.h"

// Each byte and its right neighbour, added.
CFK_INLINE cfk_u16x2 cfk_pairs(cfk_u8x4 v) {
  return (cfk_u16x2)_mm512_maddubs_epi16((__m512i)v, _mm512_set1_epi8(1));
}

CFK_INLINE cfk_i32 cfk_madd(cfk_i32 sum, cfk_i16x2 a, cfk_i16x2 b) {
  return (cfk_i32)_mm512_dpwssd_epi32((__m512i)sum, (__m512i)a, (__m512i)b);
}

CFK_INLINE cfk_i16x2 cfk_load_part(const int16_t *values, size_t count) {
  return (cfk_i16x2)_mm512_maskz_loadu_epi16((1u << count) - 1, values);
}

CFK_INLINE uint32_t cfk_mask(cfk_i32 truth) { return _mm512_movepi32_mask((__m512i)truth); }

CFK_INLINE cfk_u64 cfk_sad(cfk_u8x4 a, cfk_u8x4 b) {
  return (cfk_u64)_mm512_sad_epu8((__m512i)a, (__m512i)b);
}

CFK_INLINE cfk_u64 cfk_count(cfk_u64 a) { return (cfk_u64)_mm512_popcnt_epi64((__m512i)a); }

CFK_INLINE cfk_u64 cfk_count4(cfk_u64 a, cfk_u64 b, cfk_u64 c, cfk_u64 d) {
  return (cfk_count(a) + cfk_count(b)) + (cfk_count(c) + cfk_count(d));
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
