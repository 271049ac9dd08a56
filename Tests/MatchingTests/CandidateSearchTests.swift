import Fingerprinting
import Matching
import Testing
import VideoCore

@Suite("Candidate search") struct CandidateSearchTests {
  private static let films = (0..<4).map { SyntheticFilm(seed: 100 + UInt64($0), seconds: 60) }
  private static let fingerprints = films.map { $0.fingerprint(seconds: 60) }
  private static let library = MemoryCollection(fingerprints)

  /// Tracks of a copy of `film` from `start`, running at `rate`.
  private func leak(
    of film: SyntheticFilm,
    from start: Double,
    seconds: Double,
    rate: Double = 1,
    mirrored: Bool = false
  ) -> QueryTracks {
    var tracks = QueryTracks()
    var copying = Copying(mirrored: mirrored, seed: 7)
    for k in 0..<Int(seconds * 12) {
      let time = Double(k) / 12
      tracks.append(copying.copy(film.plane(at: start + time * rate)), at: time)
    }
    return tracks
  }

  @Test(
    "a copied stretch is found where it is from, as fast and as mirrored as it is",
    arguments: [(1.0, false), (1.0, true), (24.0 / 25, false), (25.0 / 24, true)],
    [SearchDepth.indexed, .thorough]
  )
  func found(_ how: (rate: Double, mirrored: Bool), _ depth: SearchDepth) throws {
    let (rate, mirrored) = how
    let tracks = leak(of: Self.films[2], from: 21.3, seconds: 15, rate: rate, mirrored: mirrored)
    let found = try CandidateSearch.search(tracks, in: Self.library, depth: depth)
    let best = try #require(found.first)
    #expect(best.reference == 2)
    #expect(best.mirrored == mirrored)
    #expect(abs(best.rate - rate) < 1e-9)
    #expect(best.score > 10)
    let middle = (best.leakStart + best.leakEnd) / 2
    #expect(abs(best.referenceTime(at: middle) - (21.3 + middle * rate)) < 0.3)
  }

  @Test("a film that is not there scores like chance")
  func unrelated() throws {
    let stranger = SyntheticFilm(seed: 999, seconds: 40)
    let tracks = leak(of: stranger, from: 0, seconds: 40)
    let candidates = try CandidateSearch.search(tracks, in: Self.library, depth: .indexed)
    #expect(candidates.map(\.score).max() ?? 0 < 8)
  }

