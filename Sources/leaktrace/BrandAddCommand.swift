import ArgumentParser
import Casebook
import Foundation
import Pipeline
import SystemPackage

/// `leaktrace brand add`.
struct BrandAddCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add a brand, by which its ads are recognised in leaks.",
    discussion: """
      Logos are PNG files, with transparency where the logo has it; clips are fingerprinted as \
      releases are, and not needed again. Patterns hold for a whole host name or code, whatever \
      the case of letters; of regular expressions they know characters, classes, groups, | and \
      repetitions. The same brand given again changes nothing; one that says something else is an \
      error unless --replace is given.

      EXAMPLES
        leaktrace brand add "Casino X" --kind casino --logo x.png --logo x-white.png
        leaktrace brand add "Casino X" --text "CASINO X" --domain casino-x.example \
      --mirror 'casino-?x[0-9]{0,3}\\.example' --promo 'CX[0-9]{2,4}' --promo-code KINOX
        leaktrace brand add "Casino X" --creative ad.mp4 --replace

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var words: BrandWordOptions

  @Option(
    help: ArgumentHelp("A logo, a PNG file; may be repeated.", valueName: "png"),
    completion: .file(extensions: ["png"])
  )
  var logo: [PathArgument] = []

  @Option(
    help: ArgumentHelp("A clip of its ads; may be repeated.", valueName: "clip"),
    completion: .file()
  )
  var creative: [PathArgument] = []

  @Flag(help: "Take the place of a brand with the same identifier.")
  var replace = false

  @Argument(help: ArgumentHelp("Name of the brand.", valueName: "name"))
  var name: TextArgument

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let now = Int64(Date().timeIntervalSince1970)
    var brand = Brand(
      id: words.id?.text ?? Brand.identifier(for: name.text),
      name: name.text,
      kind: words.kind?.text ?? Brand.defaultKind,
      addedAt: now
    )
    brand.texts = words.text.map(\.text)
    brand.domains = words.domain.map(\.text)
    brand.mirrorPatterns = words.mirror.map(\.text)
    brand.promoPatterns = words.promo.map(\.text)
    brand.promoCodes = words.promoCode.map(\.text)
    // Refused before clips are decoded, and before a library is created.
    do { brand = try brand.validated() } catch { throw PipelineError(error) }
    let importer = BrandImporter(flag: interruption.flag)
    let draft = try importer.draft(
      brand,
      logos: logo.map(\.path),
      creatives: creative.map(\.path)
    )
    let store = try BrandStore(at: options.path, forWriting: true)
    let results = try store.add([draft], mayReplace: replace)
    try BrandText.print(results, json: options.json)
    return .success
  }
}

/// Brands in words.
enum BrandText {
  /// Says what became of brands.
  static func print(
    _ results: [BrandResult],
    relabelled: Int? = nil,
    json: Bool
  ) throws {
    if json {
      let report = BrandAddReport(results, relabelledSightings: relabelled)
      return Console.shared.print(try JSONDocument.line(report))
    }
    for result in results {
      let words =
        switch result.outcome {
        case .added: "added"
        case .replaced: "changed"
        case .unchanged: "already there"
        }
      Console.shared.print("\(summary(result.brand)): \(words)")
    }
    if let relabelled {
      Console.shared.print("\(relabelled) \(relabelled == 1 ? "sighting" : "sightings") named")
    }
  }

  /// `id "Name"`.
  static func summary(_ brand: Brand) -> String { "\(brand.id) \"\(SafeText.of(brand.name))\"" }
}
