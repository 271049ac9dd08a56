import Foundation
import Screenings
import TestSupport
import Testing

@Suite("XML of cinemas and their servers")
struct ScreeningXMLTests {
  private static func read(_ text: String) throws -> ScreeningDocument {
    try ScreeningDocument.read(Array(text.utf8))
  }

  private static func composition(_ text: String) throws -> Composition {
    guard case .composition(let composition) = try read(text) else {
      throw ScreeningsError(.unknownKind, "not a composition")
    }
    return composition
  }

  private static func facility(_ text: String) throws -> Facility {
    guard case .facility(let facility) = try read(text) else {
      throw ScreeningsError(.unknownKind, "not a facility")
    }
    return facility
  }

  @Test("a composition is read, of SMPTE and of Interop")
  func composition() throws {
    let smpte = try Samples.text("cpl-smpte.xml")
    let interop = smpte.replacing(
      "http://www.smpte-ra.org/schemas/429-7/2006/CPL",
      with: "http://www.digicine.com/PROTO-ASDCP-CPL-20040511#"
    )
    for text in [smpte, interop, "\u{FEFF}" + smpte.replacing("\n", with: "\r\n")] {
      let composition = try Self.composition(text)
      #expect(composition.id == "0a1b2c3d-0000-4000-8000-0123456789ab")
      #expect(composition.title == "The Salt Road")
      #expect(composition.annotation == "SaltRoad_FTR_S_EN-XX_51_2K & more")
      #expect(composition.issueDate == "2026-04-01T10:00:00+00:00")
      #expect(composition.kind == "feature")
      #expect(composition.editRate == .init(numerator: 24, denominator: 1))
      #expect(composition.reels == 2)
      #expect(composition.intrinsicDuration == 58_800)
      #expect(composition.duration == 57_800)
      #expect(composition.durationSeconds == 57_800.0 / 24)
    }
  }

