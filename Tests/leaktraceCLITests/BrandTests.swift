import Foundation
import TestSupport
import Testing

@Suite("leaktrace brand")
struct BrandTests {
  /// A PNG picture that ffmpeg makes.
  private static func logo(_ program: Program, _ name: String, _ size: String = "64x32") throws {
    let outcome = try program.shell(
      "mkdir -p \"$(dirname \"$1\")\"; ffmpeg -v error -y -f lavfi -i \"testsrc2=size=$2\" -frames:v 1 -pix_fmt rgba \"$1\"",
      [name, size]
    )
    #expect(outcome.status == 0, "\(outcome.errorText)")
  }

  private static func write(_ text: String, _ program: Program, _ name: String) throws {
    try Data(text.utf8).write(to: program.folder.url.appendingPathComponent(name))
  }

  @Test("adds, lists, shows and removes a brand with logo and clip")
  func wholeLife() throws {
    let program = try Program()
    try Self.logo(program, "x.png")
    try program.copy(.cells, as: "ad.mp4")
    let words = [
      "brand", "add", "Казино Икс", "--kind", "casino", "--text", "КАЗИНО ИКС", "--domain",
      "casino-x.example", "--mirror", "casino-?x[0-9]{0,3}\\.example", "--promo", "CX[0-9]{2,4}",
      "--promo-code", "KINOX", "--logo", "x.png", "--creative", "ad.mp4",
    ]
    let added = try program.run(words + ["--json"])
    #expect(added.status == 0, "\(added.errorText)")
    let line = try #require(try added.documents().first)
    #expect(try JSONSchema(named: "brand-add-1").flaws(of: line) == [])
    let brand = try #require(line["brands"]?.elements.first?["brand"])
    #expect(line["brands"]?.elements.first?["status"] == .text("added"))
    #expect(brand["brand_id"] == .text("kazino-iks"))
    #expect(brand["logos"]?.elements.first?["width"] == .number(64))
    #expect(brand["creatives"]?.elements.first?["duration"] == .number(15))
    #expect(brand["mirrors"] == .list([.text("casino-?x[0-9]{0,3}\\.example")]))

    let again = try program.run(words)
    #expect(again.lines == ["kazino-iks \"Казино Икс\": already there"])
    let other = try program.run(["brand", "add", "Казино Икс"])
    #expect(other.status == 2)
    #expect(other.errorText.contains("says something else"))

    let listed = try program.run(["brand", "list", "--json"])
    let list = try #require(try listed.documents().first)
    #expect(try JSONSchema(named: "brand-list-1").flaws(of: list) == [])
    #expect(list["brands"]?.elements == [brand])
    #expect(try program.run(["brand", "list"]).lines == ["kazino-iks  Казино Икс (casino)"])
    let shown = try program.run(["brand", "show", "казино ИКС"])
    #expect(shown.text.contains("promo pattern   CX[0-9]{2,4}\n"))
    #expect(shown.text.contains("logo            kazino-iks/x.png, 64x32\n"))

    #expect(try program.run(["brand", "remove", "kazino-iks", "none"]).status == 2)
    let removed = try program.run(["brand", "remove", "kazino-iks", "--json"])
    let removal = try #require(try removed.documents().first)
    #expect(try JSONSchema(named: "brand-remove-1").flaws(of: removal) == [])
    #expect(removal["removed"]?.elements == [brand])
    #expect(try program.run(["brand", "list"]).text.isEmpty)
    let left = try program.libraryContents().keys.filter { $0.hasPrefix("brands/") }
    #expect(left.allSatisfy { $0.count < 12 }, "\(left)")
  }

  @Test("does not come in the way of references, nor they in its")
  func besideReferences() throws {
    let program = try Program()
    #expect(try program.run(["brand", "add", "X"]).status == 0)
    try program.copy(.cells, as: "a.mp4")
    #expect(try program.run(["reference", "add", "a.mp4"]).status == 0)
    #expect(try program.run(["reference", "verify"]).status == 0)
    #expect(try program.run(["brand", "list"]).lines == ["x  X (gambling)"])
    #expect(try program.run(["doctor"]).status == 0)
  }

