import CFFmpeg

/// How a film is encoded anew.
public struct EncodingSettings: Sendable, Hashable {
  /// Encoders of libavcodec that films are written with.
  public enum Codec: String, Sendable, Hashable, CaseIterable {
    /// H.264 by x264.
    case h264
    /// HEVC by x265.
    case hevc
    /// Apple ProRes 422 HQ; always 10 bits and 4:2:2.
    case prores
    /// FFV1, without loss.
    case ffv1

    /// FFmpeg's name of the encoder.
    var encoderName: String {
      switch self {
      case .h264: "libx264"
      case .hevc: "libx265"
      case .prores: "prores_ks"
      case .ffv1: "ffv1"
      }
    }
  }

  /// The encoder.
  public var codec: Codec
  /// Bits of a sample, 8 or 10.
  public var bitDepth: Int
  /// Constant rate factor of x264 and x265, 0...51, smaller is better; the others do not know it.
  public var quality: Int
  /// Preset of x264 and x265.
  public var preset: String
  /// Threads of decoder and encoder.
  public var threads: Int

  /// Presets that x264 and x265 know.
  public static let presets = [
    "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow",
  ]

  /// Creates settings; the defaults suit masters.
  public init(
    codec: Codec = .h264,
    bitDepth: Int = 10,
    quality: Int = 14,
    preset: String = "medium",
    threads: Int = 1
  ) {
    precondition(bitDepth == 8 || bitDepth == 10, "8 or 10 bits are written")
    self.codec = codec
    self.bitDepth = bitDepth
    self.quality = quality
    self.preset = preset
    self.threads = threads
  }

  /// Whether this FFmpeg has the encoder.
  public var isAvailable: Bool { unsafe avcodec_find_encoder_by_name(codec.encoderName) != nil }
}
