import Foundation
import TestSupport
import Testing

@Suite("leaktrace links")
struct LinksTests {
  @Test("of a library without history are empty, and of no library an error")
  func empty() throws {
    let program = try Program()
    #expect(try program.run(["links"]).status == 10)
    #expect(try program.run(["brand", "add", "X"]).status == 0)
    let plain = try program.run(["links"])
    #expect(plain.status == 0)
    #expect(plain.text.isEmpty)
    let report = try #require(try program.run(["links", "--json"]).documents().first)
    #expect(try JSONSchema(named: "links-1").flaws(of: report) == [])
    let candidates = try #require(
      try program.run(["brand", "candidates", "--json"]).documents().first
    )
    #expect(try JSONSchema(named: "brand-candidates-1").flaws(of: candidates) == [])
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
