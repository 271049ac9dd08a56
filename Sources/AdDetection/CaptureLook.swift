import VideoCore

/// Tells a clip that was inserted into a file from a screen that a camera recorded.
///
/// Between the two lies a lens, a hand and a sensor. A camera moves a little and its noise is new in
/// every frame, so next to nothing of its picture stays exactly as it was; and no edge is sharper than
/// its lens and the distance allow. A drawn clip is still wherever nothing is animated, and its edges
/// are as steep as the pixels.
///
/// A dark screen tells nothing: encoders smooth its noise away, so that it stays as a clip does, and the
/// only edges are those of what was drawn over it. So stillness is asked of what is lit alone, and edges
/// of a fair part of the picture.
///
/// The ranges below part the clips of 58 simulated leaks from most shots of film in them; how clips of
/// others are found is measured by `Benchmarks/Accuracy/ads --unknown`. A clip whose ground is all in motion
/// does not look so.
struct CaptureLook {
  private var times: [Double] = []
  private var stillness: [Float] = []
  private var edges: [Float] = []
  private var steepness: [Float?] = []
  private var last: LumaPlane?

  /// Adds the next picture.
  mutating func add(_ picture: TimedPicture) {
    if let last, last.size == picture.plane.size {
      times.append(picture.seconds)
      let blocks = Self.blocks(last, picture.plane)
      stillness.append(blocks.still)
      edges.append(blocks.edges)
      steepness.append(times.count % Self.steepEvery == 1 ? Self.steepness(picture.plane) : nil)
    }
    last = picture.plane
  }

  /// 0...1 for a shot; 0 where it is too short to tell.
  func digitalLook(from start: Double, to end: Double) -> Double {
    // The first difference reaches back over the cut.
    let inside = times.indices.filter { times[$0] > start + 0.3 && times[$0] < end - 0.05 }
    guard inside.count >= 2 else { return 0 }
    // A quarter of a clip may be wipes and flights of letters.
    func median(_ values: [Float]) -> Double {
      Double(inside.map { values[$0] }.sorted()[inside.count / 2])
    }
    let steep = inside.compactMap { steepness[$0] }.sorted()
    guard !steep.isEmpty else { return 0 }
    let edge = Double(steep[steep.count / 2])
    return Self.ramp(median(stillness), Self.stillRange) * Self.ramp(edge, Self.steepRange)
      * Self.ramp(median(edges), Self.edgeRange)
  }

  private static func ramp(_ value: Double, _ range: ClosedRange<Double>) -> Double {
    max(0, min(1, (value - range.lowerBound) / (range.upperBound - range.lowerBound)))
  }

  /// Of the 8x8 blocks that are lit the part in which no pixel changes by more than two levels, and of all
  /// blocks the part with an edge.
  private static func blocks(_ a: LumaPlane, _ b: LumaPlane) -> (still: Float, edges: Float) {
    let (columns, rows) = (a.size.width / 8, a.size.height / 8)
    guard columns > 0, rows > 0 else { return (0, 0) }
    var (lit, still, edges) = (0, 0, 0)
    for row in 0..<rows {
      for column in 0..<columns {
        var (low, high, change): (UInt8, UInt8, Int16) = (255, 0, 0)
        for y in row * 8..<row * 8 + 8 {
          for i in y * a.size.width + column * 8..<y * a.size.width + column * 8 + 8 {
            low = min(low, b.pixels[i])
            high = max(high, b.pixels[i])
            change = max(change, abs(Int16(a.pixels[i]) - Int16(b.pixels[i])))
          }
        }
        if high - low >= leastEdge { edges += 1 }
        guard high > dark else { continue }
        lit += 1
        if change <= 2 { still += 1 }
      }
    }
    return (Float(still) / Float(max(1, lit)), Float(edges) / Float(columns * rows))
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
  /// Levels up to which a block is dark, and between the darkest and the lightest pixel of an edge.
  private static let (dark, leastEdge): (UInt8, UInt8) = (32, 48)
  /// Parts of blocks, and of an edge's range, from which and up to which they speak for a clip.
  private static let stillRange = 0.38...0.5
  private static let edgeRange = 0.1...0.18
  private static let steepRange = 0.55...0.68
}
