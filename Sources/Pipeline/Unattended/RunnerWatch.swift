import Casebook
import Logging

/// Looks after runners that died with leaks in hand.
struct RunnerWatch {
  private let state: ServiceState
  /// When a runner elsewhere was first seen at its present beat, by a clock that nobody sets.
  private var beats: [Int64: (beat: Int64, since: Double)] = [:]

  init(_ state: ServiceState) { self.state = state }

  /// Puts back what dead runners had; those elsewhere are dead when they have not beaten for `lease`
  /// seconds, whatever their clock says.
  mutating func look(lease: Double) {
    guard let runners = try? state.casebook.runners() else { return }
    let now = ProcessIdentity.steadySeconds()
    for runner in runners where runner.key != state.runner {
      switch ProcessIdentity.life(of: runner.entry) {
      case .running: continue
      case .gone: break
      case .elsewhere:
        guard let known = beats[runner.key], known.beat == runner.beat else {
          beats[runner.key] = (runner.beat, now)
          continue
        }
        if now < known.since + lease { continue }
      }
      guard
        let count = try? state.casebook.bury(
          runner.key,
          lastBeat: runner.beat,
          now: ProcessIdentity.now()
        )
      else { continue }
      beats[runner.key] = nil
      state.log.warning(
        "runner.dead",
        metadata: [
          "runner": .stringConvertible(runner.key),
          "pid": .stringConvertible(Int(runner.entry.pid)),
          "host": .string(runner.entry.host), "returned": .stringConvertible(count),
        ]
      )
      state.bell.ring()
    }
  }
}
