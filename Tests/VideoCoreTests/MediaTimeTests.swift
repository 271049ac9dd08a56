import Testing
import VideoCore

@Suite("Media time") struct MediaTimeTests {
  @Test("a frame of an NTSC film is exact in ticks and right in seconds")
  func ntsc() {
    let time = MediaTime(ticks: 24, timeBase: Rational(1001, 24000))
    #expect(abs(time.seconds - 1.001) < 1e-12)
    #expect(MediaTime.zero.seconds == 0)
  }

  @Test("ratios and sizes are written as people write them")
  func descriptions() {
    #expect(Rational(24000, 1001).description == "24000/1001")
    #expect(FrameSize(width: 1920, height: 1080).description == "1920x1080")
    #expect(FrameSize(width: 3, height: 4).area == 12)
  }

  @Test("a plane starts with the value it is filled with")
  func plane() {
    let plane = LumaPlane(size: FrameSize(width: 2, height: 2), fill: 7)
    #expect(plane.pixels == [7, 7, 7, 7])
  }

  @Test("a plane of the wrong number of samples stops the program")
  func wrongCount() async {
    await #expect(processExitsWith: .failure) {
      _ = LumaPlane(size: FrameSize(width: 2, height: 2), pixels: [1])
    }
  }
}
