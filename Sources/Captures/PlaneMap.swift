/// A plane projective map as nine row-major numbers, the last of them 1.
public struct PlaneMap: Sendable, Hashable {
  /// The nine numbers, row by row.
  public var elements: [Double]

  /// Creates a map from nine row-major numbers, scaled so that the last is 1 where it is not 0.
  public init(_ elements: [Double]) {
    precondition(elements.count == 9, "a plane map has nine numbers")
    let last = elements[8]
    self.elements = abs(last) > 1e-12 ? elements.map { $0 / last } : elements
  }

  /// The map that leaves every point where it is.
  public static let identity = PlaneMap([1, 0, 0, 0, 1, 0, 0, 0, 1])

  /// Where a point goes; nil where that is at infinity or behind.
  public func map(_ x: Double, _ y: Double) -> SIMD2<Double>? {
    let e = elements
    let depth = e[6] * x + e[7] * y + e[8]
    guard depth > 1e-9 else { return nil }
    return SIMD2(e[0] * x + e[1] * y + e[2], e[3] * x + e[4] * y + e[5]) / depth
  }

  /// `self` after `first`.
  public func after(_ first: PlaneMap) -> PlaneMap {
    var product = [Double](repeating: 0, count: 9)
    for row in 0..<3 {
      for column in 0..<3 {
        for k in 0..<3 {
          product[3 * row + column] += elements[3 * row + k] * first.elements[3 * k + column]
        }
      }
    }
    return PlaneMap(product)
  }

  /// The map that leads back; nil where points were mapped onto a line.
  public var inverse: PlaneMap? {
    let e = elements
    let cofactors = [
      e[4] * e[8] - e[5] * e[7], e[2] * e[7] - e[1] * e[8], e[1] * e[5] - e[2] * e[4],
      e[5] * e[6] - e[3] * e[8], e[0] * e[8] - e[2] * e[6], e[2] * e[3] - e[0] * e[5],
      e[3] * e[7] - e[4] * e[6], e[1] * e[6] - e[0] * e[7], e[0] * e[4] - e[1] * e[3],
    ]
    let determinant = e[0] * cofactors[0] + e[1] * cofactors[3] + e[2] * cofactors[6]
    guard abs(determinant) > 1e-12 else { return nil }
    return PlaneMap(cofactors.map { $0 / determinant })
  }

  /// The corners of the unit square, clockwise from the upper left one in a picture.
  static let corners = [SIMD2(0.0, 0.0), SIMD2(1.0, 0.0), SIMD2(1.0, 1.0), SIMD2(0.0, 1.0)]

  /// Where the corners of the unit square go; nil where one goes to infinity or behind.
  public var cornerPlaces: [SIMD2<Double>]? {
    let places = Self.corners.compactMap { map($0.x, $0.y) }
    return places.count == 4 ? places : nil
  }

  /// The map that takes the corners of the unit square to four places; nil where three of them lie
  /// on a line.
  ///
  /// - Source: Heckbert: "Fundamentals of Texture Mapping and Image Warping", 1989, section 2.2.3.
  public init?(corners places: [SIMD2<Double>]) {
    precondition(places.count == 4, "a square has four corners")
    let (a, b, c, d) = (places[0], places[1], places[2], places[3])
    let (first, second, sum) = (b - c, d - c, a - b + c - d)
    let determinant = first.x * second.y - second.x * first.y
    guard abs(determinant) > 1e-12 else { return nil }
    let g = (sum.x * second.y - second.x * sum.y) / determinant
    let h = (first.x * sum.y - sum.x * first.y) / determinant
    let right = b - a + g * b
    let down = d - a + h * d
    self.init([right.x, down.x, a.x, right.y, down.y, a.y, g, h, 1])
  }
}
