/// A bound of a stretch of time, as it is typed: a day, or a date and a time.
public enum TimeBound {
  /// The first moment of what is written, or, for an upper bound, the first moment after a day.
  ///
  /// Without an offset the clock is that of `zone`, an IANA name, else UTC.
  ///
  /// - Throws: ``ScreeningsError/Code/badOption``.
  public static func seconds(
    _ text: String,
    zone: String?,
    isUpper: Bool
  ) throws(ScreeningsError) -> Int64 {
    do {
      var written = try WrittenTime(text)
      if written.second == nil {
        written.second = 0
        if isUpper { written.day = written.day.map { $0 + 1 } }
      }
      let clock = try ZoneClock(zone ?? "UTC")
      return try written.moment(in: written.offset == nil ? clock : nil).seconds
    } catch {
      throw ScreeningsError(.badOption, error.message)
    }
  }
}
