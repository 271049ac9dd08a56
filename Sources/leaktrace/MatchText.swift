import Foundation
import Pipeline
import SystemPackage

/// The answer for one leak as people read it.
enum MatchText {
  /// The lines, without line ends.
  static func lines(_ path: FilePath, _ report: MatchReport) -> [String] {
    let name = Console.bold(SafeText.of(path))
    let explanation = report.explanation.map(Self.lines) ?? []
    let shared = report.sharedPassages.flatMap(Self.lines)
    let ads =
      (report.marks ?? []).flatMap { MarkText.lines($0, of: "  mark") } + AdText.lines(report)
      + AttributionText.lines(report)
    let isQuick = report.effort == .quick
    guard !report.matches.isEmpty else {
      let how = isQuick ? " by a quick look" : ""
      return ["\(name): no match\(how)"] + ads + shared + explanation
    }
    var lines: [String] = []
    for match in report.matches {
      let version =
        (match.version.map { " (\(SafeText.of($0)))" } ?? "") + (isQuick ? ", by a quick look" : "")
      lines.append("\(name): \(Console.green(SafeText.of(match.title)))\(version)")
      let mirrored = match.mirrored ? ", mirrored left to right" : ""
      lines.append("  release      \(match.releaseID)\(mirrored)")
      if let evidence = match.versionEvidence { lines += Self.lines(evidence, of: match) }
      let log10P = String(format: "%.1f", match.log10P)
      lines.append("  confidence   \(words(match.log10P)) (log10 p = \(log10P))")
      lines.append(
        "  coverage     \(percent(match.leakCoverage)) of the leak, "
          + "\(percent(match.referenceCoverage)) of the release"
      )
      lines += picture(match)
      if let audio = match.audio { lines.append("  sound        \(words(audio))") }
      lines.append("  leak                         release                      rate    log10 p")
      for segment in match.segments { lines.append("  " + row(segment)) }
    }
    return lines + ads + capture(report) + shared + explanation
  }

  /// The recording, where other leaks come from it.
  private static func capture(_ report: MatchReport) -> [String] {
    guard let capture = report.capture, !capture.links.isEmpty else { return [] }
    let id = capture.id.map { "  \(SafeText.of($0))" } ?? ""
    return ["  recording    the same as of\(id)"]
      + capture.links.map { "    \($0.other.prefix(12))  \(CaptureText.words($0))" }
  }

  /// A passage that several works hold.
  private static func lines(_ passage: MatchReport.SharedPassage) -> [String] {
    ["  shared       \(interval(passage.leakStart, passage.leakEnd))  names none of:"]
      + passage.showings.map {
        let there = interval($0.referenceStart, $0.referenceEnd)
        return "    \(there)  \(SafeText.of($0.title)) (\($0.releaseID))"
      }
  }

  /// How the picture came about, and what is missing of it.
  private static func picture(_ match: MatchReport.Match) -> [String] {
    var words: [String] = []
    switch match.origin?.answer {
    case .camera: words.append("taken by a camera")
    case .direct: words.append("a direct copy, not taken by a camera")
    case .cannotBeTold: words.append("taken by a camera or copied directly: cannot be told")
    case nil: break
    }
    if let geometry = match.geometry, !geometry.isEmpty {
      let visible = geometry.map(\.visible).sorted()[geometry.count / 2]
      words.append("\(percent(visible)) of the release's picture in the frame")
    }
    if let lens = match.lens { words.append(String(format: "lens k1 = %.3f", lens.k1)) }
    return words.isEmpty ? [] : ["  picture      " + words.joined(separator: ", ")]
  }

