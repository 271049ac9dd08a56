import Casebook
import Foundation
import Pipeline
import SystemPackage
import TestSupport
import Testing

@Suite("Recording into a library")
struct RecorderTests {
  private static let leak = LeakEntry(
    sha256: ContentDigest.of(Array("x".utf8)),
    sizeBytes: 1,
    path: Array("/in/Film.2020.TS-GRP.mkv".utf8),
    seenAt: 1,
    analysedAt: 2,
    toolVersion: "1"
  )

  @Test("writes where it can")
  func normal() throws {
    let folder = try TemporaryDirectory()
    defer { withExtendedLifetime(folder) {} }
    let recorder = CaseRecorder(at: FilePath(folder.url.path))
    #expect(recorder.note == nil)
    try recorder.record(leak: Self.leak, matches: [], sightings: [])
    #expect(try recorder.readable?.leak(Self.leak.sha256)?.claim.group == "GRP")
  }

  @Test("says why it does not where it cannot, and never fails for that")
  func impossible() throws {
    let folder = try TemporaryDirectory()
    defer { withExtendedLifetime(folder) {} }
    let absent = CaseRecorder(at: FilePath(folder.path("nothing")))
    #expect(absent.note?.contains("there is no library here") == true)
    try absent.record(leak: Self.leak, matches: [], sightings: [])
    #expect(absent.readable == nil && absent.readFailure == nil)

    let path = folder.url.appendingPathComponent("casebook.sqlite")
    try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
    let blocked = CaseRecorder(at: FilePath(folder.url.path))
    #expect(blocked.readFailure?.hasPrefix("no brand can be named: ") == true)
    #expect(blocked.note != nil)
    try blocked.record(leak: Self.leak, matches: [], sightings: [])
  }

  @Test("reads brands of a library on a medium that cannot be written, and skips the rest")
  func readOnlyMedium() throws {
    let folder = try TemporaryDirectory()
    defer { withExtendedLifetime(folder) {} }
    let store = try BrandStore(at: FilePath(folder.url.path), forWriting: true)
    _ = try store.add(
      [BrandDraft(brand: Brand(id: "x", name: "X"), files: [])],
      mayReplace: false
    )
    let files = ["casebook.sqlite", "."].map { folder.url.appendingPathComponent($0).path }
    for file in files {
      try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: file)
    }
    defer {
      try? FileManager.default.setAttributes(
        [.posixPermissions: 0o755],
        ofItemAtPath: folder.url.path
      )
    }
    let recorder = CaseRecorder(at: FilePath(folder.url.path))
    #expect(try recorder.readable?.brands().map(\.id) == ["x"])
    // A user who may do everything is not kept from writing by permissions.
    guard getuid() != 0 else { return }
    try recorder.record(leak: Self.leak, matches: [], sightings: [])
    #expect(recorder.note?.contains("cannot be written here") == true)
  }
}
