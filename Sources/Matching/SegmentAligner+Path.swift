extension Chunk {
  /// Seconds of usual evidence that a change of diagonal costs.
  private static let switchSeconds = 1.0
  /// What a picture counts in which next to nothing can be seen, or letters only: a black screen of
  /// some seconds does not end a segment, but none ends with a minute of it.
  private static let (blankEvidence, blankCost) = (0.02, 0.06)
  /// Parts of one diagonal that are less apart are one segment.
  private static let bridgeSeconds = 0.5

  /// The best path over the diagonals and over none, as segments.
  ///
  /// - Source: Viterbi: "Error bounds for convolutional codes", IEEE Trans. Inf. Theory 13, 1967.
  func segments() -> [CoarseSegment] {
    guard !diagonals.isEmpty else { return [] }
    let path = path()
    var segments: [(diagonal: Int, first: Int, last: Int)] = []
    for (sample, state) in path.enumerated() where state < diagonals.count {
      if let last = segments.last, last.diagonal == state,
        leak.times[sample] - leak.times[last.last] < Self.bridgeSeconds
      {
        segments[segments.count - 1].last = sample
      } else {
        segments.append((state, sample, sample))
      }
    }
    return segments.compactMap { segment in
      guard isProven(segment.diagonal, segment.first...segment.last) else { return nil }
      var (sum, count) = (0.0, 0)
      for sample in segment.first...segment.last {
        if let each = similarity(sample, at: referenceTime(diagonals[segment.diagonal], sample)) {
          sum += each.correlation
          count += 1
        }
      }
      let next = min(segment.last + 1, leak.count - 1)
      let end = leak.times[next]
      let map = TimeMap(
        leakOrigin: centre,
        referenceOrigin: diagonals[segment.diagonal],
        rate: rate
      )
      return CoarseSegment(
        leakStart: leak.times[segment.first],
        leakEnd: end,
        maps: [(centre + SegmentAligner.chunkSeconds / 2, map)],
        correlationSum: sum,
        samples: count
      )
    }
  }

  /// Whether the samples exceed the threshold over a second somewhere, or over all if they are less.
  private func isProven(_ diagonal: Int, _ samples: ClosedRange<Int>) -> Bool {
    let values = samples.map {
      similarity($0, at: referenceTime(diagonals[diagonal], $0))?.correlation ?? 0
    }
    let length = min(values.count, Int(SegmentAligner.sampleRate))
    return (0...values.count - length).contains { first in
      values[first..<first + length].reduce(0, +) > threshold * Double(length)
    }
  }

  /// The state of each sample; the last state is none.
  private func path() -> [Int] {
    let states = diagonals.count + 1
    let cost = Self.switchSeconds * SegmentAligner.sampleRate * margin
    var best = [Double](repeating: 0, count: states)
    var origins = [Int32](repeating: 0, count: leak.count * states)
    for sample in 0..<leak.count {
      let winner = best.indices.max { best[$0] < best[$1] } ?? 0
      var next = best
      for state in 0..<states {
        // To or from none costs half, so that a stay there costs as much as one change.
        let some = winner == diagonals.count || state == diagonals.count ? cost / 2 : cost
        let stay = best[state]
        var (value, origin) = (stay, state)
        if best[winner] - some > value { (value, origin) = (best[winner] - some, winner) }
        let rest = best[diagonals.count] - cost / 2
        if rest > value { (value, origin) = (rest, diagonals.count) }
        origins[sample * states + state] = Int32(origin)
        next[state] = value + evidence(sample, state)
      }
      best = next
    }
    var state = best.indices.max { best[$0] < best[$1] } ?? 0
    var path = [Int](repeating: state, count: leak.count)
    for sample in stride(from: leak.count - 1, through: 0, by: -1) {
      path[sample] = state
      state = Int(origins[sample * states + state])
    }
    return path
  }

  private func evidence(_ sample: Int, _ state: Int) -> Double {
    guard state < diagonals.count else { return 0 }
    guard let each = similarity(sample, at: referenceTime(diagonals[state], sample)) else {
      return -1
    }
    if each.texture == 0 {
      return each.correlation > threshold ? Self.blankEvidence : -Self.blankCost
    }
    return (each.correlation - floor) * each.texture
  }
}
