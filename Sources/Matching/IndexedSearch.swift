import Fingerprinting
import Glibc

/// Searches where index keys point to, first with little effort, then with more where that left
/// something open.
///
/// Most leaks agree with their film in so much that a few keys find it beyond doubt. A piece of the
/// leak is *settled* where it has a candidate that no two unrelated pictures give, and every five
/// seconds of it that say anything agree with that candidate's time map: there the film just goes on.
/// More keys could only find other releases with the same pictures; these are asked for by the film's
/// own hashes, which are much nearer to theirs than the leak's. What is not settled is looked up anew,
/// with many more keys.
struct IndexedSearch {
  private let tracks: QueryTracks
  private let runs: [QueryRun]
  private let references: any ReferenceCollection
  private let keys: KeyIndex
  private var scan = DiagonalScan()

  /// Prepares a search of `references` for `tracks`, whose runs are `runs`.
  init(_ tracks: QueryTracks, _ runs: [QueryRun], _ references: any ReferenceCollection) {
    (self.tracks, self.runs, self.references) = (tracks, runs, references)
    keys = references.keyIndex ?? KeyIndex(shards: [], rest: Array(0..<references.count))
  }

  /// Adds what is found to `shortlist`.
  ///
  /// - Throws: what the references throw on reading.
  mutating func run(into shortlist: inout Shortlist) throws {
    let pieces = QueryIndex.pieces(of: tracks)
    let samples = try (0..<references.count).reduce(0) { $0 + (try references.sampleCount(of: $1)) }
    guard let quick = SearchEffort.quick(pieces: pieces.count, librarySamples: samples) else {
      let effort = SearchEffort(pieces: pieces.count, librarySamples: samples)
      return try look(at: pieces, effort, into: &shortlist)
    }
    try look(at: pieces, quick, into: &shortlist)
    let strong = shortlist.sorted().filter { $0.score >= Self.certainScore }
    try lookAtKin(of: strong, in: pieces, quick, into: &shortlist)
    let open = try pieces.filter { !(try isSettled($0, by: strong)) }
    guard !open.isEmpty else { return }
    let effort = SearchEffort(pieces: open.count, librarySamples: samples, isSecond: true)
    try look(at: open, effort, into: &shortlist)
  }

  /// Looks up the keys of pieces, and compares the best places closely.
  private mutating func look(
    at pieces: [QueryIndex.Piece],
    _ effort: SearchEffort,
    into shortlist: inout Shortlist
  ) throws {
    for start in stride(from: 0, to: pieces.count, by: Self.piecesAtOnce) {
      let index = QueryIndex(
        tracks,
        pieces: Array(pieces[start..<min(pieces.count, start + Self.piecesAtOnce)]),
        probes: effort.probes,
        strictness: effort.strictness
      )
      try compare(try places(of: index, limit: effort.places), index.pieces, into: &shortlist)
    }
  }

  /// The best places for each piece of an index.
  private func places(of index: QueryIndex, limit: Int) throws -> [Place] {
    guard !index.entries.isEmpty else { return [] }
    var search = PlaceSearch(index, limit: limit)
    for shard in keys.shards { try search.search(shard) }
    for reference in keys.rest {
      try references.withIndexKeys(of: reference) { keys in
        try references.withFingerprint(of: reference) { words, _ in
          search.search(keys, words, of: reference)
        }
      }
    }
    return search.places().flatMap { $0 }
  }

  /// Compares pieces of the leak with places sample by sample.
  private mutating func compare(
    _ places: [Place],
    _ pieces: [QueryIndex.Piece],
    into shortlist: inout Shortlist
  ) throws {
    let windows = pieces.map { self.windows(of: $0) }
    let byFilm = Dictionary(grouping: places, by: \.reference)
    let runs = runs
    for (reference, places) in byFilm.sorted(by: { $0.key < $1.key }) {
      try references.withFingerprint(of: reference) { words, corrections in
        guard words.count == 4 * corrections.count else { return }
        for place in places {
          let piece = pieces[place.piece]
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
          guard (found.map(look).max() ?? Self.promisingScore) >= Self.promisingScore else {
            continue
          }
          for part in parts where runs[part.run].series != place.series { _ = look(part) }
        }
      }
    }
  }

  /// Finds the other releases that hold what a film shows where it is certain to be shown.
  private mutating func lookAtKin(
    of strong: [Candidate],
    in pieces: [QueryIndex.Piece],
    _ effort: SearchEffort,
    into shortlist: inout Shortlist
  ) throws {
    var kin = KinIndex()
    for (number, piece) in pieces.enumerated() {
      guard let best = Self.best(of: strong, in: piece) else { continue }
      try references.withFingerprint(of: best.reference) { words, corrections in
        guard words.count == 4 * corrections.count else { return }
        kin.append(best, piece, number: number, words, corrections)
      }
    }
    let index = kin.index(probes: effort.probes, strictness: effort.strictness)
    let places = try places(of: index, limit: effort.places).compactMap { kin.place($0, pieces) }
    try compare(places, pieces, into: &shortlist)
  }

