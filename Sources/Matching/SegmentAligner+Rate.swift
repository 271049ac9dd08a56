/// What the anchors say about the whole leak.
struct Pace {
  /// Reference seconds for each leak second.
  var rate: Double
  /// The usual correlation where the leak shows the reference.
  var correlation: Double
}

extension SegmentAligner {
  /// Anchors that the rate is measured on, at most.
  private static let paceAnchors = 16
  /// The longest part of an anchor's stretch that is looked at, in seconds.
  private static let paceSeconds = 12.0
  private static let rates = stride(from: 0.945, through: 1.0551, by: 0.0025).map { $0 }
  /// A profile that rate 1 reaches so much of has no peak.
  private static let flatShare = 0.985
  private static let offsets = (-24...24).map { Double($0) / 48 }

  /// Finds the one rate at which what moves in the stretches of all anchors agrees best.
  func pace(
    of anchors: [Anchor],
    known: Double? = nil,
    leak: VectorTrack,
    reference: VectorTrack
  ) throws -> Pace {
    var profile = [Double](repeating: 0, count: Self.rates.count)
    var grids: [PaceGrid] = []
    let count = min(anchors.count, Self.paceAnchors)
    for index in 0..<count {
      let anchor = anchors[index * anchors.count / count]
      let grid = try PaceGrid(
        anchor: anchor,
        longest: Self.paceSeconds,
        leak: leak,
        reference: reference
      )
      guard let grid else { continue }
      for (at, rate) in Self.rates.enumerated() {
        profile[at] += Self.offsets.lazy.map { grid.score(offset: $0, rate: rate) }.max() ?? 0
      }
      grids.append(grid)
    }
    let fallback = anchors[anchors.count / 2].candidate.rate
    guard let best = profile.indices.max(by: { profile[$0] < profile[$1] }), profile[best] > 0
    else { return Pace(rate: min(1.05, max(0.95, fallback)), correlation: 0) }
    var rate = Self.rates[best]
    if let one = Self.rates.firstIndex(where: { $0 > 0.9999 }),
      profile[one] >= Self.flatShare * profile[best]
    {
      // Where little moves every rate will do, and the greatest value says nothing.
      rate = 1
    } else if best > 0, best + 1 < profile.count {
      rate += 0.0025 * Parabola.vertex(profile[best - 1], profile[best], profile[best + 1])
    }
    rate = known ?? rate
    var correlations: [Double] = []
    for grid in grids {
      let offset = Self.offsets.max {
        grid.score(offset: $0, rate: rate) < grid.score(offset: $1, rate: rate)
      }
      correlations += grid.correlations(offset: offset ?? 0, rate: rate)
    }
    return Pace(rate: rate, correlation: Statistics.quantile(correlations, 0.5) ?? 0)
  }
}

/// Products of an anchor's leak frames with the reference's frames around, without what stands
/// still.
private struct PaceGrid {
  private let leak: FrameVectors
  private let reference: FrameVectors
  private let mask: [Int16]
  private let moving: MovingProducts
  private let middle: Double
  private let referenceMiddle: Double

  init?(anchor: Anchor, longest: Double, leak: VectorTrack, reference: VectorTrack) throws {
    middle = SegmentAligner.middle(anchor)
    let half = min(longest, anchor.candidate.leakEnd - anchor.candidate.leakStart) / 2
    referenceMiddle = anchor.candidate.referenceTime(at: middle)
    self.leak = try leak.sampled([(middle - half, middle + half)])
    let reach = half * 1.06 + 0.6
    self.reference = try reference.native(
      from: referenceMiddle - reach,
      to: referenceMiddle + reach
    )
    guard self.leak.count >= 8, self.reference.count >= 8 else { return nil }
    mask = leak.mask(self.leak.geometries[self.leak.count / 2])
    let moving = MovingProducts(
      leak: self.leak,
      reference: self.reference,
      within: referenceMiddle - half...referenceMiddle + half,
      mask: mask,
      // What the grid spans about rate 1, and a frame more.
      reach: half * 0.06 + 0.6,
      guess: { [middle, referenceMiddle] in referenceMiddle + $0 - middle }
    )
    guard let moving else { return nil }
    self.moving = moving
  }

  func score(offset: Double, rate: Double) -> Double {
    moving.score { referenceMiddle + offset + rate * ($0 - middle) }
  }

  /// Of each leak frame, with what stands still.
  func correlations(offset: Double, rate: Double) -> [Double] {
    (0..<leak.count).compactMap { frame in
      let time = referenceMiddle + offset + rate * (leak.times[frame] - middle)
      let next = reference.firstIndex(at: time)
      guard next < reference.count else { return nil }
      return reference.correlation(next, leak, frame, under: mask)
    }
  }
}

extension FrameVectors {
  /// The normalised correlation of a reference's frame with a leak's rectified frame.
  func correlation(
    _ frame: Int,
    _ leak: FrameVectors,
    _ leakFrame: Int,
    under mask: [Int16]
  ) -> Double {
    let energy = energy(frame, under: mask) * leak.energy(leakFrame, within: pictures[frame])
    return energy > 0 ? dot(frame, leak, leakFrame) / energy.squareRoot() : 0
  }
}
