import Casebook
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Captures of the casebook")
struct CaptureTests {
  private let folder: TemporaryDirectory
  private let casebook: Casebook

  init() throws {
    folder = try TemporaryDirectory()
    casebook = try Casebook.open(
      at: FilePath(folder.url.path),
      mode: .readWrite(createFolder: true)
    )
  }

  private func sha(_ number: Int) -> String {
    String(repeating: "0", count: 60) + String(format: "%04x", number)
  }

  private func add(_ number: Int, release: String = "r-1") throws {
    try casebook.record(
      leak: LeakEntry(
        sha256: sha(number),
        sizeBytes: 10,
        path: Array("leak\(number).mp4".utf8),
        seenAt: Int64(1000 + number),
        analysedAt: 2000,
        toolVersion: "test"
      ),
      matches: [MatchEntry(releaseID: release, title: "The Film", log10P: -20, coverage: 1)],
      sightings: []
    )
    try casebook.record(
      captures: [
        CaptureEntry(
          releaseID: release,
          startSeconds: 1,
          endSeconds: 9,
          seconds: 8,
          signature: [1, UInt8(number)]
        )
      ],
      of: sha(number)
    )
  }

  private func link(_ a: Int, _ b: Int) throws -> String? {
    try casebook.record(
      captureLinks: [
        CaptureLinkEntry(
          otherSHA256: sha(b),
          releaseID: "r-1",
          log10Ratio: 5,
          seconds: 20,
          evidence: "{}"
        )
      ],
      of: sha(a)
    )
  }

  @Test("signatures come back, by release and by leak")
  func signatures() throws {
    try add(1)
    try add(2)
    try add(3, release: "r-2")
    let others = try casebook.captures(of: "r-1", except: sha(1))
    #expect(others.map(\.leakSHA256) == [sha(2)])
    #expect(others.first?.entry.signature == [1, 2])
    #expect(try casebook.captures(ofLeak: sha(3)).map(\.entry.releaseID) == ["r-2"])
    #expect(try casebook.captures(of: "r-3", except: nil).isEmpty)
  }

  @Test("linked leaks share the identifier of the first, and lose it with the last link")
  func names() throws {
    for number in 1...4 { try add(number) }
    let id = try #require(try link(2, 1))
    #expect(id == "capture-000000000000")
    #expect(try casebook.leak(sha(1))?.captureID == id)
    #expect(try casebook.leak(sha(3))?.captureID == nil)
    #expect(try link(4, 2) == id)
    let group = try #require(try casebook.captureGroup(id))
    #expect(group.members.map(\.leakSHA256) == [1, 2, 4].map(sha))
    #expect(
      group.links.map { [$0.leakSHA256, $0.entry.otherSHA256] } == [
        [sha(1), sha(2)], [sha(2), sha(4)],
      ]
    )
    #expect(group.titles == ["The Film"])
    #expect(try casebook.captureGroups(title: "the film").map(\.id) == [id])
    #expect(try casebook.captureGroups(title: "another").isEmpty)
    // Analysed anew, leak 2 has a new signature: what was said of the old one no longer holds.
    try add(2)
    #expect(try casebook.captureGroups().isEmpty)
    #expect(try casebook.captureGroup(id) == nil)
  }

  @Test("an identifier given by hand stays")
  func byHand() throws {
    try add(1)
    try casebook.record(
      leak: LeakEntry(
        sha256: sha(2),
        sizeBytes: 10,
        path: Array("b.mp4".utf8),
        seenAt: 1,
        analysedAt: 2,
        toolVersion: "test",
        captureID: "evidence 7"
      ),
      matches: [],
      sightings: nil
    )
    #expect(try link(2, 1) == "evidence 7")
    #expect(try casebook.leak(sha(1))?.captureID?.hasPrefix("capture-") == true)
  }

  @Test("a leak that was never recorded has no signature, and a broken one is refused")
  func refusals() throws {
    #expect(throws: CasebookError.self) { try casebook.record(captures: [], of: sha(9)) }
    try add(1)
    let entry = CaptureEntry(
      releaseID: "r-1",
      startSeconds: .nan,
      endSeconds: 1,
      seconds: 1,
      signature: []
    )
    #expect(throws: CasebookError.self) { try casebook.record(captures: [entry], of: sha(1)) }
    #expect(try link(1, 9) == nil)
    #expect(try link(1, 1) == nil)
  }

  @Test("without a list of ads those of an earlier analysis stay")
  func adsStay() throws {
    let leak = LeakEntry(
      sha256: sha(5),
      sizeBytes: 10,
      path: Array("c.mp4".utf8),
      seenAt: 1,
      analysedAt: 2,
      toolVersion: "test"
    )
    var ad = SightingEntry(kind: "banner", startSeconds: 1, endSeconds: 3)
    ad.marks = [.init(kind: "domain", value: "casino.example")]
    try casebook.record(leak: leak, matches: [], sightings: [ad])
    let before = try casebook.candidates().flatMap(\.sightings).count
    try casebook.record(leak: leak, matches: [], sightings: nil)
    #expect(before == 1)
    #expect(try casebook.candidates().flatMap(\.sightings).count == before)
  }
}
