import Matching
import MediaIO
import SystemPackage
import VideoCore

/// Stretches of proxies that were decoded, the ones used last; bounded in bytes.
final class PlaneCache {
  struct Key: Hashable {
    var reference: Int
    var window: Int
  }

  private struct Entry {
    var planes: [TimedPlane]
    var used: Int
    weak var owner: ProxyFrames?
  }

  private var entries: [Key: Entry] = [:]
  private var clock = 0
  private var bytes = 0
  private let limitBytes: Int

  init(limitBytes: Int) { self.limitBytes = limitBytes }

  func planes(of key: Key) -> [TimedPlane]? {
    guard let planes = entries[key]?.planes else { return nil }
    clock += 1
    entries[key]?.used = clock
    return planes
  }

  /// Keeps a stretch, at the price of those used longest ago, which go back to their owners.
  func insert(_ planes: [TimedPlane], for key: Key, of owner: ProxyFrames) throws {
    clock += 1
    entries[key] = Entry(planes: planes, used: clock, owner: owner)
    bytes += Self.bytes(of: planes)
    while bytes > limitBytes, entries.count > 1,
      let oldest = entries.min(by: { $0.value.used < $1.value.used })
    {
      entries[oldest.key] = nil
      bytes -= Self.bytes(of: oldest.value.planes)
      try oldest.value.owner?.keep(oldest.value.planes, of: oldest.key.window)
    }
  }

  private static func bytes(of planes: [TimedPlane]) -> Int {
    planes.reduce(0) { $0 + $1.plane.pixels.count }
  }
}

/// The frames of one reference, from its proxy; by default halved to the size that matching works on.
///
/// Matching walks through a film several times, and a cache that is smaller than the film keeps
/// nothing from one walk to the next. So what leaves the cache goes to the disk, where reading it
/// again costs a thirtieth of decoding it.
final class ProxyFrames: FrameSource {
  /// Length of the stretches that are decoded and kept, in seconds.
  static let windowSeconds = 4.0

  let durationSeconds: Double
  private let reference: Int
  private let reader: ProxyReader
  private let cache: PlaneCache
  private let flag: CancellationFlag
  private let size: FrameSize
  /// Windows that were glanced at: of one that nothing else is wanted of, little is decoded.
  private var glanced: Set<Int> = []
  private var spooled: Set<Int> = []
  private var spool: FrameSpool?
  private var spooledBytes = 0

  /// Longest glance, in seconds.
  private static let longestGlance = 0.5
  /// Bytes on the disk beyond which windows are decoded again.
  private static let mostSpooledBytes = 1 << 30

  init(
    _ path: FilePath,
    reference: Int,
    durationSeconds: Double,
    size: FrameSize = FrameSpool.planeSize,
    cache: PlaneCache,
    flag: CancellationFlag
  ) throws {
    self.reference = reference
    self.durationSeconds = durationSeconds
    self.cache = cache
    self.flag = flag
    self.size = size
    let options = DecodeOptions(
      planeSize: size,
      isCancelled: { flag.isCancelled }
    )
    reader = try ProxyReader(path, options: options)
  }

  func frames(from start: Double, to end: Double) throws -> [TimedPlane] {
    try flag.check()
    let (start, end) = (max(0, start), min(end, durationSeconds + Self.windowSeconds))
    guard start < end else { return [] }
    let first = Int(start / Self.windowSeconds)
    let last = max(first, Int(end / Self.windowSeconds))
    if first == last, end - start <= Self.longestGlance, !isKnown(first),
      glanced.insert(first).inserted
    {
      return try decode(from: start, to: end)
    }
    var result: [TimedPlane] = []
    for window in first...last {
      for frame in try planes(window) where frame.seconds >= start && frame.seconds < end {
        result.append(frame)
      }
    }
    return result
  }

  private func planes(_ window: Int) throws -> [TimedPlane] {
    let key = PlaneCache.Key(reference: reference, window: window)
    if let planes = cache.planes(of: key) { return planes }
    let start = Double(window) * Self.windowSeconds
    if spooled.contains(window), let spool {
      let planes = try spool.frames(from: start, to: start + Self.windowSeconds)
      try cache.insert(planes, for: key, of: self)
      return planes
    }
    let planes = try decode(from: start, to: start + Self.windowSeconds)
    try cache.insert(planes, for: key, of: self)
    return planes
  }

  private func isKnown(_ window: Int) -> Bool {
    spooled.contains(window)
      || cache.planes(of: PlaneCache.Key(reference: reference, window: window)) != nil
  }

  private func decode(from start: Double, to end: Double) throws -> [TimedPlane] {
    var planes: [TimedPlane] = []
    try reader.read(from: start, to: end) { frame in
      planes.append(TimedPlane(seconds: frame.time.seconds, plane: frame.plane))
      return .continue
    }
    return planes
  }

  /// Writes a stretch to the disk, unless it is there.
  fileprivate func keep(_ planes: [TimedPlane], of window: Int) throws {
    let bytes = planes.count * size.area
    guard !spooled.contains(window), spooledBytes + bytes <= Self.mostSpooledBytes else { return }
    let spool = try spool ?? FrameSpool(size: size, flag: flag)
    self.spool = spool
    for frame in planes { try spool.append(frame.plane, at: frame.seconds) }
    spooled.insert(window)
    spooledBytes += bytes
  }
}
