import FrameKernels

/// What moved around one moment of a film, in 256 bits.
///
/// The bits are four words; component `c` of the motion vector has a level of 0 to 4, written as a
/// thermometer: bit `c` of word `k` is set where the level exceeds `k`. The Hamming distance of two
/// hashes is therefore the sum of the differences of their levels.
public struct FrameHash: Sendable, Hashable {
  /// The four words, the lowest threshold first.
  public var words: SIMD4<UInt64>

  /// Creates a hash from its words.
  public init(words: SIMD4<UInt64>) { self.words = words }

  /// Number of differing bits, 0...256.
  public func distance(to other: FrameHash) -> Int { Hamming.distance(words, other.words) }
}
