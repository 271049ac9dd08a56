import Glibc
import Logging
import Pipeline
import Synchronization
import SystemPackage

/// Where the lines of the log go: a file, which may be renamed and opened anew, or standard error.
final class LogOutput: Sendable {
  private let path: FilePath?
  private let file: Mutex<FileDescriptor?>

  /// Opens the file.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/output``.
  init(_ path: FilePath?) throws(PipelineError) {
    self.path = path
    file = Mutex(try path.map(Self.open))
  }

  deinit { file.withLock { file in try? file?.close() } }

  /// Whether the lines go to a file.
  var isFile: Bool { path != nil }

  /// Opens the file by its name once more, for those who rotate logs.
  func reopen() throws(PipelineError) {
    guard let path else { return }
    let fresh = try Self.open(path)
    file.withLock { file in
      try? file?.close()
      file = fresh
    }
  }

  func write(_ line: String) {
    file.withLock { file in
      guard let file else { return Console.shared.note(line) }
      // A log that cannot be written must not end the work; the queue has what counts.
      _ = try? file.writeAll((line + "\n").utf8)
    }
  }

  private static func open(_ path: FilePath) throws(PipelineError) -> FileDescriptor {
    do {
      return try FileDescriptor.open(
        path,
        .writeOnly,
        options: [.create, .append, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead]
      )
    } catch {
      throw PipelineError(
        .output,
        code: "output_failed",
        "\(SafeText.of(path)): cannot write the log (\(error))"
      )
    }
  }

  /// A logger that writes here.
  func logger(_ format: LogFormat, _ level: Logger.Level) -> Logger {
    Logger(label: "leaktrace") { _ in
      LineLogHandler(format, level: level) { [self] in write($0) }
    }
  }
}
