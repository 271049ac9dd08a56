#pragma once

// Projection, quantisation, distances and diagonal sums with vectors.
#include "vector.h"

// Products of `count` rows with one vector. A transpose adds up the lanes of all rows at once; sums
// are modulo 2^32, so their order does not matter.
CFK_INLINE cfk_u32 cfk_row_products(const int16_t *vector, const int16_t *rows, size_t columns,
                                    size_t count) {
  const size_t step = 2 * CFK_LANES;
  cfk_u32 sums[CFK_LANES] = {{0}};
  size_t c = 0;
  for (; c + step <= columns; c += step) {
    cfk_i16x2 x = CFK_LOAD(cfk_i16x2, vector + c);
    for (size_t i = 0; i < count; i++)
      sums[i] = (cfk_u32)cfk_madd((cfk_i32)sums[i], x, CFK_LOAD(cfk_i16x2, rows + i * columns + c));
  }
  if (c < columns) {
    cfk_i16x2 x = cfk_load_part(vector + c, columns - c);
    for (size_t i = 0; i < count; i++)
      sums[i] = (cfk_u32)cfk_madd((cfk_i32)sums[i], x,
                                  cfk_load_part(rows + i * columns + c, columns - c));
  }
  cfk_transpose(sums);
  cfk_u32 total = sums[0];
  for (size_t i = 1; i < CFK_LANES; i++)
    total += sums[i];
  return total;
}

void CFK_NAME(project)(const int16_t *vectors, size_t vector_count, const int16_t *matrix,
                       size_t rows, size_t columns, int32_t *output) {
  for (size_t v = 0; v < vector_count; v++) {
    const int16_t *vector = vectors + v * columns;
    int32_t *out = output + v * rows;
    size_t r = 0;
    // A count that the compiler knows keeps the sums in registers.
    for (; r + CFK_LANES <= rows; r += CFK_LANES)
      CFK_STORE(out + r, cfk_row_products(vector, matrix + r * columns, columns, CFK_LANES));
    if (r < rows) {
      cfk_u32 total = cfk_row_products(vector, matrix + r * columns, columns, rows - r);
      __builtin_memcpy(out + r, &total, (rows - r) * sizeof *out);
    }
  }
}

void CFK_NAME(quantise)(const float *values, size_t hash_count, const float *thresholds,
                        int per_component, uint64_t *output) {
  for (size_t h = 0; h < hash_count; h++)
    for (size_t k = 0; k < 4; k++) {
      uint64_t word = 0;
      for (size_t c = 0; c < 64; c += CFK_LANES) {
        cfk_f32 value = CFK_LOAD(cfk_f32, values + 64 * h + c);
        cfk_f32 threshold = per_component ? CFK_LOAD(cfk_f32, thresholds + 64 * k + c)
                                          : (cfk_f32){0} + thresholds[k];
        word |= (uint64_t)cfk_mask(value > threshold) << c;
      }
      output[4 * h + k] = word;
    }
}

// The low halves of two vectors of 64-bit counts, as one vector of 32-bit counts.
#if CFK_LANES == 4
#define CFK_EVEN(a, b) __builtin_shufflevector((cfk_u32)(a), (cfk_u32)(b), 0, 2, 4, 6)
#elif CFK_LANES == 8
#define CFK_EVEN(a, b)                                                                             \
  __builtin_shufflevector((cfk_u32)(a), (cfk_u32)(b), 0, 2, 4, 6, 8, 10, 12, 14)
#else
#define CFK_EVEN(a, b)                                                                             \
  __builtin_shufflevector((cfk_u32)(a), (cfk_u32)(b), 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22,   \
                          24, 26, 28, 30)
#endif

// Distances of CFK_LANES hashes of 256 bits, which lie one after another, from the query.
#if CFK_LANES == 4

typedef struct {
  cfk_u64 low, high;
} cfk_query;

CFK_INLINE cfk_query cfk_query_load(const uint64_t *words) {
  return (cfk_query){CFK_LOAD(cfk_u64, words), CFK_LOAD(cfk_u64, words + 2)};
}

