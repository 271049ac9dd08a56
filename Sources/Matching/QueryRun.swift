import Fingerprinting

/// A window of the leak under one hypothesis: one or two neighbouring blocks.
struct QueryWindow: Sendable {
  /// Seconds of the leak at its first sample.
  var start: Double
  /// Index of its last block in the run; the one before it belongs to it, too, where there is one.
  var lastBlock: Int
  /// Samples in it.
  var count: Int
  /// `live[i]` counts the samples with evidence before `i`.
  var live: [Int]
  /// What a sum must be divided by to be comparable; 0 where the window says too little.
  var divisor: Double
}

/// A run of the leak cut into blocks and windows, ready to be compared with references.
struct QueryRun: Sendable {
  var mirrored: Bool
  var rate: Double
  /// Number of the series of hashes that it is of.
  var series: Int
  var blocks: [QueryBlock] = []
  var windows: [QueryWindow] = []

  /// Samples of a block; a window is two of them, 10 s, and the next begins a block later.
  static let blockCount = 20

  init(_ run: QueryTracks.Run, mirrored: Bool, rate: Double, series: Int) {
    (self.mirrored, self.rate, self.series) = (mirrored, rate, series)
    for index in run.motions.indices {
      if index % Self.blockCount == 0 { blocks.append(QueryBlock()) }
      let words = SIMD4(
        run.words[4 * index],
        run.words[4 * index + 1],
        run.words[4 * index + 2],
        run.words[4 * index + 3]
      )
      blocks[blocks.count - 1].append(FrameHash(words: words), motion: run.motions[index])
    }
    guard !blocks.isEmpty else { return }
    var (previous, current, sums) = ([Int32](), [Int32](), [Int32]())
    let (words, corrections) = (Background.words, Background.corrections)
    for last in blocks.indices {
      swap(&previous, &current)
      blocks[last].accumulate(words.span, corrections.span, into: &current)
      guard last > 0 || blocks.count == 1 else { continue }
      let first = max(0, last - 1)
      var live = blocks[first].live
      if first < last {
        let before = live[live.count - 1]
        live += blocks[last].live.dropFirst().map { $0 + before }
      }
      _ = Self.join(previous, current, tail: blocks[last].count, pair: first < last, into: &sums)
      let window = QueryWindow(
        start: QueryTracks.time(of: run.first + first * Self.blockCount, rate),
        lastBlock: last,
        count: live.count - 1,
        live: live,
        divisor: Self.divisor(sums, live: live)
      )
      windows.append(window)
    }
  }

  /// Adds the sums of the two blocks of a window, so that each block meets a reference only once,
  /// and returns the greatest.
  ///
  /// - Shape: with `tail` samples in the later block, entry `j` is its `j` and the earlier's
  ///   `j - tail`.
  static func join(
    _ previous: [Int32],
    _ current: [Int32],
    tail: Int,
    pair: Bool,
    into sums: inout [Int32]
  ) -> Int32 {
    sums.removeAll(keepingCapacity: true)
    sums.append(contentsOf: current)
    if pair {
      let total = previous.count + tail
      sums.append(contentsOf: repeatElement(0, count: total - current.count))
      for j in previous.indices { sums[j + tail] &+= previous[j] }
    }
    var greatest = Int32.min
    for sum in sums { greatest = max(greatest, sum) }
    return greatest
  }

  /// The spread of the sums over the diagonals of the background set, which is what unrelated films
  /// give; taken there, a score does not depend on what else the library holds.
  private static func divisor(_ sums: [Int32], live: [Int]) -> Double {
    let count = live.count - 1
    let moving = live[count]
    guard moving >= leastLive, sums.count > 2 * count else { return 0 }
    var (total, squares) = (0.0, 0.0)
    let whole = sums[(count - 1)..<(sums.count - count + 1)]
    for sum in whole {
      total += Double(sum)
      squares += Double(sum) * Double(sum)
    }
    let mean = total / Double(whole.count)
    let spread = max(0, squares / Double(whole.count) - mean * mean).squareRoot()
    let floor = 0.5 * Double(moving).squareRoot() * QueryBlock.unit
    // The fewer samples, the heavier the tail of their sum.
    let weight = min(1, Double(moving) / Double(fullLive)).squareRoot()
    return max(spread, floor) / weight
  }

  /// Samples that must move for a window to be searched at all, and to count fully.
  static let leastLive = 6
  private static let fullLive = 12
}
