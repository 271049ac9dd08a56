import Matching
import VideoCore

/// The proxies that were read from last, at one size: of a leak that shows many works few are open.
final class OpenProxies {
  /// Size of the frames.
  let size: FrameSize
  /// Decoded frames of all of them.
  let cache: PlaneCache
  private var opened: [(reference: Int, frames: ProxyFrames)] = []

  /// Proxies kept open at once.
  private static let most = 8
  /// Memory for decoded frames: about three minutes of film at the size that matching works on.
  private static let cacheBytes = 64 << 20

  /// Opens nothing yet.
  init(size: FrameSize) {
    self.size = size
    cache = PlaneCache(limitBytes: Self.cacheBytes)
  }

  /// The proxy of a release, opened by `open` where it is not.
  func frames(of reference: Int, open: () throws -> ProxyFrames) rethrows -> ProxyFrames {
    if let place = opened.firstIndex(where: { $0.reference == reference }) {
      let entry = opened.remove(at: place)
      opened.append(entry)
      return entry.frames
    }
    let frames = try open()
    opened.append((reference, frames))
    if opened.count > Self.most { opened.removeFirst() }
    return frames
  }
}

/// The frames of a release, whose proxy is opened where they are asked for.
final class ReleaseFrames: FrameSource {
  let durationSeconds: Double
  private let open: () throws -> ProxyFrames

  init(durationSeconds: Double, open: @escaping () throws -> ProxyFrames) {
    (self.durationSeconds, self.open) = (durationSeconds, open)
  }

  func frames(from start: Double, to end: Double) throws -> [TimedPlane] {
    try open().frames(from: start, to: end)
  }
}
