import Foundation
import ReferenceLibrary
import VideoCore

/// A release of the library as it stands in reports.
public struct ReferenceRecord: Sendable, Codable, Hashable {
  /// Identifier of the release.
  public var releaseID: String
  /// Name of the work.
  public var title: String
  /// Other names of the work.
  public var alternativeNames: [String]?
  /// The cut.
  public var version: String?
  /// EIDR number.
  public var eidr: String?
  /// ISAN number.
  public var isan: String?
  /// Shape of the picture as the distributor writes it.
  public var aspectRatio: String?
  /// Language of the sound.
  public var audioLanguage: String?
  /// Language of burned-in subtitles.
  public var subtitleLanguage: String?
  /// UUID of the composition playlist.
  public var cplID: String?
  /// First public screening, `YYYY-MM-DD`.
  public var releaseDate: String?
  /// Country or region.
  public var territory: String?
  /// Where the file came from.
  public var source: String?
  /// When it was added, UTC, `YYYY-MM-DDThh:mm:ssZ`.
  public var addedAt: String
  /// The file it was made from.
  public var file: File
  /// Size of the fingerprint in bytes.
  public var fingerprintBytes: Int64
  /// Size of the proxy in bytes.
  public var proxyBytes: Int64
  /// Number of the fingerprint algorithm.
  public var algorithm: UInt32

  private enum CodingKeys: String, CodingKey {
    case title, version, eidr, isan, territory, source, file, algorithm
    case releaseID = "release_id"
    case alternativeNames = "alternative_names"
    case aspectRatio = "aspect_ratio"
    case audioLanguage = "audio_language"
    case subtitleLanguage = "subtitle_language"
    case cplID = "cpl_id"
    case releaseDate = "release_date"
    case addedAt = "added_at"
    case fingerprintBytes = "fingerprint_bytes"
    case proxyBytes = "proxy_bytes"
  }

  /// A film's file as it was when it was added.
  public struct File: Sendable, Codable, Hashable {
    /// Name without its folder; bytes that are not UTF-8 stand as U+FFFD.
    public var name: String
    /// The exact bytes of a name that is not UTF-8.
    public var nameBase64: String?
    /// SHA-256 of the file.
    public var sha256: String
    /// Size in bytes.
    public var sizeBytes: Int64
    /// Running time of the picture in seconds.
    public var duration: Double
    /// Width of the stored picture, upright.
    public var width: Int
    /// Height of the stored picture, upright.
    public var height: Int
    /// Frames per second.
    public var frameRate: Double?
    /// Name of the picture's codec.
    public var videoCodec: String
    /// Name of the container format.
    public var container: String
    /// Left, top, width and height of the picture inside its black bars, in fractions.
    public var activeArea: [Double]

    private enum CodingKeys: String, CodingKey {
      case name, sha256, duration, width, height, container
      case nameBase64 = "name_base64"
      case sizeBytes = "size_bytes"
      case frameRate = "frame_rate"
      case videoCodec = "video_codec"
      case activeArea = "active_area"
    }
  }

  init(_ release: Release) {
    let metadata = release.metadata
    releaseID = release.id
    title = metadata.title
    alternativeNames = metadata.alternativeNames.isEmpty ? nil : metadata.alternativeNames
    version = metadata.version
    eidr = metadata.eidr
    isan = metadata.isan
    aspectRatio = metadata.aspectRatio
    audioLanguage = metadata.audioLanguage
    subtitleLanguage = metadata.subtitleLanguage
    cplID = metadata.cplID
    releaseDate = metadata.releaseDate
    territory = metadata.territory
    source = metadata.source
    addedAt = Date(timeIntervalSince1970: Double(release.addedAt)).formatted(.iso8601)
    file = File(release.media)
    fingerprintBytes = release.fingerprintBytes
    proxyBytes = release.proxyBytes
    algorithm = release.fingerprintAlgorithm
  }
}

extension ReferenceRecord.File {
  init(_ media: MediaDescription) {
    let text = PathText(media.originalFileName)
    name = text.text
    nameBase64 = text.base64
    sha256 = media.contentHash
    sizeBytes = media.sizeBytes
    duration = ReportNumber.seconds(media.durationSeconds)
    width = media.frameSize.width
    height = media.frameSize.height
    frameRate = media.frameRate.map { ReportNumber.seconds($0.value) }
    videoCodec = media.videoCodec
    container = media.container
    let area = media.activeArea
    activeArea = [area.x, area.y, area.width, area.height].map(ReportNumber.significant)
  }
}
