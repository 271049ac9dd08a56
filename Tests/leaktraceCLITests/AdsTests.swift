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

  @Test(
    "list what is drawn over the film and names no brand as an overlay, with its place and time"
  )
  func sign() throws {
    let program = try prepared()
    let outcome = try program.run(["match", "--json", "--no-record", "leak.mp4"])
    #expect(outcome.status == 0, "\(outcome.errorText)")
    let document = try #require(try outcome.documents().first)
    #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    let found = (document["ads"]?.elements ?? []) + (document["overlays"]?.elements ?? [])
    let sign = try #require(found.first)
    #expect(found.count == 1)
    #expect(abs((sign["leak_start"]?.double ?? 0) - 2) <= 0.5)
    #expect(abs((sign["leak_end"]?.double ?? 0) - 12) <= 0.5)
    // 350 of 480 and 16 of 270 pixels.
    let box = try #require(sign["boxes"]?.elements.last)
    #expect(abs((box["x"]?.double ?? 0) - 0.729) < 0.04)
    #expect(abs((box["y"]?.double ?? 0) - 0.059) < 0.06)
  }

  @Test("are looked for over each work that a leak shows")
  func twoWorks() throws {
    let program = try prepared()
    try program.copy(.cells, as: "cells.mp4")
    try program.copy(.twoWorksSigned, as: "two.mp4")
    let added = try program.run(["reference", "add", "cells.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    let outcome = try program.run(["match", "--json", "--no-record", "two.mp4"])
    let document = try #require(try outcome.documents().first)
    #expect(document["matches"]?.elements.count == 2)
    let found = (document["ads"]?.elements ?? []) + (document["overlays"]?.elements ?? [])
    let times = found.map { ($0["leak_start"]?.double ?? 0, $0["leak_end"]?.double ?? 0) }
      .sorted { $0.0 < $1.0 }
    #expect(times.count == 2, "\(times)")
    for (time, shown) in zip(times, [(2.0, 8.0), (13, 20)]) {
      #expect(abs(time.0 - shown.0) <= 0.5 && abs(time.1 - shown.1) <= 0.5, "\(time)")
    }
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
