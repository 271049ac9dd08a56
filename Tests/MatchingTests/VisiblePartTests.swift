import Matching
import Testing
import VideoCore

@Suite("Visible part of a picture") struct VisiblePartTests {
  @Test("a picture inside the frame is seen whole")
  func whole() {
    let part = VisiblePart(Homography([0.8, 0, 0.1, 0, 0.8, 0.1, 0, 0, 1]), picture: .whole)
    #expect(part.share == 1)
    #expect(part.cropped == (0, 0, 0, 0))
  }

  @Test("what hangs over an edge is cut off at that side of the film's picture, mirrored or not")
  func cut() {
    // A quarter of the width lies left of the frame, a tenth of the height below it.
    let map = Homography([1, 0, -0.25, 0, 1, 0.1, 0, 0, 1])
    let part = VisiblePart(map, picture: .whole)
    #expect(abs(part.share - 0.75 * 0.9) < 0.01)
    #expect(abs(part.cropped.left - 0.25) < 0.01)
    #expect(abs(part.cropped.bottom - 0.1) < 0.01)
    #expect(part.cropped.top == 0)
    #expect(part.cropped.right == 0)
    let mirror = Homography([-1, 0, 1, 0, 1, 0, 0, 0, 1])
    let mirrored = VisiblePart(mirror.after(map), picture: .whole)
    #expect(abs(mirrored.cropped.left - 0.25) < 0.01)
  }

  @Test("black bars of the release are no part of its picture")
  func bars() {
    let map = Homography([1, 0, 0, 0, 1, -0.1, 0, 0, 1])
    let picture = PictureWindow(left: 0, top: 0.12, right: 1, bottom: 0.88)
    #expect(VisiblePart(map, picture: .whole).share < 0.92)
    #expect(VisiblePart(map, picture: picture).share == 1)
  }

  @Test("a picture outside of the frame is not seen")
  func outside() {
    let part = VisiblePart(Homography([1, 0, 2, 0, 1, 0, 0, 0, 1]), picture: .whole)
    #expect(part.share == 0)
  }
}

@Suite("Origin of a copy") struct CopyOriginTests {
  private static func segments(
    correlation: Double,
    _ homography: (Double) -> Homography
  ) -> [AlignedSegment] {
    let geometry = (0..<40).map {
      GeometrySample(leakTime: Double($0) / 2, homography: homography(Double($0) / 2))
    }
    return [
      AlignedSegment(
        leakStart: 0,
        leakEnd: 20,
        referenceStart: 0,
        referenceEnd: 20,
        rate: 1,
        correlation: correlation,
        errorMilliseconds: nil,
        geometry: geometry
      )
    ]
  }

  @Test("a slanting or swaying picture was taken by a camera")
  func camera() {
    let slanting = Self.segments(correlation: 0.95) { _ in
      Homography([0.9, 0.02, 0.05, -0.01, 0.9, 0.05, 0.03, 0, 1])
    }
    let swaying = Self.segments(correlation: 0.95) { time in
      Homography([
        1.05, 0, -0.02 + 0.01 * (time / 2).truncatingRemainder(dividingBy: 2), 0, 1.05, 0, 0, 0, 1,
      ])
    }
    #expect(CopyOrigin(slanting)?.answer == .camera)
    #expect(CopyOrigin(swaying)?.answer == .camera)
  }

  @Test("scaled, cropped and sharp is a direct copy; the same but dull could be either")
  func direct() {
    let still = { (_: Double) in Homography([1.1, 0, -0.05, 0, 0.8, 0.1, 0, 0, 1]) }
    #expect(CopyOrigin(Self.segments(correlation: 0.95, still))?.answer == .direct)
    #expect(CopyOrigin(Self.segments(correlation: 0.6, still))?.answer == .cannotBeTold)
    #expect(CopyOrigin([]) == nil)
  }
}
