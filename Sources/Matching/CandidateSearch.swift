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
      var search = IndexedSearch(tracks, runs, references)
      try search.run(into: &shortlist)
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

  /// Pairs of samples that are compared in a few seconds of one processor.
  private static let mostPairs = 4_000_000_000
}
