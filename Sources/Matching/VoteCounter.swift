import Fingerprinting

/// A place that votes point to: a piece of the leak, a reference and an offset in time.
struct Place: Sendable, Hashable {
  /// Number of the piece.
  var piece: Int
  var mirrored: Bool
  var reference: Int
  /// Reference sample less leak sample in the piece, in the middle of the bins voted for.
  var offset: Double
  /// Different seconds of the piece that voted for each of the two bins.
  var votes: Int

  static func isBetter(_ a: Place, _ b: Place) -> Bool {
    if a.votes != b.votes { return a.votes > b.votes }
    if a.reference != b.reference { return a.reference < b.reference }
    if a.offset != b.offset { return a.offset < b.offset }
    return !a.mirrored && b.mirrored
  }
}

/// Lets the keys that a leak and the references share vote for offsets in time, and keeps the places
/// with most votes for each piece of the leak.
///
/// A vote is a second of the leak, not a key: keys of neighbouring samples and of neighbouring
/// picture windows come from the same pictures and are one piece of evidence.
///
/// References are taken one by one from the lists of their keys; ``ShardVotes`` counts the same votes
/// from an index over many of them.
struct VoteCounter {
  private let index: QueryIndex
  private var lists: [PlaceList]
  /// The seconds that voted for a bin, as bits.
  private var bins: [UInt32] = []
  private var touched: [Int] = []

  /// Counts votes for `index` and keeps `limit` places for each piece of the leak.
  init(_ index: QueryIndex, limit: Int) {
    self.index = index
    lists = Array(repeating: PlaceList(limit: limit), count: index.pieces.count)
  }

  /// Takes the keys of a reference.
  ///
  /// - Complexity: O(keys + votes).
  mutating func count(_ keys: Span<UInt32>, of reference: Int) {
    let width = VoteBins.count(of: keys.count)
    let size = width * 2 * index.pieces.count
    if bins.count < size { bins = Array(repeating: 0, count: size) }
    for i in 0..<keys.count {
      let key = Int(keys[i])
      guard key < IndexKey.count else { continue }
      for at in Int(index.starts[key])..<Int(index.starts[key + 1]) {
        let entry = index.entries[at]
        let offset = i + QueryIndex.pieceCount - 1 - entry.sample
        let slot = entry.row * width + offset / VoteBins.samples
        if bins[slot] == 0 { touched.append(slot) }
        bins[slot] |= VoteBins.bit(of: entry.sample)
      }
    }
    for slot in touched {
      let (row, bin) = slot.quotientAndRemainder(dividingBy: width)
      let votes = bins[slot].nonzeroBitCount + bins[slot + 1].nonzeroBitCount
      Self.enter(row: row, reference: reference, bin: bin, votes: votes, into: &lists)
    }
    for slot in touched { bins[slot] = 0 }
    touched.removeAll(keepingCapacity: true)
  }

  /// Takes the keys of all references of a part of an index.
  mutating func count(_ shard: any KeyShard, _ votes: inout ShardVotes) throws {
    var lists: [PlaceList] = []
    swap(&lists, &self.lists)
    defer { swap(&lists, &self.lists) }
    try votes.count(index, in: shard, least: { lists[$0].leastVotes }) {
      Self.enter(row: $0, reference: $1, bin: $2, votes: $3, into: &lists)
    }
  }

  /// The places for each piece, most votes first.
  func places() -> [[Place]] { lists.map { $0.best() } }

  private static func enter(
    row: Int,
    reference: Int,
    bin: Int,
    votes: Int,
    into lists: inout [PlaceList]
  ) {
    guard votes >= lists[row / 2].leastVotes else { return }
    lists[row / 2].add(
      Place(
        piece: row / 2,
        mirrored: row % 2 == 1,
        reference: reference,
        offset: VoteBins.offset(of: bin),
        votes: votes
      )
    )
  }
}
