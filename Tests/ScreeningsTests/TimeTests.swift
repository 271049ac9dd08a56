import Screenings
import TestSupport
import Testing

@Suite("Screening times and zones")
struct ScreeningTimeTests {
  /// The start of the one row of a list.
  private static func start(_ time: String, zone: String? = nil) throws -> ScreeningTable {
    let row = "facility,auditorium,release,start,zone\nKino,1,Film,\(time),\(zone ?? "")\n"
    return try ScreeningTable.read(Array(row.utf8))
  }

  @Test(
    "are read as they are written",
    arguments: [
      ("2026-05-31T20:30+03:00", nil, "2026-05-31T20:30:00+03:00", 1_780_248_600),
      ("2026-05-31 20:30:15Z", nil, "2026-05-31T20:30:15Z", 1_780_259_415),
      ("2026-05-31T20:30:15.999-0430", nil, "2026-05-31T20:30:15-04:30", 1_780_275_615),
      ("31.05.2026 20:30", "Europe/Moscow", "2026-05-31T20:30:00+03:00", 1_780_248_600),
      ("2026-01-15T20:30", "Europe/Berlin", "2026-01-15T20:30:00+01:00", 1_768_505_400),
      ("2026-07-15T20:30", "Europe/Berlin", "2026-07-15T20:30:00+02:00", 1_784_140_200),
      ("2026-03-29T01:59", "Europe/Berlin", "2026-03-29T01:59:00+01:00", 1_774_745_940),
      ("2026-03-29T03:00", "Europe/Berlin", "2026-03-29T03:00:00+02:00", 1_774_746_000),
      ("2026-10-25T02:30+02:00", "Europe/Berlin", "2026-10-25T02:30:00+02:00", 1_792_888_200),
      ("2026-10-25T02:30+01:00", "Europe/Berlin", "2026-10-25T02:30:00+01:00", 1_792_891_800),
      ("2026-03-08T03:00", "America/New_York", "2026-03-08T03:00:00-04:00", 1_772_953_200),
      ("2026-11-01T01:30-05:00", "America/New_York", "2026-11-01T01:30:00-05:00", 1_793_514_600),
      // Moscow set its clocks for good on 2014-10-26.
      ("2014-10-25T20:00", "Europe/Moscow", "2014-10-25T20:00:00+04:00", 1_414_252_800),
      ("2014-10-27T20:00", "Europe/Moscow", "2014-10-27T20:00:00+03:00", 1_414_429_200),
      ("2024-02-29T12:00", "UTC", "2024-02-29T12:00:00Z", 1_709_208_000),
    ] as [(String, String?, String, Int64)]
  )
  func reading(_ time: String, zone: String?, text: String, seconds: Int64) throws {
    let table = try Self.start(time, zone: zone)
    #expect(table.batch.refusals == [])
    let start = try #require(table.batch.rows.first?.start)
    #expect(start.text == text)
    #expect(start.seconds == seconds)
  }

  @Test(
    "that cannot be are refused with the reason",
    arguments: [
      ("2026-02-30T20:00Z", nil, "the calendar has no such day"),
      ("2025-02-29T20:00Z", nil, "the calendar has no such day"),
      ("2026-13-01T20:00Z", nil, "the calendar has no such day"),
      ("2026-05-31T24:00Z", nil, "the day has no such time"),
      ("2026-05-31T20:60Z", nil, "the day has no such time"),
      ("2026-05-31T20:00+15:00", nil, "no zone has this offset"),
      ("0026-05-31T20:00Z", nil, "the year is not one from 1990 to 2199"),
      ("05/31/2026 8:00 PM", nil, "is not a time such as"),
      ("yesterday", nil, "is not a time such as"),
      ("2026-05-31T20:00 MSK", nil, "is not a time such as"),
      ("2026-05-31", nil, "the time of day is missing"),
      ("20:30", nil, "the date is missing"),
      ("", nil, "the start is missing"),
      ("2026-05-31T20:00", nil, "the time has no zone"),
      ("2026-05-31T20:00", "Europe/Nowhere", "is not the IANA name"),
      ("2026-05-31T20:00", "MSK", "is not the IANA name"),
      ("2026-03-29T02:30", "Europe/Berlin", "does not exist in Europe/Berlin"),
      ("2026-03-08T02:30", "America/New_York", "does not exist in America/New_York"),
      ("2026-10-25T02:30", "Europe/Berlin", "comes twice in Europe/Berlin"),
      ("2026-11-01T01:30", "America/New_York", "comes twice in America/New_York"),
      ("2026-07-15T20:30+03:00", "Europe/Berlin", "does not go with Europe/Berlin"),
      ("2026-03-29T02:30+02:00", "Europe/Berlin", "does not go with Europe/Berlin"),
    ] as [(String, String?, String)]
  )
  func refusal(_ time: String, zone: String?, cause: String) throws {
    let table = try Self.start(time, zone: zone)
    #expect(table.batch.rows.isEmpty)
    let refusal = try #require(table.batch.refusals.first)
    #expect(refusal.line == 2)
    #expect(refusal.message.contains(cause), "\(refusal.message)")
  }

