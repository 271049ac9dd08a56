// Compares every kernel of one level, CFK_LEVEL, with the scalar one bit for bit: random sizes and
// contents, extremes, lengths around each vector size. Buffers end where a page ends that is followed
// by one that cannot be touched, so that reading or writing beyond them ends the program.
// The scalar kernels are compared with plain Swift by FrameKernelsTests.
#include "CFrameKernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PASTE(a, b) a##b
#define PASTED(a, b) PASTE(a, b)
#define AT_LEVEL(operation) PASTED(PASTED(cfk_, operation), PASTED(_, CFK_LEVEL))

static uint64_t state = 20261127;

static uint64_t next(void) {
  // SplitMix64.
  uint64_t z = state += 0x9E3779B97F4A7C15u;
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

static size_t between(size_t least, size_t most) { return least + next() % (most - least + 1); }

// MARK: Buffers

enum { ARENAS = 10, ARENA_BYTES = 1 << 23 };
static uint8_t *arenas[ARENAS];
static int used;

static void make_arenas(void) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  for (int i = 0; i < ARENAS; i++) {
    uint8_t *start = mmap(NULL, ARENA_BYTES + page, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED || mprotect(start + ARENA_BYTES, page, PROT_NONE) != 0) {
      perror("kernels");
      exit(2);
    }
    arenas[i] = start;
  }
}

// A buffer of `size` bytes that ends with its arena, until the next case.
static void *buffer(size_t size) {
  if (used == ARENAS || size > ARENA_BYTES) {
    fprintf(stderr, "kernels: a case needs more memory than there is\n");
    exit(2);
  }
  return arenas[used++] + ARENA_BYTES - size;
}

enum { RANDOM, ZEROS, ONES, ALTERNATING, HIGH, LOW, FILLS };

// Noise, and what makes sums overflow or comparisons tie; in elements of `width` bytes.
static void *filled(size_t count, size_t width, int fill) {
  uint8_t *bytes = buffer(count * width);
  for (size_t i = 0; i < count; i++) {
    const uint64_t noise = next();
    uint64_t word = noise;
    // The least and the greatest signed numbers alternate.
    const uint64_t least = 1ull << (8 * width - 1);
    switch (fill) {
    case ZEROS: word = 0; break;
    case ONES: word = UINT64_MAX; break;
    case ALTERNATING: word = i % 2 ? least : least - 1; break;
    case HIGH: word = ~(noise & 0x0101010101010101u); break;
    case LOW: word = noise & 0x0101010101010101u; break;
    default: break;
    }
    memcpy(bytes + i * width, &word, width);
  }
  return bytes;
}

// MARK: Results

static unsigned long cases;
static int failures;

static void compare(const char *kernel, const void *expected, const void *found, size_t size,
                    const char *shape) {
  cases++;
  if (memcmp(expected, found, size) == 0)
    return;
  size_t at = 0;
  while (((const uint8_t *)expected)[at] == ((const uint8_t *)found)[at])
    at++;
  fprintf(stderr, "%s differs from scalar: %s, byte %zu of %zu\n", kernel, shape, at, size);
  failures++;
}

static void report(const char *kernel) {
  printf("%s %lu cases\n", kernel, cases);
  cases = 0;
}

#define SHAPE(...)                                                                                 \
  char shape[160];                                                                                 \
  snprintf(shape, sizeof shape, __VA_ARGS__);                                                      \
  used = 0

// Lengths around every vector size first, then any.
static size_t length(int round, size_t most) {
  static const size_t usual[] = {1,  2,  3,  4,  5,  7,  8,  9,   15,  16,  17,  31,
                                 32, 33, 63, 64, 65, 127, 128, 129, 255, 511, 512, 513};
  const size_t known = sizeof usual / sizeof *usual;
  const size_t chosen = (size_t)round < known ? usual[round] : between(1, most);
  return chosen < most ? chosen : most;
}

// MARK: Kernels

typedef struct {
  uint32_t width, height, out_width, out_height;
} area_shape;

