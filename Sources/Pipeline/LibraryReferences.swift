import AudioFingerprinting
import Fingerprinting
public import Matching
public import ReferenceLibrary
import SystemPackage
public import VideoCore

/// The releases of a library as matching sees them: index and fingerprints mapped into memory, frames
/// from the proxies.
///
/// Belongs to one thread; several may look at one library at the same time.
public final class LibraryReferences: ReferenceCollection {
  /// The releases, numbered as in the collection.
  public let releases: [Release]
  /// The index over them, and those that are not in it.
  public let keyIndex: KeyIndex?
  /// Releases whose fingerprint this program cannot compare with.
  let skippedReleases: [Release]

  private let library: Library
  /// Fingerprints that were asked for.
  private var segments: [SegmentFile?]
  private var openSegments = 0
  private var sampleCounts: [Int?]
  private let works: [Int]
  private let flag: CancellationFlag
  private let proxies = OpenProxies(size: FrameSpool.planeSize)

  /// The optional section with the landmarks of the sound.
  static let soundSection: FourCC = "AUDI"
  /// Fingerprints kept mapped at once; the system allows some 65,000 mappings a process.
  private static let mostSegments = 30_000

  /// Reads the list of releases, and maps the index over them; fingerprints are mapped as they are
  /// asked for.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/libraryDamaged`` where the list cannot
  ///   be read.
  init(_ library: Library, flag: CancellationFlag) throws(PipelineError) {
    self.library = library
    self.flag = flag
    let all: [Release]
    do {
      all = try library.releases()
    } catch {
      throw PipelineError(error)
    }
    let algorithm = FingerprintAlgorithm.motion1.rawValue
    let releases = all.filter { $0.fingerprintAlgorithm == algorithm }
    self.releases = releases
    skippedReleases = all.filter { $0.fingerprintAlgorithm != algorithm }
    segments = Array(repeating: nil, count: releases.count)
    var works: [String: Int] = [:]
    self.works = releases.map { release in
      let number = works[release.metadata.title] ?? works.count
      works[release.metadata.title] = number
      return number
    }
    var numbers: [String: Int] = [:]
    for (number, release) in releases.enumerated() { numbers[release.id] = number }
    let shards = library.keyIndex(over: releases).shards.map { LibraryShard($0, numbers: numbers) }
    var sampleCounts = [Int?](repeating: nil, count: releases.count)
    for film in shards.flatMap(\.films) {
      if let reference = film.reference { sampleCounts[reference] = film.samples }
    }
    self.sampleCounts = sampleCounts
    keyIndex = KeyIndex(shards: shards, rest: releases.indices.filter { sampleCounts[$0] == nil })
  }

  /// Reads the list of releases of a library that somebody keeps open, and maps the index over them.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/libraryDamaged`` where the list cannot
  ///   be read.
  public convenience init(
    _ store: ReferenceStore,
    flag: CancellationFlag
  ) throws(PipelineError) { try self.init(store.library, flag: flag) }

  /// Number of releases.
  public var count: Int { releases.count }

  /// Lends the fingerprint of a release; an empty one where it was removed since the list was read.
  public func withFingerprint<R>(
    of index: Int,
    _ body: (_ words: Span<UInt64>, _ corrections: Span<Int16>) throws -> R
  ) throws -> R {
    try flag.check()
    guard let segment = try segment(of: index) else { return try body(Span(), Span()) }
    return try segment.withSection("HASH", as: UInt64.self) { words in
      try segment.withSection("CORR", as: Int16.self) { corrections in
        guard words.count == 4 * corrections.count else {
          throw LibraryError(.damaged, "its sections do not fit together", path: segment.path)
        }
        return try body(words, corrections)
      }
    }
  }

  /// Lends the index keys of a release; none where it was removed since the list was read.
  public func withIndexKeys<R>(of index: Int, _ body: (_ keys: Span<UInt32>) throws -> R) throws
    -> R
  {
    try flag.check()
    guard let segment = try segment(of: index) else { return try body(Span()) }
    return try segment.withSection("KEYS", as: UInt32.self, body)
  }

  /// Number of samples of a release, from the index where it is in it.
  public func sampleCount(of index: Int) throws -> Int {
    if let known = sampleCounts[index] { return known }
    let count = try withIndexKeys(of: index) { $0.count }
    sampleCounts[index] = count
    return count
  }

