/// How well one clip lies on another where it may be a copy, without a camera between.
///
/// A copy is like the other at one place alone. Hashes of pictures in which little moves resemble each
/// other whatever moves, at all places alike; so what decides is how much better the best place is than
/// the others.
public struct CopyAlignment: Sendable, Hashable {
  /// Mean bits in which the hashes differ at the best place.
  public let bits: Double
  /// The same at the middle one of all places.
  public let usualBits: Double

  /// Lays `samples` upon `clip` in every way in which enough of them meet; nil where they never do.
  ///
  /// Both are at one rate, with nil where nothing moves.
  ///
  /// - Complexity: O(samples · clip).
  public init?(of samples: [FrameHash?], on clip: [FrameHash?]) {
    let reach = samples.count - Self.leastSamples
    guard reach >= 0, clip.count >= Self.leastSamples else { return nil }
    let means = (-reach...(clip.count - Self.leastSamples)).compactMap { offset in
      var (sum, count) = (0, 0)
      for i in max(0, -offset)..<min(samples.count, clip.count - offset) {
        guard let sample = samples[i], let other = clip[i + offset] else { continue }
        sum += sample.distance(to: other)
        count += 1
      }
      return count >= Self.leastSamples ? Double(sum) / Double(count) : nil
    }.sorted()
    guard let least = means.first else { return nil }
    (bits, usualBits) = (least, means[means.count / 2])
  }

  /// Whether it is a copy.
  public var isCopy: Bool { bits <= Self.mostBits && bits <= Self.mostShare * usualBits }

  /// Least samples with motion that must meet.
  private static let leastSamples = 8
  /// Most bits of 256 in which a copy's hashes differ on average.
  private static let mostBits = 64.0
  /// A copy's differ in at most this share of what they differ in elsewhere.
  private static let mostShare = 0.6
}
