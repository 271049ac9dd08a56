import Foundation
import MediaIO
import SystemPackage
import TestSupport
import Testing
import VideoCore

#if canImport(Glibc)
import Glibc
#endif

@Suite("Files that are no films, and names that are no ordinary names")
struct RefusalTests {
  let folder: TemporaryDirectory
  let film: FilePath

  init() throws {
    folder = try TemporaryDirectory()
    film = try Clip.all[0].make(in: folder)
  }

  private func write(_ name: String, _ content: some Sequence<UInt8>) throws -> FilePath {
    try Data(content).write(to: URL(fileURLWithPath: folder.path(name)))
    return FilePath(folder.path(name))
  }

  @Test("what is not a file is refused with its cause")
  func notFiles() throws {
    #expect(failure(of: FilePath(folder.path("none.mp4")))?.code == .notFound)
    #expect(failure(of: FilePath(folder.path("a.mp4/none.mp4")))?.code == .notFound)
    #expect(failure(of: FilePath(folder.url.path))?.code == .isDirectory)
    #expect(failure(of: "/dev/zero")?.code == .notRegularFile)
    let pipe = folder.path("pipe.mp4")
    try #require(mkfifo(pipe, 0o600) == 0)
    #expect(failure(of: FilePath(pipe))?.code == .notRegularFile)
    #expect(failure(of: try write("empty.mp4", Data()))?.code == .empty)
  }

