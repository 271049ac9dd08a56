import Casebook
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Brands")
struct BrandTests {
  private static func withFiles(_ id: String, _ name: String) -> (Brand, [BrandFile]) {
    var brand = Fixture.brand(id, name)
    let logo = BrandFile(Array("logo of \(id)".utf8))
    let clip = BrandFile(Array("clip of \(id)".utf8))
    brand.logos = [.init(name: "\(id)/main.png", digest: logo.digest, width: 10, height: 5)]
    brand.creatives = [
      .init(
        name: "clip.mp4",
        sourceDigest: Fixture.digest(id),
        durationSeconds: 12.5,
        digest: clip.digest
      )
    ]
    brand.extra = #"{"note":"x"}"#
    return (brand, [logo, clip])
  }

  @Test("come back as they were given, with their files")
  func roundTrip() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    let (brand, files) = Self.withFiles("azarto", "АZARTO \"77\"; DROP TABLE brand")
    #expect(try casebook.add([brand], files: files) == [.added])
    #expect(try fixture.open(.readOnly).brands() == [brand])
    #expect(try casebook.brand("azarto") == brand)
    #expect(try casebook.brand("  аzarto  \"77\"; drop table BRAND ") == brand)
    #expect(try casebook.brandFile(files[0].digest) == files[0].bytes)
    #expect(throws: CasebookError.self) { try casebook.brandFile("../../etc/passwd") }
  }

  @Test("that are there already stay as they are, and others are replaced only on request")
  func repetition() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    let (brand, files) = Self.withFiles("a", "A")
    try casebook.add([brand], files: files)
    let before = try fixture.contents()
    var later = brand
    later.addedAt += 100
    #expect(try casebook.add([later], files: files) == [.unchanged])
    #expect(try fixture.contents() == before)
    later.kind = "sport"
    #expect { try casebook.add([later], files: files) } throws: {
      ($0 as? CasebookError)?.code == .duplicate
    }
    #expect(try fixture.contents() == before)
    try casebook.record(
      leak: Fixture.leak("x.mkv"),
      matches: [],
      sightings: [Fixture.sighting(brand: "a")]
    )
    #expect(try casebook.add([later], files: files, mayReplace: true) == [.replaced])
    #expect(try casebook.brand("a").kind == "sport")
    #expect(try casebook.sightings(ofLeak: Fixture.leak("x.mkv").sha256)[0].brandID == "a")
  }

  @Test("of which one is wrong are not added at all")
  func allOrNothing() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    let before = try fixture.contents()
    let (good, files) = Self.withFiles("good", "Good")
    func refused(_ code: CasebookError.Code, _ words: String, _ change: (inout Brand) -> Void)
      throws
    {
      var bad = Fixture.brand("bad", "Bad")
      change(&bad)
      #expect {
        try casebook.add([good, bad], files: files)
      } throws: { error in
        let error = error as? CasebookError
        return error?.code == code && error?.message.contains(words) == true
      }
      #expect(try fixture.contents() == before)
    }
    try refused(.duplicate, "identifier \"good\"") { $0.id = "good" }
    try refused(.duplicate, "name \"gOOD\"") { $0.name = "gOOD" }
    try refused(.invalidValue, "identifier") { $0.id = "../x" }
    try refused(.invalidValue, "identifier") { $0.id = "" }
    try refused(.invalidValue, "name is empty") { $0.name = "  " }
    try refused(.invalidValue, "control characters") { $0.name = "a\u{1B}[2J" }
    try refused(.invalidValue, "domain") { $0.domains = ["http://x.example/"] }
    try refused(.invalidValue, "(a+)+") { $0.promoPatterns = ["(a+)+"] }
    try refused(.invalidValue, "refused") { $0.mirrorPatterns = ["["] }
    try refused(.invalidValue, "longer") { $0.texts = [String(repeating: "x", count: 501)] }
    try refused(.invalidValue, "file of it is missing") {
      $0.logos = [.init(name: "a.png", digest: Fixture.digest("no"), width: 1, height: 1)]
    }
    try refused(.invalidValue, "not a path below") {
      $0.logos = [.init(name: "../a.png", digest: files[0].digest, width: 1, height: 1)]
    }
  }

  @Test("go with the files that nothing else names, and their sightings become unknown")
  func removal() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    let (one, files) = Self.withFiles("one", "One")
    var two = Fixture.brand("two", "Two")
    two.logos = one.logos
    try casebook.add([one, two], files: files)
    let leak = Fixture.leak("x.mkv")
    try casebook.record(leak: leak, matches: [], sightings: [Fixture.sighting(brand: "one")])
    #expect { try casebook.removeBrands(["one", "three"]) } throws: {
      ($0 as? CasebookError)?.code == .noSuchBrand
    }
    #expect(try casebook.brands().count == 2)
    #expect(try casebook.removeBrands(["One", "one"]).map(\.id) == ["one"])
    #expect(try casebook.brandFile(files[0].digest) == files[0].bytes)
    #expect(throws: CasebookError.self) { try casebook.brandFile(files[1].digest) }
    let sighting = try casebook.sightings(ofLeak: leak.sha256)[0]
    #expect(sighting.brandID == nil)
    #expect(sighting.brandConfidence == nil)
    try casebook.removeBrands(["two"])
    #expect(throws: CasebookError.self) { try casebook.brandFile(files[0].digest) }
  }

  @Test("have a file refused whose bytes have changed")
  func changedFile() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let casebook = try fixture.open()
    let (brand, files) = Self.withFiles("a", "A")
    try casebook.add([brand], files: files)
    let digest = files[0].digest
    let path = "\(fixture.path.string)/brands/\(digest.prefix(2))/\(digest)"
    try Data("other".utf8).write(to: URL(fileURLWithPath: path))
    #expect { try casebook.brandFile(digest) } throws: {
      ($0 as? CasebookError)?.code == .damaged
    }
  }

  @Test("get identifiers from names in any script")
  func identifiers() {
    #expect(Brand.identifier(for: "AZARTO-77") == "azarto-77")
    #expect(Brand.identifier(for: "Казино Рубин") == "kazino-rubin")
    #expect(Brand.identifier(for: "  --Щит!! ") == "schit")
    let other = Brand.identifier(for: "赌场")
    #expect(other.hasPrefix("brand-") && other != Brand.identifier(for: "赌"))
  }
}
