#include "CFrameKernels.h"

#include "codes.h"

size_t cfk_sift_scalar(const uint64_t *signatures, const cfk_probe *probes, size_t next,
                       size_t count, uint32_t *owners, uint32_t *places, size_t capacity,
                       size_t *found) {
  size_t hits = 0;
  for (; next < count; next++) {
    const cfk_probe *probe = probes + next;
    if (capacity - hits < probe->end - probe->first)
      break;
    cfk_prefetch_list(signatures, probes, next, count);
    for (uint32_t at = probe->first; at < probe->end; at++)
      hits += cfk_sift_one(signatures, probe, at, owners + hits, places + hits);
  }
  *found = hits;
  return next;
}

void cfk_compare_rows_scalar(const uint16_t *rows, const uint32_t *owners, const uint32_t *starts,
                             size_t count, const uint16_t *codes, uint16_t *output) {
  for (size_t i = 0; i < count; i++) {
    cfk_prefetch_row(codes, starts, i, count);
    const uint16_t *row = rows + 2 * CFK_ROW_CODES * owners[i];
    output[i] = (uint16_t)cfk_compare_words(row, codes + starts[i], 0);
  }
}
