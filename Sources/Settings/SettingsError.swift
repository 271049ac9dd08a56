/// What is wrong with a configuration file, and where.
public struct SettingsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The line, counted from 1.
  public let line: Int
  /// The cause in words; it may quote the file as it is.
  public let message: String

  /// The line and the cause.
  public var description: String { "line \(line): \(message)" }
}
