import CFrameKernels

/// Adds up the evidence of all pairs of query and reference frames along the diagonals, that is, for
/// every offset in time between the two.
///
/// A pair at distance `d` counts `z = clamp((offset - scale · (16 · d - correction)) >> shift)`,
/// with an offset and a scale of the query frame's own and a correction of the reference frame's
/// own; query `i` and reference `r` add `z` to `sums[base + r - i + (queries - 1)]`.
///
/// Distances count here in sixteenths of a bit, and so do corrections. A correction cancels a hub:
/// a hash that is nearer than others to every query, because the frame shows little. What it is
/// nearer by, as a negative correction, puts it as far off as the others. ``withoutMotion`` as the
/// correction marks a sample that must count nothing: its `z` is 0, even where the limits exclude 0.
///
/// All of it is in 32-bit integers that wrap, `>>` rounds down. Corrections of at most `k` sixteenths
/// do not overflow while `|offset| + (16 · bits + k) · |scale| < 2^31` for hashes of that many bits;
/// with 256 bits and any correction, while `|offset| + 36863 · |scale| < 2^31`. Sums must stay
/// within 32 bits, too.
public enum DiagonalSums {
  /// Size of the hashes.
  public enum HashWidth: Int, Sendable, CaseIterable {
    /// One word.
    case bits64 = 1
    /// Four words.
    case bits256 = 4

    /// Words of one hash.
    public var words: Int { rawValue }
  }

  /// The correction of a reference sample that counts nothing, since it is without motion.
  public static let withoutMotion = Int16.min

  /// What turns a fixed-point value into the evidence of one pair.
  public struct Limits: Sendable, Hashable {
    /// Fraction bits to drop, 0...31.
    public let shift: Int
    /// The least and the most that one pair counts, after the shift.
    public let range: ClosedRange<Int32>

    /// Creates limits; `shift` must be 0...31.
    public init(shift: Int, range: ClosedRange<Int32>) {
      precondition((0...31).contains(shift), "shift must be 0...31")
      self.shift = shift
      self.range = range
    }
  }