// Ratios that have ways of their own: 2, 4, 6, 8, 12 and 18; more columns than are taken at a time;
// sums of too many rows for 16 bits; enlargement.
static const area_shape area_shapes[] = {
    {1, 1, 1, 1},       {1, 1, 5, 3},        {64, 36, 32, 18},  {1920, 27, 320, 5},
    {204, 60, 34, 10},  {264, 31, 33, 31},   {3840, 24, 320, 2}, {4716, 20, 262, 3},
    {192, 257, 96, 1},  {96, 258, 48, 1},    {6912, 4, 2, 2},   {1920, 1080, 320, 180},
    {1920, 1080, 160, 90}, {848, 480, 320, 180}, {1021, 1019, 3, 2}, {5, 7, 1000, 33},
};

static area_shape any_area(int round) {
  const int known = sizeof area_shapes / sizeof *area_shapes;
  if (round < known)
    return area_shapes[round];
  const uint32_t most = round % 8 == 0 ? 700 : 80;
  return (area_shape){(uint32_t)between(1, most), (uint32_t)between(1, most),
                      (uint32_t)between(1, most), (uint32_t)between(1, most)};
}

static void area_reduce(void) {
  for (int depth = 8; depth <= 16; depth += depth == 8 ? 1 : depth == 9 ? 1 : depth == 10 ? 2 : 4) {
    for (int round = 0; round < 160; round++) {
      const area_shape s = any_area(round);
      const int fill = round % FILLS;
      const size_t bytes = depth == 8 ? 1 : 2, gap = between(0, 9);
      SHAPE("%ux%u to %ux%u, %d bits, fill %d", s.width, s.height, s.out_width, s.out_height, depth,
            fill);
      // No gap behind the last row.
      uint8_t *plane = filled((s.height - 1) * (s.width + gap) + s.width, bytes, fill);
      ptrdiff_t stride = (ptrdiff_t)((s.width + gap) * bytes);
      if (round % 5 == 4) {
        plane += stride * (ptrdiff_t)(s.height - 1);
        stride = -stride;
      }
      const size_t size = (size_t)s.out_width * s.out_height;
      uint8_t *expected = filled(size, 1, ZEROS), *found = filled(size, 1, ONES);
      if (bytes == 1) {
        cfk_area_reduce8_scalar(plane, stride, s.width, s.height, expected, s.out_width,
                                s.out_height);
        AT_LEVEL(area_reduce8)(plane, stride, s.width, s.height, found, s.out_width, s.out_height);
        compare("area_reduce8", expected, found, size, shape);
      } else {
        cfk_area_reduce16_scalar(plane, stride, s.width, s.height, (unsigned)depth, expected,
                                 s.out_width, s.out_height);
        AT_LEVEL(area_reduce16)(plane, stride, s.width, s.height, (unsigned)depth, found,
                                s.out_width, s.out_height);
        compare("area_reduce16", expected, found, size, shape);
      }
    }
    if (depth == 8)
      report("area_reduce8");
  }
  report("area_reduce16");
}

static void local_contrast(void) {
  for (int round = 0; round < 300; round++) {
    const size_t width = round ? length(round / 2, 400) : 32, height = round ? between(1, 40) : 18;
    const size_t radius = (size_t[]){0, 1, 3, 10, 15}[round % 5], taps = 2 * radius + 1;
    const int fill = round % FILLS;
    SHAPE("%zux%zu, %zu taps, fill %d", width, height, taps, fill);
    const size_t count = width * height, scratch = 2 * count + width + taps - 1;
    const uint8_t *plane = filled(count, 1, fill);
    float *kernel = buffer(taps * sizeof *kernel);
    for (size_t i = 0; i < taps; i++)
      kernel[i] = (float)(next() >> 40) / (float)(1 << 24) / (float)taps;
    // Old contents must not matter: all bits set are not a number.
    float *first = filled(scratch, 4, ONES), *second = filled(scratch, 4, ONES);
    float *expected = filled(count, 4, ZEROS), *found = filled(count, 4, ONES);
    cfk_local_contrast_scalar(plane, width, height, kernel, radius, 0.02f, first, expected);
    AT_LEVEL(local_contrast)(plane, width, height, kernel, radius, 0.02f, second, found);
    compare("local_contrast", expected, found, count * sizeof *found, shape);
  }
  report("local_contrast");
}

