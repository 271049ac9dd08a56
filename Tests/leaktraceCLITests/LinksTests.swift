import Casebook
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("leaktrace links and brand candidates")
struct LinksTests {
  /// Three leaks: two with ads of a known brand, two with ads of one that nobody knows.
  private static func record(_ program: Program, picture: [UInt8]? = nil) throws {
    #expect(try program.run(["brand", "add", "Known", "--kind", "casino"]).status == 0)
    let casebook = try Casebook.open(
      at: FilePath(program.library),
      mode: .readWrite(createFolder: false)
    )
    let names = [
      "Film.2020.TS-=GRP.mkv", "Film.2020.HDCAM-=GRP.mkv", "Фильм (2021) TS [группа].mp4",
    ]
    for (index, name) in names.enumerated() {
      var known = SightingEntry(kind: "corner_logo", startSeconds: 0, endSeconds: 10)
      known.brandID = "known"
      known.marks = [.init(kind: "domain", value: "known.example")]
      var unknown = SightingEntry(kind: "banner", startSeconds: 20, endSeconds: 30)
      unknown.text = "Казино\u{1B}[31m Сфинкс \(index)"
      unknown.marks = [
        .init(kind: "promo_code", value: "SPHINX"), .init(kind: "url", value: "sphinx.example/x"),
      ]
      unknown.picture = picture
      let seen: Int64 = 1_700_000_000 + Int64(index) * 86_400
      try casebook.record(
        leak: LeakEntry(
          sha256: ContentDigest.of(Array(name.utf8)),
          sizeBytes: 10,
          path: Array("/in/\(name)".utf8),
          seenAt: seen,
          analysedAt: seen,
          toolVersion: "1"
        ),
        matches: index < 2
          ? [
            MatchEntry(
              releaseID: "r-0123456789abcdef",
              title: "Film\u{202E}",
              log10P: -9,
              coverage: 1
            )
          ] : [],
        sightings: [[known], [known, unknown], [unknown]][index]
      )
    }
  }

