// Kernels over caller's buffers. Every operation exists once per instruction set, named
// cfk_<operation>_<set>; all of them give the same bits. Nothing here allocates, keeps state or
// checks its arguments: the Swift module FrameKernels does, and is the only one to import this.
#ifndef CFRAMEKERNELS_H
#define CFRAMEKERNELS_H

#include <stddef.h>
#include <stdint.h>

// Levels as bits of cfk_available_levels().
enum { CFK_SCALAR = 1, CFK_NEON = 2, CFK_HASWELL = 4, CFK_ICELAKE = 8 };

// The levels that this processor and this operating system can run.
uint32_t cfk_available_levels(void);

#define CFK_DECLARE(suffix)                                                                        \
  void cfk_area_reduce8_##suffix(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,    \
                                 uint32_t height, uint8_t *output, uint32_t out_width,             \
                                 uint32_t out_height);                                             \
  void cfk_area_reduce16_##suffix(const uint8_t *source, ptrdiff_t stride_bytes, uint32_t width,   \
                                  uint32_t height, unsigned bit_depth, uint8_t *output,            \
                                  uint32_t out_width, uint32_t out_height);

CFK_DECLARE(scalar)
#if defined(__x86_64__)
CFK_DECLARE(haswell)
CFK_DECLARE(icelake)
#elif defined(__aarch64__)
CFK_DECLARE(neon)
#endif

#undef CFK_DECLARE

#endif
