import Foundation

/// One line on standard error per file: rewritten in place on a terminal, else written at the end.
struct ProgressLine {
  let name: String
  let total: Int
  private let start = ContinuousClock.now
  private let isTerminal = isatty(STDERR_FILENO) == 1

  init(name: String, total: Int) {
    self.name = name
    self.total = total
  }

  func update(_ done: Int) {
    guard isTerminal, total > 0 else { return }
    write("\r\(name)  \(done * 100 / total) %")
  }

  func end() {
    let seconds = Double((ContinuousClock.now - start).components.seconds)
    write("\(isTerminal ? "\r" : "")\(name)  done in \(Int(seconds)) s\n")
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
