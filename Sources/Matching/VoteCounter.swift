import Fingerprinting

/// A place that votes point to: a piece of the leak, a reference and an offset in time.
struct Place: Sendable, Hashable {
  /// Number of the piece.
  var piece: Int
  var mirrored: Bool
  var reference: Int
  /// Reference sample less leak sample in the piece, in the middle of the bins voted for.
  var offset: Double
  /// Different seconds of the piece that voted for it.
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
struct VoteCounter {
  private let index: QueryIndex
  private let limit: Int
  private var best: [[Place]]
  private var least: [Int]
  private var bins: [Bin] = []
  private var touched: [Int] = []

  private struct Bin {
    var votes: UInt8 = 0
    /// The second that voted last, counted from 1.
    var last: UInt8 = 0
  }

  /// Counts votes for `index` and keeps `limit` places for each piece of the leak.
  init(_ index: QueryIndex, limit: Int) {
    (self.index, self.limit) = (index, limit)
    best = Array(repeating: [], count: index.pieces.count)
    least = Array(repeating: 1, count: index.pieces.count)
  }

  /// Takes the keys of a reference.
  ///
  /// - Complexity: O(keys + votes).
  mutating func count(_ keys: Span<UInt32>, of reference: Int) {
    // A bin more at the end, since bins are read in pairs.
    let width = (keys.count + QueryIndex.pieceCount) / Self.binCount + 2
    let size = width * 2 * index.pieces.count
    if bins.count < size { bins = Array(repeating: Bin(), count: size) }
    for i in 0..<keys.count {
      let key = Int(keys[i])
      guard key < IndexKey.count else { continue }
      for at in Int(index.starts[key])..<Int(index.starts[key + 1]) {
        let entry = index.entries[at]
        let offset = i + QueryIndex.pieceCount - 1 - entry.sample
        let slot = entry.row * width + offset / Self.binCount
        let second = UInt8(entry.sample / Self.samplesPerVote + 1)
        if bins[slot].votes == 0 { touched.append(slot) }
        guard bins[slot].last != second else { continue }
        bins[slot].last = second
        bins[slot].votes &+= 1
      }
    }
    for slot in touched { consider(slot, width, reference) }
    for slot in touched { bins[slot] = Bin() }
    touched.removeAll(keepingCapacity: true)
  }

  /// The places for each piece, most votes first.
  func places() -> [[Place]] { best.map(thinned) }

  private mutating func consider(_ slot: Int, _ width: Int, _ reference: Int) {
    let (row, bin) = slot.quotientAndRemainder(dividingBy: width)
    let piece = row / 2
    let votes = Int(bins[slot].votes) + Int(bins[slot + 1].votes)
    guard votes >= least[piece] else { return }
    best[piece].append(
      Place(
        piece: piece,
        mirrored: row % 2 == 1,
        reference: reference,
        offset: Double((bin + 1) * Self.binCount) - 0.5 - Double(QueryIndex.pieceCount - 1),
        votes: votes
      )
    )
    guard best[piece].count >= 4 * limit else { return }
    best[piece] = thinned(best[piece])
    if best[piece].count == limit { least[piece] = best[piece][limit - 1].votes }
  }

  /// The best places; of two neighbouring pairs of bins, which share one, the better speaks for both.
  private func thinned(_ places: [Place]) -> [Place] {
    var taken: Set<Place> = []
    var kept: [Place] = []
    for place in places.sorted(by: Place.isBetter) {
      var key = place
      key.votes = 0
      let isTaken = [-1.0, 1].contains { side in
        key.offset = place.offset + side * Double(Self.binCount)
        return taken.contains(key)
      }
      guard !isTaken else { continue }
      key.offset = place.offset
      taken.insert(key)
      kept.append(place)
      if kept.count == limit { break }
    }
    return kept
  }

  /// Offsets in a bin: a second, so that a piece that runs 4 % too fast stays within two.
  private static let binCount = 4
  private static let samplesPerVote = 4
}
