import Foundation
import Glibc
import Intake
import SystemPackage
import TestSupport
import Testing

/// A folder that is watched.
private final class Watched {
  let folder: TemporaryDirectory
  let root: FilePath
  let watch: FolderWatch

  init(quiet: Double = 0.2, _ change: (inout FolderWatch.Options) -> Void = { _ in }) throws {
    folder = try TemporaryDirectory()
    root = FilePath(folder.path("in"))
    try FileManager.default.createDirectory(atPath: root.string, withIntermediateDirectories: true)
    var options = FolderWatch.Options(names: LeakNames(extensions: ["mp4", "mkv"]))
    options.quietSeconds = quiet
    change(&options)
    watch = FolderWatch([root], options)
  }

  func path(_ name: String) -> String { root.string + "/" + name }

  func write(_ name: String, _ text: String = "contents") throws {
    let file = URL(fileURLWithPath: path(name))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(),
      withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: file)
  }

  func shell(_ script: String) throws {
    let outcome = try Toolbox.run(["bash", "-c", "cd \"$0\"; " + script, root.string])
    #expect(outcome.status == 0, "\(outcome.errorText)")
  }

  /// What is found in some seconds.
  func findings(_ seconds: Double) -> [IntakeFinding] {
    var found: [IntakeFinding] = []
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end { found += watch.next(within: 0.1) }
    return found
  }

  /// The complete files that are found in some seconds, below the folder, as text.
  func files(_ seconds: Double = 1) -> [String] {
    findings(seconds).compactMap { finding in
      guard case .complete(let found) = finding else { return nil }
      return String(found.path.string.dropFirst(root.string.count + 1))
    }.sorted()
  }
}

@Suite("Watching a folder")
struct FolderWatchTests {
  @Test("finds what is there, what comes, and each once")
  func basics() throws {
    let watched = try Watched()
    try watched.write("old.mp4")
    try watched.write("below/deep/old.mkv")
    try watched.write("note.txt")
    #expect(watched.files() == ["below/deep/old.mkv", "old.mp4"])
    try watched.write("new.mp4")
    try watched.write("later/deeper/new.mkv")
    #expect(watched.files() == ["later/deeper/new.mkv", "new.mp4"])
    #expect(watched.files(0.5) == [])
    #expect(watched.watch.isSettled)
  }

  @Test("takes a file that is written slowly when it is whole, and not before")
  func slowWriter() async throws {
    let watched = try Watched(quiet: 0.6)
    let writer = Thread { [path = watched.path("slow.mp4")] in
      guard let file = fopen(path, "w") else { return }
      for _ in 0..<8 {
        fputs("piece", file)
        fflush(file)
        usleep(250_000)
      }
      fclose(file)
    }
    writer.start()
    #expect(watched.files(1.9) == [])
    #expect(watched.files(2) == ["slow.mp4"])
  }

  @Test("waits for a writer that keeps the file open without writing")
  func openWriter() throws {
    let watched = try Watched(quiet: 0.3)
    let file = try #require(fopen(watched.path("open.mp4"), "w"))
    fputs("half", file)
    fflush(file)
    #expect(watched.files(1.5) == [])
    fputs("rest", file)
    fclose(file)
    #expect(watched.files() == ["open.mp4"])
  }

  @Test("takes what a browser or a torrent client renames, and not before")
  func renames() throws {
    let watched = try Watched()
    try watched.write("a.mp4.part")
    try watched.write("b.mkv.!qB")
    try watched.write(".c.mp4")
    try watched.write("d.mp4")
    try watched.write("d.mp4.aria2")
    #expect(watched.files() == [])
    try watched.shell("mv a.mp4.part a.mp4; mv b.mkv.!qB b.mkv; mv .c.mp4 c.mp4; rm d.mp4.aria2")
    #expect(watched.files() == ["a.mp4", "b.mkv", "c.mp4", "d.mp4"])
  }

  @Test("follows folders that are moved, made and renamed")
  func folders() throws {
    let watched = try Watched()
    #expect(watched.files(0.3) == [])
    try watched.shell("mkdir ../outside; echo x > ../outside/a.mp4; mv ../outside moved")
    #expect(watched.files() == ["moved/a.mp4"])
    try watched.shell("mv moved renamed; echo y > renamed/b.mp4")
    #expect(watched.files() == ["renamed/a.mp4", "renamed/b.mp4"])
    try watched.shell("mv renamed ../gone; echo z > ../gone/c.mp4")
    #expect(watched.files() == [])
  }

  @Test("reports a file that was replaced, or written to, once more")
  func replacements() throws {
    let watched = try Watched()
    try watched.write("a.mp4", "one")
    try watched.write("b.mp4", "one")
    #expect(watched.files() == ["a.mp4", "b.mp4"])
    try watched.shell("echo two > new; mv new a.mp4; echo more >> b.mp4")
    #expect(watched.files() == ["a.mp4", "b.mp4"])
  }

