extension SegmentAligner {
  /// How far an end may move from where the search put it, in seconds.
  private static let boundaryReach = 1.5
  /// The same towards the inside, where the outside is clearly unrelated.
  private static let deepReach = 4.0
  /// What an unrelated picture correlates, at most, as a part of what the segment does.
  private static let mostChance = 0.25
  /// Ends of two segments that are less apart meet.
  private static let meetingSeconds = 1.0
  /// How clearly, and for how long, a film must be seen to have come back.
  private static let reappearingShare = 0.6
  private static let reappearingSeconds = 0.2
  /// The longest stretch between two segments of one line that may be seen dimly.
  private static let bridgedSeconds = 6.0
  /// How far an end may be moved to a cut, and how near to one it lies at it.
  private static let grownSeconds = 2.5
  private static let atCut = 0.1
  /// Mean correlation of a film that is seen dimly, at least; unrelated pictures give about 0.
  private static let dimCorrelation = 0.15
  /// Frames of full contrast that a cut may cost to be preferred.
  private static let cutPreference = 3.0
  /// Two means that are less apart do not tell where the segment ends.
  private static let leastContrast = 0.08

  /// Puts the ends of the segments between the two frames where the similarity changes.
  func settleBoundaries(
    of segments: inout [RefinedSegment],
    leak: VectorTrack,
    reference: VectorTrack
  ) throws {
    try bridge(&segments, leak: leak, reference: reference)
    let coarse = segments
    for index in segments.indices {
      let segment = coarse[index]
      let previous = index > 0 ? coarse[index - 1] : nil
      let next = index + 1 < coarse.count ? coarse[index + 1] : nil
      if let previous, segment.leakStart - previous.leakEnd < Self.meetingSeconds {
        let at = try meeting(previous, segment, leak: leak, reference: reference)
        segments[index - 1].leakEnd = at
        segments[index].leakStart = at
      } else {
        segments[index].leakStart = try freeEnd(
          of: segment,
          outermost: max(0, previous?.leakEnd ?? 0, segment.leakStart - Self.boundaryReach),
          isStart: true,
          leak: leak,
          reference: reference
        )
      }
      if next.map({ $0.leakStart - segment.leakEnd >= Self.meetingSeconds }) ?? true {
        segments[index].leakEnd = try freeEnd(
          of: segment,
          outermost: min(next?.leakStart ?? .infinity, segment.leakEnd + Self.boundaryReach),
          isStart: false,
          leak: leak,
          reference: reference
        )
      }
    }
    for index in segments.indices {
      Self.clip(&segments[index], leak.durationSeconds, reference.durationSeconds)
    }
  }

  /// Joins segments of one line between which the film is seen dimly.
  private func bridge(
    _ segments: inout [RefinedSegment],
    leak: VectorTrack,
    reference: VectorTrack
  ) throws {
    var joined: [RefinedSegment] = []
    for segment in segments {
      guard var last = joined.last, segment.leakStart - last.leakEnd < Self.bridgedSeconds,
        abs(
          last.map.referenceTime(at: segment.leakStart)
            - segment.map.referenceTime(at: segment.leakStart)
        ) < 2 * Self.sameDiagonalSeconds,
        try isDimlySeen(
          last,
          from: last.leakEnd,
          to: segment.leakStart,
          isBetween: true,
          leak,
          reference
        )
      else {
        joined.append(segment)
        continue
      }
      // The longer one knows its line better.
      let isLonger = segment.leakEnd - segment.leakStart > last.leakEnd - last.leakStart
      if isLonger { (last.map, last.errorMilliseconds) = (segment.map, segment.errorMilliseconds) }
      last.leakEnd = segment.leakEnd
      joined[joined.count - 1] = last
    }
    segments = joined
  }

  /// Whether a segment's film goes on, though not as clearly, in a stretch beside it, or between two
  /// of the same line.
  private func isDimlySeen(
    _ segment: RefinedSegment,
    from start: Double,
    to end: Double,
    isBetween: Bool = false,
    _ leak: VectorTrack,
    _ reference: VectorTrack
  ) throws -> Bool {
    let frames = try leak.native(from: start, to: end)
    guard frames.count > 0 else { return false }
    let values = try similarities(of: frames, on: segment.map, leak: leak, reference: reference)
    let seen = values.indices.filter { !frames.areBlank[$0] }.map { values[$0] }
    // A black screen contradicts nothing.
    if isBetween, 2 * seen.count < values.count { return true }
    guard !seen.isEmpty else { return false }
    let mean = seen.reduce(0, +) / Double(seen.count)
    return mean > max(Self.dimCorrelation, Self.mostChance * segment.correlation)
  }

