public import VideoCore

/// A luma plane of a leak or a film and when it is shown.
public struct TimedPicture: Sendable {
  /// Presentation time in seconds from the start of the stream.
  public var seconds: Double
  /// The upright picture; the whole frame stretched to the plane's size.
  public var plane: LumaPlane

  /// Creates a timed picture.
  public init(seconds: Double, plane: LumaPlane) {
    self.seconds = seconds
    self.plane = plane
  }
}

/// Gives the pictures of one leak or film for any stretch of time, all of one size.
///
/// Detection goes through a leak from start to end, then comes back to moments of it.
public protocol PictureSource: AnyObject {
  /// Length in seconds.
  var durationSeconds: Double { get }

  /// All pictures with `start <= time < end`, in order of time; empty where there are none.
  ///
  /// - Throws: an error of the implementation's where the file cannot be read.
  func pictures(from start: Double, to end: Double) throws -> [TimedPicture]
}

/// Parts of a leak that were passed over when it was decoded, and can be decoded after all.
public protocol UnseenPictures: AnyObject {
  /// The parts, in order of time, without overlap; those that were filled are not among them.
  var gaps: [Range<Double>] { get }

  /// Pictures that can be had without decoding all of a part, as they come: its key frames. The source
  /// of the leak's larger pictures has them from then on.
  ///
  /// - Throws: an error of the implementation's where the file cannot be read.
  func peek(into gap: Range<Double>) throws -> [TimedPicture]

  /// Decodes a part, so that the sources of the leak have its pictures.
  ///
  /// - Throws: an error of the implementation's where the file cannot be read.
  func fill(_ gap: Range<Double>) throws

  /// Decodes a part as far as overlays need it: the source of the leak's larger pictures has them
  /// some times a second, that of its small ones may have none.
  ///
  /// - Throws: an error of the implementation's where the file cannot be read.
  func fillCoarsely(_ gap: Range<Double>) throws
}

extension UnseenPictures {
  /// Decodes all of a part.
  ///
  /// - Throws: an error of the implementation's where the file cannot be read.
  public func fillCoarsely(_ gap: Range<Double>) throws { try fill(gap) }
}

/// A stretch of a leak that shows a stretch of a film without a break.
public struct FilmStretch: Sendable, Hashable {
  /// First second in the leak.
  public var leakStart: Double
  /// End in the leak.
  public var leakEnd: Double
  /// Second of the film that `leakStart` shows.
  public var filmStart: Double
  /// Film seconds for each leak second.
  public var rate: Double

  /// Creates a stretch.
  public init(leakStart: Double, leakEnd: Double, filmStart: Double, rate: Double) {
    self.leakStart = leakStart
    self.leakEnd = leakEnd
    self.filmStart = filmStart
    self.rate = rate
  }

  /// The film's time that a leak's time shows.
  public func filmTime(at leakTime: Double) -> Double { filmStart + (leakTime - leakStart) * rate }
}

/// How a film lies in a leak's frame at one moment.
public struct FilmPlacement: Sendable, Hashable {
  /// Second of the leak.
  public var leakTime: Double
  /// Nine row-major numbers from the film's unit square to the leak's, mirror included.
  public var homography: [Double]

  /// Creates a placement.
  public init(leakTime: Double, homography: [Double]) {
    precondition(homography.count == 9, "a homography has nine numbers")
    self.leakTime = leakTime
    self.homography = homography
  }
}

/// What matching knows of the film that a leak shows.
public struct AlignedFilm {
  /// The stretches, in order of leak time, without overlap.
  public let stretches: [FilmStretch]
  /// Placements, in order of leak time.
  public let placements: [FilmPlacement]
  /// The film's own pictures, 320x180 or so, at its own rate.
  public let pictures: any PictureSource

  /// Puts a match together; stretches and placements are brought into order.
  public init(
    stretches: [FilmStretch],
    placements: [FilmPlacement],
    pictures: any PictureSource
  ) {
    var ordered: [FilmStretch] = []
    for var stretch in stretches.sorted(by: { $0.leakStart < $1.leakStart }) {
      if let last = ordered.last, stretch.leakStart < last.leakEnd {
        stretch.filmStart = stretch.filmTime(at: last.leakEnd)
        stretch.leakStart = last.leakEnd
      }
      if stretch.leakEnd > stretch.leakStart { ordered.append(stretch) }
    }
    self.stretches = ordered
    self.placements = placements.sorted { $0.leakTime < $1.leakTime }
    self.pictures = pictures
  }

  /// Where its last stretch ends, in seconds of the leak.
  var leakEnd: Double { stretches.last?.leakEnd ?? 0 }

  /// The stretches of several films, in order of leak time.
  static func stretches(of films: [AlignedFilm]) -> [FilmStretch] {
    films.flatMap(\.stretches).sorted { $0.leakStart < $1.leakStart }
  }

  /// The stretch that a moment of the leak belongs to; nil where nothing explains it.
  func stretch(at leakTime: Double) -> FilmStretch? {
    stretches.first { $0.leakStart <= leakTime && leakTime < $0.leakEnd }
  }

  /// Whether one stretch shows all of a part of the leak and something on both sides of it.
  func explains(_ part: Range<Double>) -> Bool {
    stretches.contains { $0.leakStart < part.lowerBound && part.upperBound < $0.leakEnd }
  }

  /// How the film lies at a moment, between the placements of the same stretch.
  ///
  /// - Complexity: O(log placements).
  func placement(at leakTime: Double, in stretch: FilmStretch) -> [Double]? {
    let first = index(from: stretch.leakStart)
    let end = index(beyond: stretch.leakEnd)
    let later = max(first, index(from: leakTime))
    guard later < end else {
      return (first < end ? placements[end - 1] : nearest(to: leakTime))?.homography
    }
    guard later > first else { return placements[later].homography }
    let (a, b) = (placements[later - 1], placements[later])
    let share = (leakTime - a.leakTime) / max(1e-9, b.leakTime - a.leakTime)
    return zip(a.homography, b.homography).map { $0 + ($1 - $0) * share }
  }

  /// The first placement that is not before a moment.
  private func index(from seconds: Double) -> Int { partition { $0 < seconds } }
  /// The first placement after a moment.
  private func index(beyond seconds: Double) -> Int { partition { $0 <= seconds } }

  private func partition(_ isBefore: (Double) -> Bool) -> Int {
    var (low, high) = (0, placements.count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(placements[middle].leakTime) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func nearest(to leakTime: Double) -> FilmPlacement? {
    placements.min { abs($0.leakTime - leakTime) < abs($1.leakTime - leakTime) }
  }
}
