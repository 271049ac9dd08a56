import CFrameKernels

/// Numbers of differing bits between hashes.
public enum Hamming {
  /// The distance of two hashes of 256 bits, 0...256.
  public static func distance(_ a: SIMD4<UInt64>, _ b: SIMD4<UInt64>) -> Int {
    let difference = a ^ b
    return difference.x.nonzeroBitCount + difference.y.nonzeroBitCount
      + difference.z.nonzeroBitCount + difference.w.nonzeroBitCount
  }

  /// Measures the distances of a hash of 256 bits from a run of hashes.
  ///
  /// - Shape: `references` holds four words per hash; `output` takes one distance, 0...256, each.
  /// - Complexity: O(references). Allocates nothing.
  public static func distances(
    query: SIMD4<UInt64>,
    references: Span<UInt64>,
    into output: inout [UInt16],
    level: SIMDLevel = .detected
  ) {
    precondition(references.count % 4 == 0, "hashes are not whole")
    let count = references.count / 4
    precondition(output.count == count, "output has the wrong size")
    unsafe references.withUnsafeBufferPointer { references in
      unsafe output.withUnsafeMutableBufferPointer { out in
        unsafe withUnsafeBytes(of: query) { words in
          let q = unsafe words.assumingMemoryBound(to: UInt64.self).baseAddress
          let (r, o) = (references.baseAddress, out.baseAddress)
          switch level {
          case .scalar: unsafe cfk_hamming256_scalar(q, r, count, o)
          #if arch(x86_64)
          case .haswell: unsafe cfk_hamming256_haswell(q, r, count, o)
          case .icelake: unsafe cfk_hamming256_icelake(q, r, count, o)
          #elseif arch(arm64)
          case .neon: unsafe cfk_hamming256_neon(q, r, count, o)
          #endif
          default: unavailable(level)
          }
        }
      }
    }
  }

  /// Measures the distances of a hash of 64 bits from a run of hashes.
  ///
  /// - Shape: `references` holds one word per hash; `output` takes one distance, 0...64, each.
  /// - Complexity: O(references). Allocates nothing.
  public static func distances(
    query: UInt64,
    references: Span<UInt64>,
    into output: inout [UInt16],
    level: SIMDLevel = .detected
  ) {
    let count = references.count
    precondition(output.count == count, "output has the wrong size")
    unsafe references.withUnsafeBufferPointer { references in
      unsafe output.withUnsafeMutableBufferPointer { out in
        let (r, o) = (references.baseAddress, out.baseAddress)
        switch level {
        case .scalar: unsafe cfk_hamming64_scalar(query, r, count, o)
        #if arch(x86_64)
        case .haswell: unsafe cfk_hamming64_haswell(query, r, count, o)
        case .icelake: unsafe cfk_hamming64_icelake(query, r, count, o)
        #elseif arch(arm64)
        case .neon: unsafe cfk_hamming64_neon(query, r, count, o)
        #endif
        default: unavailable(level)
        }
      }
    }
  }
}
