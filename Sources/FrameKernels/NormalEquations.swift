import CFrameKernels

/// Sums of a weighted linear least-squares problem of thirteen unknowns.
///
/// All levels add up in the order of the rows and round alike, so that they give the same bits.
public enum NormalEquations {
  /// The number of unknowns; lane of a row in which the explained value stands in the sums.
  public static let unknowns = Int(CFK_UNKNOWNS)

  /// Sums up rows of numbers with weights.
  ///
  /// In lane j of element i stands Σ w · row[j] · row[i], in lane ``unknowns`` Σ w · row[i] · value. Rows
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

  /// The sums of rows times factors: what the unknowns predict for each row.
  ///
  /// The sixteen products are added up in halves: the second eight to the first, then four, two and one.
  ///
  /// - Complexity: O(n).
  public static func products(
    _ rows: [SIMD16<Float>],
    _ factors: SIMD16<Float>,
    level: SIMDLevel = .detected
  ) -> [Float] {
    let count = rows.count
    var output = [Float](repeating: 0, count: count)
    unsafe withUnsafeBytes(of: factors) { factors in
      unsafe rows.withUnsafeBytes { rows in
        let r = unsafe rows.assumingMemoryBound(to: Float.self).baseAddress
        let f = unsafe factors.assumingMemoryBound(to: Float.self).baseAddress
        switch level {
        case .scalar: unsafe cfk_row_products_scalar(r, f, count, &output)
        #if arch(x86_64)
        case .haswell: unsafe cfk_row_products_haswell(r, f, count, &output)
        case .icelake: unsafe cfk_row_products_icelake(r, f, count, &output)
        #elseif arch(arm64)
        case .neon: unsafe cfk_row_products_neon(r, f, count, &output)
        #endif
        default: unavailable(level)
        }
      }
    }
    return output
  }

  /// Weights by the error of a prediction: 1 / (1 + (error / scale)²), 0 where the mask is 0.
  ///
  /// The scale is 2.5 times the median error, taken in eighths of a level, and at least 1.
  ///
  /// - Shape: `values`, `predicted`, `mask` and what comes out are equally long; the mask's are 0 or 1.
  /// - Complexity: O(n).
  /// - Source: Holland, Welsch: "Robust regression using iteratively reweighted least-squares", 1977, the
  ///   Cauchy function.
  public static func cauchyWeights(
    _ values: [Float],
    _ predicted: [Float],
    mask: [Float],
    level: SIMDLevel = .detected
  ) -> [Float] {
    let count = values.count
    precondition(predicted.count == count && mask.count == count, "buffers differ")
    var weights = [Float](repeating: 0, count: count)
    switch level {
    case .scalar: unsafe cfk_cauchy_weights_scalar(values, predicted, mask, count, &weights)
    #if arch(x86_64)
    case .haswell: unsafe cfk_cauchy_weights_haswell(values, predicted, mask, count, &weights)
    case .icelake: unsafe cfk_cauchy_weights_icelake(values, predicted, mask, count, &weights)
    #elseif arch(arm64)
    case .neon: unsafe cfk_cauchy_weights_neon(values, predicted, mask, count, &weights)
    #endif
    default: unavailable(level)
    }
    return weights
  }
}
