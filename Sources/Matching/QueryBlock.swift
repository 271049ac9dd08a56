import Fingerprinting
import FrameKernels

/// Half a window of query samples with the numbers that turn distances into evidence.
struct QueryBlock: Sendable {
  var words: [UInt64] = []
  var offsets: [Int32] = []
  var scales: [Int32] = []
  /// `live[i]` counts the samples before `i` that have evidence; one number more than samples.
  var live: [Int] = [0]

  var count: Int { offsets.count }

  /// Takes one sample; one that hardly moves says nothing.
  mutating func append(_ hash: FrameHash, motion: Float) {
    for k in 0..<4 { words.append(hash.words[k]) }
    let moves = motion >= Self.leastMotion
    if moves {
      let (mean, deviation) = Background.statistics(of: hash)
      let scale = (Self.unit * Double(1 << Self.shift) / (16 * deviation)).rounded()
      offsets.append(Int32((mean * 16 * scale).rounded()))
      scales.append(Int32(scale))
    } else {
      offsets.append(0)
      scales.append(0)
    }
    live.append(live[live.count - 1] + (moves ? 1 : 0))
  }

  /// Writes the evidence of every offset against `references` to `sums`, which it makes as long as
  /// needed.
  func accumulate(_ references: Span<UInt64>, _ corrections: Span<Int16>, into sums: inout [Int32])
  {
    sums.removeAll(keepingCapacity: true)
    sums.append(contentsOf: repeatElement(0, count: corrections.count + count - 1))
    DiagonalSums.accumulate(
      queries: words.span,
      offsets: offsets.span,
      scales: scales.span,
      references: references,
      corrections: corrections,
      limits: Self.limits,
      into: &sums
    )
  }

  /// Writes the evidence of `count` offsets against `references`, the first of which is `lowest`, to
  /// `sums`, which it makes as long.
  func accumulate(
    _ references: Span<UInt64>,
    _ corrections: Span<Int16>,
    lowest: Int,
    count: Int,
    into sums: inout [Int32]
  ) {
    sums.removeAll(keepingCapacity: true)
    sums.append(contentsOf: repeatElement(0, count: count))
    DiagonalSums.accumulateBand(
      queries: words.span,
      offsets: offsets.span,
      scales: scales.span,
      references: references,
      corrections: corrections,
      first: lowest,
      count: count,
      limits: Self.limits,
      into: &sums
    )
  }

  /// Fixed-point value of one standard deviation of evidence.
  static let unit = 64.0
  private static let shift = 12
  /// A pair counts from -1 to 6 deviations: misses must not outvote hits, nor one frame decide.
  private static let limits = DiagonalSums.Limits(
    shift: shift,
    range: Int32(-unit)...Int32(6 * unit)
  )
  /// Motion below a third of the floor is noise.
  static let leastMotion: Float = 0.3
}
