import Dispatch
import Glibc
import Pipeline
import Synchronization

/// Turns Ctrl-C, and the signals that ask a process to end, into a wish to stop.
final class Interruption: Sendable {
  /// Set by the first signal.
  let flag = CancellationFlag()
  // Kept alive: a source that goes away hears nothing. Never used from two threads.
  private nonisolated(unsafe) var sources: [any DispatchSourceSignal] = []

  /// Longest wait for work to stop by itself, in milliseconds.
  ///
  /// What it leaves in the library's staging folder then
  /// is removed when the library is next opened for writing.
  private let graceMilliseconds = Atomic<Int>(800)
  private let readsAnew = Atomic<Bool>(false)
  private let hangUps = Atomic<Int>(0)

  /// Gives work that has more to put down the time for it.
  func allow(milliseconds: Int) { graceMilliseconds.store(milliseconds, ordering: .relaxed) }

  /// Takes a hang-up for the wish to read the settings anew, as services do, not to end.
  func takeHangUps() { readsAnew.store(true, ordering: .relaxed) }

  /// Whether somebody asked to read the settings anew since the last call.
  func takeHangUp() -> Bool { hangUps.exchange(0, ordering: .relaxed) > 0 }

  /// Starts to listen.
  init() {
    let queue = DispatchQueue(label: "leaktrace.signals")
    // Held back until somebody listens, and by all threads that are started from here on: a source
    // begins to listen some time after it was resumed, and what is ignored until then is lost.
    var held = sigset_t()
    unsafe sigemptyset(&held)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&held, number) }
    _ = unsafe pthread_sigmask(SIG_BLOCK, &held, nil)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      // A background job of a shell without job control stays deaf to Ctrl-C, one of nohup to the end
      // of its terminal.
      let before = signal(number, SIG_IGN)
      if number != SIGTERM, isIgnored(before) { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
      source.setEventHandler { [self] in
        if number == SIGHUP, readsAnew.load(ordering: .relaxed) {
          hangUps.add(1, ordering: .relaxed)
          return
        }
        flag.cancel()
        let grace = graceMilliseconds.load(ordering: .relaxed)
        queue.asyncAfter(deadline: .now() + .milliseconds(grace)) {
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
