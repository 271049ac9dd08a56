import Fingerprinting

/// Proposes what the parts of a leak that no segment explains may show of a film that the rest of
/// the leak shows.
///
/// The search over the library asks for ten seconds of evidence. Between two inserted ads, or after
/// somebody aimed the camera anew, less is left of the film; but there its neighbours say which film
/// it is and about where, so that a few seconds are enough to propose a place. Local features decide.
package struct GapSearch {
  /// Half-open stretch of the leak, in seconds.
  package typealias Gap = (start: Double, end: Double)

  private let series: [QueryTracks.Series]
  private let mirrored: Bool

  /// Takes the hashes of a leak that shows a film with one mirror state at about one rate.
  package init(_ tracks: QueryTracks, mirrored: Bool, rate: Double) {
    self.mirrored = mirrored
    let nearest = QueryTracks.rates.min { abs($0 - rate) < abs($1 - rate) }
    series = tracks.series.filter { $0.mirrored == mirrored && $0.rate == nearest }
  }

  /// The parts of the leak without a segment; `segments` are in order of time.
  package static func gaps(of segments: [AlignedSegment], leakSeconds: Double) -> [Gap] {
    var gaps: [Gap] = []
    var reached = 0.0
    for segment in segments {
      if segment.leakStart - reached >= leastGap { gaps.append((reached, segment.leakStart)) }
      reached = max(reached, segment.leakEnd)
    }
    if leakSeconds - reached >= leastGap { gaps.append((reached, leakSeconds)) }
    return gaps
  }

  /// Stretches to verify, those worth the most first.
  ///
  /// - Parameters:
  ///   - gap: a part that no segment explains.
  ///   - segments: what is known, in order of time; not empty.
  ///   - reference: number of the film in its collection.
  ///   - words: its hashes, four words each.
  ///   - corrections: as many corrections.
  /// - Returns: candidates to verify, in this order.
  /// - Complexity: O(samples of the gap · samples of the film within ``reachSeconds``).
  package func candidates(
    in gap: Gap,
    between segments: [AlignedSegment],
    reference: Int,
    words: Span<UInt64>,
    corrections: Span<Int16>
  ) -> [Candidate] {
    let before = segments.last { $0.leakEnd <= gap.start + 0.01 }
    let after = segments.first { $0.leakStart >= gap.end - 0.01 }
    var result: [Candidate] = []
    let length = min(Self.windowSeconds, gap.end - gap.start)
    if let before {
      result.append(continuation(of: before, from: gap.start, to: gap.start + length, reference))
    }
    if let after {
      result.append(continuation(of: after, from: gap.end - length, to: gap.end, reference))
    }
    let near = [before, after].compactMap { $0 }
    guard words.count == 4 * corrections.count, let low = near.map(\.referenceStart).min(),
      let high = near.map(\.referenceEnd).max()
    else { return result.filter(Self.isInsideFilm) }
    let pace = Motion1.samplesPerSecond
    let first = max(0, Int((low - Self.reachSeconds) * pace))
    let end = min(corrections.count, Int((high + Self.reachSeconds) * pace))
    guard first < end else { return result.filter(Self.isInsideFilm) }
    let found = peaks(
      in: gap,
      reference: reference,
      words.extracting(4 * first..<4 * end),
      corrections.extracting(first..<end),
      first: first
    )
    return (result + found).filter(Self.isInsideFilm)
  }

  private static func isInsideFilm(_ candidate: Candidate) -> Bool {
    candidate.referenceTime(at: candidate.leakEnd) > 0
  }

  private func continuation(
    of segment: AlignedSegment,
    from start: Double,
    to end: Double,
    _ reference: Int
  ) -> Candidate {
    Candidate(
      reference: reference,
      leakStart: start,
      leakEnd: end,
      referenceStart: segment.referenceTime(at: start),
      rate: segment.rate,
      mirrored: mirrored,
      score: 0
    )
  }

  /// The offsets with most evidence over short windows of the gap.
  private func peaks(
    in gap: Gap,
    reference: Int,
    _ words: Span<UInt64>,
    _ corrections: Span<Int16>,
    first: Int
  ) -> [Candidate] {
    var found: [Candidate] = []
    var sums: [Int32] = []
    for each in series {
      for run in each.runs {
        for window in Self.windows(of: run, rate: each.rate, in: gap) {
          var block = QueryBlock()
          for sample in window {
            let at = 4 * sample
            let hash = SIMD4(
              run.words[at],
              run.words[at + 1],
              run.words[at + 2],
              run.words[at + 3]
            )
            block.append(FrameHash(words: hash), motion: run.motions[sample])
          }
          let live = block.live[block.count]
          guard live >= Self.leastLive else { continue }
          block.accumulate(words, corrections, into: &sums)
          let unit = Double(live).squareRoot() * QueryBlock.unit
          for index in sums.indices where Double(sums[index]) >= Self.leastScore * unit {
            let isPeak = (max(0, index - 2)...min(sums.count - 1, index + 2)).allSatisfy {
              sums[$0] <= sums[index]
            }
            guard isPeak else { continue }
            let shift = first + index - (block.count - 1)
            found.append(
              Candidate(
                reference: reference,
                leakStart: QueryTracks.time(of: run.first + window.lowerBound, each.rate),
                leakEnd: QueryTracks.time(of: run.first + window.upperBound, each.rate),
                referenceStart: Double(shift) / Motion1.samplesPerSecond,
                rate: each.rate,
                mirrored: mirrored,
                score: Double(sums[index]) / unit
              )
            )
          }
        }
      }
    }
    found.sort(by: Candidate.isBetter)
    var chosen: [Candidate] = []
    for candidate in found where chosen.count < Self.mostPeaks {
      let isKnown = chosen.contains { $0.showsSame(as: candidate, within: Self.sameSeconds) }
      if !isKnown { chosen.append(candidate) }
    }
    return chosen
  }

  /// Sample ranges of a run that lie in the gap, some seconds each and half overlapping.
  private static func windows(
    of run: QueryTracks.Run,
    rate: Double,
    in gap: Gap
  ) -> [Range<Int>] {
    let pace = Motion1.samplesPerSecond * rate
    let low = max(0, Int((gap.start * pace).rounded(.up)) - run.first)
    let high = min(run.motions.count, Int((gap.end * pace).rounded(.down)) - run.first + 1)
    let count = Int(windowSeconds * pace)
    guard high - low >= leastLive else { return [] }
    guard high - low > count else { return [low..<high] }
    return stride(from: low, to: high - leastLive, by: count / 2).map { $0..<min(high, $0 + count) }
  }

  /// Shorter parts are left alone.
  private static let leastGap = 0.7
  /// Length of what is proposed.
  private static let windowSeconds = 2.5
  /// How far from its neighbours a film may go on: a missing reel is found by the search over all.
  private static let reachSeconds = 60.0
  /// Samples that must move, and their evidence in standard deviations of unrelated ones.
  private static let leastLive = 4
  private static let leastScore = 3.0
  private static let mostPeaks = 6
  private static let sameSeconds = 0.6
}