  /// Whether a piece shows nothing but a film that is known to be there, and releases with the same
  /// pictures.
  private mutating func isSettled(
    _ piece: QueryIndex.Piece,
    by strong: [Candidate]
  ) throws -> Bool {
    guard let film = Self.best(of: strong, in: piece) else { return false }
    let runs = runs
    let parts = windows(of: piece).filter {
      runs[$0.run].mirrored == film.mirrored && runs[$0.run].rate == film.rate
    }
    // For each window, by when it begins: the most of all picture windows.
    var agreements: [Double: Double] = [:]
    try references.withFingerprint(of: film.reference) { words, corrections in
      guard words.count == 4 * corrections.count else { return }
      for (run, numbers) in parts {
        for number in numbers where runs[run].windows[number].divisor > 0 {
          let start = runs[run].windows[number].start
          let sample = film.referenceTime(at: start) * Motion1.samplesPerSecond
          let own = scan.agreement(
            of: number,
            in: runs[run],
            words,
            corrections,
            around: Int(sample.rounded()),
            slack: Place.slack
          )
          agreements[start] = max(agreements[start] ?? own, own)
        }
      }
    }
    return agreements.values.allSatisfy { $0 >= Self.leastAgreement }
  }

  /// The best candidate whose middle lies in a piece, of some that come best first.
  private static func best(of candidates: [Candidate], in piece: QueryIndex.Piece) -> Candidate? {
    candidates.first { piece.contains(($0.leakStart + $0.leakEnd) / 2) }
  }

  /// The windows of all runs whose middle lies in a piece; those of a run follow each other.
  private func windows(of piece: QueryIndex.Piece) -> [(run: Int, windows: Range<Int>)] {
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

  /// The score of a candidate beyond doubt: of 4,875 pairs of unrelated pictures, rolling titles among
  /// them, none had more than 14.4 (`Benchmarks/Accuracy/null-trials.csv`).
  private static let certainScore = 18.0
  /// The least agreement of five seconds that show what comes next in a film.
  ///
  /// There it is looked for at nine moments of one place, in five picture windows: a normal deviate
  /// exceeds it in one of 700 such looks.
  private static let leastAgreement = 4.0
  /// The least score of a place that is looked at under all hypotheses.
  private static let promisingScore = 2.5
  /// Pieces that are looked up in one pass over the library: some 90 minutes of a leak, 70 MB.
  private static let piecesAtOnce = 256
}

/// What is spent on each piece of the leak: a long leak has many chances to be found, a fragment one.
///
/// Time goes into positions that are read. They grow with the library; in one so large that a search
/// would take longer than is affordable, a sample asks for fewer keys, and of what it finds more must
/// agree before it is looked at closely.
struct SearchEffort {
  /// Keys that a sample asks for.
  let probes: Int
  /// By how many deviations signatures must be nearer than those of other films.
  let strictness: Double
  /// Places of a piece that are compared closely.
  let places: Int

  /// What is spent where every piece is looked up once, or those that a quick look left open.
  init(pieces: Int, librarySamples: Int, isSecond: Bool = false) {
    let each = Self.positions(pieces: pieces, librarySamples: librarySamples)
    let fixed = isSecond ? Self.positionsOfSecond : Self.fixedPositions
    let affordable = fixed + Self.positionsPerPiece * Double(max(1, pieces))
    probes = max(1, min(Self.wantedProbes(pieces: pieces), Int(affordable / each)))
    strictness = min(2.5, max(1, 2 + 0.6 * log10(each * Double(probes) / Self.fixedPositions)))
    places = max(64, min(2048, 3072 / max(1, pieces)))
  }

  /// A look at all pieces that is worth its time beside one with all effort; nil where that costs
  /// hardly more.
  static func quick(pieces: Int, librarySamples: Int) -> SearchEffort? {
    let wanted = wantedProbes(pieces: pieces)
    let each = positions(pieces: pieces, librarySamples: librarySamples)
    guard wanted > quickProbes, each * Double(wanted) > positionsWorthLook else { return nil }
    return SearchEffort(probes: quickProbes, strictness: quickStrictness, places: 64)
  }

  private init(probes: Int, strictness: Double, places: Int) {
    (self.probes, self.strictness, self.places) = (probes, strictness, places)
  }

  private static func wantedProbes(pieces: Int) -> Int {
    max(quickProbes, min(IndexKey.mostProbes, 384 / max(1, pieces)))
  }

  /// Positions that are read for one key a sample.
  private static func positions(pieces: Int, librarySamples: Int) -> Double {
    Double(max(1, pieces)) * samplesPerPiece * chance * Double(max(1, librarySamples))
  }

  private static let quickProbes = 16
  private static let quickStrictness = 2.5
  /// Positions that a search may read, in all and for each piece.
  private static let fixedPositions = 40e6
  private static let positionsOfSecond = 120e6
  private static let positionsPerPiece = 2.2e6
  /// Positions that are read in some hundredths of a second.
  private static let positionsWorthLook = 8e6
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
