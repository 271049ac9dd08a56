import Fingerprinting
import SystemPackage

/// Makes a shard of the index from the segment files of some releases.
///
/// Their lists of keys are read twice, mapped into memory: once to count each key, once to put the
/// positions in place. Memory is 12 bytes a key of the shard and 2 a sample, whatever the size of the
/// library.
struct KeyShardWriter {
  /// A release to be indexed.
  struct Source {
    let release: Release
    let samples: Int
  }

  /// Lends the keys of a release and the words of its hashes, four a key.
  typealias Lender = (Release, (_ keys: Span<UInt32>, _ words: Span<UInt64>) -> Void) throws -> Void

  /// Writes the shard and waits until it is on the disk.
  ///
  /// - Throws: ``LibraryError``, or what `lend` throws.
  static func write(_ sources: [Source], to path: FilePath, lend: Lender) throws {
    var starts = [UInt32](repeating: 0, count: IndexKey.count + 1)
    for source in sources {
      try lend(source.release) { keys, _ in
        for i in keys.indices where keys[i] < UInt32(IndexKey.count) {
          starts[Int(keys[i]) + 1] += 1
        }
      }
    }
    for key in 0..<IndexKey.count { starts[key + 1] += starts[key] }
    let total = Int(starts[IndexKey.count])
    let end = sources.reduce(0) { $0 + KeyPositions.span(of: $1.samples) }
    // As bytes from the beginning: another copy of them would be the greater part of the memory.
    var positions = [UInt8](repeating: 0, count: 4 * total)
    var signatures = [UInt8](repeating: 0, count: 8 * total)
    var codes = [UInt16](repeating: 0, count: end + 2 * MotionCode.reach)
    var next = starts
    var places: [UInt32] = []
    var first = 0
    for source in sources {
      try lend(source.release) { keys, words in
        var span = codes.mutableSpan
        let count = min(source.samples, words.count / 4)
        MotionCode.write(words.extracting(..<(4 * count)), to: &span, at: first + MotionCode.reach)
        unsafe positions.withUnsafeMutableBytes { positions in
          unsafe signatures.withUnsafeMutableBytes { signatures in
            for i in keys.indices where keys[i] < UInt32(IndexKey.count) {
              let key = Int(keys[i])
              // A file that grew between the two looks gains nothing.
              guard i < source.samples, next[key] < starts[key + 1] else { continue }
              let at = Int(next[key])
              let signature = MotionCode.signature(at: first + i + MotionCode.reach, in: codes.span)
              unsafe positions.storeBytes(
                of: UInt32(first + i).littleEndian,
                toByteOffset: 4 * at,
                as: UInt32.self
              )
              unsafe signatures.storeBytes(
                of: signature.littleEndian,
                toByteOffset: 8 * at,
                as: UInt64.self
              )
              next[key] += 1
            }
          }
        }
      }
      places += [UInt32(first), UInt32(source.samples)]
      first += KeyPositions.span(of: source.samples)
    }
    let sections: [SegmentSection] = [
      SegmentSection(
        code: "FIDS",
        bytes: sources.flatMap { littleEndian(ReleaseID.number($0.release.id)) }
      ),
      SegmentSection(code: "FDIG", bytes: sources.flatMap(\.release.files.segmentDigest)),
      SegmentSection(code: "FPOS", bytes: bytes(of: places)),
      SegmentSection(code: "KOFF", bytes: bytes(of: starts)),
      SegmentSection(code: "POST", bytes: positions),
      SegmentSection(code: "SIGN", bytes: signatures),
      SegmentSection(code: "CODE", bytes: bytes(of: codes)),
    ]
    try SegmentFile.write(sections, to: path)
  }

  private static func bytes(of numbers: [some BitwiseCopyable]) -> [UInt8] {
    unsafe numbers.withUnsafeBytes { unsafe Array($0) }
  }
}
