import CFrameKernels

/// Sums of a weighted linear least-squares problem of thirteen unknowns.
///
/// All levels add up in the order of the rows and round alike, so that they give the same bits.
public enum NormalEquations {
  /// The number of unknowns; lane of a row in which the explained value stands in the sums.
  public static let unknowns = Int(CFK_UNKNOWNS)

  /// Sums up rows of numbers with weights.
  ///
  /// In lane j of element i stands Σ w · row[i] · row[j], in lane ``unknowns`` Σ w · row[i] · value. Rows
  /// without a positive weight are passed over.
  ///
  /// - Shape: `rows`, `values` and `weights` are equally long; ``unknowns`` sums come out. Lane
  ///   ``unknowns`` of a row is not looked at.
  /// - Complexity: O(n).
  public static func sums(
    _ rows: [SIMD16<Float>],
    _ values: [Float],
    _ weights: [Float],
    level: SIMDLevel = .detected
  ) -> [SIMD16<Float>] {
    precondition(rows.count == values.count && rows.count == weights.count, "buffers differ")
    let count = rows.count
    var sums = [SIMD16<Float>](repeating: .zero, count: unknowns)
    unsafe sums.withUnsafeMutableBytes { sums in
      unsafe rows.withUnsafeBytes { rows in
        let r = unsafe rows.assumingMemoryBound(to: Float.self).baseAddress
        let s = unsafe sums.assumingMemoryBound(to: Float.self).baseAddress
        switch level {
        case .scalar: unsafe cfk_normal_equations_scalar(r, values, weights, count, s)
        #if arch(x86_64)
        case .haswell: unsafe cfk_normal_equations_haswell(r, values, weights, count, s)
        case .icelake: unsafe cfk_normal_equations_icelake(r, values, weights, count, s)
        #elseif arch(arm64)
        case .neon: unsafe cfk_normal_equations_neon(r, values, weights, count, s)
        #endif
        default: unavailable(level)
        }
      }
    }
    return sums
  }
}
