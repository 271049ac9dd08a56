import Glibc

/// Says where the camera was, or why that cannot be said.
public enum SeatEstimator {
  /// The share that the ellipse holds.
  public static let share = 0.95
  /// Most moments that are used.
  public static let mostMoments = 30

  /// The answer.
  public static func answer(_ question: SeatQuestion) -> SeatAnswer {
    guard !question.homographies.isEmpty, question.frame.width > 0, question.frame.height > 0 else {
      return .refused(.noGeometry)
    }
    guard !question.isCropped, hasCameraShape(question.frame.width, question.frame.height) else {
      return .refused(.cropped)
    }
    let every = max(1, (question.homographies.count + mostMoments - 1) / mostMoments)
    let chosen = question.homographies.indices.filter { $0 % every == 0 }
      .map { question.homographies[$0] }
    let width = question.frame.width
    let middle = SIMD2(width, question.frame.height) / 2
    let seen = chosen.compactMap { points(of: $0, question) }
    guard !seen.isEmpty else { return .refused(.noGeometry) }
    guard question.isWholeFrame || !isCutUnevenly(seen, question) else { return .refused(.cropped) }
    let few = (0..<min(momentsOfStart, seen.count)).map { seen[$0 * seen.count / momentsOfStart] }
    let expected = square(question.priorError)
    guard let start = solver(question, seen.count < momentsOfStart ? seen : few, middle, expected),
      let first = solver(question, seen, middle, expected)
    else { return .refused(.noGeometry) }
    guard let near = best(start, question, middle)?.state.cameras.first,
      let draft = first.fit(cameras(first, near, question, middle))
    else { return .refused(.inconsistent) }
    // The errors themselves say how good the homographies are; little of them is believed little.
    let error = variance(draft, question, moments: seen.count)
    guard
      let second = solver(question, seen, middle, error.total),
      let fit = second.fit(draft.state), let camera = fit.state.cameras.first
    else { return .refused(.inconsistent) }
    return judge(fit, camera, error, question, moments: seen.count)
  }

  private static func square(_ value: Double) -> Double { value * value }

  // MARK: The fit

  /// Where the points of the picture are seen; the mirror is taken back.
  private static func points(
    of homography: SeatQuestion.Homography,
    _ question: SeatQuestion
  ) -> [SIMD2<Double>]? {
    guard homography.count == 9, homography.allSatisfy(\.isFinite) else { return nil }
    let picture = question.picture
    var points: [SIMD2<Double>] = []
    for (u, v) in grid {
      let x = picture.x + u * (picture.z - picture.x)
      let y = picture.y + v * (picture.w - picture.y)
      let depth = homography[6] * x + homography[7] * y + homography[8]
      guard depth > 1e-9 else { return nil }
      points.append(
        SIMD2(
          (homography[0] * x + homography[1] * y + homography[2]) / depth * question.frame.width,
          (homography[3] * x + homography[4] * y + homography[5]) / depth * question.frame.height
        )
      )
    }
    let count = SeatSolver.grid
    let (right, down) = (points[count - 1] - points[0], points[count * (count - 1)] - points[0])
    if right.x * down.y - right.y * down.x < 0 {
      for index in points.indices { points[index].x = question.frame.width - points[index].x }
    }
    return points
  }

  /// Fractions of the picture, row by row.
  private static var grid: [(Double, Double)] {
    let count = SeatSolver.grid
    return (0..<count * count).map {
      (Double($0 % count) / Double(count - 1), Double($0 / count) / Double(count - 1))
    }
  }

  private static func solver(
    _ question: SeatQuestion,
    _ seen: [[SIMD2<Double>]],
    _ middle: SIMD2<Double>,
    _ variance: Double
  ) -> SeatSolver? {
    guard variance > 0, variance.isFinite else { return nil }
    return SeatSolver(
      question: question,
      places: grid.map { question.screen.place($0.0, $0.1) },
      seen: seen,
      bases: seen.map { SeatSolver.basis($0, about: middle) },
      lens: RadialLens(k1: question.k1, middle: middle),
      middle: middle,
      principalError: question.frame.width
        * (question.isWholeFrame ? principalError : croppedError),
      focalError: question.focalError,
      variance: variance
    )
  }

  /// The best fit of several focal lengths to start from.
  private static func best(
    _ solver: SeatSolver,
    _ question: SeatQuestion,
    _ middle: SIMD2<Double>
  ) -> SeatSolver.Fit? {
    let width = question.frame.width
    let focals = question.focalLength.map { [$0] } ?? startingFocals.map { $0 * width }
    var best: SeatSolver.Fit?
    for focal in focals {
      let starts = solver.seen.compactMap { points in
        planeMap(question.screen, points, middle).flatMap {
          SeatCamera(plane: $0, focal: focal, principal: middle)
        }
      }
      guard starts.count == solver.seen.count, var common = starts.first else { continue }
      common.position =
        starts.reduce(SIMD3<Double>.zero) { $0 + $1.position } / Double(starts.count)
      guard let fit = solver.fit(cameras(solver, common, question, middle)) else { continue }
      if best.map({ fit.squares + fit.priorSquares < $0.squares + $0.priorSquares }) ?? true {
        best = fit
      }
    }
    return best
  }

