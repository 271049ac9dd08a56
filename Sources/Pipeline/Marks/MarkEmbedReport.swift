import Marks
import MediaIO
public import SystemPackage

/// The document of `leaktrace mark embed --json`, see `docs/schema`.
public struct MarkEmbedReport: Sendable, Codable, Hashable {
  /// A file.
  public struct File: Sendable, Codable, Hashable {
    /// Name as it was given.
    public var path: String
    /// SHA-256 of the file.
    public var sha256: String
    /// Size in bytes.
    public var sizeBytes: Int64

    private enum CodingKeys: String, CodingKey {
      case path, sha256
      case sizeBytes = "size_bytes"
    }

    init(_ path: FilePath, _ identity: FileIdentity) {
      self.path = PathText(path).text
      sha256 = identity.sha256
      sizeBytes = identity.sizeBytes
    }
  }

  /// How the film was encoded.
  public struct Encoding: Sendable, Codable, Hashable {
    /// `h264`, `hevc`, `prores` or `ffv1`.
    public var codec: String
    /// Bits of a sample.
    public var bitDepth: Int
    /// Whether rounding was dithered.
    public var dithered: Bool
    /// Constant rate factor; missing for encoders that have none.
    public var quality: Int?

    private enum CodingKeys: String, CodingKey {
      case codec, dithered, quality
      case bitDepth = "bit_depth"
    }
  }

  /// How near the marked pictures are to the originals, before encoding.
  public struct Quality: Sendable, Codable, Hashable {
    /// Peak signal-to-noise ratio of the luma, in decibels.
    public var psnr: Double?
    /// Structural similarity of the luma.
    public var ssim: Double?
  }

  /// Name and version of the document's format.
  public var schema = "leaktrace.mark-embed/1"
  /// The program.
  public var tool = MarkDetectReport.Tool()
  /// The scheme.
  public var scheme = LFM1.name
  /// The original.
  public var source: File
  /// The marked film.
  public var output: File
  /// Identifier of the key.
  public var keyID: String
  /// The asset.
  public var asset: String
  /// What the mark says; missing for a variant.
  public var payload: MarkReport.Payload?
  /// Bits of the location; missing for a variant.
  public var locationBits: Int?
  /// Bits of the time; missing for a variant.
  public var timeBits: Int?
  /// `A` or `B`; missing for a mark.
  public var variant: String?
  /// Strength δ.
  public var strength: Double
  /// The encoder.
  public var encoding: Encoding
  /// What the mark does to the pictures.
  public var quality: Quality
  /// Pictures written.
  public var frames: Int
  /// Streams copied as they are.
  public var copiedStreams: Int
  /// Streams that the new container cannot hold.
  public var droppedStreams: [String]
  /// Whether the original ends before it should.
  public var isTruncated: Bool

  private enum CodingKeys: String, CodingKey {
    case schema, tool, scheme, source, output, asset, payload, variant, strength, encoding, quality
    case frames
    case keyID = "key_id"
    case locationBits = "location_bits"
    case timeBits = "time_bits"
    case copiedStreams = "copied_streams"
    case droppedStreams = "dropped_streams"
    case isTruncated = "truncated"
  }

  init(
    source: (FilePath, FileIdentity),
    target: (FilePath, FileIdentity),
    key: MarkKey,
    asset: String,
    content: MarkEmbedder.Content,
    strength: Double,
    settings: EncodingSettings,
    quality: PictureQuality,
    summary: FilmRewriter.Summary
  ) {
    self.source = File(source.0, source.1)
    output = File(target.0, target.1)
    keyID = key.id
    self.asset = asset
    switch content {
    case .mark(let said, let layout):
      payload = MarkReport.Payload(
        location: said.location,
        time: said.time,
        timeText: layout.timeBits == 16 ? MarkTime.text(said.time) : nil
      )
      (locationBits, timeBits) = (layout.locationBits, layout.timeBits)
    case .variant(let chosen): variant = chosen.rawValue
    }
    self.strength = strength
    let hasFactor = settings.codec == .h264 || settings.codec == .hevc
    encoding = Encoding(
      codec: settings.codec.rawValue,
      bitDepth: settings.bitDepth,
      dithered: settings.bitDepth == 8,
      quality: hasFactor ? settings.quality : nil
    )
    self.quality = Quality(
      psnr: quality.psnr.map(ReportNumber.logarithm),
      ssim: quality.ssim.map { ReportNumber.significant($0) }
    )
    frames = summary.frames
    copiedStreams = summary.copiedStreams
    droppedStreams = summary.droppedStreams
    isTruncated = summary.isTruncated
  }
}

/// The document of `leaktrace mark key create --json` and `mark key show --json`.
public struct MarkKeyReport: Sendable, Codable, Hashable {
  /// Name and version of the document's format.
  public var schema = "leaktrace.mark-key/1"
  /// The file.
  public var path: String
  /// Identifier of the key; its bytes are in the file alone.
  public var keyID: String

  private enum CodingKeys: String, CodingKey {
    case schema, path
    case keyID = "key_id"
  }

  /// A key and its file.
  public init(path: FilePath, keyID: String) {
    self.path = PathText(path).text
    self.keyID = keyID
  }
}
