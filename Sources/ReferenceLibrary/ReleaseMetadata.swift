/// What is known about a release besides its picture; every field may be missing but the title.
///
/// Text is free where no standard rules it. Validation happens when a release is added or changed,
/// see ``validated()``.
public struct ReleaseMetadata: Sendable, Hashable, Codable {
  /// Name of the work; releases of the same name belong to the same ``Title``.
  public var title: String
  /// Other names of the work: translations, working titles, transliterations.
  public var alternativeNames: [String]
  /// Entertainment Identifier Registry number, `10.5240/XXXX-XXXX-XXXX-XXXX-XXXX-C`.
  public var eidr: String?
  /// International Standard Audiovisual Number, with or without the version part.
  public var isan: String?
  /// The cut, for example `Director's cut`.
  public var version: String?
  /// Shape of the picture as the distributor writes it, for example `2.39:1`.
  public var aspectRatio: String?
  /// Language of the sound, for example `fr-CA`.
  public var audioLanguage: String?
  /// Language of the burned-in subtitles.
  public var subtitleLanguage: String?
  /// UUID of the digital cinema package's composition playlist.
  public var cplID: String?
  /// First public screening of this release, `YYYY-MM-DD`.
  public var releaseDate: String?
  /// Country or region the release was made for.
  public var territory: String?
  /// Where the file came from, for example a delivery number.
  public var source: String?

  /// Creates metadata that knows the title and nothing else; set the rest by its property.
  public init(title: String) {
    self.title = title
    alternativeNames = []
  }
}

extension ReleaseMetadata {
  /// Creates metadata from a keyed document; missing keys are missing fields.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    title = try values.decode(String.self, forKey: .title)
    alternativeNames =
      try values.decodeIfPresent([String].self, forKey: .alternativeNames) ?? []
    eidr = try values.decodeIfPresent(String.self, forKey: .eidr)
    isan = try values.decodeIfPresent(String.self, forKey: .isan)
    version = try values.decodeIfPresent(String.self, forKey: .version)
    aspectRatio = try values.decodeIfPresent(String.self, forKey: .aspectRatio)
    audioLanguage = try values.decodeIfPresent(String.self, forKey: .audioLanguage)
    subtitleLanguage = try values.decodeIfPresent(String.self, forKey: .subtitleLanguage)
    cplID = try values.decodeIfPresent(String.self, forKey: .cplID)
    releaseDate = try values.decodeIfPresent(String.self, forKey: .releaseDate)
    territory = try values.decodeIfPresent(String.self, forKey: .territory)
    source = try values.decodeIfPresent(String.self, forKey: .source)
  }
}
