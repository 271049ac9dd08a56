import Glibc
public import Marks
import Matching
import MediaIO
import SystemPackage
import VideoCore

/// What a leak says of marks and variants.
public struct LeakMarks: Sendable {
  /// The marks that were looked for, in the order of the request.
  public var marks: [MarkReport] = []
  /// What each of ``marks`` was made of.
  public var readings: [MarkReading] = []
  /// The variants; nil where no masters were given.
  public var variants: VariantsReport?
  /// Processor seconds of this thread that it took.
  public var seconds = 0.0
}

/// Reads marks and variants of one leak that was decoded in full and matched.
struct LeakMarkReader {
  let request: MarkRequest
  let threads: Int
  let flag: CancellationFlag

  /// What matching found of a release.
  struct Found {
    var match: ReleaseMatch
    var releaseID: String
    var title: String
    var film: any FrameSource
  }

  /// Reads what was asked for in the small planes of all frames of a leak.
  ///
  /// `found` is the release, where there is one; under `overlays` nothing counts.
  func read(
    _ leak: FrameSpool,
    _ found: Found?,
    overlays: OverlayCells
  ) throws -> LeakMarks {
    let began = Self.threadSeconds()
    var result = LeakMarks()
    var scanner = MarkScanner(flag: flag)
    if !overlays.isEmpty { scanner.excluded = { overlays.excluded(at: $0) } }
    let isLeft = found == nil && request.blind == nil && !request.needsRelease
    if !request.marks.isEmpty, !isLeft {
      let isBlind = found == nil || request.isBlind
      var shifts = [0.0]
      var observations = MarkScanner.Observations()
      if let found, !isBlind {
        observations = try scanner.observe(leak, found.match, film: found.film)
      } else if let blind = request.blind {
        guard let homography = Homography(unitSquareTo: blind.corners) else {
          throw PipelineError(.usage, code: "bad_corners", "the corners make no picture")
        }
        shifts = blind.shifts
        observations = try scanner.observeBlind(
          leak,
          homography: homography,
          start: blind.start,
          rate: blind.rate
        )
      } else {
        throw PipelineError(
          .input,
          code: "no_release",
          "the library has no release that this leak shows, and without one a mark is read only "
            + "blind; --blind does that"
        )
      }
      let releaseID = isBlind ? nil : found?.releaseID
      let flag = flag
      for mark in request.marks {
        var asked = mark
        asked.settings.shifts = shifts
        asked.settings.marks = request.marks.count
        let detector = MarkDetector(key: mark.key, asset: mark.asset, settings: asked.settings)
        let reading = detector.read(
          observations.modes,
          candidates: try mark.candidates?(found?.releaseID),
          isCancelled: { flag.isCancelled }
        )
        try flag.check()
        guard let reading else { continue }
        var report = MarkReport(
          reading,
          request: asked,
          method: isBlind ? .blind : .informed,
          ranges: observations.ranges
        )
        report.releaseID = releaseID
        report.title = isBlind ? nil : found?.title
        result.marks.append(report)
        result.readings.append(reading)
      }
    }
    if let (first, second) = request.variants {
      guard let found else {
        throw PipelineError(
          .input,
          code: "no_release",
          "the library has no release that this leak shows; add one of the masters, for its times"
        )
      }
      let paths = [first, second]
      let files = try paths.map { try FileIdentity(of: $0, flag: flag) }
      let masters = try paths.map { try master($0, for: found.match) }
      let readings = try scanner.variants(leak, found.match, masters[0], masters[1])
      let names = zip(paths, files).map {
        VariantsReport.Master(path: PathText($0).text, sha256: $1.sha256)
      }
      result.variants = VariantsReport(
        readings,
        first: names[0],
        second: names[1],
        releaseID: found.releaseID
      )
    }
    result.seconds = Self.threadSeconds() - began
    return result
  }

