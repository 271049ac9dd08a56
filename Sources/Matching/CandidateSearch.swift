/// Finds the stretches of references that stretches of a leak may show, by adding up the evidence of
/// motion hashes along the diagonals of the leak × reference plane.
///
/// This is the flat scan: each window of 10 s is compared with every sample of every reference.
/// Scores are normalised against the set of unrelated films in ``Background``, so that they do not
/// depend on what else is in the library.
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
  ///   - limit: how many candidates to keep for each 5 s of the leak.
  /// - Returns: candidates of score ``leastScore`` and more; equal inputs give equal lists.
  /// - Throws: what `references` throws on reading.
  /// - Complexity: O(leak samples · hypotheses · reference samples).
  public static func search(
    _ tracks: QueryTracks,
    in references: any ReferenceCollection,
    limit: Int = defaultLimit
  ) throws -> [Candidate] {
    let runs = tracks.series.flatMap { series in
      series.runs.map { QueryRun($0, mirrored: series.mirrored, rate: series.rate) }
    }
    var shortlist = Shortlist(limit: max(1, limit))
    var scan = DiagonalScan()
    for reference in 0..<references.count {
      try references.withFingerprint(of: reference) { words, corrections in
        guard corrections.count > 0, words.count == 4 * corrections.count else { return }
        for run in runs { scan.scan(run, reference, words, corrections, &shortlist) }
      }
    }
    return shortlist.sorted()
  }
}
