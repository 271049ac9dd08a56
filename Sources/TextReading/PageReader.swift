public import VideoCore

/// Reads planes in two sets of languages; Tesseract in this process, or somewhere else.
///
/// Belongs to one task at a time.
public protocol PageReader: AnyObject {
  /// Reads a plane: lines in reading order with boxes in fractions of it.
  ///
  /// - Throws: ``TextReadingError/Code/unfitPicture`` beyond ``TextReader/mostPixels`` or
  ///   ``TextReader/longestSide``.
  func read(
    _ plane: LumaPlane,
    layout: TextReader.Layout,
    in alphabets: ReadingAlphabets
  ) throws -> [RecognizedLine]
}

/// The alphabets that a plane is read in.
public enum ReadingAlphabets: Sendable, Hashable, CaseIterable {
  /// Cyrillic and Latin.
  case both
  /// Latin alone, for which there are no look-alikes.
  case latin

  /// Tesseract's names of the languages.
  public var languages: [String] {
    switch self {
    case .both: ["rus", "eng"]
    case .latin: ["eng"]
    }
  }
}

/// Reads in this process.
public final class OwnPageReader: PageReader {
  private let both: TextReader
  private let latin: TextReader

  /// Opens the readers; `dataFolder` has the language files, nil for the usual one.
  ///
  /// - Throws: ``TextReadingError`` that says what to install.
  public init(dataFolder: String? = nil) throws(TextReadingError) {
    let both = try TextReader(
      languages: ReadingAlphabets.both.languages,
      dataFolder: dataFolder
    )
    let latin = try TextReader(
      languages: ReadingAlphabets.latin.languages,
      dataFolder: dataFolder
    )
    self.both = both
    self.latin = latin
  }

  /// Reads a plane with one of the two readers.
  public func read(
    _ plane: LumaPlane,
    layout: TextReader.Layout,
    in alphabets: ReadingAlphabets
  ) throws(TextReadingError) -> [RecognizedLine] {
    switch alphabets {
    case .both: try both.read(plane, layout: layout)
    case .latin: try latin.read(plane, layout: layout)
    }
  }
}