  /// The frames of a master that the leak may show, on the disk.
  private func master(_ path: FilePath, for match: ReleaseMatch) throws -> FrameSpool {
    let flag = flag
    let spool = try FrameSpool(flag: flag)
    let options = DecodeOptions(
      planeSize: FrameSpool.planeSize,
      threads: threads > 1 ? .frames(threads) : .single,
      isCancelled: { flag.isCancelled }
    )
    let reader = try VideoReader(path, options: options)
    let start = match.segments.map(\.referenceStart).min() ?? 0
    let end = match.segments.map(\.referenceEnd).max() ?? 0
    try reader.read(from: max(0, start - 1), to: end + 1) { frame in
      try spool.append(frame.plane, at: frame.time.seconds)
      return .continue
    }
    spool.finish(duration: reader.info.duration?.seconds)
    return spool
  }

  /// Processor time of the calling thread.
  private static func threadSeconds() -> Double {
    var time = timespec()
    _ = unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// Cells that ads and overlays cover.
struct OverlayCells {
  private struct Cover {
    var start: Double
    var end: Double
    var boxes: [MatchReport.Box]
    var isWhole: Bool
  }

  private var covers: [Cover]

  var isEmpty: Bool { covers.isEmpty }

  init(ads: [MatchReport.Ad], overlays: [MatchReport.Overlay]) {
    covers =
      ads.map {
        Cover(start: $0.leakStart, end: $0.leakEnd, boxes: $0.boxes, isWhole: $0.fullFrame)
      }
      + overlays.map {
        Cover(start: $0.leakStart, end: $0.leakEnd, boxes: $0.boxes, isWhole: $0.fullFrame)
      }
  }

  /// The cells under a box at a second; nil where there are none.
  func excluded(at seconds: Double) -> [Bool]? {
    let own = covers.filter { $0.start - 0.1 <= seconds && seconds < $0.end + 0.1 }
    guard !own.isEmpty else { return nil }
    let (columns, rows) = (CellGrid.size.width, CellGrid.size.height)
    var result = [Bool](repeating: false, count: CellGrid.count)
    for cover in own {
      if cover.isWhole { return Array(repeating: true, count: CellGrid.count) }
      // The box of the moment: the last that was measured before it.
      guard let box = cover.boxes.last(where: { $0.t <= seconds + 0.1 }) ?? cover.boxes.first else {
        continue
      }
      let left = max(0, Int((box.x * Double(columns)).rounded(.down)))
      let right = min(columns - 1, Int(((box.x + box.w) * Double(columns)).rounded(.down)))
      let top = max(0, Int((box.y * Double(rows)).rounded(.down)))
      let bottom = min(rows - 1, Int(((box.y + box.h) * Double(rows)).rounded(.down)))
      guard left <= right, top <= bottom else { continue }
      for row in top...bottom {
        for column in left...right { result[row * columns + column] = true }
      }
    }
    return result
  }
}

extension Homography {
  /// The map of the unit square onto four corners, from the upper left one clockwise; nil where they
  /// make no convex picture.
  ///
  /// - Source: Heckbert: "Fundamentals of texture mapping and image warping", 1989, section 2.2.3.
  init?(unitSquareTo corners: [SIMD2<Double>]) {
    guard corners.count == 4 else { return nil }
    for i in 0..<4 {
      let (a, b, c) = (corners[i], corners[(i + 1) % 4], corners[(i + 2) % 4])
      guard (b.x - a.x) * (c.y - b.y) - (b.y - a.y) * (c.x - b.x) > 1e-6 else { return nil }
    }
    let sum = corners[0] - corners[1] + corners[2] - corners[3]
    let one = corners[1] - corners[2]
    let two = corners[3] - corners[2]
    let determinant = one.x * two.y - two.x * one.y
    let g = (sum.x * two.y - two.x * sum.y) / determinant
    let h = (one.x * sum.y - sum.x * one.y) / determinant
    let right = corners[1] - corners[0] + g * corners[1]
    let down = corners[3] - corners[0] + h * corners[3]
    self.init([right.x, down.x, corners[0].x, right.y, down.y, corners[0].y, g, h, 1])
  }
}
