import Fingerprinting
import Foundation
import TestSupport
import Testing
import VideoCore

/// A deterministic film of drifting blobs, cheap enough to fingerprint in any build.
struct BlobFilm {
  private var blobs: [(x: Double, y: Double, dx: Double, dy: Double, size: Double, grey: Double)] =
    []

  init(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<14 {
      blobs.append(
        (
          .random(in: 0...1, using: &random), .random(in: 0...1, using: &random),
          .random(in: -0.2...0.2, using: &random), .random(in: -0.2...0.2, using: &random),
          .random(in: 0.04...0.2, using: &random), .random(in: 30...220, using: &random)
        )
      )
    }
  }

  /// Integer arithmetic on a 1/4096 grid, so that the golden file holds on every machine.
  func plane(at seconds: Double, width: Int = 160, height: Int = 90, mirrored: Bool = false)
    -> LumaPlane
  {
    var plane = LumaPlane(size: FrameSize(width: width, height: height), fill: 16)
    for blob in blobs {
      let cx = Int((abs((blob.x + blob.dx * seconds).truncatingRemainder(dividingBy: 1))) * 4096)
      let cy = Int((abs((blob.y + blob.dy * seconds).truncatingRemainder(dividingBy: 1))) * 4096)
      let radius = Int(blob.size * 4096)
      for y in 0..<height {
        for x in 0..<width {
          let (px, py) = ((2 * x + 1) * 2048 / width, (2 * y + 1) * 2048 / height)
          let (ex, ey) = (px - cx, py - cy)
          if ex * ex + ey * ey < radius * radius {
            let column = mirrored ? width - 1 - x : x
            plane.pixels[y * width + column] = UInt8(blob.grey)
          }
        }
      }
    }
    return plane
  }
}

@Suite("Motion hashes") struct MotionHashTests {
  private func fingerprint(seed: UInt64, rate: Double = 24, seconds: Double = 6) -> Fingerprint {
    let film = BlobFilm(seed: seed)
    var fingerprinter = ReferenceFingerprinter()
    for i in 0..<Int(seconds * rate) {
      let time = Double(i) / rate
      fingerprinter.append(film.plane(at: time), at: time)
    }
    return fingerprinter.finish()
  }

