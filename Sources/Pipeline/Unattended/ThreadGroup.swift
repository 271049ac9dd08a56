import Foundation

/// Threads that block for minutes, and a wait for all of them.
final class ThreadGroup: Sendable {
  private let group = DispatchGroup()
  private static let stackBytes = 8 << 20

  func start(_ body: @escaping @Sendable () -> Void) {
    group.enter()
    let thread = Thread { [group] in
      body()
      group.leave()
    }
    thread.stackSize = Self.stackBytes
    thread.start()
  }

  /// Waits for all, at most for `seconds`.
  ///
  /// - Returns: Whether all ended.
  func wait(_ seconds: Double) -> Bool {
    group.wait(timeout: .now() + seconds) == .success
  }
}
