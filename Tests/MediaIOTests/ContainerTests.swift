import Foundation
import MediaIO
import SystemPackage
import TestSupport
import Testing
import VideoCore

@Suite("Containers and codecs")
struct ContainerTests {
  @Test("every container and codec gives all frames at their times", arguments: Clip.all)
  func decodes(clip: Clip) throws {
    let folder = try TemporaryDirectory()
    let path = try clip.make(in: folder)
    let reader = try VideoReader(path, options: DecodeOptions(planeSize: smallPlane))
    #expect(reader.info.codecName == clip.codec)
    #expect(reader.info.codedSize == clip.size)
    let found = try frames(from: reader)
    #expect(found.count == 40)
    // Matroska and FLV round to milliseconds.
    let wrong = found.enumerated().filter { abs($1.time.seconds - Double($0) / 25) > 0.0011 }
    #expect(wrong.isEmpty, "\(wrong.prefix(4).map { ($0.offset, $0.element.time.seconds) })")
    #expect(found.filter(\.isDamaged).isEmpty)
    #expect(found.first?.isKeyframe == true)
  }

  @Test("every container and codec gives the picture of the source", arguments: Clip.all)
  func picture(clip: Clip) throws {
    let folder = try TemporaryDirectory()
    let found = try frames(of: clip.make(in: folder))
    let raw = Clip(file: "raw.nut", arguments: ["-c:v", "rawvideo"], codec: "raw", size: clip.size)
    let truth = try frames(of: raw.make(in: folder))
    try #require(found.count == truth.count)
    for (a, b) in zip(found, truth) { #expect(difference(a.plane, b.plane) < 6) }
  }

  @Test("a window gives what the whole film gives there", arguments: Clip.all)
  func windows(clip: Clip) throws {
    let folder = try TemporaryDirectory()
    let path = try clip.make(in: folder, frames: 100)
    let reader = try VideoReader(path, options: DecodeOptions(planeSize: smallPlane))
    let whole = try frames(from: reader)
    #expect(whole.count == 100)
    let windows = [
      (0.0, 0.2), (1.0, 1.4), (0.5, 0.56), (2.3, 9.0), (3.9, 4.1), (0.04, 0.08), (-1, 0.1),
    ]
    for (from, to) in windows {
      let expected = whole.filter { $0.time.seconds >= from && $0.time.seconds < to }
      #expect(try frames(from: reader, from, to) == expected, "window \(from)...\(to)")
      #expect(try frames(of: path, from: from, to: to) == expected, "fresh \(from)...\(to)")
    }
    let beyond = try frames(from: reader, 60, 70)
    #expect(beyond.isEmpty)
    #expect(try frames(from: reader) == whole)
  }

  @Test("keyframe mode and keyframe times name the keyframes of a full read", arguments: Clip.all)
  func keyframes(clip: Clip) throws {
    let folder = try TemporaryDirectory()
    let path = try clip.make(in: folder)
    let expected = try frames(of: path).filter(\.isKeyframe)
    let options = DecodeOptions(planeSize: smallPlane, mode: .keyframes)
    let reader = try VideoReader(path, options: options)
    let found = try frames(from: reader)
    #expect(!expected.isEmpty)
    #expect(found.map(\.plane) == expected.map(\.plane))
    let times = try reader.keyframeTimes()
    #expect(times.count == expected.count)
    // AVI and MPEG-PS do not store when a frame that is decoded early is shown.
    let isVague = clip.file.hasSuffix(".avi") || clip.file.hasSuffix(".mpg")
    let tolerance = isVague ? 0.1201 : 0.0011
    for (a, b) in zip(found, expected) {
      #expect(abs(a.time.seconds - b.time.seconds) < tolerance)
    }
    for (a, b) in zip(times, expected) { #expect(abs(a - b.time.seconds) < tolerance) }
  }

  @Test("a look shows a keyframe near its time, no keyframe twice in a row", arguments: Clip.all)
  func looks(clip: Clip) throws {
    let folder = try TemporaryDirectory()
    let path = try clip.make(in: folder, frames: 100)
    let keyframes = try frames(of: path).filter(\.isKeyframe)
    let options = DecodeOptions(planeSize: smallPlane, mode: .keyframes)
    let reader = try VideoReader(path, options: options)
    // The first has a single keyframe; the containers of the others land further ahead.
    let isCoarse = ["h.mp4", "n.mpg", "s.wmv"].contains(clip.file)
    for time in [0.1, 1.5, 2.9] {
      var shown: [LumaPlane] = []
      try reader.look(at: [time]) {
        shown.append($0)
        return .continue
      }
      let near = keyframes.filter { abs($0.time.seconds - time) < (isCoarse ? 4 : 0.9) }
      try #require(shown.count == 1)
      #expect(near.contains { $0.plane == shown[0] }, "at \(time)")
    }
    // A container without times cannot seek: each look is a window of its own there.
    guard !clip.file.hasSuffix(".264") else { return }
    var shown: [LumaPlane] = []
    try reader.look(at: [0.1, 0.11, 1.5, 1.51, 2.9, 99]) {
      shown.append($0)
      return .continue
    }
    #expect(shown.count >= (isCoarse ? 1 : 3))
    #expect(shown.allSatisfy { plane in keyframes.contains { $0.plane == plane } })
    #expect(zip(shown, shown.dropFirst()).allSatisfy { $0 != $1 })
  }

  @Test("the number of threads changes nothing", arguments: Clip.all)
  func threads(clip: Clip) throws {
    let folder = try TemporaryDirectory()
    let path = try clip.make(in: folder)
    let single = try frames(of: path)
    for choice in [ThreadChoice.slices(2), .frames(3), .automatic] {
      #expect(try frames(of: path, threads: choice) == single, "\(choice)")
    }
  }

  @Test("reading reference frames gives a part of all frames, at the same times")
  func referenceFrames() throws {
    let folder = try TemporaryDirectory()
    let path = try Clip.all[0].make(in: folder)
    let all = try frames(of: path)
    let some = try frames(of: path, mode: .referenceFrames)
    #expect(some.count > 4 && some.count < all.count)
    #expect(Set(some).isSubset(of: Set(all)))
    let forward = try frames(of: path, mode: .forwardFrames)
    #expect(forward.count > 4 && forward.count <= some.count)
    #expect(Set(forward).isSubset(of: Set(all)))
  }

  @Test(
    "key frames that come too soon are passed over, those ahead of a window beside",
    arguments: Clip.all
  )
  func sparseKeyframes(clip: Clip) throws {
    // AVI and MPEG-PS do not store when a frame that is decoded early is shown.
    guard !clip.file.hasSuffix(".avi"), !clip.file.hasSuffix(".mpg") else { return }
    let folder = try TemporaryDirectory()
    let path = try clip.make(in: folder, frames: 100)
    let all = try frames(of: path, mode: .keyframes)
    let last = try #require(all.last?.time.seconds)
    for (least, from) in [(0.0, 0.0), (0.9, 0.0), (1.7, 0.5), (100, 0.3)] {
      var options = DecodeOptions(planeSize: smallPlane, mode: .keyframes)
      options.leastKeyframeInterval = least
      var expected: [ReducedFrame] = []
      for frame in all where frame.time.seconds >= from {
        if let kept = expected.last, frame.time.seconds - kept.time.seconds < least { continue }
        expected.append(frame)
      }
      let found = try frames(from: VideoReader(path, options: options), from, last + 1)
      let isSame = found.map(\.plane) == expected.map(\.plane)
      #expect(isSame, "\(least) from \(from)")
    }
  }
}
