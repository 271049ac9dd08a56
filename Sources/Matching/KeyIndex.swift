/// Where the samples of a reference lie among the positions of a shard.
public struct ShardFilm: Sendable, Hashable {
  /// Number of the reference in its collection; nil for one that is not in it any more.
  public var reference: Int?
  /// Position of its first sample, a multiple of `KeyPositions.alignment`.
  public var first: Int
  /// Number of its samples.
  public var samples: Int

  /// Creates a description.
  public init(reference: Int?, first: Int, samples: Int) {
    (self.reference, self.first, self.samples) = (reference, first, samples)
  }
}

/// An index over the keys of many references: for each key, where it stands and what is around it.
///
/// Every sample has a position of its own. A film begins `KeyPositions.span(of:)` positions after the
/// one before it, so that no stretch of a leak meets two films at one position.
public protocol KeyShard: AnyObject {
  /// The films in the order of their positions.
  var films: [ShardFilm] { get }

  /// Lends the lists. Positions of key `k` are `positions[starts[k]..<starts[k + 1]]`, ascending, and
  /// `signatures` has one for each of them; the code of position `p` is `codes[p + MotionCode.reach]`.
  /// All may come from a damaged file; who reads them checks them.
  func withLists<R>(
    _ body: (
      _ starts: Span<UInt32>, _ positions: Span<UInt32>, _ signatures: Span<UInt64>,
      _ codes: Span<UInt16>
    ) throws -> R
  ) throws -> R
}

/// What of a collection can be searched by key, without reading the keys of each reference.
public struct KeyIndex {
  /// Parts of the index; each reference is in one of them at most.
  public var shards: [any KeyShard]
  /// The references that no shard has.
  public var rest: [Int]

  /// Creates an index of parts.
  public init(shards: [any KeyShard], rest: [Int]) { (self.shards, self.rest) = (shards, rest) }
}
