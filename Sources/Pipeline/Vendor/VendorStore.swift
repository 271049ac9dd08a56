public import Casebook
import Foundation
public import Screenings
public import SystemPackage

/// The results of vendors' detectors that a library keeps.
public struct VendorStore: Sendable {
  private let casebook: Casebook

  /// The folder of the library.
  public var path: FilePath { casebook.folder }

  /// Opens the results of a library; for writing, a library that is missing is created.
  ///
  /// - Throws: ``PipelineError``.
  public init(at path: FilePath, forWriting: Bool) throws(PipelineError) {
    casebook = try BrandStore.translated {
      try Casebook.open(at: path, mode: forWriting ? .readWrite(createFolder: true) : .readOnly)
    }
  }

  /// All results, or those on one leak.
  public func results(
    ofLeak sha256: String? = nil
  ) throws(PipelineError) -> [RecordedVendorResult] {
    try BrandStore.translated { try casebook.vendorResults(ofLeak: sha256) }
  }

  /// Results by their identifiers.
  ///
  /// - Throws: ``PipelineError`` of kind ``PipelineError/Kind/usage`` where one is not there.
  public func results(ids: [String]) throws(PipelineError) -> [RecordedVendorResult] {
    try BrandStore.translated { try casebook.vendorResults(ids: ids) }
  }

  /// Removes results by their identifiers, all or none.
  public func remove(_ ids: [String]) throws(PipelineError) -> [RecordedVendorResult] {
    try BrandStore.translated { try casebook.removeVendorResults(ids) }
  }

  /// The SHA-256 that an argument names: itself, or that of a file.
  ///
  /// - Throws: ``PipelineError`` where it is neither.
  public static func leakDigest(
    _ path: FilePath,
    flag: CancellationFlag
  ) throws(PipelineError) -> String {
    let lower = path.string.lowercased()
    if ContentDigest.isValid(lower) { return lower }
    do {
      return try FileIdentity(of: path, flag: flag).sha256
    } catch {
      let cause = PipelineError(error)
      throw PipelineError(
        cause.kind == .cancelled ? .cancelled : .usage,
        code: cause.code,
        "\(SafeText.of(path)): neither a SHA-256 nor a file that can be read: \(cause.message)"
      )
    }
  }

  /// Imports a report, all that is right in it or nothing.
  ///
  /// The library is created where there is none, but not for a report of which nothing can be used.
  ///
  /// - Throws: ``PipelineError``; the library is as it was then.
  public static func importReport(
    _ path: FilePath,
    into library: FilePath,
    options: VendorReport.Options
  ) throws(PipelineError) -> VendorImportReport {
    do {
      let bytes = try InputFile.read(path, limit: VendorReport.mostBytes)
      let content = try VendorReport.read(bytes, options: options)
      var report = VendorImportReport(path)
      report.reportSHA256 = ContentDigest.of(bytes)
      report.unusedNames = content.unusedNames.isEmpty ? nil : content.unusedNames
      report.refused = content.refusals.map {
        ScreeningImportReport.Refusal(line: $0.line, message: SafeText.of($0.message))
      }
      guard !content.results.isEmpty else { return report }
      let source = RecordedVendorResult.Source(
        digest: ContentDigest.of(bytes),
        name: SafeText.bytes(of: FilePath(path.lastComponent.map { "\($0)" } ?? "")),
        importedAt: Int64(Date().timeIntervalSince1970)
      )
      let casebook = try Casebook.open(at: library, mode: .readWrite(createFolder: true))
      report.added = try casebook.add(content.results, from: source)
      report.unchanged = content.results.count - report.added + content.repeats
      report.ids = content.results.map(\.id)
      return report
    } catch {
      throw PipelineError(error)
    }
  }
}
