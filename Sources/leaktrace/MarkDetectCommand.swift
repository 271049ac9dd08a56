import ArgumentParser
import Casebook
import Marks
import Pipeline
import SystemPackage

/// `leaktrace mark detect`.
struct MarkDetectCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "detect",
    abstract: "Read the mark in leaks, or tell which of two masters they show.",
    discussion: """
      The library's release, unmarked, says what the picture is without a mark; times and geometry \
      are those of `leaktrace match`. Where the library has no such release, --blind reads without \
      it, much less surely. All values of both fields are tried. A payload is claimed where the \
      bound on a false claim is met and the value leads by a margin; else the answer is \
      "inconclusive", with its ranking, or "none": the key may be another one, the asset may be \
      another one, or there is no mark. A mark names a screening, never a person.

      --screenings ranks only the screenings of the list; what it says holds only if the true one \
      is among them. --variants needs no key: it tells for each ten seconds which master was shown.

      EXAMPLES
        leaktrace mark detect --key lab.key --asset FILM leak.mp4
        leaktrace mark detect --key lab.key --asset FILM --json incoming/ > marks.jsonl
        leaktrace mark detect --key lab.key --asset FILM --screenings leak.mp4
        leaktrace mark detect --key lab.key --asset FILM --blind --start 600 rip.mp4
        leaktrace mark detect --variants a.mov b.mov leak.mp4

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var isolation: IsolationOptions

  @Option(
    help: ArgumentHelp(
      "Key file, of `leaktrace mark key create`; may be repeated.",
      valueName: "file"
    )
  )
  var key: [PathArgument] = []

  @Option(help: ArgumentHelp("Name that was given when the film was marked.", valueName: "name"))
  var asset: TextArgument?

  @OptionGroup var fields: MarkFieldOptions

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Two masters, then the leak: tell which of them each ten seconds show.",
      valueName: "A B"
    )
  )
  var variants: [PathArgument] = []

  @Option(
    help: ArgumentHelp(
      "Release of the library that the leaks show; else the best.",
      valueName: "id"
    )
  )
  var release: TextArgument?

  @Flag(help: "Rank the screenings of the list, too.")
  var screenings = false

  @Flag(help: "Read without the library's release where there is none, or as if there were none.")
  var blind = false

  @Option(
    help: ArgumentHelp(
      "With --blind: second of the film at the leak's start.",
      valueName: "seconds"
    )
  )
  var start = 0.0

  @Option(
    help: ArgumentHelp("With --blind: how far --start may be off, up to 60.", valueName: "seconds")
  )
  var tolerance = 1.0

  @Option(
    help: ArgumentHelp("With --blind: seconds of film for each of the leak.", valueName: "number")
  )
  var rate = 1.0

  @Option(
    help: ArgumentHelp(
      "With --blind: the picture's corners, clockwise from the upper left.",
      discussion: "As x,y,x,y,x,y,x,y in fractions of the frame; else the whole frame.",
      valueName: "numbers"
    )
  )
  var corners: String?

  @Option(
    help: ArgumentHelp(
      "Greatest logarithm (base 10) of the probability of a false claim.",
      valueName: "number"
    )
  )
  var claimBound = -6.0

  @Option(
    help: ArgumentHelp("Values that a ranking shows, 2 to 1000.", valueName: "number")
  )
  var ranked = 5

  @Option(help: ArgumentHelp("Threads of each decoder.", valueName: "number"))
  var threads = 1

  @Option(
    help: ArgumentHelp(
      "Progress on standard error: auto (a bar on a terminal), bar, jsonl or none.",
      valueName: "style"
    )
  )
  var progress = ProgressStyle.auto

  @Argument(help: ArgumentHelp("Leaks, and folders of leaks.", valueName: "file"))
  var files: [PathArgument] = []

  /// Masters and leaks: `--variants A B leak` gives all that follows to the option.
  private var masters: [PathArgument] { Array(variants.prefix(2)) }
  private var leaks: [PathArgument] { Array(variants.dropFirst(2)) + files }

  func validate() throws {
    try fields.validate()
    try MarkAsset.validate(asset)
    guard !leaks.isEmpty else { throw ValidationError("Name at least one leak.") }
    guard variants.isEmpty || variants.count >= 2 else {
      throw ValidationError("--variants takes two masters.")
    }
    guard key.isEmpty == (asset == nil) else {
      throw ValidationError("--key and --asset belong together.")
    }
    guard !key.isEmpty || !variants.isEmpty else {
      throw ValidationError("A mark needs --key and --asset; --variants tells masters apart.")
    }
    guard (0...60).contains(tolerance), (0.5...2).contains(rate), (0...1e6).contains(start) else {
      throw ValidationError("--tolerance goes up to 60, --rate from 0.5 to 2, --start from 0 on.")
    }
    guard (-100 ... -1).contains(claimBound) else {
      throw ValidationError("--claim-bound must be between -100 and -1.")
    }
    guard (2...1000).contains(ranked) else {
      throw ValidationError("--ranked must be between 2 and 1000.")
    }
    guard (1...64).contains(threads) else {
      throw ValidationError("--threads must be between 1 and 64.")
    }
    _ = try picture()
  }

  private func picture() throws -> [SIMD2<Double>]? {
    guard let corners else { return nil }
    let numbers = corners.split(separator: ",").compactMap { Double($0) }
    guard numbers.count == 8, numbers.allSatisfy({ (-2...3).contains($0) }) else {
      throw ValidationError("--corners takes eight numbers, fractions of the frame.")
    }
    return (0..<4).map { SIMD2(numbers[2 * $0], numbers[2 * $0 + 1]) }
  }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let request = try request()
    let store = try Self.store(at: options.path, isOptional: blind)
    if let release { request.releaseID = try store?.record(release.text).releaseID }
    let asked = request.finished
    let attributor = store == nil ? nil : try ScreeningAttributor(at: options.path)
    let inputs = InputCollector.expand(leaks.map(\.path))
    let meter = ProgressMeter("reading marks", count: inputs.count, style: progress)
    var hasClaim = false
    var worst: PipelineError.Kind?
    for (index, input) in inputs.enumerated() {
      do {
        try interruption.flag.check()
        if let error = input.error { throw error }
        let result = try MatchCommand.examine(input.path) {
          try LeakMatcher(
            store,
            marks: asked,
            threads: threads,
            isolation: isolation.policy(),
            flag: interruption.flag
          )
        } progress: {
          meter.update(index, $0)
        }
        var report = MarkDetectReport(result)
        if let sha256 = report.leak.sha256 {
          report.vendorMarks = try attributor?.vendorMarks(
            of: sha256,
            beside: report.marks ?? []
          )
        }
        if report.status == .claimed { hasClaim = true }
        if let complaint = result.complaint {
          Console.shared.complain(about: input.path, complaint)
          worst = worst ?? complaint.kind
        }
        try show(report, input.path)
      } catch {
        let cause = PipelineError(error)
        guard cause.kind != .cancelled else { return .cancelled }
        Console.shared.complain(about: input.path, cause)
        if worst == nil || worst == .input { worst = cause.kind }
        if options.json { try show(MarkDetectReport(path: input.path, error: cause), input.path) }
      }
      meter.finish(index)
    }
    meter.end()
    if let worst { return ExitStatus(worst) }
    return hasClaim ? .success : .noMatch
  }

  private func show(_ report: MarkDetectReport, _ path: FilePath) throws {
    if options.json {
      Console.shared.print(try JSONDocument.line(report))
    } else {
      MarkText.lines(path, report).forEach(Console.shared.print)
    }
  }

  private final class Asked {
    var finished = MarkRequest()
    var releaseID: String? {
      get { finished.releaseID }
      set { finished.releaseID = newValue }
    }
  }

  private func request() throws -> Asked {
    let asked = Asked()
    for key in key {
      let name = asset?.text ?? ""
      var mark = MarkRequest.Mark(key: try MarkKeyFile.load(key.path), asset: name)
      mark.settings.layout = fields.layout
      mark.settings.claimLog10 = claimBound
      mark.settings.noteLog10 = max(claimBound, mark.settings.noteLog10)
      mark.settings.ranked = ranked
      if screenings {
        let library = options.path
        mark.candidates = { try MarkCandidates.screenings(of: $0, library: library) }
      }
      asked.finished.marks.append(mark)
    }
    if masters.count == 2 { asked.finished.variants = (masters[0].path, masters[1].path) }
    if blind {
      var guess = MarkRequest.Blind()
      if let corners = try picture() { guess.corners = corners }
      (guess.start, guess.tolerance, guess.rate) = (start, tolerance, rate)
      asked.finished.blind = guess
      asked.finished.isBlind = true
    }
    return asked
  }

  /// The library; where it may be missing, nil in its place.
  private static func store(at path: FilePath, isOptional: Bool) throws -> ReferenceStore? {
    do throws(PipelineError) {
      return try ReferenceStore(at: path, forWriting: false)
    } catch {
      guard isOptional, error.code == "library_not_found" else { throw error }
      return nil
    }
  }
}
