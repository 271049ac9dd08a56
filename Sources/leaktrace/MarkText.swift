import Marks
import Pipeline
import SystemPackage

/// Marks as people read them.
enum MarkText {
  static func show(_ report: MarkKeyReport, json: Bool) throws {
    if json {
      Console.shared.print(try JSONDocument.line(report))
    } else {
      Console.shared.print("key \(report.keyID) in \(SafeText.of(report.path))")
    }
  }

  static func lines(_ report: MarkEmbedReport) -> [String] {
    let what: String
    if let payload = report.payload {
      let time = payload.timeText.map { " (\($0))" } ?? ""
      what = "location \(payload.location), time \(payload.time)\(time)"
    } else {
      what = "variant \(report.variant ?? "")"
    }
    let dither = report.encoding.dithered ? ", dithered" : ""
    let psnr = report.quality.psnr.map { "\($0) dB" } ?? "unchanged"
    let ssim = report.quality.ssim.map { ", SSIM \($0)" } ?? ""
    return [
      "\(SafeText.of(report.output.path)): \(what)",
      "  key \(report.keyID), asset \(SafeText.of(report.asset)), strength "
        + "\(ReportNumber.seconds(report.strength * 100)) %",
      "  \(report.frames) pictures in \(report.encoding.codec), \(report.encoding.bitDepth) bits"
        + "\(dither); \(report.copiedStreams) other streams copied",
      "  quality of the mark alone: PSNR \(psnr)\(ssim)",
      "  SHA-256 \(report.output.sha256)",
    ]
  }

  static func lines(_ path: FilePath, _ report: MarkDetectReport) -> [String] {
    var lines: [String] = []
    let name = SafeText.of(path)
    for mark in report.marks ?? [] { lines += Self.lines(mark, of: name) }
    lines += (report.vendorMarks ?? []).map(AttributionText.line)
    if let variants = report.variants {
      lines.append("\(name): \(variants.sequence) (A or B for each ten seconds, ? unclear)")
      for segment in variants.segments {
        let said = segment.variant?.rawValue ?? "? (\(segment.reason ?? "unclear"))"
        lines.append(
          "  film \(ReportNumber.clock(segment.filmStart)): \(said), score \(segment.score)"
        )
      }
    }
    return lines
  }

  /// One mark, under the name of what it was looked for in.
  static func lines(_ mark: MarkReport, of name: String) -> [String] {
    var lines: [String] = []
    switch mark.verdict {
    case .claimed:
      let payload = mark.payload
      let time = payload?.timeText.map { " (\($0))" } ?? ""
      lines.append(
        "\(name): \(Console.green("mark")) location \(payload?.location ?? 0), time "
          + "\(payload?.time ?? 0)\(time)"
      )
    case .inconclusive: lines.append("\(name): inconclusive: \(mark.note)")
    case .none: lines.append("\(name): no claim: \(mark.note)")
    }
    let source =
      mark.title.map { "against \"\(SafeText.of($0))\" (\(mark.releaseID ?? ""))" } ?? "blind"
    lines.append(
      "  \(mark.scheme), key \(mark.keyID), asset \(SafeText.of(mark.asset)), \(source)"
    )
    lines += field("location", mark.location)
    lines += field("time", mark.time)
    for range in mark.ranges {
      lines.append(
        "  \(ReportNumber.clock(range.leakStart))-\(ReportNumber.clock(range.leakEnd)) shows "
          + "\(ReportNumber.clock(range.filmStart))-\(ReportNumber.clock(range.filmEnd)), "
          + "\(range.usedFrames) of \(range.frames) frames used"
      )
    }
    if let set = mark.closedSet {
      lines.append(
        "  of the \(set.payloads) payloads of the list, if the true one is among them: "
          + "\(set.verdict.rawValue), log10 p \(set.log10P), margin \(set.margin)"
      )
      for candidate in set.ranking {
        lines.append(
          "    \(SafeText.of(candidate.screening)): location \(candidate.location), time "
            + "\(candidate.time), score \(candidate.score)"
        )
      }
    }
    lines.append("  \(mark.statement)")
    return lines
  }

  private static func field(_ name: String, _ field: MarkReport.Field) -> [String] {
    let head =
      "  \(name): \(field.verdict.rawValue), score \(field.score) (needs \(field.threshold)), "
      + "log10 p \(field.log10P), margin \(field.margin) (needs \(field.leastMargin)), "
      + "\(field.valuesTried) values, \(field.chips) chips"
    guard field.verdict != .none else { return [head] }
    let ranking = field.ranking.map { "\($0.value) (\($0.score))" }.joined(separator: ", ")
    return [head, "    ranking \(ranking)"]
  }
}
