import CFrameKernels

/// Brings luma of limited range, where black is 16 and white 235, to full range.
public enum FullRange {
  /// Makes of each sample 255 / 219 of its distance from black, rounded half up; what is beyond black and
  /// white is clipped.
  ///
  /// - Complexity: O(samples). Allocates nothing.
  public static func widen(_ samples: inout [UInt8], level: SIMDLevel = .detected) {
    let count = samples.count
    switch level {
    case .scalar: unsafe cfk_widen_scalar(&samples, count)
    #if arch(x86_64)
    case .haswell: unsafe cfk_widen_haswell(&samples, count)
    case .icelake: unsafe cfk_widen_icelake(&samples, count)
    #elseif arch(arm64)
    case .neon: unsafe cfk_widen_neon(&samples, count)
    #endif
    default: unavailable(level)
    }
  }

  /// The definition: what every level must equal.
  package static func reference(_ sample: UInt8) -> UInt8 {
    let distance = Int(max(16, min(235, sample))) - 16
    // (255 · distance / 219), rounded half up.
    return UInt8((2 * 255 * distance + 219) / (2 * 219))
  }
}
