/// How the samples of many films are numbered in an index over their keys.
///
/// Films follow each other with a gap between them, so that no stretch of a leak meets two of them
/// at one place.
public enum KeyPositions {
  /// Films begin at multiples of this; so many positions are counted as one place.
  public static let alignment = 4
  /// The longest stretch of a leak that is looked up as one, in samples.
  public static let longestPiece = 80

  /// Places that a film of so many samples takes: for every offset at which a piece meets it, and one
  /// more, since places are looked at in pairs.
  public static func places(of samples: Int) -> Int { (samples + longestPiece) / alignment + 2 }

  /// Positions that a film of so many samples takes.
  public static func span(of samples: Int) -> Int { places(of: samples) * alignment }
}
