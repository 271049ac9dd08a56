import COpenCV

/// A homography that many of the given point pairs agree on.
///
/// - Source: Barath, Noskova, Ivashechkin, Matas: "MAGSAC++, a fast, reliable and accurate robust
///   estimator", CVPR 2020, in OpenCV's implementation with a fixed random state.
public struct RobustHomography: Sendable, Hashable {
  /// Nine row-major numbers, from source to destination.
  public let elements: [Double]
  /// For each pair whether it agrees.
  public let inliers: [Bool]

  /// Fits a homography to pairs of points.
  ///
  /// - Parameters:
  ///   - source: points in pixels; in fractions of a picture the estimator loses its precision.
  ///   - destination: where they are found, in pixels.
  ///   - threshold: largest error of an agreeing pair, in pixels.
  ///   - iterations: most models tried.
  ///   - confidence: wanted probability that the best model was met, below 1.
  /// - Returns: nil below 4 pairs and where no model is found.
  public static func estimate(
    from source: [FeatureSet.Point],
    to destination: [FeatureSet.Point],
    threshold: Double,
    iterations: Int = 3000,
    confidence: Double = 0.999
  ) -> RobustHomography? {
    precondition(source.count == destination.count, "points come in pairs")
    let from = source.flatMap { [Float($0.x), Float($0.y)] }
    let to = destination.flatMap { [Float($0.x), Float($0.y)] }
    var elements = [Double](repeating: 0, count: 9)
    var mask = [UInt8](repeating: 0, count: source.count)
    let found = unsafe copencv_homography(
      from,
      to,
      Int32(source.count),
      threshold,
      Int32(iterations),
      confidence,
      &elements,
      &mask
    )
    guard found == 1, elements.allSatisfy(\.isFinite) else { return nil }
    return RobustHomography(elements: elements, inliers: mask.map { $0 != 0 })
  }
}

/// OpenCV, which is loaded when something is first asked of it.
public enum RegistrationLibrary {
  /// The version that is loaded, such as `4.6.0`; nil where it cannot be.
  public static var version: String? {
    guard unsafe copencv_load() == nil else { return nil }
    return unsafe String(cString: copencv_version())
  }
}
