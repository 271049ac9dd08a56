import Screenings
import TestSupport
import Testing

@Suite("Screening lists")
struct ScreeningTableTests {
  private static func read(
    _ text: String,
    _ options: ScreeningTable.Options = .init()
  ) throws -> ScreeningTable {
    try ScreeningTable.read(Array(text.utf8), options: options)
  }

  /// Windows-1251 of Russian text.
  private static func cyrillic(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { scalar in
      switch scalar.value {
      case 0x410...0x44F: UInt8(scalar.value - 0x410 + 0xC0)
      case 0x451: 0xB8
      case 0x2116: 0xB9
      case 0xAB: 0xAB
      case 0xBB: 0xBB
      default: UInt8(truncatingIfNeeded: scalar.value)
      }
    }
  }

  private static let full = #"""
    screening_id,facility_id,facility,city,auditorium,cpl_id,release,start,zone,end,mark_location,\#
    mark_time,screen_width_m,screen_height_m,sag_m,throw_m,seat map file
    s1,f1,"Kino, ""One""",Berlin,3,URN:UUID:0A1B2C3D-0000-4000-8000-0123456789AB,The Film,\#
    2026-05-31T20:30,Europe/Berlin,2026-05-31T22:45,0x1F,35135,12,5.02,0.2,18.5,seats/3.csv

