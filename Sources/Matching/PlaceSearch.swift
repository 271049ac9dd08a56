import Fingerprinting
import FrameKernels

/// Looks up the keys of a leak among the references, and keeps the best places of each of its pieces.
///
/// A key that hits says little: in a large library thousands of moments have it. So what is around is
/// compared as well, twice: the *signature*, four neighbours, lies beside each position of the index
/// and is compared as the list is read, and the rows of codes 5 s to either side where it is near
/// enough. What is left is ranked by how near the rows are.
///
/// References are taken one by one from the lists of their keys, or many at once from an index over
/// them; the places are the same.
struct PlaceSearch {
  private let index: QueryIndex
  private var lists: [PlaceList]
  private var hits = SignatureHits(capacity: mostHits)
  private var probes: [SignatureProbe] = []
  private var owners: [UInt32] = []
  private var starts: [UInt32] = []
  private var sums = [UInt16](repeating: 0, count: mostHits)

  /// Searches for `index` and keeps `limit` places for each piece of the leak.
  init(_ index: QueryIndex, limit: Int) {
    self.index = index
    lists = Array(repeating: PlaceList(limit: limit), count: index.pieces.count)
  }

  /// The places for each piece, best first.
  func places() -> [[Place]] { lists.map { $0.best() } }

  /// Takes the references of a part of an index.
  ///
  /// - Throws: what the shard throws.
  /// - Complexity: O(keys of the leak + positions that they have).
  mutating func search(_ shard: any KeyShard) throws {
    let films = shard.films
    try shard.withLists { starts, positions, signatures, codes in
      guard starts.count > IndexKey.count, signatures.count == positions.count else { return }
      // Millions of accesses follow, of which none need hold an array.
      let index = index
      let (owned, entries, askers) = (index.starts.span, index.entries.span, index.askers.span)
      probes.removeAll(keepingCapacity: true)
      for key in 0..<IndexKey.count {
        let (low, high) = (Int(owned[key]), Int(owned[key + 1]))
        guard low < high else { continue }
        let (from, to) = (Int(starts[key]), min(Int(starts[key + 1]), positions.count))
        guard from < to else { continue }
        for first in stride(from: from, to: to, by: Self.mostOfList) {
          for at in low..<high {
            let asker = askers[Int(entries[at])]
            probes.append(
              SignatureProbe(
                signature: asker.signature,
                mask: asker.mask,
                first: UInt32(first),
                end: UInt32(min(first + Self.mostOfList, to)),
                limit: UInt32(asker.limit),
                owner: entries[at]
              )
            )
          }
        }
        if probes.count >= Self.mostProbes { sift(films, positions, signatures, codes) }
      }
      sift(films, positions, signatures, codes)
    }
  }

  /// Takes one reference.
  ///
  /// - Parameters:
  ///   - keys: the keys of its samples.
  ///   - words: its hashes, four words a sample.
  ///   - reference: its number.
  /// - Complexity: O(keys + hits).
  mutating func search(_ keys: Span<UInt32>, _ words: Span<UInt64>, of reference: Int) {
    guard words.count == 4 * keys.count else { return }
    // As in an index: neighbours beyond its ends have no bits.
    let reach = MotionCode.reach
    var codes = [UInt16](repeating: 0, count: keys.count + 2 * reach)
    var span = codes.mutableSpan
    MotionCode.write(words, to: &span, at: reach)
    for i in keys.indices {
      let key = Int(keys[i])
      guard key < IndexKey.count, index.starts[key] < index.starts[key + 1] else { continue }
      let signature = MotionCode.signature(at: i + reach, in: codes.span)
      for at in Int(index.starts[key])..<Int(index.starts[key + 1]) {
        let asker = index.askers[Int(index.entries[at])]
        let differing = (signature ^ asker.signature) & asker.mask
        guard differing.nonzeroBitCount <= asker.limit else { continue }
        owners.append(index.entries[at])
        starts.append(UInt32(i))
        if owners.count == Self.mostHits { rank(codes.span) { ($0, reference) } }
      }
    }
    rank(codes.span) { ($0, reference) }
  }

  /// Reads the lists that ``probes`` name, and empties it.
  private mutating func sift(
    _ films: [ShardFilm],
    _ positions: Span<UInt32>,
    _ signatures: Span<UInt64>,
    _ codes: Span<UInt16>
  ) {
    var probes: [SignatureProbe] = []
    swap(&probes, &self.probes)
    var next = 0
    while next < probes.count {
      next = CodeSearch.sift(probes.span, from: next, in: signatures, into: &hits)
      for hit in 0..<hits.count {
        let position = positions[Int(hits.places[hit])]
        // Numbers of a damaged file lead nowhere.
        guard Int(position) + MotionCode.rowCount <= codes.count else { continue }
        owners.append(hits.owners[hit])
        starts.append(position)
      }
      rank(codes) { position in
        guard let film = Self.film(at: position, of: films), let reference = film.reference else {
          return nil
        }
        return (position - film.first, reference)
      }
    }
    probes.removeAll(keepingCapacity: true)
    swap(&probes, &self.probes)
  }

  /// Compares the rows of what was hit, and keeps the best; empties ``owners`` and ``starts``.
  private mutating func rank(
    _ codes: Span<UInt16>,
    _ sample: (_ position: Int) -> (sample: Int, reference: Int)?
  ) {
    var (owners, starts, sums): ([UInt32], [UInt32], [UInt16]) = ([], [], [])
    swap(&owners, &self.owners)
    swap(&starts, &self.starts)
    swap(&sums, &self.sums)
    CodeSearch.compare(
      rows: index.rows.span,
      owners: owners.span,
      starts: starts.span,
      in: codes,
      into: &sums
    )
    let index = index
    let askers = index.askers.span
    for hit in owners.indices {
      let asker = askers[Int(owners[hit])]
      let score = (asker.expected - Float(sums[hit])) * asker.weight
      guard score >= lists[asker.piece].leastScore, let found = sample(Int(starts[hit])) else {
        continue
      }
      lists[asker.piece].add(
        Place(
          piece: asker.piece,
          mirrored: asker.mirrored,
          series: asker.series,
          reference: found.reference,
          sample: asker.sample,
          offset: found.sample - asker.sample,
          score: score
        )
      )
    }
    owners.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    swap(&owners, &self.owners)
    swap(&starts, &self.starts)
    swap(&sums, &self.sums)
  }

  /// The last film that begins at a position or before it; nil where it ended before.
  private static func film(at position: Int, of films: [ShardFilm]) -> ShardFilm? {
    guard !films.isEmpty else { return nil }
    var (low, high) = (0, films.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if films[middle].first <= position { low = middle } else { high = middle - 1 }
    }
    let film = films[low]
    return film.first <= position && position < film.first + film.samples ? film : nil
  }

  /// Hits that are ranked together.
  private static let mostHits = 1 << 16
  /// Positions of a list that are read in one go.
  private static let mostOfList = 1 << 12
  /// Probes that are looked up together.
  private static let mostProbes = 1 << 12
}