  @Test(
    "a composition with an impossible value is refused with its line",
    arguments: [
      ("<Id>urn:uuid:0a1b2c3d-0000-4000-8000-0123456789ab</Id>", "<Id>urn:uuid:1</Id>", 4),
      ("<ContentTitleText>The Salt Road</ContentTitleText>", "", 3),
      ("<EditRate>24 1</EditRate>", "<EditRate>24 0</EditRate>", 17),
      ("<Duration>28800</Duration>", "<Duration>28801</Duration>", 15),
      ("<IntrinsicDuration>30000<", "<IntrinsicDuration>99999999999999999999<", 33),
      ("<EntryPoint>240<", "<EntryPoint>-240<", 34),
      (
        "<EditRate>24 1</EditRate>\n          <IntrinsicDuration>30000",
        "<EditRate>25 1</EditRate>\n          <IntrinsicDuration>30000", 31
      ),
    ]
  )
  func badComposition(_ from: String, to: String, line: Int) throws {
    let good = try Samples.text("cpl-smpte.xml")
    let range = try #require(good.firstRange(of: from))
    let text = good.replacingCharacters(in: range, with: to)
    #expect {
      try Self.read(text)
    } throws: { error in
      let error = error as? ScreeningsError
      return error?.code == .badValue && error?.line == line
    }
  }

  @Test("a facility is read with auditoriums, devices and marks")
  func facility() throws {
    let facility = try Self.facility(try Samples.text("facility.xml"))
    #expect(facility.id == "urn:x-facilityID:example.com:1234")
    #expect(facility.name == "Kino Eins")
    #expect(facility.circuit == "Independent")
    #expect(facility.address == "Hauptstr. 1")
    #expect(facility.city == "Berlin")
    #expect(facility.country == "DE")
    #expect(facility.zone == "Europe/Berlin")
    #expect(facility.auditoriums.map(\.name) == ["1", "Saal Ж"])
    #expect(facility.auditoriums[0].aspectRatio == "2.39")
    let device = try #require(facility.auditoriums[0].devices.first)
    #expect(device.id == "AAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    #expect(device.manufacturer == "Servers Ltd")
    #expect(device.model == "IMB-1")
    #expect(device.marks.map(\.kind) == ["picture", "audio", nil])
    #expect(device.marks.map(\.manufacturer) == ["Marks Inc.", "Sound Marks", nil])
    #expect(device.marks[0].model == "Fence")
    #expect(device.marks[0].version == "3")
    #expect(device.marks[2].algorithm == "urn:example:mark:1")
    #expect(device.marks[2].markID == 4711)
    #expect(facility.auditoriums[1].devices.first?.manufacturer == "Servers Ltd")
    let newer = try Samples.text("facility.xml").replacing(
      "http://www.smpte-ra.org/schemas/430-7/20XX/FLM",
      with: "http://www.smpte-ra.org/ns/430-16/2017/FLM"
    )
    #expect(try Self.facility(newer) == facility)
  }

  @Test("a facility list of 2008 lies in a security message")
  func oldFacility() throws {
    let facility = try Self.facility(try Samples.text("facility-2008.xml"))
    #expect(facility.name == "Old Palace")
    #expect(facility.devices.first?.id == "BBBBBBBBBBBBBBBBBBBBBBBBBBB=")
    #expect(facility.devices.first?.marks.first?.markID == 99)
    let partial = try Samples.text("facility-2008.xml").replacing(">false<", with: ">true<")
    #expect {
      try Self.read(partial)
    } throws: {
      ($0 as? ScreeningsError)?.message.contains("partial") == true
    }
  }

  /// Documents that no honest server writes, each with the line of its trouble.
  private static let hostile: [(String, ScreeningsError.Code, Int?)] = [
    // A billion laughs.
    (
      """
      <?xml version="1.0"?>
      <!DOCTYPE lolz [
       <!ENTITY lol "lol">
       <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
      ]>
      <lolz>&lol2;</lolz>
      """, .unsafeXML, 2
    ),
    // An external entity.
    (
      """
      <?xml version="1.0"?>

      <!DOCTYPE CompositionPlaylist [<!ENTITY x SYSTEM "file:///etc/passwd">]>
      <CompositionPlaylist xmlns="http://www.smpte-ra.org/schemas/429-7/2006/CPL">&x;</CompositionPlaylist>
      """, .unsafeXML, 3
    ),
    ("<a>\n<!DOCTYPE a></a>", .unsafeXML, 2),
    ("<a>\n&lol;</a>", .unsafeXML, 2),
    (String(repeating: "<a>\n", count: 100), .unsafeXML, 65),
    ("<?xml version='1.0' encoding='UTF-7'?>\n<a/>", .badEncoding, 1),
    ("<?xml version='1.0' encoding=\"windows-1251\"?>\n<a/>", .badEncoding, 1),
    ("<a>\n\u{1}</a>", .badEncoding, 2),
    ("<a>\n<b></a>", .brokenXML, 2),
    ("<a>\n", .brokenXML, 2),
    ("<a/>\n<b/>", .brokenXML, 2),
    ("<a/>\nx", .brokenXML, 2),
    ("<a>\n<b x=1/></a>", .brokenXML, 2),
    ("<a>\n<b x='1' x='2'/></a>", .brokenXML, 2),
    ("<a>\n<b x='<'/></a>", .brokenXML, 2),
    ("<a>\n<y:b/></a>", .brokenXML, 2),
    ("<a>\n& </a>", .brokenXML, 2),
    ("<a>\n&#0;</a>", .brokenXML, 2),
    ("<a>\n<!-- </a>", .brokenXML, 2),
    ("<a>\n<![CDATA[ </a>", .brokenXML, 2),
    ("<", .brokenXML, 1),
    ("\n<html xmlns='urn:x'/>", .unknownKind, 2),
    ("<CompositionPlaylist xmlns='http://www.smpte-ra.org/schemas/2067-3/2013'/>", .unknownKind, 1),
  ]

  @Test("that is hostile or broken is refused with line and cause", arguments: hostile.indices)
  func hostileXML(_ index: Int) {
    let (text, code, line) = Self.hostile[index]
    #expect {
      try Self.read(text)
    } throws: { error in
      let error = error as? ScreeningsError
      return error?.code == code && error?.line == line
    }
  }

  @Test("a document in UTF-16 hides nothing")
  func otherEncodings() throws {
    let text: [UInt8] = "<!DOCTYPE a []><a/>".utf16.flatMap { unit in
      [UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8)]
    }
    let mark: [UInt8] = [0xFF, 0xFE]
    for bytes in [text, mark + text] {
      #expect {
        try ScreeningDocument.read(bytes)
      } throws: {
        ($0 as? ScreeningsError)?.code == .badEncoding
      }
    }
  }

  @Test("no bytes end the program", arguments: 0..<200 as Range<UInt64>)
  func noise(_ seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let names = ["cpl-smpte.xml", "facility.xml", "facility-2008.xml", "log.xml"]
    var bytes = try Samples.bytes(names[Int(seed % 4)])
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0...2, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      default: bytes.removeSubrange(place..<min(bytes.count, place + 40))
      }
    }
    let document = try? ScreeningDocument.read(bytes)
    if case .log(let log) = document {
      _ = try? log.screenings(place: { _ in ScreeningPlace(facility: "K", auditorium: "1") })
    }
  }
}
