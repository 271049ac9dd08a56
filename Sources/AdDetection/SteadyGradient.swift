import VideoCore

/// Finds gradients that stay where they are for seconds while the rest comes and goes.
///
/// For each pixel the gradients of a window of some seconds are added up as vectors; the length of
/// the sum over the sum of the lengths is 1 where all point the same way and near 0 where they are
/// chance. Sums are kept by steps of one second, so that the window slides cheaply.
struct SteadyGradient {
  private struct Step {
    var second: Int
    var count: Float = 0
    var x: [Float]
    var y: [Float]
    var length: [Float]
  }

  /// Steps to either side of the middle.
  let reach: Int
  /// Added to the mean length: weaker gradients are noise.
  let floor: Float
  private let size: FrameSize
  private var steps: [Step] = []
  private var nextMiddle: Int?

  init(size: FrameSize, reach: Int, floor: Float) {
    self.size = size
    self.reach = reach
    self.floor = floor
  }

  /// Adds a plane; hands on the windows that are complete now.
  mutating func add(
    _ plane: [Float],
    at seconds: Double,
    _ body: (_ middle: Double, _ steadiness: [Float]) -> Void
  ) {
    let second = Int(seconds.rounded(.down))
    if steps.last?.second != second {
      emit(before: second - reach, body)
      let zero = [Float](repeating: 0, count: size.area)
      steps.append(Step(second: second, x: zero, y: zero, length: zero))
      if nextMiddle == nil { nextMiddle = second }
    }
    let last = steps.count - 1
    steps[last].count += 1
    let (w, h) = (size.width, size.height)
    for y in 1..<(h - 1) {
      for x in 1..<(w - 1) {
        let i = y * w + x
        let dx = plane[i + 1] - plane[i - 1]
        let dy = plane[i + w] - plane[i - w]
        steps[last].x[i] += dx
        steps[last].y[i] += dy
        steps[last].length[i] += (dx * dx + dy * dy).squareRoot()
      }
    }
  }

  /// Hands on what is left at the end.
  mutating func finish(_ body: (_ middle: Double, _ steadiness: [Float]) -> Void) {
    guard let last = steps.last else { return }
    emit(before: last.second + 1, body)
  }

  private mutating func emit(
    before end: Int,
    _ body: (_ middle: Double, _ steadiness: [Float]) -> Void
  ) {
    guard var middle = nextMiddle else { return }
    while middle < end {
      if steps.contains(where: { $0.second == middle }) {
        body(Double(middle) + 0.5, steadiness(about: middle))
      }
      middle += 1
      steps.removeAll { $0.second < middle - reach }
    }
    nextMiddle = middle
  }

  private func steadiness(about middle: Int) -> [Float] {
    let used = steps.filter { abs($0.second - middle) <= reach }
    let count = used.reduce(0) { $0 + $1.count }
    var (x, y, length) = (used[0].x, used[0].y, used[0].length)
    for step in used.dropFirst() {
      for i in x.indices {
        x[i] += step.x[i]
        y[i] += step.y[i]
        length[i] += step.length[i]
      }
    }
    for i in x.indices {
      x[i] = (x[i] * x[i] + y[i] * y[i]).squareRoot() / (length[i] + floor * count)
    }
    return x
  }
}
