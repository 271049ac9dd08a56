import ArgumentParser
import Casebook
import Foundation
import Pipeline
import Screenings
import Seats
import SystemPackage

/// `leaktrace seat`.
struct SeatCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "seat",
    abstract: "Estimate where in the auditorium the camera of a leak was.",
    discussion: """
      From how the film's picture lies in the leak's frame, and from the screen's size. The answer \
      is a region that holds the camera with 95 %, never a bare seat; where the leak was cropped or \
      straightened beyond telling, no place is named, with exit status 1. A crop that keeps the \
      frame's shape cannot be seen, so that the region is larger unless --whole-frame says that there \
      was none. A leak is matched first; a \
      document of match --json is used as it is. A seat map is a table with the columns row, seat, \
      x_m (to the right of the screen's middle), y_m (from the screen) and, if known, z_m.

      EXAMPLES
        leaktrace seat --screen 12x5 --throw 20 leak.mp4
        leaktrace seat --screen 12x5 --throw 20 --sag 0.3 --focal 26mm match.json
        leaktrace seat --screening s-0123456789abcdef --seat-map hall.csv --plan plan.svg leak.mp4

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var work: WorkOptions
  @OptionGroup var isolation: IsolationOptions

  @Option(
    help: ArgumentHelp("A screening of the list, whose screen it was.", valueName: "id")
  )
  var screening: TextArgument?

  @Option(help: ArgumentHelp("Width and height of the picture in metres.", valueName: "WxH"))
  var screen: TextArgument?

  @Option(
    name: .customLong("throw"),
    help: ArgumentHelp("From the projector to the screen, in metres.", valueName: "metres")
  )
  var throwDistance: Double?

  @Option(
    help: ArgumentHelp(
      "How far the middle of a curved screen lies behind its edges, in metres.",
      valueName: "metres"
    )
  )
  var sag: Double?

  @Option(
    help: ArgumentHelp(
      "Focal length: pixels of the leak's frame, or 26mm, the equivalent for 36x24 mm.",
      valueName: "length"
    )
  )
  var focal: TextArgument?

  @Flag(help: "The leak's frame is all that the camera saw: nothing was cropped.")
  var wholeFrame = false

  @Option(
    name: .customLong("seat-map"),
    help: ArgumentHelp("Table of the seats, CSV.", valueName: "file"),
    completion: .file(extensions: ["csv"])
  )
  var seatMap: PathArgument?

  @Option(
    help: ArgumentHelp("Write a plan of the auditorium, SVG.", valueName: "file"),
    completion: .file(extensions: ["svg"])
  )
  var plan: PathArgument?

  @Argument(help: ArgumentHelp("A leak, or a document of match --json.", valueName: "file"))
  var file: PathArgument

  func validate() throws {
    guard (screening == nil) != (screen == nil) else {
      throw ValidationError("Name the screen: either --screening or --screen.")
    }
    if let screen, Self.lengths(screen.text) == nil {
      throw ValidationError("--screen must be a width and a height in metres, as in 12x5.")
    }
    if let focal, FocalLength(focal.text) == nil {
      throw ValidationError("--focal must be a length, as in 1800 or 26mm.")
    }
  }

  private static func lengths(_ text: String) -> (width: Double, height: Double)? {
    let parts = text.lowercased().split(separator: "x").map { Double($0) }
    guard parts.count == 2, let width = parts[0], let height = parts[1] else { return nil }
    return (width, height)
  }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let (screen, listedMap) = try auditorium()
    let map = try seatMap.map { try Self.map($0.path) } ?? Self.listed(listedMap)
    let report = try match(interruption)
    let store = try? ReferenceStore(at: options.path, forWriting: false)
    let answer = SeatWork.answer(
      for: report,
      screen: screen,
      in: store,
      focal: focal.flatMap { FocalLength($0.text) },
      isWholeFrame: wholeFrame
    )
    let seat = SeatReport(
      answer,
      of: report,
      screen: screen,
      map: map,
      screeningID: screening?.text,
      isWholeFrame: wholeFrame
    )
    if let plan {
      let document = SeatPlan.svg(answer, screen: screen, map: map, caption: report.leak.path)
      try OutputFile.write(Array(document.utf8), to: plan.path)
    }
    if options.json {
      Console.shared.print(try JSONDocument.line(seat))
    } else {
      SeatText.lines(seat).forEach { Console.shared.print($0) }
    }
    return seat.status == .placed ? .success : .noMatch
  }

  /// The screen, and the name of its seat map where a list has one.
  private func auditorium() throws -> (AuditoriumScreen, String?) {
    var (width, height) = screen.flatMap { Self.lengths($0.text) } ?? (0, 0)
    var (sag, throwDistance) = (self.sag, self.throwDistance)
    var listed: String?
    if let screening {
      let entry = try ScreeningStore(at: options.path, forWriting: false).entry(screening.text)
      guard case .screening(let found) = entry else {
        throw PipelineError(.usage, code: "no_screening", "\"\(screening.text)\" is no screening")
      }
      let known = found.screening.place.screen
      guard let w = known.width, let h = known.height else {
        throw PipelineError(
          .usage,
          code: "no_screen",
          "the list does not say how large the screen of \"\(screening.text)\" is; use --screen"
        )
      }
      (width, height, listed) = (w, h, known.seatMap)
      (sag, throwDistance) = (sag ?? known.sag, throwDistance ?? known.throwDistance)
    }
    guard
      let made = AuditoriumScreen(
        width: width,
        height: height,
        sag: sag ?? 0,
        throwDistance: throwDistance
      )
    else {
      throw PipelineError(.usage, code: "no_screen", "a cinema's screen has other measures")
    }
    return (made, listed)
  }

  /// The seat map that a list names, where its file is at hand.
  private static func listed(_ name: String?) throws -> SeatMap? {
    guard let name, FileManager.default.fileExists(atPath: name) else { return nil }
    return try map(FilePath(name))
  }

  private static func map(_ path: FilePath) throws -> SeatMap {
    let bytes = try SeatFile.read(path, limit: mostMapBytes)
    do {
      return try SeatMap(csv: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw PipelineError(
        .input,
        code: "bad_seat_map",
        "\(SafeText.of(path)): line \(error.line): \(error.message)"
      )
    }
  }

  /// What matching says of the leak.
  private func match(_ interruption: Interruption) throws -> MatchReport {
    if let report = Self.document(file.path) { return report }
    let store = try ReferenceStore(at: options.path, forWriting: false)
    let (flag, policy) = (interruption.flag, isolation.policy())
    let meter = ProgressMeter("matching", count: 1, style: work.progress)
    defer { meter.end() }
    let result = try MatchCommand.examine(file.path) {
      try LeakMatcher(store, threads: work.threads, isolation: policy, flag: flag)
    } progress: {
      meter.update(0, $0)
    }
    return result.report
  }

  /// The report in a file of one, or the first of several, lines.
  private static func document(_ path: FilePath) -> MatchReport? {
    guard let bytes = try? SeatFile.read(path, limit: mostDocumentBytes),
      bytes.first(where: { !($0 == 32 || (9...13).contains($0)) }) == UInt8(ascii: "{"),
      let line = bytes.split(separator: 10).first
    else { return nil }
    let decoder = JSONDecoder()
    let whole = try? decoder.decode(MatchReport.self, from: Data(bytes))
    return whole ?? (try? decoder.decode(MatchReport.self, from: Data(line)))
  }

  private static let mostMapBytes = 16 << 20
  private static let mostDocumentBytes = 64 << 20
}

/// The answer as people read it.
enum SeatText {
  static func lines(_ report: SeatReport) -> [String] {
    let name = Console.bold(SafeText.of(report.leak))
    guard let ellipse = report.ellipse, let position = report.position, position.count == 3 else {
      return ["\(name): no place: \(words(report.refusal))"]
    }
    let side = position[0] < 0 ? "left" : "right"
    var lines = [
      "\(name): \(metres(ellipse.y)) from the screen, \(metres(abs(ellipse.x))) to the \(side)",
      "  region       95 % within an ellipse of \(metres(ellipse.major)) by "
        + "\(metres(ellipse.minor)), its longer axis at \(Int(ellipse.angle.rounded()))°",
      "  height       \(metres(abs(position[1]))) \(position[1] < 0 ? "below" : "above") the "
        + "screen's middle",
      String(
        format: "  camera       focal length %.2f widths of the frame (±%.2f), %.1f° oblique",
        report.focalWidths ?? 0,
        report.focalError ?? 0,
        report.obliqueness ?? 0
      ),
    ]
    if let seats = report.seats {
      lines += seats.rows.map { row in
        String(
          format: "  row %@  seats %@ to %@ (%.0f %%)",
          SafeText.of(row.row),
          SafeText.of(row.from),
          SafeText.of(row.to),
          row.share * 100
        )
      }
    }
    return lines
  }

  private static func metres(_ value: Double) -> String { String(format: "%.2f m", value) }

  private static func words(_ refusal: String?) -> String {
    switch refusal.flatMap(SeatRefusal.init) {
    case .noGeometry: "no camera's view of the screen is known"
    case .cropped: "the frame was cropped"
    case .deskewed: "the picture was straightened, or seen straight from the front"
    case .inconsistent: "the leak was cropped or straightened: no camera sees the screen so"
    case .impossible: "what fits lies outside of the auditorium"
    case .undetermined: "the region would be too large to be of use"
    case nil: "cannot be told"
    }
  }
}
