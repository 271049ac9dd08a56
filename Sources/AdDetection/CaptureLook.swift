import VideoCore

/// Tells a clip that was inserted into a file from a screen that a camera recorded.
///
/// Between the two lies a lens, a hand and a sensor. A camera moves a little and its noise is new in
/// every frame, so next to nothing of its picture stays exactly as it was; and no edge is sharper than
/// its lens and the distance allow. A drawn clip is still wherever nothing is animated, and its edges
/// are as steep as the pixels.
///
/// Measured on 37 inserted clips and 230 shots of film of 34 simulated leaks: blocks that stay within
/// two levels over a quarter of a second were 53 to 81 % of a clip's, above 50 % for 3 shots of film
/// in a hundred; the steepest pixel had 68 to 85 % of an edge's range in clips, 51 % in the median of
/// film and 72 % in its 95th percentile.
struct CaptureLook {
  private var times: [Double] = []
  private var stillness: [Float] = []
  private var steepness: [Float?] = []
  private var last: LumaPlane?

  /// Adds the next picture.
  mutating func add(_ picture: TimedPicture) {
    if let last, last.size == picture.plane.size {
      times.append(picture.seconds)
      stillness.append(Self.stillness(last, picture.plane))
      steepness.append(times.count % Self.steepEvery == 1 ? Self.steepness(picture.plane) : nil)
    }
    last = picture.plane
  }

  /// 0...1 for a shot; 0 where it is too short to tell.
  func digitalLook(from start: Double, to end: Double) -> Double {
    // The first difference reaches back over the cut.
    let inside = times.indices.filter { times[$0] > start + 0.3 && times[$0] < end - 0.05 }
    guard inside.count >= 2 else { return 0 }
    let still = inside.reduce(0) { $0 + Double(stillness[$1]) } / Double(inside.count)
    let steep = inside.compactMap { steepness[$0] }.sorted()
    guard !steep.isEmpty else { return 0 }
    let edge = Double(steep[steep.count / 2])
    return Self.ramp(still, Self.stillRange) * Self.ramp(edge, Self.steepRange)
  }

  private static func ramp(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    max(0, min(1, (value - range.lowerBound) / (range.upperBound - range.lowerBound)))
  }

  /// The part of 8x8 blocks in which no pixel changes by more than two levels.
  private static func stillness(_ a: LumaPlane, _ b: LumaPlane) -> Float {
    let (columns, rows) = (a.size.width / 8, a.size.height / 8)
    guard columns > 0, rows > 0 else { return 0 }
    var moved = [Bool](repeating: false, count: columns * rows)
    for y in 0..<(rows * 8) {
      for x in 0..<(columns * 8) {
        let i = y * a.size.width + x
        let change = Int16(a.pixels[i]) - Int16(b.pixels[i])
        if change > 2 || change < -2 { moved[y / 8 * columns + x / 8] = true }
      }
    }
    return Float(moved.count { !$0 }) / Float(moved.count)
  }

  /// How much of an edge's range its steepest pixel has, upper quartile over the edges of a picture;
  /// nil where there are few.
  private static func steepness(_ plane: LumaPlane) -> Float? {
    let (w, h) = (plane.size.width, plane.size.height)
    guard w > 16 else { return nil }
    var shares: [Float] = []
    for y in stride(from: 0, to: h, by: 2) {
      let row = y * w
      for x in 5..<(w - 6) {
        let step = abs(Int(plane.pixels[row + x + 1]) - Int(plane.pixels[row + x]))
        guard step > leastRange / 5 else { continue }
        var (low, high, most) = (255, 0, 0)
        for k in (x - 4)...(x + 5) {
          let value = Int(plane.pixels[row + k])
          low = min(low, value)
          high = max(high, value)
          if k <= x + 4 { most = max(most, abs(Int(plane.pixels[row + k + 1]) - value)) }
        }
        if high - low > leastRange, step == most { shares.append(Float(step) / Float(high - low)) }
      }
    }
    guard shares.count >= leastEdges else { return nil }
    shares.sort()
    return shares[shares.count * 3 / 4]
  }

  private static let steepEvery = 3
  private static let leastRange = 40
  private static let leastEdges = 30
  private static let stillRange = 0.35...0.55
  private static let steepRange = 0.55...0.68
}
