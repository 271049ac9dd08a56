import Foundation
import Glibc
import Pipeline
import Synchronization
import SystemPackage

/// Standard output and standard error, shared by all threads.
///
/// Results go to standard output, all else to standard error. A progress line on the terminal is
/// wiped before anything else is written there.
final class Console: Sendable {
  static let shared = Console()

  private struct State {
    /// Lines of progress that the terminal shows at its end.
    var lines: [String] = []
    /// Why a result could not be written, the first time.
    var outputFailure: Errno?
  }

  private let state = Mutex(State())

  /// Writes a line of the result.
  ///
  /// A reader that has gone away ends the process, as it does for all
  /// programs that write into a pipe.
  func print(_ text: String) {
    state.withLock { state in
      Self.wipe(&state)
      let failure = Self.write(text + "\n", to: .standardOutput)
      state.outputFailure = state.outputFailure ?? failure
    }
  }

  /// Writes `leaktrace: NAME: cause` to standard error.
  func complain(about path: FilePath, _ cause: PipelineError) {
    complain("\(SafeText.of(path)): \(cause.message)")
  }

  /// Writes `leaktrace: text` to standard error.
  func complain(_ text: String) {
    state.withLock { state in
      Self.wipe(&state)
      Self.write("leaktrace: \(SafeText.of(text))\n", to: .standardError)
    }
  }

  /// Writes a whole line to standard error, without a prefix.
  func note(_ text: String) {
    state.withLock { state in
      Self.wipe(&state)
      Self.write(text + "\n", to: .standardError)
    }
  }

  /// Shows a line of progress in place of the last one; an empty line wipes it.
  func showProgress(_ line: String) { showProgress(lines: line.isEmpty ? [] : [line]) }

  /// Shows lines of progress in place of the last ones; none wipe them.
  ///
  /// No line may be wider than the terminal, or it would take two.
  func showProgress(lines: [String]) {
    state.withLock { state in
      guard lines != state.lines else { return }
      let before = Self.wiping(state.lines.count)
      state.lines = lines
      Self.write(before + lines.joined(separator: "\r\n"), to: .standardError)
    }
  }

  private static func wipe(_ state: inout State) {
    guard !state.lines.isEmpty else { return }
    write(wiping(state.lines.count), to: .standardError)
    state.lines = []
  }

  /// Goes to the first of some lines and clears the screen from there.
  private static func wiping(_ count: Int) -> String {
    (count > 1 ? "\u{1B}[\(count - 1)A" : "") + "\r\u{1B}[" + (count > 1 ? "J" : "K")
  }

  /// Why a line of the result could not be written; nil where all were.
  var outputFailure: Errno? { state.withLock(\.outputFailure) }

  /// Writes the text; where that fails on standard error, nothing is left to tell anyone.
  @discardableResult
  private static func write(_ text: String, to file: FileDescriptor) -> Errno? {
    do {
      try file.writeAll(text.utf8)
      return nil
    } catch {
      return error as? Errno ?? .ioError
    }
  }

  /// Fills the places of standard streams that the caller has closed.
  ///
  /// Else the next file that is opened, of the library perhaps, would take the place of standard
  /// output, and the results would be written into it.
  static func occupyStandardStreams() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(stream, F_GETFD) == -1 {
      // The lowest free number is taken. What nobody can read must fail to be written.
      let access = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY
      _ = unsafe open("/dev/null", access)
    }
  }

  /// Whether standard error is a terminal that understands control sequences.
  static var errorIsTerminal: Bool {
    isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Whether standard output may be coloured: on a terminal, unless `NO_COLOR` is set.
  static let mayColour: Bool = {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && environment["TERM"] != "dumb"
      && (environment["NO_COLOR"] ?? "").isEmpty
  }()

  /// `text` in bold where colours are allowed.
  static func bold(_ text: String) -> String { mayColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  /// `text` in green where colours are allowed.
  static func green(_ text: String) -> String { mayColour ? "\u{1B}[32m\(text)\u{1B}[0m" : text }

  /// `text` in red where colours are allowed.
  static func red(_ text: String) -> String { mayColour ? "\u{1B}[31m\(text)\u{1B}[0m" : text }

  /// Width of the terminal on standard error in columns.
  static var columns: Int {
    var size = winsize()
    let status = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
  }
}
