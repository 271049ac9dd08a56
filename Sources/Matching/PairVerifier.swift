import FrameKernels
import Registration
import VideoCore

/// Confirms a candidate by local features: frames that show the same moment must agree on one
/// homography.
///
/// Eight frame pairs spread over the candidate's stretch are compared at 160x90 and their matches
/// pooled, so that frames with little in them help each other. Feature sets are kept, because
/// candidates overlap: use one value for one leak.
public final class PairVerifier {
  /// Inliers from which a candidate counts as confirmed.
  ///
  /// Unrelated content gave at most 25 in 2477 trials (`Benchmarks/Accuracy`); true candidates of
  /// harsh camcorder leaks mostly 41 and more.
  public static let acceptedInliers = 30

  /// Frame pairs that one verification compares.
  public static let pairCount = 8

  private static let size = FrameSize(width: 160, height: 90)
  private static let leastMatches = 8
  private static let thresholdPixels = 1.5
  private static let searchSeconds = 0.3
  private static let mostKeptSets = 4000
  private static let mostSources = 9

  private struct Key: Hashable {
    let source: ObjectIdentifier
    let seconds: Double
    let mirrored: Bool
  }
  private var sets: [Key: FeatureSet] = [:]
  /// Sources with feature sets, the one used last at the end; held so that their identities stay
  /// their own, and few, since an open film costs memory and a file.
  private var sources: [any FrameSource] = []

  /// Creates a verifier without memory.
  public init() {}

  /// Compares leak and reference along the candidate's time map.
  ///
  /// - Returns: what agrees, to be judged by ``acceptedInliers``; nil where there are too few
  ///   matches, or where the geometry is none that a camera could give.
  /// - Throws: what the sources throw.
  public func verify(
    _ candidate: Candidate,
    leak: any FrameSource,
    reference: any FrameSource
  ) throws -> Anchor? {
    var (from, to, pairs) = ([FeatureSet.Point](), [FeatureSet.Point](), [Int]())
    let span = candidate.leakEnd - candidate.leakStart
    for pair in 0..<Self.pairCount {
      let time = candidate.leakStart + span * (Double(pair) + 0.5) / Double(Self.pairCount)
      let own = try self.pairs(
        of: leak,
        at: time,
        reference,
        at: candidate.referenceTime(at: time),
        mirrored: candidate.mirrored
      )
      guard let own else { continue }
      from += own.from
      to += own.to
      pairs += Array(repeating: pair, count: own.from.count)
    }
    return anchor(candidate, from, to, pairs)
  }

  /// Feature pairs of a frame of the leak and one of the reference, in fractions of the frames; the
  /// leak's is mirrored first where it shows the film so.
  ///
  /// - Returns: nil where either has no frame near its moment.
  func pairs(
    of leak: any FrameSource,
    at leakTime: Double,
    _ reference: any FrameSource,
    at referenceTime: Double,
    mirrored: Bool
  ) throws -> (from: [FeatureSet.Point], to: [FeatureSet.Point])? {
    // The leak's first: where it was not decoded, nothing of the film has to be.
    guard let b = try features(leak, at: leakTime, mirrored: mirrored, isReference: false),
      let a = try features(reference, at: referenceTime, mirrored: false, isReference: true)
    else { return nil }
    let matches = a.matches(with: b)
    return (matches.map { a.points[$0.own] }, matches.map { b.points[$0.other] })
  }

  /// The homography that most pairs agree on, and for each pair whether it does.
  static func fit(
    from: [FeatureSet.Point],
    to: [FeatureSet.Point]
  ) -> (homography: Homography, inliers: [Bool])? {
    guard from.count >= leastMatches else { return nil }
    let (w, h) = (Double(size.width), Double(size.height))
    let pixels = { (p: FeatureSet.Point) in FeatureSet.Point(x: p.x * w, y: p.y * h) }
    let robust = RobustHomography.estimate(
      from: from.map(pixels),
      to: to.map(pixels),
      threshold: thresholdPixels
    )
    guard let robust else { return nil }
    let toPixels = Homography([w, 0, 0, 0, h, 0, 0, 0, 1])
    let toUnits = Homography([1 / w, 0, 0, 0, 1 / h, 0, 0, 0, 1])
    return (toUnits.after(Homography(robust.elements)).after(toPixels), robust.inliers)
  }

  private func anchor(
    _ candidate: Candidate,
    _ from: [FeatureSet.Point],
    _ to: [FeatureSet.Point],
    _ pairs: [Int]
  ) -> Anchor? {
    guard let robust = Self.fit(from: from, to: to), robust.homography.isPlausible else {
      return nil
    }
    var (inliers, cells) = (0, Set<Int>())
    for i in robust.inliers.indices where robust.inliers[i] {
      inliers += 1
      let (x, y) = (Int(from[i].x * 16), Int(from[i].y * 9))
      cells.insert(pairs[i] * 144 + min(8, y) * 16 + min(15, x))
    }
    let map = robust.homography
    return Anchor(
      candidate: candidate,
      inliers: inliers,
      cells: cells.count,
      homography: candidate.mirrored ? Homography.mirror.after(map) : map
    )
  }

  /// Features of the frame nearest to a moment; none of a reference's titles and credits on black,
  /// which look alike in all films.
  private func features(
    _ source: any FrameSource,
    at seconds: Double,
    mirrored: Bool,
    isReference: Bool
  ) throws -> FeatureSet? {
    let near = try source.frames(
      from: seconds - Self.searchSeconds,
      to: seconds + Self.searchSeconds
    )
    guard let frame = near.min(by: { abs($0.seconds - seconds) < abs($1.seconds - seconds) })
    else { return nil }
    hold(source)
    let identity = ObjectIdentifier(source)
    let key = Key(source: identity, seconds: frame.seconds, mirrored: mirrored)
    if let known = sets[key] { return known }
    if sets.count >= Self.mostKeptSets { sets.removeAll(keepingCapacity: true) }
    let set =
      isReference && frame.plane.isTextOnBlack
      ? FeatureSet.empty : FeatureSet(plane: Self.prepare(frame.plane, mirrored: mirrored))
    sets[key] = set
    return set
  }

  /// Notes that a source is in use, and forgets the one that was not for the longest time.
  private func hold(_ source: any FrameSource) {
    sources.removeAll { $0 === source }
    sources.append(source)
    guard sources.count > Self.mostSources else { return }
    let gone = ObjectIdentifier(sources.removeFirst())
    sets = sets.filter { $0.key.source != gone }
  }

  private static func prepare(_ plane: LumaPlane, mirrored: Bool) -> LumaPlane {
    var small = plane
    if plane.size != size {
      small = LumaPlane(size: size)
      AreaReduction.reduce(
        plane.pixels.span,
        strideBytes: plane.size.width,
        width: plane.size.width,
        height: plane.size.height,
        into: &small.pixels,
        outputWidth: size.width,
        outputHeight: size.height
      )
    }
    if mirrored {
      for y in 0..<size.height {
        small.pixels[y * size.width..<(y + 1) * size.width].reverse()
      }
    }
    return small
  }
}
