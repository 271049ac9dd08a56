import Fingerprinting

/// The keys of a stretch of the leak, arranged so that a reference's keys can be looked up in them.
///
/// A reference's list of keys is read past it; where an index over many references is at hand
/// (``KeyShard``), each key that is asked for is looked up there instead.
struct QueryIndex {
  /// A part of the leak that is voted on as one.
  struct Piece: Sendable, Hashable {
    /// Number of its first sample at rate 1.
    var first: Int
    /// Number of its samples.
    var count: Int

    /// Its middle in seconds of the leak.
    var middleSeconds: Double {
      (Double(first) + Double(count) / 2) / Motion1.samplesPerSecond
    }

    /// Whether a moment of the leak lies in it.
    func contains(_ seconds: Double) -> Bool {
      let sample = seconds * Motion1.samplesPerSecond
      return sample >= Double(first) && sample < Double(first + count)
    }
  }

  /// Samples of a piece at most, 20 s: long enough to collect votes, short enough for a speed that
  /// is wrong by 4 % to spread them over no more than two bins.
  static let pieceCount = KeyPositions.longestPiece

  /// The keys' entries lie at `starts[key]..<starts[key + 1]`.
  private(set) var starts: [UInt32]
  /// Number of the piece among ``pieces``, mirrored or not, and sample in the piece.
  private(set) var entries: [Entry] = []
  /// The pieces asked for.
  let pieces: [Piece]

  /// Where a key of the leak comes from.
  struct Entry: Sendable {
    private var bits: UInt32

    init(piece: Int, mirrored: Bool, sample: Int) {
      bits = UInt32(piece << 8 | (mirrored ? 1 : 0) << 7 | sample)
    }

    /// Piece and mirroring in one number, below twice the number of pieces.
    var row: Int { Int(bits >> 7) }
    /// Sample in the piece.
    var sample: Int { Int(bits & 127) }
  }

  /// Cuts the leak into pieces, of about equal length in each run.
  static func pieces(of tracks: QueryTracks) -> [Piece] {
    guard let series = tracks.series.first(where: { $0.rate == 1 }) else { return [] }
    return series.runs.flatMap { run in
      let parts = (run.motions.count + pieceCount - 1) / pieceCount
      return (0..<parts).map { part in
        let (low, high) = (run.motions.count * part / parts, run.motions.count * (part + 1) / parts)
        return Piece(first: run.first + low, count: high - low)
      }
    }
  }

  /// Indexes `pieces` of the leak, under every picture window, as they are and mirrored; each sample
  /// asks for `probes` keys.
  init(_ tracks: QueryTracks, pieces: [Piece], probes count: Int) {
    self.pieces = pieces
    var pairs: [(key: UInt32, entry: Entry)] = []
    var probes: [UInt32] = []
    for series in tracks.series where series.rate == 1 {
      for run in series.runs {
        for (number, piece) in pieces.enumerated() {
          let low = piece.first - run.first
          guard low >= 0, low + piece.count <= run.motions.count else { continue }
          var previous: [UInt32] = []
          for sample in 0..<piece.count {
            let at = low + sample
            guard run.motions[at] >= QueryBlock.leastMotion else {
              previous = []
              continue
            }
            let words = SIMD4(
              run.words[4 * at],
              run.words[4 * at + 1],
              run.words[4 * at + 2],
              run.words[4 * at + 3]
            )
            IndexKey.probes(of: FrameHash(words: words), count: count, into: &probes)
            let entry = Entry(piece: number, mirrored: series.mirrored, sample: sample)
            for key in probes where !previous.contains(key) { pairs.append((key, entry)) }
            swap(&previous, &probes)
          }
        }
      }
    }
    starts = Array(repeating: 0, count: IndexKey.count + 1)
    for pair in pairs { starts[Int(pair.key) + 1] += 1 }
    for key in 0..<IndexKey.count { starts[key + 1] += starts[key] }
    var next = starts
    entries = Array(
      repeating: Entry(piece: 0, mirrored: false, sample: 0),
      count: pairs.count
    )
    for pair in pairs {
      entries[Int(next[Int(pair.key)])] = pair.entry
      next[Int(pair.key)] += 1
    }
  }
}
