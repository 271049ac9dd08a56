import COpenCV
public import VideoCore

/// Corners of one picture followed to another of the same size that shows nearly the same.
///
/// - Source: Shi, Tomasi: "Good features to track", CVPR 1994; Bouguet: "Pyramidal implementation
///   of the Lucas Kanade feature tracker", 2000; a window of 21 pixels, three levels, OpenCV's
///   implementations. A point counts where the way back leads to within 0.7 pixels of its start.
public struct PointTracks: Sendable {
  /// Corners of the first picture, in pixels.
  public let from: [FeatureSet.Point]
  /// Where they are in the second.
  public let to: [FeatureSet.Point]

  /// Follows at most `most` corners that lie where `mask` is not 0.
  public init(from first: LumaPlane, to second: LumaPlane, mask: [UInt8], most: Int = 160) {
    precondition(first.size == second.size && mask.count == first.size.area, "sizes differ")
    var (a, b) = ([Float](repeating: 0, count: 2 * most), [Float](repeating: 0, count: 2 * most))
    let count = unsafe copencv_track(
      first.pixels,
      second.pixels,
      mask,
      Int32(first.size.width),
      Int32(first.size.height),
      Int32(most),
      Self.mostError,
      &a,
      &b
    )
    let points = { (values: [Float]) in
      (0..<max(0, Int(count))).map {
        FeatureSet.Point(x: Double(values[2 * $0]), y: Double(values[2 * $0 + 1]))
      }
    }
    from = points(a)
    to = points(b)
  }

  private static let mostError = 0.7
}
