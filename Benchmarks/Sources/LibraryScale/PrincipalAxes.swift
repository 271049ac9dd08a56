/// The directions in which motion vectors vary independently of each other, strongest first.
struct PrincipalAxes {
  /// `axes[64 * k..<64 * k + 64]` is axis `k`.
  private(set) var axes: [Float]

  private static let n = MotionTrack.components

  /// Finds the axes of unit vectors along `tracks` by Jacobi's rotations (1846).
  init(_ tracks: [MotionTrack]) {
    let n = Self.n
    var matrix = [Double](repeating: 0, count: n * n)
    for track in tracks {
      for start in stride(from: 0, to: track.values.count, by: n) {
        let vector = track.values[start..<start + n].map(Double.init)
        let energy = vector.reduce(0) { $0 + $1 * $1 }
        guard energy > 0 else { continue }
        for i in 0..<n { for j in 0..<n { matrix[n * i + j] += vector[i] * vector[j] / energy } }
      }
    }
    var vectors = (0..<n * n).map { $0 / n == $0 % n ? 1.0 : 0 }
    for _ in 0..<12 {
      for p in 0..<n - 1 {
        for q in p + 1..<n where abs(matrix[n * p + q]) > 1e-12 {
          let theta = (matrix[n * q + q] - matrix[n * p + p]) / (2 * matrix[n * p + q])
          let t = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
          let c = 1 / (t * t + 1).squareRoot()
          let s = t * c
          for k in 0..<n {
            let (a, b) = (matrix[n * k + p], matrix[n * k + q])
            (matrix[n * k + p], matrix[n * k + q]) = (c * a - s * b, s * a + c * b)
          }
          for k in 0..<n {
            let (a, b) = (matrix[n * p + k], matrix[n * q + k])
            (matrix[n * p + k], matrix[n * q + k]) = (c * a - s * b, s * a + c * b)
            let (u, v) = (vectors[n * p + k], vectors[n * q + k])
            (vectors[n * p + k], vectors[n * q + k]) = (c * u - s * v, s * u + c * v)
          }
        }
      }
    }
    let order = (0..<n).sorted { matrix[n * $0 + $0] > matrix[n * $1 + $1] }
    axes = order.flatMap { axis in (0..<n).map { Float(vectors[n * axis + $0]) } }
  }

  /// The track in coordinates along the axes.
  func coordinates(_ track: MotionTrack) -> MotionTrack {
    let n = Self.n
    var result = MotionTrack()
    result.values.reserveCapacity(track.values.count)
    for start in stride(from: 0, to: track.values.count, by: n) {
      for axis in 0..<n {
        var sum: Float = 0
        for c in 0..<n { sum += axes[n * axis + c] * track.values[start + c] }
        result.values.append(sum)
      }
    }
    return result
  }

  /// The track whose coordinates along the axes are given.
  func track(_ coordinates: [Float]) -> MotionTrack {
    let n = Self.n
    let columns = (0..<n).map { axis in
      (0..<4).map { part in
        SIMD16<Float>(axes[n * axis + 16 * part..<n * axis + 16 * part + 16])
      }
    }
    var result = MotionTrack()
    result.values = [Float](unsafeUninitializedCapacity: coordinates.count) { output, count in
      for start in stride(from: 0, to: coordinates.count, by: n) {
        for part in 0..<4 {
          var sum = SIMD16<Float>.zero
          for axis in 0..<n { sum += coordinates[start + axis] * columns[axis][part] }
          for lane in 0..<16 { output[start + 16 * part + lane] = sum[lane] }
        }
      }
      count = coordinates.count
    }
    return result
  }
}
