import Captures
import Matching
import VideoCore

/// Takes from a leak what tells its recording from others, along a match that was found.
struct CaptureWitness {
  private let leak: any FrameSource
  private let film: any FrameSource
  private let flag: CancellationFlag

  /// Seconds of leak that are looked at together.
  private static let piece = 4.0
  /// Least time between two frames that are measured, in seconds of the film.
  private static let leastStep = 0.065
  /// Moments of the film farther apart than this from a measured frame are left out.
  private static let longestGap = 0.25
  /// Frames of the film are looked for this far to either side.
  private static let around = 0.3

  /// Creates a witness of a leak's small planes and the frames of the film at that size.
  init(leak: any FrameSource, film: any FrameSource, flag: CancellationFlag) {
    (self.leak, self.film, self.flag) = (leak, film, flag)
  }

  /// The signature of what the match shows; without moments where nothing can be measured, and without
  /// any where the film itself jerks most of the time as a camera would.
  ///
  /// Of a leak that shows more than three minutes of the film it holds eight seconds of each minute, of
  /// one that shows more than eight minutes of every other minute, as far as they were decoded
  /// (``parts(of:)``), so that measuring stays a small part of decoding. Dropped frames are told of
  /// shorter leaks alone: of longer ones not all frames are decoded.
  ///
  /// - Parameters:
  ///   - match: what the leak shows.
  ///   - sounds: what was heard besides the film.
  /// - Returns: The signature.
  /// - Throws: Where someone asked to stop, or frames cannot be read.
  func signature(of match: ReleaseMatch, sounds: [FilmMark]) throws -> CaptureSignature {
    var samples: [CaptureSample] = []
    var held: [Double] = []
    var (jerks, count) = (0, 0)
    let windows = Windows(of: match)
    var meter = MotionMeter()
    for _ in 0..<Self.lensRounds { meter.lens += try lens(of: match, meter) }
    meter.knowsLens = true
    for segment in match.segments where !segment.geometry.isEmpty && segment.rate > 0 {
      let found = try measured(segment, meter, step: Self.leastStep, windows) {
        if windows == nil { held += HeldFrames.seconds(in: $0, film: $1) }
      }
      samples += Self.sampled(found)
      jerks += found.count { $0.hasFilmJerk }
      count += found.count
    }
    // Of such a film the rest is no better: what is left of its jerks was linked, too.
    if Double(jerks) > Self.mostJerks * Double(count) { samples = [] }
    return CaptureSignature(
      samples,
      sounds: windows.map { windows in sounds.filter { windows.hold($0.filmSeconds) } } ?? sounds,
      holds: HeldFrames.withoutRows(held).compactMap { FilmMark(filmSeconds: $0) }
    )
  }

  /// Seconds of the leak that ``signature(of:sounds:)`` wants of a long one; none of a short one, which is
  /// decoded whole.
  static func parts(of match: ReleaseMatch) -> [Range<Double>] {
    guard let windows = Windows(of: match) else { return [] }
    return match.segments.filter { $0.rate > 0 }.flatMap { segment in
      windows.inside(segment.referenceStart..<max(segment.referenceStart, segment.referenceEnd)).map
      {
        let (start, end) = (
          $0.lowerBound - segment.referenceStart, $0.upperBound - segment.referenceStart
        )
        return segment.leakStart + start / segment.rate..<segment.leakStart + end / segment.rate
      }
    }
  }

  /// What is measured of a leak that shows much of a film.
  ///
  /// The film's clock says so, and not the leak's: leaks of one recording have the same seconds then,
  /// and so has a short piece of it.
  private struct Windows {
    /// Seconds of a window.
    private static let seconds = 8.0
    /// Seconds from the start of a window to that of the next; those of long leaks are among those of
    /// short ones.
    private static let (period, longPeriod) = (60.0, 120.0)
    /// Seconds of film from which the windows of a leak are as far apart as those of long ones: four of
    /// them hold twice as much as a link needs.
    private static let long = 480.0

    private let period: Double

    /// Nil where all of the leak is measured.
    init?(of match: ReleaseMatch) {
      let explained = match.segments.reduce(0) { $0 + $1.leakEnd - $1.leakStart }
      guard explained > DecodePlan.fullLimitSeconds else { return nil }
      period = explained < Self.long ? Self.period : Self.longPeriod
    }

    /// Whether a second of the film is measured.
    func hold(_ filmSeconds: Double) -> Bool {
      filmSeconds.truncatingRemainder(dividingBy: period) < Self.seconds
    }

    /// The windows in a stretch of the film, cut to it.
    func inside(_ film: Range<Double>) -> [Range<Double>] {
      let first = (film.lowerBound / period).rounded(.down) * period
      return stride(from: first, to: film.upperBound, by: period).compactMap {
        let start = max($0, film.lowerBound)
        let end = min($0 + Self.seconds, film.upperBound)
        return start < end ? start..<end : nil
      }
    }
  }

  private struct Measured {
    var filmSeconds: Double
    var corners: [SIMD2<Double>]
    var measurement: MotionMeter.Measurement
    /// Whether the film itself jerks here as a camera would.
    var hasFilmJerk: Bool
  }

  /// What the lens does beyond what the meter assumes, by the frames that show it well.
  private func lens(of match: ReleaseMatch, _ meter: MotionMeter) throws -> Double {
    let seconds = match.segments.reduce(0) { $0 + $1.leakEnd - $1.leakStart }
    let step = max(Self.leastStep, seconds / Self.framesOfLens)
    var values: [(value: Double, weight: Double)] = []
    for segment in match.segments where !segment.geometry.isEmpty && segment.rate > 0 {
      for found in try measured(segment, meter, step: step) {
        let error = found.measurement.radialError
        values.append((found.measurement.radial, 1 / (error * error + Self.leastLensVariance)))
      }
    }
    values.sort { $0.value < $1.value }
    let half = values.reduce(0) { $0 + $1.weight } / 2
    var sum = 0.0
    for (value, weight) in values {
      sum += weight
      if sum >= half { return max(-Self.mostLens, min(Self.mostLens, value)) }
    }
    return 0
  }