  @Test("an hour that comes twice is offered with both offsets, the earlier first")
  func ambiguity() throws {
    let table = try Self.start("2026-10-25T02:30", zone: "Europe/Berlin")
    let message = try #require(table.batch.refusals.first?.message)
    #expect(message.hasSuffix("say 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00"))
  }

  @Test("every hour of two years in a zone is what the zone says, there and back")
  func everyHour() throws {
    var lines = "facility,auditorium,release,start,zone\n"
    let hours = 2 * 366 * 24
    for hour in 0..<hours {
      let time = ZonedTime(seconds: 1_767_225_600 + Int64(hour) * 3600, offset: 0)
      lines += "Kino,\(hour),Film,\(time.text),UTC\n"
    }
    let table = try ScreeningTable.read(Array(lines.utf8))
    #expect(table.batch.rows.count == hours)
    for (hour, row) in table.batch.rows.enumerated() {
      #expect(row.start.seconds == 1_767_225_600 + Int64(hour) * 3600)
    }
  }

  @Test("an end may be a time of day, of the next day where it is before the start")
  func ends() throws {
    let list = """
      facility;auditorium;release;date;time;end;zone
      Kino;1;Film;31.05.2026;22:30;00:45;Europe/Moscow
      Kino;2;Film;2026-05-31;20:00;22:15;Europe/Moscow
      Kino;3;Film;2026-05-31;20:00+03:00;22:15;
      Kino;4;Film;2026-05-31;20:00;2026-05-31T19:00;Europe/Moscow
      Kino;5;Film;2026-05-31;20:00;2026-06-02T20:00;Europe/Moscow
      Kino;6;Film;2026-10-24;23:30;02:30;Europe/Berlin
      """
    let table = try ScreeningTable.read(Array(list.utf8))
    #expect(
      table.batch.rows.map { $0.end?.text } == [
        "2026-06-01T00:45:00+03:00", "2026-05-31T22:15:00+03:00", "2026-05-31T22:15:00+03:00",
      ]
    )
    #expect(table.batch.refusals.map(\.line) == [5, 6, 7])
    #expect(table.batch.refusals[0].message.contains("is not after the start"))
    #expect(table.batch.refusals[1].message.contains("more than a day after"))
    #expect(table.batch.refusals[2].message.hasPrefix("end: "))
  }

  @Test("bounds are days or moments")
  func bounds() throws {
    func bound(_ text: String, _ zone: String?, _ isUpper: Bool) throws -> Int64 {
      try TimeBound.seconds(text, zone: zone, isUpper: isUpper)
    }
    #expect(try bound("2026-05-31", nil, false) == 1_780_185_600)
    #expect(try bound("2026-05-31", nil, true) == 1_780_272_000)
    #expect(try bound("2026-05-31", "Europe/Moscow", false) == 1_780_185_600 - 10_800)
    #expect(try bound("2026-05-31T20:00+03:00", nil, true) == 1_780_246_800)
    #expect(throws: ScreeningsError.self) { try bound("soon", nil, true) }
  }
}
