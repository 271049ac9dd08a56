import Foundation

extension ReleaseMetadata {
  /// Longest text of one field in bytes of UTF-8.
  public static let maximumTextBytes = 1024
  /// Most alternative names of one release.
  public static let maximumAlternativeNames = 64

  /// The metadata in canonical spelling: blanks around text removed, empty fields made missing,
  /// text in Unicode normalisation form C, identifiers in their standard's letters.
  ///
  /// - Throws: ``LibraryError/Code/invalidMetadata``, naming the field and its value, for an empty
  ///   title, a wrong identifier or check character, control characters, or text that is too long.
  public func validated() throws(LibraryError) -> ReleaseMetadata {
    guard let title = try Self.text(title, field: "title") else {
      throw LibraryError(.invalidMetadata, "title: must not be empty")
    }
    var result = ReleaseMetadata(title: title)
    guard alternativeNames.count <= Self.maximumAlternativeNames else {
      throw LibraryError(
        .invalidMetadata,
        "alternative_names: \(alternativeNames.count) names are too many, "
          + "\(Self.maximumAlternativeNames) are allowed"
      )
    }
    for name in alternativeNames {
      guard let name = try Self.text(name, field: "alternative_names") else { continue }
      if !result.alternativeNames.contains(name) { result.alternativeNames.append(name) }
    }
    result.eidr = try Self.identifier(eidr, field: "eidr", ContentIdentifiers.eidr)
    result.isan = try Self.identifier(isan, field: "isan", ContentIdentifiers.isan)
    result.version = try Self.text(version, field: "version")
    result.aspectRatio = try Self.text(aspectRatio, field: "aspect_ratio")
    result.audioLanguage = try Self.text(audioLanguage, field: "audio_language")
    result.subtitleLanguage = try Self.text(subtitleLanguage, field: "subtitle_language")
    result.cplID = try Self.identifier(
      cplID,
      field: "cpl_id",
      ContentIdentifiers.compositionPlaylist
    )
    result.releaseDate = try Self.identifier(
      releaseDate,
      field: "release_date",
      ContentIdentifiers.date
    )
    result.territory = try Self.text(territory, field: "territory")
    result.source = try Self.text(source, field: "source")
    return result
  }

  /// The form of a name under which it is searched: case does not count.
  static func searchKey(_ name: String) -> String {
    name.precomposedStringWithCanonicalMapping.lowercased().precomposedStringWithCanonicalMapping
  }

  private static func text(_ value: String?, field: String) throws(LibraryError) -> String? {
    guard let value else { return nil }
    // Before anything walks over the text: a field may be a megabyte long.
    guard value.utf8.count <= maximumTextBytes else {
      throw LibraryError(
        .invalidMetadata,
        "\(field): \(PrintableText.quoted(value)) has \(value.utf8.count) bytes, "
          + "\(maximumTextBytes) are allowed"
      )
    }
    // A NUL would end the text inside SQLite, other control characters would end a report's line.
    let hasControls = value.unicodeScalars.contains { scalar in
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator: true
      default: false
      }
    }
    guard !hasControls else {
      throw LibraryError(
        .invalidMetadata,
        "\(field): \(PrintableText.quoted(value)) holds control characters"
      )
    }
    let trimmed = value.trimmingCharacters(in: .whitespaces)
    return trimmed.isEmpty ? nil : trimmed.precomposedStringWithCanonicalMapping
  }

  private static func identifier(
    _ value: String?,
    field: String,
    _ parse: (String) throws(ContentIdentifiers.Problem) -> String
  ) throws(LibraryError) -> String? {
    guard let value = try text(value, field: field) else { return nil }
    do {
      return try parse(value)
    } catch {
      throw LibraryError(
        .invalidMetadata,
        "\(field): \(PrintableText.quoted(value)): \(error.message)"
      )
    }
  }
}
