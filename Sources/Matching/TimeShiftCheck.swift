import Registration

/// Corrects time maps that a shift of the picture makes up for.
///
/// In a slow pan or zoom, and where one object turns, the picture of half a second later is nearly
/// the same picture somewhere else: features agree on a wrong moment with a wrong homography. Yet
/// parallax, what moves otherwise and the picture's edges make more of them agree on the right one.
/// So other times are tried, each with the geometry that fits it best, and the time that most
/// features agree on stays.
package struct TimeShiftCheck {
  let verifier: PairVerifier
  let mirrored: Bool
  let leak: any FrameSource
  let reference: any FrameSource
  /// The stretches of the leak that have frames, ascending; nil for all of it.
  let seen: [Range<Double>]?

  /// Checks segments of one mirror state of a leak.
  package init(
    verifier: PairVerifier,
    mirrored: Bool,
    leak: any FrameSource,
    reference: any FrameSource,
    seen: [Range<Double>]? = nil
  ) {
    self.seen = seen
    (self.verifier, self.mirrored) = (verifier, mirrored)
    (self.leak, self.reference) = (leak, reference)
  }

  /// Seconds to add to the reference's time of a segment; 0 where nothing is clearly better.
  ///
  /// - Parameters:
  ///   - segment: what to check.
  ///   - rivals: time maps that may hold here as well, as those of the neighbours.
  /// - Returns: the shift in seconds.
  /// - Throws: what the sources throw.
  package func shift(of segment: AlignedSegment, rivals: [AlignedSegment]) throws -> Double {
    let middle = (segment.leakStart + segment.leakEnd) / 2
    let times = times(of: segment)
    var counts: [Double: Int] = [:]
    func inliers(_ shift: Double) throws -> Int {
      if let known = counts[shift] { return known }
      let count = try self.inliers(of: segment, at: times, shift: shift)
      counts[shift] = count
      return count
    }
    let own = try inliers(0)
    var best = try climb(from: 0, inliers)
    for rival in rivals {
      let shift = rival.referenceTime(at: middle) - segment.referenceTime(at: middle)
      guard abs(shift) > Self.step, abs(shift) < Self.mostRivalShift else { continue }
      let top = try climb(from: shift, inliers)
      if try inliers(top) > inliers(best) { best = top }
    }
    let most = try inliers(best)
    guard most > own, Self.isClearlyLess(own, than: most) else { return 0 }
    let (left, right) = (try inliers(best - Self.step), try inliers(best + Self.step))
    let vertex = Parabola.vertex(Double(left), Double(most), Double(right))
    return best + Self.step * vertex
  }

  /// The segment at the usual rate that it may have just as well as its own; nil where its own is
  /// clearly better than all of them, or a usual one itself.
  ///
  /// In a slow zoom, a rate that is off goes with a zoom that is off, and where little moves nothing
  /// tells rates apart: over the segment's thirds, each with its own geometry, as many features must
  /// agree on the usual rate but for chance. Of usual rates that all may be, a film's own is likeliest.
  package func atUsualRate(_ segment: AlignedSegment) throws -> AlignedSegment? {
    guard segment.leakEnd - segment.leakStart >= Self.longest,
      !QueryTracks.rates.contains(where: { abs($0 - segment.rate) <= Self.measuredRate })
    else { return nil }
    let own = try inliersOfThirds(segment, shift: 0)
    var found: [(segment: AlignedSegment, inliers: Int)] = []
    for rate in QueryTracks.rates where abs(rate - segment.rate) <= Self.doubtfulRate {
      let turned = segment.turned(to: rate)
      var counts: [Double: Int] = [:]
      func inliers(_ shift: Double) throws -> Int {
        if let known = counts[shift] { return known }
        let count = try inliersOfThirds(turned, shift: shift)
        counts[shift] = count
        return count
      }
      let shift = try climb(from: 0, step: Self.step / 4, inliers)
      var result = turned
      result.referenceStart += shift
      result.referenceEnd += shift
      found.append((result, try inliers(shift)))
    }
    let most = found.map(\.inliers).reduce(own, max)
    return found.filter { !Self.isClearlyLess($0.inliers, than: most) }
      .min { abs($0.segment.rate - 1) < abs($1.segment.rate - 1) }?.segment
  }

  /// Whether chance does not explain a smaller count.
  private static func isClearlyLess(_ count: Int, than most: Int) -> Bool {
    // Counts of independent events; those of one picture are not quite.
    Double(most - count) >= leastDeviations * Double(most + count).squareRoot()
  }

  private func inliersOfThirds(_ segment: AlignedSegment, shift: Double) throws -> Int {
    let length = (segment.leakEnd - segment.leakStart) / 3
    return try (0..<3).reduce(0) { sum, third in
      var part = segment
      part.leakStart = segment.leakStart + length * Double(third)
      part.leakEnd = part.leakStart + length
      part.referenceStart = segment.referenceTime(at: part.leakStart)
      return sum + (try inliers(of: part, at: times(of: part), shift: shift))
    }
  }

  /// The nearest time that is better than those on both sides.
  private func climb(
    from start: Double,
    step: Double = step,
    _ inliers: (Double) throws -> Int
  ) throws -> Double {
    var best = start
    for direction in [-1.0, 1.0] {
      var next = best + direction * step
      while abs(next - start) <= Self.mostClimb, try inliers(next) > inliers(best) {
        best = next
        next = best + direction * step
      }
    }
    return best
  }

  /// Feature pairs that agree on one homography when the reference is read `shift` seconds later.
  private func inliers(of segment: AlignedSegment, at times: [Double], shift: Double) throws -> Int
  {
    var (from, to) = ([FeatureSet.Point](), [FeatureSet.Point]())
    for time in times {
      let pairs = try verifier.pairs(
        of: leak,
        at: time,
        reference,
        at: segment.referenceTime(at: time) + shift,
        mirrored: mirrored
      )
      guard let pairs else { continue }
      from += pairs.from
      to += pairs.to
    }
    guard let fit = PairVerifier.fit(from: from, to: to), fit.homography.isPlausible else {
      return 0
    }
    return fit.inliers.count { $0 }
  }

  /// Moments of one stretch, so near to each other that one geometry holds for all.
  private func times(of segment: AlignedSegment) -> [Double] {
    let part = middleOfSeen(segment)
    let middle = (part.lowerBound + part.upperBound) / 2
    let length = min(Self.longest, part.upperBound - part.lowerBound)
    return (0..<Self.moments).map {
      middle + length * ((Double($0) + 0.5) / Double(Self.moments) - 0.5)
    }
  }

  /// Of a segment the seen stretch that is nearest to its middle, of those that are long enough.
  private func middleOfSeen(_ segment: AlignedSegment) -> ClosedRange<Double> {
    let whole = segment.leakStart...max(segment.leakStart, segment.leakEnd)
    guard let seen else { return whole }
    let middle = (segment.leakStart + segment.leakEnd) / 2
    let parts = seen.filter { $0.overlaps(whole) }.map {
      max($0.lowerBound, whole.lowerBound)...min($0.upperBound, whole.upperBound)
    }
    let most = parts.map { $0.upperBound - $0.lowerBound }.max() ?? 0
    let enough = min(Self.longest, most)
    let distance = { (part: ClosedRange<Double>) in
      max(part.lowerBound - middle, middle - part.upperBound)
    }
    return parts.filter { $0.upperBound - $0.lowerBound >= enough }
      .min { distance($0) < distance($1) } ?? whole
  }

  private static let moments = 10
  private static let longest = 8.0
  /// An eighth of a second: at half the distance a film shows nearly the same picture anyway.
  private static let step = 0.125
  private static let mostClimb = 1.5
  private static let mostRivalShift = 15.0
  private static let leastDeviations = 2.5
  /// Deviation from a usual rate that measuring may leave, and that a film may really have.
  private static let (measuredRate, doubtfulRate) = (0.002, 0.045)
}

extension AlignedSegment {
  /// The segment at another rate about its middle.
  func turned(to rate: Double) -> AlignedSegment {
    let middle = (leakStart + leakEnd) / 2
    let shown = referenceTime(at: middle)
    var result = self
    result.rate = rate
    result.referenceStart = shown + (leakStart - middle) * rate
    result.referenceEnd = shown + (leakEnd - middle) * rate
    return result
  }
}
