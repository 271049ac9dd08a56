/// When single blocks show something foreign, in samples of a series.
struct BlockInterval: Sendable, Hashable {
  var block: Int
  /// First sample.
  var start: Int
  /// Sample after the last.
  var end: Int

  /// Whether both appear and vanish together.
  func agrees(with other: BlockInterval) -> Bool {
    if abs(start - other.start) <= Self.slack && abs(end - other.end) <= Self.slack { return true }
    let shared = min(end, other.end) - max(start, other.start)
    return Double(shared) > Self.leastOverlap
      * Double(max(end, other.end) - min(start, other.start))
  }

  private static let slack = 2
  private static let leastOverlap = 0.9
}

/// A series smoothed over time and cut at a threshold.
///
/// A block is on where most of the values within a second are at least the threshold: what a median
/// would say, at the price of counting.
struct BlockActivity: Sendable {
  let grid: BlockGrid
  let times: [Double]
  /// Samples without a pause, each a range.
  let runs: [Range<Int>]
  private let on: [Bool]

  init(_ series: BlockSeries, threshold: UInt8, reachSeconds: Double, pause: Double) {
    grid = series.grid
    times = series.times
    var runs: [Range<Int>] = []
    var begin = 0
    for i in times.indices where i > 0 && times[i] - times[i - 1] > pause {
      runs.append(begin..<i)
      begin = i
    }
    if begin < times.count { runs.append(begin..<times.count) }
    self.runs = runs
    let count = grid.count
    var on = [Bool](repeating: false, count: count * times.count)
    for run in runs {
      var (low, high) = (run.lowerBound, run.lowerBound)
      var sums = [Int](repeating: 0, count: count)
      for i in run {
        while high < run.upperBound, times[high] <= times[i] + reachSeconds {
          for block in 0..<count where series.value(block, at: high) >= threshold {
            sums[block] += 1
          }
          high += 1
        }
        while times[low] < times[i] - reachSeconds {
          for block in 0..<count where series.value(block, at: low) >= threshold {
            sums[block] -= 1
          }
          low += 1
        }
        // Near the ends of a run the window is shorter on one side.
        for block in 0..<count { on[i * count + block] = 2 * sums[block] > high - low }
      }
    }
    self.on = on
  }

  func isOn(_ block: Int, at sample: Int) -> Bool { on[sample * grid.count + block] }

  /// The intervals of all blocks; pauses of up to `gap` samples are closed, what is shorter than
  /// `least` samples is dropped.
  func intervals(gap: Int, least: Int) -> [BlockInterval] {
    var result: [BlockInterval] = []
    for block in 0..<grid.count {
      for run in runs {
        var current: BlockInterval?
        for i in run where isOn(block, at: i) {
          if let open = current, i - open.end <= gap {
            current?.end = i + 1
          } else {
            if let open = current, open.end - open.start >= least { result.append(open) }
            current = BlockInterval(block: block, start: i, end: i + 1)
          }
        }
        if let open = current, open.end - open.start >= least { result.append(open) }
      }
    }
    return result
  }
}
