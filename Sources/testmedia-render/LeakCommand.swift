import ArgumentParser
import Foundation
import SyntheticMedia

/// Renders one leak of any film file.
struct LeakCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leak",
    abstract: "Record one film file with the simulated camcorder.",
    discussion: "The truth is written beside the leak, as <name>.truth.json."
  )

  @Option(help: "The film file.") var film: String
  @Option(help: "How bad the recording is: mild, typical or harsh.")
  var preset = "typical"
  @Option(help: "Seed; equal seeds give equal leaks.") var seed: UInt64 = 1
  @Option(help: "Which recording of that camera from that seat: another number, another hand.")
  var take: UInt64 = 0
  @Option(help: "Which sensor the camera has.") var sensor: UInt64 = 0
  @Option(help: "Deviation of the sensitivity of the sensor's pixels, in per cent.")
  var sensorPattern = 0.0
  @Option(help: "Frames that the camera drops, in per cent.") var dropped = 0.0
  @Option(help: "Kilobits a second; the preset's if not given.") var bitRate: Int?
  @Option(help: "Size of the leak, both sides even.") var size: PictureSize = .small
  @Option(help: "Seconds of film in the leak; 18 to 30 if not given.") var duration: Double?
  @Flag(help: "Leave out advertising.") var noAds = false
  @Option(help: "File to write; mp4, mkv or avi.") var output: String

  func validate() throws {
    guard CamcorderPreset(rawValue: preset) != nil else {
      throw ValidationError("--preset must be mild, typical or harsh.")
    }
    guard ["mp4", "mkv", "avi"].contains(URL(fileURLWithPath: output).pathExtension) else {
      throw ValidationError("--output must end in .mp4, .mkv or .avi.")
    }
    guard (0...20).contains(sensorPattern), (50...200_000).contains(bitRate ?? 50) else {
      throw ValidationError(
        "--sensor-pattern must be from 0 to 20 per cent, --bit-rate from 50 to 200000."
      )
    }
    guard (0...50).contains(dropped) else {
      throw ValidationError("--dropped must be from 0 to 50 per cent.")
    }
    if let duration, !(1...20_000 ~= duration) {
      throw ValidationError("--duration must be from 1 to 20000 seconds.")
    }
  }

  func run() async throws {
    let file = URL(fileURLWithPath: output)
    let name = URL(fileURLWithPath: film).deletingPathExtension().lastPathComponent
    let source = try FilmSource.probe(
      URL(fileURLWithPath: film),
      title: name,
      identifier: name,
      isInLibrary: true
    )
    var recipe = LeakRecipe.draw(
      identifier: file.deletingPathExtension().lastPathComponent,
      preset: CamcorderPreset(rawValue: preset) ?? .typical,
      seed: seed,
      film: source,
      size: size.frame,
      wishes: LeakRecipe.Wishes(
        container: file.pathExtension,
        advertising: noAds ? false : nil,
        length: duration
      )
    )
    recipe.record(take: take)
    recipe.parameters.sensor = sensor
    recipe.parameters.sensorPattern = sensorPattern / 100
    recipe.parameters.dropped = dropped / 100
    if let bitRate { recipe.encoder.bitRate = bitRate }
    let progress = ProgressLine(name: output, total: recipe.frameCount)
    try CamcorderSimulator(recipe: recipe, film: source).write(
      file: file,
      truth: file.deletingPathExtension().appendingPathExtension("truth.json"),
      progress: progress.update
    )
    progress.end()
  }
}
