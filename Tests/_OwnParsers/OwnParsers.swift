import AudioFingerprinting
import Captures
import Casebook
import Crypto
import Glibc
import Intake
import Isolation
import MediaIO
import Pipeline
import ReferenceLibrary
import Screenings
import Seats
import Settings
import SystemPackage
import TextEngine
import TextReading
import VideoCore

/// The parsers of the project's own, each as a function that must come back whatever it is given.
///
/// Seeds for each lie in a folder of its name in `Benchmarks/Robustness/Corpus`.
public enum OwnParsers {
  /// Reads bytes; what they mean is dropped.
  public typealias Parser = @Sendable ([UInt8]) -> Void

  /// The parsers by name.
  public static let all: [String: Parser] = [
    "screenings": { _ = try? ScreeningDocument.read($0) },
    "vendor-reports": { bytes in
      var options = VendorReport.Options()
      options.vendor = "Vendor"
      _ = try? VendorReport.read(bytes, options: options)
    },
    "seat-maps": { _ = try? SeatMap(csv: String(decoding: $0, as: UTF8.self)) },
    "settings": { _ = try? Settings(toml: String(decoding: $0, as: UTF8.self)) },
    "path-lists": { _ = PathList.paths(in: $0) },
    "mount-tables": { _ = FileSystemKind.kinds(in: String(decoding: $0, as: UTF8.self)) },
    "identifiers": { bytes in
      let text = String(decoding: bytes, as: UTF8.self)
      var metadata = ReleaseMetadata(title: text)
      _ = try? metadata.validated()
      metadata.title = "Film"
      for field in [\ReleaseMetadata.eidr, \.isan, \.cplID, \.releaseDate, \.aspectRatio] {
        metadata[keyPath: field] = text
        _ = try? metadata.validated()
        metadata[keyPath: field] = nil
      }
      _ = ReportTime.seconds(text)
      _ = MarkTime.step(text)
    },
    "release-lists": { withFile($0) { _ = try? ReferenceManifest($0, defaults: [:]) } },
    "release-names": { _ = ReleaseName(fileName: $0) },
    "patterns": { bytes in
      let halves = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 1)
      guard let first = halves.first, let pattern = try? BoundedPattern(String(first)) else {
        return
      }
      _ = pattern.matches(halves.count > 1 ? String(halves[1]) : "azart-777.example")
    },
    "indicators": { bytes in
      let characters = String(decoding: bytes.prefix(400), as: UTF8.self).filter { $0 != " " }
        .map { RecognizedCharacter($0, confidence: 0.9) }
      guard !characters.isEmpty else { return }
      let box = TextBox(x: 0, y: 0, width: 1, height: 1)
      let line = RecognizedLine(words: [RecognizedWord(characters: characters, box: box)])
      _ = IndicatorExtractor.indicators(in: line)
    },
    "capture-signatures": { _ = CaptureSignature(encoded: $0) },
    "sound-landmarks": { bytes in
      let words = stride(from: 0, to: bytes.count & ~3, by: 4).map { place in
        (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << (8 * $1) }
      }
      _ = SoundLandmarks(encoded: words.span)
    },
    "logos": { _ = try? PNGPicture($0) },
    "worker-messages": { bytes in
      guard let kind = bytes.first else { return }
      var reader = WireReader(bytes.dropFirst())
      switch kind % 7 {
      case 0: _ = try? reader.videoInfo()
      case 1:
        let size = FrameSize(width: 4, height: 3)
        let options = DecodeOptions(
          planeSize: size,
          detail: DetailPlanes(size: size, leastInterval: 0)
        )
        var frame = ReducedFrame(planeSize: size)
        _ = try? reader.summary()
        try? reader.read(into: &frame, options)
      case 2: _ = try? reader.mediaError()
      case 3: _ = try? reader.samples(from: 0)
      case 4: _ = try? reader.options { false }
      case 5:
        guard let symbols = try? reader.symbols() else { return }
        _ = TextReader.lines(of: symbols, size: FrameSize(width: 640, height: 48))
      default: _ = try? reader.audioInfo()
      }
    },
    "fingerprint-files": { bytes in
      withFile(mendedSegment(bytes)) { path in
        guard let file = try? SegmentFile(opening: path) else { return }
        _ = file.verify()
        _ = try? file.withSection("HASH", as: UInt64.self) { $0.count }
        _ = try? file.withSection("CORR", as: Int16.self) { $0.count }
        _ = try? file.withSection("AUDI", as: UInt32.self) { SoundLandmarks(encoded: $0) }
      }
    },
    "key-files": { withFile($0) { _ = try? MarkKeyFile.load($0) } },
    "brand-catalogues": { bytes in
      withFile(bytes) { path in
        let importer = BrandImporter(flag: CancellationFlag())
        _ = try? BrandCatalogue.read(path, importer: importer, addedAt: 0)
      }
    },
  ]

  /// A segment file whose head has the right magic, size and digest, so that what lies behind their
  /// check is reached as well.
  private static func mendedSegment(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= 64 else { return bytes }
    var file = bytes
    file.replaceSubrange(0..<8, with: [0x89, 0x4C, 0x54, 0x46, 0x0D, 0x0A, 0x1A, 0x0A])
    let size = (0..<8).map { UInt8(truncatingIfNeeded: file.count >> (8 * $0)) }
    file.replaceSubrange(16..<24, with: size)
    let end = 64 + 64 * Int(file[12])
    guard end <= file.count else { return file }
    let digest = SHA256.hash(data: file[..<32] + file[64..<end])
    file.replaceSubrange(32..<64, with: Array(digest))
    return file
  }

  /// Calls `body` with the name of a file that has the bytes, one for each thread.
  private static func withFile(_ bytes: [UInt8], _ body: (FilePath) -> Void) {
    let path = FilePath("/dev/shm/leaktrace-parsers-\(getpid())-\(pthread_self())")
    guard
      let file = try? FileDescriptor.open(
        path,
        .writeOnly,
        options: [.create, .truncate],
        permissions: [.ownerReadWrite]
      )
    else { abort() }
    _ = try? file.writeAll(bytes)
    try? file.close()
    body(path)
    unlink(path.string)
  }
}
