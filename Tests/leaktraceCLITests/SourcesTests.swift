import TestSupport
import Testing

@Suite("What a leak may be")
struct SourcesTests {
  @Test("a studio's logo that two films share names neither, and each of them by itself is named")
  func sharedLogo() throws {
    let program = try Program()
    try program.copy(.logoFirst, as: "first.mp4")
    try program.copy(.logoSecond, as: "second.mp4")
    try program.copy(.logoLeak, as: "third.mp4")
    let added = try program.run(["reference", "add", "first.mp4", "second.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    let outcome = try program.run(["match", "--no-ads", "--json", "third.mp4", "first.mp4"])
    let documents = try outcome.documents()
    try #require(documents.count == 2)
    for document in documents {
      #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    }
    #expect(documents[0]["status"] == .text("no_match"))
    let shared = try #require(documents[0]["shared_passages"]?.elements.first)
    let titles = shared["showings"]?.elements.compactMap { $0["title"]?.string } ?? []
    #expect(titles.sorted() == ["first", "second"])
    #expect((shared["leak_end"]?.double ?? 0) < 7)
    #expect(documents[1]["matches"]?.elements.map { $0["title"]?.string } == ["first"])
    let text = try program.run(["match", "--no-ads", "third.mp4"]).text
    #expect(text.hasPrefix("third.mp4: no match\n  shared"))
  }

  @Test("a direct copy is told from a camera's")
  func origin() throws {
    let program = try Program()
    try program.copy(.figures, as: "figures.mp4")
    try program.copy(.webRip, as: "rip.mp4")
    try program.copy(.leak, as: "leak.mp4")
    let added = try program.run(["reference", "add", "figures.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    let documents = try program.run(["match", "--no-ads", "--json", "rip.mp4", "leak.mp4"])
      .documents()
    let matches = documents.compactMap { $0["matches"]?.elements.first }
    try #require(matches.count == 2)
    #expect(matches.map { $0["origin"]?["answer"] } == [.text("direct"), .text("camera")])
    let visible = matches[0]["geometry"]?.elements.compactMap { $0["visible"]?.double } ?? []
    #expect(!visible.isEmpty && visible.allSatisfy { $0 > 0.98 })
  }

  @Test("a picture that fills a third of an upright frame is found, and where it lies is told")
  func postedUpright() throws {
    let program = try Program()
    try program.copy(.figures, as: "film.mp4")
    try program.copy(.postedLeak, as: "leak.mp4")
    let added = try program.run(["reference", "add", "film.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    let document = try #require(
      try program.run(["match", "--no-ads", "--json", "leak.mp4"]).documents().first
    )
    #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    let picture = try #require(document["leak"]?["picture"])
    #expect(abs((picture["top"]?.double ?? 0) - 180.0 / 640) < 0.02)
    #expect(abs((picture["bottom"]?.double ?? 0) - 382.0 / 640) < 0.02)
    let segment = try #require(document["matches"]?.elements.first?["segments"]?.elements.first)
    #expect(abs((segment["reference_start"]?.double ?? 0) - 3) < 0.05)
    // The picture's middle is the film's in the whole frame, for a slight keystone.
    let numbers = document["matches"]?.elements.first?["geometry"]?.elements.first?["homography"]?
      .elements.compactMap(\.double)
    let h = try #require(numbers)
    let scale = h[6] / 2 + h[7] / 2 + h[8]
    #expect(abs((h[0] / 2 + h[1] / 2 + h[2]) / scale - 0.5) < 0.03)
    #expect(abs((h[3] / 2 + h[4] / 2 + h[5]) / scale - 281.0 / 640) < 0.03)
  }

  @Test("what stands in a part of a long leak that the first look skips is found")
  func unseenInsert() throws {
    let program = try Program()
    try program.copy(.scenes, as: "film.mp4")
    try program.copy(.scenesLeak, as: "leak.mp4")
    let added = try program.run(["reference", "add", "film.mp4"])
    try #require(added.status == 0, "\(added.errorText)")
    let document = try #require(
      try program.run(["match", "--no-ads", "--json", "leak.mp4"]).documents().first
    )
    #expect(try JSONSchema(named: "match-1").flaws(of: document) == [])
    let segments = document["matches"]?.elements.first?["segments"]?.elements ?? []
    try #require(segments.count == 2)
    let numbers = segments.map { segment in
      ["leak_start", "leak_end", "reference_start"].map { segment[$0]?.double ?? -1 }
    }
    #expect(abs(numbers[0][1] - 68) < 0.2)
    #expect(abs(numbers[1][0] - 77) < 0.2)
    #expect(abs(numbers[1][2] - 68) < 0.2)
    // Well below all of its 5225 frames.
    #expect((document["decoded_frames"]?.double ?? 0) < 3700)
  }
}
