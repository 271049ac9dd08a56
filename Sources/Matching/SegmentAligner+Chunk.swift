/// A minute of the leak, or less, against the parts of the reference that its anchors point to.
struct Chunk {
  /// The threshold between the leak's usual correlation and the background stays in here.
  private static let thresholds = 0.35...0.6
  /// The threshold above which a sample speaks for a diagonal that others have proven, at least,
  /// and in standard deviations of unrelated pictures.
  private static let leastFloor = 0.15
  private static let floorDeviations = 2.0
  /// The same as a part of what the leak usually correlates: pictures of a sky above the ground are
  /// alike in all films.
  private static let floorShare = 0.4
  /// Samples of the windows in which diagonals are looked for, and their distance.
  private static let window = 16
  private static let hop = 8
  private static let peaksPerWindow = 3
  /// Diagonals that the path may take, at most.
  private static let mostDiagonals = 24
  /// Where this much of a chunk was not decoded, the film is not looked at either, in seconds.
  private static let leastUnseen = 5.0
  /// Seconds of the film around what the anchors of a small part show: of what lies farther off, the
  /// next part has an anchor of its own.
  private static let reachOfParts = 20.0
  /// Pictures with less energy in a pixel than this show too little to count fully.
  private static let leastTexture = 0.25

  let leak: FrameVectors
  let centre: Double
  let rate: Double
  private let reference: FrameVectors
  private let similarities: [Float]
  private let textures: [Float]
  /// For each sampling interval of the reference from `firstInterval` on its frame, or -1.
  private let intervals: [Int32]
  private let firstInterval: Int
  /// What a diagonal's correlation must exceed somewhere.
  let threshold: Double
  /// What a sample's correlation must exceed to speak for a diagonal.
  let floor: Double
  /// What a sample on the right diagonal usually exceeds the floor by.
  let margin: Double
  private(set) var diagonals: [Double] = []

  /// A piece of the leak.
  struct Part {
    var start: Double
    var end: Double
    /// Whether the leak was not decoded before it, or after it.
    var (isFirst, isLast): (Bool, Bool)
  }

  init?(
    _ part: Part,
    anchors: [Anchor],
    pace: Pace,
    leak leakTrack: VectorTrack,
    reference referenceTrack: VectorTrack
  ) throws {
    let (leakStart, leakEnd) = (part.start, part.end)
    rate = pace.rate
    centre = (leakStart + leakEnd) / 2
    let near = Self.near(anchors, leakStart, leakEnd)
    leak = try leakTrack.sampled([(leakStart, leakEnd)])
    guard let first = leak.times.first, let last = leak.times.last else { return nil }
    let isCut = (first - leakStart > Self.leastUnseen, leakEnd - last > Self.leastUnseen)
    let stretches = Self.stretches(
      near,
      isCut.0 ? first : leakStart,
      isCut.1 ? last : leakEnd,
      reach: (isCut.0 || part.isFirst) && (isCut.1 || part.isLast)
        ? Self.reachOfParts : SegmentAligner.searchSeconds,
      rate,
      referenceTrack.durationSeconds
    )
    reference = try referenceTrack.sampled(stretches)
    guard leak.count >= 3, reference.count >= 3 else { return nil }
    (intervals, firstInterval) = Self.intervals(of: reference)
    let compared = Self.compare(leak, reference, leakTrack)
    (similarities, textures) = compared
    let sparse = stride(from: 0, to: compared.0.count, by: 97).map { Double(compared.0[$0]) }
    let background = Statistics.quantile(sparse, 0.9) ?? 0
    let middle = (pace.correlation + background) / 2
    threshold = min(Self.thresholds.upperBound, max(Self.thresholds.lowerBound, middle))
    // Unrelated pictures lie about 0, and only they lie below it: related ones spoil the upper side.
    let deviation = -(Statistics.quantile(sparse.filter { $0 < 0 }, 0.3173) ?? 0)
    let least = max(Self.leastFloor, Self.floorShare * pace.correlation)
    floor = min(threshold, max(least, Self.floorDeviations * deviation))
    margin = max(0.1, pace.correlation - floor)
    diagonals = findDiagonals(seeds: near)
  }

  /// Anchors of the chunk and the nearest on both sides.
  private static func near(_ anchors: [Anchor], _ start: Double, _ end: Double) -> [Anchor] {
    let inside = anchors.filter {
      $0.candidate.leakEnd > start - 15 && $0.candidate.leakStart < end + 15
    }
    let before = anchors.last { $0.candidate.leakEnd <= start - 15 }
    let after = anchors.first { $0.candidate.leakStart >= end + 15 }
    return [before].compactMap { $0 } + inside + [after].compactMap { $0 }
  }

