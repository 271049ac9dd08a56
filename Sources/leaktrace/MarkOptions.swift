import ArgumentParser
import Marks
import Pipeline

/// Options that embedding and detecting share.
struct MarkFieldOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp("Bits of the location, 1 to 24.", valueName: "bits")
  )
  var locationBits = 19

  @Option(
    name: .long,
    help: ArgumentHelp(
      "Bits of the time, 1 to 24; of 16 the 35,136 quarters of an hour of a leap year are used.",
      valueName: "bits"
    )
  )
  var timeBits = 16

  var layout: MarkLayout { MarkLayout(locationBits: locationBits, timeBits: timeBits) }

  func validate() throws {
    guard MarkLayout.widths.contains(locationBits), MarkLayout.widths.contains(timeBits) else {
      throw ValidationError("--location-bits and --time-bits must be between 1 and 24.")
    }
  }
}

/// Names of assets: any text, but some.
enum MarkAsset {
  static let longest = 256

  static func validate(_ asset: TextArgument?) throws {
    guard let asset else { return }
    guard (1...longest).contains(asset.text.utf8.count) else {
      throw ValidationError("--asset must have 1 to \(longest) bytes.")
    }
  }
}

/// Options of commands that read a mark on the way.
struct MarkKeyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("File of the key whose mark is read.", valueName: "file"),
    completion: .file()
  )
  var markKey: PathArgument?

  @Option(
    help: ArgumentHelp("Asset that was named when the mark was embedded.", valueName: "name")
  )
  var markAsset: TextArgument?

  func validate() throws {
    try MarkAsset.validate(markAsset)
    guard (markKey == nil) == (markAsset == nil) else {
      throw ValidationError("--mark-key and --mark-asset belong together.")
    }
  }
}
