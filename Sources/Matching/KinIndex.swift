import Fingerprinting

/// The keys of stretches of references that a leak is known to show, to find other releases that
/// hold the same pictures.
struct KinIndex {
  private struct Stretch {
    /// Number of the piece of the leak that shows it.
    let piece: Int
    /// What says so.
    let candidate: Candidate
    /// Sample of the reference that comes first.
    let first: Int
  }

  private var stretches: [Stretch] = []
  private var runs: [QueryTracks.Run] = []
  private var pieces: [QueryIndex.Piece] = []

  /// Takes the stretch of a reference that a piece of the leak shows by `candidate`.
  ///
  /// - Parameters:
  ///   - candidate: says where.
  ///   - piece: the piece.
  ///   - number: its number.
  ///   - words: the reference's hashes.
  ///   - corrections: its corrections.
  mutating func append(
    _ candidate: Candidate,
    _ piece: QueryIndex.Piece,
    number: Int,
    _ words: Span<UInt64>,
    _ corrections: Span<Int16>
  ) {
    let pace = Motion1.samplesPerSecond
    func sample(_ leakSample: Int) -> Int {
      Int((candidate.referenceTime(at: Double(leakSample) / pace) * pace).rounded())
    }
    let first = max(0, sample(piece.first))
    let end = min(corrections.count, sample(piece.first + piece.count))
    guard first < end else { return }
    // What lies around it describes it, too.
    let low = max(0, first - MotionCode.reach)
    let high = min(corrections.count, end + MotionCode.reach)
    var run = QueryTracks.Run(first: Self.spacing * runs.count)
    for i in low..<high {
      for k in 0..<4 { run.words.append(words[4 * i + k]) }
      run.motions.append(corrections[i] == Fingerprint.still ? 0 : 1)
    }
    stretches.append(Stretch(piece: number, candidate: candidate, first: first))
    pieces.append(QueryIndex.Piece(first: run.first + first - low, count: end - first))
    runs.append(run)
  }

  /// The keys of all stretches.
  func index(probes: Int, strictness: Double) -> QueryIndex {
    QueryIndex(
      [QueryIndex.Strand(number: 0, mirrored: false, runs: runs)],
      pieces: pieces,
      probes: probes,
      strictness: strictness
    )
  }

  /// What a place for one of the stretches says of the leak, whose pieces are `pieces`; nil for the
  /// stretch itself.
  func place(_ place: Place, _ pieces: [QueryIndex.Piece]) -> Place? {
    let stretch = stretches[place.piece]
    let candidate = stretch.candidate
    if place.reference == candidate.reference, abs(place.offset - stretch.first) <= 1 { return nil }
    let pace = Motion1.samplesPerSecond
    let middle = (candidate.leakStart + candidate.leakEnd) / 2
    let inStretch = Int((candidate.referenceTime(at: middle) * pace).rounded()) - stretch.first
    let sample = Int((middle * pace).rounded()) - pieces[stretch.piece].first
    return Place(
      piece: stretch.piece,
      mirrored: candidate.mirrored,
      series: Self.noSeries,
      reference: place.reference,
      sample: sample,
      offset: place.offset + inStretch - sample,
      score: place.score
    )
  }

  /// It was found under no hypothesis about the leak, so that it is looked at under all of them.
  private static let noSeries = -1
  /// Samples from one stretch to the next: more than a piece and what is around it has at any rate.
  private static let spacing = 1024
}
