import ReferenceLibrary

/// A field of what is known about a release; its raw value is the name in manifests and reports.
public enum MetadataField: String, Sendable, CaseIterable, Codable {
  /// Name of the work.
  case title
  /// Other names of the work, separated by `|` where they stand in one text.
  case alternativeNames = "alternative_names"
  /// The cut, for example `Director's cut`.
  case version
  /// EIDR number.
  case eidr
  /// ISAN number.
  case isan
  /// Shape of the picture, for example `2.39:1`.
  case aspectRatio = "aspect_ratio"
  /// Language of the sound.
  case audioLanguage = "audio_language"
  /// Language of burned-in subtitles.
  case subtitleLanguage = "subtitle_language"
  /// UUID of the composition playlist.
  case cplID = "cpl_id"
  /// First public screening, `YYYY-MM-DD`.
  case releaseDate = "release_date"
  /// Country or region.
  case territory
  /// Where the file came from.
  case source
}

/// What is known about a release, as it was typed.
public typealias MetadataFields = [MetadataField: String]

extension ReleaseMetadata {
  /// The fields as metadata; `fallbackTitle` where they have no title.
  init(_ fields: MetadataFields, fallbackTitle: String) {
    let title = fields[.title].flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    self.init(title: title ?? fallbackTitle)
    alternativeNames = (fields[.alternativeNames] ?? "").split(separator: "|").map(String.init)
    version = fields[.version]
    eidr = fields[.eidr]
    isan = fields[.isan]
    aspectRatio = fields[.aspectRatio]
    audioLanguage = fields[.audioLanguage]
    subtitleLanguage = fields[.subtitleLanguage]
    cplID = fields[.cplID]
    releaseDate = fields[.releaseDate]
    territory = fields[.territory]
    source = fields[.source]
  }
}
