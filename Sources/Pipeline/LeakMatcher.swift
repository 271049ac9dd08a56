import AdDetection
import AdRecognition
import Fingerprinting
import Matching
import MediaIO
import ReferenceLibrary
public import SystemPackage
import VideoCore

/// Finds the releases of a library in leaks, and the ads that were burned into them.
///
/// Belongs to one thread; several may share one store. Memory does not grow with the leak: its
/// small planes go to a temporary file.
public final class LeakMatcher {
  private let references: LibraryReferences?
  private let ads: AdCatalogue?
  private let threads: Int
  private let depth: SearchDepth
  private let flag: CancellationFlag

  /// Part of the progress that goes to the SHA-256, and to decoding; the rest is matching.
  private static let hashingShare = 0.05
  private static let decodingShare = 0.75
  /// The same where ads are looked for.
  private static let decodingShareWithAds = 0.35

  /// Maps the library's fingerprints.
  ///
  /// - Parameters:
  ///   - store: The library; nil to look for ads without knowing any film.
  ///   - ads: What ads are recognised by; nil to leave them alone.
  ///   - threads: For the decoder of the leak.
  ///   - isThorough: Whether every sample of every reference is looked at.
  ///   - flag: Stops the work.
  /// - Throws: ``PipelineError`` where the library is damaged.
  public init(
    _ store: ReferenceStore?,
    ads: AdCatalogue? = nil,
    threads: Int,
    isThorough: Bool = false,
    flag: CancellationFlag
  ) throws(PipelineError) {
    if let store {
      references = try LibraryReferences(store.library, flag: flag)
    } else {
      references = nil
    }
    self.ads = ads
    self.threads = threads
    depth = isThorough ? .thorough : .automatic
    self.flag = flag
  }

  /// Releases that cannot be compared with, because another program's algorithm made them.
  public var skippedReleases: [ReferenceRecord] {
    references?.skippedReleases.map(ReferenceRecord.init) ?? []
  }

  /// Seconds from one larger plane to the next, for finding overlays.
  private static let detailInterval = 0.25

  /// What became of one leak.
  public struct Result: Sendable {
    /// The report, without its failure.
    public var report: MatchReport
    /// The ads for the casebook; nil where none were looked for.
    public var record: AdRecord?
    /// What is wrong with a file that could be examined all the same; nil where nothing is.
    public var complaint: PipelineError?
  }

  /// Examines one leak; `progress` is told the fraction done.
  ///
  /// - Throws: ``PipelineError`` where the file cannot be read, where the library is damaged, and
  ///   where someone asked to stop.
  public func match(
    _ path: FilePath,
    progress: (Double) -> Void
  ) throws(PipelineError) -> Result {
    do {
      return try examine(path, progress)
    } catch {
      throw PipelineError(error)
    }
  }

  private func examine(_ path: FilePath, _ progress: (Double) -> Void) throws -> Result {
    let clock = ContinuousClock()
    let began = clock.now
    var report = MatchReport(path: path, status: .noMatch)
    let identity = try FileIdentity(of: path, flag: flag) { progress($0 * Self.hashingShare) }
    report.leak.sha256 = identity.sha256
    report.leak.sizeBytes = identity.sizeBytes

    var tracks = QueryTracks()
    let spool = try FrameSpool(flag: flag)
    let share = ads == nil ? Self.decodingShare : Self.decodingShareWithAds
    let decoded = try decode(path, into: &tracks, spool) {
      progress(Self.hashingShare + $0 * share)
    }
    let info = decoded.info
    report.leak.duration = ReportNumber.seconds(spool.durationSeconds)
    report.leak.width = info.uprightSize.width
    report.leak.height = info.uprightSize.height
    report.leak.frameRate = info.frameRate.map { ReportNumber.seconds($0.value) }
    report.leak.videoCodec = info.codecName
    report.decodedFrames = decoded.frames

    var found: [ReleaseMatch] = []
    if let references {
      found = try match(path, decoded, tracks, spool, in: references, &report)
      progress(Self.hashingShare + share + 0.1)
    }
    var record: AdRecord?
    if let ads, let detail = decoded.detail {
      let scanner = AdScanner(catalogue: ads, threads: threads, flag: flag)
      let leak = AdScanner.Leak(path: path, info: info, detail: detail, small: spool)
      let scan = try scanner.scan(leak, film: try film(of: found))
      report.decodedFrames += scan.decodedFrames
      report.ads = scan.ads.ads.map { MatchReport.Ad($0, catalogue: ads) }
      report.overlays = scan.ads.overlays.map(MatchReport.Overlay.init)
      record = AdRecord(scan.ads.ads)
    }
    report.status = found.isEmpty ? .noMatch : .matched
    report.elapsedSeconds = ReportNumber.seconds((clock.now - began) / .seconds(1))
    progress(1)
    let complaint =
      decoded.isTruncated
      ? PipelineError(
        .input,
        code: "truncated",
        "the file is cut short; its picture up to \(ReportNumber.clock(decoded.end)) was examined"
      ) : nil
    return Result(report: report, record: record, complaint: complaint)
  }

