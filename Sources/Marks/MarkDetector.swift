/// What is said of a field, or of a whole mark.
public enum MarkVerdict: String, Sendable, Hashable, Codable {
  /// The bound and the margin are both met.
  case claimed
  /// Something is there, but not enough to claim a value.
  case inconclusive
  /// Nothing that chance would not give.
  case none
}

/// A value of a field with what speaks for it.
public struct RankedValue: Sendable, Hashable {
  /// The value.
  public var value: Int
  /// Its correlation in deviations.
  public var z: Double
}

/// What a passage says of one field.
public struct FieldReading: Sendable, Hashable {
  /// Which field.
  public var field: MarkField
  /// The best values, best first.
  public var ranking: [RankedValue]
  /// Values that were tried.
  public var valuesTried: Int
  /// Alignments that were tried.
  public var alignments: Int
  /// Keys, or keys and assets, that were tried.
  public var keys: Int
  /// Chips that something was known of.
  public var chips: Int
  /// Log10 of the bound on the probability that any value of any alignment scores as high by chance.
  public var log10Bound: Double
  /// z of the best value less that of the second.
  public var margin: Double
  /// z that a claim needs.
  public var threshold: Double
  /// What follows.
  public var verdict: MarkVerdict
}

/// A candidate of a closed list.
public struct MarkCandidate: Sendable, Hashable {
  /// Name of the candidate, such as a screening's identifier.
  public var name: String
  /// What a mark of it would say.
  public var payload: MarkPayload

  /// Creates a candidate.
  public init(name: String, payload: MarkPayload) {
    (self.name, self.payload) = (name, payload)
  }
}

/// A candidate with what speaks for it.
public struct RankedCandidate: Sendable, Hashable {
  /// The candidate.
  public var candidate: MarkCandidate
  /// Correlation over both fields in deviations.
  public var z: Double
}

/// A ranking of a closed list: it is conditional on the list holding the true one.
public struct ClosedSetReading: Sendable, Hashable {
  /// The best candidates, best first.
  public var ranking: [RankedCandidate]
  /// Candidates on the list with different payloads.
  public var payloads: Int
  /// As for a field, with the list's payloads as the values.
  public var log10Bound: Double
  /// z of the best payload less that of the second.
  public var margin: Double
  /// z that a claim needs.
  public var threshold: Double
  /// What follows, on the condition that the list is complete.
  public var verdict: MarkVerdict
}

/// What a passage says of the mark of one key and one asset.
public struct MarkReading: Sendable, Hashable {
  /// The location.
  public var location: FieldReading
  /// The time.
  public var time: FieldReading
  /// Seconds by which the film's times were taken to be later; the best of what was tried.
  public var shift: Double
  /// The list's ranking; nil without a list.
  public var closedSet: ClosedSetReading?

  /// Claimed where both fields are, none where neither says anything.
  public var verdict: MarkVerdict {
    if location.verdict == .claimed, time.verdict == .claimed { return .claimed }
    if location.verdict == .none, time.verdict == .none { return .none }
    return .inconclusive
  }

  /// The payload; nil unless it is claimed.
  public var payload: MarkPayload? {
    guard verdict == .claimed, let place = location.ranking.first, let time = time.ranking.first
    else { return nil }
    return MarkPayload(location: place.value, time: time.value)
  }
}

/// Decides what a passage's scores say of a mark.
///
/// All values of both fields are tried. For a film without this mark, with the mark of another key or
/// asset, or of other values, the signs of a sequence are independent of the scores, so that the
/// probability that any of M values in any of A alignments reaches z is at most M · A · P(z), with the
/// distribution of signed sums of these scores (``SignTail``); where several keys are tried, A counts the
/// alignments of all. A claim needs that bound to be small, and the best value to lead by a margin.
public struct MarkDetector: Sendable {
  /// What a claim needs, and what was embedded.
  public struct Settings: Sendable, Hashable {
    /// Widths of the fields.
    public var layout = MarkLayout.usual
    /// Greatest log10 of the bound that a claim may have.
    public var claimLog10 = -6.0
    /// Log10 of the bound above which a best value says nothing.
    public var noteLog10 = -3.0
    /// Deviations that the best value must lie before the second.
    public var leastMargin = 2.0
    /// Values that a ranking has.
    public var ranked = 5
    /// Times that are tried in place of the observed ones, as seconds to add.
    public var shifts = [0.0]
    /// Marks, of other keys or assets, that are looked for in the same leak; all count as trials.
    public var marks = 1

    /// The usual settings.
    public init() {}
  }

  /// The settings.
  public let settings: Settings
  private let sequences: ChipSequences

  /// A detector for marks of a key and an asset.
  public init(key: MarkKey, asset: String, settings: Settings = Settings()) {
    precondition(!settings.shifts.isEmpty, "at least one alignment is tried")
    self.settings = settings
    sequences = ChipSequences(key: key, asset: asset)
  }

