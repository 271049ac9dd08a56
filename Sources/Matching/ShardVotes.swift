import Fingerprinting

/// Counts the votes of a leak's keys over all films of a shard.
///
/// A vote is written down as a number, in the drawer of the stretch of positions that it points to;
/// then each drawer is counted by itself, in bins that stay in the second-level cache. Memory is that
/// of the votes of the pieces that are asked for at once, 4 bytes each.
struct ShardVotes {
  private var drawers = VoteDrawers(count: 0)
  private var drawerCount = 0
  private var bins: [UInt32] = []
  private var hot: [Int] = []

  /// Bins of a drawer, and one more that is the first of the next.
  private static let binBits = 12
  private static let binCount = 1 << binBits
  private static let width = binCount + 1
  /// A vote is the row, the second and the bin, from the highest bit on.
  private static let secondShift = UInt32(binBits + 1)
  private static let rowShift = secondShift + 5

  /// Counts the votes for all pieces of `index`.
  ///
  /// - Parameters:
  ///   - index: the keys of some pieces of the leak.
  ///   - shard: where to look them up.
  ///   - least: gives the fewest votes that still count for a piece.
  ///   - enter: is told the row, reference, bin and votes of what has so many, in no particular
  ///     order.
  /// - Throws: what the shard throws.
  /// - Complexity: O(keys of the leak + votes + positions of the shard / 4096).
  mutating func count(
    _ index: QueryIndex,
    in shard: any KeyShard,
    least: (_ piece: Int) -> Int,
    enter: (_ row: Int, _ reference: Int, _ bin: Int, _ votes: Int) -> Void
  ) throws {
    let films = shard.films
    guard let last = films.last else { return }
    let end = (last.first + KeyPositions.span(of: last.samples)) / VoteBins.samples
    let count = end >> Self.binBits + 1
    if drawerCount < count { (drawers, drawerCount) = (VoteDrawers(count: count), count) }
    drawers.empty()
    try shard.withPositions { starts, positions in file(index, starts, positions) }
    let rows = 2 * index.pieces.count
    if bins.count < rows * Self.width { bins = Array(repeating: 0, count: rows * Self.width) }
    var halves = [Int](repeating: 1, count: rows)
    for drawer in 0..<count {
      for row in 0..<rows { halves[row] = (least(row / 2) + 1) / 2 }
      tally(drawer, halves)
      for slot in hot {
        let (row, bin) = slot.quotientAndRemainder(dividingBy: Self.width)
        for low in max(0, bin - 1)...bin where low < Self.binCount {
          let own = bins[row * Self.width + low]
          // A bin without votes begins no place; one with half of them speaks for itself.
          guard own != 0, low == bin || own.nonzeroBitCount < halves[row] else { continue }
          let votes = own.nonzeroBitCount + bins[row * Self.width + low + 1].nonzeroBitCount
          guard votes >= least(row / 2) else { continue }
          let place = drawer << Self.binBits + low
          let film = films[Self.last(of: films, at: place)]
          guard let reference = film.reference else { continue }
          enter(row, reference, place - film.first / VoteBins.samples, votes)
        }
      }
      clear(drawer)
    }
  }

  /// Writes down all votes.
  private func file(_ index: QueryIndex, _ starts: Span<UInt32>, _ positions: Span<UInt32>) {
    guard starts.count > IndexKey.count else { return }
    let entries = index.entries
    var low = Int(index.starts[0])
    for key in 0..<IndexKey.count {
      let high = Int(index.starts[key + 1])
      defer { low = high }
      guard low < high else { continue }
      let (from, to) = (Int(starts[key]), min(Int(starts[key + 1]), positions.count))
      guard from < to else { continue }
      let places = positions.extracting(from..<to)
      for at in low..<high {
        let entry = entries[at]
        let second = UInt32(entry.sample / VoteBins.samplesPerVote)
        drawers.file(
          places,
          shift: QueryIndex.pieceCount - 1 - entry.sample,
          per: VoteBins.samples,
          bits: Self.binBits,
          head: UInt32(entry.row) << Self.rowShift | second << Self.secondShift
        )
      }
    }
  }

  /// Counts a drawer, and notes the bins that get half of what a place needs.
  private mutating func tally(_ drawer: Int, _ halves: [Int]) {
    var found: [Int] = []
    swap(&found, &hot)
    found.removeAll(keepingCapacity: true)
    unsafe bins.withUnsafeMutableBufferPointer { bins in
      drawers.forEach(drawer) { vote in
        let row = Int(vote >> Self.rowShift)
        let slot = row * Self.width + Int(vote & (1 << Self.secondShift - 1))
        let before = unsafe bins[slot]
        let now = before | 1 << (vote >> Self.secondShift & 31)
        unsafe bins[slot] = now
        if now != before, now.nonzeroBitCount == halves[row] { found.append(slot) }
      }
    }
    swap(&found, &hot)
  }

  private mutating func clear(_ drawer: Int) {
    unsafe bins.withUnsafeMutableBufferPointer { bins in
      drawers.forEach(drawer) { vote in
        let row = Int(vote >> Self.rowShift)
        unsafe bins[row * Self.width + Int(vote & (1 << Self.secondShift - 1))] = 0
      }
    }
  }

  /// The last film that begins at a bin or before it.
  private static func last(of films: [ShardFilm], at place: Int) -> Int {
    var (low, high) = (0, films.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if films[middle].first / VoteBins.samples <= place { low = middle } else { high = middle - 1 }
    }
    return low
  }
}
