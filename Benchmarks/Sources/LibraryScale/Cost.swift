import Foundation
import Synchronization

/// What a piece of work took of one process.
struct Cost: Codable {
  var processorSeconds: Double
  var wallSeconds: Double

  static func of<R>(_ body: () throws -> R) rethrows -> (R, Cost) {
    let (processor, clock) = (processorSeconds, ContinuousClock())
    let began = clock.now
    let result = try body()
    return (
      result,
      Cost(
        processorSeconds: processorSeconds - processor,
        wallSeconds: (clock.now - began) / .seconds(1)
      )
    )
  }

  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

/// Watches how much memory of its own, without mapped files, the process has.
final class MemoryWatch: Sendable {
  private let peak = Mutex(0)

  init() {
    Thread.detachNewThread { [weak self] in
      while let self {
        let now = Self.kilobytes()
        self.peak.withLock { $0 = max($0, now) }
        usleep(10_000)
      }
    }
  }

  /// The most since the last time that somebody asked, in megabytes.
  func take() -> Double {
    let now = Self.kilobytes()
    return peak.withLock { peak in
      defer { peak = 0 }
      return Double(max(peak, now)) / 1000
    }
  }

  private static func kilobytes() -> Int {
    guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8) else {
      return 0
    }
    let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon") }
    return line.flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") } ?? 0
  }
}
