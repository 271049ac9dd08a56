import CTesseract
public import TextEngine
public import VideoCore

/// Why no text can be read.
public struct TextReadingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What went wrong, as a stable word; an open set.
  public struct Code: Sendable, Hashable, RawRepresentable {
    /// The word as it stands in reports.
    public var rawValue: String

    /// Creates a code from its word.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// The Tesseract library is not installed.
    public static let libraryMissing = Code(rawValue: "tesseract_missing")
    /// The installed Tesseract lacks functions that are needed.
    public static let libraryTooOld = Code(rawValue: "tesseract_too_old")
    /// The data of a language is not installed.
    public static let languageMissing = Code(rawValue: "tesseract_language_missing")
    /// Tesseract refused to start or to read.
    public static let failed = Code(rawValue: "tesseract_failed")
    /// The picture has no pixels or more than are read.
    public static let unfitPicture = Code(rawValue: "unfit_picture")
  }

  /// What went wrong.
  public var code: Code
  /// One sentence that ends in what to do.
  public var message: String

  /// Creates an error.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}

extension TextReadingError {
  /// Why an engine could not be opened.
  public init(_ failure: TesseractEngine.Failure) {
    let language = failure.language
    switch Int(failure.status) {
    case CTESSERACT_NO_LIBRARY:
      self.init(.libraryMissing, "text is not read without Tesseract; install libtesseract5")
    case CTESSERACT_OLD_LIBRARY:
      self.init(.libraryTooOld, "this Tesseract is too old; install libtesseract5 of 5.3")
    case CTESSERACT_NO_LANGUAGE:
      self.init(
        .languageMissing,
        "Tesseract has no data of the language \(language); install tesseract-ocr-\(language)"
      )
    default:
      self.init(.failed, "Tesseract does not start; reinstall its language data")
    }
  }

  /// An engine refused a picture that it should read.
  public static func unread(_ size: FrameSize) -> TextReadingError {
    TextReadingError(.failed, "Tesseract cannot read a picture of \(size)")
  }
}
