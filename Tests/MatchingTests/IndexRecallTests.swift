import Fingerprinting
import Matching
import TestSupport
import Testing
import VideoCore

@Suite("Index against the scan of everything") struct IndexRecallTests {
  private static let seconds = 90.0
  private static let films = (0..<6).map { SyntheticFilm(seed: 300 + UInt64($0), seconds: seconds) }
  private static let library = MemoryCollection(films.map { $0.fingerprint(seconds: seconds) })

  /// Copies that get worse: other films, places, speeds and noise in turn.
  private static let leaks: [QueryTracks] = (0..<24).map { number in
    var tracks = QueryTracks()
    var copying = Copying(mirrored: number % 3 == 1, seed: UInt64(number))
    copying.noise = 10 + 4 * Double(number)
    let film = films[number % films.count]
    let rate = [1, 0.97, 1.03][number % 3]
    for k in 0..<300 {
      let time = Double(k) / 12
      let plane = film.plane(at: 4 + 2.5 * Double(number) + time * rate)
      tracks.append(copying.copy(plane), at: time)
    }
    return tracks
  }

  @Test("what the scan finds clearly, the index finds with the same score")
  func recall() throws {
    var (clear, found) = (0, 0)
    for leak in Self.leaks {
      let all = try CandidateSearch.search(leak, in: Self.library, depth: .thorough)
      let some = try CandidateSearch.search(leak, in: Self.library, depth: .indexed)
      guard let best = all.first, best.score > 8 else { continue }
      clear += 1
      if some.contains(best) { found += 1 }
    }
    #expect(clear >= 12)
    #expect(found == clear)
  }

  @Test("the index adds nothing that the scan would not score so")
  func precision() throws {
    for leak in Self.leaks.prefix(4) {
      let all = try CandidateSearch.search(leak, in: Self.library, depth: .thorough, limit: 10_000)
      let some = try CandidateSearch.search(leak, in: Self.library, depth: .indexed)
      for candidate in some.prefix(20) {
        let same = all.first { $0.showsSame(as: candidate) && $0.score >= candidate.score - 1e-9 }
        #expect(same != nil, "\(candidate)")
      }
    }
  }
}

extension Candidate {
  fileprivate func showsSame(as other: Candidate) -> Bool {
    let middle = (leakStart + leakEnd) / 2
    return reference == other.reference && mirrored == other.mirrored
      && abs(referenceTime(at: middle) - other.referenceTime(at: middle)) <= 2
  }
}
