import Registration
import TestSupport
import Testing
import VideoCore

@Suite("Registration") struct RegistrationTests {
  private let size = FrameSize(width: 160, height: 90)

  /// A texture with corners: random bright and dark boxes.
  private func texture(seed: UInt64) -> LumaPlane {
    var random = SeededRandom(seed: seed)
    var plane = LumaPlane(size: size, fill: 90)
    for _ in 0..<120 {
      let (x, y) = (Int.random(in: 0..<150, using: &random), Int.random(in: 0..<82, using: &random))
      let (w, h) = (Int.random(in: 3...18, using: &random), Int.random(in: 3...14, using: &random))
      let grey = UInt8.random(in: 20...235, using: &random)
      for row in y..<min(90, y + h) {
        for column in x..<min(160, x + w) { plane.pixels[row * 160 + column] = grey }
      }
    }
    return plane
  }

  private func pixels(_ points: [FeatureSet.Point]) -> [FeatureSet.Point] {
    points.map { FeatureSet.Point(x: $0.x * 160, y: $0.y * 90) }
  }

  /// `plane` seen through the map from destination to source, bilinear.
  private func warp(_ plane: LumaPlane, inverse e: [Double]) -> LumaPlane {
    var out = LumaPlane(size: size)
    for y in 0..<90 {
      for x in 0..<160 {
        let w = e[6] * Double(x) + e[7] * Double(y) + e[8]
        let sx = (e[0] * Double(x) + e[1] * Double(y) + e[2]) / w
        let sy = (e[3] * Double(x) + e[4] * Double(y) + e[5]) / w
        guard sx >= 0, sy >= 0, sx < 158, sy < 88 else { continue }
        let (ix, iy) = (Int(sx), Int(sy))
        let (fx, fy) = (sx - Double(ix), sy - Double(iy))
        func at(_ dx: Int, _ dy: Int) -> Double { Double(plane.pixels[(iy + dy) * 160 + ix + dx]) }
        let top = at(0, 0) * (1 - fx) + at(1, 0) * fx
        let bottom = at(0, 1) * (1 - fx) + at(1, 1) * fx
        out.pixels[y * 160 + x] = UInt8(top * (1 - fy) + bottom * fy)
      }
    }
    return out
  }

