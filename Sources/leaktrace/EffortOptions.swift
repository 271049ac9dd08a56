public import ArgumentParser
public import Pipeline

extension Effort: EnumerableFlag {
  /// What the flag's help says.
  public static func help(for value: Effort) -> ArgumentHelp? {
    switch value {
    case .quick:
      """
      Only name the film and align it, at about half the cost or less: few seconds of a long leak are \
      looked at, ends are those of key frames, ads and marks are not looked for.
      """
    case .standard: "As much as accuracy needs; the default."
    case .thorough:
      "Compare with every second of every reference, and look for ads in all of a leak."
    }
  }
}

/// How much is spent on each leak.
struct EffortOptions: ParsableArguments {
  @Flag var efforts: [Effort] = []

  /// What was asked for; nil where nothing was.
  var effort: Effort? { efforts.first }

  func validate() throws {
    guard efforts.count <= 1 else {
      throw ValidationError("--quick, --standard and --thorough exclude each other.")
    }
  }

  /// Why what somebody asks for cannot be had of a quick look; nil where it can, or where none is taken.
  static func complaint(_ effort: Effort?, looksForAds: Bool, readsMarks: Bool) -> String? {
    guard effort == .quick else { return nil }
    if looksForAds { return "--quick looks for no ads." }
    return readsMarks ? "--quick reads no marks: those need every frame." : nil
  }
}
