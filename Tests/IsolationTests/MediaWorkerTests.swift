import Foundation
import Isolation
import MediaIO
import SystemPackage
import TestSupport
import Testing
import VideoCore

@Suite("A file that is decoded in a confined process")
struct MediaWorkerTests {
  private let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  private struct Reading: Equatable {
    var frames: [ReducedFrame] = []
    var summary: ReadSummary?
  }

  private func options(_ mode: DecodeMode = .all, detail: Bool = false) -> DecodeOptions {
    DecodeOptions(
      planeSize: FrameSize(width: 32, height: 18),
      window: detail ? PictureWindow(left: 0.1, top: 0.2, right: 0.9, bottom: 1) : .whole,
      detail: detail
        ? DetailPlanes(size: FrameSize(width: 80, height: 60), leastInterval: 0.25) : nil,
      mode: mode
    )
  }

  private func read(
    _ reader: any VideoReading,
    from: Double? = nil,
    to: Double? = nil,
    at moments: [Double]? = nil,
    most: Int = .max
  ) throws -> Reading {
    var reading = Reading()
    reading.summary = try reader.read(from: from, to: to, at: moments) { frame in
      reading.frames.append(frame)
      return reading.frames.count < most ? .continue : .stop
    }
    return reading
  }

  @Test("gives what decoding it here gives, frame by frame", arguments: Films.all.map(\.name))
  func sameFrames(_ name: String) throws {
    let film = try #require(Films.all.first { $0.name == name })
    let path = try Films.make(film.name, film.arguments, in: folder)
    let (here, there) = (TrustedMedia(path) { false }, try MediaWorker(path) { false })
    var fewKeyframes = options(.keyframes)
    fewKeyframes.leastKeyframeInterval = 1
    for options in [
      options(), options(.keyframes), fewKeyframes, options(.referenceFrames, detail: true),
      options(.forwardFrames),
    ] {
      let (own, other) = (try here.video(options), try there.video(options))
      #expect(own.info == other.info)
      #expect(try own.keyframeTimes() == other.keyframeTimes())
      let whole = try read(own)
      #expect(whole.frames.count > ([.keyframes, .forwardFrames].contains(options.mode) ? 0 : 10))
      #expect(try read(other) == whole)
      // Windows, and reads that are stopped: what comes of them is the same, however far ahead the
      // other process had decoded.
      let window = try read(own, from: 0.5, to: 1.2)
      #expect(try read(other, from: 0.5, to: 1.2) == window)
      let moments = [0.32, 0.9, 0.91, 1.5]
      let some = try read(own, from: 0.3, at: moments)
      #expect(try read(other, from: 0.3, at: moments) == some)
      // Which key frames are too near to another depends on the first that is wanted.
      if options.leastKeyframeInterval == 0 {
        // A reader that has read before shows what a fresh one does.
        let inside = whole.frames.filter { (0.5..<1.2).contains($0.time.seconds) }
        #expect(window.frames.map(\.time) == inside.map(\.time))
        #expect(window.frames.map(\.plane) == inside.map(\.plane))
        let due = moments.compactMap { moment in
          whole.frames.first { $0.time.seconds >= moment }?.time.ticks
        }
        #expect(some.frames.map(\.time.ticks) == Set(due).sorted())
      }
      #expect(try read(other, from: 0.3, most: 2) == read(own, from: 0.3, most: 2))
      #expect(try read(other, most: 1) == read(own, most: 1))
    }
  }

  @Test("gives the sound that decoding it here gives", arguments: Films.all.map(\.name))
  func sameSound(_ name: String) throws {
    let film = try #require(Films.all.first { $0.name == name })
    let path = try Films.make(film.name, film.arguments, in: folder)
    func samples(_ media: any MediaSource) throws -> [Int: [Float]]? {
      guard let reader = try media.sound(sampleRate: 8000) else { return nil }
      var pieces: [Float] = []
      var first: Int?
      let summary = try reader.read(to: 1.5) { samples, number in
        first = first ?? number
        for index in 0..<samples.count { pieces.append(samples[index]) }
      }
      #expect(summary.deliveredSamples == pieces.count)
      return [first ?? 0: pieces]
    }
    let own = try samples(TrustedMedia(path) { false })
    #expect(try samples(MediaWorker(path) { false }) == own)
    #expect((own == nil) == (name == "g.264"))
  }

  @Test("refuses with the same words")
  func sameFailures() throws {
    func failure(_ body: () throws -> Void) -> MediaError? {
      do { try body() } catch { return error as? MediaError }
      return nil
    }
    let text = folder.path("text.mp4")
    try Data("not a film".utf8).write(to: URL(fileURLWithPath: text))
    let list = folder.path("list.mp4")
    try Data("ffconcat version 1.0\nfile '/etc/passwd'\n".utf8).write(
      to: URL(fileURLWithPath: list)
    )
    let empty = folder.path("empty.mp4")
    try Data().write(to: URL(fileURLWithPath: empty))
    for name in [text, list, empty, folder.path("missing.mp4"), folder.url.path] {
      let path = FilePath(name)
      let own = failure { _ = try VideoReader(path, options: options()) }
      #expect(own != nil)
      #expect(failure { _ = try MediaWorker(path) { false }.video(options()) } == own)
    }
    let film = try Films.simple(in: folder)
    var small = options()
    small.maxPixels = 100
    let refused = failure { _ = try MediaWorker(film) { false }.video(small) }
    #expect(refused?.code == .tooLarge)
  }

  @Test("what the caller throws ends the read, and the next one works")
  func callerThrows() throws {
    struct Enough: Error {}
    let media = try MediaWorker(Films.simple(in: folder)) { false }
    let reader = try media.video(options())
    #expect(throws: Enough.self) { try reader.read(from: nil, to: nil) { _ in throw Enough() } }
    #expect(try read(reader).frames.count == 50)
  }

  @Test("is given up at once where somebody asks to stop")
  func cancelling() throws {
    let flag = Flag()
    let media = try MediaWorker(Films.simple(in: folder)) { flag.isSet }
    var options = options()
    options.isCancelled = { flag.isSet }
    let reader = try media.video(options)
    #expect {
      try reader.read(from: nil, to: nil) { _ in
        flag.set()
        return .continue
      }
    } throws: { ($0 as? MediaError)?.code == .cancelled }
  }
}
