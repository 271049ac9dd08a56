/// How much is spent on a leak.
public enum Effort: String, Sendable, Codable, CaseIterable {
  /// What names a leak and aligns it, and no more: a few stretches and single frames of it, decoded
  /// without the frames that can be spared; its segments begin and end at key frames. No ads.
  case quick
  /// As much as accuracy needs.
  case standard
  /// Everything is decoded, and compared with every second of every reference.
  case thorough
}
