public import TextEngine
public import VideoCore

/// Reads the text of grey planes with Tesseract, which is loaded when the first reader is opened.
///
/// A reader is dear to open (some 100 ms) and is meant to be used many times, by one task. The text
/// of a plane does not depend on what was read before.
public struct TextReader {
  /// How the text is spread over the plane.
  public enum Layout: Sendable, Hashable, CaseIterable {
    /// One line of text and nothing else.
    case line
    /// One block of lines of similar height.
    case block
    /// Words anywhere in a picture.
    case sparse

    /// Tesseract's number of it.
    public var pageSegmentationMode: Int32 {
      switch self {
      case .line: 7
      case .block: 6
      case .sparse: 11
      }
    }
  }

  /// Most pixels of a plane: 2560x1440.
  ///
  /// Reading takes time and memory in proportion.
  public static let mostPixels = 2560 * 1440
  /// Most pixels of a row or column; Tesseract's own coordinates end at 32767.
  public static let longestSide = 16384

  private let engine: TesseractEngine

  /// Opens a reader.
  ///
  /// - Parameters:
  ///   - languages: Tesseract's names, such as `rus` and `eng`; where scripts tie, the first wins.
  ///   - dataFolder: The folder of the language files; nil for `TESSDATA_PREFIX` or the usual one.
  /// - Throws: ``TextReadingError`` that says what to install.
  public init(
    languages: [String] = ["rus", "eng"],
    dataFolder: String? = nil
  ) throws(TextReadingError) {
    // The names become parts of a path and of a list with plus signs.
    for name in languages where !Self.isLanguageName(name) {
      throw TextReadingError(.languageMissing, "'\(name)' is no name of a language of Tesseract")
    }
    guard !languages.isEmpty, languages.count <= 8 else {
      throw TextReadingError(.languageMissing, "ask for one to eight languages")
    }
    do throws(TesseractEngine.Failure) {
      engine = try TesseractEngine(languages: languages, dataFolder: dataFolder)
    } catch {
      throw TextReadingError(error)
    }
  }

  /// Reads a plane: lines in reading order with boxes in fractions of it.
  ///
  /// Dark text on a light ground is read fastest; Tesseract tries the opposite by itself where a
  /// line reads badly.
  ///
  /// - Throws: ``TextReadingError/Code/unfitPicture`` beyond ``mostPixels`` or ``longestSide``.
  public func read(
    _ plane: LumaPlane,
    layout: Layout
  ) throws(TextReadingError) -> [RecognizedLine] {
    try Self.check(plane.size)
    guard let symbols = engine.read(plane, mode: layout.pageSegmentationMode) else {
      throw TextReadingError.unread(plane.size)
    }
    return Self.lines(of: symbols, size: plane.size)
  }

  /// Refuses pictures that are not read.
  public static func check(_ size: FrameSize) throws(TextReadingError) {
    guard size.width > 0, size.height > 0, max(size.width, size.height) <= longestSide,
      size.area <= mostPixels
    else {
      throw TextReadingError(.unfitPicture, "a picture of \(size) is not read; reduce it first")
    }
  }

  /// The lines that an engine's symbols make up, of a picture of some size.
  public static func lines(of symbols: [TextSymbol], size: FrameSize) -> [RecognizedLine] {
    var lines: [RecognizedLine] = []
    for symbol in symbols {
      // A symbol is one character; white space and controls never are.
      let text = symbol.text.filter { !$0.isWhitespace && $0 >= " " }
      guard !text.isEmpty else { continue }
      let confidence = max(0, min(1, symbol.confidence / 100))
      let characters = text.map { RecognizedCharacter($0, confidence: confidence) }
      let box = box(of: symbol, size: size)
      if symbol.startsLine || lines.isEmpty { lines.append(RecognizedLine(words: [])) }
      let last = lines.count - 1
      if symbol.startsWord || lines[last].words.isEmpty {
        lines[last].words.append(RecognizedWord(characters: characters, box: box))
      } else {
        let word = lines[last].words.count - 1
        lines[last].words[word].characters += characters
        lines[last].words[word].box = lines[last].words[word].box.union(box)
      }
    }
    return lines
  }

  private static func box(of symbol: TextSymbol, size: FrameSize) -> TextBox {
    let (width, height) = (Float(size.width), Float(size.height))
    let left = max(0, min(width, Float(symbol.left)))
    let right = max(left, min(width, Float(symbol.right)))
    let top = max(0, min(height, Float(symbol.top)))
    let bottom = max(top, min(height, Float(symbol.bottom)))
    return TextBox(
      x: left / width,
      y: top / height,
      width: (right - left) / width,
      height: (bottom - top) / height
    )
  }

  private static func isLanguageName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 24
      && name.utf8.allSatisfy { byte in
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
          || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
      }
  }
}
