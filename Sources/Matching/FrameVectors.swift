import FrameKernels

/// Vectors of consecutive frames, one after another.
struct FrameVectors {
  /// Seconds, ascending.
  var times: [Double] = []
  /// `RectifiedFrames.count` components for each frame.
  var values: [Int16] = []
  /// Their squares, for energies under a mask.
  var squares: [Int16] = []
  /// Σ v² of each frame.
  var energies: [Double] = []
  /// Where the picture of a reference's frame lies; all of it for a leak's.
  var pictures: [PictureRectangle] = []
  /// Whether a reference's frame shows letters on black, or nothing; told of samples alone.
  var areText: [Bool] = []
  /// Whether nothing can be seen in a leak's frame.
  var areBlank: [Bool] = []
  /// Sums of v² from the upper left corner, (width + 1) · (height + 1) for each frame of a leak.
  private var integrals: [Int32] = []
  /// Which geometry a leak's frame was rectified with; 0 for references.
  var geometries: [Int] = []

  var count: Int { times.count }

  func range(_ frame: Int) -> Range<Int> {
    frame * RectifiedFrames.count..<(frame + 1) * RectifiedFrames.count
  }

  mutating func append(
    time: Double,
    geometry: Int,
    vector: [Int16],
    picture: PictureRectangle? = nil,
    isText: Bool = false,
    isBlank: Bool = false
  ) {
    times.append(time)
    geometries.append(geometry)
    pictures.append(picture ?? .whole)
    areText.append(isText)
    areBlank.append(isBlank)
    if picture == nil { appendIntegral(of: vector) }
    values.append(contentsOf: vector)
    for value in vector { squares.append(value &* value) }
    let span = vector.span
    energies.append(Double(Correlation.dot(span, span)))
  }

  mutating func append(frame: Int, of other: FrameVectors) {
    times.append(other.times[frame])
    geometries.append(other.geometries[frame])
    energies.append(other.energies[frame])
    pictures.append(other.pictures[frame])
    areText.append(other.areText[frame])
    areBlank.append(other.areBlank[frame])
    if !other.integrals.isEmpty {
      let count = Self.integralCount
      integrals.append(contentsOf: other.integrals[frame * count..<(frame + 1) * count])
    }
    values.append(contentsOf: other.values[other.range(frame)])
    squares.append(contentsOf: other.squares[other.range(frame)])
  }

  /// Σ a·b of a frame of this and a frame of another.
  func dot(_ frame: Int, _ other: FrameVectors, _ otherFrame: Int) -> Double {
    let (a, b) = (values.span, other.values.span)
    let (x, y) = (a.extracting(range(frame)), b.extracting(other.range(otherFrame)))
    return Double(Correlation.dot(x, y))
  }

  /// Σ v² of a frame where `mask` is 1.
  func energy(_ frame: Int, under mask: [Int16]) -> Double {
    let (a, b) = (squares.span, mask.span)
    let x = a.extracting(range(frame))
    return Double(Correlation.dot(x, b))
  }

  /// Σ v² of a leak's frame in a rectangle.
  func energy(_ frame: Int, within rectangle: PictureRectangle) -> Double {
    // A reference's vectors have no sums, and are 0 outside of their own picture.
    if rectangle == .whole || integrals.isEmpty { return energies[frame] }
    let (base, stride) = (frame * Self.integralCount, RectifiedFrames.width + 1)
    let (upper, lower) = (base + rectangle.top * stride, base + rectangle.bottom * stride)
    return Double(
      integrals[lower + rectangle.right] - integrals[lower + rectangle.left]
        - integrals[upper + rectangle.right] + integrals[upper + rectangle.left]
    )
  }

  private static let integralCount = (RectifiedFrames.width + 1) * (RectifiedFrames.height + 1)

  private mutating func appendIntegral(of vector: [Int16]) {
    let (width, stride) = (RectifiedFrames.width, RectifiedFrames.width + 1)
    let base = integrals.count
    integrals.append(contentsOf: repeatElement(0, count: Self.integralCount))
    for y in 0..<RectifiedFrames.height {
      var row: Int32 = 0
      let (above, here) = (base + y * stride, base + (y + 1) * stride)
      for x in 0..<width {
        let value = Int32(vector[y * width + x])
        row &+= value &* value
        integrals[here + x + 1] = integrals[above + x + 1] &+ row
      }
    }
  }

