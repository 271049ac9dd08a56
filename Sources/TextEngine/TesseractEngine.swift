import CTesseract
public import VideoCore

/// Tesseract, opened for some languages; the library is loaded when the first engine is opened.
///
/// Dear to open (some 100 ms) and meant to be used many times, by one task. What is read does not
/// depend on what was read before.
@safe public final class TesseractEngine {
  /// Why an engine cannot be opened, in Tesseract's own terms.
  public struct Failure: Error, Sendable, Hashable {
    /// A number of `CTesseract.h`.
    public var status: Int32
    /// The language that it is about.
    public var language: String

    /// Creates a failure.
    public init(status: Int32, language: String) {
      (self.status, self.language) = (status, language)
    }
  }

  /// Most characters that are taken from one plane.
  public static let mostSymbols = 4096

  private let engine: OpaquePointer
  private var symbols = [CTesseractSymbol](repeating: CTesseractSymbol(), count: mostSymbols)

  /// Opens an engine; `dataFolder` has the language files, nil for the usual one.
  public init(languages: [String], dataFolder: String?) throws(Failure) {
    var opened: OpaquePointer?
    var missing: Int32 = 0
    let status = unsafe Self.withPointers(to: languages) { names in
      if let dataFolder {
        unsafe ctesseract_open(dataFolder, names, Int32(languages.count), &opened, &missing)
      } else {
        unsafe ctesseract_open(nil, names, Int32(languages.count), &opened, &missing)
      }
    }
    guard Int(status) == CTESSERACT_OK, let found = unsafe opened else {
      let place = Int(missing)
      throw Failure(
        status: status,
        language: languages.indices.contains(place) ? languages[place] : ""
      )
    }
    unsafe engine = found
  }

  deinit { unsafe ctesseract_close(engine) }

  /// Reads a plane in one of Tesseract's modes of page segmentation.
  ///
  /// - Returns: The symbols in reading order, at most ``mostSymbols``; nil where Tesseract refuses.
  public func read(_ plane: LumaPlane, mode: Int32) -> [TextSymbol]? {
    let count = unsafe ctesseract_read(
      engine,
      plane.pixels,
      Int32(plane.size.width),
      Int32(plane.size.height),
      mode,
      &symbols,
      Int32(symbols.count)
    )
    return count < 0 ? nil : symbols.prefix(Int(count)).map(TextSymbol.init)
  }

  /// Calls `body` with the strings as a list of C strings that live until it returns.
  private static func withPointers<Result>(
    to strings: [String],
    _ body: ([UnsafePointer<CChar>?]) -> Result
  ) -> Result {
    func next(_ index: Int, _ pointers: [UnsafePointer<CChar>?]) -> Result {
      guard index < strings.count else { return unsafe body(pointers) }
      return unsafe strings[index].withCString { unsafe next(index + 1, pointers + [$0]) }
    }
    return unsafe next(0, [])
  }
}

extension TextSymbol {
  fileprivate init(_ symbol: CTesseractSymbol) {
    let bytes = unsafe withUnsafeBytes(of: symbol.text) { bytes in
      unsafe Array(bytes.prefix(Int(symbol.length)))
    }
    self.init(
      text: String(decoding: bytes, as: UTF8.self),
      confidence: symbol.confidence,
      edges: (symbol.left, symbol.top, symbol.right, symbol.bottom),
      startsWord: symbol.starts_word != 0,
      startsLine: symbol.starts_line != 0
    )
  }
}
