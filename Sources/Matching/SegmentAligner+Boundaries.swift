extension SegmentAligner {
  /// How far an end may move from where the search put it, in seconds.
  private static let boundaryReach = 1.5
  /// Ends of two segments that are less apart meet.
  private static let meetingSeconds = 1.0
  /// Two means that are less apart do not tell where the segment ends.
  private static let leastContrast = 0.08

  /// Puts the ends of the segments between the two frames where the similarity changes.
  func settleBoundaries(
    of segments: inout [RefinedSegment],
    leak: VectorTrack,
    reference: VectorTrack
  ) throws {
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
        let lowest = max(previous?.leakEnd ?? 0, segment.leakStart - Self.boundaryReach)
        segments[index].leakStart = try end(
          of: segment,
          at: segment.leakStart,
          within: max(
            0,
            lowest
          )...max(
            max(0, lowest),
            min(segment.leakStart + Self.boundaryReach, Self.inner(segment))
          ),
          isStart: true,
          leak: leak,
          reference: reference
        )
      }
      if next.map({ $0.leakStart - segment.leakEnd >= Self.meetingSeconds }) ?? true {
        let highest = min(next?.leakStart ?? .infinity, segment.leakEnd + Self.boundaryReach)
        let lowest = max(segment.leakEnd - Self.boundaryReach, Self.inner(segment))
        segments[index].leakEnd = try end(
          of: segment,
          at: segment.leakEnd,
          within: min(lowest, highest)...highest,
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
  private func end(
    of segment: RefinedSegment,
    at coarse: Double,
    within range: ClosedRange<Double>,
    isStart: Bool,
    leak: VectorTrack,
    reference: VectorTrack
  ) throws -> Double {
    let frames = try leak.native(from: range.lowerBound, to: range.upperBound)
    guard frames.count >= 2 else { return coarse }
    let values = try similarities(of: frames, on: segment.map, leak: leak, reference: reference)
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
      guard inside - outside > Self.leastContrast else {
        // The same on both sides: nothing ends here but the frames, or it cannot be seen.
        split = inside > 0.6 * segment.correlation ? (isStart ? 0 : frames.count) : split
        break
      }
      let threshold = (inside + outside) / 2
      split = Self.changePoint(values.map { isStart ? $0 - threshold : threshold - $0 })
    }
    return time(of: split, in: frames, range: range, duration: leak.durationSeconds)
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
    let split = Self.changePoint(zip(a, b).map { $1 - $0 })
    return time(of: split, in: frames, range: lowest...highest, duration: leak.durationSeconds)
  }

  /// The split that has the most of `rises` after it: the index of the first value after the split.
  private static func changePoint(_ rises: [Double]) -> Int {
    var (sum, best, split) = (0.0, 0.0, rises.count)
    for index in stride(from: rises.count - 1, through: 0, by: -1) {
      sum += rises[index]
      if sum > best { (best, split) = (sum, index) }
    }
    return split
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

  /// The correlation of each frame with the better of the two reference frames around its time.
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
      }.max() ?? -1
    }
  }
}
