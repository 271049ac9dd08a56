/// What was read from a screening list: a table with a header.
public struct ScreeningTable: Sendable {
  /// What is known beside the file.
  public struct Options: Sendable {
    /// IANA name of the zone of times that have none of their own.
    public var zone: String?
    /// Fields of columns, by header, where the header does not tell.
    public var columns: [(header: String, field: ScreeningField)] = []

    /// Creates options that say nothing.
    public init() {}
  }

  /// The screenings, and the rows that are refused.
  public let batch: ScreeningBatch
  /// The encoding that was found: `UTF-8` or `Windows-1251`.
  public let encoding: String
  /// Headers of columns that are not used.
  public let unusedColumns: [String]

  /// Reads a table; `progress` is told the fraction done and may throw to stop.
  ///
  /// - Throws: ``ScreeningsError`` where nothing of the file can be used, or what `progress` throws.
  public static func read(
    _ source: [UInt8],
    options: Options = Options(),
    progress: (Double) throws -> Void = { _ in }
  ) throws -> ScreeningTable {
    let text = try SourceText(source)
    var reader = try TableReader(text.bytes, options)
    try reader.readRows(progress)
    return ScreeningTable(
      batch: reader.batch,
      encoding: text.encoding.rawValue,
      unusedColumns: reader.map.unused
    )
  }
}