  /// Names the releases that the leak shows and describes them in the report.
  private func match(
    _ path: FilePath,
    _ decoded: Decoded,
    _ tracks: QueryTracks,
    _ spool: FrameSpool,
    in references: LibraryReferences,
    _ report: inout MatchReport
  ) throws -> [ReleaseMatch] {
    let unseen = try UnseenLeakFrames(path, spool, isPartial: decoded.isPartial) {
      self.decodeOptions($0)
    }
    let outcome = try Matcher.match(
      tracks,
      leak: spool,
      in: references,
      depth: depth,
      unseen: unseen
    )
    report.decodedFrames += unseen?.decodedFrames ?? 0
    let found = outcome.matches
    report.explanation = MatchReport.Explanation(outcome) { references.releases[$0] }
    report.matches = found.map {
      MatchReport.Match($0, of: references.releases[$0.reference]) {
        references.releases[$0].id
      }
    }
    report.sharedPassages = outcome.shared.map { passage in
      MatchReport.SharedPassage(passage) { references.releases[$0] }
    }
    guard !found.isEmpty else { return [] }
    // The sound is heard on what the pictures named, and changes nothing about that.
    let witness = try SoundWitness(of: path, matches: found, flag: flag)
    for (index, match) in found.enumerated() {
      let landmarks = try references.soundLandmarks(of: match.reference)
      report.matches[index].audio = witness.testimony(on: match, reference: landmarks)
    }
    return found
  }

  /// What is known of the film beneath the ads: the best match, and where others lie.
  private func film(of found: [ReleaseMatch]) throws -> AdScanner.Film? {
    guard let references, let best = found.first else { return nil }
    let work = references.work(of: best.reference)
    let others = found.dropFirst().filter { references.work(of: $0.reference) != work }
    return AdScanner.Film(
      match: best,
      pictures: try references.fullFrames(of: best.reference),
      otherStretches: others.flatMap(\.segments).map {
        $0.leakStart..<max($0.leakStart, $0.leakEnd)
      }
    )
  }

  /// What decoding a leak gave, besides its planes.
  private struct Decoded {
    var info: VideoInfo
    var frames = 0
    var end = 0.0
    var isTruncated = false
    /// Whether parts of the leak were passed over.
    var isPartial = false
    /// Larger planes, where ads are looked for.
    var detail: FrameSpool?
  }

  private func decode(
    _ path: FilePath,
    into tracks: inout QueryTracks,
    _ spool: FrameSpool,
    progress: (Double) -> Void
  ) throws -> Decoded {
    var reader = try VideoReader(path, options: decodeOptions(.all))
    let duration = reader.info.duration?.seconds
    // Before the key frames are looked up: a reader that knows them seeks by them where times jump.
    let isLong = DecodePlan.isPartial(durationSeconds: duration)
    let detail = try ads.map { _ in try detailSpool(of: reader.info) }
    if isLong || detail != nil {
      let mode: DecodeMode = isLong ? .referenceFrames : .all
      reader = try VideoReader(path, options: decodeOptions(mode, detail: detail?.size))
    }
    // An ad may be anywhere: where they are looked for, nothing is passed over.
    let plan =
      detail == nil
      ? try DecodePlan(durationSeconds: duration) { try reader.keyframeTimes() } : .full
    var decoded = Decoded(info: reader.info, isPartial: plan.stretches != nil, detail: detail)
    for pass in plan.passes {
      let summary = try reader.read(from: pass.begin, to: pass.end) { frame in
        let seconds = frame.time.seconds
        guard pass.contains(seconds) else { return .continue }
        tracks.append(frame.plane, at: seconds)
        try spool.append(frame.plane, at: seconds)
        if let plane = frame.detail { try detail?.append(plane, at: seconds) }
        if let duration, duration > 0 { progress(min(1, seconds / duration)) }
        return .continue
      }
      decoded.frames += summary.decodedFrames
      decoded.end = max(decoded.end, summary.lastFrameSeconds ?? 0)
      // The last stretches of a film that ends early are empty: one complaint is enough.
      if summary.isTruncated { decoded.isTruncated = true }
    }
    guard decoded.frames > 0 else {
      throw MediaError(.damaged, "no frame of the video can be decoded")
    }
    spool.finish(duration: decoded.isTruncated ? nil : duration)
    detail?.finish(duration: decoded.isTruncated ? nil : duration)
    return decoded
  }

  private func detailSpool(of info: VideoInfo) throws -> FrameSpool {
    let shown = info.displaySize
    let aspect = Double(shown.width) / Double(max(1, shown.height))
    return try FrameSpool(size: AdDetector.workingSize(displayAspect: aspect), flag: flag)
  }

  private func decodeOptions(_ mode: DecodeMode, detail: FrameSize? = nil) -> DecodeOptions {
    let flag = flag
    return DecodeOptions(
      planeSize: FrameSpool.planeSize,
      detail: detail.map { DetailPlanes(size: $0, leastInterval: Self.detailInterval) },
      mode: mode,
      threads: threads > 1 ? .frames(threads) : .single,
      skipLoopFilter: mode == .referenceFrames,
      isCancelled: { flag.isCancelled }
    )
  }
}
