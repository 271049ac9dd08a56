/// A date and a time as they are written in a list, before a zone makes a moment of them.
struct WrittenTime {
  /// Day since 1970-01-01; nil where only a time of day is written.
  var day: Int?
  /// Second of the day; nil where only a date is written.
  var second: Int?
  /// How far the clock is ahead of UTC, in seconds, where that is written.
  var offset: Int?

  /// The years that a screening can be in.
  static let years = 1990...2199

  /// Reads `2026-05-31`, `31.05.2026`, `20:30`, `20:30:15` or a date and a time with a blank or `T`
  /// between them, and `Z` or an offset such as `+03:00` behind a time.
  init(_ text: String) throws(ValueFlaw) {
    var scanner = Scanner(text)
    do {
      if scanner.hasDate { day = try scanner.date() }
      if day != nil, !scanner.isAtEnd {
        guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" ") else { throw Malformed() }
        while scanner.skip(" ") {}
      }
      if !scanner.isAtEnd {
        second = try scanner.time()
        while scanner.skip(" ") {}
        offset = try scanner.offset()
      }
      guard scanner.isAtEnd, day != nil || second != nil else { throw Malformed() }
    } catch let flaw as ValueFlaw {
      throw ValueFlaw("\"\(TextRules.excerpt(text))\": \(flaw.message)")
    } catch {
      throw ValueFlaw(
        "\"\(TextRules.excerpt(text))\" is not a time such as 2026-05-31T20:30+03:00"
      )
    }
  }

  /// The moment that is meant.
  ///
  /// An offset that is written makes it plain; where a zone is known as well, both must agree.
  func moment(in clock: ZoneClock?) throws(ValueFlaw) -> ZonedTime {
    guard let day else { throw ValueFlaw("the date is missing") }
    guard let second else { throw ValueFlaw("the time of day is missing") }
    let local = Int64(day) * 86_400 + Int64(second)
    if let offset {
      let seconds = local - Int64(offset)
      if let clock {
        let expected = clock.offset(at: seconds)
        guard expected == offset else {
          let stated = ZonedTime(seconds: seconds, offset: offset).text
          let own = ZonedTime(seconds: seconds, offset: expected).text
          throw ValueFlaw("\(stated) does not go with \(clock.name), where it is \(own) then")
        }
      }
      return ZonedTime(seconds: seconds, offset: offset)
    }
    guard let clock else {
      throw ValueFlaw("the time has no zone: give an offset, a zone column or --zone")
    }
    let offsets = clock.offsets(ofLocal: local)
    guard let offset = offsets.first else {
      throw ValueFlaw(
        "\(Self.wall(local)) does not exist in \(clock.name): clocks are set forward over it"
      )
    }
    guard offsets.count == 1 else {
      let moments = offsets.map { ZonedTime(seconds: local - Int64($0), offset: $0).text }
      throw ValueFlaw(
        "\(Self.wall(local)) comes twice in \(clock.name), when clocks are set back; say "
          + moments.joined(separator: " or ")
      )
    }
    return ZonedTime(seconds: local - Int64(offset), offset: offset)
  }

  private static func wall(_ local: Int64) -> String {
    String(ZonedTime(seconds: local, offset: 0).text.dropLast())
  }

  /// The text is no time at all.
  private struct Malformed: Error {}

  /// Reads digits and signs from the bytes of a text.
  private struct Scanner {
    let bytes: [UInt8]
    var index = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    var isAtEnd: Bool { index == bytes.count }

    /// Whether a date comes first: a year, or a day and a month with dots.
    var hasDate: Bool {
      let digits = bytes.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
      guard digits < bytes.count else { return digits > 4 }
      return bytes[digits] == UInt8(ascii: "-") || bytes[digits] == UInt8(ascii: ".")
    }

    mutating func skip(_ sign: Unicode.Scalar) -> Bool {
      guard index < bytes.count, bytes[index] == UInt8(ascii: sign) else { return false }
      index += 1
      return true
    }

    mutating func number(_ widths: ClosedRange<Int>) throws -> Int {
      var value = 0
      let first = index
      while index < bytes.count, index - first < widths.upperBound,
        bytes[index] >= 0x30, bytes[index] <= 0x39
      {
        value = value * 10 + Int(bytes[index] - 0x30)
        index += 1
      }
      guard widths.contains(index - first) else { throw Malformed() }
      return value
    }

    mutating func date() throws -> Int {
      let isYearFirst = bytes.count > 4 && bytes[4] == UInt8(ascii: "-")
      let first = try number(isYearFirst ? 4...4 : 1...2)
      let sign: Unicode.Scalar = isYearFirst ? "-" : "."
      guard skip(sign) else { throw Malformed() }
      let month = try number(isYearFirst ? 2...2 : 1...2)
      guard skip(sign) else { throw Malformed() }
      let last = try number(isYearFirst ? 2...2 : 4...4)
      let (year, date) = isYearFirst ? (first, last) : (last, first)
      guard let day = CivilDate.day(year: year, month: month, date: date) else {
        throw ValueFlaw("the calendar has no such day")
      }
      guard WrittenTime.years.contains(year) else {
        throw ValueFlaw(
          "the year is not one from \(WrittenTime.years.lowerBound) to "
            + "\(WrittenTime.years.upperBound)"
        )
      }
      return day
    }

    mutating func time() throws -> Int {
      let hour = try number(1...2)
      guard skip(":") else { throw Malformed() }
      let minute = try number(2...2)
      var second = 0
      if skip(":") {
        second = try number(2...2)
        // Parts of a second are cut off.
        if skip(".") || skip(",") { _ = try number(1...9) }
      }
      guard hour < 24, minute < 60, second < 60 else {
        throw ValueFlaw("the day has no such time")
      }
      return hour * 3600 + minute * 60 + second
    }

    mutating func offset() throws -> Int? {
      if isAtEnd { return nil }
      if skip("Z") || skip("z") { return 0 }
      let isBehind = skip("-")
      guard isBehind || skip("+") else { throw Malformed() }
      let hours = try number(2...2)
      var minutes = 0
      if !isAtEnd {
        _ = skip(":")
        minutes = try number(2...2)
      }
      guard hours <= 14, minutes < 60 else { throw ValueFlaw("no zone has this offset") }
      let seconds = hours * 3600 + minutes * 60
      return isBehind ? -seconds : seconds
    }
  }
}
