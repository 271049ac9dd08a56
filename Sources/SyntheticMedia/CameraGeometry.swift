/// The way of a point from the film's picture to the leak's, exact and invertible.
///
/// Film and leak coordinates are fractions of their frames. Between them lies the camera's own
/// plane, with the lens distortion about its centre.
package struct CameraGeometry: Sendable {
  let parameters: CamcorderParameters
  /// Width over height of the recorded and of the released picture as shown.
  let aspect: Double
  let flip: Bool
  /// Length of the recording in seconds, for the re-aiming.
  let duration: Double

  /// Film to the ideal camera plane at `time` seconds of the recording.
  package func view(at time: Double) -> Projective {
    let p = parameters
    var move = 0.0
    if let at = p.reframeAt {
      move = ExactMath.smoothstep(at * duration, at * duration + 0.7, time)
    }
    let still = pose(stream: 1, shakeAt: time)
    guard move > 0 else { return still }
    let moved = pose(stream: 2, shakeAt: time)
    let a = still.unitSquareCorners
    let b = moved.unitSquareCorners
    return CameraGeometry.square(
      (0..<4).map { (a[$0].x + (b[$0].x - a[$0].x) * move, a[$0].y + (b[$0].y - a[$0].y) * move) }
    )
  }

  private func pose(stream: UInt64, shakeAt time: Double) -> Projective {
    let p = parameters
    var random = RandomSource(seed: p.seed, stream: 40 + stream)
    // The second aim differs in place and size, not in the seat's slant.
    var slant = RandomSource(seed: p.seed, stream: 41)
    let again = stream > 1
    let coverage = p.coverage * (again ? random.uniform(0.92, 1.06) : 1)
    let cx = 0.5 + p.offsetX + (again ? random.uniform(-0.05, 0.05) : 0)
    let cy = 0.5 + p.offsetY + (again ? random.uniform(-0.05, 0.05) : 0)
    // One side of the screen is farther away, and the screen is higher than the seat.
    let side = slant.sign()
    let share = slant.uniform(0.35, 0.8)
    let horizontal = p.keystone * share * side
    let vertical = p.keystone * (1 - share) * slant.sign()
    let half = 0.5 * coverage
    let shrinkLeft = 1 - max(0, horizontal) * aspect
    let shrinkRight = 1 - max(0, -horizontal) * aspect
    let shrinkTop = 1 - max(0, vertical) * 2
    let shrinkBottom = 1 - max(0, -vertical) * 2
    let corners = [
      (-half * shrinkTop, -half * shrinkLeft), (half * shrinkTop, -half * shrinkRight),
      (half * shrinkBottom, half * shrinkRight), (-half * shrinkBottom, half * shrinkLeft),
    ]
    let shakeX = p.shake * wander(time, 1)
    let shakeY = p.shake * aspect * wander(time, 2)
    let roll = (p.tiltDegrees + 60 * p.shake * wander(time, 3)) / 360
    let breath = 1 + p.shake * 0.6 * wander(time, 4)
    let c = ExactMath.cosTurns(roll)
    let s = ExactMath.sinTurns(roll)
    return CameraGeometry.square(
      corners.map { x, y in
        let sx = x * aspect * breath
        let sy = y * breath
        return (cx + shakeX + (sx * c - sy * s) / aspect, cy + shakeY + sx * s + sy * c)
      }
    )
  }

  private func wander(_ time: Double, _ axis: UInt64) -> Double {
    let seed = parameters.takeSeed &+ axis &* 1009
    let slow = NoiseField.fractal(time * parameters.shakeRate, seed: seed)
    let tremor = NoiseField.smooth(time * 7, seed: seed &+ 500)
    return 2 * slow + 0.5 * tremor
  }

  /// The projective map of the unit square to four corners.
  static func square(_ corners: [(Double, Double)]) -> Projective {
    let from = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)]
    let pairs = zip(from, corners).map {
      (from: (x: $0.0, y: $0.1), to: (x: $1.0, y: $1.1))
    }
    return Projective.fit(pairs) ?? .identity
  }

  /// Camera plane to released picture: straightening, crop, bars, mirror; the same for all times.
  var release: Projective {
    let p = parameters
    var map = Projective.identity
    if p.deskew > 0 {
      let actual = pose(stream: 1, shakeAt: 0).unitSquareCorners
      var edges = RandomSource(seed: p.seed, stream: 44)
      // The group aims at the whole frame or at the same place without the slant.
      let xs = actual.map(\.x)
      let ys = actual.map(\.y)
      let left = (xs[0] + xs[3]) / 2
      let right = (xs[1] + xs[2]) / 2
      let top = (ys[0] + ys[1]) / 2
      let bottom = (ys[2] + ys[3]) / 2
      var box = [(left, top), (right, top), (right, bottom), (left, bottom)]
      if p.cropsToScreen {
        let e = (0..<4).map { _ in edges.uniform(-0.02, 0.012) }
        box = [(e[0], e[1]), (1 - e[2], e[1]), (1 - e[2], 1 - e[3]), (e[0], 1 - e[3])]
      }
      let d = p.deskew
      let target =
        p.cropsToScreen
        ? zip(box, actual).map { goal, at in
          // What is left of the slant is centred on the straight frame.
          let sx = (at.x - (at.x < (left + right) / 2 ? left : right)) / max(0.2, right - left)
          let sy = (at.y - (at.y < (top + bottom) / 2 ? top : bottom)) / max(0.2, bottom - top)
          return (goal.0 + sx * (1 - d), goal.1 + sy * (1 - d))
        }
        : zip(box, actual).map { ($1.x + ($0.0 - $1.x) * d, $1.y + ($0.1 - $1.y) * d) }
      map = CameraGeometry.square(target).after(
        CameraGeometry.square(actual.map { ($0.x, $0.y) }).inverse
      )
    }
    if p.letterbox < 1 {
      map = Projective.affine(scaleX: 1, scaleY: p.letterbox, x: 0, y: (1 - p.letterbox) / 2)
        .after(map)
    }
    if flip { map = Projective([-1, 0, 1, 0, 1, 0, 0, 0, 1]).after(map) }
    return map
  }

  /// Ideal camera plane to the plane behind the lens.
  func distort(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    let u = x - 0.5
    let v = y - 0.5
    let factor = 1 + parameters.k1 * radiusSquared(u, v)
    return (0.5 + u * factor, 0.5 + v * factor)
  }

  /// The opposite of `distort`, by Newton's method on the radius.
  func undistort(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    let u = x - 0.5
    let v = y - 0.5
    let k = parameters.k1
    let distorted = radiusSquared(u, v).squareRoot()
    guard distorted > 1e-9, k != 0 else { return (x, y) }
    var r = distorted
    for _ in 0..<8 {
      let slope = max(0.2, 1 + 3 * k * r * r)
      r -= (r * (1 + k * r * r) - distorted) / slope
    }
    // Beyond the fold of a strong barrel there is no picture; keep the point far outside.
    r = min(4, max(0, r))
    return (0.5 + u * r / distorted, 0.5 + v * r / distorted)
  }

  private func radiusSquared(_ u: Double, _ v: Double) -> Double {
    4 * (u * u * aspect * aspect + v * v) / (aspect * aspect + 1)
  }

  /// Where a point of the film is in the leak.
  func forward(_ x: Double, _ y: Double, view: Projective, release: Projective)
    -> (x: Double, y: Double)
  {
    let ideal = view.apply(x, y)
    let seen = distort(ideal.x, ideal.y)
    return release.apply(seen.x, seen.y)
  }

  /// The homography that comes nearest to the way of the picture at `time`.
  ///
  /// - Returns: the map of film to leak, the root mean square of what it cannot express in
  ///   fractions of the frame's width, and the share of the film's picture inside the frame.
  package func truth(at time: Double) -> (map: Projective, residual: Double, visible: Double) {
    let view = view(at: time)
    let release = release
    var pairs: [(from: (x: Double, y: Double), to: (x: Double, y: Double))] = []
    var inside = 0
    let steps = 24
    for j in 0...steps {
      for i in 0...steps {
        let x = Double(i) / Double(steps)
        let y = Double(j) / Double(steps)
        let to = forward(x, y, view: view, release: release)
        if to.x >= 0, to.x < 1, to.y >= 0, to.y < 1 { inside += 1 }
        pairs.append(((x, y), to))
      }
    }
    let map = Projective.fit(pairs) ?? release.after(view)
    var sum = 0.0
    for (from, to) in pairs {
      let at = map.apply(from.x, from.y)
      sum += (at.x - to.x) * (at.x - to.x) + (at.y - to.y) * (at.y - to.y) / (aspect * aspect)
    }
    return (
      map, (sum / Double(pairs.count)).squareRoot(),
      Double(inside) / Double((steps + 1) * (steps + 1))
    )
  }
}
