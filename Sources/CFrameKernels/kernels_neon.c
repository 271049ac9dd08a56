// Advanced SIMD, part of every 64-bit ARM processor, so that no target attribute is needed. The
// scalar level is compiled for it too; what it gains here is cnt for bits, smlal and saddlp for
// pairs, and zips for transposes, none of which a compiler finds in the plain loops.
#if defined(__aarch64__)

#include <arm_neon.h>

#define CFK_SUFFIX neon
#define CFK_LANES 4

#include "CFrameKernels.h"
#include "vector.h"

// Each byte and its right neighbour, added.
CFK_INLINE cfk_u16x2 cfk_pairs(cfk_u8x4 v) { return (cfk_u16x2)vpaddlq_u8((uint8x16_t)v); }

CFK_INLINE cfk_i32 cfk_madd(cfk_i32 sum, cfk_i16x2 a, cfk_i16x2 b) {
  int32x4_t low = vmull_s16(vget_low_s16((int16x8_t)a), vget_low_s16((int16x8_t)b));
  int32x4_t high = vmull_high_s16((int16x8_t)a, (int16x8_t)b);
  return (cfk_i32)vaddq_s32((int32x4_t)sum, vpaddq_s32(low, high));
}

CFK_INLINE cfk_i16x2 cfk_load_part(const int16_t *values, size_t count) {
  cfk_i16x2 v = {0};
  for (size_t i = 0; i < count; i++)
    v[i] = values[i];
  return v;
}

CFK_INLINE uint32_t cfk_mask(cfk_i32 truth) {
  const uint32x4_t bits = {1, 2, 4, 8};
  return vaddvq_u32(vandq_u32((uint32x4_t)truth, bits));
}

CFK_INLINE cfk_u64 cfk_sum_bytes(cfk_u8x4 v) {
  return (cfk_u64)vpaddlq_u32(vpaddlq_u16(vpaddlq_u8((uint8x16_t)v)));
}

CFK_INLINE cfk_u64 cfk_sad(cfk_u8x4 a, cfk_u8x4 b) {
  return cfk_sum_bytes((cfk_u8x4)vabdq_u8((uint8x16_t)a, (uint8x16_t)b));
}

CFK_INLINE cfk_u8x4 cfk_count_bytes(cfk_u64 a) { return (cfk_u8x4)vcntq_u8((uint8x16_t)a); }

CFK_INLINE cfk_u64 cfk_count(cfk_u64 a) { return cfk_sum_bytes(cfk_count_bytes(a)); }

CFK_INLINE cfk_u64 cfk_count2(cfk_u64 a, cfk_u64 b) {
  return cfk_sum_bytes(cfk_count_bytes(a) + cfk_count_bytes(b));
}

CFK_INLINE cfk_u64 cfk_count4(cfk_u64 a, cfk_u64 b, cfk_u64 c, cfk_u64 d) {
  return cfk_sum_bytes((cfk_count_bytes(a) + cfk_count_bytes(b)) +
                       (cfk_count_bytes(c) + cfk_count_bytes(d)));
}

#include "area_vector.h"
#include "contrast_vector.h"
#include "equations_vector.h"
#include "hash_vector.h"
#include "codes_vector.h"
#include "rectify_vector.h"
#include "statistics_vector.h"

#endif
