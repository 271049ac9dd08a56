import Fingerprinting
import Glibc

/// How closely references are searched.
public enum SearchDepth: Sendable, Hashable, CaseIterable {
  /// All of it where that takes seconds, else where index keys point to.
  case automatic
  /// Where shared index keys point to.
  case indexed
  /// Every sample of every reference: what the index is measured against.
  case thorough
}

/// Finds the stretches of references that stretches of a leak may show, by adding up the evidence of
/// motion hashes along the diagonals of the leak × reference plane.
///
/// Index keys say which places to look at; there each window of 10 s is compared sample by
/// sample. Scores are normalised against the set of unrelated films in ``Background``, so that they
/// do not depend on what else is in the library.
public enum CandidateSearch {
  /// The least score of a candidate.
  ///
  /// Of 2557 wrong candidates of 34 leaks above it, the greatest had 9.8; the first right one of 30
  /// leaks of films in the library had 7.9 to 32.7. So it lets much pass, for local features to
  /// confirm.
  public static let leastScore = 4.5

  /// Candidates kept by default for each 5 s of the leak.
  public static let defaultLimit = 24

  /// The candidates of a whole leak, best score first.
  ///
  /// - Parameters:
  ///   - tracks: the hashes of the leak.
  ///   - references: what to search.
  ///   - depth: how closely.
  ///   - limit: how many candidates to keep for each 5 s of the leak.
  /// - Returns: candidates of score ``leastScore`` and more; equal inputs give equal lists.
  /// - Throws: what `references` throws on reading.
  /// - Complexity: O(leak samples · hypotheses · reference samples); indexed, a thousandth of it.
  public static func search(
    _ tracks: QueryTracks,
    in references: any ReferenceCollection,
    depth: SearchDepth = .automatic,
    limit: Int = defaultLimit
  ) throws -> [Candidate] {
    let runs = tracks.series.enumerated().flatMap { number, series in
      series.runs.map {
        QueryRun($0, mirrored: series.mirrored, rate: series.rate, series: number)
      }
    }
    var shortlist = Shortlist(limit: max(1, limit))
    let isThorough =
      switch depth {
      case .indexed: false
      case .thorough: true
      case .automatic: try isCheap(runs, references)
      }
    if isThorough {
      try searchAll(runs, references, &shortlist)
    } else {
      try searchPlaces(tracks, runs, references, &shortlist)
    }
    return shortlist.sorted()
  }

  /// Whether comparing everything with everything is a matter of seconds.
  private static func isCheap(
    _ runs: [QueryRun],
    _ references: any ReferenceCollection
  ) throws -> Bool {
    let queries = runs.reduce(0) { $0 + $1.blocks.reduce(0) { $0 + $1.count } }
    guard queries > 0 else { return true }
    var left = mostPairs / queries
    for reference in 0..<references.count {
      left -= try references.sampleCount(of: reference)
      if left < 0 { return false }
    }
    return true
  }

  private static func searchAll(
    _ runs: [QueryRun],
    _ references: any ReferenceCollection,
    _ shortlist: inout Shortlist
  ) throws {
    var scan = DiagonalScan()
    for reference in 0..<references.count {
      try references.withFingerprint(of: reference) { words, corrections in
        guard corrections.count > 0, words.count == 4 * corrections.count else { return }
        for run in runs { scan.scan(run, reference, words, corrections, &shortlist) }
      }
    }
  }

