import Isolation
import MediaIO
import TestSupport
import Testing
import VideoCore

@Suite("Messages of a parsing process")
struct WireTests {
  private let options = DecodeOptions(
    planeSize: FrameSize(width: 4, height: 3),
    detail: DetailPlanes(size: FrameSize(width: 2, height: 2), leastInterval: 0)
  )

  private func body(_ message: consuming WireWriter) -> [UInt8] {
    Array(message.finished().dropFirst(WireWriter.headBytes))
  }

  private var messages: [(bytes: [UInt8], parse: (inout WireReader) throws(WireError) -> Void)] {
    var info = WireWriter(.videoInfo)
    info.put(
      VideoInfo(
        duration: MediaTime(ticks: 100, timeBase: Rational(1, 25)),
        codedSize: FrameSize(width: 64, height: 48),
        displaySize: FrameSize(width: 64, height: 48),
        sampleAspectRatio: Rational(1, 1),
        rotationDegrees: 90,
        isMirrored: true,
        frameRate: Rational(25, 1),
        codecName: "h264",
        containerName: "mov,mp4",
        bitDepth: 8,
        isInterlaced: nil,
        startTime: .zero,
        streamIndex: 0,
        fileSizeBytes: 1000
      )
    )
    var frame = WireWriter(.frame)
    var picture = ReducedFrame(planeSize: options.planeSize)
    picture.detail = LumaPlane(size: FrameSize(width: 2, height: 2))
    frame.put(ReadSummary())
    frame.put(picture)
    var error = WireWriter(.failure)
    error.put(MediaError(.damaged, "why", averror: -5, errno: nil))
    var samples = WireWriter(.samples)
    samples.put(Int64(7))
    samples.put(UInt32(3))
    for value: Float in [0, 1, -2] { samples.put(value) }
    let options = options
    return [
      (body(info), { reader throws(WireError) in _ = try reader.videoInfo() }),
      (
        body(frame),
        { reader throws(WireError) in
          _ = try reader.summary()
          var frame = ReducedFrame(planeSize: options.planeSize)
          try reader.read(into: &frame, options)
        }
      ),
      (body(error), { reader throws(WireError) in _ = try reader.mediaError() }),
      (body(samples), { reader throws(WireError) in _ = try reader.samples(from: 0) }),
    ]
  }

  @Test("are read whole, and refused where a byte is missing or left over")
  func lengths() throws {
    for message in messages {
      func parses(_ bytes: [UInt8]) -> Bool {
        var reader = WireReader(bytes[...])
        do {
          try message.parse(&reader)
          try reader.finish()
          return true
        } catch {
          return false
        }
      }
      #expect(parses(message.bytes))
      #expect(!parses(message.bytes + [0]))
      for count in message.bytes.indices { #expect(!parses(Array(message.bytes.prefix(count)))) }
    }
  }

  @Test("that were tampered with are refused or harmless")
  func tampering() throws {
    var random = SeededRandom(seed: 6)
    var refused = 0
    for _ in 0..<40_000 {
      let message = messages[Int.random(in: 0..<messages.count, using: &random)]
      var bytes = message.bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let values: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, UInt8.random(in: 0...255, using: &random)]
        bytes[Int.random(in: bytes.indices, using: &random)] = values.randomElement(using: &random)!
      }
      var reader = WireReader(bytes[...])
      do { try message.parse(&reader) } catch { refused += 1 }
    }
    // What can be told is; a changed pixel cannot.
    #expect(refused > 5000)
  }

  @Test("with forged numbers are refused")
  func forged() throws {
    func time(_ ticks: Int64, _ numerator: Int32, _ denominator: Int32) -> [UInt8] {
      var writer = WireWriter(.frame)
      writer.put(ticks)
      writer.put(numerator)
      writer.put(denominator)
      return body(writer)
    }
    for bytes in [time(1, 0, 1), time(1, 1, 0), time(1, -1, 25), time(1, 1, .min)] {
      var reader = WireReader(bytes[...])
      #expect(throws: WireError.self) { try reader.time() }
    }
    var loud = WireWriter(.samples)
    loud.put(Int64(0))
    loud.put(UInt32(1))
    loud.put(Float.nan)
    var reader = WireReader(body(loud)[...])
    #expect(throws: WireError.self) { try reader.samples(from: 0) }
  }
}
