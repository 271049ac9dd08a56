import VideoCore

/// Maps a film's times to those of its proxy's container and back, without loss.
///
/// The container counts from the first frame, and in a time base that is an integral fraction of
/// the film's: NUT's muxer refines coarse ones.
struct ProxyClock {
  /// Time of the first frame.
  let start: MediaTime
  /// Container ticks per tick of the film.
  private let factor: Int64

  /// - Returns: nil where the container's ticks do not divide the film's.
  init?(start: MediaTime, containerBase: Rational) {
    let above = Int64(start.timeBase.numerator) * Int64(containerBase.denominator)
    let below = Int64(start.timeBase.denominator) * Int64(containerBase.numerator)
    guard above > 0, below > 0, above.isMultiple(of: below) else { return nil }
    self.start = start
    factor = above / below
  }

  /// The container's time of the film's `ticks`; nil where it would not fit.
  func stored(_ ticks: Int64) -> Int64? {
    let (offset, tooFar) = ticks.subtractingReportingOverflow(start.ticks)
    let (stored, tooLarge) = offset.multipliedReportingOverflow(by: factor)
    return tooFar || tooLarge || abs(stored / 2) >= PacketClock.largestTime / 2 ? nil : stored
  }

  /// The film's time of the container's `stored`.
  func time(stored: Int64) -> MediaTime {
    MediaTime(ticks: start.ticks &+ stored / factor, timeBase: start.timeBase)
  }

  /// The first time as text that the container keeps.
  static func description(of start: MediaTime) -> String {
    "\(start.ticks) \(start.timeBase.numerator) \(start.timeBase.denominator)"
  }

  /// Reads back ``description(of:)``; nil where the text is no such thing.
  static func start(describedAs text: String) -> MediaTime? {
    let parts = text.split(separator: " ")
    guard parts.count == 3, let ticks = Int64(parts[0]), let numerator = Int32(parts[1]),
      let denominator = Int32(parts[2]), numerator > 0, denominator > 0
    else { return nil }
    return MediaTime(ticks: ticks, timeBase: Rational(numerator, denominator))
  }
}
