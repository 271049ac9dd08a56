import ArgumentParser
import Foundation
import Marks
import MediaIO
import Pipeline
import SystemPackage

/// Names of encoders on the command line.
struct CodecArgument: ExpressibleByArgument {
  let codec: EncodingSettings.Codec

  init?(argument: String) {
    guard let codec = EncodingSettings.Codec(rawValue: argument) else { return nil }
    self.codec = codec
  }
}

/// `leaktrace mark embed`.
struct MarkEmbedCommand: LeakTraceCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Write a film anew with a mark in it, or as one of two variants.",
    discussion: """
      The picture is decoded, marked and encoded; all other streams are copied. The new film has \
      the times of the old one and 10 bits a sample, or 8 with dither. Detection needs the key and \
      the asset's name, and is best with the unmarked film in the library. The time is that of the \
      film's beginning, in steps of a quarter of an hour since the start of the year; it goes on \
      within the film. Quality is measured before encoding, so that it says what the mark does.

      --variant writes one of two masters that differ by a pattern: which of them each ten seconds \
      of a leak show is read by `leaktrace mark detect --variants`.

      EXAMPLES
        leaktrace mark embed --key lab.key --asset FILM --location 4711 --time 11600 \
      film.mov marked.mov
        leaktrace mark embed --key lab.key --asset FILM --location 4711 \
      --time 2026-05-01T20:00 --codec hevc --depth 8 film.mov marked.mp4
        leaktrace mark embed --key lab.key --asset FILM --variant A film.mov a.mov

      \(ExitStatus.help)
      """
  )

  @Option(help: ArgumentHelp("Key file, of `leaktrace mark key create`.", valueName: "file"))
  var key: PathArgument

  @Option(
    help: ArgumentHelp("Name of what is marked; detection needs the same.", valueName: "name")
  )
  var asset: TextArgument

  @Option(help: ArgumentHelp("Location or serial number.", valueName: "number"))
  var location: Int?

  @Option(
    help: ArgumentHelp(
      "Step of the beginning, or YYYY-MM-DDThh:mm in UTC, whose year is not kept.",
      valueName: "time"
    )
  )
  var time: TextArgument?

  @Option(
    help: ArgumentHelp("Write this variant in place of a mark: A or B.", valueName: "variant")
  )
  var variant: String?

  @OptionGroup var fields: MarkFieldOptions

  @Option(help: ArgumentHelp("Strength in per cent; 1 is strong.", valueName: "percent"))
  var strength = LFM1.usualStrength * 100

  @Option(help: ArgumentHelp("h264 (the default), hevc, prores or ffv1.", valueName: "codec"))
  var codec: CodecArgument?

  @Option(help: ArgumentHelp("Bits of a sample: 10, or 8 with dither.", valueName: "bits"))
  var depth = 10

  @Option(
    help: ArgumentHelp("Constant rate factor of h264 and hevc, 0 to 51.", valueName: "number")
  )
  var quality = 14

  @Option(help: ArgumentHelp("Preset of h264 and hevc.", valueName: "name"))
  var preset = "medium"

  @Option(help: ArgumentHelp("Threads of decoder and encoder.", valueName: "number"))
  var threads = 1

  @Flag(help: "Write over a file that is there.")
  var force = false

  @Flag(name: .long, help: "Print JSON, as documented in docs/schema.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Progress on standard error: auto (a bar on a terminal), bar, jsonl or none.",
      valueName: "style"
    )
  )
  var progress = ProgressStyle.auto

  @Argument(help: ArgumentHelp("Film.", valueName: "film"), completion: .file())
  var film: PathArgument

  @Argument(help: ArgumentHelp("File to write: .mov, .mp4 or .mkv.", valueName: "output"))
  var output: PathArgument

  func validate() throws {
    try fields.validate()
    try MarkAsset.validate(asset)
    _ = try content()
    guard LFM1.strengths.contains(strength / 100) else {
      throw ValidationError("--strength must be between 0.05 and 5 per cent.")
    }
    guard depth == 8 || depth == 10 else { throw ValidationError("--depth must be 8 or 10.") }
    guard codec?.codec != .prores || depth == 10 else {
      throw ValidationError("prores has 10 bits.")
    }
    guard (0...51).contains(quality) else {
      throw ValidationError("--quality must be between 0 and 51.")
    }
    guard EncodingSettings.presets.contains(preset) else {
      throw ValidationError(
        "--preset must be one of \(EncodingSettings.presets.joined(separator: ", "))."
      )
    }
    guard (1...64).contains(threads) else {
      throw ValidationError("--threads must be between 1 and 64.")
    }
    guard FilmRewriter.containers[output.path.extension?.lowercased() ?? ""] != nil else {
      throw ValidationError("the new film must be named .mov, .mp4 or .mkv.")
    }
  }

  private func content() throws -> MarkEmbedder.Content {
    if let variant {
      guard location == nil, time == nil else {
        throw ValidationError("--variant stands in place of --location and --time.")
      }
      guard let chosen = Variant(rawValue: variant.uppercased()) else {
        throw ValidationError("--variant must be A or B.")
      }
      return .variant(chosen)
    }
    guard let location, let time else {
      throw ValidationError("a mark needs --location and --time; --variant writes a variant.")
    }
    guard let step = MarkTime.step(time.text) else {
      throw ValidationError("--time must be a number of steps, or YYYY-MM-DDThh:mm in UTC.")
    }
    let payload = MarkPayload(location: location, time: step)
    let layout = fields.layout
    guard layout.contains(payload) else {
      throw ValidationError(
        "--location must be below \(layout.values(of: .location)) and --time below "
          + "\(layout.values(of: .time)); --location-bits and --time-bits make the fields wider."
      )
    }
    return .mark(payload, layout)
  }

  func run(_ interruption: Interruption) throws -> ExitStatus {
    let secret = try MarkKeyFile.load(key.path)
    guard force || !FileManager.default.fileExists(atPath: output.path.string) else {
      throw PipelineError(
        .usage,
        code: "output_exists",
        "there is a file \(SafeText.of(output.path)); --force writes over it"
      )
    }
    guard film.path.lexicallyNormalized() != output.path.lexicallyNormalized() else {
      throw PipelineError(.usage, code: "same_file", "a film cannot be written over itself")
    }
    if strength / 100 > LFM1.strongStrength {
      Console.shared.complain(
        "warning: marks of more than 1 % may be seen; --strength is \(strength) %"
      )
    }
    let settings = EncodingSettings(
      codec: codec?.codec ?? .h264,
      bitDepth: depth,
      quality: quality,
      preset: preset,
      threads: threads
    )
    guard settings.isAvailable else {
      throw PipelineError(
        .usage,
        code: "no_encoder",
        "this FFmpeg cannot encode \(settings.codec.rawValue); choose another --codec"
      )
    }
    let embedder = MarkEmbedder(
      key: secret,
      asset: asset.text,
      content: try content(),
      strength: strength / 100,
      settings: settings,
      flag: interruption.flag
    )
    let meter = ProgressMeter("marking", count: 1, style: progress)
    let report: MarkEmbedReport
    do {
      report = try embedder.embed(film.path, to: output.path) { meter.update(0, $0) }
    } catch {
      meter.end()
      if error.kind != .cancelled { Console.shared.complain(about: film.path, error) }
      return ExitStatus(error.kind)
    }
    meter.finish(0)
    meter.end()
    if json {
      Console.shared.print(try JSONDocument.line(report))
    } else {
      MarkText.lines(report).forEach(Console.shared.print)
    }
    for name in report.droppedStreams {
      Console.shared.complain("a stream of \(name) is left out: the new container cannot hold it")
    }
    guard !report.isTruncated else {
      Console.shared.complain("the film is cut short; what there is of it was marked")
      return .unreadableInput
    }
    return .success
  }
}
