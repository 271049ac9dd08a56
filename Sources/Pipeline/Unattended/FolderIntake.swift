import Casebook
import Intake
import Logging
import SystemPackage

/// Looks at the folders: the thread that finds what is complete.
struct FolderIntake {
  private let state: ServiceState
  private static let waitSeconds = 0.5

  init(_ state: ServiceState) { self.state = state }

  /// Watches until the service is over; new settings begin a new watch.
  func run() {
    while !state.isOver {
      let (plan, generation) = state.plan
      let settings = plan.settings
      var options = settings.intake
      // What was moved away is not found again.
      if let done = settings.done { options.excluded.append(done.path) }
      let watch = FolderWatch(settings.folders.map(\.path), options)
      while !state.isOver, state.plan.generation == generation {
        state.takeReconsidered().forEach(watch.reconsider)
        handle(watch.next(within: Self.waitSeconds), settings)
        state.setSettled(watch.isSettled)
      }
    }
  }

  private func handle(_ findings: [IntakeFinding], _ settings: ServiceSettings) {
    var arrivals: [ServiceState.Arrival] = []
    for finding in findings {
      switch finding {
      case .complete(let found):
        let priority = settings.folders.first { $0.path == found.root }?.priority ?? 0
        arrivals.append(.init(found: found, priority: priority))
      case .unreadable(let path, let number):
        unread(path, "not_readable", "cannot look at it (\(number))")
      case .notFile(let path): unread(path, "not_regular_file", "not a regular file")
      case .refusedLink(let path):
        unread(path, "refused_link", "a symbolic link out of the watched folders, or to no file")
      case .lostRoot(let path, let number):
        state.miss(path)
        state.log.error(
          "folder.lost",
          metadata: ["path": .string(SafeText.of(path)), "cause": .string("\(number)")]
        )
      case .foundRoot(let path):
        state.found(path)
        state.log.notice("folder.found", metadata: ["path": .string(SafeText.of(path))])
      case .polled(let path, let reason):
        state.log.notice(
          "folder.polled",
          metadata: ["path": .string(SafeText.of(path)), "cause": .string(reason)]
        )
      }
    }
    state.arrive(arrivals)
  }

  private func unread(_ path: FilePath, _ code: String, _ message: String) {
    do throws(PipelineError) {
      try LeakRegistrar(state).note(unread: path, PipelineError(.input, code: code, message))
    } catch {
      if error.kind != .cancelled { state.fail(error) }
    }
  }
}
