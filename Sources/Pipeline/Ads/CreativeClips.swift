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
    let hashes: [FrameHash]
    let moves: [Bool]
  }

  /// Most bits that a copy's hashes differ in on average; unrelated ones differ in more than 100.
  private static let mostBits = 64.0
  /// Least samples with motion that must agree, a quarter of a second apart.
  private static let leastSamples = 8
  /// Most samples of one clip: half an hour, the longest that the catalogue takes.
  private static let mostSamples = 7200
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
        let count = min(mostSamples, corrections.count)
        return Clip(
          brand: brand,
          hashes: (0..<count).map { i in
            FrameHash(
              words: SIMD4(words[4 * i], words[4 * i + 1], words[4 * i + 2], words[4 * i + 3])
            )
          },
          moves: (0..<count).map { corrections[$0] != Fingerprint.still }
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
      let samples = (0..<count).map { track.sample(at: start + phase + Double($0) * step) }
      for clip in clips {
        let bits = Self.leastBits(samples, clip)
        if bits <= min(Self.mostBits, best?.bits ?? .infinity) { best = (clip.brand, bits) }
      }
    }
    return best?.brand
  }

  /// The least mean distance over all ways to lay one beside the other.
  private static func leastBits(_ samples: [DescriptorTrack.Sample?], _ clip: Clip) -> Double {
    var least = Double.infinity
    let reach = samples.count - leastSamples
    guard reach >= 0, clip.hashes.count >= leastSamples else { return least }
    for offset in -reach...(clip.hashes.count - leastSamples) {
      var (sum, count) = (0, 0)
      for i in max(0, -offset)..<min(samples.count, clip.hashes.count - offset) {
        guard let sample = samples[i], sample.motion >= 0.5, clip.moves[i + offset] else {
          continue
        }
        sum += sample.hash.distance(to: clip.hashes[i + offset])
        count += 1
      }
      if count >= leastSamples { least = min(least, Double(sum) / Double(count)) }
    }
    return least
  }
}