  @Test("refuses what is no logo, no clip, no pattern, with the cause, and changes nothing")
  func badInput() throws {
    let program = try Program()
    #expect(try program.run(["brand", "add", "Good"]).status == 0)
    let before = try program.libraryContents()
    try Self.write("not a picture", program, "text.png")
    try Self.logo(program, "x.png")
    try Self.logo(program, "tiny.png", "6x6")
    let whole = try Data(contentsOf: program.folder.url.appendingPathComponent("x.png"))
    try whole.prefix(whole.count / 2).write(
      to: program.folder.url.appendingPathComponent("half.png")
    )
    var flipped = whole
    flipped[whole.count / 2] ^= 0x10
    try flipped.write(to: program.folder.url.appendingPathComponent("flipped.png"))
    try program.copy(.sound, as: "sound.m4a")
    try program.copy(.truncated, as: "cut.mp4")
    let cases: [([String], Int32, String)] = [
      (["--logo", "text.png"], 3, "text.png: not a PNG picture"),
      (["--logo", "half.png"], 3, "half.png: "), (["--logo", "flipped.png"], 3, "flipped.png: "),
      (["--logo", "tiny.png"], 3, "too small"), (["--logo", "none.png"], 3, "no such file"),
      (["--logo", "."], 3, "not a regular file"),
      (["--creative", "sound.m4a"], 3, "sound.m4a: the file has no video stream"),
      (["--creative", "x.png"], 3, "x.png: not a video file"),
      (["--creative", "cut.mp4"], 3, "cut.mp4: "), (["--promo", "(a+)+b"], 2, "too many ways"),
      (["--promo", "["], 2, "not closed"), (["--mirror", "(?=x)"], 2, "refused"),
      (["--domain", "no domain"], 2, "domain"), (["--id", "../x"], 2, "identifier"),
      (["--id", "good"], 2, "says something else"),
    ]
    for (arguments, status, words) in cases {
      let outcome = try program.run(["brand", "add", "Bad"] + arguments)
      #expect(outcome.status == status, "\(arguments): \(outcome.errorText)")
      #expect(outcome.errorText.contains(words), "\(arguments): \(outcome.errorText)")
      #expect(outcome.errorLines.count == 1)
      #expect(try program.libraryContents() == before, "\(arguments)")
    }
    let name = try program.run(["brand", "add", "GOOD", "--id", "other"])
    #expect(name.status == 2)
    #expect(name.errorText.contains("has this name already"))
    #expect(try program.libraryContents() == before)
  }

  private static let catalogue = """
    {"brands": [
      {"id": "a", "name": "A-77", "kind": "casino", "logos": ["a/main.png", "a/word.png"],
       "domains": ["a.example"], "promo_codes": ["A77"], "texts": ["A-77", "A-77", "Бонус"],
       "note": {"seen": [1, 2.5, null]}},
      {"name": "Б", "mirrors": ["b[0-9]\\\\.example"], "promo_patterns": ["B\\\\d{2}"],
       "creatives": ["b.mp4"]}]}
    """

