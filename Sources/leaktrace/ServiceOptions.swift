import ArgumentParser
import Foundation
import Intake
import Isolation
import Logging
import Marks
import Pipeline
import Settings
import SystemPackage

/// Where the configuration file is.
struct ConfigOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Configuration file, TOML; what the command line says wins.",
      discussion: """
        Else $XDG_CONFIG_HOME/leaktrace/config.toml, else ~/.config/leaktrace/config.toml, \
        where there is one.
        """,
      valueName: "file"
    ),
    completion: .file()
  )
  var config: PathArgument?

  private static let mostBytes = 1 << 20

  /// The settings of the file; none where there is no file and nobody named one.
  func settings() throws -> Settings {
    let path = config?.path ?? Self.defaultPath(ProcessInfo.processInfo.environment)
    let bytes: [UInt8]
    do throws(PipelineError) {
      bytes = try InputFile.read(path, limit: Self.mostBytes)
    } catch {
      if config == nil, error.code == "not_found" { return Settings() }
      throw Self.failure(path, error.message)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Self.failure(path, "it is not UTF-8")
    }
    do {
      return try Settings(toml: text)
    } catch {
      throw PipelineError(
        .usage,
        code: "bad_configuration",
        "\(SafeText.of(path)):\(error.line): \(error.message)"
      )
    }
  }

  private static func failure(_ path: FilePath, _ message: String) -> PipelineError {
    PipelineError(.usage, code: "bad_configuration", "\(SafeText.of(path)): \(message)")
  }

  private static func defaultPath(_ environment: [String: String]) -> FilePath {
    // The XDG specification: a relative path is to be ignored.
    if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") {
      return FilePath(folder).appending("leaktrace/config.toml")
    }
    let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? NSHomeDirectory()
    return FilePath(home).appending(".config/leaktrace/config.toml")
  }
}

extension LibraryOptions {
  /// The library's folder: the command line's, the configuration's, or the usual one.
  func path(_ settings: Settings) -> FilePath {
    library?.path ?? settings.library.map { FilePath($0) } ?? path
  }
}

/// What leaks go through where nobody watches; what is not given comes from the configuration.
struct ExaminationOptions: ParsableArguments {
  @Flag(inversion: .prefixedNo, help: "Look for ads (default: yes).")
  var ads: Bool?

  @OptionGroup var effort: EffortOptions

  @Flag(inversion: .prefixedNo, help: "Say what was tried in each answer.")
  var explain: Bool?

  @Flag(inversion: .prefixedNo, help: "Rank the screenings of the film (default: yes).")
  var attribution: Bool?

  @Option(
    help: ArgumentHelp("Folder for pictures of the ads, PNG; it is created.", valueName: "folder"),
    completion: .directory
  )
  var pictures: PathArgument?

  @OptionGroup var mark: MarkKeyOptions

  @Option(help: ArgumentHelp("Bits of the mark's location, 1 to 24.", valueName: "bits"))
  var locationBits: Int?

  @Option(help: ArgumentHelp("Bits of the mark's time, 1 to 24.", valueName: "bits"))
  var timeBits: Int?

  @Option(help: ArgumentHelp("Threads of each decoder.", valueName: "number"))
  var threads: Int?

  func validate() throws {
    if let complaint = complaint(about: effort.effort) { throw ValidationError(complaint) }
    try Bound.check("--location-bits", locationBits, Settings.Bounds.bits)
    try Bound.check("--time-bits", timeBits, Settings.Bounds.bits)
    try Bound.check("--threads", threads, Settings.Bounds.threads)
  }

  private func complaint(about effort: Effort?) -> String? {
    EffortOptions.complaint(
      effort,
      looksForAds: ads == true || pictures != nil,
      readsMarks: mark.markKey != nil
    )
  }

  /// What leaks go through.
  func work(
    in library: FilePath,
    _ settings: Settings,
    isolation: IsolationPolicy
  ) throws -> LeakWork.Options {
    var work = LeakWork.Options(library: library)
    work.isolation = isolation
    work.threads = threads ?? settings.threads ?? 1
    work.effort = effort.effort ?? settings.effort.flatMap { Effort(rawValue: $0) } ?? .standard
    // The configuration may be quick, too.
    if let complaint = complaint(about: work.effort) {
      throw PipelineError(.usage, code: "quick", complaint)
    }
    work.explains = explain ?? settings.explain ?? false
    work.looksForAds = ads ?? settings.ads ?? true
    work.attributes = attribution ?? settings.attribution ?? true
    work.pictures = pictures?.path ?? settings.pictures.map { FilePath($0) }
    work.isRecordedLater = true
    if let key = mark.markKey?.path ?? settings.markKey.map({ FilePath($0) }),
      let asset = mark.markAsset?.text ?? settings.markAsset
    {
      var mark = MarkRequest.Mark(key: try MarkKeyFile.load(key), asset: asset)
      let usual = mark.settings.layout
      mark.settings.layout = MarkLayout(
        locationBits: locationBits ?? settings.locationBits ?? usual.locationBits,
        timeBits: timeBits ?? settings.timeBits ?? usual.timeBits
      )
      var request = MarkRequest()
      request.marks = [mark]
      request.needsRelease = false
      work.marks = request
    }
    return work
  }
}

