/// Something that was heard or seen in a leak at a moment of the film.
public struct FilmMark: Sendable, Hashable, Comparable {
  /// Moments of each second of the film.
  public static let rate = 125.0

  /// Number of the moment, in 24 bits: 37 hours.
  public let moment: Int
  /// What tells it from others of the same moment; the band of a sound.
  public let kind: UInt8

  /// Creates a mark; nil where the moment lies before the film or beyond what can be kept.
  public init?(filmSeconds: Double, kind: UInt8 = 0) {
    let moment = (filmSeconds * Self.rate).rounded()
    guard moment >= 0, moment < Double(1 << 24) else { return nil }
    (self.moment, self.kind) = (Int(moment), kind)
  }

  /// The mark that ``word`` was made of.
  init(word: UInt32) { (moment, kind) = (Int(word >> 8), UInt8(truncatingIfNeeded: word)) }

  /// Moment and kind in one number.
  var word: UInt32 { UInt32(moment) << 8 | UInt32(kind) }

  /// The second of the film.
  public var filmSeconds: Double { Double(moment) / Self.rate }

  /// Earlier marks first.
  public static func < (a: FilmMark, b: FilmMark) -> Bool { a.word < b.word }
}
