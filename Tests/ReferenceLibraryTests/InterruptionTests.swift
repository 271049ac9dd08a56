import Foundation
import Glibc
import ReferenceLibrary
import SystemPackage
import TestSupport
import Testing

/// What a library must look like however its last writer ended.
private func expectWhole(
  _ path: FilePath,
  allowed: ClosedRange<Int>,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  // First a reader: it must do without the clean-up.
  let reader = try Library.open(at: path, mode: .readOnly)
  let seen = try reader.releases()
  let early = try reader.verify()
  #expect(early.isClean, "\(early.findings)", sourceLocation: sourceLocation)
  let library = try Library.open(at: path, mode: .readWrite(createIfMissing: false))
  let releases = try library.releases()
  #expect(releases == seen, sourceLocation: sourceLocation)
  #expect(allowed.contains(releases.count), sourceLocation: sourceLocation)
  let report = try library.verify()
  #expect(report.isClean, "\(report.findings)", sourceLocation: sourceLocation)
  #expect(report.catalogueDigestWasCurrent, sourceLocation: sourceLocation)
  // Nothing is left behind: two files per release, catalogue, digest and lock.
  let files = Fixtures.files(path)
  #expect(files.count == 2 * releases.count + 3, "\(files)", sourceLocation: sourceLocation)
}

@Suite("An interrupted change")
struct InterruptionTests {
  @Test(
    "leaves a whole library when the process is killed between two steps of an addition",
    // Those of the index are met in its own tests.
    arguments: FaultPoint.allCases.filter { ![.shardWritten, .shardMoved].contains($0) }
  )
  func killedWhileAdding(point: FaultPoint) async throws {
    let place = try Place()
    do { try Fixtures.add(0, to: try place.open()) }
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = place.library.string as String, name = point.rawValue as String] in
      let library = try Library.open(
        at: FilePath(path),
        mode: .readWrite(createIfMissing: false),
        faults: { if $0.rawValue == name { kill(getpid(), SIGKILL) } }
      )
      try Fixtures.add(1, to: library)
      // The last point is met by a removal.
      try library.remove(id: try library.releases()[0].id)
    }
    let committed: Set<FaultPoint> = [.rowCommitted, .digestWritten]
    let count = committed.contains(point) ? 2 : 1
    try expectWhole(place.library, allowed: count...count)
    let library = try place.open()
    let again = try Fixtures.add(1, to: library)
    #expect((again.outcome == .added) == !(committed.contains(point) || point == .rowRemoved))
  }

  @Test("leaves a whole library when the process is killed at any time", arguments: 0..<12)
  func killedAnywhere(seed: Int) async throws {
    let place = try Place()
    do { _ = try place.open() }
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [path = place.library.string as String, seed = seed as Int] in
      let library = try Library.open(
        at: FilePath(path),
        mode: .readWrite(createIfMissing: false)
      )
      var random = SeededRandom(seed: UInt64(seed))
      let delay = UInt32.random(in: 5_000...60_000, using: &random)
      Thread.detachNewThread {
        usleep(delay)
        kill(getpid(), SIGKILL)
      }
      await withThrowingTaskGroup(of: Void.self) { group in
        for worker in 0..<2 {
          group.addTask {
            for number in 0..<100_000 {
              let release = try Fixtures.add(number * 2 + worker, to: library).release
              if number % 3 == 0 { try library.remove(id: release.id) }
            }
          }
        }
      }
    }
    try expectWhole(place.library, allowed: 0...100_000)
  }

  @Test("leaves no library or a whole one when the process is killed while creating it")
  func killedWhileCreating() async throws {
    for delay in stride(from: 0, to: 8_000, by: 1_000) {
      let place = try Place()
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = place.library.string as String, delay = delay as Int] in
        Thread.detachNewThread {
          usleep(UInt32(delay))
          kill(getpid(), SIGKILL)
        }
        _ = try Library.open(at: FilePath(path), mode: .readWrite(createIfMissing: true))
        while true { sleep(1) }
      }
      let library = try place.open()
      try Fixtures.add(1, to: library)
      #expect(try library.verify().isClean)
    }
  }

  @Test(
    "changes nothing when the disk is full",
    arguments: [
      FaultPoint.staged, .segmentWritten, .segmentSynchronised, .objectMoved, .rowWritten,
    ]
  )
  func diskFull(point: FaultPoint) throws {
    let place = try Place()
    do { try Fixtures.add(0, to: try place.open()) }
    let before = Fixtures.tree(place.library)
    do {
      let library = try Library.open(
        at: place.library,
        mode: .readWrite(createIfMissing: false),
        faults: { if $0 == point { throw Errno.noSpace } }
      )
      #expect { try Fixtures.add(1, to: library) } throws: { error in
        (error as? LibraryError)?.code == .diskFull
      }
      #expect(try library.releases().count == 1)
      #expect(try library.verify().isClean)
    }
    // The folder named after the first digits may stay: it is empty.
    let after = Fixtures.tree(place.library)
    #expect(after.filter { !$0.hasSuffix("/") } == before.filter { !$0.hasSuffix("/") })
    try expectWhole(place.library, allowed: 1...1)
  }

  @Test("keeps an addition whose digest could not be written")
  func digestNotWritten() throws {
    let place = try Place()
    do {
      let library = try Library.open(
        at: place.library,
        mode: .readWrite(createIfMissing: true),
        faults: { if $0 == .rowCommitted { throw Errno.noSpace } }
      )
      #expect(try Fixtures.add(1, to: library).outcome == .added)
      #expect(!(try library.verify().catalogueDigestWasCurrent))
    }
    try expectWhole(place.library, allowed: 1...1)
  }
}
