import Foundation

/// A time zone, which knows how clocks were set on any day.
///
/// A list has a million times on a few thousand days, and Foundation takes microseconds to look
/// one up; so what a day needs is asked once and kept.
final class ZoneClock {
  /// IANA name of the zone.
  let name: String
  private let zone: TimeZone
  /// The offset of days on which, and beside which, clocks are not changed; nil for other days.
  private var steady: [Int: Int?] = [:]

  /// Finds a zone by its IANA name, such as `Europe/Moscow`.
  init(_ name: String) throws(ValueFlaw) {
    // Abbreviations such as MSK or CST stand for several zones or none, and Foundation guesses.
    guard name == "UTC" || name.contains("/"), name.utf8.count <= 64,
      name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let zone = TimeZone(identifier: name)
    else {
      throw ValueFlaw(
        "\"\(TextRules.excerpt(name))\" is not the IANA name of a time zone, such as Europe/Moscow"
      )
    }
    (self.name, self.zone) = (name, zone)
  }

  /// How far clocks are ahead of UTC at a moment, in seconds.
  func offset(at seconds: Int64) -> Int {
    zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
  }

  /// The offsets under which clocks show `local`, seconds since 1970-01-01T00:00:00 on the wall,
  /// the earlier moment first: one as a rule, none in a gap, two where an hour comes twice.
  func offsets(ofLocal local: Int64) -> [Int] {
    let day = Int(local.floored(by: 86_400))
    let known: Int?
    if let kept = steady[day] {
      known = kept
    } else {
      // No zone is 24 hours from UTC, so two days cover all moments that may be meant.
      let before = offset(at: Int64(day - 1) * 86_400)
      let after = offset(at: Int64(day + 2) * 86_400)
      known = before == after ? before : nil
      steady[day] = .some(known)
    }
    if let known { return [known] }
    let candidates = Set([offset(at: local - 86_400), offset(at: local + 86_400)])
    return candidates.filter { offset(at: local - Int64($0)) == $0 }.sorted(by: >)
  }
}

/// The zones of one file, each looked up once.
final class ZoneCache {
  private var clocks: [String: Result<ZoneClock, ValueFlaw>] = [:]

  /// The zone of an IANA name.
  func clock(_ name: String) throws(ValueFlaw) -> ZoneClock {
    if let known = clocks[name] { return try known.get() }
    do {
      let clock = try ZoneClock(name)
      clocks[name] = .success(clock)
      return clock
    } catch {
      // A hostile list could name a new zone in each row.
      if clocks.count < 1000 { clocks[name] = .failure(error) }
      throw error
    }
  }
}