  @Test("imports a catalogue and exports the same, with logos and fingerprints beside it")
  func roundTrip() throws {
    let program = try Program()
    try Self.write(Self.catalogue, program, "in.json")
    try Self.logo(program, "a/main.png")
    try Self.logo(program, "a/word.png", "80x20")
    try program.copy(.cells, as: "b.mp4")
    let imported = try program.run(["brand", "import", "in.json", "--json"])
    #expect(imported.status == 0, "\(imported.errorText)")
    let line = try #require(try imported.documents().first)
    #expect(try JSONSchema(named: "brand-add-1").flaws(of: line) == [])
    let before = try program.libraryContents()
    let again = try program.run(["brand", "import", "in.json"])
    #expect(again.lines == ["a \"A-77\": already there", "b \"Б\": already there"])
    #expect(try program.libraryContents() == before)

    let exported = try program.run(["brand", "export", "out/c.json", "--json"])
    #expect(exported.status == 0, "\(exported.errorText)")
    let report = try #require(try exported.documents().first)
    #expect(try JSONSchema(named: "brand-export-1").flaws(of: report) == [])
    #expect(report["files"] == .number(3))
    let folder = program.folder.url
    func json(_ name: String) throws -> JSON {
      try JSON(parsing: String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8))
    }
    let (first, second) = (try json("in.json"), try json("out/c.json"))
    #expect(try JSONSchema(named: "brand-catalogue-1").flaws(of: first) == [])
    #expect(try JSONSchema(named: "brand-catalogue-1").flaws(of: second) == [])
    #expect(first["brands"]?.elements[0] == second["brands"]?.elements[0])
    for name in ["a/main.png", "a/word.png"] {
      let logos = try ["", "out/"].map {
        try Data(contentsOf: folder.appendingPathComponent($0 + name))
      }
      #expect(logos[0] == logos[1])
    }
    // What was exported is what is there, and builds the same in an empty library.
    #expect(try program.run(["brand", "import", "out/c.json"]).status == 0)
    #expect(try program.libraryContents() == before)
    let elsewhere = ["--library", program.folder.path("second")]
    #expect(try program.run(["brand", "import", "out/c.json"] + elsewhere).status == 0)
    #expect(try program.run(["brand", "export", "third/c.json"] + elsewhere).status == 0)
    #expect(try json("third/c.json") == second)
  }

  @Test("imports all brands of a catalogue or none, and names the file and the cause")
  func badCatalogues() throws {
    let program = try Program()
    try Self.logo(program, "a.png")
    try Self.write("text", program, "text.png")
    try program.copy(.sound, as: "sound.m4a")
    #expect(try program.run(["brand", "add", "Old"]).status == 0)
    let before = try program.libraryContents()
    let good = #"{"name": "Good", "logos": ["a.png"]}"#
    let cases = [
      (#"{"brands": [\#(good), {"name": "good"}]}"#, "two brands have the"),
      (#"{"brands": [\#(good), {"name": "X", "id": "good"}]}"#, "two brands have the identifier"),
      (#"{"brands": [\#(good), {"name": "X", "id": "old"}]}"#, "brand \"X\": a brand with"),
      (#"{"brands": [\#(good), {"name": "OLD", "id": "x"}]}"#, "has this name already"),
      (#"{"brands": [\#(good), {"name": "X", "logos": ["text.png"]}]}"#, "text.png: not a PNG"),
      (#"{"brands": [\#(good), {"name": "X", "logos": ["none.png"]}]}"#, "none.png: no such file"),
      (#"{"brands": [\#(good), {"name": "X", "logos": ["../a.png"]}]}"#, "does not stay below"),
      (#"{"brands": [\#(good), {"name": "X", "logos": ["/etc/a.png"]}]}"#, "does not stay below"),
      (#"{"brands": [\#(good), {"name": "X", "creatives": ["sound.m4a"]}]}"#, "no video stream"),
      (#"{"brands": [\#(good), {"name": "X", "promo_patterns": ["(a*)*"]}]}"#, "(a*)*"),
      (#"{"brands": [\#(good), {"name": "X", "texts": "x"}]}"#, "not a list of texts"),
      (#"{"brands": [\#(good), {"id": "x"}]}"#, "brand 2 has no name"),
      (#"{"brands": {}}"#, "no list \"brands\""), ("[]", "no list"), ("{", "not a JSON document"),
      ("", "empty"),
    ]
    for (text, words) in cases {
      try Self.write(text, program, "bad.json")
      let outcome = try program.run(["brand", "import", "bad.json"])
      #expect(outcome.status == 3, "\(text): \(outcome.errorText)")
      #expect(outcome.errorText.hasPrefix("leaktrace: bad.json: "), "\(outcome.errorText)")
      #expect(outcome.errorText.contains(words), "\(text): \(outcome.errorText)")
      #expect(try program.libraryContents() == before, "\(text)")
    }
    #expect(try program.run(["brand", "import", "nowhere.json"]).status == 3)
  }

  @Test("escapes hostile names on the terminal and in JSON")
  func hostileWords() throws {
    let program = try Program()
    let name = "a\u{202E}b\u{200B}"
    #expect(try program.run(["brand", "add", name, "--id", "x"]).status == 0)
    #expect(try program.run(["brand", "list"]).lines == ["x  a\\u{202E}b\\u{200B} (gambling)"])
    let json = try program.run(["brand", "list", "--json"])
    #expect(json.text.contains("a\\u202eb\\u200b"))
    #expect(try json.documents().first?["brands"]?.elements.first?["name"] == .text(name))
    let control = try program.run(["brand", "add", "a\u{1B}[2J"])
    #expect(control.status == 2)
    #expect(control.errorText.contains("\\u{1B}[2J"))
    #expect(!control.errorText.contains("\u{1B}"))
  }

  @Test("of several processes at once loses nothing, and a kill leaves all of an import or none")
  func processes() throws {
    let program = try Program()
    let outcome = try program.shell(
      """
      for i in $(seq 12); do "$PROGRAM" brand add "Brand $i" & pids="$pids $!"; done
      for p in $pids; do wait $p || echo failed; done
      """
    )
    #expect(!outcome.text.contains("failed"), "\(outcome.errorText)")
    #expect(try program.run(["brand", "list"]).lines.count == 12)
    let items = (0..<3000).map { #"{"name": "N\#($0)", "texts": ["t\#($0)"]}"# }
    try Self.write("{\"brands\": [\(items.joined(separator: ","))]}", program, "many.json")
    for delay in ["0.05", "0.1", "0.15", "0.2", "0.3", "0.4"] {
      let killed = try program.shell(
        """
        "$PROGRAM" brand import many.json >/dev/null 2>&1 & p=$!; sleep \(delay)
        kill -9 $p 2>/dev/null; wait $p 2>/dev/null; "$PROGRAM" brand list | wc -l
        """
      )
      #expect(["12", "3012"].contains(killed.text.filter(\.isNumber)), "\(killed.text)")
    }
    #expect(try program.run(["brand", "import", "many.json"]).status == 0)
    #expect(try program.run(["brand", "list"]).lines.count == 3012)
  }
}
