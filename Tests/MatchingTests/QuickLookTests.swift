import Fingerprinting
import Matching
import Testing
import VideoCore

@Suite("A quick look into a great library") struct QuickLookTests {
  private static let seconds = 100.0
  private static let films = (0..<6).map { SyntheticFilm(seed: 900 + UInt64($0), seconds: seconds) }
  /// Number of a second release of film 0 among the fingerprints; it begins `delay` seconds later.
  private static let second = 6
  private static let delay = 7.0
  private static let fingerprints: [Fingerprint] = {
    var maker = ReferenceFingerprinter()
    var copying = Copying(mirrored: false, seed: 5)
    copying.noise = 4
    for k in 0..<Int((seconds + delay) * 12) {
      let time = Double(k) / 12
      let plane = time < delay ? films[5].plane(at: time) : films[0].plane(at: time - delay)
      maker.append(copying.copy(plane), at: time)
    }
    return films.map { $0.fingerprint(seconds: seconds) } + [maker.finish()]
  }()

  private static func leak(_ film: Int = 0, noise: Double, mirrored: Bool = false) -> QueryTracks {
    var tracks = QueryTracks()
    var copying = Copying(mirrored: mirrored, seed: 3)
    copying.noise = noise
    for k in 0..<30 * 12 {
      let time = Double(k) / 12
      tracks.append(copying.copy(films[film].plane(at: 20 + time)), at: time)
    }
    return tracks
  }

  /// Seconds of the leak whose best candidate is where the film is.
  private static func right(
    _ candidates: [Candidate],
    _ reference: Int,
    later: Double = 0
  ) -> [Double] {
    candidates.filter {
      $0.reference == reference
        && abs($0.referenceTime(at: $0.leakStart) - $0.leakStart - 20 - later) < 0.6
    }
    .map(\.leakStart).sorted()
  }

  @Test("is not taken where all keys cost little")
  func small() throws {
    let small = GreatCollection(Self.fingerprints, claimed: 1_000_000)
    _ = try CandidateSearch.search(Self.leak(noise: 6), in: small, depth: .indexed)
    #expect(small.passes == 1)
  }

  @Test("is enough where the leak agrees with its film", arguments: [false, true])
  func settled(mirrored: Bool) throws {
    let great = GreatCollection(Self.fingerprints, claimed: 300_000_000)
    let leak = Self.leak(noise: 6, mirrored: mirrored)
    let found = try CandidateSearch.search(leak, in: great, depth: .indexed)
    // All keys of the leak once, and those of the film that it shows.
    #expect(great.passes == 2)
    #expect(found.first?.reference == 0)
    #expect(found.first?.mirrored == mirrored)
    let small = GreatCollection(Self.fingerprints, claimed: 0)
    let all = try CandidateSearch.search(leak, in: small, depth: .indexed)
    #expect(found.first == all.first)
    #expect(Self.right(found, 0) == Self.right(all, 0))
    #expect(Self.right(found, 0).count >= 4)
  }

  @Test("finds other releases by the film's own keys", arguments: [false, true])
  func kin(mirrored: Bool) throws {
    let great = GreatCollection(Self.fingerprints, claimed: 300_000_000)
    // No key of the leak's finds it.
    great.hidden = Self.second
    let leak = Self.leak(noise: 6, mirrored: mirrored)
    let found = try CandidateSearch.search(leak, in: great, depth: .indexed)
    #expect(great.passes == 2)
    let small = GreatCollection(Self.fingerprints, claimed: 0)
    let all = try CandidateSearch.search(leak, in: small, depth: .indexed)
    #expect(Self.right(found, Self.second, later: Self.delay).count >= 4)
    #expect(
      Self.right(found, Self.second, later: Self.delay)
        == Self.right(all, Self.second, later: Self.delay)
    )
    #expect(found.filter { $0.reference == Self.second }.allSatisfy { $0.mirrored == mirrored })
  }

  @Test("is followed by a closer one where it leaves something open")
  func open() throws {
    // Half of the leak shows a film that the library has not.
    var tracks = QueryTracks()
    var copying = Copying(mirrored: false, seed: 4)
    copying.noise = 6
    let other = SyntheticFilm(seed: 77, seconds: 60)
    for k in 0..<40 * 12 {
      let time = Double(k) / 12
      let plane = time < 20 ? Self.films[2].plane(at: 20 + time) : other.plane(at: time)
      tracks.append(copying.copy(plane), at: time)
    }
    let great = GreatCollection(Self.fingerprints, claimed: 300_000_000)
    let found = try CandidateSearch.search(tracks, in: great, depth: .indexed)
    #expect(great.passes == 3)
    #expect(found.first?.reference == 2)
  }

  @Test("loses nothing of a leak that agrees little")
  func harsh() throws {
    let leak = Self.leak(1, noise: 45)
    let great = GreatCollection(Self.fingerprints, claimed: 100_000_000)
    let found = try CandidateSearch.search(leak, in: great, depth: .indexed)
    let small = GreatCollection(Self.fingerprints, claimed: 0)
    let all = try CandidateSearch.search(leak, in: small, depth: .indexed)
    #expect(!Self.right(all, 1).isEmpty)
    #expect(Self.right(found, 1) == Self.right(all, 1))
  }
}

/// References in memory that pretend to be many, and notes how often their keys are read.
private final class GreatCollection: ReferenceCollection {
  private let plain: MemoryCollection
  private let claimed: Int
  /// Number of a reference whose keys are not there the first time.
  var hidden: Int?
  private(set) var passes = 0

  init(_ fingerprints: [Fingerprint], claimed: Int) {
    plain = MemoryCollection(fingerprints)
    self.claimed = claimed
  }

  var count: Int { plain.count }

  func sampleCount(of index: Int) throws -> Int {
    try plain.sampleCount(of: index) + (index == 0 ? claimed : 0)
  }

  func withFingerprint<R>(
    of index: Int,
    _ body: (_ words: Span<UInt64>, _ corrections: Span<Int16>) throws -> R
  ) throws -> R { try plain.withFingerprint(of: index, body) }

  func withIndexKeys<R>(of index: Int, _ body: (_ keys: Span<UInt32>) throws -> R) throws -> R {
    if index == 0 { passes += 1 }
    if index == hidden, passes < 2 { return try body(Span()) }
    return try plain.withIndexKeys(of: index, body)
  }

  func work(of index: Int) -> Int { index }
  func pictureWindow(of index: Int) -> PictureWindow { .whole }
  func frames(of index: Int) throws -> any FrameSource { NoFrames() }
}