  @Test("a leak shorter than a window is found")
  func short() throws {
    let tracks = leak(of: Self.films[1], from: 33, seconds: 5.5)
    let best = try #require(
      try CandidateSearch.search(tracks, in: Self.library, depth: .indexed).first
    )
    #expect(best.reference == 1 && best.score > 7)
    #expect(abs(best.referenceTime(at: 0) - 33) < 0.5)
  }

  @Test("equal searches give equal lists, in order of score")
  func deterministic() throws {
    let tracks = leak(of: Self.films[0], from: 5, seconds: 20)
    let first = try CandidateSearch.search(tracks, in: Self.library, depth: .indexed)
    #expect(try CandidateSearch.search(tracks, in: Self.library, depth: .indexed) == first)
    #expect(!first.isEmpty)
    for (a, b) in zip(first, first.dropFirst()) { #expect(a.score >= b.score) }
    #expect(first.allSatisfy { $0.score >= CandidateSearch.leastScore })
  }

  @Test("a score does not depend on what else the library holds")
  func independence() throws {
    let tracks = leak(of: Self.films[0], from: 5, seconds: 12)
    let alone = try CandidateSearch.search(tracks, in: MemoryCollection([Self.fingerprints[0]]))
    let among = try CandidateSearch.search(tracks, in: Self.library, depth: .indexed)
    #expect(alone.first == among.first { $0.reference == 0 })
  }

  @Test("a film held twice is found twice")
  func twice() throws {
    let twin = MemoryCollection([Self.fingerprints[3], Self.fingerprints[3]])
    let found = try CandidateSearch.search(
      leak(of: Self.films[3], from: 10, seconds: 12),
      in: twin,
      depth: .indexed
    )
    #expect(Set(found.prefix(2).map(\.reference)) == [0, 1])
    #expect(found.count > 1 && found[0].score == found[1].score)
  }

  @Test("the start of a film is found in a window that begins before it")
  func beginsInside() throws {
    let stranger = SyntheticFilm(seed: 999, seconds: 10)
    var tracks = QueryTracks()
    var copying = Copying(seed: 3)
    for k in 0..<120 {
      let time = Double(k) / 12
      let plane = time < 3 ? stranger.plane(at: time) : Self.films[2].plane(at: time - 3)
      tracks.append(copying.copy(plane), at: time)
    }
    let best = try #require(
      try CandidateSearch.search(tracks, in: Self.library, depth: .indexed).first
    )
    #expect(best.reference == 2)
    #expect(best.referenceStart >= 0 && best.leakStart >= 2.5)
    #expect(abs(best.referenceTime(at: 8) - 5) < 0.3)
  }

  @Test("stretches with nothing between them are found each for itself")
  func gap() throws {
    var tracks = QueryTracks()
    var copying = Copying(seed: 5)
    for start in [10.0, 100_000] {
      for k in 0..<130 {
        let time = Double(k) / 12
        tracks.append(copying.copy(Self.films[1].plane(at: 20 + time)), at: start + time)
      }
    }
    let found = try CandidateSearch.search(tracks, in: Self.library, depth: .indexed).prefix {
      $0.score > 8
    }
    for start in [10.0, 100_000] {
      let own = found.filter { $0.leakStart >= start && $0.leakEnd < start + 12 }
      let best = try #require(own.first)
      #expect(best.reference == 1)
      #expect(abs(best.referenceTime(at: start + 5) - 25) < 0.3)
    }
  }

  @Test("a still picture says nothing")
  func still() throws {
    var tracks = QueryTracks()
    let plane = Self.films[0].plane(at: 4)
    for k in 0..<200 { tracks.append(plane, at: Double(k) / 10) }
    #expect(try CandidateSearch.search(tracks, in: Self.library, depth: .indexed).isEmpty)
  }

  @Test("without frames, without references or with empty ones there is nothing")
  func empty() throws {
    #expect(try CandidateSearch.search(QueryTracks(), in: Self.library).isEmpty)
    let tracks = leak(of: Self.films[0], from: 5, seconds: 12)
    #expect(try CandidateSearch.search(tracks, in: MemoryCollection([])).isEmpty)
    let hollow = Fingerprint(algorithm: .motion1, words: [], corrections: [])
    #expect(try CandidateSearch.search(tracks, in: MemoryCollection([hollow])).isEmpty)
    #expect(try Matcher.match(QueryTracks(), leak: NoFrames(), in: Self.library).matches.isEmpty)
  }

  @Test("a candidate without pictures to confirm it names nothing")
  func unconfirmed() throws {
    let tracks = leak(of: Self.films[0], from: 5, seconds: 12)
    let outcome = try Matcher.match(tracks, leak: NoFrames(), in: Self.library)
    #expect(outcome.matches.isEmpty)
    #expect(outcome.runnerUp?.candidate.reference == 0 && outcome.runnerUp?.inliers == 0)
    #expect(outcome.attempts.count <= 24 && outcome.farthest(3).count <= 3)
  }

  @Test("forged times are passed over")
  func forgedTimes() throws {
    var tracks = QueryTracks()
    let plane = Self.films[0].plane(at: 0)
    for time in [Double.nan, -.infinity, .infinity, -1, 1e300, .greatestFiniteMagnitude] {
      tracks.append(plane, at: time)
    }
    #expect(tracks.endSeconds == nil)
    tracks.append(plane, at: 5)
    for time in [4.9, 5, 5.05, 1e12] { tracks.append(plane, at: time) }
    #expect(tracks.endSeconds == 5)
    tracks.append(plane, at: 9e8)
    #expect(try CandidateSearch.search(tracks, in: Self.library, depth: .indexed).isEmpty)
  }
}
