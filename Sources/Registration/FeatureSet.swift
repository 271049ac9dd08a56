import COpenCV
import FrameKernels
public import VideoCore

/// The local features of one picture: key points with binary descriptors (ORB).
///
/// - Source: Rublee, Rabaud, Konolige, Bradski: "ORB: an efficient alternative to SIFT or SURF",
///   ICCV 2011; OpenCV's implementation, 6 levels of 1.2, patch 15, FAST threshold 8.
public struct FeatureSet: Sendable {
  /// A point of the picture in fractions of its width and height.
  public struct Point: Sendable, Hashable {
    /// From the left edge, 0...1.
    public var x: Double
    /// From the upper edge, 0...1.
    public var y: Double

    /// Creates a point.
    public init(x: Double, y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// Where the features are.
  public let points: [Point]
  /// Four words for each point.
  private let descriptors: [UInt64]

  /// Features kept for one picture.
  public static let mostFeatures = 600

  /// No features.
  public static let empty = FeatureSet(points: [], descriptors: [])

  private init(points: [Point], descriptors: [UInt64]) {
    (self.points, self.descriptors) = (points, descriptors)
  }

  /// Finds the features of `plane`, after stretching its contrast to the full range.
  public init(plane: LumaPlane) {
    let stretched = Self.stretch(plane)
    var found = [COpenCVFeature](repeating: COpenCVFeature(), count: Self.mostFeatures)
    let (width, height) = (Int32(plane.size.width), Int32(plane.size.height))
    let count = unsafe copencv_orb(
      stretched,
      width,
      height,
      Int32(Self.mostFeatures),
      &found
    )
    let features = found.prefix(max(0, Int(count)))
    let (w, h) = (Double(width), Double(height))
    points = features.map { Point(x: (Double($0.x) + 0.5) / w, y: (Double($0.y) + 0.5) / h) }
    descriptors = features.flatMap { feature in
      unsafe withUnsafeBytes(of: feature.descriptor) { bytes in
        (0..<4).map { unsafe bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self) }
      }
    }
  }

  /// Pairs of features of `self` and `other` that are each other's nearest, at most
  /// `mostDistance` bits of 256 apart.
  ///
  /// - Complexity: O(features of the one · features of the other).
  public func matches(
    with other: FeatureSet,
    mostDistance: Int = 63
  ) -> [(own: Int, other: Int)] {
    let (count, otherCount) = (points.count, other.points.count)
    var distances = [UInt16](repeating: 0, count: otherCount)
    // The nearest of the other's for each of these, and of these for each of the other's; the first
    // of those that are equally near.
    var nearest: [(index: Int, distance: UInt16)] = []
    var nearestOfOther = [(index: Int, distance: UInt16)](
      repeating: (-1, UInt16.max),
      count: otherCount
    )
    let references = other.descriptors.span
    for own in 0..<count {
      let words = descriptors[4 * own..<4 * own + 4]
      let query = SIMD4(words)
      Hamming.distances(query: query, references: references, into: &distances)
      var best = (index: -1, distance: UInt16.max)
      for index in 0..<otherCount {
        let distance = distances[index]
        if distance < best.distance { best = (index, distance) }
        if distance < nearestOfOther[index].distance { nearestOfOther[index] = (own, distance) }
      }
      nearest.append(best)
    }
    return nearest.indices.compactMap { own in
      let (index, distance) = nearest[own]
      guard index >= 0, distance <= mostDistance, nearestOfOther[index].index == own else {
        return nil
      }
      return (own, index)
    }
  }

  /// Brings the darkest and brightest half per cent to black and white.
  ///
  /// A dim leak has few corners above an absolute threshold otherwise. A span below 8 levels is noise and stays small.
  private static func stretch(_ plane: LumaPlane) -> [UInt8] {
    var histogram = [Int](repeating: 0, count: 256)
    for pixel in plane.pixels { histogram[Int(pixel)] += 1 }
    let tail = plane.pixels.count / 200
    func level(_ values: some Sequence<Int>) -> Int {
      var seen = 0
      for value in values {
        seen += histogram[value]
        if seen > tail { return value }
      }
      return 0
    }
    let low = level(0...255)
    let span = max(8, level((0...255).reversed()) - low)
    let table = (0...255).map { UInt8(max(0, min(255, (($0 - low) * 255 + span / 2) / span))) }
    return plane.pixels.map { table[Int($0)] }
  }
}