  /// What was tried.
  private static func lines(_ explanation: MatchReport.Explanation) -> [String] {
    let windows = explanation.pictureWindows.count
    var lines = [
      "  tried        \(windows) picture windows, both sides, \(explanation.rates.count) speeds; "
        + "\(explanation.trials) candidates verified on \(explanation.framePairs) frame pairs each"
    ]
    if let rival = explanation.runnerUp {
      lines.append(
        "  runner-up    \(SafeText.of(rival.title)): \(rival.inliers) agreeing features "
          + "(\(explanation.acceptedInliers) confirm)"
      )
    } else {
      lines.append("  runner-up    none: no other release had a candidate worth verifying")
    }
    if !explanation.attempts.isEmpty {
      lines.append("  verified     leak                           score  features  places  release")
    }
    for attempt in explanation.attempts {
      let numbers = String(
        format: "%5.1f  %8d  %6d",
        attempt.score,
        attempt.inliers,
        attempt.cells
      )
      let place = ReportNumber.clock(attempt.referenceStart)
      let side = attempt.mirrored ? ", mirrored" : ""
      lines.append(
        "    \(interval(attempt.leakStart, attempt.leakEnd))  \(numbers)  "
          + "\(SafeText.of(attempt.title)) at \(place)\(side)"
      )
    }
    return lines
  }

  /// What tells the release from others of the same film.
  private static func lines(
    _ evidence: MatchReport.VersionEvidence,
    of match: MatchReport.Match
  ) -> [String] {
    let odds = String(format: "%.1f", evidence.log10Odds)
    let answer =
      switch evidence.answer {
      case .shown: "this release and no other of the film (log10 odds \(odds))"
      case .notShown: "another release of the film (log10 odds \(odds))"
      case .cannotBeTold: "cannot be told from another release of the film"
      }
    let passages = evidence.passages.map { passage in
      let own = passage.favours == match.releaseID ? "for this" : "for \(passage.favours)"
      let weight = String(format: "%.1f", passage.log10Odds)
      return "    \(interval(passage.leakStart, passage.leakEnd))  \(own)  \(weight)"
    }
    return ["  shows        \(answer)"] + passages
  }

  private static func row(_ segment: MatchReport.Segment) -> String {
    let leak = interval(segment.leakStart, segment.leakEnd)
    let release = interval(segment.referenceStart, segment.referenceEnd)
    let rate = String(format: "%.4f", segment.rate)
    let evidence = String(format: "%.1f", segment.log10P)
    let error = segment.errorMilliseconds.map { String(format: "  ±%.0f ms", $0) } ?? ""
    return "\(leak)  \(release)  \(rate)  \(evidence)\(error)"
  }

  private static func interval(_ start: Double, _ end: Double) -> String {
    ReportNumber.clock(start) + " - " + ReportNumber.clock(end)
  }

  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }

  /// What the sound says, in words.
  private static func words(_ audio: MatchReport.Audio) -> String {
    switch audio.verdict {
    case .original:
      let recording =
        switch audio.recording {
        case .line: ", taken from a line"
        case .room: ", taken in a room"
        case nil: ""
        }
      let offset = audio.offsetMilliseconds ?? 0
      let delay = String(format: "%.0f ms %@", abs(offset), offset < 0 ? "early" : "late")
      let evidence = String(format: "%.1f", audio.log10P ?? 0)
      return "the release's own\(recording), \(delay) (log10 p = \(evidence))"
    case .different: return "not the release's, or lost in noise"
    case .silent: return "silent"
    case .none: return "none"
    case .undetermined:
      switch audio.reason {
      case .noReferenceSound: return "cannot be told: the library has no sound of the release"
      case .tooLittleSound: return "cannot be told: too little of it"
      case .unreadable: return "cannot be told: it cannot be decoded"
      case .unclear, nil: return "cannot be told"
      }
    }
  }

  /// The probability that unrelated content scores as high, in words.
  private static func words(_ log10P: Double) -> String {
    switch log10P {
    case ...(-20): "certain"
    case ...(-10): "practically certain"
    case ...(-6): "very strong"
    case ...(-3): "strong"
    default: "weak"
    }
  }
}