  private func measured(
    _ segment: AlignedSegment,
    _ meter: MotionMeter,
    step: Double,
    _ windows: Windows? = nil,
    looking: ([HeldFrames.Frame], [HeldFrames.Frame]) -> Void = { _, _ in }
  ) throws -> [Measured] {
    var measured: [Measured] = []
    var start = segment.leakStart
    var next = -Double.infinity
    while start < segment.leakEnd {
      try flag.check()
      let end = min(segment.leakEnd, start + Self.piece)
      defer { start = end }
      let shown = [start, end].map(segment.referenceTime)
      if let windows, !shown.contains(where: windows.hold) { continue }
      let frames = try leak.frames(from: start, to: end)
      // Where few frames are measured, little of the film is decoded for them.
      let wanted = frames.filter { frame in
        let seconds = segment.referenceTime(at: frame.seconds)
        guard seconds >= next, windows?.hold(seconds) ?? true else { return false }
        next = seconds + step
        return true
      }
      guard let first = wanted.first, let last = wanted.last else { continue }
      let film = try self.film.frames(
        from: segment.referenceTime(at: first.seconds) - Self.around,
        to: segment.referenceTime(at: last.seconds) + Self.around
      )
      var moments = FilmMoments(film)
      looking(
        frames.map { (segment.referenceTime(at: $0.seconds), $0.plane) },
        film.map { ($0.seconds, $0.plane) }
      )
      for frame in wanted {
        let seconds = segment.referenceTime(at: frame.seconds)
        guard let (moment, hasFilmJerk) = moments.moment(at: seconds) else { continue }
        let guess = Self.guess(segment.geometry, frame.seconds)
        guard let found = meter.measure(frame.plane, film: moment, start: guess),
          let corners = found.map.cornerPlaces
        else { continue }
        measured.append(
          Measured(
            filmSeconds: seconds,
            corners: corners,
            measurement: found,
            hasFilmJerk: hasFilmJerk
          )
        )
      }
    }
    return measured
  }

  private static let (lensRounds, framesOfLens) = (2, 40.0)
  private static let (leastLensVariance, mostLens) = (4e-6, 0.1)
  /// Part of the moments above which a film moves like a camera: stop motion does in two thirds.
  private static let mostJerks = 0.5

  /// The map of a second of the leak, between the samples of the geometry.
  private static func guess(_ geometry: [GeometrySample], _ seconds: Double) -> PlaneMap {
    let after = geometry.firstIndex { $0.leakTime > seconds } ?? geometry.count
    let (b, a) = (geometry[min(after, geometry.count - 1)], geometry[max(0, after - 1)])
    let span = b.leakTime - a.leakTime
    let share = span > 0 ? max(0, min(1, (seconds - a.leakTime) / span)) : 0
    return PlaneMap(
      zip(a.homography.elements, b.homography.elements).map { $0 + ($1 - $0) * share }
    )
  }

  /// What was measured, brought to the moments that all signatures have in common.
  private static func sampled(_ measured: [Measured]) -> [CaptureSample] {
    guard measured.count > 1 else { return [] }
    var samples: [CaptureSample] = []
    var place = 0
    let rate = CaptureSignature.rate
    let first = Int((measured[0].filmSeconds * rate).rounded(.up))
    let last = Int((measured[measured.count - 1].filmSeconds * rate).rounded(.down))
    guard first <= last else { return [] }
    for index in first...last {
      let seconds = Double(index) / rate
      while place + 2 < measured.count, measured[place + 1].filmSeconds < seconds { place += 1 }
      let (a, b) = (measured[place], measured[place + 1])
      let span = b.filmSeconds - a.filmSeconds
      guard span > 0, span <= longestGap else { continue }
      let share = max(0, min(1, (seconds - a.filmSeconds) / span))
      let near = (share < 0.5 ? a : b).measurement
      samples.append(
        CaptureSample(
          index: index,
          corners: zip(a.corners, b.corners).map { $0 + ($1 - $0) * share },
          gain: near.gain,
          hidden: near.hidden
        )
      )
    }
    return samples
  }
}

/// The moments of a stretch of a film, asked for in ascending order and prepared once each.
private struct FilmMoments {
  private let film: [TimedPlane]
  private var prepared: [Int: FilmMoment?] = [:]

  init(_ film: [TimedPlane]) { self.film = film }

  /// The two frames around a second of the film, and whether the film jerks there as a camera would.
  mutating func moment(at seconds: Double) -> (FilmMoment, hasFilmJerk: Bool)? {
    guard let after = film.firstIndex(where: { $0.seconds > seconds }),
      let moment = moment(endingWith: after)
    else { return nil }
    // A moment takes a megabyte: only those that may be asked for again are kept.
    prepared = prepared.filter { $0.key >= after - 1 }
    let hasFilmJerk = moment.hidesCamera {
      [after - 1, after + 1].compactMap { self.moment(endingWith: $0) }
    }
    return (moment, hasFilmJerk)
  }

  private mutating func moment(endingWith after: Int) -> FilmMoment? {
    guard after > 0, after < film.count else { return nil }
    if let known = prepared[after] { return known }
    let (a, b) = (film[after - 1], film[after])
    let made = FilmMoment(from: (a.seconds, a.plane), to: (b.seconds, b.plane))
    prepared[after] = .some(made)
    return made
  }
}
