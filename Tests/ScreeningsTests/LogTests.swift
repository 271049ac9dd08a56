import Foundation
import Screenings
import TestSupport
import Testing

@Suite("Playout logs")
struct PlayoutLogTests {
  private static func log(_ text: String) throws -> PlayoutLog {
    guard case .log(let log) = try ScreeningDocument.read(Array(text.utf8)) else {
      throw ScreeningsError(.unknownKind, "not a log")
    }
    return log
  }

  private static let places = [
    "AAAAAAAAAAAAAAAAAAAAAAAAAAA=": ScreeningPlace(facilityID: "f1", auditorium: "1"),
    "urn:uuid:0a1b2c3d-0000-4000-8000-0000000000d2": ScreeningPlace(
      facilityID: "f1",
      auditorium: "2"
    ),
  ]

  @Test("give a screening for each composition that a device played")
  func screenings() throws {
    let log = try Self.log(try Samples.text("log.xml"))
    #expect(log.deviceIDs.sorted() == Self.places.keys.sorted())
    let batch = try log.screenings(place: { Self.places[$0] })
    #expect(batch.refusals == [])
    let found = batch.rows.map { row in
      let screening = batch.screening(row)
      return [
        screening.place.auditorium, String((screening.work.cplID ?? "").suffix(2)),
        screening.start.text, screening.end?.text ?? "-",
      ]
    }
    #expect(
      found == [
        ["1", "7a", "2026-05-31T18:20:00Z", "2026-05-31T18:22:00Z"],
        ["1", "ab", "2026-05-31T18:22:01Z", "2026-05-31T19:02:10Z"],
        // Without a record of its end: it lasts to the end of the show.
        ["2", "ab", "2026-05-31T18:30:00Z", "2026-05-31T19:12:00Z"],
        // Still playing when the log was taken.
        ["1", "ab", "2026-05-31T21:00:00Z", "-"],
      ]
    )
    #expect(Set(batch.rows.map(\.id)).count == 4)
    #expect(try log.screenings(place: { Self.places[$0] }).rows == batch.rows)
  }

  @Test("of devices that nobody knows are refused record by record")
  func unknownDevices() throws {
    let log = try Self.log(try Samples.text("log.xml"))
    let batch = try log.screenings(place: { $0.hasPrefix("urn") ? Self.places[$0] : nil })
    #expect(batch.rows.count == 1)
    #expect(batch.refusals.count == 3)
    #expect(batch.refusals.allSatisfy { $0.message.contains("in no facility list") })
  }

  @Test(
    "whose clock jumps are refused as a whole, with the line",
    arguments: [
      // Back by an hour.
      ("2026-05-31T19:02:11+00:00", "2026-05-31T18:02:11+00:00", "jumps back by 3599 s"),
      ("2026-05-31T18:22:00+00:00", "2026-05-31T18:19:54+00:00", "jumps back by 6 s"),
      ("2026-05-31T21:00:00+00:00", "2006-05-31T21:00:00+00:00", "jumps back by"),
      // Forward inside of a composition: 28,800 frames do not take three hours.
      ("2026-05-31T19:02:10+00:00", "2026-05-31T21:45:10+00:00", "jumps forward by"),
      ("2026-05-31T19:12:00+00:00", "2026-06-01T19:12:00+00:00", "jumps forward by"),
      ("2026-05-31T18:22:00+00:00", "2036-05-31T18:22:00+00:00", "jumps forward by"),
    ]
  )
  func jumps(_ from: String, to: String, how: String) throws {
    let good = try Samples.text("log.xml")
    let place = try #require(good.firstRange(of: from))
    let text = good.replacingCharacters(in: place, with: to)
    let line = 1 + good[..<place.lowerBound].count { $0 == "\n" }
    let log = try Self.log(text)
    #expect {
      try log.screenings(place: { Self.places[$0] })
    } throws: { error in
      let error = error as? ScreeningsError
      guard error?.code == .clockJump, error?.message.contains(how) == true else { return false }
      // The record begins three lines before its time; a jump forward shows at its own record.
      return error?.line == line - 3
    }
  }

  @Test("a known length makes a jump of two hours one")
  func knownLength() throws {
    let good = try Samples.text("log.xml")
    let text = good.replacing("2026-05-31T19:12:00+00:00", with: "2026-05-31T21:12:00+00:00")
    let log = try Self.log(text)
    #expect(try log.screenings(place: { Self.places[$0] }).rows.count == 4)
    #expect {
      try log.screenings(place: { Self.places[$0] }, duration: { _ in 2408 })
    } throws: {
      ($0 as? ScreeningsError)?.code == .clockJump
    }
  }

  @Test(
    "with a record that makes no sense are refused with its line",
    arguments: [
      ("<TimeStamp>2026-05-31T18:22:00+00:00<", "<TimeStamp>2026-05-31T18:22:00<"),
      ("<TimeStamp>2026-05-31T18:22:00+00:00<", "<TimeStamp>2026-02-30T18:22:00+00:00<"),
      ("<TimeStamp>2026-05-31T18:22:00+00:00</TimeStamp>", ""),
    ]
  )
  func badRecords(_ from: String, to: String) throws {
    let text = try Samples.text("log.xml").replacing(from, with: to)
    #expect {
      try Self.log(text)
    } throws: { error in
      let error = error as? ScreeningsError
      return error?.code == .badValue && error?.line != nil
    }
  }
}