    """#

  @Test("every column is read")
  func everyColumn() throws {
    let table = try Self.read(Self.full)
    #expect(table.batch.refusals == [])
    #expect(table.unusedColumns == [])
    let screening = table.batch.screening(try #require(table.batch.rows.first))
    #expect(screening.id == "s1")
    #expect(screening.place.facilityID == "f1")
    #expect(screening.place.facility == "Kino, \"One\"")
    #expect(screening.place.city == "Berlin")
    #expect(screening.place.auditorium == "3")
    #expect(screening.place.zone == "Europe/Berlin")
    #expect(screening.work.cplID == "0a1b2c3d-0000-4000-8000-0123456789ab")
    #expect(screening.work.release == "The Film")
    #expect(screening.start.text == "2026-05-31T20:30:00+02:00")
    #expect(screening.end?.text == "2026-05-31T22:45:00+02:00")
    #expect(screening.markLocation == 31)
    #expect(screening.markTime == 35_135)
    #expect(screening.place.screen.width == 12)
    #expect(screening.place.screen.height == 5.02)
    #expect(screening.place.screen.sag == 0.2)
    #expect(screening.place.screen.throwDistance == 18.5)
    #expect(screening.place.screen.seatMap == "seats/3.csv")
  }

  private static let russian = """
    Кинотеатр;Город;Зал;Фильм;Дата;Начало;Ширина экрана;Примечание
    «Родина»;Орёл;№ 2;Соляной путь;31.05.2026;20:30;12,5;—
    """

  @Test("in Russian, in UTF-8 with and without a mark, and in Windows-1251, says the same")
  func encodings() throws {
    var options = ScreeningTable.Options()
    options.zone = "Europe/Moscow"
    let plain = Self.russian.replacing("—", with: "нет")
    let files: [(String, [UInt8])] = [
      ("UTF-8", Array(plain.utf8)),
      ("UTF-8", [0xEF, 0xBB, 0xBF] + Array(plain.replacing("\n", with: "\r\n").utf8)),
      ("Windows-1251", Self.cyrillic(plain)),
      ("Windows-1251", Self.cyrillic("sep=;\r\n" + plain.replacing("\n", with: "\r\n"))),
      ("UTF-8", Array(plain.replacing(";", with: "\t").replacing("\n", with: "\r").utf8)),
    ]
    for (encoding, bytes) in files {
      let table = try ScreeningTable.read(bytes, options: options)
      #expect(table.encoding == encoding)
      #expect(table.batch.refusals == [])
      #expect(table.unusedColumns == ["Примечание"])
      let screening = table.batch.screening(try #require(table.batch.rows.first))
      #expect(screening.place.facility == "«Родина»")
      #expect(screening.place.city == "Орёл")
      #expect(screening.place.auditorium == "№ 2")
      #expect(screening.work.release == "Соляной путь")
      #expect(screening.start.text == "2026-05-31T20:30:00+03:00")
      #expect(screening.place.screen.width == 12.5)
      // The same whoever imports it: identifiers must never change.
      #expect(screening.id == "s-37c66116e245e107")
    }
  }

  @Test("text in other encodings, or damaged, is refused with its line")
  func badEncodings() throws {
    let list = Self.russian
    let mark: [UInt8] = [0xFF, 0xFE]
    let utf16 =
      mark
      + list.utf16.flatMap { unit in
        [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
      }
    var damaged = Array(list.utf8)
    let place = try #require(damaged.lastIndex(of: 0xD0))
    damaged[place] = 0x41
    var undefined = Self.cyrillic(list.replacing("—", with: "нет"))
    undefined[undefined.count - 1] = 0x98
    let cases: [([UInt8], Int?)] = [
      (utf16, nil), (damaged, 2), (undefined, 2), (Array("a,b\n1,\u{0}\n".utf8), 2),
    ]
    for (bytes, line) in cases {
      #expect {
        try ScreeningTable.read(bytes)
      } throws: { error in
        let error = error as? ScreeningsError
        return error?.code == .badEncoding && error?.line == line
      }
    }
  }

  @Test(
    "whose quotes are broken are refused as a whole, with the line of the quote",
    arguments: [
      ("s1,\"Kino,1,Film,2026-05-31T20:00Z\ns2,Kino,1,Film,2026-06-01T20:00Z\n", 2),
      ("s1,Kino,1,Film,2026-05-31T20:00Z\ns2,\"Ki\nno\",\"1,Film,2026-06-01T20:00Z", 4),
      ("s1,Ki\"no\",1,Film,2026-05-31T20:00Z\n", 2),
      ("s1,\"Kino\"s,1,Film,2026-05-31T20:00Z\n", 2),
      ("s1,\"Kino\" ,1,Film,2026-05-31T20:00Z\n", 2),
    ]
  )
  func brokenQuotes(_ rows: String, line: Int) throws {
    #expect {
      try Self.read("screening_id,facility,auditorium,release,start\n" + rows)
    } throws: { error in
      let error = error as? ScreeningsError
      return error?.code == .brokenTable && error?.line == line
    }
  }

  @Test(
    "that lack a column, or have one twice, are refused",
    arguments: [
      ("", "empty"), ("\n\n", "empty"), ("a,b\n1,2\n", "no column for a start"),
      ("start,facility,release\n", "no column for an auditorium"),
      ("start,auditorium,release\n", "no column for a facility"),
      ("start,auditorium,facility\n", "no column for a cpl_id or release"),
      ("start,hall,зал,facility,release\n", "both hold the auditorium"),
    ]
  )
  func badHeaders(_ text: String, cause: String) throws {
    #expect {
      try Self.read(text)
    } throws: { error in
      (error as? ScreeningsError)?.code == .badHeader
        && (error as? ScreeningsError)?.message.contains(cause) == true
    }
  }

  @Test(
    "keep their good rows where one is wrong, and tell its line and reason",
    arguments: [
      ("s2,,1,Film,2026-05-31T20:00Z,,,,", "neither facility nor facility_id"),
      ("s2,Kino,,Film,2026-05-31T20:00Z,,,,", "the auditorium is missing"),
      ("s2,Kino,1,,2026-05-31T20:00Z,,,,", "neither cpl_id nor release"),
      ("s2,Kino,1,Film,2026-02-30T20:00Z,,,,", "the calendar has no such day"),
      ("s2,Kino,1,Film,2026-05-31T20:00Z,2026-05-31T19:00Z,,,", "is not after the start"),
      ("s2,Kino,1,Film,2026-05-31T20:00Z,,nan,,", "is not a number of metres"),
      ("s2,Kino,1,Film,2026-05-31T20:00Z,,1e308,,", "is not a number of metres"),
      ("s2,Kino,1,Film,2026-05-31T20:00Z,,0,,", "is not that of a cinema"),
      ("s2,Kino,1,Film,2026-05-31T20:00Z,,-12,,", "is not that of a cinema"),
      ("s2,Kino,1,Film,2026-05-31T20:00Z,,1200,,", "is not that of a cinema"),
      ("s2,Kino,1,Film,2026-05-31T20:00Z,,5,20,", "high and only"),
      ("s2,Kino,1,Film,2026-05-31T20:00Z,,5,,3", "more than half of the width"),
      ("s2,Kino,1,Film,2026-05-31T20:00Z,,,,,extra", "the row has 10 fields, the header 9"),
      ("s2,Ki\u{1B}[31mno,1,Film,2026-05-31T20:00Z,,,,", "the facility holds control characters"),
      ("s1,Kino,2,Film,2026-05-31T20:00Z,,,,", "is in line 2 already and says something else"),
    ]
  )
  func badRows(_ row: String, cause: String) throws {
    let table = try Self.read(
      """
      screening_id,facility,auditorium,release,start,end,width,height,sag
      s1,Kino,1,Film,2026-05-31T20:00Z,,,,

      \(row)
      ,,,,,,,,
      s3,"Kino
      two",1,Film,2026-06-02T20:00Z

