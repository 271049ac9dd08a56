import Fingerprinting

/// Compares runs of the leak with one reference; keeps its working memory.
struct DiagonalScan {
  private var previous: [Int32] = []
  private var current: [Int32] = []
  private var sums: [Int32] = []

  /// Compares every window of a run at every offset.
  mutating func scan(
    _ run: QueryRun,
    _ reference: Int,
    _ words: Span<UInt64>,
    _ corrections: Span<Int16>,
    _ shortlist: inout Shortlist
  ) {
    var next = 0
    for last in run.blocks.indices {
      swap(&previous, &current)
      run.blocks[last].accumulate(words, corrections, into: &current)
      guard next < run.windows.count, run.windows[next].lastBlock == last else { continue }
      let window = run.windows[next]
      next += 1
      guard window.divisor > 0 else { continue }
      let greatest = QueryRun.join(
        previous,
        current,
        tail: run.blocks[last].count,
        pair: last > 0,
        into: &sums
      )
      enter(window, of: run, reference, corrections.count, greatest, into: &shortlist)
    }
  }

  /// Compares neighbouring windows of a run at a few offsets; the scores are those of the scan of
  /// everything.
  ///
  /// Windows share blocks, and each block meets the reference once.
  ///
  /// - Parameters:
  ///   - windows: the windows, by number.
  ///   - run: what they are windows of.
  ///   - reference: number of the reference.
  ///   - words: its hashes.
  ///   - corrections: its corrections.
  ///   - shift: the offset in the middle, from the first sample of the first window.
  ///   - slack: how many offsets on either side of it are looked at.
  ///   - shortlist: takes what is found.
  /// - Returns: The greatest score, whether or not it is a candidate's; 0 where none is above.
  mutating func scan(
    _ windows: Range<Int>,
    of run: borrowing QueryRun,
    _ reference: Int,
    _ words: Span<UInt64>,
    _ corrections: Span<Int16>,
    around shift: Int,
    slack: Int,
    _ shortlist: inout Shortlist
  ) -> Double {
    guard let first = windows.first, let last = windows.last else { return 0 }
    var best = 0.0
    let block = max(0, run.windows[first].lastBlock - 1)
    var next = first
    for number in block...run.windows[last].lastBlock {
      swap(&previous, &current)
      let lowest = shift - slack + QueryRun.blockCount * (number - block)
      run.blocks[number].accumulate(
        words,
        corrections,
        lowest: lowest,
        count: 2 * slack + 1,
        into: &current
      )
      guard next <= last, run.windows[next].lastBlock == number else { continue }
      let isPair = run.windows[next].count > run.blocks[number].count
      let (divisor, count) = (run.windows[next].divisor, run.windows[next].count)
      next += 1
      guard divisor > 0 else { continue }
      sums.removeAll(keepingCapacity: true)
      sums.append(contentsOf: current)
      if isPair { for j in previous.indices { sums[j] &+= previous[j] } }
      var greatest = Int32.min
      for sum in sums { greatest = max(greatest, sum) }
      best = max(best, Double(greatest) / divisor)
      guard greatest >= Self.threshold(divisor) else { continue }
      let begin = lowest - (isPair ? QueryRun.blockCount : 0)
      let band = Band(first: begin + count - 1, shifts: begin...begin + 2 * slack)
      enter(
        run.windows[next - 1],
        of: run,
        reference,
        corrections.count,
        greatest,
        band,
        into: &shortlist
      )
    }
    return best
  }

