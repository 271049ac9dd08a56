#include "CFrameKernels.h"

// libgcc and compiler-rt set the AVX bits only after OSXSAVE and XGETBV have shown that the
// operating system saves the registers (XCR0 & 0x6 for AVX, & 0xe6 for AVX-512), so no test of our
// own is needed. "icelake" is a bundle: a processor that lacks one part of it runs "haswell".
uint32_t cfk_available_levels(void) {
  uint32_t levels = CFK_SCALAR;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt")) {
    levels |= CFK_HASWELL;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("avx512vnni"))
      levels |= CFK_ICELAKE;
  }
#elif defined(__aarch64__)
  levels |= CFK_NEON;
#endif
  return levels;
}
