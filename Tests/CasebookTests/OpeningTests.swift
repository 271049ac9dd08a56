import Casebook
import Foundation
import SystemPackage
import TestSupport
import Testing

@Suite("Opening a casebook")
struct OpeningTests {
  @Test("one that another process is about to create is read as empty, and stays as it is")
  func unbegun() throws {
    let fixture = try Fixture()
    try FileManager.default.createDirectory(
      atPath: fixture.path.string,
      withIntermediateDirectories: true
    )
    let file = fixture.path.appending("casebook.sqlite").string
    try Data().write(to: URL(fileURLWithPath: file))
    #expect(try fixture.open(.readOnly).jobs().isEmpty)
    #expect(try fixture.contents() == ["casebook.sqlite": Data()])
  }

  @Test("a library without one is read as empty, and stays as it was")
  func absent() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    #expect { try fixture.open(.readOnly) } throws: { ($0 as? CasebookError)?.code == .notFound }
    try FileManager.default.createDirectory(
      atPath: fixture.path.string,
      withIntermediateDirectories: true
    )
    let casebook = try fixture.open(.readOnly)
    #expect(try casebook.brands().isEmpty)
    #expect(try casebook.links().isEmpty)
    #expect(try casebook.candidates().isEmpty)
    #expect(throws: CasebookError.self) { try casebook.add([], files: []) }
    #expect(try fixture.contents().isEmpty)
  }

  @Test("a folder of something else is neither read nor written")
  func foreignFolder() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    try FileManager.default.createDirectory(
      atPath: fixture.path.string,
      withIntermediateDirectories: true
    )
    try Data("x".utf8).write(to: URL(fileURLWithPath: fixture.path.string + "/letter.txt"))
    #expect { try fixture.open() } throws: { ($0 as? CasebookError)?.code == .incompatible }
    #expect { try fixture.open(.readOnly) } throws: { ($0 as? CasebookError)?.code == .notFound }
    #expect(try fixture.contents().keys.sorted() == ["letter.txt"])
  }

  @Test("another program's file, a damaged one and one that is none are refused")
  func damage() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    try fixture.open().add([Fixture.brand("a", "A")], files: [])
    let file = URL(fileURLWithPath: fixture.path.string + "/casebook.sqlite")
    let good = try Data(contentsOf: file)

    var foreign = good
    foreign[68] ^= 0x55
    try foreign.write(to: file)
    #expect { try fixture.open() } throws: { ($0 as? CasebookError)?.code == .incompatible }

    try Data(repeating: 0x41, count: 8192).write(to: file)
    #expect { try fixture.open() } throws: { ($0 as? CasebookError)?.code == .damaged }
    #expect { try fixture.open(.readOnly) } throws: { ($0 as? CasebookError)?.code == .damaged }

    try FileManager.default.removeItem(at: file)
    try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
    #expect { try fixture.open(.readOnly) } throws: { ($0 as? CasebookError)?.code == .damaged }
    #expect(throws: CasebookError.self) { try fixture.open() }
  }

  @Test("a newer format is refused, an older one is read as it is and renewed by the first writer")
  func formats() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let brand = Fixture.brand("a", "A")
    try fixture.open().add([brand], files: [])
    let newer = Casebook.formatSteps + [["CREATE TABLE added (x INTEGER) STRICT"]]
    func open(_ mode: Casebook.Mode) throws -> Casebook {
      try Casebook.open(at: fixture.path, mode: mode, steps: newer)
    }
    let before = try fixture.contents()
    #expect(try open(.readOnly).brands() == [brand])
    #expect(try fixture.contents() == before)
    #expect(try fixture.open(.readOnly).brands() == [brand])
    #expect(try open(.readWrite(createFolder: false)).brands() == [brand])
    #expect(try open(.readOnly).brands() == [brand])
    #expect { try fixture.open() } throws: { error in
      (error as? CasebookError)?.message.contains("newer than this program") == true
    }
    #expect { try fixture.open(.readOnly) } throws: {
      ($0 as? CasebookError)?.code == .incompatible
    }
  }

  @Test("a step that fails leaves the old format")
  func failingStep() throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    try fixture.open().add([Fixture.brand("a", "A")], files: [])
    let broken = Casebook.formatSteps + [["CREATE TABLE added (x INTEGER) STRICT", "NONSENSE"]]
    #expect(throws: CasebookError.self) {
      try Casebook.open(at: fixture.path, mode: .readWrite(createFolder: false), steps: broken)
    }
    #expect(try fixture.open().brands().map(\.id) == ["a"])
  }

  @Test("many threads create one and write to it at once, and lose nothing")
  func concurrency() async throws {
    let fixture = try Fixture()
    defer { withExtendedLifetime(fixture) {} }
    let path = fixture.path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<6 {
        group.addTask {
          for round in 0..<8 {
            let casebook = try Casebook.open(at: path, mode: .readWrite(createFolder: true))
            let id = "b\(writer)-\(round)"
            try casebook.add([Fixture.brand(id, "Brand \(id)")], files: [])
            try casebook.record(
              leak: Fixture.leak("Film.2020.TS-G\(writer).\(round).mkv"),
              matches: [],
              sightings: [Fixture.sighting(brand: id)]
            )
            _ = try casebook.links()
          }
        }
      }
      try await group.waitForAll()
    }
    let casebook = try fixture.open(.readOnly)
    #expect(try casebook.brands().count == 48)
    #expect(try casebook.leakCount() == 48)
    #expect(try casebook.links().count == 48)
  }
}
