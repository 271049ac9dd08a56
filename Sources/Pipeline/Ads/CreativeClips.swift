import AdDetection
import Casebook
import Fingerprinting
import FrameKernels
import ReferenceLibrary
import VideoCore

/// The clips of the catalogue's brands, to recognise inserted clips by their motion.
///
/// A clip that was inserted after the capture is a plain copy, without a camera between: its hashes
/// differ in few bits, where those of a recording differ in a third of them.
struct CreativeClips: Sendable {
  private struct Clip: Sendable {
    let brand: String
    /// A hash for each sample; nil where nothing moves.
    let hashes: [FrameHash?]
  }

  /// Most samples of one clip: half an hour, the longest that the catalogue takes.
  private static let mostSamples = 7200
  /// Least motion of a sample whose hash says something.
  private static let leastMotion: Float = 0.5
  /// Between two samples of the catalogue's clip a frame of the leak may lie anywhere.
  private static let phases = [0.0, 0.0625, 0.125, 0.1875]

  private let clips: [Clip]

  /// Reads the fingerprints of all brands' clips.
  init(of brands: [Brand], in casebook: Casebook?) throws {
    clips = try brands.flatMap { brand in
      try brand.creatives.compactMap { creative in
        guard let path = try casebook?.brandFilePath(creative.digest) else { return nil }
        return try Self.clip(try SegmentFile(opening: path), of: brand.id)
      }
    }
  }

  private static func clip(_ file: SegmentFile, of brand: String) throws -> Clip? {
    try file.withSection("HASH", as: UInt64.self) { words in
      try file.withSection("CORR", as: Int16.self) { corrections in
        guard words.count == 4 * corrections.count else { return nil }
        return Clip(
          brand: brand,
          hashes: Fingerprint.hashes(words, corrections, most: mostSamples)
        )
      }
    }
  }

  var isEmpty: Bool { clips.isEmpty }

  /// The brand whose clip a stretch of a leak shows; nil where it shows none.
  func brand(of pictures: [TimedPicture]) -> String? {
    guard !clips.isEmpty, let first = pictures.first, let last = pictures.last else { return nil }
    var describer = FrameDescriber()
    var track = DescriptorTrack()
    for picture in pictures where track.times.last.map({ $0 < picture.seconds }) ?? true {
      track.append(describer.describe(picture.plane).upright, at: picture.seconds)
    }
    let step = 1 / Motion1.samplesPerSecond
    let start = first.seconds + Motion1.halfSpanSeconds
    let count = min(
      Self.mostSamples,
      Int(max(0, last.seconds - Motion1.halfSpanSeconds - start) / step)
    )
    var best: (brand: String, bits: Double)?
    for phase in Self.phases {
      let samples = (0..<count).map { index -> FrameHash? in
        let sample = track.sample(at: start + phase + Double(index) * step)
        return sample.flatMap { $0.motion >= Self.leastMotion ? $0.hash : nil }
      }
      for clip in clips {
        guard let alignment = CopyAlignment(of: samples, on: clip.hashes), alignment.isCopy,
          alignment.bits < best?.bits ?? .infinity
        else { continue }
        best = (clip.brand, alignment.bits)
      }
    }
    return best?.brand
  }
}