  /// Adds the evidence of all pairs of `queries` and `references` to `sums`.
  ///
  /// References are taken in blocks that stay in the first-level cache while all queries pass over
  /// them; so many queries in one call are much cheaper than one call for each.
  ///
  /// - Shape: `queries` and `references` hold `width.words` words per hash, `offsets` and `scales`
  ///   one number per query, `corrections` one per reference in sixteenths of a bit; `sums` holds
  ///   at least `base + references + queries - 1` numbers.
  /// - Complexity: O(queries · references). Allocates nothing.
  public static func accumulate(
    queries: Span<UInt64>,
    offsets: Span<Int32>,
    scales: Span<Int32>,
    references: Span<UInt64>,
    corrections: Span<Int16>,
    width: HashWidth = .bits256,
    limits: Limits,
    into sums: inout [Int32],
    base: Int = 0,
    level: SIMDLevel = .detected
  ) {
    let words = width.words
    precondition(
      queries.count % words == 0 && references.count % words == 0,
      "hashes are not whole"
    )
    let (m, n) = (queries.count / words, references.count / words)
    precondition(offsets.count == m && scales.count == m, "one offset and scale per query")
    precondition(corrections.count == n, "one correction per reference")
    guard m > 0 && n > 0 else { return }
    precondition(base >= 0 && sums.count - base >= n + m - 1, "sums are too short")
    let shift = UInt32(limits.shift)
    let (low, high) = (limits.range.lowerBound, limits.range.upperBound)
    unsafe queries.withUnsafeBufferPointer { queries in
      unsafe offsets.withUnsafeBufferPointer { offsets in
        unsafe scales.withUnsafeBufferPointer { scales in
          unsafe references.withUnsafeBufferPointer { references in
            unsafe corrections.withUnsafeBufferPointer { corrections in
              unsafe sums.withUnsafeMutableBufferPointer { sums in
                guard let first = sums.baseAddress else { return }
                let out = unsafe first + base
                let (q, r) = (queries.baseAddress, references.baseAddress)
                let (a, b, c) = (offsets.baseAddress, scales.baseAddress, corrections.baseAddress)
                switch (width, level) {
                case (.bits64, .scalar):
                  unsafe cfk_diagonal64_scalar(q, a, b, m, r, c, n, shift, low, high, out)
                #if arch(x86_64)
                case (.bits64, .haswell):
                  unsafe cfk_diagonal64_haswell(q, a, b, m, r, c, n, shift, low, high, out)
                case (.bits64, .icelake):
                  unsafe cfk_diagonal64_icelake(q, a, b, m, r, c, n, shift, low, high, out)
                #elseif arch(arm64)
                case (.bits64, .neon):
                  unsafe cfk_diagonal64_neon(q, a, b, m, r, c, n, shift, low, high, out)
                #endif
                case (.bits256, .scalar):
                  unsafe cfk_diagonal256_scalar(q, a, b, m, r, c, n, shift, low, high, out)
                #if arch(x86_64)
                case (.bits256, .haswell):
                  unsafe cfk_diagonal256_haswell(q, a, b, m, r, c, n, shift, low, high, out)
                case (.bits256, .icelake):
                  unsafe cfk_diagonal256_icelake(q, a, b, m, r, c, n, shift, low, high, out)
                #elseif arch(arm64)
                case (.bits256, .neon):
                  unsafe cfk_diagonal256_neon(q, a, b, m, r, c, n, shift, low, high, out)
                #endif
                default: unavailable(level)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Adds the evidence of a few neighbouring diagonals to `sums`: number `j` is that of the pairs of
  /// query `i` and reference `first + i + j`, as far as there is one.
  ///
  /// They are the numbers that the sums of all diagonals have there, without the work for the others.
  ///
  /// - Shape: hashes of 256 bits, four words each; `sums` has at least `count` numbers.
  /// - Complexity: O(queries · count). Allocates nothing.
  public static func accumulateBand(
    queries: Span<UInt64>,
    offsets: Span<Int32>,
    scales: Span<Int32>,
    references: Span<UInt64>,
    corrections: Span<Int16>,
    first: Int,
    count: Int,
    limits: Limits,
    into sums: inout [Int32],
    level: SIMDLevel = .detected
  ) {
    precondition(queries.count % 4 == 0 && references.count % 4 == 0, "hashes are not whole")
    let (m, n) = (queries.count / 4, references.count / 4)
    precondition(offsets.count == m && scales.count == m, "one offset and scale per query")
    precondition(corrections.count == n, "one correction per reference")
    precondition(count >= 0 && sums.count >= count, "sums are too short")
    // No sum of positions overflows within these.
    guard m > 0, n > 0, first > -(1 << 48), first < n else { return }
    let shift = UInt32(limits.shift)
    let (low, high) = (limits.range.lowerBound, limits.range.upperBound)
    unsafe queries.withUnsafeBufferPointer { queries in
      unsafe offsets.withUnsafeBufferPointer { offsets in
        unsafe scales.withUnsafeBufferPointer { scales in
          unsafe references.withUnsafeBufferPointer { references in
            unsafe corrections.withUnsafeBufferPointer { corrections in
              unsafe sums.withUnsafeMutableBufferPointer { sums in
                let (q, r, out) = (queries.baseAddress, references.baseAddress, sums.baseAddress)
                let (a, b, c) = (offsets.baseAddress, scales.baseAddress, corrections.baseAddress)
                switch level {
                case .scalar:
                  unsafe cfk_band256_scalar(
                    q,
                    a,
                    b,
                    m,
                    r,
                    c,
                    n,
                    first,
                    count,
                    shift,
                    low,
                    high,
                    out
                  )
                #if arch(x86_64)
                case .haswell:
                  unsafe cfk_band256_haswell(
                    q,
                    a,
                    b,
                    m,
                    r,
                    c,
                    n,
                    first,
                    count,
                    shift,
                    low,
                    high,
                    out
                  )
                case .icelake:
                  unsafe cfk_band256_icelake(
                    q,
                    a,
                    b,
                    m,
                    r,
                    c,
                    n,
                    first,
                    count,
                    shift,
                    low,
                    high,
                    out
                  )
                #elseif arch(arm64)
                case .neon:
                  unsafe cfk_band256_neon(q, a, b, m, r, c, n, first, count, shift, low, high, out)
                #endif
                default: unavailable(level)
                }
              }
            }
          }
        }
      }
    }
  }
}
