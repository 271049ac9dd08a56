import Foundation

/// Weighs one screening after the other by the same clues.
struct Scale {
  private let clues: Clues

  init(_ clues: Clues) { self.clues = clues }

  /// What moves a screening, strongest first; what moves nothing is left out.
  func evidence(for candidate: Candidate) -> [Attribution.Evidence] {
    var found: [Attribution.Evidence] = []
    if let mark = clues.mark { found += Self.evidence(of: mark, for: candidate) }
    for mark in clues.vendorMarks {
      found += evidence(of: mark, for: candidate, limit: .infinity, kind: .vendorMark, prefix: "")
    }
    if let release = candidate.releaseID {
      if let odds = clues.releases[release], odds != 0 {
        found.append(
          .init(
            kind: .version,
            log10Ratio: Self.limited(odds, Self.versionLimit),
            text: odds > 0
              ? "the leak shows the release that was screened"
              : "the leak shows another release than was screened"
          )
        )
      }
      if let odds = clues.sounds[release], odds != 0 {
        found.append(
          .init(
            kind: .sound,
            log10Ratio: Self.limited(odds, Self.versionLimit),
            text: "the leak has the sound of the release that was screened"
          )
        )
      }
    }
    if let line = time(candidate) { found.append(line) }
    for leak in clues.linked { found += evidence(of: leak, for: candidate) }
    if let ratio = clues.seats[candidate.id], ratio != 0 {
      found.append(
        .init(
          kind: .seat,
          log10Ratio: Self.limited(ratio, Self.seatLimit),
          text: "before this screen the camera would have stood where no seats are"
        )
      )
    }
    return found.sorted { abs($0.log10Ratio) > abs($1.log10Ratio) }
  }

  // MARK: Our own mark

  /// For a value with correlation z where the true one has the mean m, the logarithm of the likelihood
  /// ratio is m·z − m²/2; m is taken to be the best value's correlation.
  private static func evidence(
    of mark: Clues.MarkReading,
    for candidate: Candidate
  ) -> [Attribution.Evidence] {
    let limit = mark.isClaimed ? markLimit : openMarkLimit
    let claim = mark.isClaimed ? "" : ", which alone is no claim"
    func line(_ name: String, _ field: Clues.MarkReading.Field, _ value: Int64) -> Attribution
      .Evidence?
    {
      guard let z = field.correlation(value), field.z > 0 else { return nil }
      let ratio = (field.z * z - field.z * field.z / 2) / log(10)
      let words =
        value == field.best
        ? "the mark's \(name) is \(value)\(claim)"
        : "the mark's \(name) is rather \(field.best) than \(value)\(claim)"
      return .init(
        kind: .mark,
        log10Ratio: limited(ratio, limit),
        text: words + String(format: " (correlation %.1f, best %.1f)", z, field.z)
      )
    }
    var lines: [Attribution.Evidence] = []
    if let field = mark.location, let value = candidate.markLocation {
      if let line = line("location", field, value) { lines.append(line) }
    }
    if let field = mark.time {
      if let value = candidate.markTime {
        if let line = line("time stamp", field, value) { lines.append(line) }
      } else if mark.isClaimed {
        lines.append(stampLine(field.best, candidate, limit: markLimit, kind: .mark, prefix: ""))
      }
    }
    return lines
  }

  /// Whether a stamp lies where the list's start lets expect it: films begin up to three quarters of an
  /// hour after their screening.
  private static func stampLine(
    _ stamp: Int64,
    _ candidate: Candidate,
    limit: Double,
    kind: Attribution.Evidence.Kind,
    prefix: String
  ) -> Attribution.Evidence {
    let steps = MarkClock.steps(from: MarkClock.stamp(of: candidate.start), to: stamp)
    let isNear = startSteps.contains(steps)
    let gain = log10(Double(MarkClock.period) / Double(startSteps.count))
    return .init(
      kind: kind,
      log10Ratio: limited(isNear ? gain : -gain, limit),
      text: prefix
        + (isNear
          ? "the mark's time stamp is that of the screening's start"
          : "the mark's time stamp is \(abs(steps)) quarters of an hour "
            + (steps < 0 ? "before" : "after") + " the screening's start")
    )
  }

