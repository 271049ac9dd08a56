import Foundation
import Isolation
import MediaIO
import Synchronization
import SystemPackage
import TestSupport
import Testing
import VideoCore

/// A wish to stop.
final class Flag: Sendable {
  private let value = Atomic<Bool>(false)
  var isSet: Bool { value.load(ordering: .relaxed) }
  func set() { value.store(true, ordering: .relaxed) }
}

@Suite("Processes that parse hostile bytes")
struct ConfinementTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  @Test("hold what this kernel offers, and are refused all that they try")
  func refusals() throws {
    let (held, landlock) = try Confinement.probe()
    #expect(held.isSuperset(of: [.noNewPrivileges, .limits, .seccomp]))
    #expect(held.contains(.landlock) == (landlock > 0))
    let refused = try Confinement.trials()
    #expect(refused.count == 7)
    #expect(!refused.values.contains(false), "\(refused)")
  }

  /// A program that takes the worker's place: a script of bash, with the channel at 3.
  private func impostor(_ script: String) throws -> IsolationPolicy {
    let path = folder.path("impostor-\(UUID().uuidString)")
    try Data("#!/bin/bash\n\(script)\n".utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    var policy = IsolationPolicy()
    policy.worker = FilePath(path)
    policy.stallSeconds = 2
    policy.limits.processorSeconds = 6
    policy.limits.outputBytes = 1 << 20
    return policy
  }

  private func failure(_ policy: IsolationPolicy, seconds: Double = 2) throws -> MediaError? {
    let film = try Films.simple(seconds: seconds, in: folder)
    do {
      let media = try MediaWorker(film, policy: policy) { false }
      let options = DecodeOptions(planeSize: FrameSize(width: 32, height: 18))
      try media.video(options).read { _ in .continue }
      return nil
    } catch {
      return error as? MediaError
    }
  }

  /// Bash's `printf` of a greeting that claims everything.
  private static let greeting =
    #"printf '\x01\x0c\x00\x00\x00\x01\x00\x00\x00\x0f\x00\x00\x00\x07\x00\x00\x00' >&3"#

  @Test(
    "that lie, hang or die are errors of the file, and no more",
    arguments: [
      ("head -c 100000 /dev/zero >&3", MediaError.Code.decoderCrashed),
      (#"printf '\x01\xff\xff\xff\xff' >&3; sleep 60"#, .decoderCrashed),
      ("sleep 60", .decoderStalled),
      ("exit 3", .decoderCrashed),
      ("kill -SEGV $$", .decoderCrashed),
      ("\(greeting); sleep 60", .decoderStalled),
      // A description of a film that is too short, and one that is too long for what it claims.
      (#"\#(greeting); printf '\x04\x02\x00\x00\x00\x00\x00' >&3; sleep 60"#, .decoderCrashed),
      (
        #"\#(greeting); printf '\x04\xf4\x01\x00\x00' >&3; head -c 500 /dev/zero >&3; sleep 60"#,
        .decoderCrashed
      ),
      // Signs of life and nothing else; and more of anything than a film can be.
      (
        #"\#(greeting); while printf '\x02\x00\x00\x00\x00' >&3; do sleep 0.05; done"#,
        .limitExceeded
      ),
      (
        #"\#(greeting); while printf '\x02\x00\x00\x01\x00' >&3; do head -c 65536 /dev/zero >&3; done"#,
        .limitExceeded
      ),
      // Frames where nobody asked for any.
      (#"\#(greeting); printf '\x05\x00\x00\x00\x00' >&3; sleep 60"#, .decoderCrashed),
      (
        #"printf '\x01\x0c\x00\x00\x00\x63\x00\x00\x00\x0f\x00\x00\x00\x07\x00\x00\x00' >&3"#,
        .notIsolated
      ),
    ]
  )
  func impostors(_ script: String, _ code: MediaError.Code) throws {
    let clock = ContinuousClock()
    var found: MediaError?
    let took = try clock.measure { found = try failure(impostor(script)) }
    #expect(found?.code == code, "\(String(describing: found))")
    // A stall of two seconds, and the film that has to be made first.
    #expect(took < .seconds(40))
  }

  @Test("are not trusted where a part of the confinement is asked for and missing")
  func incomplete() throws {
    let greeting =
      #"printf '\x01\x0c\x00\x00\x00\x01\x00\x00\x00\x0b\x00\x00\x00\x00\x00\x00\x00' >&3; sleep 9"#
    var policy = try impostor(greeting)
    policy.requiresAll = true
    let found = try failure(policy)
    #expect(found?.code == .notIsolated)
    #expect(found?.message.contains("landlock") == true)
  }

  @Test("that are missing are named")
  func missing() throws {
    var policy = IsolationPolicy()
    policy.worker = FilePath(folder.path("nowhere"))
    #expect(try failure(policy)?.code == .notIsolated)
  }

  @Test("end when their processor time is used up")
  func processorTime() throws {
    var policy = IsolationPolicy()
    policy.limits.processorSeconds = 1
    // Decoding at full size for minutes of film takes longer than that.
    let film = try Films.make(
      "long.mp4",
      ["-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "ultrafast", "-an"],
      seconds: 60,
      in: folder
    )
    let media = try MediaWorker(film, policy: policy) { false }
    let options = DecodeOptions(planeSize: FrameSize(width: 32, height: 18))
    #expect {
      try media.video(options).read { _ in .continue }
    } throws: { ($0 as? MediaError)?.code == .limitExceeded }
  }

  @Test("cannot take more memory than they may")
  func memory() throws {
    var policy = IsolationPolicy()
    policy.limits.memoryBytes = 160 << 20
    // Less than the program and its libraries take: it is an error, of whatever kind.
    let found = try failure(policy)
    #expect(found != nil)
  }

  @Test("end with the process that started them")
  func orphans() throws {
    // A program of the tests' folder that waits while its worker lives; both are looked for by the
    // name of the film, which no other process has open.
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let program = tests.deletingLastPathComponent().appendingPathComponent("leaktrace").path
    let film = try Films.make(
      "orphan.mp4",
      ["-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "ultrafast", "-an"],
      seconds: 40,
      in: folder
    )
    let script = #"""
      "$1" ads --library "$3" "$2" >/dev/null 2>&1 & parent=$!
      for i in $(seq 600); do
        worker=$(pgrep -P $parent -f leaktrace-worker | head -1); [ -n "$worker" ] && break; sleep .05
      done
      [ -n "$worker" ] || exit 9
      kill -9 $parent
      for i in $(seq 200); do kill -0 $worker 2>/dev/null || exit 0; sleep .05; done
      exit 8
      """#
    let outcome = try Toolbox.run(
      ["bash", "-c", script, "bash", program, film.string, folder.path("library")]
    )
    #expect(outcome.status == 0, "\(outcome.status)")
  }
}
