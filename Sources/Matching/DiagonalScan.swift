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

  /// Compares one window of a run at the offsets `shifts`, which count from the first sample of the
  /// window; the scores are those of the scan of everything.
  mutating func scan(
    _ window: QueryWindow,
    of run: QueryRun,
    _ reference: Int,
    _ words: Span<UInt64>,
    _ corrections: Span<Int16>,
    shifts: ClosedRange<Int>,
    _ shortlist: inout Shortlist
  ) {
    let low = max(0, shifts.lowerBound)
    let high = min(corrections.count, shifts.upperBound + window.count)
    guard window.divisor > 0, high - low >= QueryRun.leastLive else { return }
    let part = (words.extracting(4 * low..<4 * high), corrections.extracting(low..<high))
    let last = window.lastBlock
    let isPair = window.count > run.blocks[last].count
    if isPair { run.blocks[last - 1].accumulate(part.0, part.1, into: &previous) }
    run.blocks[last].accumulate(part.0, part.1, into: &current)
    let tail = run.blocks[last].count
    let greatest = QueryRun.join(previous, current, tail: tail, pair: isPair, into: &sums)
    let band = Band(first: low, shifts: shifts)
    enter(window, of: run, reference, corrections.count, greatest, band, into: &shortlist)
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
    let threshold = Int32((CandidateSearch.leastScore * window.divisor).rounded(.up))
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
