import FrameKernels

/// What the releases of one film predict of a leak's pictures, at moments all along it.
struct VersionLooks {
  /// How well each entry predicts the picture at each moment, -1...1; nil where the leak has no frame,
  /// empty for entries without rivals.
  private(set) var fits: [[Double?]]
  /// For pairs of entries, the first before the second: log10 of the odds, a second, for the first.
  private var pairs: [Pair: [Double]] = [:]

  private struct Pair: Hashable {
    var (first, second): (Int, Int)
  }

  /// The picture of a leak and what an entry predicts of it.
  private struct Look {
    var fit: Double
    var leak: [Int16]
    var predicted: [Int16]
    var homography: Homography
    var mask: [Int16]
  }

  /// Looks at the leak at some moments, in order of time.
  ///
  /// - Parameters:
  ///   - leak: the leak's frames.
  ///   - entries: the releases.
  ///   - rivals: the entries that each is compared with.
  ///   - times: the moments, in seconds of the leak.
  ///   - reach: how near to them frames are looked for, in seconds.
  /// - Throws: what the sources throw.
  init(
    leak: any FrameSource,
    entries: [VersionComparison.Entry],
    rivals: [[Int]],
    at times: [Double],
    reach: Double
  ) throws {
    fits = entries.map { _ in [] }
    for first in entries.indices {
      for second in rivals[first] where first < second {
        pairs[Pair(first: first, second: second)] = []
      }
    }
    let tracks = entries.map { entry in
      (
        geometry: entry.segments.flatMap(\.geometry),
        leak: VectorTrack(source: leak, geometries: entry.segments.flatMap(\.geometry)),
        reference: VectorTrack(source: entry.frames)
      )
    }
    for time in times {
      var looks: [Look?] = entries.map { _ in nil }
      for index in entries.indices where !rivals[index].isEmpty {
        let own = tracks[index].leak
        let near = try own.native(from: time - reach, to: time + reach)
        guard near.count > 0 else {
          fits[index].append(nil)
          continue
        }
        let frame = near.count / 2
        let segment = entries[index].segments.first {
          $0.leakStart <= near.times[frame] && near.times[frame] < $0.leakEnd
        }
        guard let segment else {
          fits[index].append(0)
          continue
        }
        let shown = segment.referenceTime(at: near.times[frame])
        let others = try tracks[index].reference.native(from: shown - reach, to: shown + reach)
        let mask = own.mask(near.geometries[frame])
        let values = (0..<others.count).map { others.correlation($0, near, frame, under: mask) }
        guard let best = values.indices.max(by: { values[$0] < values[$1] }) else {
          fits[index].append(0)
          continue
        }
        fits[index].append(values[best])
        looks[index] = Look(
          fit: values[best],
          leak: Array(near.values[near.range(frame)]),
          predicted: Array(others.values[others.range(best)]),
          homography: tracks[index].geometry[near.geometries[frame]].homography,
          mask: mask
        )
      }
      for pair in pairs.keys {
        pairs[pair]?.append(Self.odds(looks[pair.first], looks[pair.second]))
      }
    }
  }

  /// Log10 of the odds, a second, for one entry against another at each moment, from the places in
  /// which they differ.
  func details(_ own: Int, _ other: Int) -> [Double] {
    if let odds = pairs[Pair(first: own, second: other)] { return odds }
    return (pairs[Pair(first: other, second: own)] ?? []).map { -$0 }
  }

  private static func odds(_ a: Look?, _ b: Look?) -> Double {
    guard let a, let b, isOneFraming(a.homography, b.homography) else { return 0 }
    return LocalDifference.log10Odds(
      leak: a.leak,
      a.predicted,
      b.predicted,
      mask: a.mask,
      fit: max(a.fit, b.fit)
    )
  }

  /// Whether two releases lie in the leak's frame alike, so that their places can be compared.
  private static func isOneFraming(_ a: Homography, _ b: Homography) -> Bool {
    [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)].allSatisfy { x, y in
      guard let p = a.map(x, y), let q = b.map(x, y) else { return false }
      return abs(p.x - q.x) < framingTolerance && abs(p.y - q.y) < framingTolerance
    }
  }

  /// In fractions of the frame: less than a sample of the small pictures.
  private static let framingTolerance = 0.012
}

/// Tells two predictions of a picture apart by the places in which they differ.
///
/// With Gaussian errors of one variance the log likelihood ratio of predictions a and b of a picture
/// is the sum of α (a - b) · (picture - α (a + b) / 2) over the variance of what is left, α being how
/// much of a prediction arrives. Places in which both agree are left out, because two encodings of
/// one picture differ everywhere a little, and the better one is not the other release.
enum LocalDifference {
  /// Log10 of the odds, a second of such pictures, for `a`.
  ///
  /// - Parameters:
  ///   - leak: a picture of `RectifiedFrames.count` values.
  ///   - a: what one release predicts of it.
  ///   - b: what the other predicts.
  ///   - mask: 1 where the leak shows something.
  ///   - fit: the correlation of the better prediction with the picture.
  /// - Returns: the odds; 0 where nothing differs, or too little of the film can be seen.
  static func log10Odds(
    leak: [Int16],
    _ a: [Int16],
    _ b: [Int16],
    mask: [Int16],
    fit: Double
  ) -> Double {
    guard fit >= leastFit else { return 0 }
    let alpha = min(fit, mostFit)
    let unit = RectifiedFrames.unit * RectifiedFrames.unit
    var sum = 0.0
    for top in stride(from: 0, to: RectifiedFrames.height, by: blockHeight) {
      for left in stride(from: 0, to: RectifiedFrames.width, by: blockWidth) {
        var (aa, bb, ab, la, lb, count) = (0, 0, 0, 0, 0, 0)
        for y in top..<top + blockHeight {
          for x in left..<left + blockWidth {
            let at = y * RectifiedFrames.width + x
            guard mask[at] != 0 else { continue }
            let (l, p, q) = (Int(leak[at]), Int(a[at]), Int(b[at]))
            aa += p * p
            bb += q * q
            ab += p * q
            la += l * p
            lb += l * q
            count += 1
          }
        }
        guard count == blockWidth * blockHeight, differs(aa, bb, ab, count) else { continue }
        sum += alpha * Double(la - lb) - alpha * alpha * Double(aa - bb) / 2
      }
    }
    let nats = sum / (unit * (1 - alpha * alpha))
    let share = VersionComparison.independentValues / Double(RectifiedFrames.count)
    return nats * share / 2.302585092994046
  }

  private static func differs(_ aa: Int, _ bb: Int, _ ab: Int, _ count: Int) -> Bool {
    let energy = Double(aa + bb) / 2
    let unit = RectifiedFrames.unit * RectifiedFrames.unit * Double(count)
    return energy >= leastEnergy * unit && Double(ab) < alike * energy
  }

  /// Places of a ninth and an eighth of the picture's height and width.
  private static let (blockWidth, blockHeight) = (8, 4)
  /// Predictions of a place that agree more are two encodings of one.
  private static let alike = 0.8
  /// Part of the usual contrast that a place needs.
  private static let leastEnergy = 0.2
  /// The leak must show the film clearly, and no prediction explains all of it.
  private static let (leastFit, mostFit) = (0.35, 0.95)
}
