import Crypto

/// Correlates the scores of a passage with the sequence of every value of a field.
///
/// For a value v the sum over the field's chips of sign · score is divided by the root of the sum of the
/// squared scores. For signs that do not depend on the film, ``SignTail`` has the distribution of z.
///
/// - Complexity: 300 table look-ups for each value and segment; 0.2 s for 19 bits.
public struct ValueCorrelation: Sendable {
  /// z of each value.
  public let z: [Float]
  /// Chips of the field that something was known of.
  public let chips: Int
  /// Segments that took part.
  public let segments: [Int]
  /// The scores that signs are put to, of all segments.
  let weights: [Float]
  /// Root of the sum of squares that sums were divided by.
  let norm: Double

  /// Correlates; `isCancelled` is asked now and then.
  public init(
    _ scores: ChipScores,
    field: MarkField,
    layout: MarkLayout,
    sequences: ChipSequences,
    isCancelled: () -> Bool = { false }
  ) {
    let count = layout.values(of: field)
    let pieces = Self.pieces(scores, field: field)
    let squares = pieces.reduce(0) { $0 + $1.squares }
    segments = pieces.map(\.segment)
    chips = pieces.reduce(0) { $0 + $1.chips }
    norm = squares.squareRoot()
    weights = pieces.flatMap { $0.scores.filter { $0 != 0 } }
    var total = [Float](repeating: 0, count: count)
    let block = ChipSequences.blockValues
    for piece in pieces where norm > 0 {
      let tables = Self.tables(piece.scores)
      var sums = [Float](repeating: 0, count: block)
      // The value of a segment is that of the payload, or some steps on.
      let ahead = field == .time ? piece.segment / LFM1.segmentsOfStep % count : 0
      for number in 0..<((count + block - 1) / block) {
        if isCancelled() { break }
        let stream = sequences.stream(
          segment: piece.segment,
          field: field,
          block: number,
          bytes: piece.groups.upperBound
        )
        Self.correlate(stream, tables, piece.groups, &sums)
        let first = number * block
        for place in 0..<min(block, count - first) {
          let value = first + place - ahead
          total[value < 0 ? value + count : value] += sums[place]
        }
      }
    }
    let scale = norm > 0 ? Float(1 / norm) : 0
    z = total.map { $0 * scale }
  }

  /// What of one segment is known of a field.
  private struct Piece {
    var segment: Int
    /// One score for each sign of a value.
    var scores: [Float]
    /// Bytes of the sequences that meet a score other than zero.
    var groups: Range<Int>
    var squares: Double
    var chips: Int
  }

  private static func pieces(_ scores: ChipScores, field: MarkField) -> [Piece] {
    var pieces: [Int: Piece] = [:]
    for (index, score) in scores.scores.enumerated() where score != .zero {
      let chip = scores.firstChip + index
      guard LFM1.field(ofChip: chip) == field else { continue }
      let segment = chip / LFM1.chipsOfSegment
      let number = chip % LFM1.chipsOfSegment / 2
      var piece =
        pieces[segment]
        ?? Piece(
          segment: segment,
          scores: Array(repeating: 0, count: 4 * LFM1.chipsOfField),
          groups: (number / 2)..<(number / 2),
          squares: 0,
          chips: 0
        )
      for mode in 0..<4 { piece.scores[4 * number + mode] = score[mode] }
      piece.squares += Double((score * score).sum())
      piece.chips += 1
      piece.groups =
        min(piece.groups.lowerBound, number / 2)..<max(piece.groups.upperBound, number / 2 + 1)
      pieces[segment] = piece
    }
    return pieces.values.sorted { $0.segment < $1.segment }
  }

  /// For each byte of a sequence the sums of eight scores under all 256 signs.
  private static func tables(_ scores: [Float]) -> [Float] {
    var tables = [Float](repeating: 0, count: scores.count / 8 * 256)
    for group in 0..<(scores.count / 8) {
      let start = group * 256
      tables[start] = -scores[8 * group..<8 * group + 8].reduce(0, +)
      for byte in 1..<256 {
        // One sign more than the byte without its lowest one.
        let rest = byte & (byte - 1)
        tables[start + byte] =
          tables[start + rest] + 2 * scores[8 * group + byte.trailingZeroBitCount]
      }
    }
    return tables
  }

  private static func correlate(
    _ stream: [UInt8],
    _ tables: [Float],
    _ groups: Range<Int>,
    _ sums: inout [Float]
  ) {
    let block = ChipSequences.blockValues
    unsafe sums.withUnsafeMutableBufferPointer { sums in
      for place in 0..<block { unsafe sums[place] = 0 }
      unsafe stream.withUnsafeBufferPointer { bytes in
        unsafe tables.withUnsafeBufferPointer { tables in
          for group in groups {
            let (first, table) = (group &* block, group &* 256)
            for place in 0..<block {
              unsafe sums[place] += tables[table &+ Int(bytes[first &+ place])]
            }
          }
        }
      }
    }
  }
}
