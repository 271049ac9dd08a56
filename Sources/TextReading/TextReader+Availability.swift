import CTesseract

extension TextReader {
  /// What of Tesseract is installed.
  public struct Availability: Sendable, Hashable {
    /// Tesseract's version, such as `5.3.0`; nil where the library is missing or too old.
    public var version: String?
    /// The languages that were asked for and have no data.
    public var missingLanguages: [String]

    /// Whether text can be read.
    public var isComplete: Bool { version != nil && missingLanguages.isEmpty }
  }

  /// Looks for Tesseract and the data of `languages`, without opening a reader.
  public static func availability(
    languages: [String] = ["rus", "eng"],
    dataFolder: String? = nil
  ) -> Availability {
    let version = unsafe ctesseract_version().map { unsafe String(cString: $0) }
    let missing = languages.filter { name in
      let found =
        if let dataFolder {
          unsafe ctesseract_has_language(dataFolder, name)
        } else {
          unsafe ctesseract_has_language(nil, name)
        }
      return found == 0
    }
    return Availability(version: version, missingLanguages: missing)
  }
}
