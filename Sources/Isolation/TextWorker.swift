public import MediaIO
public import VideoCore

/// One character that was read in a picture, as the engine gives it.
public struct ReadSymbol: Sendable, Hashable {
  /// The character.
  public var text: String
  /// 0...100.
  public var confidence: Float
  /// The left edge in pixels of the picture.
  public var left: Int32
  /// The upper edge.
  public var top: Int32
  /// The right edge.
  public var right: Int32
  /// The lower edge.
  public var bottom: Int32
  /// Whether it is the first of a word.
  public var startsWord: Bool
  /// Whether it is the first of a line.
  public var startsLine: Bool

  /// Creates a symbol.
  public init(
    text: String,
    confidence: Float,
    edges: (left: Int32, top: Int32, right: Int32, bottom: Int32),
    startsWord: Bool,
    startsLine: Bool
  ) {
    (self.text, self.confidence) = (text, confidence)
    (left, top, right, bottom) = edges
    (self.startsWord, self.startsLine) = (startsWord, startsLine)
  }
}

/// Why engines that read text could not be opened, in the engine's own numbers.
public struct TextEngineFailure: Error, Sendable, Hashable {
  /// The number.
  public var status: Int32
  /// The language that it is about.
  public var language: String

  /// Creates a failure.
  public init(status: Int32, language: String) { (self.status, self.language) = (status, language) }
}

/// Engines that read text, in a confined process of their own.
///
/// Belongs to one thread at a time.
public final class TextWorker {
  private let process: WorkerProcess

  /// Opens one engine for each list of languages; they are asked for by their place.
  ///
  /// - Parameters:
  ///   - languages: Tesseract's names of them.
  ///   - dataFolder: The folder of the language files; nil for the usual one.
  ///   - policy: How the process is kept in check.
  ///   - isCancelled: Asked while an answer is waited for.
  /// - Throws: ``TextEngineFailure`` where the engines do not open, ``MediaError`` where the process
  ///   does not start.
  public init(
    languages: [[String]],
    dataFolder: String?,
    policy: IsolationPolicy = IsolationPolicy(),
    isCancelled: @escaping @Sendable () -> Bool
  ) throws {
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
    guard status == 0 else { throw TextEngineFailure(status: status, language: language) }
  }

  /// Reads a plane with one of the engines, in one of the engine's modes of segmentation.
  ///
  /// - Returns: The symbols in reading order, at most `most`; nil where the engine refuses.
  public func read(
    _ plane: LumaPlane,
    engine: Int,
    mode: Int32,
    most: Int
  ) throws(MediaError) -> [ReadSymbol]? {
    var message = WireWriter(.readText, capacity: plane.pixels.count + 32)
    message.put(UInt32(engine))
    message.put(mode)
    message.put(UInt32(most))
    message.put(plane.size)
    message.put(raw: plane.pixels)
    try process.send(message)
    let (kind, body) = try process.receive()
    guard kind == .symbols else { throw process.violation() }
    return try process.parse(body) { reader throws(WireError) in
      try reader.optional { reader throws(WireError) in
        var symbols: [ReadSymbol] = []
        for _ in 0..<(try reader.count(upTo: most)) { symbols.append(try reader.symbol()) }
        return symbols
      }
    }
  }
}

extension WireWriter {
  mutating func put(_ symbol: ReadSymbol) {
    put(symbol.text)
    put(symbol.confidence)
    for edge in [symbol.left, symbol.top, symbol.right, symbol.bottom] { put(edge) }
    put(symbol.startsWord)
    put(symbol.startsLine)
  }
}

extension WireReader {
  fileprivate mutating func symbol() throws(WireError) -> ReadSymbol {
    let text = try text()
    let confidence = try float()
    guard text.utf8.count <= 64, confidence.isFinite else { throw WireError() }
    return ReadSymbol(
      text: text,
      confidence: confidence,
      edges: (try integer(), try integer(), try integer(), try integer()),
      startsWord: try flag(),
      startsLine: try flag()
    )
  }
}