CFK_INLINE cfk_u32 cfk_distances(cfk_query query, const uint64_t *references) {
  cfk_u64 c[4];
  for (int i = 0; i < 4; i++)
    c[i] = cfk_count2(CFK_LOAD(cfk_u64, references + 4 * i) ^ query.low,
                      CFK_LOAD(cfk_u64, references + 4 * i + 2) ^ query.high);
  cfk_u64 a = __builtin_shufflevector(c[0], c[1], 0, 2) + __builtin_shufflevector(c[0], c[1], 1, 3);
  cfk_u64 b = __builtin_shufflevector(c[2], c[3], 0, 2) + __builtin_shufflevector(c[2], c[3], 1, 3);
  return CFK_EVEN(a, b);
}

#elif CFK_LANES == 8

typedef cfk_u64 cfk_query;

CFK_INLINE cfk_query cfk_query_load(const uint64_t *words) { return CFK_LOAD(cfk_u64, words); }

CFK_INLINE cfk_u32 cfk_distances(cfk_query query, const uint64_t *references) {
  cfk_u64 t[4], u[2];
  for (int i = 0; i < 4; i++) {
    cfk_u64 a = cfk_count(CFK_LOAD(cfk_u64, references + 8 * i) ^ query);
    cfk_u64 b = cfk_count(CFK_LOAD(cfk_u64, references + 8 * i + 4) ^ query);
    t[i] = __builtin_shufflevector(a, b, 0, 4, 2, 6) + __builtin_shufflevector(a, b, 1, 5, 3, 7);
  }
  for (int i = 0; i < 2; i++)
    u[i] = __builtin_shufflevector(t[2 * i], t[2 * i + 1], 0, 1, 4, 5) +
           __builtin_shufflevector(t[2 * i], t[2 * i + 1], 2, 3, 6, 7);
  return CFK_EVEN(u[0], u[1]);
}

#else

typedef cfk_u64 cfk_query;

CFK_INLINE cfk_query cfk_query_load(const uint64_t *words) {
  cfk_u64 query = {words[0], words[1], words[2], words[3], words[0], words[1], words[2], words[3]};
  return query;
}

CFK_INLINE cfk_u32 cfk_distances(cfk_query query, const uint64_t *references) {
  cfk_u64 t[4], u[2];
  for (int i = 0; i < 4; i++) {
    cfk_u64 a = cfk_count(CFK_LOAD(cfk_u64, references + 16 * i) ^ query);
    cfk_u64 b = cfk_count(CFK_LOAD(cfk_u64, references + 16 * i + 8) ^ query);
    t[i] = __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14) +
           __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
  }
  for (int i = 0; i < 2; i++)
    u[i] = __builtin_shufflevector(t[2 * i], t[2 * i + 1], 0, 1, 4, 5, 8, 9, 12, 13) +
           __builtin_shufflevector(t[2 * i], t[2 * i + 1], 2, 3, 6, 7, 10, 11, 14, 15);
  // Both u hold hashes 0 2 | 1 3 | 4 6 | 5 7 of their eight.
  return __builtin_shufflevector((cfk_u32)u[0], (cfk_u32)u[1], 0, 4, 2, 6, 8, 12, 10, 14, 16, 20,
                                 18, 22, 24, 28, 26, 30);
}

#endif

CFK_INLINE uint32_t distance_one(const uint64_t *a, const uint64_t *b) {
  return (uint32_t)(__builtin_popcountll(a[0] ^ b[0]) + __builtin_popcountll(a[1] ^ b[1]) +
                    __builtin_popcountll(a[2] ^ b[2]) + __builtin_popcountll(a[3] ^ b[3]));
}

CFK_INLINE cfk_u32 cfk_distances64(cfk_u64 query, const uint64_t *references) {
  return CFK_EVEN(cfk_count(CFK_LOAD(cfk_u64, references) ^ query),
                  cfk_count(CFK_LOAD(cfk_u64, references + CFK_LANES / 2) ^ query));
}

