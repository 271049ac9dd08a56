import Fingerprinting
import FrameKernels

/// The keys of a stretch of the leak, and what is around each sample that asks for them.
///
/// An index over many references (``KeyShard``) is asked for each key; where there is none, a
/// reference's list of keys is read past it.
struct QueryIndex {
  /// A part of the leak that places are kept for.
  struct Piece: Sendable, Hashable {
    /// Number of its first sample at rate 1.
    var first: Int
    /// Number of its samples.
    var count: Int

    /// Whether a moment of the leak lies in it.
    func contains(_ seconds: Double) -> Bool {
      let sample = seconds * Motion1.samplesPerSecond
      return sample >= Double(first) && sample < Double(first + count)
    }
  }

  /// Samples of a piece at most, 20 s.
  static let pieceCount = KeyPositions.longestPiece

  /// A sample of the leak under one picture window, as it is or mirrored.
  struct Asker: Sendable {
    /// Number of the piece among ``pieces``.
    var piece: Int
    var mirrored: Bool
    /// Number of the series of hashes that it is of.
    var series: Int
    /// Sample in the piece.
    var sample: Int
    /// What its neighbours are like, and which of them move.
    var signature: UInt64
    var mask: UInt64
    /// Bits that the signature of the same moment of the film may differ in.
    var limit: Int
    /// What its row gives when compared with rows of other films, and what a difference is worth.
    var expected: Float
    var weight: Float
  }

  /// The entries of a key lie at `starts[key]..<starts[key + 1]`.
  private(set) var starts: [UInt32]
  /// Numbers of the askers.
  private(set) var entries: [UInt32] = []
  private(set) var askers: [Asker] = []
  /// For each asker the codes around it, and the masks of those that move; see ``CodeSearch``.
  private(set) var rows: [UInt16] = []
  /// The pieces asked for.
  let pieces: [Piece]

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

  /// Hashes under one hypothesis, one sample after another.
  struct Strand {
    /// Number of its series.
    var number: Int
    var mirrored: Bool
    var runs: [QueryTracks.Run]
  }

  /// Indexes `pieces` of the leak, under every picture window, as they are and mirrored.
  ///
  /// - Parameters:
  ///   - tracks: the leak.
  ///   - pieces: parts of it.
  ///   - count: the number of keys that each sample asks for.
  ///   - strictness: by how many deviations signatures must be nearer than those of other films.
  init(_ tracks: QueryTracks, pieces: [Piece], probes count: Int, strictness: Double) {
    let strands = tracks.series.enumerated().filter { $0.element.rate == 1 }.map {
      Strand(number: $0.offset, mirrored: $0.element.mirrored, runs: $0.element.runs)
    }
    self.init(strands, pieces: pieces, probes: count, strictness: strictness)
  }

  /// Indexes `pieces` of some hashes.
  ///
  /// - Parameters:
  ///   - strands: the hashes, under each hypothesis.
  ///   - pieces: parts of them.
  ///   - count: the number of keys that each sample asks for.
  ///   - strictness: by how many deviations signatures must be nearer than those of other films.
  init(_ strands: [Strand], pieces: [Piece], probes count: Int, strictness: Double) {
    self.pieces = pieces
    var pairs: [(key: UInt32, asker: UInt32)] = []
    var probes: [UInt32] = []
    // For each key the last sample that asked for it: what two samples in a row ask for is asked once.
    var asked = [UInt32](repeating: 0, count: IndexKey.count)
    var turn: UInt32 = 1
    for strand in strands {
      for run in strand.runs {
        let codes = run.codes
        for (number, piece) in pieces.enumerated() {
          let low = piece.first - run.first
          guard low >= 0, low + piece.count <= run.motions.count else { continue }
          turn += 2
          for sample in 0..<piece.count {
            guard run.moves(low + sample) else {
              turn += 2
              continue
            }
            let asker = run.asker(
              low + sample,
              codes,
              strictness: strictness,
              rows: &rows
            ) { signature, mask, limit, expected, weight in
              Asker(
                piece: number,
                mirrored: strand.mirrored,
                series: strand.number,
                sample: sample,
                signature: signature,
                mask: mask,
                limit: limit,
                expected: expected,
                weight: weight
              )
            }
            // A moment that nothing moves around is no evidence.
            guard let asker else { continue }
            let own = UInt32(askers.count)
            askers.append(asker)
            IndexKey.probes(of: run.hash(low + sample), count: count, into: &probes)
            for key in probes {
              if asked[Int(key)] != turn - 1 { pairs.append((key, own)) }
              asked[Int(key)] = turn
            }
            turn += 1
          }
        }
      }
    }
    starts = Array(repeating: 0, count: IndexKey.count + 1)
    for pair in pairs { starts[Int(pair.key) + 1] += 1 }
    for key in 0..<IndexKey.count { starts[key + 1] += starts[key] }
    var next = starts
    entries = Array(repeating: 0, count: pairs.count)
    for pair in pairs {
      entries[Int(next[Int(pair.key)])] = pair.asker
      next[Int(pair.key)] += 1
    }
  }
}