  private static func inner(_ segment: RefinedSegment) -> Double {
    (segment.leakStart + segment.leakEnd) / 2
  }

  /// Keeps a segment inside both films.
  private static func clip(_ segment: inout RefinedSegment, _ leak: Double, _ reference: Double) {
    let map = segment.map
    let first = map.leakOrigin - map.referenceOrigin / map.rate
    segment.leakStart = max(0, max(segment.leakStart, first))
    segment.leakEnd = min(leak, min(segment.leakEnd, first + reference / map.rate))
  }

  /// Where a segment without a neighbour begins or ends.
  ///
  /// The search prolongs a segment by seconds of an unrelated picture that happens to correlate a
  /// little; far inside the segment the end is believed only where what is cut off is that weak.
  private func freeEnd(
    of segment: RefinedSegment,
    outermost: Double,
    isStart: Bool,
    leak: VectorTrack,
    reference: VectorTrack
  ) throws -> Double {
    let coarse = isStart ? segment.leakStart : segment.leakEnd
    let inner = Self.inner(segment)
    var result = coarse
    for reach in [Self.deepReach, Self.boundaryReach] {
      let range =
        isStart
        ? outermost...max(outermost, min(coarse + reach, inner))
        : min(outermost, max(coarse - reach, inner))...outermost
      let found = try end(
        of: segment,
        at: coarse,
        within: range,
        isStart: isStart,
        leak: leak,
        reference: reference
      )
      result = found.time
      if found.outside < Self.mostChance * found.inside { break }
    }
    return try grown(segment, from: result, outermost, isStart: isStart, leak, reference)
  }

  /// An end moved outwards to the next hard cut where the film is seen dimly up to there: it fades in
  /// or out, and whatever an editor put beside it begins at a cut.
  private func grown(
    _ segment: RefinedSegment,
    from end: Double,
    _ outermost: Double,
    isStart: Bool,
    _ leak: VectorTrack,
    _ reference: VectorTrack
  ) throws -> Double {
    let limit =
      isStart
      ? max(min(outermost, end), end - Self.grownSeconds)
      : min(max(outermost, end), end + Self.grownSeconds)
    let (low, high) = (min(limit, end) - Self.atCut, max(limit, end) + Self.atCut)
    let cuts = try leak.cuts(from: low, to: high)
    if cuts.contains(where: { abs($0 - end) <= Self.atCut }) { return end }
    let cut = isStart ? cuts.last { $0 < end } : cuts.first { $0 > end }
    guard let cut, try isDimlySeen(segment, from: min(cut, end), to: max(cut, end), leak, reference)
    else { return end }
    return cut
  }

  /// The change between the segment and what is outside of it in a stretch around a first guess.
  private func end(
    of segment: RefinedSegment,
    at coarse: Double,
    within range: ClosedRange<Double>,
    isStart: Bool,
    leak: VectorTrack,
    reference: VectorTrack
  ) throws -> (time: Double, inside: Double, outside: Double) {
    let frames = try leak.native(from: range.lowerBound, to: range.upperBound)
    guard frames.count >= 2 else { return (coarse, 1, 0) }
    var levels = (inside: segment.correlation, outside: 0.0)
    let values = try similarities(of: frames, on: segment.map, leak: leak, reference: reference)
    let cuts = try leak.cuts(from: range.lowerBound, to: range.upperBound).map(frames.firstIndex)
    var split = frames.firstIndex(at: coarse)
    // Levels from what lies clear of the first guess, then from the split itself.
    for round in 0..<4 {
      let clear = round == 0 ? 0.3 : 0
      let before = zip(frames.times, values).filter { $0.0 < coarse - clear }.map(\.1)
      let after = zip(frames.times, values).filter { $0.0 >= coarse + clear }.map(\.1)
      let (low, high): (Double?, Double?)
      if round == 0 {
        (low, high) =
          isStart
          ? (Statistics.quantile(before, 0.5), Statistics.quantile(after, 0.5))
          : (Statistics.quantile(after, 0.5), Statistics.quantile(before, 0.5))
      } else {
        let (left, right) = (Array(values[..<split]), Array(values[split...]))
        (low, high) =
          isStart
          ? (Statistics.quantile(left, 0.5), Statistics.quantile(right, 0.5))
          : (Statistics.quantile(right, 0.5), Statistics.quantile(left, 0.5))
      }
      let inside = high ?? segment.correlation
      // Without frames outside, noise about 0 is what would be there.
      let outside = min(low ?? 0, inside)
      levels = (inside, outside)
      guard inside - outside > Self.leastContrast else {
        // The same on both sides: nothing ends here but the frames, or it cannot be seen.
        split = inside > 0.6 * segment.correlation ? (isStart ? 0 : frames.count) : split
        break
      }
      let threshold = (inside + outside) / 2
      split = Self.changePoint(
        values.map { isStart ? $0 - threshold : threshold - $0 },
        preferring: cuts
      )
    }
    split = Self.reappearance(beyond: split, in: frames, values, isStart: isStart, levels.inside)
    let time = time(of: split, in: frames, range: range, duration: leak.durationSeconds)
    return (time, levels.inside, levels.outside)
  }