  /// The reference's seconds to look at, ascending and apart from one another.
  private static func stretches(
    _ anchors: [Anchor],
    _ start: Double,
    _ end: Double,
    reach: Double,
    _ rate: Double,
    _ duration: Double
  ) -> [(Double, Double)] {
    let each = anchors.map { anchor -> (Double, Double) in
      let middle = SegmentAligner.middle(anchor)
      let at = anchor.candidate.referenceTime(at: middle)
      return (
        max(0, at + (start - middle) * rate - reach),
        min(duration, at + (end - middle) * rate + reach)
      )
    }
    var joined: [(Double, Double)] = []
    for (from, to) in each.sorted(by: { $0 < $1 }) where to > from {
      if let last = joined.last, from <= last.1 {
        joined[joined.count - 1].1 = max(last.1, to)
      } else {
        joined.append((from, to))
      }
    }
    return joined
  }

  private static func intervals(of reference: FrameVectors) -> ([Int32], Int) {
    let each = reference.times.map { Int(($0 * SegmentAligner.sampleRate).rounded(.down)) }
    let (first, last) = (each[0], each[each.count - 1])
    var table = [Int32](repeating: -1, count: last - first + 1)
    for (frame, interval) in each.enumerated() { table[interval - first] = Int32(frame) }
    return (table, first)
  }

  /// Correlations of all pairs, and how much the weaker picture of each pair shows, 0...1.
  private static func compare(
    _ leak: FrameVectors,
    _ reference: FrameVectors,
    _ track: VectorTrack
  ) -> ([Float], [Float]) {
    var similarities: [Float] = []
    var textures: [Float] = []
    similarities.reserveCapacity(leak.count * reference.count)
    textures.reserveCapacity(leak.count * reference.count)
    var energies: [Double] = []
    var (geometry, unit) = (-1, 1.0)
    for i in 0..<leak.count {
      if leak.geometries[i] != geometry {
        geometry = leak.geometries[i]
        let mask = track.mask(geometry)
        energies = (0..<reference.count).map { reference.energy($0, under: mask) }
        let inside = max(1, mask.reduce(0) { $0 + Int($1) })
        unit = Double(inside) * RectifiedFrames.unit * RectifiedFrames.unit * leastTexture
      }
      for j in 0..<reference.count {
        let picture = reference.pictures[j]
        let own = leak.energy(i, within: picture)
        let energy = own * energies[j]
        let product = leak.dot(i, reference, j)
        similarities.append(energy > 0 ? Float(product / energy.squareRoot()) : 0)
        let share = Double(picture.area) / Double(RectifiedFrames.count)
        let texture =
          reference.areText[j] || leak.areBlank[i]
          ? 0 : min(1, min(own, energies[j]) / (unit * share))
        textures.append(Float(texture))
      }
    }
    return (similarities, textures)
  }

  private func frame(atInterval interval: Int) -> Int? {
    let at = interval - firstInterval
    guard intervals.indices.contains(at), intervals[at] >= 0 else { return nil }
    return Int(intervals[at])
  }

  /// The correlation of a leak's sample with the reference at a time, from the better of the two
  /// samples around; nil outside the reference.
  func similarity(_ sample: Int, at time: Double) -> (correlation: Double, texture: Double)? {
    let interval = Int((time * SegmentAligner.sampleRate).rounded(.down))
    var best: (Double, Double)?
    for each in interval - 1...interval + 1 {
      guard let frame = frame(atInterval: each),
        abs(reference.times[frame] - time) <= 1.05 / SegmentAligner.sampleRate
      else { continue }
      let at = sample * reference.count + frame
      let value = Double(similarities[at])
      if best.map({ value > $0.0 }) ?? true { best = (value, Double(textures[at])) }
    }
    return best
  }

  /// The reference's time that a sample shows on a diagonal, given at the chunk's centre.
  func referenceTime(_ diagonal: Double, _ sample: Int) -> Double {
    diagonal + rate * (leak.times[sample] - centre)
  }