  /// How well the worse half of a window agrees with one place of a reference, in deviations.
  ///
  /// A half that hardly moves is passed over: it agrees with nothing and differs from nothing.
  ///
  /// - Parameters:
  ///   - number: the window.
  ///   - run: what it is a window of.
  ///   - words: the reference's hashes.
  ///   - corrections: its corrections.
  ///   - shift: the reference's sample at the window's first sample.
  ///   - slack: how many samples to either side are looked at, too.
  /// - Returns: The deviations; infinity where neither half moves.
  mutating func agreement(
    of number: Int,
    in run: borrowing QueryRun,
    _ words: Span<UInt64>,
    _ corrections: Span<Int16>,
    around shift: Int,
    slack: Int
  ) -> Double {
    let (window, last) = (run.windows[number], run.windows[number].lastBlock)
    let isPair = window.count > run.blocks[last].count
    var least = Double.infinity
    for block in (isPair ? last - 1 : last)...last {
      let live = run.blocks[block].live
      guard live[live.count - 1] >= QueryRun.leastLive / 2 else { continue }
      let start = isPair && block == last ? QueryRun.blockCount : 0
      run.blocks[block].accumulate(
        words,
        corrections,
        lowest: shift + start - slack,
        count: 2 * slack + 1,
        into: &current
      )
      let spread = isPair ? window.divisor / 2.0.squareRoot() : window.divisor
      least = min(least, Double(current.max() ?? 0) / spread)
    }
    return least
  }

  /// The part of a reference that `sums` are of, and the offsets that count.
  private struct Band {
    /// Reference sample that the sums begin at.
    var first = 0
    /// Offsets between the window's first sample and the reference's.
    var shifts = Int.min...Int.max
  }

  /// Adds what `sums` say about a window to the shortlist.
  private func enter(
    _ window: QueryWindow,
    of run: QueryRun,
    _ reference: Int,
    _ count: Int,
    _ greatest: Int32,
    _ band: Band = Band(),
    into shortlist: inout Shortlist
  ) {
    let threshold = Self.threshold(window.divisor)
    guard greatest >= threshold else { return }
    for peak in peaks(window, references: count, band, threshold: threshold) {
      let shift = band.first + peak - (window.count - 1)
      let score = Double(sums[peak]) / window.divisor
      shortlist.add(
        candidate(run, window, reference, shift, count, score: score),
        window: window.start
      )
    }
  }

  /// The least sum that is a candidate.
  private static func threshold(_ divisor: Double) -> Int32 {
    Int32((CandidateSearch.leastScore * divisor).rounded(.up))
  }

  /// The best few offsets, as indices of `sums`.
  private func peaks(
    _ window: QueryWindow,
    references: Int,
    _ band: Band,
    threshold: Int32
  ) -> [Int] {
    var high: [Int] = []
    for j in sums.indices where sums[j] >= threshold {
      // Where the reference begins or ends inside the window, enough of it must be there.
      let shift = band.first + j - (window.count - 1)
      guard band.shifts.contains(shift) else { continue }
      let (low, end) = (max(0, -shift), min(window.count, references - shift))
      let live = window.live[end] - window.live[low]
      let available = min(window.live[window.count], references)
      if live >= max(QueryRun.leastLive, (available + 1) / 2) { high.append(j) }
    }
    high.sort { sums[$0] == sums[$1] ? $0 < $1 : sums[$0] > sums[$1] }
    var chosen: [Int] = []
    for j in high where chosen.allSatisfy({ abs($0 - j) >= Self.suppressedSamples }) {
      chosen.append(j)
      if chosen.count == Self.mostPeaks { break }
    }
    return chosen
  }

  private func candidate(
    _ run: QueryRun,
    _ window: QueryWindow,
    _ reference: Int,
    _ shift: Int,
    _ references: Int,
    score: Double
  ) -> Candidate {
    let (low, end) = (max(0, -shift), min(window.count, references - shift))
    return Candidate(
      reference: reference,
      leakStart: window.start + QueryTracks.time(of: low, run.rate),
      leakEnd: window.start + QueryTracks.time(of: end, run.rate),
      referenceStart: Double(low + shift) / Motion1.samplesPerSecond,
      rate: run.rate,
      mirrored: run.mirrored,
      score: score
    )
  }

  /// Offsets nearer than 2 s to a better one belong to it.
  private static let suppressedSamples = 8
  private static let mostPeaks = 3
}
