public import MediaIO
public import TextEngine
public import VideoCore

/// Engines that read text, in a confined process of their own.
///
/// Belongs to one thread at a time.
public final class TextWorker {
  private let process: WorkerProcess

  /// A picture is read without a sign of life, and takes seconds on a busy machine: so many times as
  /// long as of a decoder, silence is let be.
  private static let patience = 5.0

  /// Opens one engine for each list of languages; they are asked for by their place.
  ///
  /// - Parameters:
  ///   - languages: Tesseract's names of them.
  ///   - dataFolder: The folder of the language files; nil for the usual one.
  ///   - policy: How the process is kept in check.
  ///   - isCancelled: Asked while an answer is waited for.
  /// - Throws: ``TesseractEngine.Failure`` where the engines do not open, ``MediaError`` where the process
  ///   does not start.
  public init(
    languages: [[String]],
    dataFolder: String?,
    policy: IsolationPolicy = IsolationPolicy(),
    isCancelled: @escaping @Sendable () -> Bool
  ) throws {
    var policy = policy
    policy.stallSeconds *= Self.patience
    process = try WorkerProcess(
      .text,
      extra: [dataFolder ?? ""] + languages.map { $0.joined(separator: "+") },
      policy: policy,
      isCancelled: isCancelled
    )
    let (kind, body) = try process.receive()
    guard kind == .textOpened else { throw process.violation() }
    let (status, language) = try process.parse(body) { reader throws(WireError) in
      (try reader.integer(Int32.self), try reader.text())
    }
    guard status == 0 else { throw TesseractEngine.Failure(status: status, language: language) }
  }

  /// Reads a plane with one of the engines, in one of the engine's modes of segmentation.
  ///
  /// - Returns: The symbols in reading order; nil where the engine refuses.
  public func read(
    _ plane: LumaPlane,
    engine: Int,
    mode: Int32
  ) throws(MediaError) -> [TextSymbol]? {
    var message = WireWriter(.readText, capacity: plane.pixels.count + 32)
    message.put(UInt32(engine))
    message.put(mode)
    message.put(plane.size)
    message.put(raw: plane.pixels)
    try process.send(message)
    let (kind, body) = try process.receive()
    guard kind == .symbols else { throw process.violation() }
    return try process.parse(body) { reader throws(WireError) in
      try reader.optional { reader throws(WireError) in try reader.symbols() }
    }
  }
}

extension WireWriter {
  mutating func put(_ symbol: TextSymbol) {
    put(symbol.text)
    put(symbol.confidence)
    for edge in [symbol.left, symbol.top, symbol.right, symbol.bottom] { put(edge) }
    put(symbol.startsWord)
    put(symbol.startsLine)
  }
}

extension WireReader {
  /// The symbols of a page.
  package mutating func symbols() throws(WireError) -> [TextSymbol] {
    var symbols: [TextSymbol] = []
    for _ in 0..<(try count(upTo: TesseractEngine.mostSymbols)) { symbols.append(try symbol()) }
    return symbols
  }

  private mutating func symbol() throws(WireError) -> TextSymbol {
    let text = try text()
    let confidence = try float()
    guard text.utf8.count <= 64, confidence.isFinite else { throw WireError() }
    return TextSymbol(
      text: text,
      confidence: confidence,
      edges: (try integer(), try integer(), try integer(), try integer()),
      startsWord: try flag(),
      startsLine: try flag()
    )
  }
}
