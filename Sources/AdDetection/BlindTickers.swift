import VideoCore

/// Running lines of text along the upper and lower edge of a leak whose film is unknown.
///
/// No edge of a running text stays, so that persistence does not find it. But all of its strip moves
/// sideways, evenly and for seconds, while the picture beside it does not: a camera that pans, or a
/// train that passes, moves more than a strip or not for long.
struct BlindTickers {
  let leak: any PictureSource
  let size: FrameSize
  /// Stretches that are no film.
  let clips: [InsertedClip]

  /// A pair of pictures whose strip moved.
  private struct Step {
    var seconds: Double
    /// Columns of half size per second.
    var speed: Double
  }

  func tracks() throws -> [OverlayTrack] {
    let height = max(8, size.height * Self.stripShare.numerator / Self.stripShare.denominator)
    var result: [OverlayTrack] = []
    for top in [0, size.height - height] {
      let rows = top..<(top + height)
      // The rows beside the strip, towards the middle of the picture.
      let beside = top == 0 ? height..<(3 * height) : (top - 2 * height)..<top
      for run in try runs(rows, beside) {
        guard let box = try box(of: run, rows) else { continue }
        result.append(track(run, box))
      }
    }
    return result
  }

  /// Stretches in which a strip runs at one speed.
  private func runs(_ rows: Range<Int>, _ beside: Range<Int>) throws -> [[Step]] {
    var steps: [Step] = []
    var last: (seconds: Double, strip: Relief, beside: Relief)?
    try each { picture in
      let strip = Relief(picture.plane, rows)
      let other = Relief(picture.plane, beside)
      defer { last = (picture.seconds, strip, other) }
      guard let last, picture.seconds > last.seconds,
        picture.seconds - last.seconds < Self.longestInterval,
        let shift = last.strip.shift(to: strip, most: Self.mostShift)
      else { return }
      // What moves all over the picture is the camera.
      let own = last.beside.correlation(with: other, shift: shift)
      guard own < Self.leastCorrelation || own < last.beside.correlation(with: other, shift: 0)
      else { return }
      steps.append(
        Step(
          seconds: picture.seconds,
          speed: Double(shift) / (picture.seconds - last.seconds)
        )
      )
    }
    var runs: [[Step]] = []
    for step in steps {
      if let run = runs.last, let end = run.last, step.seconds - end.seconds < Self.longestPause,
        abs(step.speed - Self.median(run)) <= Self.sameSpeed * abs(step.speed) + 6
      {
        runs[runs.count - 1].append(step)
      } else {
        runs.append([step])
      }
    }
    return runs.filter { run in
      guard let first = run.first, let last = run.last else { return false }
      return run.count >= Self.leastSteps && last.seconds - first.seconds >= Self.leastSeconds
    }
  }

  /// The rows of the strip that move with it, as wide as the frame.
  private func box(of run: [Step], _ rows: Range<Int>) throws -> FrameBox? {
    guard let first = run.first, let last = run.last else { return nil }
    let pictures = try leak.pictures(from: first.seconds, to: last.seconds + 1e-6)
      .filter { $0.plane.size == size }
    let picks = OverlayFinder.spread(0..<max(0, pictures.count - 1), count: 12)
    let speed = Self.median(run)
    var moving = [Int](repeating: 0, count: rows.count)
    for index in picks {
      let (a, b) = (pictures[index], pictures[index + 1])
      let shift = Int((speed * (b.seconds - a.seconds)).rounded())
      for row in rows.indices {
        let (one, other) = (Relief(a.plane, row..<(row + 1)), Relief(b.plane, row..<(row + 1)))
        if one.correlation(with: other, shift: shift) > Self.leastRow {
          moving[row - rows.lowerBound] += 1
        }
      }
    }
    let on = moving.map { 5 * $0 >= 2 * picks.count }
    guard let top = on.firstIndex(of: true), let bottom = on.lastIndex(of: true), bottom - top >= 4
    else { return nil }
    return FrameBox(
      x: 0,
      y: Double(rows.lowerBound + max(0, top - 1)) / Double(size.height),
      width: 1,
      height: Double(min(rows.count, bottom + 2) - max(0, top - 1)) / Double(size.height)
    )
  }

