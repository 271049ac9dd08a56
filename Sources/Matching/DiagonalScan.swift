import Fingerprinting

/// Compares runs of the leak with one reference; keeps its working memory.
struct DiagonalScan {
  private var previous: [Int32] = []
  private var current: [Int32] = []
  private var sums: [Int32] = []

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
      let threshold = Int32((CandidateSearch.leastScore * window.divisor).rounded(.up))
      guard greatest >= threshold else { continue }
      for peak in peaks(window, references: corrections.count, threshold: threshold) {
        shortlist.add(
          candidate(run, window, reference, peak, corrections.count),
          window: window.start
        )
      }
    }
  }

  /// The best few offsets, as indices of `sums`.
  private func peaks(_ window: QueryWindow, references: Int, threshold: Int32) -> [Int] {
    var high: [Int] = []
    for j in sums.indices where sums[j] >= threshold {
      // Where the reference begins or ends inside the window, enough of it must be there.
      let shift = j - (window.count - 1)
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
    _ peak: Int,
    _ references: Int
  ) -> Candidate {
    let shift = peak - (window.count - 1)
    let (low, end) = (max(0, -shift), min(window.count, references - shift))
    return Candidate(
      reference: reference,
      leakStart: window.start + QueryTracks.time(of: low, run.rate),
      leakEnd: window.start + QueryTracks.time(of: end, run.rate),
      referenceStart: Double(low + shift) / Motion1.samplesPerSecond,
      rate: run.rate,
      mirrored: run.mirrored,
      score: Double(sums[peak]) / window.divisor
    )
  }

  /// Offsets nearer than 2 s to a better one belong to it.
  private static let suppressedSamples = 8
  private static let mostPeaks = 3
}
