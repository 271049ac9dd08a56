import ArgumentParser
import Pipeline

/// What is known about a release, as options of `reference add`.
struct MetadataOptions: ParsableArguments {
  @Option(help: "Name of the work; by default the file's name.")
  var title: TextArgument?

  @Option(help: "Another name of the work; may be given several times.")
  var alternativeName: [TextArgument] = []

  // Not --version, which prints the program's.
  @Option(help: "The cut, for example \"Director's cut\".")
  var versionName: TextArgument?

  @Option(help: "EIDR number, 10.5240/XXXX-XXXX-XXXX-XXXX-XXXX-C.")
  var eidr: TextArgument?

  @Option(help: "ISAN number.")
  var isan: TextArgument?

  @Option(help: "Shape of the picture, for example 2.39:1.")
  var aspectRatio: TextArgument?

  @Option(help: "Language of the sound, for example fr-CA.")
  var audioLanguage: TextArgument?

  @Option(help: "Language of burned-in subtitles.")
  var subtitleLanguage: TextArgument?

  @Option(help: "UUID of the composition playlist.")
  var cplID: TextArgument?

  @Option(help: "First public screening, YYYY-MM-DD.")
  var releaseDate: TextArgument?

  @Option(help: "Country or region the release was made for.")
  var territory: TextArgument?

  @Option(help: "Where the file came from, for example a delivery number.")
  var source: TextArgument?

  /// The fields that were given.
  var fields: MetadataFields {
    let given: [(MetadataField, TextArgument?)] = [
      (.title, title), (.version, versionName), (.eidr, eidr), (.isan, isan),
      (.aspectRatio, aspectRatio), (.audioLanguage, audioLanguage),
      (.subtitleLanguage, subtitleLanguage), (.cplID, cplID), (.releaseDate, releaseDate),
      (.territory, territory), (.source, source),
    ]
    var fields: MetadataFields = [:]
    for (field, value) in given { fields[field] = value?.text }
    if !alternativeName.isEmpty {
      fields[.alternativeNames] = alternativeName.map(\.text).joined(separator: "|")
    }
    return fields
  }
}
