import Foundation
import MediaIO
import SystemPackage
import TestSupport
import Testing
import VideoCore

@Suite struct ProxyWriterTests {
  static let size = FrameSize(width: 320, height: 180)
  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// A smooth texture over the full range that moves by a few pixels per frame.
  static func texture(_ number: Int) -> LumaPlane {
    var plane = LumaPlane(size: size)
    for y in 0..<size.height {
      for x in 0..<size.width {
        let (u, v) = (Double(x + 3 * number), Double(y + number))
        let wave = sin(u / 11) + sin(v / 7) + sin((u + 2 * v) / 23) + sin(u * v / 9000)
        plane.pixels[y * size.width + x] = UInt8(clamping: Int(128 + wave * 45))
      }
    }
    return plane
  }

  private func write(_ ticks: [Int64], _ base: Rational, name: String = "p.nut") throws -> FilePath
  {
    let path = FilePath(folder.path(name))
    let writer = try ProxyWriter(
      path: path,
      size: Self.size,
      timeBase: base,
      frameRate: Rational(25, 1)
    )
    for (number, tick) in ticks.enumerated() {
      try writer.append(Self.texture(number), at: MediaTime(ticks: tick, timeBase: base))
    }
    try writer.finish()
    return path
  }

  private func frames(
    _ path: FilePath,
    from: Double? = nil,
    to: Double? = nil
  ) throws -> [ReducedFrame] {
    let reader = try ProxyReader(path, options: DecodeOptions(planeSize: Self.size))
    var frames: [ReducedFrame] = []
    try reader.read(from: from, to: to) {
      frames.append($0)
      return .continue
    }
    return frames
  }

  @Test(
    arguments: [
      (Rational(1001, 24000), [0, 1, 2, 3, 4, 5, 6, 7]),
      (Rational(1, 90000), [0, 3753, 7507, 11261, 15015]),
      (Rational(1, 1000), [0, 1, 40, 41, 900, 60_000, 3_600_000]),
      (Rational(2, 50), [2, 3, 5, 8]),
      (Rational(1, 25), [-3, -1, 4]),
      (Rational(1, 2_000_000_011), [7, 80_000_001, 240_000_123]),
      (Rational(1, 12_800), [1024, 1536, 2048]),
      (Rational(7, 3), [10_000_000_000, 10_000_000_003]),
    ] as [(Rational, [Int64])]
  )
  func `times come back tick for tick`(base: Rational, ticks: [Int64]) throws {
    let path = try write(ticks, base)
    #expect(try frames(path).map(\.time) == ticks.map { MediaTime(ticks: $0, timeBase: base) })
  }

  @Test func `a first frame at 0.08 s keeps its time`() throws {
    let path = try write([2, 3, 4], Rational(1, 25))
    let reader = try ProxyReader(path, options: DecodeOptions(planeSize: Self.size))
    #expect(reader.firstTime == MediaTime(ticks: 2, timeBase: Rational(1, 25)))
    #expect(try frames(path, from: 0.08, to: 0.12).map(\.time.seconds) == [0.08])
    #expect(try reader.keyframeTimes() == [0.08])
  }

  @Test func `a moving texture survives with 38 dB and full range`() throws {
    let path = try write(Array(0..<30), Rational(1, 25))
    var squares = 0
    var bias = 0
    let frames = try frames(path)
    for (number, frame) in frames.enumerated() {
      for (got, put) in zip(frame.plane.pixels, Self.texture(number).pixels) {
        let error = Int(got) - Int(put)
        squares += error * error
        bias += error
      }
    }
    let count = Double(frames.count * Self.size.area)
    #expect(frames.count == 30)
    #expect(10 * log10(65025 * count / Double(squares)) >= 38)
    #expect(abs(Double(bias) / count) < 0.5)
  }

  @Test(arguments: [0, 1, 16, 128, 235, 254, 255] as [UInt8])
  func `flat grey comes back within one level`(value: UInt8) throws {
    let path = FilePath(folder.path("flat.nut"))
    let base = Rational(1, 25)
    let writer = try ProxyWriter(path: path, timeBase: base, frameRate: nil)
    for tick in 0..<3 {
      let plane = LumaPlane(size: Self.size, fill: value)
      try writer.append(plane, at: MediaTime(ticks: Int64(tick), timeBase: base))
    }
    try writer.finish()
    for frame in try frames(path) {
      #expect(frame.plane.pixels.allSatisfy { abs(Int($0) - Int(value)) <= 1 })
    }
  }