void CFK_NAME(hamming256)(const uint64_t *query, const uint64_t *references, size_t count,
                          uint16_t *output) {
  cfk_query words = cfk_query_load(query);
  size_t r = 0;
  for (; r + CFK_LANES <= count; r += CFK_LANES)
    CFK_STORE(output + r,
              __builtin_convertvector(cfk_distances(words, references + 4 * r), cfk_u16));
  for (; r < count; r++)
    output[r] = (uint16_t)distance_one(query, references + 4 * r);
}

void CFK_NAME(hamming64)(uint64_t query, const uint64_t *references, size_t count,
                         uint16_t *output) {
  cfk_u64 word = (cfk_u64){0} + query;
  size_t r = 0;
  for (; r + CFK_LANES <= count; r += CFK_LANES)
    CFK_STORE(output + r, __builtin_convertvector(cfk_distances64(word, references + r), cfk_u16));
  for (; r < count; r++)
    output[r] = (uint16_t)__builtin_popcountll(query ^ references[r]);
}

typedef struct {
  int32_t offset, scale;
  uint32_t shift;
  int32_t lower, upper;
} cfk_evidence;

CFK_INLINE cfk_u32 evidence_of(cfk_u32 distance, const int16_t *corrections, cfk_evidence e) {
  cfk_i32 correction = __builtin_convertvector(CFK_LOAD(cfk_i16, corrections), cfk_i32);
  cfk_u32 sixteenths = (distance << 4) - (cfk_u32)correction;
  cfk_i32 z = (cfk_i32)((uint32_t)e.offset - sixteenths * (uint32_t)e.scale) >> (int32_t)e.shift;
  z = CFK_MIN(CFK_MAX(z, (cfk_i32){0} + e.lower), (cfk_i32){0} + e.upper);
  return (cfk_u32)(z & (correction != INT16_MIN));
}

CFK_INLINE void add_evidence(int32_t *sums, cfk_u32 distance, const int16_t *corrections,
                             cfk_evidence e) {
  CFK_STORE(sums, CFK_LOAD(cfk_u32, sums) + evidence_of(distance, corrections, e));
}

CFK_INLINE void add_evidence_one(int32_t *sum, uint32_t distance, int16_t correction,
                                 cfk_evidence e) {
  if (correction == INT16_MIN)
    return;
  uint32_t sixteenths = 16 * distance - (uint32_t)correction;
  int32_t z = (int32_t)((uint32_t)e.offset - (uint32_t)e.scale * sixteenths) >> e.shift;
  z = z < e.lower ? e.lower : z > e.upper ? e.upper : z;
  *sum = (int32_t)((uint32_t)*sum + (uint32_t)z);
}

// References in one block, seen by all queries before the next block: with their sums they fill
// less than half of a first-level cache of 48 kB.
enum { BLOCK = 512 };
// From here on it pays to turn a block into four planes of words, which saves the sums across
// lanes.
enum { PLANES_PAY = 4 };

void CFK_NAME(diagonal256)(const uint64_t *queries, const int32_t *offsets, const int32_t *scales,
                           size_t query_count, const uint64_t *references,
                           const int16_t *corrections, size_t reference_count, uint32_t shift,
                           int32_t lower, int32_t upper, int32_t *sums) {
  // Aligned, or every load of a whole register would touch two cache lines.
  _Alignas(64) uint64_t planes[4][BLOCK];
  for (size_t start = 0; start < reference_count; start += BLOCK) {
    const uint64_t *block = references + 4 * start;
    const int16_t *local = corrections + start;
    size_t count = reference_count - start < BLOCK ? reference_count - start : BLOCK;
    size_t whole = count - count % CFK_LANES;
    if (query_count >= PLANES_PAY)
      for (size_t r = 0; r < whole; r++)
        for (size_t w = 0; w < 4; w++)
          planes[w][r] = block[4 * r + w];
    for (size_t i = 0; i < query_count; i++) {
      const uint64_t *query = queries + 4 * i;
      int32_t *diagonal = sums + (query_count - 1 - i) + start;
      cfk_evidence e = {offsets[i], scales[i], shift, lower, upper};
      if (query_count >= PLANES_PAY) {
        for (size_t r = 0; r < whole; r += CFK_LANES) {
          cfk_u64 half[2];
          for (size_t h = 0; h < 2; h++) {
            size_t at = r + h * (CFK_LANES / 2);
            half[h] = cfk_count4(CFK_LOAD(cfk_u64, &planes[0][at]) ^ query[0],
                                 CFK_LOAD(cfk_u64, &planes[1][at]) ^ query[1],
                                 CFK_LOAD(cfk_u64, &planes[2][at]) ^ query[2],
                                 CFK_LOAD(cfk_u64, &planes[3][at]) ^ query[3]);
          }
          add_evidence(diagonal + r, CFK_EVEN(half[0], half[1]), local + r, e);
        }
      } else {
        cfk_query words = cfk_query_load(query);
        for (size_t r = 0; r < whole; r += CFK_LANES)
          add_evidence(diagonal + r, cfk_distances(words, block + 4 * r), local + r, e);
      }
      for (size_t r = whole; r < count; r++)
        add_evidence_one(diagonal + r, distance_one(query, block + 4 * r), local[r], e);
    }
  }
}