  /// Cameras at one place, each turned as its own moment has it.
  private static func cameras(
    _ solver: SeatSolver,
    _ common: SeatCamera,
    _ question: SeatQuestion,
    _ middle: SIMD2<Double>
  ) -> SeatSolver.State {
    SeatSolver.State(
      cameras: solver.seen.map { points in
        var camera = common
        if let map = planeMap(question.screen, points, middle),
          let own = SeatCamera(plane: map, focal: common.focal, principal: middle)
        {
          camera.rotation = own.rotation
        }
        return camera
      }
    )
  }

  /// The map from the screen as a plane, metres, to pixels about the middle, through the picture's
  /// corners.
  private static func planeMap(
    _ screen: AuditoriumScreen,
    _ points: [SIMD2<Double>],
    _ middle: SIMD2<Double>
  ) -> [Double]? {
    let last = SeatSolver.grid - 1
    let corners = [0, last, last * (last + 2), last * (last + 1)].map { points[$0] - middle }
    let (a, b, c, d) = (corners[0], corners[1], corners[2], corners[3])
    let (first, second, sum) = (b - c, d - c, a - b + c - d)
    let determinant = first.x * second.y - second.x * first.y
    guard abs(determinant) > 1e-9 else { return nil }
    let g = (sum.x * second.y - second.x * sum.y) / determinant
    let h = (first.x * sum.y - sum.x * first.y) / determinant
    let (right, down) = (b - a + g * b, d - a + h * d)
    // u = X / width + 1/2, v = 1/2 - Y / height.
    let unit = [right.x, down.x, a.x, right.y, down.y, a.y, g, h, 1]
    var map = [Double](repeating: 0, count: 9)
    for row in 0..<3 {
      map[3 * row] = unit[3 * row] / screen.width
      map[3 * row + 1] = -unit[3 * row + 1] / screen.height
      map[3 * row + 2] = unit[3 * row + 2] + (unit[3 * row] + unit[3 * row + 1]) / 2
    }
    return map
  }

  // MARK: Errors

  private struct Variance {
    /// Of one homography, mean over the picture, both coordinates, for each of its eight numbers.
    var value: Double
    var freedom: Double
    /// By which factor errors that follow each other are alike.
    var inflation: Double
    /// The same in all moments: how far a homography is tilted by what it cannot follow.
    var common: Double

    /// By which the covariance for errors of variance 1 is to be multiplied.
    var total: Double { value * inflation + common }
  }

  private static func variance(
    _ fit: SeatSolver.Fit,
    _ question: SeatQuestion,
    moments: Int
  ) -> Variance {
    let unknowns = 5.0 + 3 * Double(moments)
    let freedom = max(0, 8 * Double(moments) - unknowns)
    // Errors of neighbours in time are alike: fewer of them count.
    var inflation = 1.0
    if moments >= leastForMemory {
      var (same, next) = (0.0, 0.0)
      for index in 0..<moments {
        same += fit.errors[index].reduce(0) { $0 + $1 * $1 }
        guard index > 0 else { continue }
        next += zip(fit.errors[index], fit.errors[index - 1]).reduce(0) { $0 + $1.0 * $1.1 }
      }
      if same > 0 {
        let memory = max(0, min(mostMemory, next / same * Double(moments) / Double(moments - 1)))
        inflation = (1 + memory) / (1 - memory)
      }
    }
    let prior = square(question.priorError) / 8
    let counted = freedom / inflation
    let measured = freedom > 0 ? fit.squares / freedom : 0
    let value = (priorFreedom * prior + counted * measured) / (priorFreedom + counted)
    return Variance(
      value: value,
      freedom: priorFreedom + counted,
      inflation: inflation,
      common: Double(moments) * leak * fit.misfit
    )
  }

  // MARK: Judgement

  private static func judge(
    _ fit: SeatSolver.Fit,
    _ camera: SeatCamera,
    _ error: Variance,
    _ question: SeatQuestion,
    moments: Int
  ) -> SeatAnswer {
    let scale = error.total
    let covariance = fit.covariance.map { $0 * scale }
    let forward = camera.rotation[2]
    let obliqueness = acos(max(-1, min(1, -forward.z))) * 180 / .pi
    let consistency = Distributions.log10Tail(
      f: fit.priorSquares / (scale * Double(question.focalLength == nil ? 2 : 3)),
      count: question.focalLength == nil ? 2 : 3,
      freedom: error.freedom
    )
    let width = question.frame.width
    guard obliqueness >= leastObliqueness else { return .refused(.deskewed) }
    guard consistency > log10Inconsistent, focals.contains(camera.focal / width) else {
      return .refused(.inconsistent)
    }
    let common = SeatSolver.common
    func entry(_ i: Int, _ j: Int) -> Double { covariance[i * common + j] }
    let quantile = Distributions.ellipseQuantile(share: share, freedom: error.freedom)
    let ellipse = SeatEllipse(
      center: SIMD2(camera.position.x, camera.position.z),
      covariance: SIMD3(entry(0, 0), entry(0, 2), entry(2, 2)),
      quantile: quantile
    )
    let throwDistance = question.screen.throwDistance ?? assumedThrow * question.screen.width
    guard ellipse.major <= mostUncertain * throwDistance else { return .refused(.undetermined) }
    guard reaches(ellipse, camera.position.y, entry(1, 1) * quantile, question.screen) else {
      return .refused(.impossible)
    }
    return .place(
      SeatEstimate(
        position: camera.position,
        covariance: (0..<9).map { entry($0 / 3, $0 % 3) },
        ellipse: ellipse,
        focalLength: camera.focal,
        focalError: camera.focal * entry(3, 3).squareRoot(),
        homographyError: (8 * error.value).squareRoot(),
        obliqueness: obliqueness,
        log10Consistency: consistency
      )
    )
  }