static void project(void) {
  for (int round = 0; round < 400; round++) {
    const size_t vectors = between(0, 9), rows = between(1, 70), columns = length(round / 4, 400);
    const int fill = round % FILLS;
    SHAPE("%zu vectors, %zu rows, %zu columns, fill %d", vectors, rows, columns, fill);
    const int16_t *values = filled(vectors * columns, 2, fill);
    const int16_t *matrix = filled(rows * columns, 2, (round / FILLS) % FILLS);
    const size_t count = vectors * rows;
    int32_t *expected = filled(count, 4, ZEROS), *found = filled(count, 4, ONES);
    cfk_project_scalar(values, vectors, matrix, rows, columns, expected);
    AT_LEVEL(project)(values, vectors, matrix, rows, columns, found);
    compare("project", expected, found, count * sizeof *found, shape);
  }
  report("project");
}

static void quantise(void) {
  for (int round = 0; round < 400; round++) {
    const size_t hashes = between(0, 20);
    const int each = round % 2;
    SHAPE("%zu hashes, %s thresholds", hashes, each ? "256" : "4");
    // Random bits: ordinary numbers of all sizes, infinities and what is not a number.
    float *values = filled(hashes * 64, 4, round % 7 == 0 ? ALTERNATING : RANDOM);
    float *thresholds = filled(each ? 256 : 4, 4, RANDOM);
    // Ties, which exceed nothing.
    for (size_t i = 0; i < hashes * 64; i += between(1, 9))
      values[i] = thresholds[next() % (each ? 256 : 4)];
    uint64_t *expected = filled(hashes * 4, 8, ZEROS), *found = filled(hashes * 4, 8, ONES);
    cfk_quantise_scalar(values, hashes, thresholds, each, expected);
    AT_LEVEL(quantise)(values, hashes, thresholds, each, found);
    compare("quantise", expected, found, hashes * 32, shape);
  }
  report("quantise");
}

static void hamming(void) {
  for (int words = 1; words <= 4; words += 3) {
    const char *kernel = words == 1 ? "hamming64" : "hamming256";
    for (int round = 0; round < 400; round++) {
      const size_t count = length(round / 4, 1500);
      const int fill = round % FILLS;
      SHAPE("%zu references, fill %d", count, fill);
      const uint64_t *query = filled((size_t)words, 8, (round / FILLS) % FILLS);
      const uint64_t *references = filled(count * (size_t)words, 8, fill);
      uint16_t *expected = filled(count, 2, ZEROS), *found = filled(count, 2, ONES);
      if (words == 1) {
        cfk_hamming64_scalar(*query, references, count, expected);
        AT_LEVEL(hamming64)(*query, references, count, found);
      } else {
        cfk_hamming256_scalar(query, references, count, expected);
        AT_LEVEL(hamming256)(query, references, count, found);
      }
      compare(kernel, expected, found, count * sizeof *found, shape);
    }
    report(kernel);
  }
}

