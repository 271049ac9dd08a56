/// The screen of an auditorium, and the places before it; lengths in metres.
///
/// Places count from the middle of the screen: x to the right as the audience sees it, y up, z away
/// from the screen into the auditorium.
public struct AuditoriumScreen: Sendable, Hashable {
  /// Width of the picture, from edge to edge in a straight line.
  public var width: Double
  /// Height of the picture.
  public var height: Double
  /// How far the middle lies behind the edges.
  public var sag: Double
  /// From the projector's lens to the screen, where known.
  public var throwDistance: Double?

  /// Creates a screen; nil where lengths are none of a cinema's.
  public init?(width: Double, height: Double, sag: Double = 0, throwDistance: Double? = nil) {
    guard Self.widths.contains(width), Self.widths.contains(height), height < 2 * width,
      sag >= 0, sag < width / 2, throwDistance.map(Self.throwDistances.contains) ?? true
    else { return nil }
    (self.width, self.height, self.sag) = (width, height, sag)
    self.throwDistance = throwDistance
  }

  /// Where a part of the picture is, 0...1 from its upper left corner.
  func place(_ u: Double, _ v: Double) -> SIMD3<Double> {
    let x = (u - 0.5) * width
    let share = 2 * x / width
    return SIMD3(x, (0.5 - v) * height, sag * share * share)
  }

  private static let widths = 1.0...60
  private static let throwDistances = 1.0...150
}
