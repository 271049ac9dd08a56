#pragma once

// What all levels of the search among signatures and codes have in common.
#include "CFrameKernels.h"

// Lists and stretches lie anywhere in gigabytes: they are asked for some steps before they are needed.
enum { CFK_LISTS_AHEAD = 8, CFK_ROWS_AHEAD = 16 };

static inline void cfk_prefetch_list(const uint64_t *signatures, const cfk_probe *probes,
                                     size_t next, size_t count) {
  if (next + CFK_LISTS_AHEAD >= count)
    return;
  const uint64_t *list = signatures + probes[next + CFK_LISTS_AHEAD].first;
  __builtin_prefetch(list);
  __builtin_prefetch(list + 8);
}

static inline void cfk_prefetch_row(const uint16_t *codes, const uint32_t *starts, size_t i,
                                    size_t count) {
  if (i + CFK_ROWS_AHEAD >= count)
    return;
  const uint16_t *stretch = codes + starts[i + CFK_ROWS_AHEAD];
  __builtin_prefetch(stretch);
  __builtin_prefetch(stretch + CFK_ROW_CODES - 1);
}

// Writes a hit, which stays where it is one: 1 then, else 0.
static inline uint32_t cfk_sift_one(const uint64_t *signatures, const cfk_probe *probe, uint32_t at,
                                    uint32_t *owner, uint32_t *place) {
  *owner = probe->owner;
  *place = at;
  uint64_t differing = (signatures[at] ^ probe->signature) & probe->mask;
  return (uint32_t)__builtin_popcountll(differing) <= probe->limit;
}

// Compares what of a row comes after its first `from` codes, four at a time.
static inline uint32_t cfk_compare_words(const uint16_t *row, const uint16_t *codes, size_t from) {
  uint32_t sum = 0;
  for (size_t at = from; at < CFK_ROW_CODES; at += 4) {
    uint64_t x, y, mask;
    __builtin_memcpy(&x, row + at, sizeof x);
    __builtin_memcpy(&y, codes + at, sizeof y);
    __builtin_memcpy(&mask, row + CFK_ROW_CODES + at, sizeof mask);
    uint64_t middles = y & ~(y >> 8) & 0x00FF00FF00FF00FF & mask;
    sum += 3 * (uint32_t)__builtin_popcountll((x ^ y) & mask) +
           (uint32_t)__builtin_popcountll(middles);
  }
  return sum;
}
