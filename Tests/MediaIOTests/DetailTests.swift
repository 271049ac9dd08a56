import MediaIO
import SystemPackage
import TestSupport
import Testing
import VideoCore

@Suite("A second, larger plane of some frames")
struct DetailTests {
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  @Test("is what reading at that size gives, four times a second, and changes nothing else")
  func detail() throws {
    let path = try Clip.all[0].make(in: folder, frames: 60)
    let size = FrameSize(width: 96, height: 54)
    let options = DecodeOptions(
      planeSize: smallPlane,
      detail: DetailPlanes(size: size, leastInterval: 0.25)
    )
    let both = try frames(from: VideoReader(path, options: options))
    #expect(both.map(\.plane) == (try frames(of: path).map(\.plane)))
    let large = try frames(of: path, planeSize: size)
    let places = both.indices.filter { both[$0].detail != nil }
    // 2.4 seconds.
    #expect((9...11).contains(places.count))
    for place in places { #expect(both[place].detail == large[place].plane) }
    for (a, b) in zip(places, places.dropFirst()) {
      #expect(both[b].time.seconds - both[a].time.seconds >= 0.12)
    }
  }

  @Test("comes with every frame where no interval is asked for")
  func everyFrame() throws {
    let path = try Clip.all[0].make(in: folder)
    let options = DecodeOptions(
      planeSize: smallPlane,
      detail: DetailPlanes(size: smallPlane, leastInterval: 0)
    )
    let found = try frames(from: VideoReader(path, options: options))
    #expect(found.count == 40 && found.allSatisfy { $0.detail == $0.plane })
  }
}

@Suite("Pictures written as PNG")
struct PNGWriterTests {
  @Test("are read back as they were", arguments: [(1, 1), (33, 7), (640, 360)])
  func roundTrip(_ side: (Int, Int)) throws {
    var random = SeededRandom(seed: 17)
    let size = FrameSize(width: side.0, height: side.1)
    let pixels = (0..<size.area).map { _ in UInt8.random(in: 0...255, using: &random) }
    let picture = try PNGPicture(PNGWriter.bytes(of: LumaPlane(size: size, pixels: pixels)))
    #expect(picture.width == size.width && picture.height == size.height)
    let grey = stride(from: 0, to: picture.rgba.count, by: 4).map {
      Array(picture.rgba[$0..<$0 + 4])
    }
    #expect(grey == pixels.map { [$0, $0, $0, 255] })
  }

  @Test("of no pixels are refused")
  func empty() {
    #expect(throws: MediaError.self) {
      try PNGWriter.bytes(of: LumaPlane(size: FrameSize(width: 0, height: 3)))
    }
  }
}