  /// Reads what was observed; nil where someone asked to stop.
  ///
  /// The times that are tried differ by shifts; the one whose best location leads stays, and all count
  /// as trials.
  public func read(
    _ observations: [ModeObservation],
    candidates: [MarkCandidate]? = nil,
    isCancelled: () -> Bool = { false }
  ) -> MarkReading? {
    var best: (scores: ChipScores, values: ValueCorrelation, top: Float, shift: Double)?
    for shift in settings.shifts {
      let scores = ChipScores(observations, shift: shift)
      let values = correlation(scores, .location, isCancelled)
      if isCancelled() { return nil }
      let top = values.z.max() ?? 0
      if best.map({ top > $0.top }) ?? true { best = (scores, values, top, shift) }
    }
    guard let best else { return nil }
    let times = correlation(best.scores, .time, isCancelled)
    if isCancelled() { return nil }
    return MarkReading(
      location: reading(of: best.values, .location),
      time: reading(of: times, .time),
      shift: best.shift,
      closedSet: candidates.flatMap { closed($0, best.values, times) }
    )
  }

  private func correlation(
    _ scores: ChipScores,
    _ field: MarkField,
    _ isCancelled: () -> Bool
  ) -> ValueCorrelation {
    ValueCorrelation(
      scores,
      field: field,
      layout: settings.layout,
      sequences: sequences,
      isCancelled: isCancelled
    )
  }

  /// Judges the correlations of one field.
  func reading(of values: ValueCorrelation, _ field: MarkField) -> FieldReading {
    let ranking = Self.best(values.z, count: max(2, settings.ranked))
    let judged = judge(
      first: ranking.first?.z ?? 0,
      second: ranking.dropFirst().first?.z,
      trials: Double(values.z.count) * looks,
      weights: values.weights
    )
    return FieldReading(
      field: field,
      ranking: Array(ranking.prefix(settings.ranked)),
      valuesTried: values.z.count,
      alignments: settings.shifts.count,
      keys: settings.marks,
      chips: values.chips,
      log10Bound: judged.bound,
      margin: judged.margin,
      threshold: judged.threshold,
      verdict: judged.verdict
    )
  }

  private func closed(
    _ candidates: [MarkCandidate],
    _ places: ValueCorrelation,
    _ times: ValueCorrelation
  ) -> ClosedSetReading? {
    let known = candidates.filter { settings.layout.contains($0.payload) }
    let norm = (places.norm * places.norm + times.norm * times.norm).squareRoot()
    guard !known.isEmpty, norm > 0 else { return nil }
    let ranking = known.map { candidate in
      let sum =
        Double(places.z[candidate.payload.location]) * places.norm
        + Double(times.z[candidate.payload.time]) * times.norm
      return RankedCandidate(candidate: candidate, z: sum / norm)
    }.sorted { ($1.z, $0.candidate.name) < ($0.z, $1.candidate.name) }
    guard let first = ranking.first else { return nil }
    // Screenings of one payload cannot be told apart and do not compete.
    let second = ranking.first { $0.candidate.payload != first.candidate.payload }
    let payloads = Set(known.map(\.payload)).count
    let trials = Double(payloads) * looks
    let judged = judge(
      first: first.z,
      second: second?.z,
      trials: trials,
      weights: places.weights + times.weights
    )
    return ClosedSetReading(
      ranking: Array(ranking.prefix(settings.ranked)),
      payloads: payloads,
      log10Bound: judged.bound,
      margin: judged.margin,
      threshold: judged.threshold,
      verdict: judged.verdict
    )
  }

  /// Alignments of all keys.
  private var looks: Double { Double(settings.shifts.count) * Double(settings.marks) }

  private func judge(
    first: Double,
    second: Double?,
    trials: Double,
    weights: [Float]
  ) -> (bound: Double, margin: Double, threshold: Double, verdict: MarkVerdict) {
    // The bound that holds for any scores settles most; their own distribution is dear and close to it.
    let settled = Self.log10Bound(z: first, trials: trials) <= settings.claimLog10
    let isNear = first >= Self.nearlyEnough
    let tail = SignTail(weights: settled || !isNear ? [] : weights)
    let bound = min(0, _log10(trials) + tail.log10(reaching: first))
    // A list of one has no second: chance is what it must lie before.
    let margin = first - (second ?? 0)
    let verdict: MarkVerdict =
      if bound <= settings.claimLog10, margin >= settings.leastMargin {
        .claimed
      } else if bound <= settings.noteLog10 {
        .inconclusive
      } else {
        .none
      }
    let threshold = tail.threshold(log10: settings.claimLog10 - _log10(trials))
    return (bound, margin, threshold, verdict)
  }

  /// z below which the scores' own distribution is not asked: no more than about 32 scores could make it enough.
  private static let nearlyEnough = 5.5

  /// Log10 of M · A · P(z) with what holds for any scores, at most 0.
  public static func log10Bound(z: Double, trials: Double) -> Double {
    guard z > 0 else { return 0 }
    return min(0, _log10(trials) + SignTail.log10Bound(reaching: z))
  }

  /// The greatest values, greatest first.
  private static func best(_ z: [Float], count: Int) -> [RankedValue] {
    var result: [RankedValue] = []
    for (value, score) in z.enumerated() {
      let score = Double(score)
      if result.count == count, let last = result.last, score <= last.z { continue }
      let place = result.firstIndex { $0.z < score } ?? result.count
      result.insert(RankedValue(value: value, z: score), at: place)
      if result.count > count { result.removeLast() }
    }
    return result
  }
}
