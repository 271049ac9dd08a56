// Kernels over caller's buffers. Every operation exists once per instruction set, named
// cfk_<operation>_<set>; all of them give the same bits. Nothing here allocates, keeps state or
// checks its arguments: the Swift module FrameKernels does, and is the only one to import this.
// What each operation computes is said there, with the Swift definition beside it.
#ifndef CFRAMEKERNELS_H
#define CFRAMEKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Levels as bits of cfk_available_levels().
enum { CFK_SCALAR = 1, CFK_NEON = 2, CFK_HASWELL = 4, CFK_ICELAKE = 8 };

// The levels that this processor and this operating system can run.
uint32_t cfk_available_levels(void);

// The least-squares kernel: unknowns, and floats of a row, of which the last hold no unknown.
enum { CFK_UNKNOWNS = 13, CFK_ROW_LANES = 16 };

// Errors are told apart by so many eighths of a level where their median is looked for.
enum { CFK_ERROR_BINS = 512 };

// A list of signatures in which some are looked for that differ from one in few bits.
typedef struct {
  uint64_t signature, mask;
  uint32_t first, end, limit, owner;
} cfk_probe;

// Codes of a row, which is followed by as many masks.
enum { CFK_ROW_CODES = 40 };

#define CFK_DECLARE(suffix)                                                                        \
  void cfk_area_reduce8_##suffix(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,    \
                                 uint32_t height, uint8_t *output, uint32_t out_width,             \
                                 uint32_t out_height);                                             \
  void cfk_area_reduce16_##suffix(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,   \
                                  uint32_t height, unsigned bit_depth, uint8_t *output,            \
                                  uint32_t out_width, uint32_t out_height);                        \
  void cfk_widen_##suffix(uint8_t *samples, size_t count);                                         \
  void cfk_local_contrast_##suffix(const uint8_t *plane, size_t width, size_t height,              \
                                   const float *kernel, size_t radius, float epsilon,              \
                                   float *workspace, float *output);                               \
  void cfk_project_##suffix(const int16_t *vectors, size_t vector_count, const int16_t *matrix,    \
                            size_t rows, size_t columns, int32_t *output);                         \
  void cfk_quantise_##suffix(const float *values, size_t hash_count, const float *thresholds,      \
                             int per_component, uint64_t *output);                                 \
  void cfk_hamming256_##suffix(const uint64_t *query, const uint64_t *references, size_t count,    \
                               uint16_t *output);                                                  \
  void cfk_hamming64_##suffix(uint64_t query, const uint64_t *references, size_t count,            \
                              uint16_t *output);                                                   \
  void cfk_diagonal256_##suffix(                                                                   \
      const uint64_t *queries, const int32_t *offsets, const int32_t *scales, size_t query_count,  \
      const uint64_t *references, const int16_t *corrections, size_t reference_count,              \
      uint32_t shift, int32_t lower, int32_t upper, int32_t *sums);                                \
  void cfk_band256_##suffix(                                                                       \
      const uint64_t *queries, const int32_t *offsets, const int32_t *scales, size_t query_count,  \
      const uint64_t *references, const int16_t *corrections, size_t reference_count,              \
      ptrdiff_t first, size_t count, uint32_t shift, int32_t lower, int32_t upper, int32_t *sums); \
  void cfk_diagonal64_##suffix(                                                                    \
      const uint64_t *queries, const int32_t *offsets, const int32_t *scales, size_t query_count,  \
      const uint64_t *references, const int16_t *corrections, size_t reference_count,              \
      uint32_t shift, int32_t lower, int32_t upper, int32_t *sums);                                \
  void cfk_moments_##suffix(const uint8_t *a, const uint8_t *b, size_t count, int64_t sums[5]);    \
  int64_t cfk_dot8_##suffix(const int8_t *a, const int8_t *b, size_t count);                       \
  int64_t cfk_dot16_##suffix(const int16_t *a, const int16_t *b, size_t count);                    \
  uint64_t cfk_sad_##suffix(const uint8_t *a, const uint8_t *b, size_t count);                     \
  void cfk_plane_row_##suffix(const uint8_t *row, size_t count, uint8_t *column_maxima,            \
                              uint32_t *column_sums, uint8_t *maximum, uint32_t *sum,              \
                              uint64_t *squares);                                              \
  void cfk_normal_equations_##suffix(const float *rows, const float *values, const float *weights, \
                                     size_t count, float *sums);                               \
  void cfk_row_products_##suffix(const float *rows, const float *factors, size_t count,            \
                                 float *output);                                                   \
  void cfk_cauchy_weights_##suffix(const float *values, const float *predicted, const float *mask, \
                                   size_t count, float *weights);                              \
  size_t cfk_rectify_##suffix(const float *plane, size_t width, size_t height,                     \
                              const float *map, float lens, float *output, float *mask);           \
  void cfk_without_mean_##suffix(const float *plane, const float *mask, size_t width,              \
                                 size_t height, size_t radius, float *workspace, float *output);   \
  size_t cfk_sift_##suffix(const uint64_t *signatures, const cfk_probe *probes, size_t next,       \
                           size_t count, uint32_t *owners, uint32_t *places, size_t capacity,      \
                           size_t *found);                                                         \
  void cfk_compare_rows_##suffix(const uint16_t *rows, const uint32_t *owners,                     \
                                 const uint32_t *starts, size_t count, const uint16_t *codes,      \
                                 uint16_t *output);

CFK_DECLARE(scalar)
#if defined(__x86_64__)
CFK_DECLARE(haswell)
CFK_DECLARE(icelake)
#elif defined(__aarch64__)
CFK_DECLARE(neon)
#endif

#undef CFK_DECLARE

#endif
