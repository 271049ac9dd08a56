import AdDetection
import Fingerprinting
import Matching
import MediaIO
import VideoCore

/// What decoding a leak gave: its small planes on the disk, and the hashes of them.
struct DecodedLeak {
  /// The part of the frame that the small planes show.
  var window: PictureWindow
  var info: VideoInfo
  var tracks = QueryTracks()
  /// 160x90, every decoded frame.
  var small: FrameSpool
  /// Larger planes of whole frames, where ads are looked for.
  var detail: FrameSpool?
  /// Frames decoded for it.
  var frames = 0
  /// Second of the last frame.
  var end = 0.0
  var isTruncated = false
  /// Whether more has to be decoded where what was decoded explains too little.
  var isSparse = false
  /// The parts that were passed over; nil where none were.
  var unseen: UnseenLeakFrames?
}

/// Decodes leaks, or what of them has to be seen.
struct LeakDecoder {
  let threads: Int
  let flag: CancellationFlag

  /// Seconds from one larger plane to the next, for finding overlays.
  private static let detailInterval = 0.25

  /// Decodes a leak as ``DecodePlan`` has it, or all of it where it `isWhole`.
  ///
  /// It comes with larger planes for finding ads where it is `withDetail`; `progress` is told the
  /// fraction done. Of `everyFrame` of a long leak none is passed over, nor is its deblocking; of a
  /// leak that is decoded scantily all frames are passed over that can be spared.
  ///
  /// - Throws: `MediaError` where nothing can be decoded, ``PipelineError`` where the disk is full.
  func decode(
    _ media: any MediaSource,
    window: PictureWindow = .whole,
    withDetail: Bool,
    isWhole: Bool = false,
    density: DecodeDensity = .dense,
    everyFrame: Bool = false,
    progress: (Double) -> Void
  ) throws -> DecodedLeak {
    var reader = try media.video(options(.all, window: window))
    let duration = reader.info.duration?.seconds
    // Before the key frames are looked up: a reader that knows them seeks by them where times jump.
    let isLong = DecodePlan.isPartial(durationSeconds: duration, density: density)
    let detail = withDetail ? try detailSpool(of: reader.info) : nil
    var tried = 0
    if density == .scant, !everyFrame {
      reader = try media.video(options(.forwardFrames, window: window, detail: detail?.size))
      let trial = try SparingDecoding.mode(reader, durationSeconds: duration ?? 0)
      tried = trial.decodedFrames
      if trial.mode != .forwardFrames {
        reader = try media.video(options(trial.mode, window: window, detail: detail?.size))
      }
    } else if isLong || detail != nil {
      let mode: DecodeMode = isLong && !everyFrame ? .referenceFrames : .all
      reader = try media.video(options(mode, window: window, detail: detail?.size))
    }
    let plan =
      isWhole || everyFrame
      ? .full
      : try DecodePlan(durationSeconds: duration, density: density) {
        try reader.keyframeTimes()
      }
    var leak = DecodedLeak(
      window: window.snapped(to: reader.info.uprightSize),
      info: reader.info,
      small: try FrameSpool(flag: flag),
      detail: detail
    )
    for pass in plan.passes {
      let summary = try reader.read(from: pass.begin, to: pass.end) { frame in
        let seconds = frame.time.seconds
        guard pass.contains(seconds) else { return .continue }
        leak.tracks.append(frame.plane, at: seconds)
        try leak.small.append(frame.plane, at: seconds)
        if let plane = frame.detail { try detail?.append(plane, at: seconds) }
        if let duration, duration > 0 { progress(min(1, seconds / duration)) }
        return .continue
      }
      leak.frames += summary.decodedFrames
      leak.end = max(leak.end, summary.lastFrameSeconds ?? 0)
      // The last stretches of a film that ends early are empty: one complaint is enough.
      if summary.isTruncated { leak.isTruncated = true }
    }
    guard leak.frames > 0 else {
      throw MediaError(.damaged, "no frame of the video can be decoded")
    }
    leak.frames += tried
    leak.small.finish(duration: leak.isTruncated ? nil : duration)
    detail?.finish(duration: leak.isTruncated ? nil : duration)
    let gaps = plan.gaps(durationSeconds: leak.small.durationSeconds)
    leak.isSparse = plan.isSparse && !gaps.isEmpty
    if !gaps.isEmpty {
      let (window, size) = (leak.window, detail?.size)
      leak.unseen = try UnseenLeakFrames(
        media,
        gaps: gaps,
        small: leak.small,
        detail: detail,
        hasFewLooks: density == .scant,
        flag: flag
      ) { options($0, window: window, detail: size) }
    }
    return leak
  }

