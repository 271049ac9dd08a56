import ArgumentParser
import Casebook
import Pipeline

/// `leaktrace brand list`.
struct BrandListCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the brands.",
    discussion: """
      EXAMPLES
        leaktrace brand list
        leaktrace brand list --json

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try BrandStore(at: options.path, forWriting: false)
    let brands = try store.brands()
    if options.json {
      let report = BrandListReport(library: store.path, brands: brands)
      Console.shared.print(try JSONDocument.line(report))
      return .success
    }
    let width = brands.map(\.id.count).max() ?? 0
    for brand in brands {
      let blanks = String(repeating: " ", count: width - brand.id.count + 2)
      Console.shared.print(
        "\(brand.id)\(blanks)\(SafeText.of(brand.name)) (\(SafeText.of(brand.kind)))"
      )
    }
    return .success
  }
}

/// `leaktrace brand show`.
struct BrandShowCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show all that is known about brands.",
    discussion: """
      EXAMPLES
        leaktrace brand show casino-x
        leaktrace brand show --json "Casino X"

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Argument(help: ArgumentHelp("Identifiers or names of brands.", valueName: "brand"))
  var brands: [TextArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try BrandStore(at: options.path, forWriting: false)
    let found = try brands.map { try store.brand($0.text) }
    if options.json {
      let report = BrandListReport(library: store.path, brands: found)
      Console.shared.print(try JSONDocument.line(report))
      return .success
    }
    for (index, brand) in found.enumerated() {
      if index > 0 { Console.shared.print("") }
      for (name, value) in Self.rows(brand) {
        let blanks = String(repeating: " ", count: max(1, 16 - name.count))
        Console.shared.print(name + blanks + SafeText.of(value))
      }
    }
    return .success
  }

  private static func rows(_ brand: Brand) -> [(String, String)] {
    var rows = [
      ("brand", brand.id), ("name", brand.name), ("kind", brand.kind),
      ("added", ReportTime.text(brand.addedAt)),
    ]
    let lists = [
      ("text", brand.texts), ("domain", brand.domains), ("mirror", brand.mirrorPatterns),
      ("promo code", brand.promoCodes), ("promo pattern", brand.promoPatterns),
      ("logo", brand.logos.map { "\($0.name), \($0.width)x\($0.height)" }),
      ("creative", brand.creatives.map { "\($0.name), \(ReportNumber.clock($0.durationSeconds))" }),
      ("other", brand.extra.map { [$0] } ?? []),
    ]
    for (name, values) in lists { rows += values.map { (name, $0) } }
    return rows
  }
}

/// `leaktrace brand remove`.
struct BrandRemoveCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove",
    abstract: "Remove brands; what they were seen in becomes unknown again.",
    discussion: """
      Nothing is removed unless all the brands named are there.

      EXAMPLES
        leaktrace brand remove casino-x

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Argument(help: ArgumentHelp("Identifiers or names of brands.", valueName: "brand"))
  var brands: [TextArgument]

  func run(_ interruption: Interruption) throws -> ExitStatus {
    // Opened for reading first: a library that is not there is not created to remove from it.
    _ = try BrandStore(at: options.path, forWriting: false)
    let store = try BrandStore(at: options.path, forWriting: true)
    let removed = try store.remove(brands.map(\.text))
    if options.json {
      Console.shared.print(try JSONDocument.line(BrandRemoveReport(removed: removed)))
      return .success
    }
    for brand in removed { Console.shared.print("\(BrandText.summary(brand)): removed") }
    return .success
  }
}
