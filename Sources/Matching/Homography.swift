/// A plane projective map from the reference's unit square to the leak's unit square, mirror
/// included: nine row-major numbers, the last of them 1.
///
/// - Source: Hartley, Zisserman: "Multiple View Geometry in Computer Vision", 2nd ed., chapter 2.
public struct Homography: Sendable, Hashable {
  /// The nine numbers, row by row.
  public var elements: [Double]

  /// Creates a map from nine row-major numbers; scaled so that the last is 1 where it is not 0.
  public init(_ elements: [Double]) {
    precondition(elements.count == 9, "a homography has nine numbers")
    let last = elements[8]
    self.elements = abs(last) > 1e-12 ? elements.map { $0 / last } : elements
  }

  /// The map that leaves every point where it is.
  public static let identity = Homography([1, 0, 0, 0, 1, 0, 0, 0, 1])

  /// Where a point of the reference lies in the leak; nil where it goes to infinity or behind.
  public func map(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    let e = elements
    let w = e[6] * x + e[7] * y + e[8]
    guard w > 1e-9 else { return nil }
    return ((e[0] * x + e[1] * y + e[2]) / w, (e[3] * x + e[4] * y + e[5]) / w)
  }

  /// Left for right in the leak's frame.
  static let mirror = Homography([-1, 0, 1, 0, 1, 0, 0, 0, 1])

  /// Whether the picture stays a convex quadrilateral of a believable size, seen from its front.
  var isPlausible: Bool {
    let corners = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].compactMap { map($0.0, $0.1) }
    guard corners.count == 4 else { return false }
    var area = 0.0
    for i in 0..<4 {
      let (a, b, c) = (corners[i], corners[(i + 1) % 4], corners[(i + 2) % 4])
      guard (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) > 0 else { return false }
      area += (a.x * b.y - b.x * a.y) / 2
    }
    return Self.acceptedArea.contains(area)
  }

  private static let acceptedArea = 0.2...2.5

  /// `self` after `first`.
  public func after(_ first: Homography) -> Homography {
    var product = [Double](repeating: 0, count: 9)
    for row in 0..<3 {
      for column in 0..<3 {
        for k in 0..<3 {
          product[3 * row + column] += elements[3 * row + k] * first.elements[3 * k + column]
        }
      }
    }
    return Homography(product)
  }
}
