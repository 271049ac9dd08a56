/// How the samples of many films are numbered in an index over their keys.
///
/// Films follow each other with a gap between them, so that no stretch of a leak meets two of them
/// at one place, and no row of codes does (``MotionCode``).
public enum KeyPositions {
  /// Films begin at multiples of this; places are counted in such steps.
  public static let alignment = 4
  /// The longest stretch of a leak that is looked up as one, in samples.
  public static let longestPiece = 80

  /// Places that a film of so many samples takes: for every offset at which a piece meets it, and one
  /// more.
  public static func places(of samples: Int) -> Int { (samples + longestPiece) / alignment + 2 }

  /// Positions that a film of so many samples takes.
  public static func span(of samples: Int) -> Int { places(of: samples) * alignment }
}
