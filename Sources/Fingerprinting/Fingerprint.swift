/// The motion hashes of one film at four a second, with what matching needs beside them.
public struct Fingerprint: Sendable, Hashable {
  /// How the hashes were made.
  public var algorithm: FingerprintAlgorithm
  /// Four words for each sample; sample `i` is at `i / Motion1.samplesPerSecond` seconds.
  public var words: [UInt64]
  /// Correction of each sample in sixteenths of a bit; ``still`` where nothing moved.
  public var corrections: [Int16]

  /// Marks a sample that says nothing, because nothing moved.
  public static let still = Int16.min

  /// The coarse key of each sample, for the index.
  public var indexKeys: [UInt32] { IndexKey.keys(words, corrections) }

  /// Number of samples.
  public var count: Int { corrections.count }

  /// Creates a fingerprint; there must be four words for each correction.
  public init(algorithm: FingerprintAlgorithm, words: [UInt64], corrections: [Int16]) {
    precondition(words.count == 4 * corrections.count, "four words a sample")
    self.algorithm = algorithm
    self.words = words
    self.corrections = corrections
  }

  /// The hashes of the first `most` samples, nil where nothing moved; four words for each correction.
  public static func hashes(
    _ words: Span<UInt64>,
    _ corrections: Span<Int16>,
    most: Int = .max
  ) -> [FrameHash?] {
    precondition(words.count == 4 * corrections.count, "four words a sample")
    return (0..<min(most, corrections.count)).map { i in
      guard corrections[i] != still else { return nil }
      return FrameHash(
        words: SIMD4(words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3])
      )
    }
  }
}