// The sums of a few neighbouring diagonals stay in a register while all queries pass over them.
void CFK_NAME(band256)(const uint64_t *queries, const int32_t *offsets, const int32_t *scales,
                       size_t query_count, const uint64_t *references, const int16_t *corrections,
                       size_t reference_count, ptrdiff_t first, size_t count, uint32_t shift,
                       int32_t lower, int32_t upper, int32_t *sums) {
  for (size_t j = 0; j < count; j += CFK_LANES) {
    size_t lanes = count - j < CFK_LANES ? count - j : CFK_LANES;
    cfk_u32 total = {0};
    for (size_t i = 0; i < query_count; i++) {
      const uint64_t *query = queries + 4 * i;
      cfk_evidence e = {offsets[i], scales[i], shift, lower, upper};
      ptrdiff_t r = first + (ptrdiff_t)(i + j);
      // Diagonals beyond the last one are added up, too, and left at that.
      if (r >= 0 && (size_t)r + CFK_LANES <= reference_count) {
        cfk_u32 distance = cfk_distances(cfk_query_load(query), references + 4 * r);
        total += evidence_of(distance, corrections + r, e);
        continue;
      }
      for (size_t lane = 0; lane < lanes; lane++) {
        ptrdiff_t at = r + (ptrdiff_t)lane;
        if (at >= 0 && (size_t)at < reference_count)
          add_evidence_one(sums + j + lane, distance_one(query, references + 4 * at),
                           corrections[at], e);
      }
    }
    for (size_t lane = 0; lane < lanes; lane++)
      sums[j + lane] = (int32_t)((uint32_t)sums[j + lane] + total[lane]);
  }
}

void CFK_NAME(diagonal64)(const uint64_t *queries, const int32_t *offsets, const int32_t *scales,
                          size_t query_count, const uint64_t *references,
                          const int16_t *corrections, size_t reference_count, uint32_t shift,
                          int32_t lower, int32_t upper, int32_t *sums) {
  // Four times as many, of a quarter of the size.
  const size_t size = 4 * BLOCK;
  for (size_t start = 0; start < reference_count; start += size) {
    const uint64_t *block = references + start;
    const int16_t *local = corrections + start;
    size_t count = reference_count - start < size ? reference_count - start : size;
    for (size_t i = 0; i < query_count; i++) {
      int32_t *diagonal = sums + (query_count - 1 - i) + start;
      cfk_evidence e = {offsets[i], scales[i], shift, lower, upper};
      cfk_u64 word = (cfk_u64){0} + queries[i];
      size_t r = 0;
      for (; r + CFK_LANES <= count; r += CFK_LANES)
        add_evidence(diagonal + r, cfk_distances64(word, block + r), local + r, e);
      for (; r < count; r++)
        add_evidence_one(diagonal + r, (uint32_t)__builtin_popcountll(queries[i] ^ block[r]),
                         local[r], e);
    }
  }
}
