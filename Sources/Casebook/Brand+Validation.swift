import Foundation

extension Brand {
  /// Most entries of one list of a brand.
  static let mostEntries = 1000
  /// Longest name, text or code, in Unicode scalars.
  static let longestText = 500
  /// Most bytes of what an imported catalogue says beyond the known fields.
  static let mostExtraBytes = 65_536

  /// The brand, if all of it is acceptable.
  ///
  /// - Throws: ``CasebookError/Code/invalidValue`` that names the field and the cause.
  public func validated() throws(CasebookError) -> Brand {
    guard Self.isValidID(id) else {
      throw Self.invalid(
        "the identifier \"\(id)\" may have small Latin letters, digits, '.', '_' and '-', at most "
          + "64, and begins with a letter or digit"
      )
    }
    try Self.check([name], "name")
    try Self.check([kind], "kind")
    try Self.check(texts, "text", mayHaveLines: true)
    try Self.check(promoCodes, "promo code")
    try Self.check(domains, "domain")
    for domain in domains where !Self.isValidDomain(domain) {
      throw Self.invalid("the domain \"\(domain)\" is not one, such as casino.example")
    }
    for (patterns, field) in [(mirrorPatterns, "mirror"), (promoPatterns, "promo")] {
      try Self.check(patterns, "\(field) pattern")
      for pattern in patterns { _ = try BoundedPattern(pattern) }
    }
    try checkFiles()
    guard (extra ?? "").utf8.count <= Self.mostExtraBytes else {
      throw Self.invalid("the other fields have more than \(Self.mostExtraBytes) bytes")
    }
    return self
  }

  private func checkFiles() throws(CasebookError) {
    try Self.check(logos.map(\.name), "logo")
    try Self.check(creatives.map(\.name), "creative")
    for logo in logos {
      guard Self.isValidRelativePath(logo.name) else {
        throw Self.invalid("the logo \"\(logo.name)\" is not a path below the catalogue's folder")
      }
      guard ContentDigest.isValid(logo.digest), logo.width > 0, logo.height > 0 else {
        throw Self.invalid("the logo \"\(logo.name)\" has no digest or no size")
      }
    }
    guard Set(logos.map(\.name)).count == logos.count else {
      throw Self.invalid("two logos have the same name")
    }
    for creative in creatives {
      guard ContentDigest.isValid(creative.digest), ContentDigest.isValid(creative.sourceDigest),
        creative.durationSeconds.isFinite, creative.durationSeconds >= 0
      else { throw Self.invalid("the creative \"\(creative.name)\" has no digest or no length") }
    }
  }

  private static func invalid(_ message: String) -> CasebookError {
    CasebookError(.invalidValue, message)
  }

  private static func check(
    _ values: [String],
    _ field: String,
    mayHaveLines: Bool = false
  ) throws(CasebookError) {
    guard values.count <= mostEntries else {
      throw invalid("there are more than \(mostEntries) entries of the field \(field)")
    }
    for value in values {
      guard !value.allSatisfy(\.isWhitespace) else { throw invalid("a \(field) is empty") }
      guard value.unicodeScalars.count <= longestText else {
        throw invalid("a \(field) is longer than \(longestText) characters")
      }
      let isBad = value.unicodeScalars.contains {
        $0.properties.generalCategory == .control && !(mayHaveLines && ($0 == "\n" || $0 == "\t"))
      }
      if isBad { throw invalid("the \(field) \"\(value)\" has control characters") }
    }
  }

  static func isValidID(_ id: String) -> Bool {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789".utf8)
    guard (1...64).contains(id.utf8.count), let first = id.utf8.first, letters.contains(first)
    else { return false }
    return id.utf8.allSatisfy { letters.contains($0) || Array("._-".utf8).contains($0) }
  }

  /// Whether `text` is a host name of two labels or more, in any script.
  static func isValidDomain(_ text: String) -> Bool {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard text.utf8.count <= 253, labels.count >= 2 else { return false }
    return labels.allSatisfy { label in
      !label.isEmpty && label.utf8.count <= 63 && !label.hasPrefix("-") && !label.hasSuffix("-")
        && label.unicodeScalars.allSatisfy {
          $0 == "-" || $0 == "_" || $0.properties.isAlphabetic
            || $0.properties.numericType == .decimal
        }
    }
  }

  /// Whether a path stays below the folder that it is relative to; no part of it is hidden.
  public static func isValidRelativePath(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !path.contains("\0") && path.utf8.count <= 500
      && parts.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && $0.utf8.count <= 200 }
  }
}