  /// Where one segment gives way to the next.
  private func meeting(
    _ first: RefinedSegment,
    _ second: RefinedSegment,
    leak: VectorTrack,
    reference: VectorTrack
  ) throws -> Double {
    let lowest = max(first.leakEnd - Self.boundaryReach, Self.inner(first))
    let highest = min(second.leakStart + Self.boundaryReach, Self.inner(second))
    guard highest > lowest else { return second.leakStart }
    let frames = try leak.native(from: lowest, to: highest)
    guard frames.count >= 2 else { return second.leakStart }
    let a = try similarities(of: frames, on: first.map, leak: leak, reference: reference)
    let b = try similarities(of: frames, on: second.map, leak: leak, reference: reference)
    let rises = zip(a, b).map { $1 - $0 }
    let cuts = try leak.cuts(from: lowest, to: highest)
    let split = Self.changePoint(rises, preferring: cuts.map(frames.firstIndex))
    return time(of: split, in: frames, range: lowest...highest, duration: leak.durationSeconds)
  }

  /// The split that has the most of `rises` after it: the index of the first value after the split.
  ///
  /// A preferred split wins where it has nearly as much: an editor cuts between two pictures.
  private static func changePoint(_ rises: [Double], preferring preferred: [Int] = []) -> Int {
    var sums = [Double](repeating: 0, count: rises.count + 1)
    for index in rises.indices.reversed() { sums[index] = sums[index + 1] + rises[index] }
    guard let best = sums.indices.reversed().max(by: { sums[$0] < sums[$1] }) else { return 0 }
    let cut = preferred.filter(sums.indices.contains).max { sums[$0] < sums[$1] }
    guard let cut, sums[best] - sums[cut] < cutPreference * rises.reduce(0, { max($0, abs($1)) })
    else { return best }
    return cut
  }

  /// The outermost split beyond which the film is seen as clearly as inside: it fades to black and
  /// comes back, and what lies between shows nothing.
  private static func reappearance(
    beyond split: Int,
    in frames: FrameVectors,
    _ values: [Double],
    isStart: Bool,
    _ inside: Double
  ) -> Int {
    let level = reappearingShare * inside
    guard level > leastContrast else { return split }
    let outside = isStart ? Array(0..<split) : (split..<values.count).reversed()
    guard let outermost = outside.first(where: { values[$0] >= level }) else { return split }
    let run = outside.drop { $0 != outermost }.prefix { values[$0] >= level }
    guard let last = run.last,
      abs(frames.times[last] - frames.times[outermost]) >= reappearingSeconds
    else { return split }
    return isStart ? outermost : outermost + 1
  }

  private func time(
    of split: Int,
    in frames: FrameVectors,
    range: ClosedRange<Double>,
    duration: Double
  ) -> Double {
    if split == 0, range.lowerBound <= 0 { return 0 }
    if split < frames.count { return frames.times[split] }
    return min(duration, range.upperBound)
  }

  /// The correlation of each frame with the better of the two reference frames around its time; 0,
  /// as for an unrelated picture, where the reference has none.
  private func similarities(
    of frames: FrameVectors,
    on map: TimeMap,
    leak: VectorTrack,
    reference: VectorTrack
  ) throws -> [Double] {
    let (first, last) = (frames.times[0], frames.times[frames.count - 1])
    let others = try reference.native(
      from: map.referenceTime(at: first) - 0.2,
      to: map.referenceTime(at: last) + 0.2
    )
    return (0..<frames.count).map { frame in
      let mask = leak.mask(frames.geometries[frame])
      let time = map.referenceTime(at: frames.times[frame])
      let next = others.firstIndex(at: time)
      return (next - 1...next).compactMap { other -> Double? in
        guard other >= 0, other < others.count, abs(others.times[other] - time) < 0.15 else {
          return nil
        }
        return others.correlation(other, frames, frame, under: mask)
      }.max() ?? 0
    }
  }
}