  /// Maps every fingerprint.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/libraryDamaged`` where one is missing
  ///   or changed.
  func openAll() throws(PipelineError) {
    do {
      for index in releases.indices { _ = try segment(of: index) }
    } catch {
      throw PipelineError(error)
    }
  }

  /// The fingerprint of a release; nil where another process removed it since the list was read.
  private func segment(of index: Int) throws(LibraryError) -> SegmentFile? {
    if let known = segments[index] { return known }
    do {
      let segment = try library.segment(of: releases[index])
      if openSegments >= Self.mostSegments {
        segments = Array(repeating: nil, count: segments.count)
        openSegments = 0
      }
      segments[index] = segment
      openSegments += 1
      return segment
    } catch {
      if error.code == .noSuchRelease { return nil }
      throw error
    }
  }

  /// Landmarks of a release's sound; nil where the library has none, or in a form that this program
  /// does not know.
  func soundLandmarks(of index: Int) throws -> SoundLandmarks? {
    guard let segment = try segment(of: index), segment.contains(Self.soundSection) else {
      return nil
    }
    return try segment.withSection(Self.soundSection, as: UInt32.self) {
      SoundLandmarks(encoded: $0)
    }
  }

  /// Number of the title of a release.
  public func work(of index: Int) -> Int { works[index] }

  /// The picture inside the release's frame, without its black bars.
  public func pictureWindow(of index: Int) -> PictureWindow {
    PictureWindow(releases[index].media.activeArea)
  }

  /// The frames of a release at the size that matching works on; some proxies are kept open.
  public func frames(of index: Int) throws -> any FrameSource {
    try frames(of: index, among: proxies)
  }

  /// The frames of releases at the proxies' own size, for comparing details.
  func fullFrames(of indices: [Int]) -> [any FrameSource] {
    let proxies = OpenProxies(size: ReferenceImporter.planeSize)
    return indices.map { index in
      ReleaseFrames(durationSeconds: releases[index].media.durationSeconds) {
        try self.frames(of: index, among: proxies)
      }
    }
  }

  private func frames(of index: Int, among proxies: OpenProxies) throws -> ProxyFrames {
    try proxies.frames(of: index) {
      try openFrames(of: index, size: proxies.size, cache: proxies.cache)
    }
  }

  private func openFrames(
    of index: Int,
    size: FrameSize,
    cache: PlaneCache
  ) throws -> ProxyFrames {
    let release = releases[index]
    guard let path = try library.proxyPath(of: release.id) else {
      throw LibraryError(.damaged, "release \(release.id) has no proxy", path: library.path)
    }
    do {
      return try ProxyFrames(
        path,
        reference: index,
        durationSeconds: release.media.durationSeconds,
        size: size,
        cache: cache,
        flag: flag
      )
    } catch {
      let cause = PipelineError(error)
      if cause.kind == .cancelled { throw cause }
      // A proxy is the library's own file: if it cannot be read, the leak is not to blame.
      throw LibraryError(.damaged, "the proxy cannot be read: \(cause.message)", path: path)
    }
  }
}

/// A part of a library's index.
private final class LibraryShard: KeyShard {
  let films: [ShardFilm]
  private let file: KeyShardFile

  init(_ shard: KeyIndexSnapshot.Shard, numbers: [String: Int]) {
    file = shard.file
    films = shard.films.map {
      ShardFilm(
        reference: $0.releaseID.flatMap { numbers[$0] },
        first: $0.first,
        samples: $0.samples
      )
    }
  }

  func withLists<R>(
    _ body: (
      _ starts: Span<UInt32>, _ positions: Span<UInt32>, _ signatures: Span<UInt64>,
      _ codes: Span<UInt16>
    ) throws -> R
  ) throws -> R { try file.withLists(body) }
}

extension PictureWindow {
  /// The window of a rectangle; the whole frame where it has no area.
  init(_ area: FractionalRectangle) {
    guard area.width > 0, area.height > 0 else {
      self = .whole
      return
    }
    self.init(
      left: area.x,
      top: area.y,
      right: area.x + area.width,
      bottom: area.y + area.height
    )
  }

  /// The same part of the frame as a rectangle.
  var rectangle: FractionalRectangle {
    FractionalRectangle(x: left, y: top, width: right - left, height: bottom - top)
  }
}
