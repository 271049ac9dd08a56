import Foundation
import TestSupport
import Testing

@Suite("The schema checker of these tests")
struct JSONSchemaTests {
  private let failed =
    #"{"schema":"leaktrace.match/1","leak":{"path":"x"},"status":"failed","matches":[],"shared_passages":[],"#
    + #""elapsed_s":0,"decoded_frames":0,"error":{"code":"empty","message":"m"}}"#

  @Test("accepts a right document")
  func accepts() throws {
    #expect(try JSONSchema(named: "match-1").flaws(of: JSON(parsing: failed)) == [])
  }

  @Test(
    "refuses a document with one thing changed",
    arguments: [
      (#""failed""#, #""matched""#), (#""failed""#, #""odd""#), (#""elapsed_s":0,"#, ""),
      (#""elapsed_s":0"#, #""elapsed_s":-1"#), (#""decoded_frames":0"#, #""decoded_frames":0.5"#),
      (#""path":"x""#, #""path":1"#), (#""path":"x""#, #""path":"x","sha256":"12""#),
      (#""empty""#, #""Not a code""#), (#"match/1"#, "match/2"),
      (#""matches":[]"#, #""matches":[{}]"#),
      (#","error":{"code":"empty","message":"m"}"#, ""), (#""status""#, #""other":1,"status""#),
    ]
  )
  func refuses(_ change: (from: String, to: String)) throws {
    let changed = failed.replacingOccurrences(of: change.from, with: change.to)
    try #require(changed != failed)
    #expect(try !JSONSchema(named: "match-1").flaws(of: JSON(parsing: changed)).isEmpty)
  }
}
