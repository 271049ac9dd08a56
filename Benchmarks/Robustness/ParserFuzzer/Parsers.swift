import AudioFingerprinting
import Captures
import Casebook
import Glibc
import Isolation
import MediaIO
import Pipeline
import ReferenceLibrary
import Screenings
import Seats
import Settings
import SystemPackage
import TextReading
import VideoCore

/// The parsers of the project's own, each as a function that must come back whatever it is given.
enum Parsers {
  static let all: [String: ([UInt8]) -> Void] = [
    "screenings": { _ = try? ScreeningDocument.read($0) },
    "vendor-reports": { bytes in
      var options = VendorReport.Options()
      options.vendor = "Vendor"
      _ = try? VendorReport.read(bytes, options: options)
    },
    "seat-maps": { _ = try? SeatMap(csv: String(decoding: $0, as: UTF8.self)) },
    "settings": { _ = try? Settings(toml: String(decoding: $0, as: UTF8.self)) },
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
      switch kind % 6 {
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
      default: _ = try? reader.audioInfo()
      }
    },
    "fingerprint-files": { withFile($0) { _ = try? SegmentFile(opening: $0) } },
    "key-files": { withFile($0) { _ = try? MarkKeyFile.load($0) } },
    "brand-catalogues": { bytes in
      withFile(bytes) { path in
        let importer = BrandImporter(flag: CancellationFlag())
        _ = try? BrandCatalogue.read(path, importer: importer, addedAt: 0)
      }
    },
  ]

  /// Calls `body` with the name of a file that has the bytes; it is the same each time.
  private static func withFile(_ bytes: [UInt8], _ body: (FilePath) -> Void) {
    let path = FilePath("/dev/shm/leaktrace-fuzz-\(getpid())")
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
  }
}
