#include "CFrameKernels.h"

// Unsigned arithmetic stands for wrapping signed arithmetic, which C leaves undefined.

void cfk_project_scalar(const int16_t *vectors, size_t vector_count, const int16_t *matrix,
                        size_t rows, size_t columns, int32_t *output) {
  for (size_t v = 0; v < vector_count; v++)
    for (size_t r = 0; r < rows; r++) {
      uint32_t sum = 0;
      for (size_t c = 0; c < columns; c++)
        sum += (uint32_t)(vectors[v * columns + c] * matrix[r * columns + c]);
      output[v * rows + r] = (int32_t)sum;
    }
}

void cfk_quantise_scalar(const float *values, size_t hash_count, const float *thresholds,
                         int per_component, uint64_t *output) {
  for (size_t h = 0; h < hash_count; h++)
    for (size_t k = 0; k < 4; k++) {
      uint64_t word = 0;
      for (size_t c = 0; c < 64; c++)
        word |= (uint64_t)(values[64 * h + c] > thresholds[per_component ? 64 * k + c : k]) << c;
      output[4 * h + k] = word;
    }
}

static inline uint32_t distance256(const uint64_t *a, const uint64_t *b) {
  return (uint32_t)(__builtin_popcountll(a[0] ^ b[0]) + __builtin_popcountll(a[1] ^ b[1]) +
                    __builtin_popcountll(a[2] ^ b[2]) + __builtin_popcountll(a[3] ^ b[3]));
}

void cfk_hamming256_scalar(const uint64_t *query, const uint64_t *references, size_t count,
                           uint16_t *output) {
  for (size_t r = 0; r < count; r++)
    output[r] = (uint16_t)distance256(query, references + 4 * r);
}

void cfk_hamming64_scalar(uint64_t query, const uint64_t *references, size_t count,
                          uint16_t *output) {
  for (size_t r = 0; r < count; r++)
    output[r] = (uint16_t)__builtin_popcountll(query ^ references[r]);
}

static inline int32_t evidence(int32_t offset, int32_t scale, uint32_t distance, int16_t correction,
                               uint32_t shift, int32_t lower, int32_t upper) {
  uint32_t sixteenths = 16 * distance - (uint32_t)correction;
  int32_t z = (int32_t)((uint32_t)offset - (uint32_t)scale * sixteenths) >> shift;
  z = z < lower ? lower : z > upper ? upper : z;
  return correction == INT16_MIN ? 0 : z;
}

// References seen by all queries before the next ones: 16 kB of hashes stay in the first cache.
enum { BLOCK = 512 };

#define DIAGONAL(WORDS, DISTANCE)                                                                  \
  for (size_t start = 0; start < reference_count; start += BLOCK) {                                \
    size_t end = reference_count - start < BLOCK ? reference_count : start + BLOCK;                \
    for (size_t i = 0; i < query_count; i++) {                                                     \
      const uint64_t *query = queries + WORDS * i;                                                 \
      const int32_t offset = offsets[i], scale = scales[i];                                        \
      int32_t *diagonal = sums + (query_count - 1 - i);                                            \
      for (size_t r = start; r < end; r++) {                                                       \
        const uint64_t *reference = references + WORDS * r;                                        \
        int32_t z = evidence(offset, scale, DISTANCE, corrections[r], shift, lower, upper);        \
        diagonal[r] = (int32_t)((uint32_t)diagonal[r] + (uint32_t)z);                              \
      }                                                                                            \
    }                                                                                              \
  }

void cfk_diagonal256_scalar(const uint64_t *queries, const int32_t *offsets, const int32_t *scales,
                            size_t query_count, const uint64_t *references,
                            const int16_t *corrections, size_t reference_count, uint32_t shift,
                            int32_t lower, int32_t upper, int32_t *sums) {
  DIAGONAL(4, distance256(query, reference))
}

void cfk_diagonal64_scalar(const uint64_t *queries, const int32_t *offsets, const int32_t *scales,
                           size_t query_count, const uint64_t *references,
                           const int16_t *corrections, size_t reference_count, uint32_t shift,
                           int32_t lower, int32_t upper, int32_t *sums) {
  DIAGONAL(1, (uint32_t)__builtin_popcountll(*query ^ *reference))
}

void cfk_band256_scalar(const uint64_t *queries, const int32_t *offsets, const int32_t *scales,
                        size_t query_count, const uint64_t *references, const int16_t *corrections,
                        size_t reference_count, ptrdiff_t first, size_t count, uint32_t shift,
                        int32_t lower, int32_t upper, int32_t *sums) {
  for (size_t i = 0; i < query_count; i++)
    for (size_t j = 0; j < count; j++) {
      ptrdiff_t r = first + (ptrdiff_t)(i + j);
      if (r < 0 || (size_t)r >= reference_count)
        continue;
      uint32_t distance = distance256(queries + 4 * i, references + 4 * r);
      int32_t z = evidence(offsets[i], scales[i], distance, corrections[r], shift, lower, upper);
      sums[j] = (int32_t)((uint32_t)sums[j] + (uint32_t)z);
    }
}
