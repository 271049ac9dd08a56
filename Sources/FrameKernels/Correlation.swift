import CFrameKernels

/// Sums over pairs of equally long buffers, exact for any content and for buffers below 2^40 samples.
public enum Correlation {
  /// Sums that means, variances and the correlation of two buffers follow from.
  public struct Moments: Sendable, Hashable {
    /// Number of pairs.
    public var count: Int64
    /// Σ a.
    public var sumA: Int64
    /// Σ b.
    public var sumB: Int64
    /// Σ a².
    public var sumAA: Int64
    /// Σ b².
    public var sumBB: Int64
    /// Σ a·b.
    public var sumAB: Int64

    /// Pearson's correlation, -1...1, or nil where a buffer is empty or constant.
    public var coefficient: Double? {
      let n = Double(count)
      let covariance = n * Double(sumAB) - Double(sumA) * Double(sumB)
      let varianceA = n * Double(sumAA) - Double(sumA) * Double(sumA)
      let varianceB = n * Double(sumBB) - Double(sumB) * Double(sumB)
      guard varianceA > 0 && varianceB > 0 else { return nil }
      return min(1, max(-1, covariance / (varianceA.squareRoot() * varianceB.squareRoot())))
    }
  }

  /// Sums up two buffers of 8-bit samples.
  ///
  /// - Shape: `a` and `b` are equally long.
  /// - Complexity: O(n). Allocates nothing.
  public static func moments(
    _ a: Span<UInt8>,
    _ b: Span<UInt8>,
    level: SIMDLevel = .detected
  ) -> Moments {
    precondition(a.count == b.count, "buffers differ in length")
    let count = a.count
    var sums = (Int64(0), Int64(0), Int64(0), Int64(0), Int64(0))
    unsafe withUnsafeMutableBytes(of: &sums) { bytes in
      let s = unsafe bytes.assumingMemoryBound(to: Int64.self).baseAddress
      unsafe a.withUnsafeBufferPointer { a in
        unsafe b.withUnsafeBufferPointer { b in
          let (p, q) = (a.baseAddress, b.baseAddress)
          switch level {
          case .scalar: unsafe cfk_moments_scalar(p, q, count, s)
          #if arch(x86_64)
          case .haswell: unsafe cfk_moments_haswell(p, q, count, s)
          case .icelake: unsafe cfk_moments_icelake(p, q, count, s)
          #elseif arch(arm64)
          case .neon: unsafe cfk_moments_neon(p, q, count, s)
          #endif
          default: unavailable(level)
          }
        }
      }
    }
    return Moments(
      count: Int64(count),
      sumA: sums.0,
      sumB: sums.1,
      sumAA: sums.2,
      sumBB: sums.3,
      sumAB: sums.4
    )
  }

  /// Adds up the products of two buffers of 16-bit numbers.
  ///
  /// - Shape: `a` and `b` are equally long.
  /// - Complexity: O(n). Allocates nothing.
  public static func dot(
    _ a: Span<Int16>,
    _ b: Span<Int16>,
    level: SIMDLevel = .detected
  ) -> Int64 {
    precondition(a.count == b.count, "buffers differ in length")
    let count = a.count
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        let (p, q) = (a.baseAddress, b.baseAddress)
        switch level {
        case .scalar: return unsafe cfk_dot16_scalar(p, q, count)
        #if arch(x86_64)
        case .haswell: return unsafe cfk_dot16_haswell(p, q, count)
        case .icelake: return unsafe cfk_dot16_icelake(p, q, count)
        #elseif arch(arm64)
        case .neon: return unsafe cfk_dot16_neon(p, q, count)
        #endif
        default: unavailable(level)
        }
      }
    }
  }

  /// Adds up the products of two buffers of 8-bit numbers.
  ///
  /// - Shape: `a` and `b` are equally long.
  /// - Complexity: O(n). Allocates nothing.
  public static func dot(
    _ a: Span<Int8>,
    _ b: Span<Int8>,
    level: SIMDLevel = .detected
  ) -> Int64 {
    precondition(a.count == b.count, "buffers differ in length")
    let count = a.count
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        let (p, q) = (a.baseAddress, b.baseAddress)
        switch level {
        case .scalar: return unsafe cfk_dot8_scalar(p, q, count)
        #if arch(x86_64)
        case .haswell: return unsafe cfk_dot8_haswell(p, q, count)
        case .icelake: return unsafe cfk_dot8_icelake(p, q, count)
        #elseif arch(arm64)
        case .neon: return unsafe cfk_dot8_neon(p, q, count)
        #endif
        default: unavailable(level)
        }
      }
    }
  }

  /// Adds up the absolute differences of two buffers of 8-bit samples.
  ///
  /// - Shape: `a` and `b` are equally long.
  /// - Complexity: O(n). Allocates nothing.
  public static func absoluteDifference(
    _ a: Span<UInt8>,
    _ b: Span<UInt8>,
    level: SIMDLevel = .detected
  ) -> UInt64 {
    precondition(a.count == b.count, "buffers differ in length")
    let count = a.count
    return unsafe a.withUnsafeBufferPointer { a in
      unsafe b.withUnsafeBufferPointer { b in
        let (p, q) = (a.baseAddress, b.baseAddress)
        switch level {
        case .scalar: return unsafe cfk_sad_scalar(p, q, count)
        #if arch(x86_64)
        case .haswell: return unsafe cfk_sad_haswell(p, q, count)
        case .icelake: return unsafe cfk_sad_icelake(p, q, count)
        #elseif arch(arm64)
        case .neon: return unsafe cfk_sad_neon(p, q, count)
        #endif
        default: unavailable(level)
        }
      }
    }
  }
}
