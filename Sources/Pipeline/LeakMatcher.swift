import Fingerprinting
import Matching
import MediaIO
import ReferenceLibrary
public import SystemPackage
import VideoCore

/// Finds the releases of a library in leaks.
///
/// Belongs to one thread; several may share one store. Memory does not grow with the leak: its
/// small planes go to a temporary file.
public final class LeakMatcher {
  private let references: LibraryReferences
  private let threads: Int
  private let depth: SearchDepth
  private let flag: CancellationFlag

  /// Part of the progress that goes to the SHA-256, and to decoding; the rest is matching.
  private static let hashingShare = 0.05
  private static let decodingShare = 0.75

  /// Maps the library's fingerprints; `threads` is for the decoder of the leak, and a thorough
  /// search looks at every sample of every reference.
  ///
  /// - Throws: ``PipelineError`` where the library is damaged.
  public init(
    _ store: ReferenceStore,
    threads: Int,
    isThorough: Bool = false,
    flag: CancellationFlag
  ) throws(PipelineError) {
    references = try LibraryReferences(store.library, flag: flag)
    self.threads = threads
    depth = isThorough ? .thorough : .automatic
    self.flag = flag
  }

  /// Releases that cannot be compared with, because another program's algorithm made them.
  public var skippedReleases: [ReferenceRecord] {
    references.skippedReleases.map(ReferenceRecord.init)
  }

  /// What became of one leak.
  public struct Result: Sendable {
    /// The report, without its failure.
    public var report: MatchReport
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
    let decoded = try decode(path, into: &tracks, spool) {
      progress(Self.hashingShare + $0 * Self.decodingShare)
    }
    let info = decoded.info
    report.leak.duration = ReportNumber.seconds(spool.durationSeconds)
    report.leak.width = info.uprightSize.width
    report.leak.height = info.uprightSize.height
    report.leak.frameRate = info.frameRate.map { ReportNumber.seconds($0.value) }
    report.leak.videoCodec = info.codecName
    report.decodedFrames = decoded.frames

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
    if !found.isEmpty {
      // The sound is heard on what the pictures named, and changes nothing about that.
      let witness = try SoundWitness(of: path, matches: found, flag: flag)
      for (index, match) in found.enumerated() {
        let landmarks = try references.soundLandmarks(of: match.reference)
        report.matches[index].audio = witness.testimony(on: match, reference: landmarks)
      }
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
    return Result(report: report, complaint: complaint)
  }

  /// What decoding a leak gave, besides its planes.
  private struct Decoded {
    var info: VideoInfo
    var frames = 0
    var end = 0.0
    var isTruncated = false
    /// Whether parts of the leak were passed over.
    var isPartial = false
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
    if DecodePlan.isPartial(durationSeconds: duration) {
      reader = try VideoReader(path, options: decodeOptions(.referenceFrames))
    }
    let plan = try DecodePlan(durationSeconds: duration) { try reader.keyframeTimes() }
    var decoded = Decoded(info: reader.info, isPartial: plan.stretches != nil)
    for pass in plan.passes {
      let summary = try reader.read(from: pass.begin, to: pass.end) { frame in
        let seconds = frame.time.seconds
        guard pass.contains(seconds) else { return .continue }
        tracks.append(frame.plane, at: seconds)
        try spool.append(frame.plane, at: seconds)
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
    return decoded
  }

  private func decodeOptions(_ mode: DecodeMode) -> DecodeOptions {
    let flag = flag
    return DecodeOptions(
      planeSize: FrameSpool.planeSize,
      mode: mode,
      threads: threads > 1 ? .frames(threads) : .single,
      skipLoopFilter: mode == .referenceFrames,
      isCancelled: { flag.isCancelled }
    )
  }
}
