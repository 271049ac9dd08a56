import Foundation

/// Writes reports as JSON: one line, keys sorted, nothing in it that a terminal would act on.
public enum JSONDocument {
  /// The document without a line end.
  ///
  /// - Throws: an `EncodingError` where a number is not finite.
  public static func line(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return SafeText.ofJSON(String(decoding: try encoder.encode(value), as: UTF8.self))
  }

  /// The document with line ends and indentation, for files that people read, too.
  ///
  /// - Throws: an `EncodingError` where a number is not finite.
  public static func pretty(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    return SafeText.ofJSON(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}