static void diagonal(void) {
  for (int words = 1; words <= 4; words += 3) {
    const char *kernel = words == 1 ? "diagonal64" : "diagonal256";
    for (int round = 0; round < 240; round++) {
      const size_t queries = between(1, 9), count = length(round / 2, 2600);
      const int fill = round % FILLS;
      const uint32_t shift = (uint32_t)between(0, 31);
      const int32_t lower = (int32_t)next() >> between(0, 31);
      const int32_t upper = lower > 0 ? INT32_MAX : (int32_t)(next() >> 40);
      SHAPE("%zu queries, %zu references, fill %d, shift %u, %d...%d", queries, count, fill, shift,
            lower, upper);
      const size_t whole = queries + count - 1;
      const uint64_t *hashes = filled(queries * (size_t)words, 8, RANDOM);
      const uint64_t *references = filled(count * (size_t)words, 8, fill);
      const int32_t *offsets = filled(queries, 4, RANDOM);
      int32_t *scales = filled(queries, 4, RANDOM);
      // Ordinary ones as well as such that wrap around.
      for (size_t i = 0; i < queries && round % 2; i++)
        scales[i] = (int32_t)between(1, 5000);
      int16_t *corrections = filled(count, 2, RANDOM);
      for (size_t i = 0; i < count; i += between(1, 9))
        corrections[i] = (int16_t[]){INT16_MIN, INT16_MAX, INT16_MIN + 1, 0}[next() % 4];
      int32_t *expected = filled(whole, 4, RANDOM), *found = buffer(whole * sizeof *found);
      memcpy(found, expected, whole * sizeof *found);
      if (words == 1) {
        cfk_diagonal64_scalar(hashes, offsets, scales, queries, references, corrections, count,
                              shift, lower, upper, expected);
        AT_LEVEL(diagonal64)(hashes, offsets, scales, queries, references, corrections, count,
                             shift, lower, upper, found);
      } else {
        cfk_diagonal256_scalar(hashes, offsets, scales, queries, references, corrections, count,
                               shift, lower, upper, expected);
        AT_LEVEL(diagonal256)(hashes, offsets, scales, queries, references, corrections, count,
                              shift, lower, upper, found);
      }
      compare(kernel, expected, found, whole * sizeof *found, shape);
    }
    report(kernel);
  }
}

// A few diagonals, some of which begin before the references or end behind them.
static void band(void) {
  for (int round = 0; round < 300; round++) {
    const size_t queries = between(1, 60), count = length(round / 2, 600), wide = between(1, 40);
    const ptrdiff_t first = (ptrdiff_t)between(0, count + 2 * queries) - (ptrdiff_t)(2 * queries);
    const uint32_t shift = (uint32_t)between(0, 31);
    const int32_t lower = (int32_t)next() >> between(0, 31);
    const int32_t upper = lower > 0 ? INT32_MAX : (int32_t)(next() >> 40);
    SHAPE("%zu queries, %zu references, %zu from %td", queries, count, wide, first);
    const uint64_t *hashes = filled(queries * 4, 8, RANDOM);
    const uint64_t *references = filled(count * 4, 8, round % FILLS);
    const int32_t *offsets = filled(queries, 4, RANDOM);
    int32_t *scales = filled(queries, 4, RANDOM);
    for (size_t i = 0; i < queries && round % 2; i++)
      scales[i] = (int32_t)between(1, 5000);
    int16_t *corrections = filled(count, 2, RANDOM);
    for (size_t i = 0; i < count; i += between(1, 9))
      corrections[i] = (int16_t[]){INT16_MIN, INT16_MAX, INT16_MIN + 1, 0}[next() % 4];
    int32_t *expected = filled(wide, 4, RANDOM), *found = buffer(wide * sizeof *found);
    memcpy(found, expected, wide * sizeof *found);
    cfk_band256_scalar(hashes, offsets, scales, queries, references, corrections, count, first, wide,
                       shift, lower, upper, expected);
    AT_LEVEL(band256)(hashes, offsets, scales, queries, references, corrections, count, first, wide,
                      shift, lower, upper, found);
    compare("band256", expected, found, wide * sizeof *found, shape);
  }
  report("band256");
}

// Sums are kept in 32 bits for a while: some lengths are beyond that.
static size_t long_length(int round) { return round < 12 ? 1100003 + (size_t)round : length(round / 4, 5000); }

