import Fingerprinting
import Foundation
import ReferenceLibrary
import SystemPackage
import VideoCore

/// Puts made films into a real library, as the import of films does after decoding them.
struct LibraryWriter {
  let library: Library
  let maker: FilmMaker
  /// Pictures for all of them: a proxy that is linked, not copied.
  let proxy: FilePath

  /// Samples of a film: two hours.
  static let samples = 2 * 3600 * 4

  /// Adds made films until there are `count`.
  func write(_ count: Int) throws {
    let present = Set(try library.releases().map(\.metadata.title))
    for number in 0..<count {
      let title = Self.title(number)
      if present.contains(title) { continue }
      try add(maker.film(number, samples: Self.samples), title: title, number: number)
      if number % 100 == 99 { FileHandle.standardError.write(Data("\(number + 1) films\n".utf8)) }
    }
  }

  /// Adds a fingerprint under a title.
  func add(_ fingerprint: Fingerprint, title: String, number: Int) throws {
    let addition = try library.beginAdd(proxyExtension: "nut")
    try FileManager.default.linkItem(atPath: proxy.string, toPath: addition.proxyPath.string)
    let digits = String(number, radix: 16)
    _ = try library.commit(
      addition,
      metadata: ReleaseMetadata(title: title),
      media: MediaDescription(
        contentHash: "5ca1e" + String(repeating: "0", count: 59 - digits.count) + digits,
        sizeBytes: 8_000_000_000,
        durationSeconds: Double(fingerprint.count) / Motion1.samplesPerSecond,
        frameSize: FrameSize(width: 1920, height: 1080),
        frameRate: Rational(24, 1),
        videoCodec: "h264",
        container: "mov",
        originalFileName: Array("\(title).mp4".utf8),
        activeArea: FractionalRectangle(x: 0, y: 0, width: 1, height: 1)
      ),
      algorithm: fingerprint.algorithm.rawValue,
      sections: [
        SegmentSection(code: "HASH", bytes: Self.littleEndian(fingerprint.words)),
        SegmentSection(code: "CORR", bytes: Self.littleEndian(fingerprint.corrections)),
        SegmentSection(code: "KEYS", bytes: Self.littleEndian(fingerprint.indexKeys)),
      ],
      addedAt: 1_790_000_000
    )
  }

  static func title(_ number: Int) -> String {
    let digits = String(number)
    return "Made film " + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
  }

  private static func littleEndian(_ values: [some FixedWidthInteger & BitwiseCopyable]) -> [UInt8]
  {
    values.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }
}
