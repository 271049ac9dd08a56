import Foundation
import ReferenceLibrary
import TestSupport
import Testing

@Suite("Release metadata")
struct MetadataTests {
  private func problem(_ change: (inout ReleaseMetadata) -> Void) -> String? {
    var metadata = ReleaseMetadata(title: "A film")
    change(&metadata)
    do {
      _ = try metadata.validated()
      return nil
    } catch {
      #expect(error.code == .invalidMetadata)
      #expect(!error.description.contains { $0.isNewline })
      #expect(error.description.utf8.count < 600)
      return error.description
    }
  }

  @Test("accepts registered identifiers and rejects every single wrong digit of them")
  func identifiers() throws {
    // From the public pages of the registries: Blade Runner, and the example of ISO 15706.
    let eidr = "10.5240/7791-8534-2C23-9030-8610-5"
    let isan = "0000-0000-3A8D-0000-Z-0000-0000-6"
    #expect(problem { $0.eidr = eidr } == nil)
    #expect(problem { $0.isan = isan } == nil)
    #expect(problem { $0.isan = "0000-0000-3A8D-0000-Z" } == nil)
    #expect(problem { $0.isan = "isan: 0000-0001-8947-0000-8-0000-0000-D" } == nil)
    for (index, character) in eidr.enumerated() where index > 7 && character != "-" {
      var wrong = Array(eidr)
      wrong[index] = character == "1" ? "2" : "1"
      #expect(problem { $0.eidr = String(wrong) } != nil, "\(String(wrong))")
    }
    for (index, character) in isan.enumerated() where character != "-" {
      var wrong = Array(isan)
      wrong[index] = character == "1" ? "2" : "1"
      #expect(problem { $0.isan = String(wrong) } != nil, "\(String(wrong))")
    }
  }

  @Test(
    "names the field and the value that is wrong",
    arguments: [
      ("eidr", "10.5240/7791-8534-2C23-9030-8610"), ("eidr", "10.5239/7791-8534-2C23-9030-8610-5"),
      ("eidr", "10.5240/7791-8534-2C23-9030-8G10-5"), ("eidr", "10.5240/"), ("isan", "1234"),
      ("isan", "----"), ("cpl_id", "0a1b2c3d-0000-4000-8000-0123456789a"),
      ("cpl_id", "0a1b2c3d-0000-4000-8000-0123456789ag"), ("release_date", "2023-02-29"),
      ("release_date", "1900-02-29"), ("release_date", "2024-13-01"), ("release_date", "2024-1-1"),
      ("release_date", "31.12.2024"), ("release_date", "２０２４-01-01"),
      ("release_date", "-024-01-01"),
      ("release_date", "+024-01-01"),
    ]
  )
  func namesTheField(field: String, value: String) throws {
    let message = try #require(
      problem { metadata in
        switch field {
        case "eidr": metadata.eidr = value
        case "isan": metadata.isan = value
        case "cpl_id": metadata.cplID = value
        default: metadata.releaseDate = value
        }
      }
    )
    #expect(message.contains("\(field): \"\(value)\""))
  }

  @Test("takes leap days and empty optional fields")
  func accepts() throws {
    #expect(problem { $0.releaseDate = "2000-02-29" } == nil)
    var metadata = ReleaseMetadata(title: " A film ")
    metadata.eidr = " "
    metadata.version = ""
    metadata.alternativeNames = ["", "B", "B"]
    let valid = try metadata.validated()
    #expect(valid.title == "A film" && valid.eidr == nil && valid.version == nil)
    #expect(valid.alternativeNames == ["B"])
  }

  @Test("rejects control characters and text without end")
  func rejectsHostileText() {
    for title in ["", "  ", "\u{0}", "A\u{0}B", "A\nB", "A\u{1B}[2J", "A\u{85}", "A\u{2028}B"] {
      #expect(problem { $0.title = title } != nil)
    }
    let megabyte = String(repeating: "ж", count: 1 << 19)
    #expect(problem { $0.title = megabyte } != nil)
    #expect(problem { $0.source = megabyte } != nil)
    #expect(problem { $0.eidr = megabyte } != nil)
    #expect(problem { $0.alternativeNames = [megabyte] } != nil)
    #expect(problem { $0.alternativeNames = Array(repeating: "x", count: 65) } != nil)
    #expect(problem { $0.title = String(repeating: "x", count: 1024) } == nil)
    #expect(problem { $0.title = String(repeating: "x", count: 1025) } != nil)
  }

  @Test("comes back from the library as it was, whatever it looks like")
  func keepsHostileText() throws {
    let place = try Place()
    let library = try place.open()
    let titles = [
      "'); DROP TABLE release; --", "\"quoted\" and 'quoted'", "?1 :name @x $y", "%_\\",
      "\u{202E}desrever\u{202C}", "שלום עולם", "🎬👨‍👩‍👧‍👦", "e\u{301}", "NULL", "x'00'",
      "../../../etc/passwd",
      "\u{FEFF}bom", "\u{10FFFF}",
    ]
    for (number, title) in titles.enumerated() {
      var metadata = Fixtures.metadata(title)
      metadata.alternativeNames = titles
      metadata.source = title
      let result = try library.commit(
        try library.beginAdd(),
        metadata: metadata,
        media: Fixtures.media(number),
        algorithm: 1,
        sections: [],
        addedAt: .min
      )
      let expected = try metadata.validated()
      let stored = try library.release(id: result.release.id)
      #expect(stored.metadata == expected)
      #expect(Array(stored.metadata.title.unicodeScalars) == Array(expected.title.unicodeScalars))
      #expect(try library.releases(titlePrefix: title).contains(stored))
    }
    #expect(try library.titles().count == titles.count)
    #expect(try library.verify().isClean)
  }

  @Test("joins titles that differ only in how their accents are written")
  func normalises() throws {
    let place = try Place()
    let library = try place.open()
    try Fixtures.add(1, to: library, title: "Ame\u{301}lie")
    try Fixtures.add(2, to: library, title: "Am\u{E9}lie")
    #expect(try library.titles().count == 1)
  }

  @Test("reads a document that has nothing but a title")
  func decodes() throws {
    let document = Data(#"{"title": "A film", "releaseDate": "2024-05-31"}"#.utf8)
    let metadata = try JSONDecoder().decode(ReleaseMetadata.self, from: document)
    #expect(metadata.title == "A film" && metadata.releaseDate == "2024-05-31")
    let copy = try JSONDecoder().decode(
      ReleaseMetadata.self,
      from: try JSONEncoder().encode(metadata)
    )
    #expect(copy == metadata)
  }
}
