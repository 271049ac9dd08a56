import Glibc
import VideoCore

/// Fits one camera that stays where it is and turns from moment to moment.
///
/// Unknown and common to all moments: place, focal length (as a logarithm), principal point; of each
/// moment: how the camera is turned. Levenberg-Marquardt on where 5x5 points of the picture are seen.
/// Since a homography is itself fitted to points all over the picture, the squares of these errors,
/// in which an error of the homography counts by its area, are the right measure.
///
/// Of a curved screen, or through a lens, no homography is exact. What it cannot follow is the same at
/// each moment and says nothing about its errors, so that only the part of an error that a homography
/// could have counts: the one that a fit of a homography to the points would show.
struct SeatSolver {
  static let grid = 5
  static let common = 6

  let question: SeatQuestion
  let places: [SIMD3<Double>]
  /// For each moment where the points are seen.
  let seen: [[SIMD2<Double>]]
  /// For each moment an orthonormal basis of the errors that a homography can have there.
  let bases: [[[Double]]]
  let lens: RadialLens
  let middle: SIMD2<Double>
  /// Standard error of the principal point, in pixels, of each coordinate.
  let principalError: Double
  /// Standard error of the logarithm of a focal length that is known.
  let focalError: Double
  /// Variance of a homography's error, in squared pixels, mean over the picture of both coordinates,
  /// by which what is known before weighs.
  let variance: Double

  /// State of the camera at all moments.
  struct State {
    var cameras: [SeatCamera]
  }

  struct Fit {
    var state: State
    /// Sum over moments of the mean squared error over the points, and the share of what was known.
    var squares: Double
    var priorSquares: Double
    /// Inverse of the equations' matrix, row-major, of the common unknowns, for errors of variance 1.
    var covariance: [Double]
    /// Error of each moment along its basis.
    var errors: [[Double]]
    /// Mean squared error, over moments and the picture, that no homography could have.
    var misfit: Double
  }

