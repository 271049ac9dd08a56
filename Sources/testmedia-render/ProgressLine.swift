import Foundation

/// One line on standard error per file: rewritten in place on a terminal, else written at the end.
struct ProgressLine: Sendable {
  let name: String
  let total: Int
  private let start = ContinuousClock.now
  private let rewrites: Bool

  /// Several files at once would overwrite one another's line, so they are `quiet`.
  init(name: String, total: Int, quiet: Bool = false) {
    self.name = name
    self.total = total
    rewrites = !quiet && isatty(STDERR_FILENO) == 1
  }

  func update(_ done: Int) {
    guard rewrites, total > 0 else { return }
    write("\r\(name)  \(done * 100 / total) %")
  }

  func end() {
    let seconds = (ContinuousClock.now - start).components.seconds
    write("\(rewrites ? "\r" : "")\(name)  done in \(seconds) s\n")
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
