#pragma once

// The search among signatures and codes with vectors.
#include "codes.h"
#include "vector.h"

size_t CFK_NAME(sift)(const uint64_t *signatures, const cfk_probe *probes, size_t next,
                      size_t count, uint32_t *owners, uint32_t *places, size_t capacity,
                      size_t *found) {
  size_t hits = 0;
  for (; next < count; next++) {
    const cfk_probe *probe = probes + next;
    uint32_t at = probe->first, end = probe->end;
    if (capacity - hits < end - at)
      break;
    cfk_prefetch_list(signatures, probes, next, count);
    if (end - at < CFK_LANES) {
      for (; at < end; at++)
        hits += cfk_sift_one(signatures, probe, at, owners + hits, places + hits);
      continue;
    }
    while (at < end) {
      // The last ones are looked at together with some that were looked at before.
      uint32_t start = end - at < CFK_LANES ? end - CFK_LANES : at;
      cfk_u64 low = CFK_LOAD(cfk_u64, signatures + start);
      cfk_u64 high = CFK_LOAD(cfk_u64, signatures + start + CFK_LANES / 2);
      cfk_u32 bits = CFK_EVEN(cfk_count((low ^ probe->signature) & probe->mask),
                              cfk_count((high ^ probe->signature) & probe->mask));
      uint32_t near = cfk_mask((cfk_i32)(bits <= probe->limit)) >> (at - start);
      for (; near; near &= near - 1) {
        owners[hits] = probe->owner;
        places[hits++] = at + (uint32_t)__builtin_ctz(near);
      }
      at = start + CFK_LANES;
    }
  }
  *found = hits;
  return next;
}

void CFK_NAME(compare_rows)(const uint16_t *rows, const uint32_t *owners, const uint32_t *starts,
                            size_t count, const uint16_t *codes, uint16_t *output) {
  // Codes in a register, and in as many whole registers as a row has.
  enum { STEP = 2 * CFK_LANES, WHOLE = CFK_ROW_CODES / STEP * STEP };
  for (size_t i = 0; i < count; i++) {
    cfk_prefetch_row(codes, starts, i, count);
    const uint16_t *row = rows + 2 * CFK_ROW_CODES * owners[i];
    const uint16_t *stretch = codes + starts[i];
    cfk_u64 sums = {0};
    for (size_t at = 0; at < WHOLE; at += STEP) {
      cfk_u64 x = CFK_LOAD(cfk_u64, row + at), y = CFK_LOAD(cfk_u64, stretch + at);
      cfk_u64 mask = CFK_LOAD(cfk_u64, row + CFK_ROW_CODES + at);
      cfk_u64 differing = cfk_count((x ^ y) & mask);
      cfk_u64 middles = cfk_count(y & ~(y >> 8) & 0x00FF00FF00FF00FF & mask);
      sums += differing + differing + differing + middles;
    }
    uint64_t sum = cfk_compare_words(row, stretch, WHOLE);
    for (size_t lane = 0; lane < CFK_LANES / 2; lane++)
      sum += sums[lane];
    output[i] = (uint16_t)sum;
  }
}
