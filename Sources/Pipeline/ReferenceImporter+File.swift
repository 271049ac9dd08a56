import AudioFingerprinting
import Fingerprinting
import MediaIO
import ReferenceLibrary
import SystemPackage
import VideoCore

extension ReferenceImporter {
  /// Part of the progress that goes to the SHA-256.
  private static let hashingShare = 0.05
  /// Name extension of proxies, that of their container.
  private static let proxyExtension = "nut"
  /// Key frames that are looked at for black bars.
  private static let areaLooks = 40

  /// Adds one file.
  func add(_ request: ImportRequest, progress: (Double) -> Void) throws -> ImportOutcome {
    let name = request.path.lastComponent?.stem ?? "untitled"
    let fallback = SafeText.of(FilePath(name))
    // Refused before an hour is spent on decoding.
    let metadata = try ReleaseMetadata(request.fields, fallbackTitle: fallback).validated()
    let identity = try FileIdentity(of: request.path, flag: flag) {
      progress($0 * Self.hashingShare)
    }
    if let release = try library.release(contentHash: identity.sha256),
      release.fingerprintAlgorithm == FingerprintAlgorithm.motion1.rawValue
    {
      return .alreadyPresent(
        ReferenceRecord(release),
        keptOtherMetadata: release.metadata != metadata
      )
    }
    let window = try pictureWindow(of: request.path)
    let addition = try library.beginAdd(proxyExtension: Self.proxyExtension)
    defer { addition.abandon() }
    let film = try decode(request.path, window: window, proxy: addition.proxyPath) {
      progress(Self.hashingShare + $0 * (1 - Self.hashingShare))
    }
    let flag = flag
    // Masters are the laboratory's own.
    let sound = try SoundTrack(of: TrustedMedia(request.path) { flag.isCancelled })
    try flag.check()
    let result = try library.commit(
      addition,
      metadata: metadata,
      media: description(of: request.path, identity, film, window),
      algorithm: film.fingerprint.algorithm.rawValue,
      sections: sections(of: film.fingerprint, sound),
      addedAt: options.addedAt
    )
    let record = ReferenceRecord(result.release)
    switch result.outcome {
    case .added: return .added(record)
    case .replaced: return .replaced(record)
    case .alreadyPresent:
      return .alreadyPresent(record, keptOtherMetadata: result.keptOtherMetadata)
    }
  }

  private func decodeOptions(_ mode: DecodeMode) -> DecodeOptions {
    let flag = flag
    return DecodeOptions(
      planeSize: Self.planeSize,
      mode: mode,
      threads: options.threads > 1 ? .frames(options.threads) : .single,
      isCancelled: { flag.isCancelled }
    )
  }

  /// The picture without its black bars, from key frames spread over the film: one or a few of a film
  /// without bars, for what reaches the edges once has none.
  private func pictureWindow(of path: FilePath) throws -> PictureWindow {
    let reader = try VideoReader(path, options: decodeOptions(.keyframes))
    var area = PictureArea()
    guard let duration = reader.info.duration?.seconds, duration > 0 else {
      // Without a length nothing can be spread; nor can such files seek.
      try reader.read { frame in
        area.add(frame.plane)
        return area.fillsFrame() ? .stop : .continue
      }
      return area.window()
    }
    let times = (0..<Self.areaLooks).map {
      (Double($0) + 0.5) / Double(Self.areaLooks) * duration
    }
    // Looks may fail: the full decode that follows judges the file, and says more.
    try reader.look(at: times) {
      area.add($0)
      return area.fillsFrame() ? .stop : .continue
    }
    return area.window()
  }

  /// What the one full decode gives.
  private struct Film {
    var info: VideoInfo
    var fingerprint: Fingerprint
    var durationSeconds: Double
  }

  private func decode(
    _ path: FilePath,
    window: PictureWindow,
    proxy: FilePath,
    progress: (Double) -> Void
  ) throws -> Film {
    let reader = try VideoReader(path, options: decodeOptions(.all))
    let stated = reader.info.duration?.seconds
    var fingerprinter = ReferenceFingerprinter(window: window)
    let writer = try Self.writing {
      try ProxyWriter(
        path: proxy,
        size: Self.planeSize,
        timeBase: reader.info.startTime.timeBase,
        frameRate: reader.info.frameRate
      )
    }
    let summary = try reader.read { frame in
      let seconds = frame.time.seconds
      fingerprinter.append(frame.plane, at: seconds)
      try Self.writing { try writer.append(frame.plane, at: frame.time) }
      if let stated, stated > 0 { progress(min(1, seconds / stated)) }
      return .continue
    }
    try Self.writing { try writer.finish() }
    let end = summary.lastFrameSeconds ?? 0
    if summary.isTruncated, !options.acceptsTruncated {
      let length = stated.flatMap { $0 > end ? " of \(ReportNumber.clock($0))" : nil } ?? ""
      throw PipelineError(
        .input,
        code: "truncated",
        "the file is cut short: its picture ends at \(ReportNumber.clock(end))\(length)"
      )
    }
    let fingerprint = fingerprinter.finish()
    guard fingerprint.count > 0 else {
      throw PipelineError(.input, code: "too_short", "the film is shorter than a second")
    }
    return Film(
      info: reader.info,
      fingerprint: fingerprint,
      durationSeconds: summary.isTruncated ? end : max(stated ?? 0, end)
    )
  }

  /// Writes to the library: what fails there is not the input's fault, and meets the next one, too.
  private static func writing<R>(_ body: () throws -> R) throws -> R {
    do {
      return try body()
    } catch let error as MediaError {
      throw PipelineError(
        .libraryUnusable,
        code: "library_io_error",
        "the library cannot be written to: \(error)"
      )
    }
  }

  private func description(
    of path: FilePath,
    _ identity: FileIdentity,
    _ film: Film,
    _ window: PictureWindow
  ) -> MediaDescription {
    let info = film.info
    let name = path.lastComponent.map { SafeText.bytes(of: FilePath(root: nil, [$0])) } ?? []
    return MediaDescription(
      contentHash: identity.sha256,
      sizeBytes: identity.sizeBytes,
      durationSeconds: film.durationSeconds,
      frameSize: info.uprightSize,
      frameRate: info.frameRate,
      videoCodec: info.codecName,
      container: info.containerName,
      originalFileName: name,
      activeArea: window.rectangle
    )
  }

  private func sections(of fingerprint: Fingerprint, _ sound: SoundTrack) -> [SegmentSection] {
    var sections = fingerprint.segmentSections
    if case .landmarks(let landmarks) = sound, !landmarks.isEmpty {
      sections.append(
        SegmentSection(
          code: LibraryReferences.soundSection,
          bytes: littleEndian(landmarks.encoded)
        )
      )
    }
    return sections
  }

  private func littleEndian(_ values: [some FixedWidthInteger & BitwiseCopyable]) -> [UInt8] {
    let values = values.map(\.littleEndian)
    return unsafe values.withUnsafeBytes { unsafe Array($0) }
  }
}

extension VideoInfo {
  /// Size of the upright picture in stored pixels: after rotation, before pixel aspect.
  var uprightSize: FrameSize {
    let isTurned = rotationDegrees % 180 != 0
    return isTurned ? FrameSize(width: codedSize.height, height: codedSize.width) : codedSize
  }
}
