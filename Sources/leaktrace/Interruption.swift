import Dispatch
import Glibc
import Pipeline

/// Turns Ctrl-C, and the signals that ask a process to end, into a wish to stop.
final class Interruption: Sendable {
  /// Set by the first signal.
  let flag = CancellationFlag()
  // Kept alive: a source that goes away hears nothing. Never used from two threads.
  private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

  /// Longest wait for work to stop by itself.
  ///
  /// What it leaves in the library's staging folder then
  /// is removed when the library is next opened for writing.
  private static let graceMilliseconds = 800

  /// Starts to listen.
  init() {
    let queue = DispatchQueue(label: "leaktrace.signals")
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // A background job of a shell without job control must stay deaf to Ctrl-C.
      let before = signal(number, SIG_IGN)
      if number == SIGHUP, isIgnored(before) { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [flag] in
        flag.cancel()
        queue.asyncAfter(deadline: .now() + .milliseconds(Self.graceMilliseconds)) {
          Console.shared.showProgress("")
          _exit(ExitStatus.cancelled.rawValue)
        }
      }
      source.resume()
      unsafe sources.append(source)
    }
  }
}

/// Whether a signal's handler is the one that ignores it.
private func isIgnored(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
  let ignoring = unsafe unsafeBitCast(SIG_IGN, to: Int.self)
  return unsafe unsafeBitCast(handler, to: Int.self) == ignoring
}
