import COpenCV
public import VideoCore

/// Filters of planes of floats, row-major without padding; OpenCV's implementations.
public enum PlaneFilters {
  /// `plane` under a Gaussian of `sigma` pixels; as it is where `sigma` is not positive.
  ///
  /// - Complexity: O(pixels · sigma).
  public static func blurred(_ plane: [Float], size: FrameSize, sigma: Double) -> [Float] {
    precondition(plane.count == size.area, "a plane of \(size) needs \(size.area) samples")
    guard sigma > 0 else { return plane }
    var result = plane
    let status = unsafe copencv_blur(
      plane,
      Int32(size.width),
      Int32(size.height),
      sigma,
      &result
    )
    return status == 1 ? result : plane
  }

  /// `plane` brought to one local contrast: in a window of `2 · radius + 1` pixels its mean becomes
  /// 128 and its deviation, of which `noise` is the least, 40.
  ///
  /// - Complexity: O(pixels).
  public static func normalised(_ plane: LumaPlane, radius: Int, noise: Float) -> LumaPlane {
    var result = plane
    let (width, height) = (Int32(plane.size.width), Int32(plane.size.height))
    _ = unsafe copencv_normalise(
      plane.pixels,
      width,
      height,
      Int32(radius),
      noise,
      &result.pixels
    )
    return result
  }

  /// `plane` with a flat spectrum: what repeats, as the grid of a codec does, is no stronger than the
  /// rest; `radius` is that of the window in which power is averaged, in coefficients.
  ///
  /// - Complexity: O(pixels · log pixels).
  public static func whitened(_ plane: [Float], size: FrameSize, radius: Int = 7) -> [Float] {
    precondition(plane.count == size.area, "a plane of \(size) needs \(size.area) samples")
    var result = plane
    let status = unsafe copencv_whiten(
      plane,
      Int32(size.width),
      Int32(size.height),
      Int32(radius),
      &result
    )
    return status == 1 ? result : plane
  }

  /// How alike two planes are about each pixel.
  public struct LocalCorrelation: Sendable {
    /// Pearson's correlation in the window, -1...1, damped where neither varies more than noise.
    public var correlation: [Float]
    /// Variance of the first plane in the window.
    public var variance: [Float]
  }

  /// Correlates two planes in windows of `2 · radius + 1` pixels; `noise` is added to both variances.
  ///
  /// - Complexity: O(pixels).
  public static func localCorrelation(
    _ first: [Float],
    _ second: [Float],
    size: FrameSize,
    radius: Int,
    noise: Float
  ) -> LocalCorrelation {
    precondition(first.count == size.area && second.count == size.area, "planes differ in size")
    var result = LocalCorrelation(
      correlation: Array(repeating: 0, count: size.area),
      variance: Array(repeating: 0, count: size.area)
    )
    _ = unsafe copencv_local_correlation(
      first,
      second,
      Int32(size.width),
      Int32(size.height),
      Int32(radius),
      noise,
      &result.correlation,
      &result.variance
    )
    return result
  }
}