  @Test("algorithm 1 gives the bits of its golden file")
  func golden() throws {
    var lines: [String] = []
    for seed in [UInt64(1), 2, 3] {
      let print = fingerprint(seed: seed)
      let keys = print.indexKeys
      for i in 0..<print.count {
        let words = print.words[4 * i..<4 * i + 4].map {
          let text = String($0, radix: 16)
          return String(repeating: "0", count: 16 - text.count) + text
        }
        let key = keys[i] == IndexKey.none ? "-" : String(keys[i], radix: 16)
        lines.append("\(seed) \(i) \(words.joined()) \(print.corrections[i]) \(key)")
      }
    }
    let text = lines.joined(separator: "\n") + "\n"
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("testmedia/hash.golden")
    if ProcessInfo.processInfo.environment["LEAKTRACE_WRITE_GOLDEN"] == "1" {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let golden = try String(contentsOf: file, encoding: .utf8)
    #expect(golden == text)
    #expect(lines.count == 3 * 22)
  }

  @Test("another frame rate gives nearly the same hashes, another film does not")
  func frameRate() {
    let (a, b, c) = (
      fingerprint(seed: 5), fingerprint(seed: 5, rate: 29.97), fingerprint(seed: 6)
    )
    func distance(_ x: Fingerprint, _ y: Fingerprint) -> Double {
      var (sum, count) = (0, 0)
      for i in 2..<min(x.count, y.count) where x.corrections[i] != Fingerprint.still {
        for k in 0..<4 { sum += (x.words[4 * i + k] ^ y.words[4 * i + k]).nonzeroBitCount }
        count += 1
      }
      return Double(sum) / Double(max(1, count))
    }
    #expect(distance(a, b) < 30)
    #expect(distance(a, c) > 55)
  }

  @Test("a film that stands still says nothing")
  func still() {
    let plane = BlobFilm(seed: 9).plane(at: 1)
    var fingerprinter = ReferenceFingerprinter()
    for i in 0..<100 { fingerprinter.append(plane, at: Double(i) / 25) }
    let print = fingerprinter.finish()
    #expect(print.count > 10)
    #expect(print.corrections.allSatisfy { $0 == Fingerprint.still })
  }

  @Test("the mirrored descriptor of a picture is the descriptor of the mirrored picture")
  func mirror() {
    let film = BlobFilm(seed: 11)
    var describer = FrameDescriber()
    let a = describer.describe(film.plane(at: 2))
    let b = describer.describe(film.plane(at: 2, mirrored: true))
    let largest = a.upright.map(abs).max() ?? 0
    for c in 0..<Motion1.components {
      #expect(abs(a.mirrored[c] - b.upright[c]) <= 0.01 * largest)
    }
    #expect(a.upright != a.mirrored)
  }

  @Test("an empty film and one frame have no hashes")
  func short() {
    var none = ReferenceFingerprinter()
    #expect(none.finish().count == 0)
    var one = ReferenceFingerprinter()
    one.append(BlobFilm(seed: 1).plane(at: 0), at: 0)
    #expect(one.finish().words.isEmpty)
  }

  @Test("frames that go back in time are passed over")
  func backwards() {
    let film = BlobFilm(seed: 4)
    var (straight, jumping) = (ReferenceFingerprinter(), ReferenceFingerprinter())
    for i in 0..<72 {
      let time = Double(i) / 24
      straight.append(film.plane(at: time), at: time)
      jumping.append(film.plane(at: time), at: time)
      jumping.append(film.plane(at: 0), at: time - 0.5)
    }
    #expect(straight.finish() == jumping.finish())
  }

  @Test("hashes of the background set are near to it on average, with corrections about zero")
  func background() {
    #expect(Background.words.count == 4 * Background.count)
    #expect((60...100).contains(Background.meanDistance))
    let mean = Background.corrections.map(Double.init).reduce(0, +) / Double(Background.count)
    #expect(abs(mean) < 8)
  }
}

@Suite("Picture area") struct PictureAreaTests {
  @Test("black bars are cut off, a full picture is kept, a black film is the whole frame")
  func bars() {
    var boxed = PictureArea()
    var plane = LumaPlane(size: FrameSize(width: 160, height: 90), fill: 4)
    for y in 12..<78 { for x in 0..<160 { plane.pixels[y * 160 + x] = 120 } }
    boxed.add(plane)
    let window = boxed.window()
    #expect(abs(window.top - 12.0 / 90) < 1e-9 && abs(window.bottom - 78.0 / 90) < 1e-9)
    #expect(window.left == 0 && window.right == 1)
    var full = PictureArea()
    full.add(LumaPlane(size: FrameSize(width: 16, height: 9), fill: 200))
    #expect(full.window() == .whole)
    var black = PictureArea()
    black.add(LumaPlane(size: FrameSize(width: 16, height: 9), fill: 3))
    #expect(black.window() == .whole)
    #expect(PictureArea().window() == .whole)
  }

  @Test func `only what reaches all four edges fills the frame, in one frame or in several`() {
    let size = FrameSize(width: 160, height: 90)
    var area = PictureArea()
    #expect(!area.fillsFrame())
    var wide = LumaPlane(size: size, fill: 4)
    for y in 12..<78 { for x in 0..<160 { wide.pixels[y * 160 + x] = 120 } }
    area.add(wide)
    #expect(!area.fillsFrame())
    var top = LumaPlane(size: size, fill: 4)
    top.pixels[80] = 120
    area.add(top)
    #expect(!area.fillsFrame())
    var bottom = LumaPlane(size: size, fill: 4)
    bottom.pixels[89 * 160 + 80] = 120
    area.add(bottom)
    #expect(area.fillsFrame() && area.window() == .whole)
  }
}
