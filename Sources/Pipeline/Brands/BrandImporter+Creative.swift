import Casebook
import Fingerprinting
import MediaIO
import ReferenceLibrary
import SystemPackage
import VideoCore

extension BrandImporter {
  /// Longest clip; ads are shorter, and a film is none.
  static let longestCreativeSeconds = 1800.0

  /// The fingerprint of a clip, made and kept as that of a reference is: a segment file with the
  /// sections `HASH`, `CORR` and `KEYS`.
  func creative(_ path: FilePath) throws(PipelineError) -> (Brand.Creative, BrandFile) {
    let identity = try FileIdentity(of: path, flag: flag)
    let (fingerprint, seconds) = try fingerprint(path)
    let file = BrandFile(SegmentFile.encoded(fingerprint.segmentSections))
    let name = path.lastComponent.map { SafeText.of(FilePath(root: nil, [$0])) } ?? "clip"
    return (
      Brand.Creative(
        name: String(name.prefix(200)),
        sourceDigest: identity.sha256,
        durationSeconds: seconds,
        digest: file.digest
      ), file
    )
  }

  private func fingerprint(_ path: FilePath) throws(PipelineError) -> (Fingerprint, Double) {
    do {
      return try decoded(path)
    } catch {
      throw PipelineError(error)
    }
  }

  private func decoded(_ path: FilePath) throws -> (Fingerprint, Double) {
    var area = PictureArea()
    let looker = try VideoReader(path, options: options(.keyframes))
    try looker.read { frame in
      area.add(frame.plane)
      return frame.time.seconds < Self.longestCreativeSeconds ? .continue : .stop
    }
    var fingerprinter = ReferenceFingerprinter(window: area.window())
    let reader = try VideoReader(path, options: options(.all))
    var isTooLong = false
    let summary = try reader.read { frame in
      fingerprinter.append(frame.plane, at: frame.time.seconds)
      isTooLong = frame.time.seconds > Self.longestCreativeSeconds
      return isTooLong ? .stop : .continue
    }
    guard !isTooLong else {
      throw PipelineError(
        .input,
        code: "too_long",
        "the clip is longer than \(ReportNumber.clock(Self.longestCreativeSeconds))"
      )
    }
    guard !summary.isTruncated else {
      throw PipelineError(.input, code: "truncated", "the clip is cut short")
    }
    let fingerprint = fingerprinter.finish()
    guard fingerprint.count > 0 else {
      throw PipelineError(.input, code: "too_short", "the clip is shorter than a second")
    }
    return (fingerprint, max(reader.info.duration?.seconds ?? 0, summary.lastFrameSeconds ?? 0))
  }

  private func options(_ mode: DecodeMode) -> DecodeOptions {
    let flag = flag
    return DecodeOptions(
      planeSize: ReferenceImporter.planeSize,
      mode: mode,
      isCancelled: { flag.isCancelled }
    )
  }

  /// Whether the file is a fingerprint as ``creative(_:)`` makes them.
  static func isFingerprint(_ path: FilePath) -> Bool {
    guard let segment = try? SegmentFile(opening: path), segment.verify().isEmpty else {
      return false
    }
    let counts = try? segment.withSection("HASH", as: UInt64.self) { words in
      try segment.withSection("CORR", as: Int16.self) { corrections in
        try segment.withSection("KEYS", as: UInt32.self) { keys in
          (words.count, corrections.count, keys.count)
        }
      }
    }
    guard let counts else { return false }
    return counts.1 > 0 && counts.0 == 4 * counts.1 && counts.2 == counts.1
  }
}

extension Fingerprint {
  /// The sections of a segment file that hold the fingerprint.
  var segmentSections: [SegmentSection] {
    func littleEndian(_ values: [some FixedWidthInteger & BitwiseCopyable]) -> [UInt8] {
      let values = values.map(\.littleEndian)
      return unsafe values.withUnsafeBytes { unsafe Array($0) }
    }
    return [
      SegmentSection(code: "HASH", bytes: littleEndian(words)),
      SegmentSection(code: "CORR", bytes: littleEndian(corrections)),
      SegmentSection(code: "KEYS", bytes: littleEndian(indexKeys)),
    ]
  }
}
