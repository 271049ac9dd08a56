import Casebook
public import Marks
import Screenings
public import SystemPackage

/// Screenings as candidates of a closed list.
public enum MarkCandidates {
  /// The screenings of a release whose marks are known; of all releases where it is nil.
  ///
  /// - Throws: ``PipelineError`` where the list cannot be read.
  public static func screenings(
    of releaseID: String?,
    library: FilePath
  ) throws(PipelineError) -> [MarkCandidate] {
    let store = try ScreeningStore(at: library, forWriting: false)
    var query = ScreeningQuery()
    if let releaseID { ScreenedReleases(at: library).narrow(&query, to: releaseID) }
    return try store.screenings(query).compactMap { recorded in
      guard let location = recorded.screening.markLocation.flatMap(Int.init(exactly:)),
        let time = recorded.screening.markTime.flatMap(Int.init(exactly:))
      else { return nil }
      let payload = MarkPayload(location: location, time: time)
      return MarkCandidate(name: recorded.screening.id, payload: payload)
    }
  }
}
