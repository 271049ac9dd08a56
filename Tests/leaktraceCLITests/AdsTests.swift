import Foundation
import TestSupport
import Testing

@Suite("leaktrace ads, and the ads of match")
struct AdsTests {
  /// A program whose library holds a film and a brand that is known by its sign alone.
  private func prepared() throws -> Program {
    let program = try Program()
    try program.copy(.figures, as: "figures.mp4")
    try program.copy(.sign, as: "sign.png")
    try program.copy(.signLeak, as: "leak.mp4")
    let added = try program.run(["reference", "add", "figures.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    let brand = try program.run(["brand", "add", "Quadrat", "--logo", "sign.png"])
    try #require(brand.status == 0, "\(brand.errorText)")
    return program
  }

  @Test("find a sign in a corner, name its brand, show and record it")
  func sign() throws {
    let program = try prepared()
    let outcome = try program.run(["match", "--json", "leak.mp4"])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let document = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    let ads = document["ads"]?.elements ?? []
    let ad = try #require(ads.first)
    #expect(ads.count == 1)
    #expect(ad["kind"] == .text("corner_logo") && ad["brand"] == .text("Quadrat"))
    #expect(ad["evidence"]?.elements.contains(.text("reference")) == true)
    #expect(ad["evidence"]?.elements.contains(.text("logo")) == true)
    #expect(abs((ad["leak_start"]?.double ?? 0) - 2) <= 0.5)
    #expect(abs((ad["leak_end"]?.double ?? 0) - 12) <= 0.5)
    // 350 of 480 and 16 of 270 pixels.
    let box = try #require(ad["boxes"]?.elements.last)
    #expect(abs((box["x"]?.double ?? 0) - 0.729) < 0.04)
    #expect(abs((box["y"]?.double ?? 0) - 0.059) < 0.06)
    let picture = try #require(ad["picture"]?.string)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: picture))
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))

    let links = try program.run(["links", "--json"])
    #expect(links.text.contains("Quadrat"))
  }

  @Test("are listed by themselves, with pictures where they are asked for")
  func command() throws {
    let program = try prepared()
    let outcome = try program.run([
      "ads", "--json", "--no-record", "--pictures", "seen", "leak.mp4",
    ])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let document = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "ads-1").flaws(of: document) == [])
    #expect(document["status"] == .text("found"))
    #expect(document["film"]?["title"] == .text("figures"))
    let picture = try #require(document["ads"]?.elements.first?["picture"]?.string)
    #expect(picture.hasPrefix("seen/") && picture.hasSuffix("-001-corner_logo.png"))
    #expect(FileManager.default.fileExists(atPath: program.folder.path(picture)))
    let links = try program.run(["links", "--json"])
    #expect(!links.text.contains("Quadrat"))
    let text = try program.run(["ads", "--no-record", "leak.mp4"])
    #expect(text.text.hasPrefix("leak.mp4: 1 ad in figures\n"))
    #expect(
      text.lines.contains { $0.hasPrefix("  corner_logo  00:00:0") && $0.contains("Quadrat") }
    )
  }

  @Test("of a film without any are none, with exit status 1")
  func none() throws {
    let program = try prepared()
    try program.copy(.leak, as: "clean.mp4")
    let outcome = try program.run(["ads", "--json", "clean.mp4"])
    #expect(outcome.status == 1, "\(outcome.errorText)")
    let document = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "ads-1").flaws(of: document) == [])
    #expect(document["status"] == .text("none") && document["ads"]?.elements.isEmpty == true)
    let without = try program.run(["match", "--no-ads", "--json", "leak.mp4"])
    #expect(try without.documents().first?["ads"] == nil)
  }

  @Test("change nothing in the library where nothing is to be recorded")
  func noRecord() throws {
    let program = try prepared()
    let before = try program.libraryContents()
    #expect(try program.run(["match", "--no-record", "leak.mp4"]).status == 0)
    #expect(try program.libraryContents() == before)
  }

  @Test("of a file that is no film are a failure that says so")
  func damaged() throws {
    let program = try prepared()
    try Data("not a film".utf8).write(to: program.folder.url.appendingPathComponent("x.mp4"))
    let outcome = try program.run(["ads", "--json", "x.mp4"])
    #expect(outcome.status == 3)
    let document = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "ads-1").flaws(of: document) == [])
    #expect(document["status"] == .text("failed"))
  }
}