  @Test("takes names of any bytes")
  func names() throws {
    let watched = try Watched()
    try watched.shell(#"echo x > $'\xff\xfe.mp4'; echo y > $'\e[31m\n"\'\\.mkv'"#)
    let found = watched.findings(1).compactMap { finding -> [UInt8]? in
      guard case .complete(let found) = finding else { return nil }
      return found.path.lastComponent.map(PathBytes.of)
    }
    #expect(
      Set(found) == [[0xFF, 0xFE] + Array(".mp4".utf8), Array("\u{1B}[31m\n\"'\\.mkv".utf8)]
    )
  }

  @Test("follows links to files within, refuses others, and follows none to folders")
  func links() throws {
    let watched = try Watched()
    try watched.shell(
      """
      mkdir .store sub; echo x > .store/blob; echo secret > ../secret.mp4; echo y > sub/in.mp4
      ln -s .store/blob inside.mp4; ln -s ../secret.mp4 outside.mp4; ln -s nothing dangling.mp4
      ln -s sub folder; ln -s / root.mp4; ln -s loop.mp4 loop.mp4; ln sub/in.mp4 hard.mp4
      """
    )
    let findings = watched.findings(1)
    let refused = findings.compactMap { finding -> String? in
      guard case .refusedLink(let path) = finding else { return nil }
      return path.lastComponent?.string
    }
    let complete = findings.compactMap { finding -> String? in
      guard case .complete(let found) = finding else { return nil }
      return found.path.lastComponent?.string
    }
    #expect(refused.sorted() == ["outside.mp4", "root.mp4"])
    #expect(complete.sorted() == ["hard.mp4", "in.mp4", "inside.mp4"])
    #expect(watched.findings(0.5) == [])
  }

  @Test("passes over pipes, devices and sockets")
  func specialFiles() throws {
    let watched = try Watched()
    try watched.shell("mkfifo a.mp4; echo x > b.mp4")
    #expect(watched.files() == ["b.mp4"])
  }

  @Test("says that a folder is gone, takes it for unknown, and goes on when it is back")
  func vanishing() throws {
    let watched = try Watched { $0.rescanSeconds = 0.5 }
    try watched.write("a.mp4")
    #expect(watched.files() == ["a.mp4"])
    try watched.shell("mv \"$0\" \"$0.away\"")
    let lost = watched.findings(1)
    #expect(lost == [.lostRoot(watched.root, .noSuchFileOrDirectory)])
    let outcome = try Toolbox.run(
      ["bash", "-c", "echo x > \"$0.away/b.mp4\"; mv \"$0.away\" \"$0\"", watched.root.string]
    )
    #expect(outcome.status == 0)
    let back = watched.findings(6)
    #expect(back.contains(.foundRoot(watched.root)))
    #expect(
      back.contains { finding in
        guard case .complete(let found) = finding else { return false }
        return found.path.lastComponent?.string == "b.mp4"
      }
    )
  }

  @Test("finds all after more happened than the kernel keeps")
  func flood() throws {
    let watched = try Watched()
    #expect(watched.files(0.3) == [])
    let limit = try String(
      contentsOfFile: "/proc/sys/fs/inotify/max_queued_events",
      encoding: .utf8
    )
    let count = (Int(limit.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 16384) / 2 + 500
    try watched.shell("for i in $(seq \(count)); do echo x > $i.mp4; done")
    #expect(watched.files(6).count == count)
  }

  @Test("by looking alone finds the same, later")
  func polling() throws {
    let watched = try Watched {
      $0.alwaysPolls = true
      $0.pollSeconds = 0.3
    }
    #expect(watched.findings(0.3) == [.polled(watched.root, "it was asked for")])
    try watched.write("sub/a.mp4")
    #expect(watched.files() == ["sub/a.mp4"])
    try watched.write("sub/a.mp4", "something else")
    #expect(watched.files() == ["sub/a.mp4"])
  }

  @Test("passes over folders that it is told to")
  func exclusion() throws {
    let folder = try TemporaryDirectory()
    let root = FilePath(folder.url.path)
    var options = FolderWatch.Options(names: LeakNames(extensions: ["mp4"]))
    options.quietSeconds = 0.1
    options.excluded = [root.appending("done")]
    let watch = FolderWatch([root], options)
    _ = watch.next(within: 0.2)
    try FileManager.default.createDirectory(
      atPath: folder.path("done"),
      withIntermediateDirectories: true
    )
    try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path("done/a.mp4")))
    var found: [IntakeFinding] = []
    for _ in 0..<6 { found += watch.next(within: 0.1) }
    #expect(found == [])
  }

  @Test("reports a file again where it is asked to reconsider it")
  func reconsidering() throws {
    let watched = try Watched { $0.rescanSeconds = 0.3 }
    try watched.write("a.mp4")
    #expect(watched.files() == ["a.mp4"])
    watched.watch.reconsider(watched.root.appending("a.mp4"))
    #expect(watched.files() == ["a.mp4"])
  }
}