  @Test("refusing a file closes no file of another thread")
  func closesItsOwn() async throws {
    let refused = [
      FilePath(folder.url.path), FilePath("/dev/zero"), try write("empty.mp4", Data()),
    ]
    let bytes = try Data(contentsOf: URL(fileURLWithPath: film.string))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<2 {
        group.addTask {
          for _ in 0..<2000 { for path in refused { #expect(failure(of: path) != nil) } }
        }
        group.addTask {
          for _ in 0..<4000 {
            let file = try FileDescriptor.open(film, .readOnly)
            var count = 0
            var buffer = [UInt8](repeating: 0, count: 4096)
            while true {
              let got = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
              if got == 0 { break }
              count += got
            }
            #expect(count == bytes.count)
            try file.close()
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("a file that this user may not read is refused", .enabled(if: geteuid() != 0))
  func unreadable() throws {
    try #require(chmod(film.string, 0) == 0)
    #expect(failure(of: film)?.code == .notReadable)
  }

  @Test("text, playlists and scripts are refused whatever their name")
  func scripts() throws {
    let text = String(repeating: "A leaked film is not a text. ", count: 200)
    #expect(failure(of: try write("text.mp4", text.utf8))?.code == .unrecognisedFormat)
    let scripts = [
      "ffconcat version 1.0\nfile '\(film.string)'\n",
      "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n\(film.string)\n#EXT-X-ENDLIST\n",
      "[playlist]\nFile1=\(film.string)\n",
      "<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" profiles=\"x\"></MPD>",
    ]
    for (number, script) in scripts.enumerated() {
      let path = try write("script\(number).mp4", script.utf8)
      #expect(failure(of: path)?.code == .unrecognisedFormat, "\(script)")
    }
  }

  @Test("sound without a picture has no video stream")
  func audioOnly() throws {
    let tone = ["-f", "lavfi", "-i", "sine=duration=1"]
    for name in ["a.wav", "a.mp3", "a.m4a", "a.mkv", "a.flac", "a.ogg"] {
      let path = folder.path(name)
      try ffmpeg(tone + [path])
      #expect(failure(of: FilePath(path))?.code == .noVideoStream, "\(name)")
    }
  }

  @Test("a cover picture is no video stream")
  func coverPicture() throws {
    let cover = folder.path("cover.png")
    try ffmpeg(["-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1", cover])
    let song = folder.path("song.mp3")
    try ffmpeg([
      "-f", "lavfi", "-i", "sine=duration=1", "-i", cover, "-map", "0", "-map", "1", "-c:v", "copy",
      "-id3v2_version", "3", "-disposition:v", "attached_pic", song,
    ])
    #expect(failure(of: FilePath(song))?.code == .noVideoStream)
    let both = folder.path("both.mp4")
    try ffmpeg([
      "-i", cover, "-i", film.string, "-map", "0", "-map", "1", "-c", "copy", "-disposition:v:0",
      "attached_pic", both,
    ])
    let found = try frames(of: FilePath(both))
    #expect(found == (try frames(of: film)))
  }

  @Test("pictures with more pixels than allowed are refused")
  func tooLarge() throws {
    #expect(failure(of: film, maxPixels: 176 * 144) == nil)
    #expect(failure(of: film, maxPixels: 176 * 144 - 1)?.code == .tooLarge)
  }

  @Test("names with line ends, quotes, protocols and broken UTF-8 open")
  func names() throws {
    let expected = try frames(of: film)
    let names: [[UInt8]] = [
      Array("line\nend.mp4".utf8), Array("quote'\"`.mp4".utf8), Array("concat:a|b.mp4".utf8),
      Array("file:x.mp4".utf8), Array("-i.mp4".utf8), Array("%d.mp4".utf8),
      [0xFF, 0xFE, 0x2E, 0x80],
    ]
    let content = try Data(contentsOf: URL(fileURLWithPath: film.string))
    for name in names {
      let component = (name + [0]).withUnsafeBufferPointer {
        $0.withMemoryRebound(to: CChar.self) {
          $0.baseAddress.flatMap { FilePath.Component(platformString: $0) }
        }
      }
      let path = FilePath(folder.url.path).appending(try #require(component))
      let file = path.withPlatformString { fopen($0, "wb") }
      try #require(file != nil)
      _ = content.withUnsafeBytes { fwrite($0.baseAddress, 1, $0.count, file) }
      fclose(file)
      #expect(try frames(of: path) == expected, "\(path)")
    }
  }

  @Test("a cut film gives what there is and says so", arguments: ["mkv", "flv", "avi"])
  func truncated(container: String) throws {
    let clip = Clip(file: "cut.\(container)", arguments: Clip.x264, codec: "h264")
    let whole = try clip.make(in: folder, frames: 150)
    let options = DecodeOptions(planeSize: smallPlane)
    let intact = try VideoReader(whole, options: options).read { _ in .continue }
    #expect(!intact.isTruncated)
    let content = try Data(contentsOf: URL(fileURLWithPath: whole.string))
    let cut = try write("half.\(container)", content.prefix(content.count / 2))
    let summary = try VideoReader(cut, options: options).read { _ in .continue }
    #expect(summary.isTruncated)
    #expect((20..<150).contains(summary.deliveredFrames))
    #expect((summary.lastFrameSeconds ?? 0) < 5)
  }

  @Test("a cut MP4 whose index comes first gives what there is and says so")
  func truncatedMP4() throws {
    let arguments = Clip.x264 + ["-movflags", "+faststart"]
    let whole = try Clip(file: "fast.mp4", arguments: arguments, codec: "h264")
      .make(in: folder, frames: 150)
    let content = try Data(contentsOf: URL(fileURLWithPath: whole.string))
    let cut = try write("half.mp4", content.prefix(content.count / 2))
    let summary = try VideoReader(cut, options: DecodeOptions(planeSize: smallPlane))
      .read { _ in .continue }
    #expect(summary.isTruncated)
    #expect((20..<150).contains(summary.deliveredFrames))
  }

  @Test("an MP4 without its index is damaged, as is a film of zeros")
  func damaged() throws {
    let content = try Data(contentsOf: URL(fileURLWithPath: film.string))
    let cut = try write("cut.mp4", content.prefix(content.count / 2))
    #expect(failure(of: cut)?.code == .damaged)
    #expect(failure(of: cut)?.averror != nil)
    let raw = try Clip(file: "zero.mkv", arguments: Clip.x264, codec: "h264").make(in: folder)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: raw.string))
    bytes.resetBytes(in: 1200..<bytes.count)
    #expect(failure(of: try write("zero.mkv", bytes))?.code == .damaged)
  }

  @Test("damaged bytes neither stop nor crash a read")
  func flippedBytes() throws {
    var random = SeededRandom(seed: 7)
    for clip in [Clip.all[0], Clip.all[2], Clip.all[3], Clip.all[5]] {
      let path = try clip.make(in: folder)
      let content = try Data(contentsOf: URL(fileURLWithPath: path.string))
      for round in 0..<20 {
        var bytes = content
        for _ in 0..<30 {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          bytes[place] = UInt8.random(in: 0...255, using: &random)
        }
        let broken = try write("broken", bytes)
        let options = DecodeOptions(planeSize: smallPlane)
        var last = -1.0
        do {
          let reader = try VideoReader(broken, options: options)
          try reader.read { frame in
            #expect(frame.time.seconds > last, "round \(round)")
            last = frame.time.seconds
            return .continue
          }
          try reader.read(from: 0.7, to: 0.9) { _ in .continue }
          _ = try reader.keyframeTimes()
        } catch { #expect(error is MediaError) }
      }
    }
  }

  @Test("a cancelled read stops at once")
  func cancellation() throws {
    let gate = Gate()
    let options = DecodeOptions(planeSize: smallPlane, isCancelled: { gate.isClosed })
    let reader = try VideoReader(film, options: options)
    var count = 0
    #expect {
      try reader.read { _ in
        count += 1
        if count == 3 { gate.close() }
        return .continue
      }
    } throws: { ($0 as? MediaError)?.code == .cancelled }
    #expect(count < 20)
    #expect(throws: MediaError.self) { try VideoReader(film, options: options) }
  }

  @Test("stopping is not an error and errors of the caller come through")
  func stopping() throws {
    struct Own: Error {}
    let reader = try VideoReader(film, options: DecodeOptions(planeSize: smallPlane))
    #expect(try reader.read { _ in .stop }.deliveredFrames == 1)
    #expect(throws: Own.self) { try reader.read { _ in throw Own() } }
    #expect(try frames(from: reader).count == 40)
  }
}

/// A switch that a test throws from inside a read.
private final class Gate: @unchecked Sendable {
  private let lock = NSLock()
  private var closed = false
  var isClosed: Bool { lock.withLock { closed } }
  func close() { lock.withLock { closed = true } }
}
