import AdDetection
import AdRecognition
import Captures
public import Casebook
import Fingerprinting
public import Isolation
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
  private let marks: MarkRequest?
  private let threads: Int
  private let isolation: IsolationPolicy
  private let effort: Effort
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
  ///   - marks: Which mark or variants are read; nil for none.
  ///   - threads: For the decoder of the leak.
  ///   - isolation: How the processes that parse and decode leaks are kept in check.
  ///   - effort: How much is spent on a leak.
  ///   - flag: Stops the work.
  /// - Throws: ``PipelineError`` where the library is damaged.
  public init(
    _ store: ReferenceStore?,
    ads: AdCatalogue? = nil,
    marks: MarkRequest? = nil,
    threads: Int,
    isolation: IsolationPolicy = IsolationPolicy(),
    effort: Effort = .standard,
    flag: CancellationFlag
  ) throws(PipelineError) {
    if let store {
      references = try LibraryReferences(store.library, flag: flag)
    } else {
      references = nil
    }
    self.ads = ads
    self.marks = marks
    self.threads = threads
    self.isolation = isolation
    self.effort = effort
    depth = effort == .thorough ? .thorough : .automatic
    self.flag = flag
  }

  /// Releases that cannot be compared with, because another program's algorithm made them.
  public var skippedReleases: [ReferenceRecord] {
    references?.skippedReleases.map(ReferenceRecord.init) ?? []
  }

  /// What became of one leak.
  public struct Result: Sendable {
    /// The report, without its failure.
    public var report: MatchReport
    /// The ads for the casebook; nil where none were looked for.
    public var record: AdRecord?
    /// Mark and variants; nil where none were asked for.
    public var marks: LeakMarks?
    /// What tells the recording from others, for each release that the leak shows.
    public var captures: [CaptureEntry] = []
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
    report.effort = effort
    report.leak.sha256 = identity.sha256
    report.leak.sizeBytes = identity.sizeBytes

    let flag = flag
    let media = try MediaWorker(path, policy: isolation) { flag.isCancelled }
    let decoder = LeakDecoder(threads: threads, flag: flag)
    let share = ads == nil ? Self.decodingShare : Self.decodingShareWithAds
    // Of an unknown film all has to be seen: there is nothing to tell the ads in a part by.
    let isWhole = effort == .thorough || (ads != nil && references == nil)
    let decoded = try decoder.decode(
      media,
      withDetail: ads != nil,
      isWhole: isWhole,
      density: density,
      everyFrame: marks != nil
    ) {
      progress(Self.hashingShare + $0 * share)
    }
    let info = decoded.info
    report.leak.duration = ReportNumber.seconds(decoded.small.durationSeconds)
    report.leak.width = info.uprightSize.width
    report.leak.height = info.uprightSize.height
    report.leak.frameRate = info.frameRate.map { ReportNumber.seconds($0.value) }
    report.leak.videoCodec = info.codecName
    report.decodedFrames = decoded.frames

    var (found, sounds): ([ReleaseMatch], [[FilmMark]]) = ([], [])
    if let references {
      (found, sounds) = try match(media, decoded, decoder, in: references, &report)
      progress(Self.hashingShare + share + 0.1)
    }
    var record: AdRecord?
    var unread: MediaError?
    if let ads, let detail = decoded.detail {
      let scanner = AdScanner(
        catalogue: ads,
        threads: threads,
        isolation: isolation,
        flag: flag
      )
      let leak = AdScanner.Leak(
        media: media,
        info: info,
        detail: detail,
        small: decoded.small,
        unseen: decoded.unseen
      )
      let before = decoded.unseen?.decodedFrames ?? 0
      let scan = try scanner.scan(leak, films: films(of: found))
      report.decodedFrames += scan.decodedFrames + (decoded.unseen?.decodedFrames ?? 0) - before
      report.ads = scan.ads.ads.map { MatchReport.Ad($0, catalogue: ads) }
      report.overlays = scan.ads.overlays.map(MatchReport.Overlay.init)
      record = AdRecord(scan.ads.ads)
      unread = scan.textFailure
    }
    if ads != nil, let unseen = decoded.unseen {
      // Without ads a long leak's recording is measured by what matching decoded.
      let before = unseen.decodedFrames
      for match in found { try unseen.fillSmall(in: CaptureWitness.parts(of: match)) }
      report.decodedFrames += unseen.decodedFrames - before
    }
    // Few frames tell little of a camera's movement.
    let captures = effort == .quick ? [] : try captures(in: decoded, of: found, sounds: sounds)
    var read: LeakMarks?
    if let marks {
      let reader = LeakMarkReader(request: marks, threads: threads, flag: flag)
      let overlays = OverlayCells(ads: report.ads ?? [], overlays: report.overlays ?? [])
      read = try reader.read(decoded.small, try marked(of: found, marks), overlays: overlays)
      report.marks = read.map(\.marks)
    }
    report.status = found.isEmpty ? .noMatch : .matched
    report.elapsedSeconds = ReportNumber.seconds((clock.now - began) / .seconds(1))
    progress(1)
    return Result(
      report: report,
      record: record,
      marks: read,
      captures: captures,
      complaint: Self.complaint(about: decoded, unread)
    )
  }

  /// How much of a leak is decoded before anything is known of it.
  private var density: DecodeDensity { effort == .quick ? .scant : .sparse }

  /// What of a leak was not examined.
  private static func complaint(about leak: DecodedLeak, _ unread: MediaError?) -> PipelineError? {
    if leak.isTruncated {
      return PipelineError(
        .input,
        code: "truncated",
        "the file is cut short; its picture up to \(ReportNumber.clock(leak.end)) was examined"
      )
    }
    return unread.map {
      PipelineError(.input, code: "text_unread", "some of its text could not be read: \($0)")
    }
  }

  /// The match that marks are read by: the best, or that of the release that was asked for.
  private func marked(
    of found: [ReleaseMatch],
    _ request: MarkRequest
  ) throws -> LeakMarkReader.Found? {
    guard let references else { return nil }
    let match = found.first {
      request.releaseID == nil || references.releases[$0.reference].id == request.releaseID
    }
    guard let match else { return nil }
    let release = references.releases[match.reference]
    return LeakMarkReader.Found(
      match: match,
      releaseID: release.id,
      title: release.metadata.title,
      film: try references.frames(of: match.reference)
    )
  }

  /// Names the releases that the leak shows and describes them in the report; tells what was heard in
  /// the room with each.
  private func match(
    _ media: any MediaSource,
    _ whole: DecodedLeak,
    _ decoder: LeakDecoder,
    in references: LibraryReferences,
    _ report: inout MatchReport
  ) throws -> ([ReleaseMatch], sounds: [[FilmMark]]) {
    var (outcome, window) = (MatchOutcome.nothing, PictureWindow.whole)
    if let picture = try whole.framedPicture() {
      // Between broad bars too little of the small planes is picture.
      let leak = try decoder.decode(
        media,
        window: picture,
        withDetail: false,
        density: density
      ) { _ in }
      report.decodedFrames += leak.frames
      outcome = try look(at: leak, in: references, &report)
      window = leak.window
    }
    if outcome.matches.isEmpty {
      let trials = outcome.trials
      outcome = try look(at: whole, in: references, &report, priorTrials: trials)
      window = .whole
    }
    let found = outcome.matches
    report.leak.picture = window == .whole ? nil : MatchReport.Picture(window)
    report.explanation = MatchReport.Explanation(outcome) { references.releases[$0] }
    report.matches = found.map {
      MatchReport.Match($0, in: window, of: references.releases[$0.reference]) {
        references.releases[$0].id
      }
    }
    report.sharedPassages = outcome.shared.map { passage in
      MatchReport.SharedPassage(passage) { references.releases[$0] }
    }
    guard !found.isEmpty else { return ([], []) }
    // The sound is heard on what the pictures named, and changes nothing about that.
    let witness = try SoundWitness(of: media, matches: found)
    var sounds: [[FilmMark]] = []
    for (index, match) in found.enumerated() {
      let landmarks = try references.soundLandmarks(of: match.reference)
      let testimony = witness.testimony(on: match, reference: landmarks)
      report.matches[index].audio = testimony.audio
      sounds.append(testimony.sounds)
    }
    return (found.map { $0.placed(in: window) }, sounds)
  }

  /// Matches what one decoding of the leak shows.
  private func look(
    at leak: DecodedLeak,
    in references: LibraryReferences,
    _ report: inout MatchReport,
    priorTrials: Int = 0
  ) throws -> MatchOutcome {
    var leak = leak
    func match(_ priorTrials: Int) throws -> MatchOutcome {
      try Matcher.match(
        leak.tracks,
        leak: leak.small,
        in: references,
        depth: depth,
        unseen: leak.unseen,
        mayWant: leak.isSparse,
        isCoarse: effort == .quick,
        priorTrials: priorTrials
      )
    }
    var outcome = try match(priorTrials)
    let next: [DecodeDensity] = effort == .quick ? [.sparse] : [.sparse, .dense]
    for density in next where !outcome.wanted.isEmpty {
      let wanted = outcome.wanted.reduce(0) { $0 + $1.upperBound - $1.lowerBound }
      // Where most is unknown, a second sparse look would hardly be the last.
      if next.last != density, 2 * wanted > leak.small.durationSeconds { continue }
      try leak.add(outcome.wanted, density)
      outcome = try match(outcome.trials)
    }
    report.decodedFrames += leak.unseen?.decodedFrames ?? 0
    return outcome
  }

  /// How the recording was made, seen against each film that was found.
  private func captures(
    in leak: DecodedLeak,
    of found: [ReleaseMatch],
    sounds: [[FilmMark]]
  ) throws -> [CaptureEntry] {
    guard let references else { return [] }
    return try zip(found, sounds).compactMap { match, sounds in
      let witness = CaptureWitness(
        leak: leak.small,
        film: try references.frames(of: match.reference),
        flag: flag
      )
      let signature = try witness.signature(of: match, sounds: sounds)
      guard let first = signature.samples.first, let last = signature.samples.last else {
        return nil
      }
      return CaptureEntry(
        releaseID: references.releases[match.reference].id,
        startSeconds: Double(first.index) / CaptureSignature.rate,
        endSeconds: Double(last.index) / CaptureSignature.rate,
        seconds: signature.seconds,
        signature: signature.encoded
      )
    }
  }

  /// What is known of the films beneath the ads: the best match of each work.
  private func films(of found: [ReleaseMatch]) -> [AdScanner.Film] {
    guard let references else { return [] }
    var works: Set<Int> = []
    let best = found.filter { works.insert(references.work(of: $0.reference)).inserted }
    let frames = references.fullFrames(of: best.map(\.reference))
    return zip(best, frames).map { AdScanner.Film(match: $0, pictures: $1) }
  }
}
