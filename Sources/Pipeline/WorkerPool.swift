import Foundation
import Synchronization

/// Runs blocking work on threads of its own, a bounded number at a time.
///
/// Decoding and reading block for minutes; the threads of Swift's tasks are too few to lend.
public enum WorkerPool {
  private static let stackBytes = 8 << 20

  /// Calls `body` once for each index below `count`, on at most `jobs` threads at once.
  ///
  /// Returns when all are done. Indices are taken in order.
  public static func run(
    count: Int,
    jobs: Int,
    _ body: @escaping @Sendable (_ index: Int) -> Void
  ) {
    guard count > 0 else { return }
    let next = Mutex(0)
    let take: @Sendable () -> Int? = {
      next.withLock { next in
        guard next < count else { return nil }
        next += 1
        return next - 1
      }
    }
    let group = DispatchGroup()
    for _ in 0..<min(max(1, jobs), count) {
      group.enter()
      let thread = Thread {
        while let index = take() { body(index) }
        group.leave()
      }
      thread.stackSize = stackBytes
      thread.start()
    }
    group.wait()
  }
}