  private func track(_ run: [Step], _ box: FrameBox) -> OverlayTrack {
    let start = max(0, (run.first?.seconds ?? 0) - Self.longestInterval)
    let end = run.last?.seconds ?? start
    let count = max(2, min(20, Int((end - start) / 0.5)))
    return OverlayTrack(
      start: start,
      end: end,
      boxes: [.init(seconds: start, box: box)],
      motion: .scrolling,
      shape: .ticker,
      isTranslucent: nil,
      isOutsidePicture: false,
      evidence: .persistence,
      strength: 255,
      confidence: min(1, (end - start) / 5),
      states: [
        OverlayTrack.VisualState(
          start: start,
          end: end,
          box: box,
          sampleTimes: (0..<count).map {
            start + (end - start) * (Double($0) + 0.5) / Double(count)
          }
        )
      ]
    )
  }

  private func each(_ body: (TimedPicture) -> Void) throws {
    var start = 0.0
    while start <= leak.durationSeconds {
      for picture in try leak.pictures(from: start, to: start + 8)
      where picture.plane.size == size {
        let isClip = clips.contains { $0.start <= picture.seconds && picture.seconds < $0.end }
        if !isClip { body(picture) }
      }
      start += 8
    }
  }

  private static func median(_ run: [Step]) -> Double {
    run.map(\.speed).sorted()[run.count / 2]
  }

  /// Height of the strips that are looked at, as a share of the frame's.
  private static let stripShare = (numerator: 9, denominator: 100)
  /// Most columns of half size that text moves by between two pictures.
  private static let mostShift = 44
  private static let leastCorrelation: Float = 0.5
  private static let leastRow: Float = 0.3
  private static let sameSpeed = 0.15
  private static let (leastSteps, leastSeconds) = (6, 2.5)
  private static let (longestInterval, longestPause) = (0.6, 2.5)
}

/// The fine structure of some rows of a picture at half its width.
private struct Relief {
  let width: Int
  private let height: Int
  private let values: [Int16]

  init(_ plane: LumaPlane, _ rows: Range<Int>) {
    let full = plane.size.width
    let width = full / 2
    var values: [Int16] = []
    values.reserveCapacity(width * rows.count)
    for row in rows {
      let start = row * full
      var line = [Int16](repeating: 0, count: width)
      for x in 0..<width {
        line[x] = Int16(plane.pixels[start + 2 * x]) + Int16(plane.pixels[start + 2 * x + 1])
      }
      // Without the mean of some columns: the ground under the letters says nothing.
      var sum = 0
      let reach = Self.reach
      for x in 0..<min(reach, width) { sum += Int(line[x]) }
      for x in 0..<width {
        if x + reach < width { sum += Int(line[x + reach]) }
        if x - reach - 1 >= 0 { sum -= Int(line[x - reach - 1]) }
        let count = min(width - 1, x + reach) - max(0, x - reach) + 1
        values.append(line[x] - Int16(sum / count))
      }
    }
    (self.width, height, self.values) = (width, rows.count, values)
  }

  /// The shift to the right under which `other` resembles this and does not where it is; nil for none.
  func shift(to other: Relief, most: Int) -> Int? {
    var best = (shift: 0, value: Float(0))
    for shift in -most...most where abs(shift) >= 3 {
      let value = correlation(with: other, shift: shift)
      if value > best.value { best = (shift, value) }
    }
    guard best.value >= 0.5, best.value >= correlation(with: other, shift: 0) + 0.15 else {
      return nil
    }
    return best.shift
  }

  func correlation(with other: Relief, shift: Int) -> Float {
    let (first, last) = (max(0, -shift), min(width, width - shift))
    guard last - first > width / 4, other.width == width, other.height == height else { return 0 }
    var (ab, aa, bb): (Float, Float, Float) = (0, 0, 0)
    for row in 0..<height {
      let start = row * width
      var (p, q, r): (Int32, Int32, Int32) = (0, 0, 0)
      for x in first..<last {
        let a = Int32(truncatingIfNeeded: values[start + x])
        let b = Int32(truncatingIfNeeded: other.values[start + x + shift])
        p &+= a &* b
        q &+= a &* a
        r &+= b &* b
      }
      ab += Float(p)
      aa += Float(q)
      bb += Float(r)
    }
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
  }

  private static let reach = 8
}
