import Matching
import TestSupport
import Testing
import VideoCore

@Suite("What of a picture counts") struct PictureRectangleTests {
  private static let (width, height) = (64, 36)

  private static func picture(_ pixel: (Int, Int) -> UInt8) -> [UInt8] {
    (0..<width * height).map { pixel($0 % width, $0 / width) }
  }

  @Test("bars above and below, or at the sides, are left out with their edges")
  func bars() {
    let letterbox = Self.picture { x, y in
      (5..<31).contains(y) ? UInt8(60 + (x * 7 + y * 13) % 90) : 3
    }
    let pillarbox = Self.picture { x, y in
      (9..<55).contains(x) ? UInt8(60 + (x * 7 + y * 13) % 90) : 3
    }
    let wide = PictureRectangle(lookingAt: letterbox)
    #expect((wide.left, wide.top, wide.right, wide.bottom) == (0, 7, 64, 29))
    let narrow = PictureRectangle(lookingAt: pillarbox)
    #expect((narrow.left, narrow.top, narrow.right, narrow.bottom) == (11, 0, 53, 36))
  }

  @Test("a full picture, a dark one and something bright in the night have no bars")
  func noBars() {
    let full = Self.picture { x, y in UInt8(60 + (x * 7 + y * 13) % 90) }
    let dark = Self.picture { x, y in (16..<20).contains(y) ? 50 : 4 }
    let disc = Self.picture { x, y in
      (x - 32) * (x - 32) + (y - 18) * (y - 18) < 13 * 13 ? 200 : 2
    }
    for picture in [full, dark, disc] {
      #expect(PictureRectangle(lookingAt: picture) == .whole)
    }
  }

  /// Rows of strokes, as letters are after reduction.
  private static func credits(seed: UInt64) -> LumaPlane {
    var random = SeededRandom(seed: seed)
    var plane = LumaPlane(size: FrameSize(width: 160, height: 90), fill: 2)
    for line in 0..<7 {
      for x in stride(from: 30, to: 130, by: 3) where Bool.random(using: &random) {
        for y in 0..<4 {
          for dx in 0..<2 where Int.random(in: 0..<4, using: &random) > 0 {
            plane.pixels[(8 + 12 * line + y) * 160 + x + dx] = 180
          }
        }
      }
    }
    return plane
  }

  @Test("letters on black are told from pictures, in the light and at night")
  func text() {
    #expect(Self.credits(seed: 3).isTextOnBlack)
    #expect(LumaPlane(size: FrameSize(width: 160, height: 90), fill: 1).isTextOnBlack)
    let film = Film(seed: 4, duration: 3)
    #expect(!film.plane(at: 1).isTextOnBlack)
    var disc = LumaPlane(size: FrameSize(width: 160, height: 90), fill: 2)
    for y in 0..<90 {
      for x in 0..<160 where (x - 80) * (x - 80) + (y - 45) * (y - 45) < 900 {
        disc.pixels[y * 160 + x] = UInt8(80 + (x + 2 * y) % 100)
      }
    }
    #expect(!disc.isTextOnBlack)
  }

  @Test("the parts of a leak that nothing explains are its gaps, if they are long enough")
  func gaps() {
    let segments = [(2.0, 10.0), (10.3, 20), (25, 30)].map { start, end in
      AlignedSegment(
        leakStart: start,
        leakEnd: end,
        referenceStart: start,
        referenceEnd: end,
        rate: 1,
        correlation: 0.8,
        errorMilliseconds: nil,
        geometry: []
      )
    }
    let gaps = GapSearch.gaps(of: segments, leakSeconds: 30.2)
    #expect(gaps.map(\.start) == [0, 20])
    #expect(gaps.map(\.end) == [2, 25])
    #expect(GapSearch.gaps(of: [], leakSeconds: 9).map(\.end) == [9])
  }
}
