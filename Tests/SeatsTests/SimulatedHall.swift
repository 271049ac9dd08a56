import Seats
import TestSupport

/// A camera of known place before a screen, and what registration would say of its frames.
struct SimulatedHall {
  var question: SeatQuestion
  /// Right of the screen's middle, up from it, away from it.
  var camera: SIMD3<Double>

  /// What is drawn at random.
  struct Options {
    var moments = 12
    /// Standard error of a feature in pixels of 1920.
    var noise = 3.0
    var features = 60
    var knowsFocal = false
    /// Deepest sag in metres.
    var sag = 0.0
    /// Places that the features of a shot lie around; 0 where they lie all over the picture.
    var clusters = 0
    /// Greatest part of the frame that is cut off afterwards, at random sides, keeping its shape.
    var crop = 0.0
    /// Whether all is cut off at one corner, and as much as may be.
    var isCroppedAtCorner = false
    /// Whether the frame is said to be whole.
    var isWhole = true
  }

  init?(_ options: Options, _ random: inout SeededRandom) {
    let width = Double.random(in: 8...20, using: &random)
    let throwDistance = width * Double.random(in: 1.4...2.4, using: &random)
    let height = width / Double.random(in: 1.85...2.39, using: &random)
    guard
      let screen = AuditoriumScreen(
        width: width,
        height: height,
        sag: options.sag * Double.random(in: 0...1, using: &random),
        throwDistance: throwDistance
      )
    else { return nil }
    let z = Double.random(in: 0.35...0.95, using: &random) * throwDistance
    let x = Double.random(in: -0.5...0.5, using: &random) * width
    // Floors rise from the first row; eyes are 1.2 m above them.
    let rise = max(0, z - 0.35 * throwDistance) * Double.random(in: 0.1...0.3, using: &random)
    camera = SIMD3(x, 0.2 - height / 2 + rise, z)
    let (frameWidth, frameHeight) = (1920.0, 1080.0)
    let distance = (x * x + z * z).squareRoot()
    let focal = Double.random(in: 0.65...1.05, using: &random) * frameWidth * distance / width
    let principal =
      SIMD2(frameWidth, frameHeight) / 2
      + SIMD2(Self.normal(&random), Self.normal(&random)) * 0.004 * frameWidth
    let aim = SIMD3(
      Double.random(in: -0.06...0.06, using: &random) * width,
      Double.random(in: -0.06...0.06, using: &random) * width,
      0
    )
    let roll = Self.normal(&random) * 0.02
    let crop = options.crop * (options.isCroppedAtCorner ? 1 : .random(in: 0...1, using: &random))
    func side() -> Double {
      let share = Double.random(in: 0...1, using: &random)
      return crop * (options.isCroppedAtCorner ? share.rounded() : share)
    }
    let cut = SIMD2(side(), side())
    var clusters: [SIMD2<Double>] = []
    var homographies: [SeatQuestion.Homography] = []
    for moment in 0..<options.moments {
      if moment % Self.momentsOfShot == 0 {
        clusters = (0..<options.clusters).map { _ in
          SIMD2(
            Double.random(in: 0.1...0.9, using: &random),
            Double.random(in: 0.1...0.9, using: &random)
          )
        }
      }
      let shake = SIMD3(Self.normal(&random), Self.normal(&random), 0) * 0.01 * width
      let axes = Self.axes(from: camera, to: aim + shake, roll: roll)
      var pairs: [(SIMD2<Double>, SIMD2<Double>)] = []
      for _ in 0..<options.features {
        var (u, v) = (
          Double.random(in: 0...1, using: &random), Double.random(in: 0...1, using: &random)
        )
        if let center = clusters.randomElement(using: &random) {
          (u, v) = (
            max(0, min(1, center.x + (u - 0.5) * 0.2)), max(0, min(1, center.y + (v - 0.5) * 0.2))
          )
        }
        let share = 2 * u - 1
        let point = SIMD3((u - 0.5) * width, (0.5 - v) * height, screen.sag * share * share)
        let way = point - camera
        let depth = (axes[2] * way).sum()
        let seen = SIMD2((axes[0] * way).sum(), (axes[1] * way).sum()) / depth * focal + principal
        let error = SIMD2(Self.normal(&random), Self.normal(&random)) * options.noise
        let place = (seen + error) / SIMD2(frameWidth, frameHeight) - cut
        pairs.append((SIMD2(u, v), place / (1 - crop)))
      }
      guard let homography = Self.homography(pairs) else { return nil }
      homographies.append(homography)
    }
    question = SeatQuestion(
      screen: screen,
      homographies: homographies,
      frameWidth: frameWidth * (1 - crop),
      frameHeight: frameHeight * (1 - crop)
    )
    question.isWholeFrame = options.isWhole
    if options.knowsFocal {
      question.focalLength = focal * (1 + 0.03 * Self.normal(&random))
    }
  }

  private static let momentsOfShot = 4

  private static func axes(
    from place: SIMD3<Double>,
    to aim: SIMD3<Double>,
    roll: Double
  ) -> [SIMD3<Double>] {
    func unit(_ v: SIMD3<Double>) -> SIMD3<Double> { v / (v * v).sum().squareRoot() }
    func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    let forward = unit(aim - place)
    let right = unit(cross(forward, SIMD3(0, 1, 0)))
    let down = cross(forward, right)
    // Small: the series of sine and cosine are exact enough.
    let (c, s) = (1 - roll * roll / 2, roll)
    return [right * c + down * s, down * c - right * s, forward]
  }

  /// Nearly normal: twelve uniform numbers.
  private static func normal(_ random: inout SeededRandom) -> Double {
    (0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0...1, using: &random) }
  }

  /// The homography of least squares, through its eight normal equations.
  private static func homography(_ pairs: [(SIMD2<Double>, SIMD2<Double>)]) -> [Double]? {
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: 9), count: 8)
    for (from, to) in pairs {
      let (x, y) = (from.x - 0.5, from.y - 0.5)
      let rows = [
        ([x, y, 1, 0, 0, 0, -to.x * x, -to.x * y], to.x),
        ([0, 0, 0, x, y, 1, -to.y * x, -to.y * y], to.y),
      ]
      for (row, value) in rows {
        for i in 0..<8 {
          for j in 0..<8 { matrix[i][j] += row[i] * row[j] }
          matrix[i][8] += row[i] * value
        }
      }
    }
    for i in 0..<8 {
      guard let pivot = (i..<8).max(by: { abs(matrix[$0][i]) < abs(matrix[$1][i]) }),
        abs(matrix[pivot][i]) > 1e-12
      else { return nil }
      matrix.swapAt(i, pivot)
      for row in 0..<8 where row != i {
        let share = matrix[row][i] / matrix[i][i]
        for column in i..<9 { matrix[row][column] -= share * matrix[i][column] }
      }
    }
    var h = (0..<8).map { matrix[$0][8] / matrix[$0][$0] }
    h.append(1)
    // Back to coordinates that begin at the corner.
    var raw: [Double] = []
    for row in 0..<3 {
      let (a, b) = (h[3 * row], h[3 * row + 1])
      raw += [a, b, h[3 * row + 2] - (a + b) / 2]
    }
    return raw.map { $0 / raw[8] }
  }
}
