import Fingerprinting
import SystemPackage

/// One part of the index over the keys of many releases: for each key, where it stands, and what is
/// around it there.
///
/// A segment file with the sections
///
/// ```
/// FIDS  u64 a film: the number in its release's identifier
/// FDIG  32 bytes a film: the digest of its release's segment file
/// FPOS  u32, u32 a film: position of its first sample, number of its samples
/// KOFF  u32 a key and one more: where the key's positions begin in POST
/// POST  u32: positions, ascending for each key
/// SIGN  u64 a position in POST: its signature (`MotionCode`)
/// CODE  u16: the code of each position, with `MotionCode.reach` zeros before the first and after the
///       last
/// ```
///
/// It is derived from the segment files: whoever finds it missing or damaged can do without, and the
/// next writer makes it anew.
public final class KeyShardFile: Sendable {
  /// A film of the shard.
  struct Film: Sendable, Hashable {
    let releaseID: String
    let segmentDigest: [UInt8]
    /// Position of its first sample.
    let first: Int
    let samples: Int
  }

  /// Name extension of such files.
  static let pathExtension = "lti"

  /// No part is that long: whoever counts by positions sets aside memory for them.
  private static let mostPositions = 1 << 28

  /// The films in the order of their positions.
  let films: [Film]
  let segment: SegmentFile

  var path: FilePath { segment.path }

  /// Opens and maps a shard; what it says about films is compared with its checksums.
  init(opening path: FilePath) throws {
    let file = try SegmentFile(opening: path)
    for code in ["FIDS", "FDIG", "FPOS"] as [FourCC] {
      guard file.matchesChecksum(code) else {
        throw LibraryError(.damaged, "section \(code) does not match its checksum", path: path)
      }
    }
    let ids = try file.withSection("FIDS", as: UInt64.self) { span in span.indices.map { span[$0] }
    }
    let digests = try file.withSection("FDIG", as: UInt8.self) { span in
      span.indices.map { span[$0] }
    }
    let places = try file.withSection("FPOS", as: UInt32.self) { span in
      span.indices.map { Int(span[$0]) }
    }
    let starts = try file.withSection("KOFF", as: UInt32.self) { $0.count }
    guard digests.count == 32 * ids.count, places.count == 2 * ids.count,
      starts == IndexKey.count + 1
    else { throw LibraryError(.damaged, "its sections do not fit together", path: path) }
    films = ids.indices.map { film in
      Film(
        releaseID: ReleaseID.text(ids[film]),
        segmentDigest: Array(digests[32 * film..<32 * film + 32]),
        first: places[2 * film],
        samples: places[2 * film + 1]
      )
    }
    for (film, next) in zip(films, films.dropFirst())
    where film.first + KeyPositions.span(of: film.samples) > next.first {
      throw LibraryError(.damaged, "its films overlap", path: path)
    }
    let end = films.last.map { $0.first + KeyPositions.span(of: $0.samples) } ?? 0
    guard end <= Self.mostPositions else {
      throw LibraryError(.damaged, "its films are longer than can be", path: path)
    }
    // A part without the latter two was written by an older program.
    let positions = try file.withSection("POST", as: UInt32.self) { $0.count }
    let signatures = try file.withSection("SIGN", as: UInt64.self) { $0.count }
    let codes = try file.withSection("CODE", as: UInt16.self) { $0.count }
    guard signatures == positions, codes == end + 2 * MotionCode.reach else {
      throw LibraryError(.damaged, "its sections do not fit together", path: path)
    }
    segment = file
  }

  /// Lends the lists of positions, their signatures, and the codes, as they are in the file.
  public func withLists<R>(
    _ body: (
      _ starts: Span<UInt32>, _ positions: Span<UInt32>, _ signatures: Span<UInt64>,
      _ codes: Span<UInt16>
    ) throws -> R
  ) throws -> R {
    try segment.withSection("KOFF", as: UInt32.self) { starts in
      try segment.withSection("POST", as: UInt32.self) { positions in
        try segment.withSection("SIGN", as: UInt64.self) { signatures in
          try segment.withSection("CODE", as: UInt16.self) {
            try body(starts, positions, signatures, $0)
          }
        }
      }
    }
  }
}