static void sums(void) {
  for (int round = 0; round < 300; round++) {
    const size_t count = long_length(round);
    SHAPE("%zu samples, fills %d and %d", count, round % FILLS, (round / FILLS) % FILLS);
    const uint8_t *a = filled(count, 1, round % FILLS), *b = filled(count, 1, (round / FILLS) % FILLS);
    int64_t expected[5] = {0}, found[5] = {1, 1, 1, 1, 1};
    cfk_moments_scalar(a, b, count, expected);
    AT_LEVEL(moments)(a, b, count, found);
    compare("moments", expected, found, sizeof found, shape);
  }
  report("moments");
  for (int round = 0; round < 300; round++) {
    const size_t count = long_length(round);
    SHAPE("%zu samples, fills %d and %d", count, round % FILLS, (round / FILLS) % FILLS);
    const uint8_t *a = filled(count, 1, round % FILLS), *b = filled(count, 1, (round / FILLS) % FILLS);
    const uint64_t expected = cfk_sad_scalar(a, b, count), found = AT_LEVEL(sad)(a, b, count);
    compare("sad", &expected, &found, sizeof found, shape);
  }
  report("sad");
  for (int round = 0; round < 300; round++) {
    const size_t count = long_length(round);
    SHAPE("%zu samples, fills %d and %d", count, round % FILLS, (round / FILLS) % FILLS);
    const int8_t *a = filled(count, 1, round % FILLS), *b = filled(count, 1, (round / FILLS) % FILLS);
    const int64_t expected = cfk_dot8_scalar(a, b, count), found = AT_LEVEL(dot8)(a, b, count);
    compare("dot8", &expected, &found, sizeof found, shape);
  }
  report("dot8");
  for (int round = 0; round < 300; round++) {
    const size_t count = long_length(round);
    SHAPE("%zu samples, fills %d and %d", count, round % FILLS, (round / FILLS) % FILLS);
    const int16_t *a = filled(count, 2, round % FILLS);
    const int16_t *b = filled(count, 2, (round / FILLS) % FILLS);
    // The greatest sum of two products, which 32 signed bits do not hold.
    if (round % 8 == 7)
      b = a = (const int16_t *)memset((void *)(uintptr_t)a, 0x80, count * 2);
    const int64_t expected = cfk_dot16_scalar(a, b, count), found = AT_LEVEL(dot16)(a, b, count);
    compare("dot16", &expected, &found, sizeof found, shape);
  }
  int16_t *least = buffer(4096 * sizeof *least);
  for (int i = 0; i < 4096; i++)
    least[i] = INT16_MIN;
  const int64_t expected = cfk_dot16_scalar(least, least, 4096);
  const int64_t found = AT_LEVEL(dot16)(least, least, 4096);
  compare("dot16", &expected, &found, sizeof found, "4096 times the least number");
  report("dot16");
}

static void plane_row(void) {
  for (int round = 0; round < 300; round++) {
    const size_t count = round < 12 ? 65535 : length(round / 4, 4000);
    const int fill = round % FILLS;
    SHAPE("%zu samples, fill %d", count, fill);
    const uint8_t *row = filled(count, 1, fill);
    uint8_t *maxima[2] = {filled(count, 1, RANDOM), buffer(count)};
    uint32_t *column_sums[2] = {filled(count, 4, RANDOM), buffer(4 * count)};
    memcpy(maxima[1], maxima[0], count);
    memcpy(column_sums[1], column_sums[0], 4 * count);
    struct {
      uint64_t squares;
      uint32_t sum, maximum;
    } expected = {0}, found = {1, 1, 1};
    uint8_t top[2] = {0, 1};
    cfk_plane_row_scalar(row, count, maxima[0], column_sums[0], &top[0], &expected.sum,
                         &expected.squares);
    AT_LEVEL(plane_row)(row, count, maxima[1], column_sums[1], &top[1], &found.sum, &found.squares);
    expected.maximum = top[0], found.maximum = top[1];
    compare("plane_row", &expected, &found, sizeof found, shape);
    compare("plane_row", maxima[0], maxima[1], count, shape);
    compare("plane_row", column_sums[0], column_sums[1], 4 * count, shape);
  }
  report("plane_row");
}

// Numbers of many orders of magnitude in a buffer.
static float *numbers(size_t count) {
  float *values = buffer(count * sizeof *values);
  for (size_t i = 0; i < count; i++) {
    const uint64_t word = next();
    values[i] = ((float)(word & 0xFFFF) / 32768 - 1) * (float)(1u << (word >> 48 & 15)) / 256;
  }
  return values;
}

