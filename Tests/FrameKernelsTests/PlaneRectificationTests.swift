import FrameKernels
import TestSupport
import Testing

@Suite("Rectification of planes")
struct PlaneRectificationTests {
  private static let sizes = [
    (1, 1), (3, 4), (5, 3), (16, 9), (17, 10), (33, 20), (80, 45), (160, 90),
  ]

  private static func plane(_ count: Int, seed: UInt64) -> [Float] {
    var random = SeededRandom(seed: seed)
    return (0..<count).map { _ in Float(random.next() >> 56) }
  }

  /// A map near the identity, or one that turns, or one that leads far away and behind.
  private static func map(_ seed: UInt64) -> [Float] {
    var random = SeededRandom(seed: seed)
    func number(_ most: Float) -> Float { (Float(random.next() >> 40) / 8_388_608 - 1) * most }
    let most: Float = [0.05, 0.5, 4][Int(seed % 3)]
    return [
      1 + number(most), number(most), number(most), number(most), 1 + number(most), number(most),
      number(most), number(most), 1,
    ]
  }

  @Test("every level equals the Swift reference", arguments: SIMDLevel.available)
  func reference(level: SIMDLevel) {
    for (index, (width, height)) in Self.sizes.enumerated() {
      for seed in UInt64(0)..<24 {
        let plane = Self.plane(width * height, seed: seed + UInt64(index) * 100)
        let lens = Float(seed % 5) * 0.05 - 0.1
        var values = [Float](repeating: -1, count: plane.count)
        var mask = values
        let count = PlaneRectification.view(
          plane,
          width: width,
          height: height,
          map: Self.map(seed),
          lens: lens,
          into: &values,
          mask: &mask,
          level: level
        )
        let expected = PlaneRectification.referenceView(
          plane,
          width: width,
          height: height,
          map: Self.map(seed),
          lens: lens
        )
        #expect(count == expected.count, "\(width)x\(height), seed \(seed)")
        #expect(values == expected.values, "\(width)x\(height), seed \(seed)")
        #expect(mask == expected.mask, "\(width)x\(height), seed \(seed)")
      }
    }
  }

  @Test("the identity shows the plane but for its edge")
  func identity() {
    let plane = Self.plane(16 * 9, seed: 1)
    var (values, mask) = (plane, plane)
    let count = PlaneRectification.view(
      plane,
      width: 16,
      height: 9,
      map: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      lens: 0,
      into: &values,
      mask: &mask
    )
    #expect(count > 12 * 5 && count < plane.count)
    for at in plane.indices where mask[at] > 0 { #expect(abs(values[at] - plane[at]) < 0.01) }
    #expect(mask[0] == 0 && values[0] == 0)
  }

  @Test("means are those of what is seen around", arguments: SIMDLevel.available)
  func means(level: SIMDLevel) {
    for (index, (width, height)) in Self.sizes.enumerated() {
      for radius in [0, 1, 2, 11] where radius <= max(width, height) {
        let plane = Self.plane(width * height, seed: UInt64(index))
        let mask: [Float] = Self.plane(width * height, seed: UInt64(index) + 50)
          .map { $0 < 180 ? 1 : 0 }
        let found = PlaneRectification.withoutMean(
          plane,
          mask: mask,
          width: width,
          height: height,
          radius: radius,
          level: level
        )
        let scalar = PlaneRectification.withoutMean(
          plane,
          mask: mask,
          width: width,
          height: height,
          radius: radius,
          level: .scalar
        )
        let expected = PlaneRectification.referenceWithoutMean(
          plane,
          mask: mask,
          width: width,
          height: height,
          radius: radius
        )
        #expect(found == scalar, "\(width)x\(height), \(radius)")
        #expect(
          zip(found, expected).allSatisfy { abs(Double($0) - $1) < 0.02 },
          "\(width)x\(height), \(radius)"
        )
      }
    }
  }
}