  @Test func `a window gives exactly the frames of a full read`() throws {
    let base = Rational(1001, 24000)
    let ticks = (0..<90).map { Int64($0 + $0 / 7 + 2) }
    let path = try write(ticks, base)
    let all = try frames(path)
    #expect(all.count == ticks.count)
    #expect(all.filter(\.isKeyframe).count >= 4)
    for (first, last) in [(0, 1), (13, 40), (24, 26), (25, 50), (60, 89)] {
      let (from, to) = (all[first].time.seconds, all[last].time.seconds)
      #expect(try frames(path, from: from, to: to) == Array(all[first..<last]))
    }
  }

  @Test func `the same frames give the same bytes`() throws {
    let first = try write([0, 1, 5], Rational(1, 25), name: "a.nut")
    let second = try write([0, 1, 5], Rational(1, 25), name: "b.nut")
    let bytes = try Data(contentsOf: URL(filePath: first.string))
    #expect(try bytes == Data(contentsOf: URL(filePath: second.string)))
    #expect(bytes.count > 1000)
  }

  @Test func `a writer that is given up leaves nothing behind`() throws {
    let path = FilePath(folder.path("gone.nut"))
    let base = Rational(1, 25)
    do {
      let writer = try ProxyWriter(path: path, timeBase: base, frameRate: nil)
      try writer.append(Self.texture(0), at: MediaTime(ticks: 0, timeBase: base))
      #expect(!FileManager.default.fileExists(atPath: path.string))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  @Test func `a proxy of no frames is refused`() throws {
    let writer = try ProxyWriter(
      path: FilePath(folder.path("none.nut")),
      timeBase: Rational(1, 25),
      frameRate: nil
    )
    let error = #expect(throws: MediaError.self) { try writer.finish() }
    #expect(error?.code == .empty)
  }

  @Test func `times that do not ascend are refused`() throws {
    let base = Rational(1, 25)
    let writer = try ProxyWriter(
      path: FilePath(folder.path("back.nut")),
      timeBase: base,
      frameRate: nil
    )
    try writer.append(Self.texture(0), at: MediaTime(ticks: 5, timeBase: base))
    for ticks in [5, 4, Int64.min] {
      let error = #expect(throws: MediaError.self) {
        try writer.append(Self.texture(1), at: MediaTime(ticks: ticks, timeBase: base))
      }
      #expect(error?.code == .damaged)
    }
    let error = #expect(throws: MediaError.self) {
      try writer.append(Self.texture(1), at: MediaTime(ticks: .max, timeBase: base))
    }
    #expect(error?.code == .damaged)
  }

  @Test func `a folder that does not exist is reported`() throws {
    let error = #expect(throws: MediaError.self) {
      try ProxyWriter(path: "/nowhere/p.nut", timeBase: Rational(1, 25), frameRate: nil)
    }
    #expect(error?.code == .notFound)
  }

  @Test func `a link in place of the temporary file is refused`() throws {
    // Following it would overwrite whatever file it names.
    let path = folder.path("full.nut")
    try FileManager.default.createSymbolicLink(
      atPath: path + ".partial",
      withDestinationPath: "/dev/full"
    )
    let error = #expect(throws: MediaError.self) {
      try ProxyWriter(path: FilePath(path), timeBase: Rational(1, 25), frameRate: nil)
    }
    #expect(error?.code == .ioError)
  }

  @Test func `another film is not taken for a proxy`() throws {
    let path = folder.path("film.nut")
    let made = try Toolbox.run([
      "ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=d=0.2", "-c:v", "mpeg4", path,
    ])
    try #require(made.status == 0)
    let error = #expect(throws: MediaError.self) {
      try ProxyReader(FilePath(path), options: DecodeOptions(planeSize: Self.size))
    }
    #expect(error?.code == .unrecognisedFormat)
  }
}