static void normal_equations(void) {
  for (int round = 0; round < 200; round++) {
    const size_t count = length(round / 2, 4000);
    SHAPE("%zu rows", count);
    const float *rows = numbers(count * CFK_ROW_LANES), *values = numbers(count);
    float *weights = numbers(count);
    for (size_t i = 0; i < count; i += 3)
      weights[i] = 0;
    float expected[CFK_UNKNOWNS][CFK_ROW_LANES], found[CFK_UNKNOWNS][CFK_ROW_LANES];
    memset(found, 1, sizeof found);
    cfk_normal_equations_scalar(rows, values, weights, count, expected[0]);
    AT_LEVEL(normal_equations)(rows, values, weights, count, found[0]);
    compare("normal_equations", expected, found, sizeof found, shape);
  }
  report("normal_equations");
}

static void widen(void) {
  for (int round = 0; round < 100; round++) {
    const size_t count = length(round / 2, 4000);
    SHAPE("%zu samples", count);
    uint8_t *expected = filled(count, 1, round % FILLS), *found = buffer(count);
    memcpy(found, expected, count);
    cfk_widen_scalar(expected, count);
    AT_LEVEL(widen)(found, count);
    compare("widen", expected, found, count, shape);
  }
  report("widen");
}

static void row_products(void) {
  for (int round = 0; round < 200; round++) {
    const size_t count = length(round / 2, 4000);
    SHAPE("%zu rows", count);
    const float *rows = numbers(count * CFK_ROW_LANES), *factors = numbers(CFK_ROW_LANES);
    float *expected = buffer(count * sizeof *expected), *found = buffer(count * sizeof *found);
    cfk_row_products_scalar(rows, factors, count, expected);
    AT_LEVEL(row_products)(rows, factors, count, found);
    compare("row_products", expected, found, count * sizeof *found, shape);
  }
  report("row_products");
}

// Ones, and zeros in every third place.
static float *masked(size_t count) {
  float *mask = buffer(count * sizeof *mask);
  for (size_t i = 0; i < count; i++)
    mask[i] = next() % 3 > 0;
  return mask;
}

static void cauchy_weights(void) {
  for (int round = 0; round < 200; round++) {
    const size_t count = length(round / 2, 4000);
    SHAPE("%zu values", count);
    const float *values = numbers(count), *predicted = numbers(count), *mask = masked(count);
    float *expected = buffer(count * sizeof *expected), *found = buffer(count * sizeof *found);
    cfk_cauchy_weights_scalar(values, predicted, mask, count, expected);
    AT_LEVEL(cauchy_weights)(values, predicted, mask, count, found);
    compare("cauchy_weights", expected, found, count * sizeof *found, shape);
  }
  report("cauchy_weights");
}

static void rectify(void) {
  for (int round = 0; round < 300; round++) {
    const size_t width = length(round / 2, 200), height = between(1, 60), count = width * height;
    SHAPE("%zux%zu", width, height);
    const float *plane = numbers(count);
    // From near the identity to far away and behind.
    const float most = round % 3 == 0 ? 0.05f : round % 3 == 1 ? 0.5f : 4;
    float *map = buffer(9 * sizeof *map);
    for (int i = 0; i < 9; i++)
      map[i] = (i % 4 == 0) + (i == 8 ? 0 : ((float)(next() % 2001) / 1000 - 1) * most);
    const float lens = (float)(next() % 201) / 1000 - 0.1f;
    float *expected = buffer(count * sizeof *expected), *found = buffer(count * sizeof *found);
    float *expected_mask = buffer(count * sizeof *found), *mask = buffer(count * sizeof *mask);
    const size_t seen = cfk_rectify_scalar(plane, width, height, map, lens, expected, expected_mask);
    const size_t other = AT_LEVEL(rectify)(plane, width, height, map, lens, found, mask);
    compare("rectify", &seen, &other, sizeof seen, shape);
    compare("rectify", expected, found, count * sizeof *found, shape);
    compare("rectify", expected_mask, mask, count * sizeof *mask, shape);
  }
  report("rectify");
}

