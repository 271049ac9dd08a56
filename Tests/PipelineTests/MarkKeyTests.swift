import Foundation
import Marks
import Pipeline
import SystemPackage
import TestSupport
import Testing

@Suite("Key files of marks")
struct MarkKeyTests {
  @Test("are private, are read back, and are never written over")
  func roundTrip() throws {
    let folder = try TemporaryDirectory()
    let file = folder.url.appendingPathComponent("lab.key").path
    let key = try MarkKeyFile.create(at: FilePath(file))
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try MarkKeyFile.load(FilePath(file)) == key)
    #expect(throws: PipelineError.self) { try MarkKeyFile.create(at: FilePath(file)) }
    #expect(try MarkKeyFile.load(FilePath(file)) == key)
  }

  @Test("that others may read are refused", arguments: [0o640, 0o604, 0o660, 0o700])
  func modes(_ mode: Int) throws {
    let folder = try TemporaryDirectory()
    let file = folder.url.appendingPathComponent("lab.key").path
    _ = try MarkKeyFile.create(at: FilePath(file))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    let error = #expect(throws: PipelineError.self) { try MarkKeyFile.load(FilePath(file)) }
    #expect(error?.code == "key_not_private")
  }

  @Test("that are missing or damaged say so, and nothing of what is in them")
  func damage() throws {
    let folder = try TemporaryDirectory()
    let file = folder.url.appendingPathComponent("lab.key")
    let missing = #expect(throws: PipelineError.self) { try MarkKeyFile.load(FilePath(file.path)) }
    #expect(missing?.code == "key_not_found")
    for text in ["", "leaktrace mark key 1\nabcdef\n", "secretsecret\n", "leaktrace mark key 1\n"] {
      try Data(text.utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
      let error = #expect(throws: PipelineError.self) { try MarkKeyFile.load(FilePath(file.path)) }
      #expect(error?.code == "not_a_key")
      #expect(error?.message.contains("secretsecret") == false)
      #expect(error?.message.contains("abcdef") == false)
    }
  }

  @Test("steps of time are written as numbers or in UTC")
  func times() {
    #expect(MarkTime.step("11600") == 11_600)
    #expect(MarkTime.step("2026-01-01T00:15") == 1)
    #expect(MarkTime.step("2026-05-01T20:00") == 120 * 96 + 80)
    #expect(MarkTime.step("2028-12-31T23:45") == 35_135)
    #expect(MarkTime.step("2026-02-30T00:00") == nil)
    #expect(MarkTime.step("-1") == nil)
    #expect(MarkTime.text(11_600) == "05-01 20:00 UTC, in a leap year 04-30 20:00 UTC")
    #expect(MarkTime.text(0) == "01-01 00:00 UTC")
    #expect(MarkTime.text(35_136) == nil)
  }
}