  /// The first frame at or after `time`.
  func firstIndex(at time: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < time { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

/// Vectors of a film's frames, the ones used last; bounded in number.
///
/// A film is walked through several times: for a draft, for looks at it, and once its ends are known.
private struct VectorStore {
  struct Entry {
    var vector: [Int16]
    var picture: PictureRectangle
    /// Nil until it is asked for.
    var isText: Bool?
  }

  private var (recent, older): ([Double: Entry], [Double: Entry]) = ([:], [:])

  /// Vectors of one generation, of 4.6 kB each; two are held.
  private static let mostOfGeneration = 3000

  subscript(seconds: Double) -> Entry? {
    mutating get {
      if let entry = recent[seconds] { return entry }
      guard let entry = older[seconds] else { return nil }
      self[seconds] = entry
      return entry
    }
    set {
      if recent.count >= Self.mostOfGeneration { (older, recent) = (recent, [:]) }
      recent[seconds] = newValue
    }
  }
}

/// Reads frames of a film or leak as vectors; keeps those of its last answer, and of a film those used
/// last.
final class VectorTrack {
  let source: any FrameSource
  /// Geometries of a leak by the middle of their stretch, ascending; empty for a reference.
  private let geometries: [GeometrySample]
  private var masks: [Int: [Int16]] = [:]
  private var warp: (geometry: Int, warp: Warp)?
  private var vectoriser = Vectoriser()
  private var scratch = [Int16](repeating: 0, count: RectifiedFrames.count)
  private var last: [Bool: FrameVectors] = [:]
  private var store = VectorStore()

  init(source: any FrameSource, geometries: [GeometrySample] = []) {
    self.source = source
    self.geometries = geometries
  }

  var durationSeconds: Double { source.durationSeconds }

  /// All frames of a stretch at the native rate.
  func native(from start: Double, to end: Double) throws -> FrameVectors {
    try read([(start, end)], sampled: false)
  }

  /// About `SegmentAligner.sampleRate` frames each second of some ascending stretches: the first of
  /// each sampling interval, so that the choice does not depend on where a stretch starts.
  func sampled(_ stretches: [(Double, Double)]) throws -> FrameVectors {
    try read(stretches, sampled: true)
  }

  /// The first moments after hard cuts in a stretch, ascending.
  func cuts(from start: Double, to end: Double) throws -> [Double] {
    let frames = try source.frames(
      from: max(0, start - 1),
      to: min(end + 1, source.durationSeconds + 1)
    )
    return ShotCuts(frames).times.filter { $0 >= start && $0 <= end }
  }

  /// 1 for pixels that the geometry shows.
  func mask(_ geometry: Int) -> [Int16] {
    if let mask = masks[geometry] { return mask }
    guard geometries.indices.contains(geometry) else {
      return [Int16](repeating: 1, count: RectifiedFrames.count)
    }
    let mask = Warp(geometries[geometry].homography).mask
    masks[geometry] = mask
    return mask
  }

  private func read(_ stretches: [(Double, Double)], sampled: Bool) throws -> FrameVectors {
    let old = last[sampled] ?? FrameVectors()
    var vectors = FrameVectors()
    var interval = -Double.infinity
    for (start, end) in stretches {
      var from = max(0, start)
      let limit = min(end, source.durationSeconds + 1)
      while from < limit {
        // Short pieces, so that only vectors of a long stretch are held and not its planes.
        let to = min(limit, from + 8)
        for frame in try source.frames(from: from, to: to) {
          if let time = vectors.times.last, frame.seconds <= time { continue }
          if sampled {
            let each = (frame.seconds * SegmentAligner.sampleRate).rounded(.down)
            if each <= interval { continue }
            interval = each
          }
          append(frame, to: &vectors, known: old, sampled: sampled)
        }
        from = to
      }
    }
    last[sampled] = vectors
    return vectors
  }

  private func append(
    _ frame: TimedPlane,
    to vectors: inout FrameVectors,
    known: FrameVectors,
    sampled: Bool
  ) {
    let index = known.firstIndex(at: frame.seconds)
    if index < known.count, known.times[index] == frame.seconds {
      vectors.append(frame: index, of: known)
      return
    }
    if geometries.isEmpty {
      let entry = entry(of: frame, sampled: sampled)
      vectors.append(
        time: frame.seconds,
        geometry: 0,
        vector: entry.vector,
        picture: entry.picture,
        isText: entry.isText ?? false
      )
      return
    }
    let nearest = nearestGeometry(to: frame.seconds)
    if warp?.geometry != nearest {
      let next = Warp(geometries[nearest].homography)
      masks[nearest] = next.mask
      warp = (nearest, next)
    }
    guard let warp else { return }
    let isBlank = vectoriser.vector(of: frame.plane, through: warp.warp, into: &scratch)
    vectors.append(time: frame.seconds, geometry: nearest, vector: scratch, isBlank: isBlank)
  }

  /// The vector of a film's frame; whether it shows letters is told of samples alone, which need it.
  private func entry(of frame: TimedPlane, sampled: Bool) -> VectorStore.Entry {
    let known = store[frame.seconds]
    if let known, !sampled || known.isText != nil { return known }
    var entry =
      known
      ?? {
        let picture = vectoriser.vector(of: frame.plane, into: &scratch)
        return VectorStore.Entry(vector: scratch, picture: picture)
      }()
    if sampled { entry.isText = frame.plane.isTextOnBlack }
    store[frame.seconds] = entry
    return entry
  }

  private func nearestGeometry(to time: Double) -> Int {
    var best = 0
    for index in geometries.indices
    where abs(geometries[index].leakTime - time) < abs(geometries[best].leakTime - time) {
      best = index
    }
    return best
  }
}

/// The films of a collection as vectors, each read by one track; the two used last are kept.
final class FilmTracks {
  private let references: any ReferenceCollection
  private var tracks: [(reference: Int, track: VectorTrack)] = []
  private static let mostTracks = 2

  init(_ references: any ReferenceCollection) { self.references = references }

  /// The frames of a reference as vectors.
  ///
  /// - Throws: what the collection throws.
  func track(of reference: Int) throws -> VectorTrack {
    let known = tracks.first { $0.reference == reference }?.track
    let track = try known ?? VectorTrack(source: references.frames(of: reference))
    tracks.removeAll { $0.reference == reference }
    tracks.append((reference, track))
    if tracks.count > Self.mostTracks { tracks.removeFirst() }
    return track
  }
}
