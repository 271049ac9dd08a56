import ArgumentParser
import Casebook
import Foundation
import Pipeline

/// `leaktrace brand candidates`.
struct BrandCandidatesCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "candidates",
    abstract: "List groups of ads that no brand is known for, those in most leaks first.",
    discussion: """
      Ads are put together by look, by text, and by the domains and promo codes that they share.

      EXAMPLES
        leaktrace brand candidates
        leaktrace brand candidates --json

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try BrandStore(at: options.path, forWriting: false)
    let groups = try store.candidates()
    if options.json {
      let report = BrandCandidatesReport(
        library: store.path,
        groups: groups,
        picturePath: store.casebook.picturePath
      )
      Console.shared.print(try JSONDocument.line(report))
      return .success
    }
    for group in groups {
      let leaks = "\(group.leakCount) \(group.leakCount == 1 ? "leak" : "leaks")"
      let ads = "\(group.sightings.count) \(group.sightings.count == 1 ? "ad" : "ads")"
      let days = "\(ReportTime.day(group.firstSeen)) to \(ReportTime.day(group.lastSeen))"
      Console.shared.print("\(group.id)  \(leaks), \(ads), \(days)")
      let rows = [
        ("text", group.texts.first), ("domain", group.domains.first),
        ("promo code", group.promoCodes.first),
        ("picture", group.pictureDigest.map(store.casebook.picturePath)),
      ]
      for case (let name, let value?) in rows {
        let line = String(value.prefix(100))
        Console.shared.print("  \(name): \(SafeText.of(line))")
      }
    }
    return .success
  }
}

/// `leaktrace brand accept`.
struct BrandAcceptCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Make a brand of a group of ads, or add the group to one, and name these ads.",
    discussion: """
      The brand takes the group's texts, domains, promo codes and picture, with what the options \
      add.

      EXAMPLES
        leaktrace brand accept c-0123456789ab --name "Casino Y" --kind casino
        leaktrace brand accept c-0123 --into casino-x

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions
  @OptionGroup var words: BrandWordOptions

  @Option(help: ArgumentHelp("Name of the new brand.", valueName: "name"))
  var name: TextArgument?

  @Option(
    help: ArgumentHelp("Identifier or name of a brand that is there.", valueName: "brand")
  )
  var into: TextArgument?

  @Argument(help: ArgumentHelp("The group, or the first letters of it.", valueName: "group"))
  var group: TextArgument

  func validate() throws {
    guard (name == nil) != (into == nil) else {
      throw ValidationError("Give --name for a new brand, or --into for one that is there.")
    }
    let lists = [words.text, words.domain, words.mirror, words.promo, words.promoCode]
    if into != nil, words.id != nil || words.kind != nil || lists.contains(where: { !$0.isEmpty }) {
      throw ValidationError("With --into the brand stays as it is but for the group's own words.")
    }
  }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    _ = try BrandStore(at: options.path, forWriting: false)
    let store = try BrandStore(at: options.path, forWriting: true)
    let target: AcceptedBrand
    if let into {
      target = .existing(into.text)
    } else {
      let name = name?.text ?? ""
      var brand = Brand(
        id: words.id?.text ?? Brand.identifier(for: name),
        name: name,
        kind: words.kind?.text ?? Brand.defaultKind
      )
      brand.texts = words.text.map(\.text)
      brand.domains = words.domain.map(\.text)
      brand.mirrorPatterns = words.mirror.map(\.text)
      brand.promoPatterns = words.promo.map(\.text)
      brand.promoCodes = words.promoCode.map(\.text)
      target = .new(brand)
    }
    let (result, count) = try store.accept(
      group.text,
      as: target,
      addedAt: Int64(Date().timeIntervalSince1970)
    )
    try BrandText.print([result], relabelled: count, json: options.json)
    return .success
  }
}
