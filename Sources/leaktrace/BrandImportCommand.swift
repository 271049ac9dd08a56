import ArgumentParser
import Casebook
import Foundation
import Pipeline

/// `leaktrace brand import`.
struct BrandImportCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Add the brands of a catalogue, all or none of them.",
    discussion: """
      The catalogue is a JSON file with logos beside it, as brand export writes it and docs/schema \
      describes it. Importing it again changes nothing. A brand that is there and says something \
      else is an error unless --replace is given.

      EXAMPLES
        leaktrace brand import brands.json
        leaktrace brand import --replace brands.json

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Flag(help: "Take the place of brands with the same identifiers.")
  var replace = false

  @Argument(
    help: ArgumentHelp("The catalogue.", valueName: "json"),
    completion: .file(extensions: ["json"])
  )
  var file: PathArgument

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let drafts = try BrandCatalogue.read(
      file.path,
      importer: BrandImporter(flag: interruption.flag),
      addedAt: Int64(Date().timeIntervalSince1970)
    )
    let store = try BrandStore(at: options.path, forWriting: true)
    do {
      try BrandText.print(try store.add(drafts, mayReplace: replace), json: options.json)
    } catch let error as PipelineError where error.kind == .usage {
      // The command line is fine; the file is not.
      throw PipelineError(.input, code: error.code, "\(SafeText.of(file.path)): \(error.message)")
    }
    return .success
  }
}

/// `leaktrace brand export`.
struct BrandExportCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write all brands into a catalogue, with logos and fingerprints of clips beside it.",
    discussion: """
      EXAMPLES
        leaktrace brand export catalogue/brands.json

      \(ExitStatus.help)
      """
  )

  @OptionGroup var options: LibraryOptions

  @Argument(
    help: ArgumentHelp("The file to write; what is there is replaced.", valueName: "json"),
    completion: .file(extensions: ["json"])
  )
  var file: PathArgument

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let store = try BrandStore(at: options.path, forWriting: false)
    let brands = try store.brands()
    let files = try BrandCatalogue.write(brands, to: file.path, from: store)
    if options.json {
      let report = BrandExportReport(path: file.path, brands: brands.count, files: files)
      Console.shared.print(try JSONDocument.line(report))
    } else {
      Console.shared.print(
        "\(SafeText.of(file.path)): \(brands.count) brands, \(files) files beside it"
      )
    }
    return .success
  }
}
