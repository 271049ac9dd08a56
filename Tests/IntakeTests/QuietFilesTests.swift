import Intake
import SystemPackage
import Testing

@Suite("Files that are complete")
struct QuietFilesTests {
  private static let path = FilePath("/in/a.mp4")

  private static func stamp(_ size: Int64, _ changed: Int64 = 1) -> FileStamp {
    FileStamp(device: 1, inode: 2, sizeBytes: size, changedNanoseconds: changed)
  }

  @Test("are those that nobody touched for the quiet time")
  func quietTime() {
    var files = QuietFiles(quietSeconds: 10)
    files.notice(Self.path, Self.stamp(5), now: 100)
    #expect(files.nextDue == 110)
    #expect(files.due(now: 109.9).isEmpty)
    #expect(files.due(now: 110) == [Self.path])
    #expect(files.judge(Self.path, Self.stamp(5), now: 110) == .complete(Self.stamp(5)))
    #expect(files.count == 0)
  }

  @Test(
    "are not those whose size or time changed meanwhile",
    arguments: [stamp(6), stamp(5, 2)]
  )
  func changes(_ later: FileStamp) {
    var files = QuietFiles(quietSeconds: 10)
    files.notice(Self.path, Self.stamp(5), now: 100)
    #expect(files.judge(Self.path, later, now: 110) == .wait)
    #expect(files.due(now: 119.9).isEmpty)
    #expect(files.judge(Self.path, later, now: 120) == .complete(later))
  }

  @Test("are not those that something happened to, even if they look the same")
  func events() {
    var files = QuietFiles(quietSeconds: 10)
    files.notice(Self.path, Self.stamp(5), now: 100)
    files.touch(Self.path, now: 107)
    #expect(files.due(now: 116.9).isEmpty)
    #expect(files.due(now: 117) == [Self.path])
    // Seen again without a change: nothing begins anew.
    files.notice(Self.path, Self.stamp(5), now: 115)
    #expect(files.due(now: 117) == [Self.path])
  }

  @Test("count the time that they were left alone before they were seen")
  func older() {
    var files = QuietFiles(quietSeconds: 10)
    files.notice(Self.path, Self.stamp(5), now: 100, quietBefore: 10)
    #expect(files.due(now: 100) == [Self.path])
  }

  @Test("have contents, unless nobody is going to write any")
  func empty() {
    var waiting = QuietFiles(quietSeconds: 10)
    waiting.notice(Self.path, Self.stamp(0), now: 100)
    #expect(waiting.judge(Self.path, Self.stamp(0), now: 1000) == .wait)
    var hasty = QuietFiles(quietSeconds: 10, waitsForContents: false)
    hasty.notice(Self.path, Self.stamp(0), now: 100)
    #expect(hasty.judge(Self.path, Self.stamp(0), now: 110) == .complete(Self.stamp(0)))
  }

  @Test("that somebody has open for writing are taken after twenty quiet times")
  func open() {
    var files = QuietFiles(quietSeconds: 10)
    files.notice(Self.path, Self.stamp(5), now: 100)
    #expect(files.judge(Self.path, Self.stamp(5), isOpen: true, now: 110) == .wait)
    #expect(files.due(now: 119).isEmpty)
    #expect(files.judge(Self.path, Self.stamp(5), isOpen: true, now: 299) == .wait)
    #expect(
      files.judge(Self.path, Self.stamp(5), isOpen: true, now: 300) == .complete(Self.stamp(5))
    )
  }

  @Test("are not those that another file calls unfinished, however long")
  func unfinished() {
    var files = QuietFiles(quietSeconds: 10)
    files.notice(Self.path, Self.stamp(5), now: 100)
    #expect(files.judge(Self.path, Self.stamp(5), isUnfinished: true, now: 1e6) == .wait)
    #expect(files.judge(Self.path, Self.stamp(5), now: 2e6) == .complete(Self.stamp(5)))
  }

  @Test("are forgotten when they are gone")
  func gone() {
    var files = QuietFiles(quietSeconds: 10)
    files.notice(Self.path, Self.stamp(5), now: 100)
    files.drop { $0.starts(with: FilePath("/in")) }
    #expect(files.count == 0 && files.nextDue == nil)
    #expect(files.judge(Self.path, Self.stamp(5), now: 200) == .wait)
  }
}

@Suite("Names of leaks")
struct LeakNamesTests {
  private static let names = LeakNames(extensions: ["mp4", "mkv"])

  @Test(
    "are those of videos",
    arguments: [
      "a.mp4", "A.MKV", "film.part.mp4", "фильм (2026).mkv", "a b\n.mp4", "~a.mp4", "-rf.mkv",
    ]
  )
  func leaks(_ name: String) throws {
    #expect(Self.names.mayBeLeak(try #require(FilePath.Component(name))))
  }

  @Test(
    "are not those that programs give to what is not finished, nor hidden ones",
    arguments: [
      ".a.mp4", "a.mp4.part", "a.mp4.crdownload", "a.mp4.!qB", "a.mp4.aria2", "a.mp4.tmp", "a.txt",
      "mp4", ".mp4", "a.mp4~", "a.part", "a.mp4.filepart", "a.mp4.TMP",
    ]
  )
  func others(_ name: String) throws {
    #expect(!Self.names.mayBeLeak(try #require(FilePath.Component(name))))
  }
}

@Suite("Kinds of file systems")
struct FileSystemKindTests {
  @Test("are read from the kernel's list of mounts, optional fields or not")
  func mountinfo() {
    let text = """
      36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue
      40 35 0:52 / /srv/a\\040b rw shared:3 master:1 - nfs4 host:/x rw,vers=4.2
      41 35 0:300 / /srv/fuse rw - fuse.sshfs me@host: rw
      nonsense
      42 35 x:y / / rw - ext4 /dev/a rw
      43 35 0:7 / / rw -
      """
    let kinds = FileSystemKind.kinds(in: text)
    #expect(kinds.count == 3)
    #expect(kinds[98 << 8] == "ext3")
    #expect(kinds[52] == "nfs4")
    #expect(kinds[(300 & 0xFF) | 0x100 << 12] == "fuse.sshfs")
  }

  @Test(
    "that do not tell of all changes are known",
    arguments: ["nfs", "cifs", "fuse.sshfs", "9p"]
  )
  func blind(_ kind: String) { #expect(FileSystemKind.isBlind(kind)) }

  @Test("of disks tell of all", arguments: ["ext4", "xfs", "btrfs", "overlay", "fuseblk", "tmpfs"])
  func seeing(_ kind: String) { #expect(!FileSystemKind.isBlind(kind)) }

  @Test("of this machine are found for the root folder or are those of subvolumes")
  func present() throws {
    let kinds = FileSystemKind.mounted()
    let proc = try FileStamp(of: FilePath("/proc"))
    #expect(kinds[proc.device] == "proc")
  }
}
