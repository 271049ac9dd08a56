/// A plane-to-plane projective map: nine numbers, row-major, that act on (x, y, 1).
public struct Projective: Sendable, Hashable {
  /// The matrix, row-major; the last element is 1 for maps made here.
  public var elements: [Double]

  /// Creates a map from nine row-major numbers.
  public init(_ elements: [Double]) {
    precondition(elements.count == 9, "a projective map has nine numbers")
    self.elements = elements
  }

  /// The map that leaves every point where it is.
  public static let identity = Projective([1, 0, 0, 0, 1, 0, 0, 0, 1])

  /// A scaling followed by a shift.
  public static func affine(scaleX: Double, scaleY: Double, x: Double, y: Double) -> Projective {
    Projective([scaleX, 0, x, 0, scaleY, y, 0, 0, 1])
  }

  /// The image of a point; a point on the horizon goes far away rather than to infinity.
  public func apply(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    let e = elements
    let w = e[6] * x + e[7] * y + e[8]
    let d = abs(w) < 1e-9 ? (w < 0 ? -1e-9 : 1e-9) : w
    return ((e[0] * x + e[1] * y + e[2]) / d, (e[3] * x + e[4] * y + e[5]) / d)
  }

  /// The map that does `first`, then this one.
  public func after(_ first: Projective) -> Projective {
    var product = [Double](repeating: 0, count: 9)
    for row in 0..<3 {
      for column in 0..<3 {
        for k in 0..<3 {
          product[row * 3 + column] += elements[row * 3 + k] * first.elements[k * 3 + column]
        }
      }
    }
    return Projective(product).normalised
  }

  /// The opposite map; the identity where there is none.
  public var inverse: Projective {
    let e = elements
    let c = [
      e[4] * e[8] - e[5] * e[7], e[2] * e[7] - e[1] * e[8], e[1] * e[5] - e[2] * e[4],
      e[5] * e[6] - e[3] * e[8], e[0] * e[8] - e[2] * e[6], e[2] * e[3] - e[0] * e[5],
      e[3] * e[7] - e[4] * e[6], e[1] * e[6] - e[0] * e[7], e[0] * e[4] - e[1] * e[3],
    ]
    let determinant = e[0] * c[0] + e[1] * c[3] + e[2] * c[6]
    guard abs(determinant) > 1e-15 else { return .identity }
    return Projective(c.map { $0 / determinant }).normalised
  }

  private var normalised: Projective {
    let last = elements[8]
    return abs(last) < 1e-15 ? self : Projective(elements.map { $0 / last })
  }

  /// The images of the unit square's corners: upper left, upper right, lower right, lower left.
  public var unitSquareCorners: [(x: Double, y: Double)] {
    [apply(0, 0), apply(1, 0), apply(1, 1), apply(0, 1)]
  }

  /// The least-squares map (in the algebraic sense) of four or more point pairs.
  ///
  /// - Source: Hartley and Zisserman, "Multiple View Geometry", 2nd edition, section 4.1, the
  ///   inhomogeneous solution; points are near the unit square, so they need no normalisation.
  public static func fit(
    _ pairs: [(from: (x: Double, y: Double), to: (x: Double, y: Double))]
  ) -> Projective? {
    var a = [Double](repeating: 0, count: 64)
    var b = [Double](repeating: 0, count: 8)
    func add(_ row: [Double], _ value: Double) {
      for i in 0..<8 {
        for j in 0..<8 { a[i * 8 + j] += row[i] * row[j] }
        b[i] += row[i] * value
      }
    }
    for (from, to) in pairs {
      add([from.x, from.y, 1, 0, 0, 0, -from.x * to.x, -from.y * to.x], to.x)
      add([0, 0, 0, from.x, from.y, 1, -from.x * to.y, -from.y * to.y], to.y)
    }
    for column in 0..<8 {
      let pivot = (column..<8).max { abs(a[$0 * 8 + column]) < abs(a[$1 * 8 + column]) } ?? column
      guard abs(a[pivot * 8 + column]) > 1e-14 else { return nil }
      if pivot != column {
        for j in 0..<8 { a.swapAt(pivot * 8 + j, column * 8 + j) }
        b.swapAt(pivot, column)
      }
      for row in 0..<8 where row != column {
        let factor = a[row * 8 + column] / a[column * 8 + column]
        for j in column..<8 { a[row * 8 + j] -= factor * a[column * 8 + j] }
        b[row] -= factor * b[column]
      }
    }
    return Projective((0..<8).map { b[$0] / a[$0 * 8 + $0] } + [1])
  }
}
