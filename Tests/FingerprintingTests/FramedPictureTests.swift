import Fingerprinting
import TestSupport
import Testing
import VideoCore

@Suite("A picture set into a larger frame")
struct FramedPictureTests {
  /// Forty looks at a frame whose rows `rows` show the picture.
  private func look(
    rows: Range<Int>,
    bars: (_ x: Int, _ y: Int, _ look: Int) -> UInt8
  ) -> PictureWindow? {
    var random = SeededRandom(seed: 5)
    var picture = FramedPicture()
    for look in 0..<40 {
      var plane = LumaPlane(size: FrameSize(width: 160, height: 90), fill: 0)
      let blocks = (0..<40 * 30).map { _ in UInt8.random(in: 20...230, using: &random) }
      for y in 0..<90 {
        for x in 0..<160 {
          plane.pixels[y * 160 + x] =
            rows.contains(y) ? blocks[y / 3 * 40 + x / 4] : bars(x, y, look)
        }
      }
      picture.add(plane)
    }
    return picture.window()
  }

  @Test("is found between black bars")
  func blackBars() throws {
    let window = try #require(look(rows: 30..<60) { _, _, _ in 8 })
    #expect(window == PictureWindow(left: 0, top: 30.0 / 90, right: 1, bottom: 60.0 / 90))
  }

  @Test("is found between bars with captions")
  func captions() throws {
    let window = look(rows: 30..<60) { x, y, _ in
      (10..<16).contains(y) && (40..<120).contains(x) && x % 5 < 2 ? 240 : 8
    }
    let found = try #require(window)
    #expect(abs(found.top - 30.0 / 90) < 0.03 && abs(found.bottom - 60.0 / 90) < 0.03)
  }

  @Test("is found between bars that a blurred picture fills")
  func blurred() throws {
    let window = look(rows: 30..<60) { x, y, look in
      UInt8(clamping: 110 + (x + y + 7 * look) % 60 / 10)
    }
    let found = try #require(window)
    #expect(abs(found.top - 30.0 / 90) < 0.03 && abs(found.bottom - 60.0 / 90) < 0.03)
  }

  @Test("is not made up where there are no bars, or small ones")
  func noBars() {
    #expect(look(rows: 0..<90) { _, _, _ in 8 } == nil)
    #expect(look(rows: 11..<79) { _, _, _ in 8 } == nil)
    #expect(FramedPicture().window() == nil)
  }

  @Test("is not looked for in frames too small for it")
  func smallFrame() {
    var picture = FramedPicture()
    picture.add(LumaPlane(size: FrameSize(width: 3, height: 2), fill: 200))
    #expect(picture.window() == nil)
  }
}
