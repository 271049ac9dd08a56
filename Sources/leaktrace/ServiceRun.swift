import Intake
import Logging
import Pipeline
import Settings
import SystemPackage

/// What `watch` and `batch` have in common: from options and configuration to a service that runs.
struct ServiceRun {
  let kind: UnattendedService.Kind
  let options: LibraryOptions
  let config: ConfigOptions
  let service: ServiceOptions
  let examination: ExaminationOptions
  let isolation: IsolationOptions
  /// Folders and files of the command line.
  let paths: [FilePath]
  /// How answers are printed; nil where they are not.
  let answered: UnattendedService.Answered?

  /// Most of the five seconds that a process gets to end.
  private static let graceMilliseconds = 4500

  /// Runs the service to its end.
  ///
  /// - Throws: ``PipelineError`` where it cannot be started, or cannot go on.
  func run(_ interruption: Interruption) throws -> UnattendedService.Outcome {
    let settings = try config.settings()
    let library = options.path(settings)
    interruption.allow(milliseconds: Self.graceMilliseconds)
    let stop = CancellationFlag()
    let log = try LogOutput(service.logPath(settings))
    let level =
      service.logLevel ?? Self.level(settings) ?? (log.isFile || kind == .watch ? .info : .warning)
    let logger = log.logger(service.logFormat ?? Self.format(settings) ?? .logfmt, level)
    let view = LiveView(service.progress)
    defer { view.end() }
    var hooks = UnattendedService.Hooks()
    if let answered { hooks.answered = answered }
    hooks.shown = { view.show($0) }
    if kind == .watch {
      interruption.takeHangUps()
      hooks.reloaded = {
        guard interruption.takeHangUp() else { return nil }
        try log.reopen()
        let settings = try config.settings()
        guard options.path(settings) == library else {
          throw PipelineError(
            .usage,
            code: "bad_configuration",
            "another library needs another process"
          )
        }
        return try self.plan(settings, library, stop)
      }
    }
    let unattended = UnattendedService(
      library: library,
      kind: kind,
      log: logger,
      stop: stop,
      hooks: hooks
    )
    return try unattended.run {
      try plan(settings, library, stop)
    } isStopped: {
      interruption.flag.isCancelled
    }
  }

  private func plan(
    _ settings: Settings,
    _ library: FilePath,
    _ stop: CancellationFlag
  ) throws -> ServicePlan {
    var service = service.service(paths, settings)
    service.intake.waitsForContents = kind == .watch
    // What the program writes is no leak.
    service.intake.excluded += [library, service.reports?.path].compactMap { $0 }
    guard !service.folders.isEmpty || kind == .batch else {
      throw PipelineError(
        .usage,
        code: "no_folders",
        "name a folder, or give some in the configuration"
      )
    }
    let work = try examination.work(
      in: library,
      settings,
      isolation: isolation.policy(settings)
    )
    return ServicePlan(
      settings: service,
      examiner: try RenewedLeakWork(work, flag: stop)
    )
  }

  private static func level(_ settings: Settings) -> Logger.Level? {
    settings.logLevel.flatMap { Logger.Level(rawValue: $0) }
  }

  private static func format(_ settings: Settings) -> LogFormat? {
    settings.logFormat.flatMap { LogFormat(rawValue: $0) }
  }
}
