import Foundation
import Marks

/// Weighs one screening after the other by the same clues.
struct Scale {
  private let clues: Clues

  init(_ clues: Clues) { self.clues = clues }

  /// What a clue is about: whoever says once more what was said on the same question adds nothing.
  private enum Question {
    case location, time, age
  }

  /// Evidence, and the question that it answers beside others.
  private struct Finding {
    var evidence: Attribution.Evidence
    var question: Question
  }

  /// What moves a screening, strongest first; what moves nothing is left out.
  func evidence(for candidate: Candidate) -> [Attribution.Evidence] {
    var found: [Attribution.Evidence] = []
    var findings: [Finding] = []
    if let mark = clues.mark { found += Self.evidence(of: mark, for: candidate) }
    for mark in clues.vendorMarks {
      findings += Self.findings(of: mark, for: candidate, .infinity, .vendorMark, prefix: "")
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
    if let line = time(candidate) { findings.append(Finding(evidence: line, question: .age)) }
    for leak in clues.linked { findings += self.findings(of: leak, for: candidate) }
    found += Self.strongest(findings)
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
      } else if mark.isClaimed, let start = candidate.startStep {
        lines.append(
          stampLine(
            MarkLayout.steps(from: start, to: field.best),
            in: startSteps,
            limit: markLimit,
            kind: .mark,
            prefix: ""
          )
        )
      }
    }
    return lines
  }

  /// Whether a stamp lies among the steps of the year where it is expected.
  private static func stampLine(
    _ steps: Int64,
    in expected: ClosedRange<Int64>,
    limit: Double,
    kind: Attribution.Evidence.Kind,
    prefix: String
  ) -> Attribution.Evidence {
    let isExpected = expected.contains(steps)
    let gain = log10(Double(MarkLayout.stepsOfYear) / Double(expected.count))
    let way =
      "\(abs(steps)) quarters of an hour " + (steps < 0 ? "before" : "after")
      + " the screening's start"
    return .init(
      kind: kind,
      log10Ratio: limited(isExpected ? gain : -gain, limit),
      text: prefix + "the mark's time stamp "
        + (isExpected ? "is one of the screening" : "lies \(way)")
    )
  }

  // MARK: Vendors' marks

  /// Of what answers one question to the same side the strongest: the rows of a report, and leaks of one
  /// recording, tell of one mark.
  private static func strongest(_ findings: [Finding]) -> [Attribution.Evidence] {
    var kept: [Finding] = []
    for finding in findings {
      let ratio = finding.evidence.log10Ratio
      let known = kept.firstIndex {
        $0.question == finding.question && ($0.evidence.log10Ratio < 0) == (ratio < 0)
      }
      guard let known else {
        kept.append(finding)
        continue
      }
      if abs(ratio) > abs(kept[known].evidence.log10Ratio) { kept[known] = finding }
    }
    return kept.map(\.evidence)
  }

  private static func findings(
    of mark: Clues.VendorMark,
    for candidate: Candidate,
    _ outer: Double,
    _ kind: Attribution.Evidence.Kind,
    prefix: String
  ) -> [Finding] {
    // What a vendor does not state is taken for one in a thousand.
    let stated = mark.falsePositiveRate.map { min(markLimit, max(0, -log10($0))) }
    let limit = min(outer, stated ?? unstatedLimit)
    let prefix = prefix + "\(mark.vendor): "
    var found: [Finding] = []
    if let location = mark.location, let own = candidate.markLocation {
      let isSame = location == own
      let line = Attribution.Evidence(
        kind: kind,
        log10Ratio: isSame ? limit : -limit,
        text: prefix + "location \(location)" + (isSame ? "" : ", the auditorium has \(own)")
      )
      found.append(Finding(evidence: line, question: .location))
    }
    let end = candidate.end ?? candidate.start + longestSeconds
    if let time = mark.time, let start = candidate.markTime ?? candidate.startStep {
      // A detector tells the stamp of the passage that it looked at.
      let last = (end - candidate.start) / 900 + 1
      let line = stampLine(
        MarkLayout.steps(from: start, to: time),
        in: 0...last,
        limit: limit,
        kind: kind,
        prefix: prefix
      )
      found.append(Finding(evidence: line, question: .time))
    } else if let moment = mark.moment {
      let isInside = (candidate.start - slackSeconds...end + slackSeconds).contains(moment)
      let line = Attribution.Evidence(
        kind: kind,
        log10Ratio: isInside ? min(limit, momentGain) : -limit,
        text: prefix
          + (isInside
            ? "the mark was made during the screening" : "the mark was made at another time")
      )
      found.append(Finding(evidence: line, question: .time))
    }
    return found
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

  private func findings(of leak: Clues.LinkedLeak, for candidate: Candidate) -> [Finding] {
    guard leak.log10Odds > 0 else { return [] }
    let limit = min(leak.log10Odds, Self.markLimit)
    let prefix = "leak \(leak.id.prefix(12)) of the same recording: "
    var found = leak.vendorMarks.flatMap {
      Self.findings(of: $0, for: candidate, limit, .capture, prefix: prefix)
    }
    if let seen = leak.seenAt, isLater(candidate, than: seen) {
      let line = Attribution.Evidence(
        kind: .capture,
        log10Ratio: -min(limit, Self.timeLimit),
        text: prefix + "it was there before the screening had shown what is in this one"
      )
      found.append(Finding(evidence: line, question: .age))
    }
    return found
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
  /// Steps from the start that the list says to that of the film: films begin up to three quarters of an
  /// hour after their screening.
  private static let startSteps: ClosedRange<Int64> = 0...3
  /// What clocks of servers, lists and laboratories may differ by.
  private static let slackSeconds: Int64 = 1800
  /// Longest screening whose end is not known.
  private static let longestSeconds: Int64 = 5 * 3600
}