  /// Looks for diagonals with much evidence in short windows.
  private func findDiagonals(seeds: [Anchor]) -> [Double] {
    let step = 1 / SegmentAligner.sampleRate
    let half = rate * SegmentAligner.chunkSeconds / 2
    let lowest = reference.times[0] - half
    let count = Int((reference.times[reference.count - 1] + half - lowest) / step) + 1
    var support = scan(lowest: lowest, count: count, step: step)
    for anchor in seeds {
      let middle = SegmentAligner.middle(anchor)
      let at = anchor.candidate.referenceTime(at: middle) + rate * (centre - middle)
      let bin = ((at - lowest) / step).rounded()
      guard bin >= 4, bin < Double(count - 4) else { continue }
      let near = Int(bin) - 3...Int(bin) + 3
      if let best = near.max(by: { support[$0] < support[$1] }) { support[best] += 1 }
    }
    var found: [Double] = []
    while found.count < Self.mostDiagonals,
      let best = support.indices.max(by: { support[$0] < support[$1] }), support[best] > 0
    {
      found.append(sharpened(lowest + Double(best) * step))
      for bin in max(0, best - 1)...min(count - 1, best + 1) { support[bin] = 0 }
    }
    var distinct: [Double] = []
    for diagonal in found
    where !distinct.contains(where: { abs($0 - diagonal) < SegmentAligner.sameDiagonalSeconds }) {
      distinct.append(diagonal)
    }
    return distinct
  }

  /// Adds up for each offset what its windows exceed the threshold by, where they are peaks.
  private func scan(lowest: Double, count: Int, step: Double) -> [Double] {
    let windows = max(1, (leak.count - Self.window) / Self.hop + 1)
    var means = [Float](repeating: -1, count: windows * count)
    var sums = [Float](repeating: 0, count: leak.count + 1)
    for offset in 0..<count {
      let diagonal = lowest + Double(offset) * step
      for sample in 0..<leak.count {
        let time = referenceTime(diagonal, sample)
        var value: Float = 0
        if let frame = frame(
          atInterval: Int((time * SegmentAligner.sampleRate).rounded(.down))
        ) {
          value = similarities[sample * reference.count + frame]
        }
        sums[sample + 1] = sums[sample] + value
      }
      for window in 0..<windows {
        let (from, to) = (window * Self.hop, min(leak.count, window * Self.hop + Self.window))
        means[window * count + offset] = (sums[to] - sums[from]) / Float(to - from)
      }
    }
    var support = [Double](repeating: 0, count: count)
    for window in 0..<windows {
      let row = means[window * count..<(window + 1) * count]
      let base = row.startIndex
      var peaks: [(value: Float, offset: Int)] = []
      for offset in 0..<count where row[base + offset] > Float(threshold) {
        let near = max(0, offset - 2)...min(count - 1, offset + 2)
        if near.allSatisfy({ row[base + $0] <= row[base + offset] }) {
          peaks.append((row[base + offset], offset))
        }
      }
      peaks.sort { ($0.value, -$0.offset) > ($1.value, -$1.offset) }
      for peak in peaks.prefix(Self.peaksPerWindow) {
        for bin in max(0, peak.offset - 1)...min(count - 1, peak.offset + 1) {
          support[bin] += Double(row[base + bin]) - threshold
        }
      }
    }
    return support
  }

  /// Moves a diagonal to where its evidence is greatest within a sampling interval.
  private func sharpened(_ diagonal: Double) -> Double {
    // Near samples above the threshold only: most of the chunk may lie elsewhere.
    var scores: [Double] = []
    let shifts = (-8...8).map { Double($0) / 64 }
    for shift in shifts {
      var sum = 0.0
      for sample in 0..<leak.count {
        let time = referenceTime(diagonal + shift, sample)
        sum += max(0, mixed(sample, at: time) - threshold)
      }
      scores.append(sum)
    }
    guard let best = scores.indices.max(by: { scores[$0] < scores[$1] }), scores[best] > 0 else {
      return diagonal
    }
    return diagonal + shifts[best]
  }

  /// The correlation between the reference's samples, linearly.
  private func mixed(_ sample: Int, at time: Double) -> Double {
    let interval = Int((time * SegmentAligner.sampleRate).rounded(.down))
    guard let inside = frame(atInterval: interval) else { return 0 }
    let left = reference.times[inside] <= time ? inside : inside - 1
    guard left >= 0, left + 1 < reference.count else { return 0 }
    let gap = reference.times[left + 1] - reference.times[left]
    guard gap < 0.4 else { return 0 }
    let part = (time - reference.times[left]) / gap
    let at = sample * reference.count + left
    return Double(similarities[at]) * (1 - part) + Double(similarities[at + 1]) * part
  }
}
