// Vector types and transposes for the kernels that are one text for all instruction sets: the file
// that includes this defines CFK_LANES, the number of 32-bit lanes of a register (4, 8 or 16).
// Only Clang's vector extensions are used, so that the text has one meaning everywhere.
#ifndef CFK_VECTOR_H
#define CFK_VECTOR_H

// Vectors are passed between functions that are always inlined, so no ABI is involved.
#pragma clang diagnostic ignored "-Wpsabi"

#include <stdint.h>

// A fused multiply-add rounds once instead of twice: other bits than the definition.
#pragma STDC FP_CONTRACT OFF

typedef uint8_t cfk_u8 __attribute__((vector_size(CFK_LANES)));
typedef uint8_t cfk_u8x2 __attribute__((vector_size(2 * CFK_LANES)));
typedef uint8_t cfk_u8x4 __attribute__((vector_size(4 * CFK_LANES)));
typedef int8_t cfk_i8x2 __attribute__((vector_size(2 * CFK_LANES)));
typedef uint16_t cfk_u16 __attribute__((vector_size(2 * CFK_LANES)));
typedef int16_t cfk_i16 __attribute__((vector_size(2 * CFK_LANES)));
typedef uint16_t cfk_u16x2 __attribute__((vector_size(4 * CFK_LANES)));
typedef int16_t cfk_i16x2 __attribute__((vector_size(4 * CFK_LANES)));
typedef uint32_t cfk_u32 __attribute__((vector_size(4 * CFK_LANES)));
typedef int32_t cfk_i32 __attribute__((vector_size(4 * CFK_LANES)));
typedef uint32_t cfk_u32x2 __attribute__((vector_size(8 * CFK_LANES)));
typedef uint32_t cfk_u32x4 __attribute__((vector_size(16 * CFK_LANES)));
typedef uint64_t cfk_u64 __attribute__((vector_size(4 * CFK_LANES)));
typedef uint64_t cfk_u64x2 __attribute__((vector_size(8 * CFK_LANES)));
typedef float cfk_f32 __attribute__((vector_size(4 * CFK_LANES)));
typedef double cfk_f64 __attribute__((vector_size(8 * CFK_LANES)));

#define CFK_INLINE static inline __attribute__((always_inline))

// Loads and stores of whole vectors at any address.
#define CFK_LOAD(type, pointer)                                                                    \
  ({                                                                                               \
    type cfk_loaded;                                                                               \
    __builtin_memcpy(&cfk_loaded, pointer, sizeof cfk_loaded);                                     \
    cfk_loaded;                                                                                    \
  })
#define CFK_STORE(pointer, vector)                                                                 \
  do {                                                                                             \
    __typeof__(vector) cfk_stored = (vector);                                                      \
    __builtin_memcpy(pointer, &cfk_stored, sizeof cfk_stored);                                     \
  } while (0)

#if defined(__clang__)
#define CFK_MAX(a, b) __builtin_elementwise_max(a, b)
#define CFK_MIN(a, b) __builtin_elementwise_min(a, b)
#define CFK_GREATEST(v) __builtin_reduce_max(v)
#define CFK_SQRT(v) __builtin_elementwise_sqrt(v)
#else
// The product is built by Clang; GCC is only asked whether it reads the text in the same way.
#define CFK_CHOSEN(a, b, relation)                                                                 \
  ({                                                                                               \
    __typeof__(a) cfk_a = (a), cfk_b = (b);                                                        \
    __typeof__(a) cfk_first = (__typeof__(a))(cfk_a relation cfk_b);                               \
    (cfk_a & cfk_first) | (cfk_b & ~cfk_first);                                                    \
  })
#define CFK_MAX(a, b) CFK_CHOSEN(a, b, >)
#define CFK_MIN(a, b) CFK_CHOSEN(a, b, <)
#define CFK_LANES_OF(v) (sizeof(v) / sizeof((v)[0]))
#define CFK_GREATEST(v)                                                                            \
  ({                                                                                               \
    __typeof__((v)[0]) cfk_top = (v)[0];                                                           \
    for (unsigned long i = 1; i < CFK_LANES_OF(v); i++)                                            \
      cfk_top = (v)[i] > cfk_top ? (v)[i] : cfk_top;                                               \
    cfk_top;                                                                                       \
  })