  @Test("show, filter and export the history")
  func history() throws {
    let program = try Program()
    try Self.record(program)
    let plain = try program.run(["links"])
    #expect(plain.status == 0, "\(plain.errorText)")
    #expect(plain.lines.count == 2)
    #expect(plain.lines[1].contains("Known  =GRP   Film\\u{202E}"))
    #expect(plain.lines[1].hasSuffix("2023-11-14  2023-11-15"))
    let json = try program.run(["links", "--json", "--unknown"])
    let report = try #require(try json.documents().first)
    #expect(try JSONSchema(named: "links-1").flaws(of: report) == [])
    let links = report["links"]?.elements ?? []
    #expect(links.map { $0["leaks"] } == [.number(2), .number(1), .number(1)])
    #expect(links.last?["group"] == .text("группа"))
    #expect(links.last?["title"] == .text("Фильм"))
    #expect(links.last?["title_matched"] == .boolean(false))
    #expect(try program.run(["links", "--since", "2023-11-17"]).text.isEmpty)
    #expect(try program.run(["links", "--group", "=grp", "--brand", "KNOWN"]).lines.count == 2)

    let files = [
      "--csv", "l.csv", "--csv-separator", ";", "--svg", "l.svg", "--stix", "s.json", "--misp",
      "m.json",
    ]
    #expect(try program.run(["links"] + files).status == 0)
    func text(_ name: String) throws -> String {
      try String(contentsOf: program.folder.url.appendingPathComponent(name), encoding: .utf8)
    }
    #expect(try text("l.csv").contains(";'=GRP;Film\\u{202E};yes;;2;2;2023-11-14T22:13:20Z;"))
    #expect(try text("l.svg").hasPrefix("<svg "))
    #expect(try JSONSchema(named: "links-stix-1").flaws(of: JSON(parsing: text("s.json"))) == [])
    #expect(try JSONSchema(named: "links-misp-1").flaws(of: JSON(parsing: text("m.json"))) == [])
    let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.url.path)
    #expect(!names.contains { $0.hasPrefix(".leaktrace-") })
  }

  @Test("candidates become a brand with a logo of their picture, and links know it")
  func acceptance() throws {
    let program = try Program()
    let made = try program.shell(
      "ffmpeg -v error -y -f lavfi -i testsrc2=size=64x32 -frames:v 1 p.png"
    )
    #expect(made.status == 0)
    let picture = try Data(contentsOf: program.folder.url.appendingPathComponent("p.png"))
    try Self.record(program, picture: Array(picture))
    let listed = try program.run(["brand", "candidates", "--json"])
    let report = try #require(try listed.documents().first)
    #expect(try JSONSchema(named: "brand-candidates-1").flaws(of: report) == [])
    let group = try #require(report["groups"]?.elements.first)
    #expect(report["groups"]?.elements.count == 1)
    #expect(group["leaks"] == .number(2))
    #expect(group["domains"] == .list([.text("sphinx.example")]))
    let path = try #require(group["picture"]?.string)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == picture)
    let id = try #require(group["group_id"]?.string)
    let plain = try program.run(["brand", "candidates"])
    #expect(plain.lines.first == "\(id)  2 leaks, 2 ads, 2023-11-15 to 2023-11-16")
    #expect(plain.text.contains("Казино\\u{1B}[31m Сфинкс"))

    #expect(try program.run(["brand", "accept", id]).status == 2)
    #expect(try program.run(["brand", "accept", "c-none", "--name", "X"]).status == 2)
    #expect(try program.run(["brand", "accept", id, "--name", "known"]).status == 2)
    let accepted = try program.run([
      "brand", "accept", String(id.prefix(6)), "--name", "Казино Сфинкс", "--kind", "casino",
      "--json",
    ])
    #expect(accepted.status == 0, "\(accepted.errorText)")
    let document = try #require(try accepted.documents().first)
    #expect(try JSONSchema(named: "brand-add-1").flaws(of: document) == [])
    #expect(document["relabelled_sightings"] == .number(2))
    let brand = document["brands"]?.elements.first?["brand"]
    #expect(brand?["brand_id"] == .text("kazino-sfinks"))
    #expect(brand?["promo_codes"] == .list([.text("SPHINX")]))
    #expect(brand?["logos"]?.elements.first?["width"] == .number(64))
    #expect(try program.run(["brand", "candidates"]).text.isEmpty)
    #expect(try program.run(["links", "--brand", "казино сфинкс"]).lines.count == 3)
    #expect(try program.run(["reference", "list"]).status == 10)
  }

  @Test("of a library without history are empty, and of no library an error")
  func empty() throws {
    let program = try Program()
    #expect(try program.run(["links"]).status == 10)
    #expect(try program.run(["brand", "candidates"]).status == 10)
    #expect(try program.run(["brand", "add", "X"]).status == 0)
    let plain = try program.run(["links"])
    #expect(plain.status == 0)
    #expect(plain.text.isEmpty)
    let report = try #require(try program.run(["links", "--json"]).documents().first)
    #expect(try JSONSchema(named: "links-1").flaws(of: report) == [])
  }

  @Test("ask for what makes sense only")
  func usage() throws {
    let program = try Program()
    #expect(try program.run(["brand", "add", "X"]).status == 0)
    let cases = [
      ["--since", "yesterday"], ["--since", "2024-02-30"], ["--csv-separator", "x"],
      ["--brand", "none"],
    ]
    for arguments in cases {
      #expect(try program.run(["links"] + arguments).status == 2, "\(arguments)")
    }
    let unwritable = try program.run(["links", "--csv", "nowhere/x.csv"])
    #expect(unwritable.status == 4)
    #expect(unwritable.errorText.contains("nowhere/x.csv: cannot write it"))
  }
}