extension QueryTracks.Run {
  /// The hash of a sample.
  fileprivate func hash(_ sample: Int) -> FrameHash {
    FrameHash(
      words: SIMD4(
        words[4 * sample],
        words[4 * sample + 1],
        words[4 * sample + 2],
        words[4 * sample + 3]
      )
    )
  }

  /// The codes of all samples.
  fileprivate var codes: [UInt16] { motions.indices.map { MotionCode.code(of: hash($0)) } }

  /// Whether there is a sample that says something.
  fileprivate func moves(_ sample: Int) -> Bool {
    motions.indices.contains(sample) && motions[sample] >= QueryBlock.leastMotion
  }

  /// Describes a sample by what is around it; appends its row to `rows`.
  ///
  /// - Returns: nil where no neighbour moves.
  fileprivate func asker<Asker>(
    _ sample: Int,
    _ codes: [UInt16],
    strictness: Double,
    rows: inout [UInt16],
    _ make: (
      _ signature: UInt64, _ mask: UInt64, _ limit: Int, _ expected: Float, _ weight: Float
    ) -> Asker
  ) -> Asker? {
    var (signature, mask, neighbours) = (UInt64(0), UInt64(0), 0)
    for (number, offset) in MotionCode.neighbours.enumerated() where moves(sample + offset) {
      let shift = UInt64(MotionCode.bits * number)
      signature |= UInt64(codes[sample + offset]) << shift
      mask |= UInt64(UInt16.max) << shift
      neighbours += 1
    }
    guard neighbours > 0 else { return nil }
    // A component to either side of the middle differs from one of another film in one bit on
    // average, one in the middle in two thirds of a bit.
    let mean = Double(MotionCode.bits / 2 * neighbours) - Double(MotionCode.middles(signature)) / 3
    let spread = QueryIndex.spreadPerBit * Double(MotionCode.bits * neighbours).squareRoot()
    let limit = max(0, Int((mean - strictness * spread).rounded(.down)))

    let around = (sample - MotionCode.reach)..<(sample + MotionCode.reach)
    var (moving, middles) = (0, 0)
    for other in around {
      let code = moves(other) ? codes[other] : 0
      rows.append(code)
      moving += moves(other) ? 1 : 0
      middles += MotionCode.middles(UInt64(code))
    }
    for other in around { rows.append(moves(other) ? .max : 0) }
    // In thirds of a bit, as rows are compared; the mean over rows of other films.
    let expected = 80.0 / 3 * Double(moving) - Double(middles)
    let weight = 1 / (3 * Double(max(moving, QueryIndex.fullRow)).squareRoot())
    return make(signature, mask, limit, Float(expected), Float(weight))
  }
}

extension QueryIndex {
  /// Deviation of the distance of signatures of unrelated moments, in bits for the root of their bits.
  fileprivate static let spreadPerBit = 0.55
  /// Rows of fewer moving samples weigh less.
  fileprivate static let fullRow = 12
}