  private func detailSpool(of info: VideoInfo) throws -> FrameSpool {
    let shown = info.displaySize
    let aspect = Double(shown.width) / Double(max(1, shown.height))
    return try FrameSpool(size: AdDetector.workingSize(displayAspect: aspect), flag: flag)
  }

  private func options(
    _ mode: DecodeMode,
    window: PictureWindow,
    detail: FrameSize? = nil
  ) -> DecodeOptions {
    let flag = flag
    return DecodeOptions(
      planeSize: FrameSpool.planeSize,
      window: window,
      detail: detail.map { DetailPlanes(size: $0, leastInterval: Self.detailInterval) },
      mode: mode,
      threads: threads > 1 ? .frames(threads) : .single,
      skipLoopFilter: mode != .all,
      isCancelled: { flag.isCancelled }
    )
  }
}

extension DecodedLeak {
  /// Decodes more of some parts of a leak, and describes all that was decoded anew: sparsely, a
  /// stretch in the middle of each forty seconds, or densely, every other stretch of a dense plan.
  ///
  /// - Throws: `MediaError` where nothing can be decoded, ``PipelineError`` where the disk is full.
  mutating func add(_ parts: [Range<Double>], _ density: DecodeDensity) throws {
    guard let unseen else { return }
    let stretches: [Range<Double>]
    switch density {
    case .scant, .sparse: stretches = parts.flatMap(Self.middles)
    case .dense:
      let plan = DecodePlan(durationSeconds: small.durationSeconds) { [] }
      stretches = (plan.stretches ?? []).flatMap { stretch in
        parts.map { $0.clamped(to: stretch) }.filter { !$0.isEmpty }
      }
    }
    try unseen.fillGaps(in: stretches)
    isSparse = density == .sparse
    tracks = QueryTracks()
    var start = 0.0
    while start <= small.durationSeconds {
      for frame in try small.frames(from: start, to: start + Self.piece) {
        tracks.append(frame.plane, at: frame.seconds)
      }
      start += Self.piece
    }
  }

  /// A stretch in the middle of each piece of a part, the pieces being of one length.
  private static func middles(of part: Range<Double>) -> [Range<Double>] {
    let length = part.upperBound - part.lowerBound
    let count = max(1, (length / Self.pieceOfPart).rounded(.up))
    return (0..<Int(count)).map {
      let middle = part.lowerBound + length * (Double($0) + 0.5) / count
      return middle - Self.stretchOfPiece / 2..<middle + Self.stretchOfPiece / 2
    }
  }

  /// Seconds of a part of which a stretch is decoded, and the length of that.
  private static let (pieceOfPart, stretchOfPiece) = (40.0, 10.0)

  /// The part of the frame that the picture fills, where bars take much of it.
  func framedPicture() throws -> PictureWindow? {
    var picture = FramedPicture()
    var (start, next) = (0.0, 0.0)
    let step = max(Self.leastStep, small.durationSeconds / Double(Self.mostLooks))
    while start <= small.durationSeconds {
      for frame in try small.frames(from: start, to: start + Self.piece) where frame.seconds >= next
      {
        picture.add(frame.plane)
        next = frame.seconds + step
      }
      start += Self.piece
    }
    return picture.window()
  }

  /// Seconds of planes that are held at once, seconds between looks, and looks at most.
  private static let (piece, leastStep, mostLooks) = (8.0, 0.25, 400)
}
