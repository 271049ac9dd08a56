import Foundation

/// What one kernel did at one level.
struct Measurement {
  var kernel: String
  var level: String
  /// Median and least time of one call.
  var medianNanoseconds: Double
  var minimumNanoseconds: Double
  /// Bytes that one call reads and writes at the least.
  var bytes: Int
  /// Comparisons, output pixels or other results of one call; `unit` names them.
  var items: Int
  var unit: String
  /// Multiplications of one call; 0 where they are not what it does.
  var products: Int
  /// Bytes that calls come back to: where they fit decides which memory they are read from.
  var footprint: Int

  var bytesPerSecond: Double { Double(bytes) / medianNanoseconds * 1e9 }
  var itemsPerSecond: Double { Double(items) / medianNanoseconds * 1e9 }
}

/// Times `body` until enough repetitions are in; each lasts long enough for the clock.
func measure(
  _ kernel: String,
  level: String,
  bytes: Int,
  items: Int,
  unit: String,
  products: Int = 0,
  footprint: Int? = nil,
  _ body: () -> Void
) -> Measurement {
  let clock = ContinuousClock()
  func nanoseconds(_ calls: Int) -> Double {
    let time = clock.measure { for _ in 0..<calls { body() } }.components
    return (Double(time.seconds) * 1e9 + Double(time.attoseconds) * 1e-9) / Double(calls)
  }
  let first = min(nanoseconds(1), nanoseconds(1))
  let calls = max(1, Int(500_000 / first))
  let repetitions = min(201, max(11, Int(200_000_000 / (first * Double(calls)))))
  let times = (0..<repetitions).map { _ in nanoseconds(calls) }.sorted()
  return Measurement(
    kernel: kernel,
    level: level,
    medianNanoseconds: times[times.count / 2],
    minimumNanoseconds: times[0],
    bytes: bytes,
    items: items,
    unit: unit,
    products: products,
    footprint: footprint ?? bytes
  )
}

/// Keeps the optimiser from dropping work whose result nobody reads.
@inline(never) func keep<T>(_ value: T) { withExtendedLifetime(value) {} }