  /// Whether the ellipse has a part inside of an auditorium.
  private static func reaches(
    _ ellipse: SeatEllipse,
    _ height: Double,
    _ squaredHeight: Double,
    _ screen: AuditoriumScreen
  ) -> Bool {
    let far = (screen.throwDistance ?? assumedThrow * screen.width) + behindProjector
    let side = sideways * screen.width
    let spread = (ellipse.covariance * ellipse.quantile)
    let (dx, dz) = (spread.x.squareRoot(), spread.z.squareRoot())
    let dy = squaredHeight.squareRoot()
    return ellipse.center.x - dx < side && ellipse.center.x + dx > -side
      && ellipse.center.y + dz > nearest && ellipse.center.y - dz < far
      && height - dy < screen.height && height + dy > -screen.height / 2 - below
  }

  /// Whether the frame cuts off much more of the picture on one side than on the other.
  ///
  /// Who films a screen has it in the middle; who crops a leak, for a subtitle or a head in front, does
  /// not. Such a crop moves the camera's axis off the frame's middle, and with it the seat.
  private static func isCutUnevenly(_ seen: [[SIMD2<Double>]], _ question: SeatQuestion) -> Bool {
    let frame = SIMD2(question.frame.width, question.frame.height)
    let uneven = seen.map { points in
      let least = points.reduce(frame) { pointwiseMin($0, $1) }
      let most = points.reduce(SIMD2<Double>.zero) { pointwiseMax($0, $1) }
      let before = pointwiseMax(SIMD2<Double>.zero, -least)
      let after = pointwiseMax(SIMD2<Double>.zero, most - frame)
      return (after - before) / frame
    }
    let sums = uneven.reduce(SIMD2<Double>.zero, +) / Double(seen.count)
    return max(abs(sums.x), abs(sums.y)) > mostUneven
  }

  /// Whether a frame has one of the shapes that cameras have.
  static func hasCameraShape(_ width: Double, _ height: Double) -> Bool {
    let ratio = max(width, height) / min(width, height)
    return shapes.contains { abs(ratio / $0 - 1) < shapeTolerance }
  }

  private static let shapes = [16.0 / 9, 4.0 / 3, 3.0 / 2, 17.0 / 9]
  /// Difference of what is cut off on opposite sides, in widths or heights of the frame.
  private static let mostUneven = 0.08
  private static let shapeTolerance = 0.01
  /// Standard error of a camera's principal point, as a part of the frame's width: what makers allow
  /// and stabilisers move.
  private static let principalError = 0.004
  /// The same of a frame that may have been cropped by up to a tenth, anywhere.
  private static let croppedError = 0.02
  private static let startingFocals = [0.6, 0.85, 1.2, 1.7, 2.4, 3.5]
  /// Focal lengths of cameras, in widths of their frames: angles of view of 100 to 8 degrees.
  private static let focals = 0.42...7.2
  /// How many degrees of freedom what is believed of the homographies' errors counts.
  private static let priorFreedom = 4.0
  /// Part of the squared misfit of a curved screen that shows in each number of a homography, by where
  /// its features happen to lie.
  private static let leak = 0.008
  private static let momentsOfStart = 3
  private static let leastForMemory = 6
  private static let mostMemory = 0.9
  /// Degrees between axis and normal below which a picture counts as straightened.
  private static let leastObliqueness = 1.5
  private static let log10Inconsistent = -2.5
  /// Longest half axis, in throws.
  private static let mostUncertain = 0.3
  /// A throw where none is known, in widths of the screen.
  private static let assumedThrow = 2.5
  private static let behindProjector = 3.0
  private static let (nearest, sideways, below) = (1.0, 1.2, 4.0)
}

extension SeatEllipse {
  init(center: SIMD2<Double>, covariance: SIMD3<Double>, quantile: Double) {
    (self.center, self.covariance, self.quantile) = (center, covariance, quantile)
    let mean = (covariance.x + covariance.z) / 2
    let half = (covariance.x - covariance.z) / 2
    let root = (half * half + covariance.y * covariance.y).squareRoot()
    major = (max(0, mean + root) * quantile).squareRoot()
    minor = (max(0, mean - root) * quantile).squareRoot()
    angle = atan2(covariance.y, half) / 2 * 180 / .pi
  }
}