  private static func searchPlaces(
    _ tracks: QueryTracks,
    _ runs: [QueryRun],
    _ references: any ReferenceCollection,
    _ shortlist: inout Shortlist
  ) throws {
    var scan = DiagonalScan()
    let pieces = QueryIndex.pieces(of: tracks)
    let samples = try (0..<references.count).reduce(0) { $0 + (try references.sampleCount(of: $1)) }
    let effort = Effort(pieces: pieces.count, librarySamples: samples)
    let keys = references.keyIndex ?? KeyIndex(shards: [], rest: Array(0..<references.count))
    for start in stride(from: 0, to: pieces.count, by: piecesAtOnce) {
      let index = QueryIndex(
        tracks,
        pieces: Array(pieces[start..<min(pieces.count, start + piecesAtOnce)]),
        probes: effort.probes,
        strictness: effort.strictness
      )
      guard !index.entries.isEmpty else { continue }
      var search = PlaceSearch(index, limit: effort.places)
      for shard in keys.shards { try search.search(shard) }
      for reference in keys.rest {
        try references.withIndexKeys(of: reference) { keys in
          try references.withFingerprint(of: reference) { words, _ in
            search.search(keys, words, of: reference)
          }
        }
      }
      let windows = index.pieces.map { Self.windows(of: $0, in: runs) }
      let places = Dictionary(grouping: search.places().flatMap { $0 }, by: \.reference)
      for (reference, places) in places.sorted(by: { $0.key < $1.key }) {
        try references.withFingerprint(of: reference) { words, corrections in
          guard words.count == 4 * corrections.count else { return }
          for place in places {
            let piece = index.pieces[place.piece]
            let parts = windows[place.piece].filter { runs[$0.run].mirrored == place.mirrored }
            func look(_ part: (run: Int, windows: Range<Int>)) -> Double {
              let start = runs[part.run].windows[part.windows.lowerBound].start
              return scan.scan(
                part.windows,
                of: runs[part.run],
                reference,
                words,
                corrections,
                around: place.shift(in: piece, from: start, at: runs[part.run].rate),
                slack: Place.slack,
                &shortlist
              )
            }
            // Where that under which it was found promises nothing, other windows and speeds will not.
            let found = parts.filter { runs[$0.run].series == place.series }
            guard (found.map(look).max() ?? promisingScore) >= promisingScore else { continue }
            for part in parts where runs[part.run].series != place.series { _ = look(part) }
          }
        }
      }
    }
  }

  /// The windows of all runs whose middle lies in a piece; those of a run follow each other.
  private static func windows(
    of piece: QueryIndex.Piece,
    in runs: [QueryRun]
  ) -> [(run: Int, windows: Range<Int>)] {
    runs.indices.compactMap { run in
      let own = runs[run].windows.indices.filter { number in
        let window = runs[run].windows[number]
        let middle = window.start + QueryTracks.time(of: window.count, runs[run].rate) / 2
        return piece.contains(middle)
      }
      guard let first = own.first, let last = own.last else { return nil }
      return (run, first..<last + 1)
    }
  }

  /// The least score of a place that is looked at under all hypotheses.
  private static let promisingScore = 2.5
  /// Pairs of samples that are compared in a few seconds of one processor.
  private static let mostPairs = 4_000_000_000
  /// Pieces that are looked up in one pass over the library: some 90 minutes of a leak, 70 MB.
  private static let piecesAtOnce = 256
}

/// What is spent on each piece of the leak: a long leak has many chances to be found, a fragment one.
///
/// Time goes into positions that are read. They grow with the library; in one so large that a search
/// would take longer than is affordable, a sample asks for fewer keys, and of what it finds more must
/// agree before it is looked at closely.
private struct Effort {
  let probes: Int
  let strictness: Double
  let places: Int

  init(pieces: Int, librarySamples: Int) {
    let pieces = max(1, pieces)
    let wanted = max(16, min(IndexKey.mostProbes, 384 / pieces))
    let affordable = Self.fixedPositions + Self.positionsPerPiece * Double(pieces)
    let each = Double(pieces) * Self.samplesPerPiece * Self.chance * Double(max(1, librarySamples))
    probes = max(1, min(wanted, Int(affordable / each)))
    strictness = min(2.5, max(1, 2 + 0.6 * log10(each * Double(probes) / Self.fixedPositions)))
    places = max(64, min(2048, 3072 / pieces))
  }

  /// Positions that a search may read, in all and for each piece.
  private static let fixedPositions = 40e6
  private static let positionsPerPiece = 2.2e6
  /// Samples of a piece, under all picture windows and mirrored.
  private static let samplesPerPiece = 800.0
  /// How often a key that is asked for is the key of a sample of another film, measured on real ones.
  private static let chance = 1.4e-6
}

extension Place {
  /// The offset to look around for a window that starts at a moment of the leak and runs at `rate`.
  fileprivate func shift(
    in piece: QueryIndex.Piece,
    from start: Double,
    at rate: Double
  ) -> Int {
    let pace = Motion1.samplesPerSecond
    let moment = Double(piece.first + sample) / pace
    return Int((Double(offset + sample) + (start - moment) * rate * pace).rounded())
  }

  /// A leak whose speed lies between those that are tried drifts by less than two samples in a piece,
  /// and neighbouring samples are alike.
  fileprivate static let slack = 4
}
