/// What was read from a report of a vendor's detector.
public struct VendorReport: Sendable {
  /// The results, in the order of the file, each once.
  public private(set) var results: [VendorResult] = []
  /// Results that are not imported.
  public private(set) var refusals: [ScreeningRefusal] = []
  /// Headers or keys that are not used.
  public private(set) var unusedNames: [String] = []
  /// Results that said once more what another one of the file says.
  public private(set) var repeats = 0

  /// What is known beside the file.
  public struct Options: Sendable {
    /// Vendor of results that name none.
    public var vendor: String?
    /// SHA-256 of the leak of results that name none.
    public var leakSHA256: String?
    /// IANA name of the zone of time stamps that have none of their own.
    public var zone: String?

    /// Creates options that say nothing.
    public init() {}
  }

  /// Largest report that is read, in bytes.
  public static let mostBytes = 64 << 20
  /// Most results of a report.
  public static let mostResults = 100_000

  /// Reads a report, CSV or JSON by its contents.
  ///
  /// - Throws: ``ScreeningsError`` with line and cause where nothing of the file can be used.
  public static func read(
    _ source: [UInt8],
    options: Options = Options()
  ) throws(ScreeningsError) -> VendorReport {
    let text = try SourceText(source)
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
    let first = text.bytes.first { !blanks.contains($0) }
    let isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    let entries =
      isJSON ? try VendorEntries(json: text.bytes) : try VendorEntries(table: text.bytes)
    guard entries.entries.count <= mostResults else {
      throw ScreeningsError(.tooMuch, "more than \(mostResults) results; split the file")
    }
    let reader = try VendorResultReader(options)
    var report = VendorReport()
    report.unusedNames = entries.unusedNames
    report.refusals = entries.refusals
    var known: Set<VendorResult> = []
    for entry in entries.entries {
      do throws(ValueFlaw) {
        let result = try reader.result(entry.values)
        if known.insert(result).inserted {
          report.results.append(result)
        } else {
          report.repeats += 1
        }
      } catch {
        report.refusals.append(ScreeningRefusal(line: entry.line, error.message))
      }
    }
    report.refusals.sort { $0.line < $1.line }
    return report
  }
}
