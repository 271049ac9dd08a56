import CFrameKernels

/// Turns 64 numbers into a hash of 256 bits whose Hamming distance is the sum of the differences of
/// their levels.
///
/// A component has a level of 0 to 4, the number of thresholds that it exceeds. Word `k` of the hash
/// has bit `c` set where component `c` is greater than threshold `k`; with ascending thresholds
/// two levels `a` and `b` then differ in exactly `|a - b|` bits. A NaN exceeds nothing.
public enum Thermometer {
  /// Components of one hash.
  public static let components = 64
  /// Thresholds of one component, and 64-bit words of one hash.
  public static let words = 4

  /// Quantises any number of vectors.
  ///
  /// - Shape: `values` holds vectors of 64 components one after another; `thresholds` holds 4 for
  ///   all components, or 256 of which `64 * k + c` is threshold `k` of component `c`; `output`
  ///   takes 4 words for each vector.
  /// - Complexity: O(values). Allocates nothing.
  public static func quantise(
    _ values: Span<Float>,
    thresholds: Span<Float>,
    into output: inout [UInt64],
    level: SIMDLevel = .detected
  ) {
    precondition(values.count % components == 0, "vectors are not whole")
    precondition(
      thresholds.count == words || thresholds.count == words * components,
      "thresholds must be 4 or 256"
    )
    let count = values.count / components
    precondition(output.count == count * words, "output has the wrong size")
    let each: Int32 = thresholds.count == words ? 0 : 1
    unsafe values.withUnsafeBufferPointer { values in
      unsafe thresholds.withUnsafeBufferPointer { thresholds in
        unsafe output.withUnsafeMutableBufferPointer { out in
          let (v, t) = (values.baseAddress, thresholds.baseAddress)
          let o = out.baseAddress
          switch level {
          case .scalar: unsafe cfk_quantise_scalar(v, count, t, each, o)
          #if arch(x86_64)
          case .haswell: unsafe cfk_quantise_haswell(v, count, t, each, o)
          case .icelake: unsafe cfk_quantise_icelake(v, count, t, each, o)
          #elseif arch(arm64)
          case .neon: unsafe cfk_quantise_neon(v, count, t, each, o)
          #endif
          default: unavailable(level)
          }
        }
      }
    }
  }
}
