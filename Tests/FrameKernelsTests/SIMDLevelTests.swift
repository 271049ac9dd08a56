import FrameKernels
import Foundation
import TestSupport
import Testing

@Suite("SIMD levels")
struct SIMDLevelTests {
  @Test("scalar is always there, and levels ascend")
  func available() {
    #expect(SIMDLevel.available.first == .scalar)
    #expect(SIMDLevel.available == SIMDLevel.available.sorted())
    #expect(SIMDLevel.scalar < .haswell && SIMDLevel.haswell < .icelake)
    #expect(SIMDLevel.detected.isAvailable)
  }

  // Each of these runs in a process of its own, where the level has not been read yet.

  @Test("the environment forces a level")
  func forced() async {
    await #expect(processExitsWith: .success) {
      setenv("LEAKTRACE_SIMD", "scalar", 1)
      precondition(SIMDLevel.detected == .scalar)
    }
  }

  @Test("without the environment the fastest level is taken")
  func fastest() async {
    await #expect(processExitsWith: .success) {
      unsetenv("LEAKTRACE_SIMD")
      precondition(SIMDLevel.detected == SIMDLevel.available.last)
    }
  }

  @Test("the environment is read once")
  func once() async {
    await #expect(processExitsWith: .success) {
      setenv("LEAKTRACE_SIMD", "scalar", 1)
      _ = SIMDLevel.detected
      setenv("LEAKTRACE_SIMD", "nonsense", 1)
      precondition(SIMDLevel.detected == .scalar)
    }
  }

  @Test("an unknown level traps and lists the names")
  func unknown() async throws {
    let result = await #expect(
      processExitsWith: .failure,
      observing: [\.standardErrorContent]
    ) {
      setenv("LEAKTRACE_SIMD", "avx2", 1)
      _ = SIMDLevel.detected
    }
    let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
    #expect(text.contains("scalar, neon, haswell, icelake"))
  }

  @Test("a level that this processor lacks traps")
  func lacking() async {
    await #expect(processExitsWith: .failure) {
      let lacking = SIMDLevel.allCases.filter { !$0.isAvailable }
      setenv("LEAKTRACE_SIMD", lacking.first?.rawValue ?? "", 1)
      _ = SIMDLevel.detected
    }
  }
}
