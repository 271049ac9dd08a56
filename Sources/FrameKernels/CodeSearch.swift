import CFrameKernels

/// A list of signatures, and what is looked for in it.
///
/// Its layout is that of `cfk_probe`.
public struct SignatureProbe: Sendable, Hashable, BitwiseCopyable {
  /// The signature that is looked for.
  public var signature: UInt64
  /// Bits of it that count.
  public var mask: UInt64
  /// First of the signatures to be looked at.
  public var first: UInt32
  /// End of the signatures to be looked at.
  public var end: UInt32
  /// Bits that may differ.
  public var limit: UInt32
  /// A number for whoever asks.
  public var owner: UInt32

  /// Creates a probe.
  public init(
    signature: UInt64,
    mask: UInt64,
    first: UInt32,
    end: UInt32,
    limit: UInt32,
    owner: UInt32
  ) {
    (self.signature, self.mask, self.first, self.end) = (signature, mask, first, end)
    (self.limit, self.owner) = (limit, owner)
  }
}

/// Signatures that were found: who asked for them, and where they stand.
public struct SignatureHits: Sendable {
  /// The probes' owners.
  public fileprivate(set) var owners: [UInt32]
  /// Numbers of the signatures.
  public fileprivate(set) var places: [UInt32]
  /// How many of both are filled.
  public fileprivate(set) var count = 0

  /// Sets memory for hits aside; a probe may look at so many signatures at most.
  public init(capacity: Int) {
    owners = Array(repeating: 0, count: capacity)
    places = Array(repeating: 0, count: capacity)
  }

  /// How many hits there is room for.
  public var capacity: Int { owners.count }
}

/// Searches long lists of signatures, and compares rows of codes.
public enum CodeSearch {
  /// Looks for signatures that differ in few bits, probe by probe, until all are done or the hits may
  /// have no room any more.
  ///
  /// - Parameters:
  ///   - probes: what is looked for where.
  ///   - start: the first of the probes.
  ///   - signatures: all lists, one after the other.
  ///   - hits: is emptied and given what is found, in the order of the probes.
  ///   - level: the instructions to use.
  /// - Returns: The first probe that was not done.
  /// - Precondition: Probes look at signatures that are there, and at no more than `hits` has room for.
  /// - Complexity: O(signatures looked at). Allocates nothing.
  public static func sift(
    _ probes: Span<SignatureProbe>,
    from start: Int,
    in signatures: Span<UInt64>,
    into hits: inout SignatureHits,
    level: SIMDLevel = .detected
  ) -> Int {
    precondition(start >= 0 && start <= probes.count, "no such probe")
    for at in start..<probes.count {
      let probe = probes[at]
      precondition(
        probe.first <= probe.end && Int(probe.end) <= signatures.count
          && Int(probe.end - probe.first) <= hits.capacity,
        "a probe looks beyond the signatures"
      )
    }
    let capacity = hits.capacity
    var (next, count) = (start, 0)
    unsafe signatures.withUnsafeBufferPointer { signatures in
      unsafe probes.withUnsafeBytes { probes in
        unsafe hits.owners.withUnsafeMutableBufferPointer { owners in
          unsafe hits.places.withUnsafeMutableBufferPointer { places in
            let s = signatures.baseAddress
            let p = unsafe probes.assumingMemoryBound(to: cfk_probe.self).baseAddress
            let n = probes.count / MemoryLayout<cfk_probe>.stride
            let (o, q) = (owners.baseAddress, places.baseAddress)
            switch level {
            case .scalar: unsafe next = cfk_sift_scalar(s, p, start, n, o, q, capacity, &count)
            #if arch(x86_64)
            case .haswell: unsafe next = cfk_sift_haswell(s, p, start, n, o, q, capacity, &count)
            case .icelake: unsafe next = cfk_sift_icelake(s, p, start, n, o, q, capacity, &count)
            #elseif arch(arm64)
            case .neon: unsafe next = cfk_sift_neon(s, p, start, n, o, q, capacity, &count)
            #endif
            default: unavailable(level)
            }
          }
        }
      }
    }
    hits.count = count
    return next
  }

  /// Codes of a row.
  public static let rowCount = Int(CFK_ROW_CODES)

  /// Compares rows of codes with stretches of `codes`: three times the number of differing bits, and
  /// one for each component of the stretch that lies in the middle, for such are near to everything.
  ///
  /// - Shape: a row is ``rowCount`` codes and as many masks of the bits that count; `owners` says which
  ///   row, `starts` where its stretch begins, `output` takes one number for each of them.
  /// - Complexity: O(owners). Allocates nothing.
  public static func compare(
    rows: Span<UInt16>,
    owners: Span<UInt32>,
    starts: Span<UInt32>,
    in codes: Span<UInt16>,
    into output: inout [UInt16],
    level: SIMDLevel = .detected
  ) {
    let count = owners.count
    precondition(starts.count == count && output.count >= count, "numbers of rows differ")
    let rowsThere = rows.count / (2 * rowCount)
    for at in 0..<count {
      precondition(
        Int(owners[at]) < rowsThere && Int(starts[at]) + rowCount <= codes.count,
        "a row or stretch is not there"
      )
    }
    unsafe rows.withUnsafeBufferPointer { rows in
      unsafe owners.withUnsafeBufferPointer { owners in
        unsafe starts.withUnsafeBufferPointer { starts in
          unsafe codes.withUnsafeBufferPointer { codes in
            unsafe output.withUnsafeMutableBufferPointer { out in
              let (r, w, s) = (rows.baseAddress, owners.baseAddress, starts.baseAddress)
              let (c, o) = (codes.baseAddress, out.baseAddress)
              switch level {
              case .scalar: unsafe cfk_compare_rows_scalar(r, w, s, count, c, o)
              #if arch(x86_64)
              case .haswell: unsafe cfk_compare_rows_haswell(r, w, s, count, c, o)
              case .icelake: unsafe cfk_compare_rows_icelake(r, w, s, count, c, o)
              #elseif arch(arm64)
              case .neon: unsafe cfk_compare_rows_neon(r, w, s, count, c, o)
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