#define CFK_SQRT(v)                                                                                \
  ({                                                                                               \
    __typeof__(v) cfk_roots = (v);                                                                 \
    for (unsigned long i = 0; i < CFK_LANES_OF(cfk_roots); i++)                                    \
      cfk_roots[i] = __builtin_sqrtf(cfk_roots[i]);                                                \
    cfk_roots;                                                                                     \
  })
#endif

#define CFK_PASTE(a, b) a##b
#define CFK_PASTED(a, b) CFK_PASTE(a, b)
// The public name of an operation at the level that is being compiled.
#define CFK_NAME(operation) CFK_PASTED(CFK_PASTED(cfk_, operation), CFK_PASTED(_, CFK_SUFFIX))

#if CFK_LANES == 4

CFK_INLINE void cfk_transpose(cfk_u32 v[4]) {
  cfk_u32 a = __builtin_shufflevector(v[0], v[1], 0, 4, 1, 5);
  cfk_u32 b = __builtin_shufflevector(v[0], v[1], 2, 6, 3, 7);
  cfk_u32 c = __builtin_shufflevector(v[2], v[3], 0, 4, 1, 5);
  cfk_u32 d = __builtin_shufflevector(v[2], v[3], 2, 6, 3, 7);
  v[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  v[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  v[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  v[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

#elif CFK_LANES == 8

CFK_INLINE void cfk_transpose(cfk_u32 v[8]) {
  cfk_u32 t[8], u[8];
  for (int i = 0; i < 4; i++) {
    t[2 * i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    t[2 * i + 1] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 2; j++) {
      cfk_u32 a = t[4 * i + j], b = t[4 * i + j + 2];
      u[4 * i + 2 * j] = __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
      u[4 * i + 2 * j + 1] = __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int i = 0; i < 4; i++) {
    v[i] = __builtin_shufflevector(u[i], u[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    v[i + 4] = __builtin_shufflevector(u[i], u[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

#elif CFK_LANES == 16

CFK_INLINE void cfk_transpose(cfk_u32 v[16]) {
  cfk_u32 t[16], u[16];
  for (int i = 0; i < 8; i++) {
    t[2 * i] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9,
                                       25, 12, 28, 13, 29);
    t[2 * i + 1] = __builtin_shufflevector(v[2 * i], v[2 * i + 1], 2, 18, 3, 19, 6, 22, 7, 23, 10,
                                           26, 11, 27, 14, 30, 15, 31);
  }
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 2; j++) {
      cfk_u32 a = t[4 * i + j], b = t[4 * i + j + 2];
      u[4 * i + 2 * j] =
          __builtin_shufflevector(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29);
      u[4 * i + 2 * j + 1] =
          __builtin_shufflevector(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
    }
  // u[4 * g + k] holds, for rows 4g...4g+3, columns k, k + 4, k + 8, k + 12 in its quarters.
  for (int k = 0; k < 4; k++) {
    cfk_u32 a = u[k], b = u[4 + k], c = u[8 + k], d = u[12 + k];
    cfk_u32 low_ab =
        __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    cfk_u32 high_ab =
        __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    cfk_u32 low_cd =
        __builtin_shufflevector(c, d, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27);
    cfk_u32 high_cd =
        __builtin_shufflevector(c, d, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
    v[k] = __builtin_shufflevector(low_ab, low_cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25,
                                   26, 27);
    v[8 + k] = __builtin_shufflevector(low_ab, low_cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23,
                                       28, 29, 30, 31);
    v[4 + k] = __builtin_shufflevector(high_ab, high_cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19,
                                       24, 25, 26, 27);
    v[12 + k] = __builtin_shufflevector(high_ab, high_cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22,
                                        23, 28, 29, 30, 31);
  }
}

#endif
#endif
