import CTesseract
import Isolation
import VideoCore

/// Tesseract's engines; they live as long as the process.
@safe final class Tesseract: TextEngines {
  private let engines: [OpaquePointer]

  private init(_ engines: [OpaquePointer]) { unsafe self.engines = engines }

  static func open(
    languages: [[String]],
    dataFolder: String?
  ) -> Result<any TextEngines, TextEngineFailure> {
    var engines = unsafe [OpaquePointer]()
    for list in languages {
      var engine: OpaquePointer?
      var missing: Int32 = 0
      let status = unsafe withPointers(to: list) { names in
        if let dataFolder {
          unsafe ctesseract_open(dataFolder, names, Int32(list.count), &engine, &missing)
        } else {
          unsafe ctesseract_open(nil, names, Int32(list.count), &engine, &missing)
        }
      }
      guard Int(status) == CTESSERACT_OK, let opened = unsafe engine else {
        let language = list.indices.contains(Int(missing)) ? list[Int(missing)] : ""
        return .failure(TextEngineFailure(status: status, language: language))
      }
      unsafe engines.append(opened)
    }
    return unsafe .success(Tesseract(engines))
  }

  func read(_ plane: LumaPlane, engine: Int, mode: Int32, most: Int) -> [ReadSymbol]? {
    guard unsafe engines.indices.contains(engine) else { return nil }
    var symbols = [CTesseractSymbol](repeating: CTesseractSymbol(), count: max(1, most))
    let count = unsafe ctesseract_read(
      engines[engine],
      plane.pixels,
      Int32(plane.size.width),
      Int32(plane.size.height),
      mode,
      &symbols,
      Int32(symbols.count)
    )
    return count < 0 ? nil : symbols.prefix(Int(count)).map(Self.symbol)
  }

  private static func symbol(_ symbol: CTesseractSymbol) -> ReadSymbol {
    let text = unsafe withUnsafeBytes(of: symbol.text) { bytes in
      unsafe Array(bytes.prefix(Int(symbol.length)))
    }
    return ReadSymbol(
      text: String(decoding: text, as: UTF8.self),
      confidence: symbol.confidence,
      edges: (symbol.left, symbol.top, symbol.right, symbol.bottom),
      startsWord: symbol.starts_word != 0,
      startsLine: symbol.starts_line != 0
    )
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