      """
    )
    #expect(table.batch.rows.map(\.id) == ["s1", "s3"])
    #expect(table.batch.rows.map(\.line) == [2, 6])
    #expect(table.batch.places.last?.facility == "Kino two")
    #expect(table.batch.refusals.map(\.line) == [4])
    #expect(table.batch.refusals[0].message.contains(cause), "\(table.batch.refusals[0].message)")
  }

  @Test("refuse marks and compositions that are none")
  func badNumbers() throws {
    let header = "facility,auditorium,cpl_id,start,mark_location\n"
    let rows = [
      "Kino,1,0a1b2c3d-0000-4000-8000-0123456789ab,2026-05-31T20:00Z,-1",
      "Kino,1,0a1b2c3d-0000-4000-8000-0123456789ab,2026-05-31T20:00Z,+1",
      "Kino,1,0a1b2c3d-0000-4000-8000-0123456789ab,2026-05-31T20:00Z,1.5",
      "Kino,1,0a1b2c3d-0000-4000-8000-0123456789ab,2026-05-31T20:00Z,99999999999999999999",
      "Kino,1,0a1b2c3d-0000-4000-8000-0123456789ag,2026-05-31T20:00Z,1",
      "Kino,1,0a1b2c3d,2026-05-31T20:00Z,1",
    ]
    let table = try Self.read(header + rows.joined(separator: "\n"))
    #expect(table.batch.rows.isEmpty)
    #expect(table.batch.refusals.map(\.line) == Array(2...7))
  }

  @Test("the same row twice counts once")
  func repeats() throws {
    let row = "Kino,1,Film,2026-05-31T20:00Z\n"
    let table = try Self.read("facility,auditorium,release,start\n" + row + row)
    #expect(table.batch.rows.count == 1)
    #expect(table.batch.repeats == 1)
    #expect(table.batch.refusals == [])
  }

  @Test("columns can be told by hand")
  func mapping() throws {
    let text = "Where,No,What,When,start\nKino,1,Film,2026-05-31T20:00Z,soon\n"
    var options = ScreeningTable.Options()
    options.columns = [
      ("where", .facility), ("NO", .auditorium), ("What", .release), ("When", .start),
    ]
    let table = try Self.read(text, options)
    #expect(table.batch.rows.count == 1)
    #expect(table.unusedColumns == ["start"])
    options.columns.append(("Nowhere", .city))
    #expect {
      try Self.read(text, options)
    } throws: {
      ($0 as? ScreeningsError)?.code == .badOption
    }
  }

  @Test("a file of which a hundred thousand rows are wrong is refused as a whole")
  func hopeless() throws {
    let rows = String(repeating: "Kino,1,Film,never\n", count: ScreeningBatch.mostRefusals + 1)
    #expect {
      try Self.read("facility,auditorium,release,start\n" + rows)
    } throws: { error in
      let error = error as? ScreeningsError
      return error?.code == .tooMuch && error?.message.contains("line 2: ") == true
    }
  }

  @Test("whatever stands in quotes comes back as it was", arguments: 0..<40 as Range<UInt64>)
  func randomQuoting(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let signs: [Character] = ["a", "Ж", "\"", ",", ";", "'", "=", "é", "\u{202E}", "漢"]
    let separator: Character = [",", ";", "\t"].randomElement(using: &random) ?? ","
    let lineEnd = ["\n", "\r\n", "\r"].randomElement(using: &random) ?? "\n"
    var text =
      ["screening_id", "facility", "auditorium", "release", "start"]
      .joined(separator: String(separator)) + lineEnd
    var expected: [[String]] = []
    for row in 0..<50 {
      var values = ["id\(row)"]
      for _ in 0..<3 {
        // A letter at either end, so that nothing is trimmed.
        let inside = (0..<Int.random(in: 0...8, using: &random)).map { _ in
          signs.randomElement(using: &random) ?? "a"
        }
        values.append("x" + String(inside) + "x")
      }
      expected.append(values)
      values.append("2026-05-31T20:00Z")
      text += values.map { value in
        let mustQuote = value.contains { "\",;\t".contains($0) }
        guard mustQuote || Bool.random(using: &random) else { return value }
        return "\"" + value.replacing("\"", with: "\"\"") + "\""
      }.joined(separator: String(separator))
      text += lineEnd
    }
    let batch = try Self.read(text).batch
    #expect(batch.refusals == [], "seed \(seed)")
    let found = batch.rows.map { row in
      let screening = batch.screening(row)
      return [
        screening.id, screening.place.facility, screening.place.auditorium,
        screening.work.release,
      ]
    }
    #expect(found == expected, "seed \(seed)")
  }

  @Test("no bytes end the program", arguments: 0..<200 as Range<UInt64>)
  func noise(_ seed: UInt64) {
    var random = SeededRandom(seed: seed)
    var bytes = Array((Self.full + Self.russian).utf8)
    for _ in 0..<Int.random(in: 1...20, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0...3, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(UInt8(ascii: "\""), at: place)
      default: bytes.removeSubrange(place..<min(bytes.count, place + 9))
      }
    }
    _ = try? ScreeningTable.read(bytes)
  }
}