static void without_mean(void) {
  for (int round = 0; round < 200; round++) {
    const size_t width = length(round / 2, 200), height = between(1, 60), count = width * height;
    const size_t radius = between(0, (width > height ? width : height) / 3);
    SHAPE("%zux%zu, %zu", width, height, radius);
    const float *plane = numbers(count), *mask = masked(count);
    float *workspace = buffer((4 * width + 2 * (2 * radius + 1)) * sizeof *workspace);
    float *expected = buffer(count * sizeof *expected), *found = buffer(count * sizeof *found);
    cfk_without_mean_scalar(plane, mask, width, height, radius, workspace, expected);
    AT_LEVEL(without_mean)(plane, mask, width, height, radius, workspace, found);
    compare("without_mean", expected, found, count * sizeof *found, shape);
  }
  report("without_mean");
}

static void sift(void) {
  for (int round = 0; round < 300; round++) {
    const size_t count = length(round / 4, 1500), probe_count = between(1, 40);
    SHAPE("%zu signatures, %zu probes", count, probe_count);
    const uint64_t *signatures = filled(count, 8, round % FILLS);
    cfk_probe *probes = buffer(probe_count * sizeof *probes);
    size_t capacity = 0;
    for (size_t i = 0; i < probe_count; i++) {
      const size_t first = between(0, count), end = between(first, count);
      // Limits around half of the bits, so that some are found and others not.
      const uint32_t limit = (uint32_t)between(0, 64);
      probes[i] = (cfk_probe){next(), i % 3 ? UINT64_MAX : next(), (uint32_t)first,
                              (uint32_t)end, limit, (uint32_t)i};
      if (end - first > capacity)
        capacity = end - first;
    }
    capacity += between(0, count);
    uint32_t *owners[2], *places[2];
    size_t done[2] = {0, 0}, hits[2];
    for (int level = 0; level < 2; level++) {
      owners[level] = filled(capacity, 4, ZEROS);
      places[level] = filled(capacity, 4, ZEROS);
    }
    while (done[0] < probe_count) {
      const size_t start = done[0];
      done[0] = cfk_sift_scalar(signatures, probes, start, probe_count, owners[0], places[0],
                                capacity, &hits[0]);
      done[1] = AT_LEVEL(sift)(signatures, probes, start, probe_count, owners[1], places[1],
                               capacity, &hits[1]);
      compare("sift", &done[0], &done[1], sizeof done[0], shape);
      compare("sift", &hits[0], &hits[1], sizeof hits[0], shape);
      compare("sift", owners[0], owners[1], hits[0] * sizeof *owners[0], shape);
      compare("sift", places[0], places[1], hits[0] * sizeof *places[0], shape);
      if (done[0] != done[1] || hits[0] != hits[1])
        break;
    }
  }
  report("sift");
}

static void compare_rows(void) {
  for (int round = 0; round < 200; round++) {
    const size_t count = length(round / 2, 300), row_count = between(1, 9);
    const size_t code_count = between(CFK_ROW_CODES, 500);
    SHAPE("%zu pairs, %zu rows, %zu codes", count, row_count, code_count);
    const uint16_t *rows = filled(2 * CFK_ROW_CODES * row_count, 2, (round / FILLS) % FILLS);
    const uint16_t *codes = filled(code_count, 2, round % FILLS);
    uint32_t *owners = filled(count, 4, RANDOM), *starts = filled(count, 4, RANDOM);
    for (size_t i = 0; i < count; i++) {
      owners[i] = (uint32_t)(owners[i] % row_count);
      starts[i] = (uint32_t)(starts[i] % (code_count - CFK_ROW_CODES + 1));
    }
    uint16_t *expected = filled(count, 2, ZEROS), *found = filled(count, 2, ONES);
    cfk_compare_rows_scalar(rows, owners, starts, count, codes, expected);
    AT_LEVEL(compare_rows)(rows, owners, starts, count, codes, found);
    compare("compare_rows", expected, found, count * sizeof *found, shape);
  }
  report("compare_rows");
}

int main(void) {
  make_arenas();
  area_reduce();
  local_contrast();
  project();
  quantise();
  hamming();
  diagonal();
  band();
  sums();
  plane_row();
  normal_equations();
  widen();
  row_products();
  cauchy_weights();
  rectify();
  without_mean();
  sift();
  compare_rows();
  return failures > 0;
}
