import ArgumentParser
import Pipeline

/// The exit codes; `docs/cli.md` and the help of every command list them.
enum ExitStatus: Int32 {
  /// Matched, or done.
  case success = 0
  /// No leak matched; `verify` never gives it.
  case noMatch = 1
  /// The command line makes no sense, or names a release, a brand or a screening that is
  /// not there.
  case usage = 2
  /// Some inputs could not be read, or not to their end; the others were dealt with.
  case unreadableInput = 3
  /// Results could not be written, to standard output or to a file.
  case outputLost = 4
  /// The sandbox that leaks are parsed in is missing, or incomplete where all of it was asked for.
  case notIsolated = 5
  /// The library is damaged, or cannot be used.
  case libraryDamaged = 10
  /// Another process writes to the library.
  case libraryLocked = 11
  /// Someone asked to stop.
  case cancelled = 130

  /// The code for a failure.
  init(_ kind: PipelineError.Kind) {
    switch kind {
    case .input: self = .unreadableInput
    case .usage: self = .usage
    case .libraryUnusable, .libraryDamaged: self = .libraryDamaged
    case .libraryLocked: self = .libraryLocked
    case .notIsolated: self = .notIsolated
    case .output: self = .outputLost
    case .cancelled: self = .cancelled
    }
  }

  /// What ArgumentParser ends the process with.
  var exitCode: ExitCode { ExitCode(rawValue) }

  /// The part of every command's help that lists the codes.
  static let help = """
    EXIT STATUS
      0    matched, or done
      1    no match
      2    wrong usage
      3    some inputs could not be read, or not to their end
      4    the results could not be written
      5    the sandbox is missing that leaks are parsed in
      10   the library is damaged or cannot be used
      11   the library is locked: another process writes to it
      130  cancelled
    """
}
