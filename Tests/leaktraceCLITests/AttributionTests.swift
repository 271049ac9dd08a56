import Foundation
import TestSupport
import Testing

@Suite("leaktrace match and the list of screenings")
struct AttributionTests {
  /// A library with a film, screenings of it, and a leak of it beside.
  private func prepared() throws -> Program {
    let program = try Program()
    try program.copy(.figures, as: "figures.mp4")
    try program.copy(.leak, as: "leak.mp4")
    let added = try program.run(["reference", "add", "--title", "The Film", "figures.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    let list = """
      screening_id,facility,city,auditorium,release,start,mark_location
      s1,"<Kino>\u{202E}",Berlin,1,The Film,2026-05-31T20:00+02:00,7
      s2,Kino,Berlin,2,the film,2026-05-31T20:00+02:00,8
      s3,Kino,Berlin,1,The Film,2199-06-01T20:00+02:00,7
      s4,Kino,Berlin,1,Other,2026-06-01T20:00+02:00,7

      """
    try Data(list.utf8).write(to: program.folder.url.appendingPathComponent("list.csv"))
    let imported = try program.run(["screening", "import", "list.csv"])
    try #require(imported.status == 0, "\(imported.errorText)")
    return program
  }

  private func report(_ program: Program, _ options: String...) throws -> JSON {
    let outcome = try program.run(["match", "--no-ads", "--json"] + options + ["leak.mp4"])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let document = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    return document
  }

  private func ids(_ report: JSON) -> [String?] {
    (report["screenings"]?.elements ?? []).map { $0["screening_id"]?.string }
  }

  @Test("ranks the film's screenings by vendors' marks and by what cannot be")
  func ranking() throws {
    let program = try prepared()
    let before = try report(program)
    // What comes in the future is the only thing that speaks against anything.
    #expect(ids(before) == ["s1", "s2", "s3"])
    #expect(before["attribution"]?["weighed"] == .number(3))
    let last = try #require(before["screenings"]?.elements.last)
    #expect(last["log10_likelihood_ratio"] == .number(-6))
    #expect(last["evidence"]?.elements.first?["kind"] == .text("time"))
    #expect(before["screenings"]?.elements.first?["evidence"]?.elements.isEmpty == true)
    #expect(before["vendor_marks"] == nil)

    let vendor = "vendor,verdict,mark_id,false_positive_rate\nCine,found,8,1e-5\n"
    try Data(vendor.utf8).write(to: program.folder.url.appendingPathComponent("vendor.csv"))
    let imported = try program.run(["vendor", "import", "--leak", "leak.mp4", "vendor.csv"])
    try #require(imported.status == 0, "\(imported.errorText)")
    let after = try report(program)
    #expect(ids(after) == ["s2", "s1", "s3"])
    #expect(after["attribution"]?["answer"] == .text("one"))
    #expect(after["attribution"]?["margin"] == .number(10))
    #expect(after["vendor_marks"]?.elements.first?["agreement"] == .text("nothing_to_compare"))
    #expect(after["screenings"]?.elements.first?["log10_likelihood_ratio"] == .number(5))
    let text = try program.run(["match", "--no-ads", "leak.mp4"]).text
    #expect(text.contains("  vendor mark  Cine says found: mark 8\n"))
    #expect(text.contains("  screenings   one of 3 stands out\n"))
    #expect(text.contains("    +5.0  2026-05-31T20:00:00+02:00  Kino, 2  (s2)\n"))
    #expect(text.contains("      +5.0  Cine: location 8\n"))
    #expect(text.contains("a screening is named, never a person"))
    #expect(!text.contains("\u{202E}"))
  }

  @Test("a leak that was seen before rules out what came after")
  func seen() throws {
    let program = try prepared()
    let early = try report(program, "--seen-at", "2026-05-30T12:00Z")
    let ratios = early["screenings"]?.elements.map { $0["log10_likelihood_ratio"] }
    #expect(ratios == [.number(-6), .number(-6), .number(-6)])
    let bad = try program.run(["match", "--no-ads", "--seen-at", "yesterday", "leak.mp4"])
    #expect(bad.status == 2)
  }

  @Test("without clues the answer is the prior, said so; without a list there is none")
  func prior() throws {
    let program = try prepared()
    #expect(try program.run(["screening", "remove", "s3"]).status == 0)
    let report = try report(program)
    #expect(report["attribution"]?["answer"] == .text("prior"))
    #expect(report["screenings"]?.elements.map { $0["share"] } == [.number(0.5), .number(0.5)])
    let text = try program.run(["match", "--no-ads", "leak.mp4"]).text
    #expect(text.contains("nothing tells 2 from each other; each is as likely as any other\n"))
    #expect(try program.run(["screening", "remove", "--all"]).status == 0)
    #expect(try self.report(program)["screenings"] == nil)
  }
}