  /// Least squares from a start; nil where it leads nowhere.
  func fit(_ start: State) -> Fit? {
    var state = start
    guard var current = errors(state) else { return nil }
    var cost = total(current)
    var damping = 1e-3
    for _ in 0..<Self.mostSteps {
      let system = equations(state, current)
      var improved = false
      for _ in 0..<8 {
        var damped = system.matrix
        for i in 0..<system.count { damped[i * system.count + i] *= 1 + damping }
        guard let step = CholeskyFactor(damped, count: system.count)?.solve(system.target) else {
          damping *= 10
          continue
        }
        let next = moved(state, step)
        if let errors = errors(next), total(errors) < cost {
          let gain = cost - total(errors)
          (state, current, cost) = (next, errors, total(errors))
          damping = max(1e-12, damping / 10)
          improved = gain > 1e-7 * cost
          break
        }
        damping *= 10
      }
      if !improved { break }
    }
    let system = equations(state, current)
    guard let factor = CholeskyFactor(system.matrix, count: system.count) else { return nil }
    var covariance = [Double](repeating: 0, count: Self.common * Self.common)
    for i in 0..<Self.common {
      var unit = [Double](repeating: 0, count: system.count)
      unit[i] = 1
      let column = factor.solve(unit)
      for j in 0..<Self.common { covariance[j * Self.common + i] = column[j] }
    }
    return Fit(
      state: state,
      squares: current.moments.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } },
      priorSquares: current.known.reduce(0) { $0 + $1 * $1 },
      covariance: covariance,
      errors: current.moments,
      misfit: misfit(state)
    )
  }

  private struct Errors {
    var moments: [[Double]]
    /// Of what is known before, on the same scale.
    var known: [Double]
  }

  private func total(_ errors: Errors) -> Double {
    errors.moments.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
      + errors.known.reduce(0) { $0 + $1 * $1 }
  }

  /// Errors, weighted so that their squares add up to the mean over the picture.
  private func errors(_ state: State) -> Errors? {
    var moments: [[Double]] = []
    for (index, camera) in state.cameras.enumerated() {
      guard let errors = errors(camera, moment: index) else { return nil }
      moments.append(errors)
    }
    guard let camera = state.cameras.first else { return nil }
    let weight = variance.squareRoot()
    let off = (camera.principal - middle) / principalError * weight
    var known = [off.x, off.y]
    if let focal = question.focalLength {
      known.append(log(camera.focal / focal) / focalError * weight)
    }
    return Errors(moments: moments, known: known)
  }

  private func misfit(_ state: State) -> Double {
    var sum = 0.0
    for (index, camera) in state.cameras.enumerated() {
      guard let all = pointErrors(camera, moment: index) else { continue }
      sum += Self.product(all, all)
      for row in bases[index] { sum -= Self.product(row, all) * Self.product(row, all) }
    }
    return max(0, sum / Double(state.cameras.count))
  }

  private func errors(_ camera: SeatCamera, moment: Int) -> [Double]? {
    guard let all = pointErrors(camera, moment: moment) else { return nil }
    return bases[moment].map { Self.product($0, all) }
  }

  private func pointErrors(_ camera: SeatCamera, moment: Int) -> [Double]? {
    var errors: [Double] = []
    errors.reserveCapacity(2 * places.count)
    for (index, place) in places.enumerated() {
      guard let ideal = camera.project(place) else { return nil }
      let error = (lens.distorted(ideal) - seen[moment][index]) * Self.weights[index]
      errors.append(error.x)
      errors.append(error.y)
    }
    return errors
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for index in a.indices { sum += a[index] * b[index] }
    return sum
  }

  /// An orthonormal basis of the ways in which a small change of a homography moves points.
  ///
  /// Always in the same order, so that the bases of neighbouring moments are alike.
  static func basis(_ points: [SIMD2<Double>], about middle: SIMD2<Double>) -> [[Double]] {
    let scaled = points.map { ($0 - middle) / max(1, middle.x) }
    let fields: [(SIMD2<Double>) -> SIMD2<Double>] = [
      { _ in SIMD2(1, 0) }, { _ in SIMD2(0, 1) },
      { SIMD2($0.x, 0) }, { SIMD2($0.y, 0) }, { SIMD2(0, $0.x) }, { SIMD2(0, $0.y) },
      { $0 * $0.x }, { $0 * $0.y },
    ]
    var basis: [[Double]] = []
    for field in fields {
      var row: [Double] = []
      for (point, weight) in zip(scaled, weights) {
        let way = field(point) * weight
        row += [way.x, way.y]
      }
      for other in basis {
        let share = product(row, other)
        for index in row.indices { row[index] -= share * other[index] }
      }
      let length = product(row, row).squareRoot()
      if length > 1e-9 { basis.append(row.map { $0 / length }) }
    }
    return basis
  }

  private func moved(_ state: State, _ step: [Double]) -> State {
    var next = state
    for index in next.cameras.indices {
      var camera = next.cameras[index]
      let at = Self.common + 3 * index
      camera.rotation = camera.turned(SIMD3(step[at], step[at + 1], step[at + 2]))
      Self.move(&camera, step)
      next.cameras[index] = camera
    }
    return next
  }

  private static func move(_ camera: inout SeatCamera, _ step: [Double]) {
    camera.position += SIMD3(step[0], step[1], step[2])
    camera.focal *= exp(max(-1, min(1, step[3])))
    camera.principal += SIMD2(step[4], step[5])
  }

  private struct Equations {
    var count: Int
    var matrix: [Double]
    var target: [Double]
  }

  private func equations(_ state: State, _ errors: Errors) -> Equations {
    let count = Self.common + 3 * state.cameras.count
    var matrix = [Double](repeating: 0, count: count * count)
    var target = [Double](repeating: 0, count: count)
    let steps = [1e-5, 1e-5, 1e-5, 1e-7, 1e-4, 1e-4, 1e-7, 1e-7, 1e-7]
    for (index, camera) in state.cameras.enumerated() {
      var columns: [[Double]] = []
      for (number, size) in steps.enumerated() {
        func shifted(_ sign: Double) -> [Double]? {
          var other = camera
          if number < Self.common {
            var step = [Double](repeating: 0, count: Self.common)
            step[number] = sign * size
            Self.move(&other, step)
          } else {
            var turn = SIMD3<Double>.zero
            turn[number - Self.common] = sign * size
            other.rotation = camera.turned(turn)
          }
          return self.errors(other, moment: index)
        }
        guard let more = shifted(1), let less = shifted(-1) else {
          columns.append([Double](repeating: 0, count: errors.moments[index].count))
          continue
        }
        columns.append(zip(more, less).map { ($0 - $1) / (2 * size) })
      }
      let places = (0..<9).map {
        $0 < Self.common ? $0 : Self.common + 3 * index + $0 - Self.common
      }
      for i in 0..<9 {
        for j in 0...i {
          let value = zip(columns[i], columns[j]).reduce(0) { $0 + $1.0 * $1.1 }
          matrix[places[i] * count + places[j]] += value
          if i != j { matrix[places[j] * count + places[i]] += value }
        }
        target[places[i]] -= zip(columns[i], errors.moments[index]).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
    let weight = variance.squareRoot()
    for (axis, place) in [(0, 4), (1, 5)] {
      let slope = weight / principalError
      matrix[place * count + place] += slope * slope
      target[place] -= slope * errors.known[axis]
    }
    if question.focalLength != nil {
      let slope = weight / focalError
      matrix[3 * count + 3] += slope * slope
      target[3] -= slope * errors.known[2]
    }
    return Equations(count: count, matrix: matrix, target: target)
  }

  /// Roots of the weights with which points stand for the picture's area (Boole's rule both ways).
  ///
  /// Features lie all over the picture; points at its edges, counted as much as others, would give a
  /// curve more than a fitted homography does.
  private static let weights: [Double] = {
    let line = [7.0, 32, 12, 32, 7].map { $0 / 90 }
    return line.flatMap { down in line.map { ($0 * down).squareRoot() } }
  }()
  private static let mostSteps = 40
}
