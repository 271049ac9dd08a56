public import Foundation
public import Logging

/// How lines of the log are written.
public enum LogFormat: String, Sendable, CaseIterable {
  /// `key=value` pairs, for people and for most collectors of logs.
  case logfmt
  /// One JSON document a line.
  case json
}

/// Writes the log: one line for each event, in which nothing can be mistaken for another line.
///
/// Names and words of strangers stand in values alone, escaped; keys are ours.
public struct LineLogHandler: LogHandler {
  /// What is said with every line.
  public var metadata: Logger.Metadata = [:]
  /// Lesser lines are left out.
  public var logLevel: Logger.Level
  /// Where metadata come from besides.
  public var metadataProvider: Logger.MetadataProvider?

  private let format: LogFormat
  private let clock: @Sendable () -> Date
  private let write: @Sendable (String) -> Void

  /// Creates a handler; `write` is given each line without its end, from any thread.
  public init(
    _ format: LogFormat,
    level: Logger.Level = .info,
    clock: @escaping @Sendable () -> Date = { Date() },
    write: @escaping @Sendable (String) -> Void
  ) {
    (self.format, logLevel) = (format, level)
    (self.clock, self.write) = (clock, write)
  }

  /// What is said with every line, by key.
  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// Writes a line.
  public func log(event: LogEvent) {
    let time =
      clock().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true)) + "Z"
    var fields: [(String, JSONValue)] = [
      ("time", .text(time)), ("level", .text(event.level.rawValue)),
      ("event", .text("\(event.message)")),
    ]
    let all = metadata.merging(event.metadata ?? [:]) { $1 }
    fields += all.sorted { $0.key < $1.key }.map { ($0.key, Self.value($0.value)) }
    switch format {
    case .logfmt: write(fields.map { "\($0)=\(Self.text($1))" }.joined(separator: " "))
    case .json:
      let object = JSONValue.object(Dictionary(fields) { first, _ in first })
      if let line = try? JSONDocument.line(object) { write(line) }
    }
  }

  private static func value(_ value: Logger.Metadata.Value) -> JSONValue {
    switch value {
    case .string(let text): .text(text)
    case .stringConvertible(let number as Int): .integer(Int64(number))
    case .stringConvertible(let number as Int64): .integer(number)
    case .stringConvertible(let number as Double): .number(number.isFinite ? number : 0)
    case .stringConvertible(let other): .text("\(other)")
    case .array(let list): .list(list.map(Self.value))
    case .dictionary(let members): .object(members.mapValues(Self.value))
    }
  }

  /// A value of `key=value`: quoted where it holds anything but letters, digits and a few signs.
  private static func text(_ value: JSONValue) -> String {
    switch value {
    case .text(let text):
      let isPlain =
        !text.isEmpty
        && text.utf8.allSatisfy {
          ($0 >= 0x30 && $0 <= 0x39) || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A)
            || Array("-_.:/+".utf8).contains($0)
        }
      return isPlain ? text : quoted(text)
    case .integer(let number): return "\(number)"
    case .number(let number): return "\(number)"
    case .boolean(let flag): return "\(flag)"
    default: return quoted((try? JSONDocument.line(value)) ?? "")
    }
  }

  /// Text in double quotes as JSON writes it, but on one line and with nothing that steers a terminal.
  private static func quoted(_ text: String) -> String {
    (try? JSONDocument.line(JSONValue.text(text))) ?? "\"\""
  }
}
