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

/// Lengths around every vector size, and offsets that unalign a buffer.
enum Sizes {
  static let lengths = [
    0, 1, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 1000,
  ]
  static let offsets = [0, 1, 3]
}

extension Fill {
  func signed16(count: Int, seed: Int) -> [Int16] {
    words16(count: count, seed: seed).enumerated().map { index, word in
      switch self {
      case .ones: .min
      case .alternating: index % 2 == 0 ? .min : .max
      case .high: word & 1 == 0 ? .min : .max
      default: Int16(bitPattern: word)
      }
    }
  }

  func signed8(count: Int, seed: Int) -> [Int8] {
    bytes(count: count, seed: seed).enumerated().map { index, byte in
      switch self {
      case .ones: .min
      case .alternating: index % 2 == 0 ? .min : .max
      default: Int8(bitPattern: byte)
      }
    }
  }
}
