import CFrameKernels

/// Brings a small picture of floating numbers into the plane of another, and takes its local mean away.
///
/// Every step is one IEEE single-precision operation per sample, in the order of the definitions, without
/// fused multiply-adds, so that all levels and all machines give the same bits.
public enum PlaneRectification {
  /// Looks at a plane through a projective map and a lens.
  ///
  /// The sample at (u, v) of the unit square shows what the map makes of it after the lens has moved it
  /// outwards from the middle by `lens` r³, r in half widths; between four pixels linearly. A sample that
  /// falls within a pixel of the plane's edge, or beyond, is 0.
  ///
  /// `map` is nine row-major numbers, from unit square to unit square; `values` becomes the view, and `mask` 1
  /// where it shows something of the plane, else 0.
  ///
  /// - Shape: `plane`, `values` and `mask` are row-major, `width · height` samples; the plane's are of any size
  ///   below 2²⁴.
  /// - Returns: how many samples show something.
  /// - Complexity: O(pixels). Allocates nothing.
  public static func view(
    _ plane: [Float],
    width: Int,
    height: Int,
    map: [Float],
    lens: Float,
    into values: inout [Float],
    mask: inout [Float],
    level: SIMDLevel = .detected
  ) -> Int {
    checkShape(plane, width, height)
    precondition(values.count == plane.count && mask.count == plane.count, "buffers differ")
    precondition(map.count == 9, "a plane map has nine numbers")
    switch level {
    case .scalar:
      return unsafe cfk_rectify_scalar(plane, width, height, map, lens, &values, &mask)
    #if arch(x86_64)
    case .haswell:
      return unsafe cfk_rectify_haswell(plane, width, height, map, lens, &values, &mask)
    case .icelake:
      return unsafe cfk_rectify_icelake(plane, width, height, map, lens, &values, &mask)
    #elseif arch(arm64)
    case .neon: return unsafe cfk_rectify_neon(plane, width, height, map, lens, &values, &mask)
    #endif
    default: unavailable(level)
    }
  }

  /// A plane less its mean over a square of `2 radius + 1` samples to a side, as far as `mask` is 1 there;
  /// 0 where it is 0.
  ///
  /// Columns are summed up downwards, rows from the left; what leaves the square is taken off again.
  ///
  /// - Shape: `plane` and `mask` are row-major, `width · height` samples; the mask's are 0 or 1.
  /// - Complexity: O(pixels), whatever the radius.
  public static func withoutMean(
    _ plane: [Float],
    mask: [Float],
    width: Int,
    height: Int,
    radius: Int,
    level: SIMDLevel = .detected
  ) -> [Float] {
    checkShape(plane, width, height)
    precondition(mask.count == plane.count, "buffers differ")
    precondition(radius >= 0 && radius <= max(width, height), "the square is out of bounds")
    var output = [Float](repeating: 0, count: plane.count)
    var scratch = [Float](repeating: 0, count: 4 * width + 2 * (2 * radius + 1))
    switch level {
    case .scalar:
      unsafe cfk_without_mean_scalar(plane, mask, width, height, radius, &scratch, &output)
    #if arch(x86_64)
    case .haswell:
      unsafe cfk_without_mean_haswell(plane, mask, width, height, radius, &scratch, &output)
    case .icelake:
      unsafe cfk_without_mean_icelake(plane, mask, width, height, radius, &scratch, &output)
    #elseif arch(arm64)
    case .neon:
      unsafe cfk_without_mean_neon(plane, mask, width, height, radius, &scratch, &output)
    #endif
    default: unavailable(level)
    }
    return output
  }

  private static func checkShape(_ plane: [Float], _ width: Int, _ height: Int) {
    AreaReduction.checkSides(width, height, 1, 1)
    precondition(plane.count == width * height, "plane has the wrong size")
  }
}