  // MARK: Vendors' marks

  private func evidence(
    of mark: Clues.VendorMark,
    for candidate: Candidate,
    limit outer: Double,
    kind: Attribution.Evidence.Kind,
    prefix: String
  ) -> [Attribution.Evidence] {
    // What a vendor does not state is taken for one in a thousand.
    let stated = mark.falsePositiveRate.map { min(Self.markLimit, max(0, -log10($0))) }
    let limit = min(outer, stated ?? Self.unstatedLimit)
    var lines: [Attribution.Evidence] = []
    if let location = mark.location, let own = candidate.markLocation {
      let isSame = location == own
      lines.append(
        .init(
          kind: kind,
          log10Ratio: isSame ? limit : -limit,
          text: prefix + "\(mark.vendor): location \(location)"
            + (isSame ? "" : ", the auditorium has \(own)")
        )
      )
    }
    let prefix = prefix + "\(mark.vendor): "
    if let time = mark.time {
      if let own = candidate.markTime {
        let isSame = time == own
        lines.append(
          .init(
            kind: kind,
            log10Ratio: isSame ? limit : -limit,
            text: prefix + "time stamp \(time)" + (isSame ? "" : ", the screening has \(own)")
          )
        )
      } else {
        lines.append(
          Self.stampLine(time, candidate, limit: limit, kind: kind, prefix: prefix)
        )
      }
    } else if let moment = mark.moment {
      let end = (candidate.end ?? candidate.start + Self.longestSeconds) + Self.slackSeconds
      let isInside = (candidate.start - Self.slackSeconds...end).contains(moment)
      lines.append(
        .init(
          kind: kind,
          log10Ratio: isInside ? min(limit, Self.momentGain) : -limit,
          text: prefix
            + (isInside
              ? "the mark was made during the screening" : "the mark was made at another time")
        )
      )
    }
    return lines
  }

  // MARK: Time and captures

  private func time(_ candidate: Candidate) -> Attribution.Evidence? {
    guard let seen = clues.seenAt, isLater(candidate, than: seen) else { return nil }
    return .init(
      kind: .time,
      log10Ratio: -Self.timeLimit,
      text: "the leak was there before the screening had shown what is in it"
    )
  }

  private func isLater(_ candidate: Candidate, than seen: Int64) -> Bool {
    Double(candidate.start) + clues.filmSeconds > Double(seen + Self.slackSeconds)
  }

  private func evidence(
    of leak: Clues.LinkedLeak,
    for candidate: Candidate
  ) -> [Attribution.Evidence] {
    guard leak.log10Odds > 0 else { return [] }
    let limit = min(leak.log10Odds, Self.markLimit)
    let prefix = "leak \(leak.id.prefix(12)) of the same recording: "
    var lines = leak.vendorMarks.flatMap {
      evidence(of: $0, for: candidate, limit: limit, kind: .capture, prefix: prefix)
    }
    if let seen = leak.seenAt, isLater(candidate, than: seen) {
      lines.append(
        .init(
          kind: .capture,
          log10Ratio: -min(limit, Self.timeLimit),
          text: prefix + "it was there before the screening had shown what is in this one"
        )
      )
    }
    return lines
  }

  private static func limited(_ ratio: Double, _ limit: Double) -> Double {
    max(-limit, min(limit, ratio))
  }

  /// Furthest that a mark moves a screening: one row of a list in a million is taken to be wrong, or one
  /// server's number to be another's.
  private static let markLimit = 6.0
  /// Furthest that a mark moves it whose bound or margin allows no claim.
  private static let openMarkLimit = 2.0
  /// Furthest that a vendor's mark moves it whose false-positive rate is not stated.
  private static let unstatedLimit = 3.0
  private static let versionLimit = 4.0
  private static let timeLimit = 6.0
  private static let seatLimit = 2.0
  /// A mark's moment says the day and hour, which many screenings share.
  private static let momentGain = 2.0
  /// Steps of a stamp after the start that the list says.
  private static let startSteps: ClosedRange<Int64> = 0...3
  /// What clocks of servers, lists and laboratories may differ by.
  private static let slackSeconds: Int64 = 1800
  /// Longest screening whose end is not known.
  private static let longestSeconds: Int64 = 5 * 3600
}
