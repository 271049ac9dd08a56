/// The index over the keys of releases as of one moment.
public struct KeyIndexSnapshot: Sendable {
  /// Where a release stands in a part of the index.
  public struct Film: Sendable, Hashable {
    /// The release; nil for one that was removed or replaced, or stands in another part, too.
    public let releaseID: String?
    /// Position of its first sample.
    public let first: Int
    /// Number of its samples.
    public let samples: Int
  }

  /// A part of the index.
  public struct Shard: Sendable {
    /// The films in the order of their positions.
    public let films: [Film]
    /// The lists of positions.
    public let file: KeyShardFile
  }

  /// The parts; each release stands in one at most.
  public let shards: [Shard]

  /// Assigns each release to the first part that has it as it is now.
  init(_ files: [KeyShardFile], releases: [Release]) {
    var open: [String: [UInt8]] = [:]
    for release in releases { open[release.id] = release.files.segmentDigest }
    var shards: [Shard] = []
    for file in files {
      var isUsed = false
      let films = file.films.map { film in
        let isCurrent = open[film.releaseID] == film.segmentDigest
        if isCurrent {
          open[film.releaseID] = nil
          isUsed = true
        }
        return Film(
          releaseID: isCurrent ? film.releaseID : nil,
          first: film.first,
          samples: film.samples
        )
      }
      if isUsed { shards.append(Shard(films: films, file: file)) }
    }
    self.shards = shards
  }
}
