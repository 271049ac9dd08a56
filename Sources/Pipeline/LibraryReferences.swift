import AudioFingerprinting
import Fingerprinting
import Matching
import ReferenceLibrary
import SystemPackage
import VideoCore

/// The releases of a library as matching sees them: fingerprints mapped into memory, frames from
/// the proxies.
///
/// Belongs to one thread; several may look at one library at the same time.
final class LibraryReferences: ReferenceCollection {
  /// The releases, numbered as in the collection.
  let releases: [Release]
  /// Releases whose fingerprint this program cannot compare with.
  let skippedReleases: [Release]

  private let library: Library
  private let segments: [SegmentFile]
  private let works: [Int]
  private let flag: CancellationFlag
  private let cache = PlaneCache(limitBytes: cacheBytes)
  private var opened: [(reference: Int, frames: ProxyFrames)] = []

  /// The optional section with the landmarks of the sound.
  static let soundSection: FourCC = "AUDI"
  /// Memory for decoded proxies: about three minutes of film.
  private static let cacheBytes = 64 << 20
  /// Proxies kept open at once.
  private static let openProxies = 8

  /// Maps the fingerprints of all releases.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/libraryDamaged`` where one is missing
  ///   or changed.
  init(_ library: Library, flag: CancellationFlag) throws(PipelineError) {
    self.library = library
    self.flag = flag
    do {
      let all = try library.releases()
      let algorithm = FingerprintAlgorithm.motion1.rawValue
      var releases: [Release] = []
      var segments: [SegmentFile] = []
      for release in all where release.fingerprintAlgorithm == algorithm {
        do {
          segments.append(try library.segment(of: release))
          releases.append(release)
        } catch {
          // Removed by another process since the list was read.
          if error.code != .noSuchRelease { throw error }
        }
      }
      self.releases = releases
      self.segments = segments
      var numbers: [String: Int] = [:]
      for release in releases where numbers[release.metadata.title] == nil {
        numbers[release.metadata.title] = numbers.count
      }
      works = releases.map { numbers[$0.metadata.title] ?? 0 }
      skippedReleases = all.filter { $0.fingerprintAlgorithm != algorithm }
    } catch {
      throw PipelineError(error)
    }
  }

  var count: Int { releases.count }

  func withFingerprint<R>(
    of index: Int,
    _ body: (_ words: Span<UInt64>, _ corrections: Span<Int16>) throws -> R
  ) throws -> R {
    try flag.check()
    let segment = segments[index]
    return try segment.withSection("HASH", as: UInt64.self) { words in
      try segment.withSection("CORR", as: Int16.self) { corrections in
        guard words.count == 4 * corrections.count else {
          throw LibraryError(.damaged, "its sections do not fit together", path: segment.path)
        }
        return try body(words, corrections)
      }
    }
  }

  func withIndexKeys<R>(of index: Int, _ body: (_ keys: Span<UInt32>) throws -> R) throws -> R {
    try flag.check()
    return try segments[index].withSection("KEYS", as: UInt32.self, body)
  }

  /// Landmarks of a release's sound; nil where the library has none, or in a form that this program
  /// does not know.
  func soundLandmarks(of index: Int) throws -> SoundLandmarks? {
    let segment = segments[index]
    guard segment.contains(Self.soundSection) else { return nil }
    return try segment.withSection(Self.soundSection, as: UInt32.self) {
      SoundLandmarks(encoded: $0)
    }
  }

  func work(of index: Int) -> Int { works[index] }

  func pictureWindow(of index: Int) -> PictureWindow {
    PictureWindow(releases[index].media.activeArea)
  }

  func frames(of index: Int) throws -> any FrameSource {
    if let place = opened.firstIndex(where: { $0.reference == index }) {
      let entry = opened.remove(at: place)
      opened.append(entry)
      return entry.frames
    }
    let frames = try openFrames(of: index, size: FrameSpool.planeSize, cache: cache)
    opened.append((index, frames))
    if opened.count > Self.openProxies { opened.removeFirst() }
    return frames
  }

  /// The frames of a release at the proxy's own size, for comparing details.
  func fullFrames(of index: Int) throws -> any FrameSource {
    let size = ReferenceImporter.planeSize
    return try openFrames(of: index, size: size, cache: PlaneCache(limitBytes: Self.cacheBytes))
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
