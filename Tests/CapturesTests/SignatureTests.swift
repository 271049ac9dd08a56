import Captures
import TestSupport
import Testing

@Suite("Signatures of recordings")
struct SignatureTests {
  private func sample(_ index: Int, shift: Double = 0) -> CaptureSample {
    CaptureSample(
      index: index,
      corners: [
        SIMD2(0.05 + shift, 0.1), SIMD2(0.98, 0.02), SIMD2(1.1, 0.95), SIMD2(-0.2, 0.9),
      ],
      gain: 0.5,
      hidden: 0x8000_0101
    )
  }

  @Test("bytes give back what was written, to the steps they are kept in")
  func bytes() throws {
    let signature = CaptureSignature([3, 4, 5, 40, 41, -7].map { sample($0) })
    let read = try #require(CaptureSignature(encoded: signature.encoded))
    #expect(read.samples.map(\.index) == [-7, 3, 4, 5, 40, 41])
    #expect(signature.encoded.count == 1 + 2 * 4 + 3 * 8 + 6 * 21)
    for (a, b) in zip(signature.samples, read.samples) {
      for corner in 0..<4 {
        #expect(abs(a.corners[corner].x - b.corners[corner].x) <= 0.5 / 20_000)
        #expect(abs(a.corners[corner].y - b.corners[corner].y) <= 0.5 / 20_000)
      }
      #expect(b.gain == 0.5)
      #expect(b.hidden == 0x8000_0101)
    }
    // Once written, nothing changes any more.
    #expect(CaptureSignature(encoded: read.encoded) == read)
  }

  @Test("sounds and dropped frames come back; a signature without them is still read")
  func marks() throws {
    let sounds = try [7.2, 0.5, 0.5].map { try #require(FilmMark(filmSeconds: $0, kind: 200)) }
    let holds = try [3.0].map { try #require(FilmMark(filmSeconds: $0)) }
    let signature = CaptureSignature([sample(1)], sounds: sounds, holds: holds)
    let read = try #require(CaptureSignature(encoded: signature.encoded))
    #expect(read.sounds.map(\.filmSeconds) == [0.504, 7.2])
    #expect(read.sounds.map(\.kind) == [200, 200])
    #expect(read.holds.map(\.filmSeconds) == [3])
    let bare = CaptureSignature([sample(1)]).encoded
    let old = try #require(CaptureSignature(encoded: [2] + bare.dropFirst(9)))
    #expect(old.samples == read.samples)
    #expect(old.sounds.isEmpty && old.holds.isEmpty)
    for seconds in [-1.0, .nan, .infinity, 2e5] { #expect(FilmMark(filmSeconds: seconds) == nil) }
  }

  @Test("damaged bytes are refused, never trusted")
  func damage() throws {
    let mark = try #require(FilmMark(filmSeconds: 1, kind: 3))
    let bytes = CaptureSignature((0..<20).map { sample($0) }, sounds: [mark], holds: [mark]).encoded
    #expect(CaptureSignature(encoded: []) == nil)
    for format in [UInt8(1), 9] {
      #expect(CaptureSignature(encoded: [format] + bytes.dropFirst()) == nil)
    }
    // Before the first run there is nothing that could be missing.
    let whole = 1 + 2 * 8
    for count in 2..<bytes.count
    where count != whole && CaptureSignature(encoded: Array(bytes.prefix(count))) != nil {
      Issue.record("a signature cut to \(count) bytes was read")
    }
    var random = SeededRandom(seed: 5)
    for _ in 0..<500 {
      var changed = bytes
      changed[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
        in: 0...255,
        using: &random
      )
      if let read = CaptureSignature(encoded: changed) {
        _ = CaptureComparison(read, read)
      }
    }
  }

  @Test("of one moment the first sample stays")
  func twice() {
    let signature = CaptureSignature([sample(4), sample(4, shift: 0.1), sample(2)])
    #expect(signature.samples.map(\.index) == [2, 4])
    #expect(signature.samples[1].corners[0].x == 0.05)
  }
}
