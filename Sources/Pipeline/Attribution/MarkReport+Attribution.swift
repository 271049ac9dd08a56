import Attribution
import Casebook
import Marks
public import SystemPackage

extension MarkReport {
  /// The payload that is claimed; nil where none is.
  var claimed: Payload? { verdict == .claimed ? payload : nil }

  /// What weighing screenings needs of the mark; nil where nothing was read.
  ///
  /// A value that the ranking does not name correlates less than the last that it does.
  var reading: Clues.MarkReading? {
    guard verdict != .none else { return nil }
    func reading(of field: Field) -> Clues.MarkReading.Field? {
      guard field.verdict != .none, let best = field.ranking.first, let last = field.ranking.last
      else { return nil }
      let known = Dictionary(field.ranking.map { (Int64($0.value), $0.score) }) { first, _ in first
      }
      return Clues.MarkReading.Field(best: Int64(best.value), z: best.score) {
        known[$0] ?? last.score
      }
    }
    return Clues.MarkReading(
      isClaimed: verdict == .claimed,
      location: reading(of: location),
      time: reading(of: time)
    )
  }
}

extension MatchReport {
  /// Writes what marks claim into a library's history; what was claimed before and is not any more is
  /// taken back.
  ///
  /// - Throws: ``PipelineError`` where the history cannot be written to.
  public func recordClaims(in library: FilePath, at seconds: Int64) throws(PipelineError) {
    guard let sha256 = leak.sha256 else { return }
    do {
      let casebook = try Casebook.open(at: library, mode: .readWrite(createFolder: false))
      for mark in marks ?? [] {
        if let payload = mark.claimed {
          let claim = MarkClaim(
            leakSHA256: sha256,
            keyID: mark.keyID,
            asset: mark.asset,
            location: Int64(payload.location),
            time: Int64(payload.time),
            log10Bound: max(mark.location.log10P, mark.time.log10P)
          )
          try casebook.record(claim, at: seconds)
        } else {
          try casebook.removeMarkClaim(ofLeak: sha256, keyID: mark.keyID, asset: mark.asset)
        }
      }
    } catch {
      throw PipelineError(error)
    }
  }
}