  @Test("a known homography is recovered to a hundredth of the width")
  func recovers() throws {
    let plane = texture(seed: 3)
    let inverse: [Double] = [0.95, 0.03, 4, -0.02, 1.04, 2, 0.0003, -0.0002, 1]
    let a = FeatureSet(plane: plane)
    let b = FeatureSet(plane: warp(plane, inverse: inverse))
    let pairs = b.matches(with: a)
    let map = try #require(
      RobustHomography.estimate(
        from: pixels(pairs.map { b.points[$0.own] }),
        to: pixels(pairs.map { a.points[$0.other] }),
        threshold: 1.5
      )
    )
    #expect(map.inliers.filter { $0 }.count >= 30)
    for (x, y) in [(20.0, 15.0), (140.0, 15.0), (140.0, 75.0), (20.0, 75.0)] {
      let w = inverse[6] * x + inverse[7] * y + inverse[8]
      let want = (
        ((inverse[0] * x + inverse[1] * y + inverse[2]) / w + 0.5),
        ((inverse[3] * x + inverse[4] * y + inverse[5]) / w + 0.5)
      )
      let (u, v) = (x + 0.5, y + 0.5)
      let e = map.elements
      let d = e[6] * u + e[7] * v + e[8]
      #expect(abs((e[0] * u + e[1] * v + e[2]) / d - want.0) < 1.6)
      #expect(abs((e[3] * u + e[4] * v + e[5]) / d - want.1) < 1.6)
    }
  }

  @Test("unrelated pictures agree on little")
  func unrelated() {
    for seed in UInt64(10)..<20 {
      let (a, b) = (
        FeatureSet(plane: texture(seed: seed)), FeatureSet(plane: texture(seed: seed + 50))
      )
      let pairs = a.matches(with: b)
      let map = RobustHomography.estimate(
        from: pixels(pairs.map { a.points[$0.own] }),
        to: pixels(pairs.map { b.points[$0.other] }),
        threshold: 1.5
      )
      #expect((map?.inliers.filter { $0 }.count ?? 0) < 20, "seed \(seed)")
    }
  }

  @Test(
    "a warp covers the pixels whose nearest one in the source is there",
    arguments: [
      [1, 0, 0.1, 0, 1, -0.2, 0, 0, 1], [0.7, 0.05, 0.1, -0.04, 0.8, 0.15, 0.1, 0.2, 1],
      [-1, 0, 1, 0, 1, 0, 0, 0, 1], [2, 0, -0.5, 0, 2, -0.5, 0.3, 0, 1],
      // The same map, seen from behind.
      [-0.7, -0.05, -0.1, 0.04, -0.8, -0.15, -0.1, -0.2, -1],
    ] as [[Double]]
  )
  func coverage(homography h: [Double]) throws {
    let target = FrameSize(width: 130, height: 70)
    let warp = try #require(PlaneWarp(LumaPlane(size: size, fill: 200), by: h, to: target))
    let adjugate = [
      h[4] * h[8] - h[5] * h[7], h[2] * h[7] - h[1] * h[8], h[1] * h[5] - h[2] * h[4],
      h[5] * h[6] - h[3] * h[8], h[0] * h[8] - h[2] * h[6], h[2] * h[3] - h[0] * h[5],
      h[3] * h[7] - h[4] * h[6], h[1] * h[6] - h[0] * h[7], h[0] * h[4] - h[1] * h[3],
    ]
    for y in 0..<target.height {
      for x in 0..<target.width {
        let (u, v) = ((Double(x) + 0.5) / 130, (Double(y) + 0.5) / 70)
        let depth = adjugate[6] * u + adjugate[7] * v + adjugate[8]
        let across = (adjugate[0] * u + adjugate[1] * v + adjugate[2]) / depth
        let down = (adjugate[3] * u + adjugate[4] * v + adjugate[5]) / depth
        // On the edge itself either is right.
        let edge = min(abs(across), abs(1 - across), abs(down), abs(1 - down))
        let isInside = across > 0 && across < 1 && down > 0 && down < 1
        #expect(warp.coverage[y * 130 + x] == (isInside ? 255 : 0) || edge < 1e-9)
        // What lies well inside has the picture's brightness.
        if isInside, edge > 0.02 { #expect(warp.plane.pixels[y * 130 + x] == 200) }
      }
    }
  }

  @Test("the same input gives the same output, to the last bit")
  func deterministic() {
    let (a, b) = (texture(seed: 1), texture(seed: 1))
    let pairs = FeatureSet(plane: a).matches(with: FeatureSet(plane: b))
    let again = FeatureSet(plane: a).matches(with: FeatureSet(plane: b))
    #expect(pairs.map(\.own) == again.map(\.own) && pairs.map(\.other) == again.map(\.other))
    let points = FeatureSet(plane: a).points
    let first = RobustHomography.estimate(from: pixels(points), to: pixels(points), threshold: 1)
    #expect(
      first == RobustHomography.estimate(from: pixels(points), to: pixels(points), threshold: 1)
    )
    #expect(first != nil)
  }

  @Test("a dim picture has the features of a bright one")
  func dim() {
    let bright = texture(seed: 8)
    let dark = LumaPlane(size: size, pixels: bright.pixels.map { $0 / 6 })
    #expect(FeatureSet(plane: dark).points.count * 2 > FeatureSet(plane: bright).points.count)
  }

  @Test("flat, tiny and empty input gives nothing and does no harm")
  func nothing() {
    let flat = FeatureSet(plane: LumaPlane(size: size, fill: 128))
    #expect(flat.points.isEmpty)
    let tiny = FeatureSet(plane: LumaPlane(size: FrameSize(width: 1, height: 1), fill: 5))
    #expect(tiny.points.isEmpty)
    #expect(flat.matches(with: FeatureSet(plane: texture(seed: 2))).isEmpty)
    #expect(RobustHomography.estimate(from: [], to: [], threshold: 1) == nil)
    #expect(RegistrationLibrary.version?.isEmpty == false)
  }
}
