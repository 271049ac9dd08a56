import Fingerprinting
import SystemPackage

/// Makes a shard of the index from the segment files of some releases.
///
/// Their lists of keys are read twice, mapped into memory: once to count each key, once to put the
/// positions in place. Memory is 4 bytes a key of the shard, whatever the size of the library.
struct KeyShardWriter {
  /// A release to be indexed.
  struct Source {
    let release: Release
    let samples: Int
  }

  /// Writes the shard and waits until it is on the disk.
  ///
  /// - Throws: ``LibraryError``, or what `keys` throws.
  static func write(
    _ sources: [Source],
    to path: FilePath,
    keys: (Release, (Span<UInt32>) -> Void) throws -> Void
  ) throws {
    var starts = [UInt32](repeating: 0, count: IndexKey.count + 1)
    for source in sources {
      try keys(source.release) { keys in
        for i in keys.indices where keys[i] < UInt32(IndexKey.count) {
          starts[Int(keys[i]) + 1] += 1
        }
      }
    }
    for key in 0..<IndexKey.count { starts[key + 1] += starts[key] }
    var next = starts
    var positions = [UInt32](repeating: 0, count: Int(starts[IndexKey.count]))
    var places: [UInt32] = []
    var first = 0
    for source in sources {
      let start = UInt32(first)
      try keys(source.release) { keys in
        for i in keys.indices where keys[i] < UInt32(IndexKey.count) {
          // A file that grew between the two looks gains nothing.
          guard i < source.samples, next[Int(keys[i])] < starts[Int(keys[i]) + 1] else { continue }
          positions[Int(next[Int(keys[i])])] = start + UInt32(i)
          next[Int(keys[i])] += 1
        }
      }
      places += [start, UInt32(source.samples)]
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
      SegmentSection(code: "POST", bytes: bytes(of: positions)),
    ]
    try SegmentFile.write(sections, to: path)
  }

  private static func bytes(of numbers: [UInt32]) -> [UInt8] {
    unsafe numbers.withUnsafeBytes { unsafe Array($0) }
  }
}
