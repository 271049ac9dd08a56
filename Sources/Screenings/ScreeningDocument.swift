/// A file of a laboratory's sources on screenings, told by its contents.
public enum ScreeningDocument: Sendable {
  /// A screening list.
  case table(ScreeningTable)
  /// A composition playlist.
  case composition(Composition)
  /// A facility list message.
  case facility(Facility)
  /// A playout log.
  case log(PlayoutLog)

  /// Largest file that is read, in bytes.
  public static let mostBytes = 1 << 30

  /// Reads a file; `progress` is told the fraction done and may throw to stop.
  ///
  /// - Throws: ``ScreeningsError`` with line and cause where nothing of the file can be used, or
  ///   what `progress` throws.
  public static func read(
    _ bytes: [UInt8],
    options: ScreeningTable.Options = .init(),
    progress: (Double) throws -> Void = { _ in }
  ) throws -> ScreeningDocument {
    guard isXML(bytes) else {
      return .table(try ScreeningTable.read(bytes, options: options, progress: progress))
    }
    let root = try XMLReader.read(bytes)
    switch root.name {
    case "CompositionPlaylist" where Composition.isNamespace(root.namespace):
      return .composition(try Composition(root))
    case "FacilityListMessage" where Facility.isNamespace(root.namespace):
      return .facility(try Facility(root))
    case "LogReport" where PlayoutLog.isNamespace(root.namespace):
      return .log(try PlayoutLog(root))
    case "DCinemaSecurityMessage":
      // The list of 2008 lies inside of a message for any purpose.
      if let list = root.descendants("FLMRequiredExtensions").first,
        Facility.isNamespace(list.namespace)
      {
        return .facility(try Facility(list))
      }
    default: break
    }
    let namespace = root.namespace.isEmpty ? "no namespace" : "the namespace \(root.namespace)"
    throw ScreeningsError(
      .unknownKind,
      line: root.line,
      "<\(root.name)> of \(TextRules.excerpt(namespace)) is neither a composition playlist "
        + "(ST 429-7), nor a facility list (ST 430-7), nor a playout log (ST 430-4)"
    )
  }

  private static func isXML(_ bytes: [UInt8]) -> Bool {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
    let first = bytes.dropFirst(start).first { !blanks.contains($0) }
    return first == UInt8(ascii: "<")
  }
}
