import Glibc

/// A pinhole camera in front of a screen.
struct SeatCamera {
  /// Place in metres.
  var position: SIMD3<Double>
  /// Rows: the directions to the right, down and forward of the picture.
  var rotation: [SIMD3<Double>]
  /// Focal length and principal point in pixels.
  var focal: Double
  var principal: SIMD2<Double>

  /// Where a place is seen, in pixels of a lens without distortion; nil behind the camera.
  func project(_ place: SIMD3<Double>) -> SIMD2<Double>? {
    let way = place - position
    let depth = (rotation[2] * way).sum()
    guard depth > 0.05 else { return nil }
    return SIMD2((rotation[0] * way).sum(), (rotation[1] * way).sum()) / depth * focal + principal
  }

  /// Turned by a small angle about the camera's own axes.
  func turned(_ w: SIMD3<Double>) -> [SIMD3<Double>] {
    let angle = (w * w).sum().squareRoot()
    guard angle > 1e-15 else { return rotation }
    let axis = w / angle
    let (c, s) = (cos(angle), sin(angle))
    // Rodrigues, applied to the rows: R' = exp([w]) R.
    func row(_ i: Int) -> SIMD3<Double> {
      var sum = SIMD3<Double>.zero
      for j in 0..<3 {
        var value = (1 - c) * axis[i] * axis[j]
        if i == j { value += c }
        let k = 3 - i - j
        if i != j { value += ((j - i + 3) % 3 == 1 ? -1 : 1) * s * axis[k] }
        sum += rotation[j] * value
      }
      return sum
    }
    return [row(0), row(1), row(2)]
  }

  /// The camera of a map from the screen's plane, metres, to pixels about the principal point.
  ///
  /// - Source: Zhang: "A Flexible New Technique for Camera Calibration", 2000, section 3.1.
  init?(plane h: [Double], focal: Double, principal: SIMD2<Double>) {
    let columns = (0..<3).map { SIMD3(h[$0] / focal, h[3 + $0] / focal, h[6 + $0]) }
    func length(_ v: SIMD3<Double>) -> Double { (v * v).sum().squareRoot() }
    var scale = 2 / (length(columns[0]) + length(columns[1]))
    guard scale.isFinite else { return nil }
    // The middle of the screen lies before the camera.
    if columns[2].z < 0 { scale = -scale }
    let first = columns[0] * scale / length(columns[0] * scale)
    var second = columns[1] * scale
    second -= first * (first * second).sum()
    let size = length(second)
    guard size > 1e-6 else { return nil }
    second /= size
    let third = Self.cross(first, second)
    let shift = columns[2] * scale
    // Columns of the rotation are the screen's axes as the camera sees them.
    rotation = (0..<3).map { SIMD3(first[$0], second[$0], third[$0]) }
    position = -SIMD3(
      (first * shift).sum(),
      (second * shift).sum(),
      (third * shift).sum()
    )
    (self.focal, self.principal) = (focal, principal)
  }

  static func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
  }
}

/// Radial distortion about the middle of a frame.
struct RadialLens {
  var k1: Double
  var middle: SIMD2<Double>
  private var halfDiagonal: Double { (middle * middle).sum().squareRoot() }

  init(k1: Double, middle: SIMD2<Double>) { (self.k1, self.middle) = (k1, middle) }

  /// Where a point of a lens without distortion really is.
  func distorted(_ point: SIMD2<Double>) -> SIMD2<Double> {
    guard k1 != 0 else { return point }
    let way = (point - middle) / halfDiagonal
    return middle + way * (1 + k1 * (way * way).sum()) * halfDiagonal
  }
}