/// How leaks are taken and worked on; what is not given comes from the configuration.
struct ServiceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Leaks at a time; by default as many as processors.", valueName: "number")
  )
  var workers: Int?

  @Option(
    help: ArgumentHelp(
      "Seconds that a file must be left alone before it is taken (default: 10).",
      valueName: "seconds"
    )
  )
  var quiet: Double?

  @Option(
    help: ArgumentHelp(
      "Seconds between two looks at everything (default: 300).",
      valueName: "seconds"
    )
  )
  var rescan: Double?

  @Option(
    help: ArgumentHelp(
      "The same where the kernel does not tell of changes, as on NFS and SMB (default: 30).",
      valueName: "seconds"
    )
  )
  var poll: Double?

  @Flag(inversion: .prefixedNo, help: "Do not ask the kernel at all; look again and again.")
  var alwaysPoll: Bool?

  @Option(
    help: ArgumentHelp(
      "Priority of what is found in the folders that are named; higher ones come first.",
      valueName: "number"
    )
  )
  var priority: Int?

  @Option(
    help: ArgumentHelp(
      "Attempts before a leak is set aside (default: 3).",
      valueName: "number"
    )
  )
  var attempts: Int?

  @Option(
    help: ArgumentHelp(
      "Seconds before the second attempt (default: 30); they double with each.",
      valueName: "seconds"
    )
  )
  var backOff: Int?

  @Option(
    help: ArgumentHelp(
      "Seconds without a sign after which a process elsewhere is taken for dead (default: 120).",
      valueName: "seconds"
    )
  )
  var lease: Int?

  @Option(
    help: ArgumentHelp(
      "Folder for the answers, a JSON document for each leak, named by its SHA-256.",
      valueName: "folder"
    ),
    completion: .directory
  )
  var reports: PathArgument?

  @Option(
    help: ArgumentHelp(
      "Folder that leaks are moved to when they are done; by default they stay where they are.",
      valueName: "folder"
    ),
    completion: .directory
  )
  var moveDone: PathArgument?

  @Option(
    help: ArgumentHelp(
      "File with figures for Prometheus' collector of text files.",
      valueName: "file"
    ),
    completion: .file()
  )
  var metrics: PathArgument?

  @Option(
    help: ArgumentHelp("File of the log; by default standard error.", valueName: "file"),
    completion: .file()
  )
  var log: PathArgument?

  @Option(help: ArgumentHelp("Lines of the log: logfmt or json.", valueName: "format"))
  var logFormat: LogFormat?

  @Option(
    help: ArgumentHelp(
      "Least level of the log: trace, debug, info, notice, warning, error or critical.",
      valueName: "level"
    )
  )
  var logLevel: Logger.Level?

  @Option(
    help: ArgumentHelp(
      "Progress on standard error: auto (a table on a terminal, else lines), table, lines or none.",
      valueName: "style"
    )
  )
  var progress = LiveStyle.auto

  func validate() throws {
    try Bound.check("--workers", workers, Settings.Bounds.threads)
    try Bound.check("--quiet", quiet, Settings.Bounds.seconds)
    try Bound.check("--rescan", rescan, Settings.Bounds.interval)
    try Bound.check("--poll", poll, Settings.Bounds.interval)
    try Bound.check("--priority", priority, Settings.Bounds.priority)
    try Bound.check("--attempts", attempts, Settings.Bounds.attempts)
    try Bound.check("--back-off", backOff, Settings.Bounds.backOff)
    try Bound.check("--lease", lease, Settings.Bounds.lease)
  }

  /// How leaks are taken from folders, those of the command line or else those of the configuration.
  func service(_ paths: [FilePath], _ settings: Settings) -> ServiceSettings {
    var intake = FolderWatch.Options(names: LeakNames(extensions: InputCollector.videoExtensions))
    intake.quietSeconds = quiet ?? settings.quiet ?? intake.quietSeconds
    intake.rescanSeconds = rescan ?? settings.rescan ?? intake.rescanSeconds
    intake.pollSeconds = poll ?? settings.poll ?? intake.pollSeconds
    intake.alwaysPolls = alwaysPoll ?? settings.alwaysPoll ?? false
    let configured = settings.folders.map {
      ServiceSettings.Folder(path: FilePath($0.path), priority: priority ?? $0.priority ?? 0)
    }
    let named = paths.map {
      ServiceSettings.Folder(path: Self.absolute($0), priority: priority ?? 0)
    }
    var service = ServiceSettings(folders: named.isEmpty ? configured : named, intake: intake)
    service.workers = workers ?? settings.workers ?? ProcessInfo.processInfo.activeProcessorCount
    service.attempts = attempts ?? settings.attempts ?? service.attempts
    service.backOffSeconds = Int64(backOff ?? settings.backOff ?? Int(service.backOffSeconds))
    service.leaseSeconds = Double(lease ?? settings.lease ?? Int(service.leaseSeconds))
    service.reports = path(reports, settings.reports).map(ReportFolder.init)
    service.done = path(moveDone, settings.moveDone).map(DoneFolder.init)
    service.metrics = path(metrics, settings.metrics).map(MetricsFile.init)
    return service
  }

  /// The file of the log; nil for standard error.
  func logPath(_ settings: Settings) -> FilePath? { path(log, settings.log) }

  private func path(_ option: PathArgument?, _ setting: String?) -> FilePath? {
    option.map { Self.absolute($0.path) } ?? setting.map { FilePath($0) }
  }

  /// The path from the root on: the queue is read by programs that were started elsewhere.
  static func absolute(_ path: FilePath) -> FilePath {
    guard path.isRelative else { return path.lexicallyNormalized() }
    let here = FilePath(FileManager.default.currentDirectoryPath)
    return here.pushing(path).lexicallyNormalized()
  }
}

/// Bounds of numbers on the command line.
enum Bound {
  static func check<Number: Comparable>(
    _ name: String,
    _ value: Number?,
    _ bounds: ClosedRange<Number>
  ) throws {
    guard let value, !bounds.contains(value) else { return }
    throw ValidationError(
      "\(name) must be between \(bounds.lowerBound) and \(bounds.upperBound)."
    )
  }
}
