import ArgumentParser
import Foundation
import Pipeline

/// `leaktrace capture camera`.
struct CaptureCameraCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "camera",
    abstract: "Tell whether leaks of different films were recorded with one camera.",
    discussion: """
      By the pattern that a sensor leaves in every frame (PRNU). It lives in single pixels: only \
      frames that were stored as the camera saw them carry it, 1280 pixels wide or more and at a \
      fair bit rate. Where a leak's first half and its second do not show one pattern, the answer is \
      "not enough". Give leaks of different films: what one film's own picture has in common is no \
      camera, and leaks that the library knows to show one film are not compared. That two cameras \
      differ is never said, since a crop hides what they share. No pair of one camera is a normal \
      answer, with exit status 1.

      EXAMPLES
        leaktrace capture camera first.mkv second.mkv
        leaktrace capture camera --json incoming/*.mp4

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var isolation: IsolationOptions

  @Argument(help: ArgumentHelp("Leaks of different films.", valueName: "file"))
  var files: [PathArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let flag = interruption.flag
    let reader = CameraReader(
      threads: work.threads,
      isolation: isolation.policy(),
      flag: flag
    )
    let meter = ProgressMeter("measuring", count: files.count, style: work.progress)
    var traces: [CameraTrace] = []
    var failure: PipelineError?
    // One after the other: a pattern takes memory while it is measured.
    for (index, file) in files.enumerated() {
      do throws(PipelineError) {
        traces.append(try reader.read(file.path) { meter.update(index, $0) })
      } catch {
        if error.kind == .cancelled || error.kind == .notIsolated { throw error }
        Console.shared.complain(about: file.path, error)
        failure = failure ?? error
      }
      meter.finish(index)
    }
    meter.end()
    let report = try CamerasReport(traces, library: options.path, flag: flag)
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
    } else {
      CameraText.lines(report).forEach { Console.shared.print($0) }
    }
    if let failure { return ExitStatus(failure.kind) }
    return report.pairs.contains { $0.verdict == .same } ? .success : .noMatch
  }
}

/// Cameras as people read them.
enum CameraText {
  static func lines(_ report: CamerasReport) -> [String] {
    let leaks = report.leaks.map { leak in
      let size = "\(leak.width)x\(leak.height)"
      let found =
        switch leak.reason {
        case nil: "shows a sensor"
        case .smallFrames: "not enough: frames of \(size) are smaller than a camera's"
        case .fewFrames: "not enough: it has too few frames"
        case .noPattern: "not enough: no pattern repeats"
        }
      let numbers = leak.repetition.map { ", \(words($0)) between its halves" } ?? ""
      return "leak         \(leak.path)  \(leak.frames) frames of \(size), \(found)\(numbers)"
    }
    let pairs = report.pairs.map { pair in
      let verdict =
        switch pair.verdict {
        case .same: "same      "
        case .notShown: "not shown "
        case .notEnough: "not enough"
        case .sameFilm: "same film "
        }
      let names = "\(pair.leak.prefix(12)) - \(pair.other.prefix(12))"
      return "\(verdict)   \(names)" + (pair.evidence.map { "  \(words($0))" } ?? "")
    }
    return leaks + pairs
  }

  private static func words(_ report: SensorReport) -> String {
    String(format: "score %.1f, elsewhere at most %.1f", report.score, report.background)
      + (report.isMirrored ? ", mirrored" : "")
  }
}
