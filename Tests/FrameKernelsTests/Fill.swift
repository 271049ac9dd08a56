import TestSupport

/// Contents of a test buffer: noise, and what makes sums overflow or comparisons tie.
enum Fill: CaseIterable, CustomStringConvertible {
  case random, zeros, ones, alternating, high, low

  var description: String {
    switch self {
    case .random: "random"
    case .zeros: "all 0"
    case .ones: "all bits set"
    case .alternating: "alternating"
    case .high: "near the top"
    case .low: "near 0"
    }
  }

  func words(count: Int, seed: Int) -> [UInt64] {
    var random = SeededRandom(seed: UInt64(seed) &* 77 &+ 1)
    return (0..<count).map { index in
      let word = random.next()
      return switch self {
      case .random: word
      case .zeros: 0
      case .ones: .max
      case .alternating: index % 2 == 0 ? 0 : .max
      case .high: ~(word & 0x0101_0101_0101_0101)
      case .low: word & 0x0101_0101_0101_0101
      }
    }
  }

  func bytes(count: Int, seed: Int) -> [UInt8] {
    words(count: count, seed: seed).map { UInt8(truncatingIfNeeded: $0) }
  }

  func words16(count: Int, seed: Int) -> [UInt16] {
    words(count: count, seed: seed).map { UInt16(truncatingIfNeeded: $0) }
  }
}
